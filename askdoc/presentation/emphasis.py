"""Text as Markdown that shows it unchanged, with spans of it bold; and the way back.

CommonMark does not take every ``**`` for bold: ``**…。**`` before a Chinese character is none, because the full stop is
punctuation and no blank follows. Leaving the full stop out of the span would not be an exact quote, and many renderers
turn HTML off. So where ``**`` would fail, the character beside it, outside the span, is written as a numeric reference
(``**…。**&#20004;台``): the reference begins and ends with punctuation, and shows as the same character everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from askdoc.text.cleaning import display

Span = tuple[int, int]
"""A start and an end in a text."""

_SPECIAL: Final = frozenset("\\`*_{}[]<>#|~&")
_START: Final = re.compile(r"^[^\S\n]*(?:\d+(?=[.)]))?([-+=.)])", re.MULTILINE)
"""What would begin a list or underline a heading."""
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_ASCII_SYMBOLS: Final = frozenset("$+<=>^`|~")
_WRITTEN: Final = re.compile(r"\\([\\`*_{}\[\]<>#|~&+\-=.)])|&#(\d{1,7});|\*\*")


def plain(text: str) -> str:
    """Escape text so that Markdown shows it unchanged."""
    return strong(text, ())


def strong(text: str, spans: Iterable[Span]) -> str:
    """Escape text so that Markdown shows it unchanged, with these spans bold.

    Spans ascend and do not overlap. Exactly their text is bold, without blanks at the ends; a span across a blank line
    is bold in each of its paragraphs.
    """
    text, spans = _displayed(text, spans)
    stretches = _stretches(text, spans)
    escaped = {match.start(1) for match in _START.finditer(text)}
    dropped = set(_indents(text))
    starts, ends = {start for start, _ in stretches}, {end for _, end in stretches}
    referred = {start - 1 for start in starts if not _opens(text, start)}
    referred |= {end for end in ends if not _closes(text, end)}
    out: list[str] = []
    for index, char in enumerate(text):
        if index in ends:
            out.append("**")
        if index in starts:
            out.append("**")
        if index in dropped:
            continue
        if index in referred:
            out.append(f"&#{ord(char)};")
        elif index in escaped or char in _SPECIAL:
            out.append("\\" + char)
        else:
            out.append(char)
    if len(text) in ends:
        out.append("**")
    return "".join(out)


def heading(text: str) -> str:
    """Return text as one bold line."""
    line = " ".join(text.split())
    return strong(line, [(0, len(line))])


def shown(markdown: str) -> str:
    """Return the text that Markdown of :func:`strong` shows; older Markdown without references too."""

    def read(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        return chr(min(int(match[2]), 0x10FFFF)) if match[2] else ""

    return _WRITTEN.sub(read, markdown)


def _displayed(text: str, spans: Iterable[Span]) -> tuple[str, list[Span]]:
    """Return the text made safe for display, and its spans moved accordingly."""
    pieces: list[str] = []
    moved: list[Span] = []
    length = last = 0
    for start, end in spans:
        before, inner = display(text[last:start]), display(text[start:end])
        pieces += [before, inner]
        moved.append((length + len(before), length + len(before) + len(inner)))
        length, last = moved[-1][1], end
    return "".join([*pieces, display(text[last:])]), moved


def _stretches(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans to set in bold: adjacent ones joined, cut at blank lines, without blanks at their ends."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    stretches: list[Span] = []
    for start, end in joined:
        first = start
        cuts = [match.span() for match in _BLANK_LINE.finditer(text, start, end)]
        for low, high in (*cuts, (end, end)):
            piece = text[first:low]
            begin = first + len(piece) - len(piece.lstrip())
            if piece.strip():
                stretches.append((begin, begin + len(piece.strip())))
            first = high
    return stretches


def _indents(text: str) -> Iterator[int]:
    """Yield the positions of blanks at the start of paragraphs: four of them would make it code."""
    start = 0
    first = True
    for line in text.split("\n"):
        body = line.lstrip(" \t")
        if first:
            yield from range(start, start + len(line) - len(body))
        first = not body.strip()
        start += len(line) + 1


def _opens(text: str, start: int) -> bool:
    """Tell whether ``**`` before ``start`` opens bold there."""
    return start == 0 or not _perhaps_punctuation(text[start]) or _apart(text[start - 1])


def _closes(text: str, end: int) -> bool:
    """Tell whether ``**`` before ``end`` closes bold there."""
    return end == len(text) or not _perhaps_punctuation(text[end - 1]) or _apart(text[end])


def _perhaps_punctuation(char: str) -> bool:
    """Tell whether some renderer takes a character for punctuation; before CommonMark 0.31 symbols were none."""
    return unicodedata.category(char)[0] in "PS"


def _apart(char: str) -> bool:
    """Tell whether every renderer takes a character for punctuation or a blank."""
    category = unicodedata.category(char)
    return category[0] == "P" or category == "Zs" or char in _ASCII_SYMBOLS or char in "\t\n"
