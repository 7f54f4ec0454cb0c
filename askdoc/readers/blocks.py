"""What a reader of a format finds in a source: blocks with a kind, before languages are told apart."""

from __future__ import annotations

from dataclasses import dataclass

from askdoc.model import BlockKind


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a source's text: ``text[start:end]``, without blanks at its ends."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Heading level from 1 on; 0 for what is no heading."""
