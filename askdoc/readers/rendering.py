"""What a format gives: the text as a reader sees it, its blocks, and the way back to the source."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from askdoc.bitext.units import Block
from askdoc.model import Language, Place, Warning_
from askdoc.readers.source_file import Source
from askdoc.text.offsets import OffsetMap
from askdoc.text.spans import Span


class ParsedText(Struct, frozen=True):
    """A running text as a format renders it."""

    text: str
    """The rendered text: what is indexed, matched, shown and quoted."""
    blocks: Sequence[Block]
    """In reading order; their spans are of ``text``."""
    origins: OffsetMap
    """From ``text`` to the source's cleaned text."""
    neutral: Sequence[Span] = ()
    """Spans of ``text`` that are in no language, ascending: code, formulas, addresses."""
    pages: Sequence[int] = ()
    """Offsets in ``text`` at which pages begin, where the format has them."""
    title: Mapping[Language, str] = {}
    """As the format's own data say, not a heading."""
    authors: tuple[str, ...] = ()
    date: str = ""
    warnings: tuple[Warning_, ...] = ()


class RenderedSource(Struct, frozen=True):
    """A source and its rendered text, whose places lead to the source as it was decoded."""

    source: Source
    parsed: ParsedText

    @property
    def text(self) -> str:
        """The rendered text."""
        return self.parsed.text

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source."""
        place = self.source.place(*self.parsed.origins.span(start, end))
        return replace(place, page=bisect_right(self.parsed.pages, start)) if self.parsed.pages else place


class Mark(NamedTuple):
    """A state of a rendering that it can be taken back to."""

    pieces: int
    length: int
    runs: int
    last_end: int
    neutral: int


class Rendering:
    """A rendered text in the making, with its map."""

    def __init__(self) -> None:
        self.length = 0
        self.neutral: list[Span] = []
        self._pieces: list[str] = []
        self._starts, self._origins, self._ends = array("q"), array("q"), array("q")
        self._copied = False
        """Whether the last run belongs to its origin character by character."""

    def copy(self, text: str, origin: int) -> None:
        """Append a text that stands at ``origin`` as it is."""
        if not text:
            return
        if self._copied and self._ends[-1] == origin:
            self._ends[-1] = origin + len(text)
            self._pieces.append(text)
            self.length += len(text)
        else:
            self.put(text, origin, origin + len(text))
            self._copied = True

    def put(self, text: str, origin: int, end: int) -> None:
        """Append a text that stands for ``origin`` to ``end``; both are the same for what the source does not have."""
        self._starts.append(self.length)
        self._origins.append(origin)
        self._ends.append(end)
        self._pieces.append(text)
        self.length += len(text)
        self._copied = False

    @property
    def last(self) -> str:
        """The last character, empty before the first."""
        return self._pieces[-1][-1:] if self._pieces else ""

    @property
    def origin(self) -> int:
        """The end of what was rendered last."""
        return self._ends[-1] if self._ends else 0

    def mark(self) -> Mark:
        """Return the present state."""
        return Mark(len(self._pieces), self.length, len(self._starts), self.origin, len(self.neutral))

    def back(self, mark: Mark) -> None:
        """Forget all since a mark."""
        del self._pieces[mark.pieces :], self.neutral[mark.neutral :]
        for column in (self._starts, self._origins, self._ends):
            del column[mark.runs :]
        if self._ends:
            self._ends[-1] = mark.last_end
        self.length = mark.length
        self._copied = False

    def part(self) -> None:
        """Part a block from what stands before it."""
        if self.length:
            self.put("\n\n", self.origin, self.origin)

    def shorten(self, count: int) -> None:
        """Forget the last characters."""
        after, self.length = self.length, self.length - count
        while count > 0:
            piece = self._pieces.pop()
            if len(piece) > count:
                self._pieces.append(piece[:-count])
            count -= len(piece)
        while self._starts and self._starts[-1] >= self.length:
            after = self._starts.pop()
            del self._origins[-1], self._ends[-1]
        if self._starts and self._ends[-1] - self._origins[-1] == after - self._starts[-1]:
            self._ends[-1] = self._origins[-1] + self.length - self._starts[-1]
        self._copied = False

    def since(self, mark: Mark) -> str:
        """Return the text since a mark."""
        return "".join(self._pieces[mark.pieces :])

    def finish(self) -> tuple[str, OffsetMap]:
        """Return the text and its map."""
        return "".join(self._pieces), OffsetMap(self.length, self._starts, self._origins, self._ends)
