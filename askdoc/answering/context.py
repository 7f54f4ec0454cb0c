"""What the stages of a question share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from askdoc.answering.version_cache import AnalyzedVersions
from askdoc.lexicon import Lexicon
from askdoc.limits import Limits
from askdoc.model import LANGUAGES
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Word
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.term_scores import TermScores

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.dense import Semantic

HEADING_WORDS: Final = 12
"""Content words of the longest question that may be a heading."""


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

    def in_headings(self, words: Iterable[Word]) -> set[int]:
        """Return the passages whose headings, the document's title included, hold all of some words in one language."""
        terms = {word.term for word in words}
        holders: set[int] = set()
        for field in (f"{language}_head" for language in LANGUAGES) if 0 < len(terms) <= HEADING_WORDS else ():
            postings = self.reader.postings(field, terms)
            if len(postings) == len(terms):
                lists = sorted((entry.passages for entry in postings.values()), key=len)
                holders |= set(map(int, lists[0])).intersection(*(map(int, numbers) for numbers in lists[1:]))
        return holders

    @cached_property
    def semantic(self) -> Semantic | None:
        """The sentence vectors, with an encoder; they may still be another encoder's."""
        if self.encoder is None:
            return None
        from askdoc.retrieval.dense import Semantic

        return Semantic(self.reader, self.encoder)
