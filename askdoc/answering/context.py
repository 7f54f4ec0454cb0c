"""What the stages of a question share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.lexicon import Lexicon
from askdoc.limits import Limits
from askdoc.model import LANGUAGES
from askdoc.question.query import Word
from askdoc.retrieval.term_scores import TermScores
from askdoc.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.dense import Semantic

HEADING_WORDS: Final = 12
"""Content words of the longest question that may be a heading."""


class Context(Struct, frozen=True):
    """A snapshot of an index with what a question to it needs."""

    snapshot: Snapshot
    term_scores: type[TermScores]
    limits: Limits
    lexicon: Callable[[], Lexicon | None]
    """Returns the dictionary, loaded for the first question that needs it; ``None`` where none is installed."""
    encoder: Encoder | None

    def in_headings(self, words: Iterable[Word]) -> set[int]:
        """Return the passages whose headings, the document's title included, hold all of some words in one language."""
        terms = {word.term for word in words}
        holders: set[int] = set()
        for field in (f"{language}_head" for language in LANGUAGES) if 0 < len(terms) <= HEADING_WORDS else ():
            postings = self.snapshot.postings(field, terms)
            if len(postings) == len(terms):
                lists = sorted((entry.passages for entry in postings.values()), key=len)
                holders |= set(map(int, lists[0])).intersection(*(map(int, numbers) for numbers in lists[1:]))
        return holders

    @property
    def semantic(self) -> Semantic | None:
        """The sentence vectors; ``None`` where there is no encoder or some passage has none of it."""
        if self.encoder is None or self.snapshot.encoder != self.encoder.name:
            return None
        from askdoc.retrieval.dense import Semantic

        return Semantic(self.snapshot, self.encoder)
