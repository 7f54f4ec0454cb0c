"""What the stages of a question share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from askdoc.answering.version_cache import AnalyzedVersions
from askdoc.lexicon import Lexicon
from askdoc.limits import Limits
from askdoc.model import other
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Query
from askdoc.retrieval import Ranker
from askdoc.retrieval.candidates import Candidates, candidates
from askdoc.retrieval.cross_language import cross_lingual_scores
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.translations import translations
from askdoc.retrieval.weights import SEMANTIC_WEIGHTS, WEIGHTS
from askdoc.storage.vectors import Vector

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.sentence_vectors import Semantic

PREFILTER_FROM = 8192


class Context:
    """An open index with what its questions need. May be shared by threads."""

    def __init__(
        self,
        reader: Reader,
        ranker: Callable[[Reader], Ranker],
        views: PassageViews,
        limits: Limits,
        lexicon: Callable[[], Lexicon | None],
        encoder: Encoder | None,
    ) -> None:
        self.reader = reader
        self.ranker = ranker
        self.views = views
        self.limits = limits
        self.lexicon = lexicon
        self.encoder = encoder
        self.analyzed = AnalyzedVersions(reader)

    @cached_property
    def semantic(self) -> Semantic | None:
        """The sentence vectors, with an encoder; they may still be another encoder's."""
        if self.encoder is None:
            return None
        from askdoc.retrieval.sentence_vectors import Semantic

        return Semantic(self.reader, self.encoder)


def retrieve(context: Context, query: Query, within: frozenset[int] | None, everything: bool) -> Candidates:
    """Return the candidates among all passages or, in a large index, among prefiltered ones."""
    reader = context.reader
    if not query.words or not reader.size:
        return Candidates(Vector(), {}, {}, {}, {}, frozenset(), query.words)  # type: ignore[arg-type]
    dense = None
    if not everything and context.semantic is not None and context.semantic.able:
        from askdoc.retrieval.dense import dense_scores

        carried = " ".join(word.surface for word in query.words if word.surface not in query.text)
        dense = dense_scores(query, f"{query.text} {carried}".strip(), reader, context.semantic)
    weights = (SEMANTIC_WEIGHTS if dense else WEIGHTS)[query.language]
    lexicon = context.lexicon() if reader.field(other(query.language)).passages else None
    options = None if lexicon is None else translations(query, reader, lexicon)
    ranker = context.ranker(reader)
    if everything or reader.size < PREFILTER_FROM:
        cross_lingual = None if options is None else cross_lingual_scores(query, reader, options)
        return candidates(query, reader, ranker, weights, within, cross_lingual, dense)
    from askdoc.retrieval.index_subset import IndexSubset
    from askdoc.retrieval.prefilter import prefilter

    subset = IndexSubset(reader, prefilter(query, reader, weights, options, dense, within))
    cross_lingual = None if options is None else cross_lingual_scores(query, subset, options)
    near = None if dense is None else dense.of(subset)
    return candidates(query, subset, subset, weights, within, cross_lingual, near, subset)
