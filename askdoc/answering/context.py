"""What the stages of a question share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from askdoc.answering.version_cache import AnalyzedVersions
from askdoc.lexicon import Lexicon
from askdoc.limits import Limits
from askdoc.presentation.passage_views import PassageViews
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.term_scores import TermScores

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.dense import Semantic


class Context:
    """An open index with what its questions need. May be shared by threads."""

    def __init__(
        self,
        reader: Reader,
        term_scores: type[TermScores],
        views: PassageViews,
        limits: Limits,
        lexicon: Callable[[], Lexicon | None],
        encoder: Encoder | None,
    ) -> None:
        """Take the arguments of :class:`askdoc.index.Index`."""
        self.reader = reader
        self.term_scores = term_scores
        self.views = views
        self.limits = limits
        self.lexicon = lexicon
        self.encoder = encoder
        self.analyzed = AnalyzedVersions(reader)
        """The analyzed passages."""

    @cached_property
    def semantic(self) -> Semantic | None:
        """The sentence vectors, with an encoder; they may still be another encoder's."""
        if self.encoder is None:
            return None
        from askdoc.retrieval.dense import Semantic

        return Semantic(self.reader, self.encoder)
