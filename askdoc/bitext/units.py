"""What alignment works on: blocks as a reader finds them, pieces in one language, and rows of those that belong together."""

from __future__ import annotations

from collections.abc import Mapping

from askdoc.model import Alignment, BlockKind, Language, Warning_
from askdoc.shapes import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a source as its reader finds it, whatever languages it is in."""

    kind: BlockKind
    level: int
    """Heading level from 1 on; 0 for what is no heading."""
    start: int
    """In the source's cleaned text."""
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of one source in one language."""

    language: Language
    kind: BlockKind
    level: int
    """Heading level from 1 on; 0 for what is no heading."""
    text: str
    span: tuple[int, int]
    """In the source's cleaned text: ``text`` is that slice."""
    source: int = 0
    """0, or 1 for the second file of a pair."""


@dataclass(frozen=True, slots=True)
class Row:
    """What stands at one place, in one language or both."""

    kind: BlockKind
    level: int
    units: Mapping[Language, tuple[Unit, ...]]
    """The units of each language, one or more, neighbours in their source; a missing language has no counterpart."""
    confidence: float
    """Of the pairing, 0..1; 1 where the source says so itself, 0 where there is one side only."""
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Layout:
    """A source, or two, as rows in reading order."""

    title: Mapping[Language, str]
    rows: tuple[Row, ...]
    warnings: tuple[Warning_, ...] = ()
