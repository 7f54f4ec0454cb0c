"""What alignment works on: blocks as a reader finds them, pieces in one language, and rows of those that belong together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from askdoc.model import Alignment, BlockKind, Language


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
