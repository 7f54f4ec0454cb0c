"""Text in Markdown: shown as it is, with stretches of it bold; and the way back.

CommonMark takes ``**`` for bold only where it stands right: ``**…。**`` before a Chinese character is none, because the
full stop is punctuation and no blank follows. Shutting the full stop out of the stretch would be no exact quote, and HTML
is off in many renderers. So where ``**`` would fail, the character beside it, which is outside of the stretch, is written as
a numeric reference (``**…。**&#20004;台``), as other writers of Markdown do it: the reference begins and ends with
punctuation, and shows as the same character everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from askdoc.text.cleaning import display

Span = tuple[int, int]
"""The start and the end of a stretch."""

_SPECIAL: Final = frozenset("\\`*_{}[]<>#|~&")
_START: Final = re.compile(r"^[^\S\n]*(?:\d+(?=[.)]))?([-+=.)])", re.MULTILINE)
"""What would begin a list or underline a heading."""
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_ASCII_SYMBOLS: Final = frozenset("$+<=>^`|~")
_WRITTEN: Final = re.compile(r"\\([\\`*_{}\[\]<>#|~&+\-=.)])|&#(\d{1,7});|\*\*")


def plain(text: str) -> str:
    """Text that shows as it is in Markdown."""
    return strong(text, ())


def strong(text: str, spans: Iterable[Span]) -> str:
    """Text that shows as it is in Markdown, these stretches of it bold.

    Stretches ascend and do not overlap. Exactly what they hold is bold, but for blanks at their ends; one that goes over a
    blank line is bold in each of its paragraphs.
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
    """A line of its own, bold."""
    line = " ".join(text.split())
    return strong(line, [(0, len(line))])


def shown(markdown: str) -> str:
    """The text that Markdown of :func:`strong` shows; also of versions that wrote bold without references."""

    def read(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        return chr(min(int(match[2]), 0x10FFFF)) if match[2] else ""

    return _WRITTEN.sub(read, markdown)


def _displayed(text: str, spans: Iterable[Span]) -> tuple[str, list[Span]]:
    """The text as it may be displayed, piece by piece, with its stretches."""
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
    """The stretches that are set in bold: neighbours joined, cut at blank lines, without blanks at their ends."""
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
    """The blanks at the start of each paragraph: four of them would make it code."""
    start = 0
    first = True
    for line in text.split("\n"):
        body = line.lstrip(" \t")
        if first:
            yield from range(start, start + len(line) - len(body))
        first = not body.strip()
        start += len(line) + 1


def _opens(text: str, start: int) -> bool:
    """Whether ``**`` before ``start`` begins bold there."""
    return start == 0 or not _perhaps_punctuation(text[start]) or _apart(text[start - 1])


def _closes(text: str, end: int) -> bool:
    """Whether ``**`` before ``end`` ends bold there."""
    return end == len(text) or not _perhaps_punctuation(text[end - 1]) or _apart(text[end])


def _perhaps_punctuation(char: str) -> bool:
    """Whether a renderer may take a character for punctuation: until CommonMark 0.31 symbols were none."""
    return unicodedata.category(char)[0] in "PS"


def _apart(char: str) -> bool:
    """Whether every renderer takes a character for punctuation or a blank."""
    category = unicodedata.category(char)
    return category[0] == "P" or category == "Zs" or char in _ASCII_SYMBOLS or char in "\t\n"
