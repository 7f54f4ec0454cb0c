"""Spans of a text: lines, trimmed ends, occurrences; and names that are not taken."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import Final

LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line: CR LF, LF, CR, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR."""


def line_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Return the span of each line of ``text[start:end]`` without its line end; a last one may be empty."""
    end = len(text) if end is None else end
    for ending in LINE_END.finditer(text, start, end):
        yield start, ending.start()
        start = ending.end()
    yield start, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the blanks at its ends; an empty one where nothing else is inside."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def occurrences(text: str, part: str) -> Iterator[tuple[int, int]]:
    """Return the spans at which a part (not empty) stands in a text, one after another without overlaps."""
    start = text.find(part)
    while start >= 0:
        end = start + len(part)
        yield start, end
        start = text.find(part, end)


def numbered(name: str, taken: Container[str], last: dict[str, int]) -> str:
    """Return a name that is not taken: itself, or with -2, -3 …

    ``last`` holds the last number that each name got, and is brought up to date: counting from 2 again would take the
    square of the time where a name is repeated.
    """
    unique, number = name, last.get(name, 1)
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    last[name] = number
    return unique


Span = tuple[int, int]


def disjoint(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans in ascending order; those that overlap made one, empty ones left out."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        elif end > start:
            merged.append((start, end))
    return tuple(merged)
