"""The lines of a text, with what tells paragraphs, lists and headings of plain text apart."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from askdoc.bitext.pieces import LIST_ITEM
from askdoc.text.han import HAN, HAN_RUN, LATIN_WORD
from askdoc.text.spans import line_spans, trimmed
from askdoc.text.wrap import width

_RULE: Final = re.compile(r"[-=_*~·.#+—─━═\s]+")
_TERMINAL: Final = frozenset(".。!！?？;；…｡")
_CLOSERS: Final = "\"'”’»」』）)]】》〉 "


class Line(Struct, frozen=True):
    """A line that is not blank."""

    number: int
    """Counting all lines, from 0."""
    start: int
    """Of its first character that is no blank."""
    end: int
    indent: int
    """Blanks before it, in columns."""
    text: str
    width: int
    """Columns of its text on a screen."""
    script: str
    """``"en"``, ``"zh"``, ``"both"``, or ``""`` where there are no letters."""
    gap: bool
    """Whether blank lines stand before it."""
    listed: bool
    """Whether it begins like an item of a list."""

    @property
    def ended(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.text.rstrip(_CLOSERS)[-1:] in _TERMINAL

    @property
    def rule(self) -> bool:
        """Whether it is a horizontal rule or an underline."""
        return len(self.text) >= 3 and bool(_RULE.fullmatch(self.text)) and len(set(self.text.replace(" ", ""))) <= 2


def lines(text: str) -> list[Line]:
    """Return the lines of a text that are not blank."""
    written: list[Line] = []
    gap = True
    for number, (first, last) in enumerate(line_spans(text)):
        start, end = trimmed(text, first, last)
        if start < end:
            piece = text[start:end]
            indent = width(text[first:start].replace("\t", "    "))
            listed = bool(LIST_ITEM.match(piece))
            written.append(Line(number, start, end, indent, piece, width(piece), _script(piece), gap, listed))
        gap = start == end
    return written


def _script(text: str) -> str:
    han = HAN.search(text)
    latin = LATIN_WORD.search(text)
    if not han:
        return "en" if latin else ""
    if not latin:
        return "zh"
    count = len(LATIN_WORD.findall(text))
    chinese = sum(map(len, HAN_RUN.findall(text)))
    if chinese > 2 * count:
        # Names in Chinese; a line that also begins and goes on in English for long holds both.
        return "both" if len(LATIN_WORD.findall(text[: han.start()])) >= 3 or count >= 12 else "zh"
    return "both" if chinese >= 2 and count >= 2 else "en" if chinese < count else "zh"
