"""What alignment works on: blocks as a reader finds them, pieces in one language, and rows of those that belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from askdoc.model import Alignment, BlockKind, Language

_MARK: Final = "\ufffc"


class Block(Struct, frozen=True):
    """A piece of a source as its reader finds it, whatever languages it is in."""

    kind: BlockKind
    level: int
    """Heading level from 1 on; 0 for what is no heading."""
    start: int
    """In the rendered text."""
    end: int
    parts: tuple[tuple[int, int], ...] = ()
    """The spans of a list's items or a table's rows, where the format tells them."""


class Unit(Struct, frozen=True):
    """A piece of one source in one language."""

    language: Language
    kind: BlockKind
    level: int
    """Heading level from 1 on; 0 for what is no heading."""
    text: str
    span: tuple[int, int]
    """In the rendered text: ``text`` is that slice."""
    source: int = 0
    """0, or 1 for the second file of a pair."""
    neutral: bool = False
    """Whether it is in no language, such as code or a formula; its language is then that of what stands before it."""


class Text(Struct, frozen=True):
    """A source's rendered text with its blocks."""

    shown: str
    letters: str
    """The same text with a mark for each character of code, formulas and addresses: what its languages are told from."""
    blocks: Sequence[Block]


def text_of(shown: str, blocks: Sequence[Block], neutral: Sequence[tuple[int, int]] = ()) -> Text:
    """Return a text whose ``neutral`` spans, ascending, are in no language."""
    if not neutral:
        return Text(shown, shown, blocks)
    pieces: list[str] = []
    after = 0
    for start, end in neutral:
        pieces += (shown[after:start], _MARK * (end - max(start, after)))
        after = max(after, end)
    return Text(shown, "".join((*pieces, shown[after:])), blocks)


class Row(Struct, frozen=True):
    """What stands at one place, in one language or both."""

    kind: BlockKind
    level: int
    units: Mapping[Language, tuple[Unit, ...]]
    """The units of each language, one or more, neighbours in their source; a missing language has no counterpart."""
    confidence: float
    """Of the pairing, 0..1; 1 where the source says so itself, 0 where there is one side only."""
    alignment: Alignment


class Layout(Struct, frozen=True):
    """A source, or two, as rows in reading order."""

    title: Mapping[Language, str]
    rows: tuple[Row, ...]
