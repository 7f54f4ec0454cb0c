"""Headings of plain text, told by their shape and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from askdoc.text import HAN, HAN_RUN

LONGEST: Final = 90
"""Columns of a heading at most."""

_NUMBERED: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})[.、．]?[ \t\u3000]*(?=[^\W\d])")
_CHAPTER: Final = re.compile(
    r"(?:chapter|part|appendix)[ \t]+(?:\d{1,3}|[ivxlc]{1,6}|[a-z])\b"
    r"|第[一二三四五六七八九十百零\d]{1,6}[章编部篇回卷]",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(r"(?:section|§)[ \t]*\d|第[一二三四五六七八九十百零\d]{1,6}[节條条款]", re.IGNORECASE)
_ENDING: Final = re.compile("[.。!！;；,，、:：…—-][\"'”’」』）)]*$")
_MARKER: Final = re.compile(r"[-*+•‣·|>]|\(?[a-z][.)][ \t]")


def shape(text: str) -> int:
    """0 where a text cannot be a heading, 1 where it could, 2 where it says so ("Chapter 3", "1.2 Methods", 第三章)."""
    if "\n" in text or "\r" in text or len(text) > LONGEST:
        return 0
    if len(text) + sum(len(run) for run in HAN_RUN.findall(text)) > LONGEST:
        return 0
    if not any(char.isalpha() for char in text) or _MARKER.match(text):
        return 0
    if _ENDING.search(text):
        return 0
    explicit = _CHAPTER.match(text) or _SECTION.match(text)
    if explicit or (_NUMBERED.match(text) and not _measure(text)):
        return 2
    if text[-1] in "??" and not HAN.search(text) and len(text.split()) > 8:
        return 0
    return 1


def _measure(text: str) -> bool:
    """True for "12 hours" and "3 月": a number that counts something begins no heading."""
    return bool(re.match(r"\d+[ \t]*(?:[年月日个倍]|[a-z])", text))


def level(text: str, chapters: bool) -> int:
    """The level of a heading by its numbering; where the document has ``chapters``, others stand below them."""
    if _CHAPTER.match(text):
        return 1
    below = 1 if chapters else 0
    if _SECTION.match(text):
        return 1 + below
    numbered = _NUMBERED.match(text)
    if numbered:
        return min(numbered.group(1).count(".") + 1 + below, 6)
    return 1 + below


def is_chapter(text: str) -> bool:
    """True for "Chapter 3" and 第三章."""
    return bool(_CHAPTER.match(text))


def among(shapes: Sequence[int]) -> list[bool]:
    """Which of the rows of a document are headings, by the shapes of its rows in order.

    A heading has something below it. Of a run of rows that could be headings only the last before a body is one (a
    title page may stand at the start): verse, addresses and lists of names are body.
    """
    headings = [False] * len(shapes)
    at = 0
    while at < len(shapes):
        end = at
        while end < len(shapes) and shapes[end]:
            end += 1
        run = range(at, end)
        if run and end < len(shapes):
            headings[end - 1] = True
            if len(run) == 2:
                headings[at] = True
            for place in run:
                headings[place] = headings[place] or shapes[place] == 2
            if at == 0:
                headings[0] = True
        at = max(end, at + 1)
    return headings
