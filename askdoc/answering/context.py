"""What the stages of a question share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from askdoc.lexicon import Lexicon
from askdoc.limits import Limits
from askdoc.retrieval.term_scores import TermScores
from askdoc.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.dense import Semantic


class Context(Struct, frozen=True):
    """A snapshot of an index with what a question to it needs."""

    snapshot: Snapshot
    term_scores: type[TermScores]
    limits: Limits
    lexicon: Callable[[], Lexicon | None]
    """Returns the dictionary, loaded for the first question that needs it; ``None`` where none is installed."""
    encoder: Encoder | None

    @property
    def semantic(self) -> Semantic | None:
        """The sentence vectors; ``None`` where there is no encoder or some passage has none of it."""
        if self.encoder is None or self.snapshot.encoder != self.encoder.name:
            return None
        from askdoc.retrieval.dense import Semantic

        return Semantic(self.snapshot, self.encoder)
