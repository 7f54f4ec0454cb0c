"""Plain text: lines or wrapped paragraphs, lists, and headings by their shape (told later, with their neighbours)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from askdoc.readers.blocks import Block
from askdoc.readers.source import Source
from askdoc.text import HAN_RUN, LINE_END

Line = tuple[int, int]
"""Start and end of a line's text, blanks at its ends left out."""

_ITEM: Final = re.compile(
    r"(?:[-*+•‣·▪◦–]\s|\(?\d{1,3}[.)、．]\s?(?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|\(?[a-z][.)]\s)"
)
_ENDING: Final = re.compile("[.!?。！？；;…:：][\"'”’」』）)]*$")

WIDEST: Final = 120
"""Columns: longer lines are paragraphs of their own, not wrapped ones."""


def read(source: Source) -> list[Block]:
    """The blocks of a plain text: one a line, or one a paragraph where lines are wrapped; list items together."""
    groups = list(_groups(source.text))
    wrapped = _is_wrapped(source.text, groups)
    blocks: list[Block] = []
    for group in groups:
        if wrapped and len(group) > 1 and not _is_list(source.text, group):
            blocks.append(Block("paragraph", group[0][0], group[-1][1]))
        else:
            blocks += _lines(source.text, group)
    return blocks


def _groups(text: str) -> Iterator[list[Line]]:
    """Neighbouring lines without an empty one between."""
    group: list[Line] = []
    for line in _all_lines(text):
        if line is None:
            if group:
                yield group
            group = []
        else:
            group.append(line)
    if group:
        yield group


def _all_lines(text: str) -> Iterator[Line | None]:
    at = 0
    for match in LINE_END.finditer(text):
        yield trim(text, at, match.start())
        at = match.end()
    yield trim(text, at, len(text))


def trim(text: str, start: int, end: int) -> Line | None:
    """A span without the blanks at its ends; ``None`` where nothing is left."""
    while start < end and (text[start].isspace() or text[start] in "\ufeff\u200b"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\ufeff\u200b"):
        end -= 1
    return (start, end) if start < end else None


def _columns(text: str) -> int:
    return len(text) + sum(len(run) for run in HAN_RUN.findall(text))


def _is_wrapped(text: str, groups: Iterable[list[Line]]) -> bool:
    """Whether lines break inside sentences: most that another follows end in none, and are of one width."""
    inner = [
        text[start:end] for group in groups if len(group) > 1 and not _is_list(text, group) for start, end in group[:-1]
    ]
    if not inner:
        return False
    widths = sorted(_columns(line) for line in inner)
    widest = widths[int(len(widths) * 0.95)]
    full = sum(width >= 0.7 * widest for width in widths)
    open_ended = sum(not _ENDING.search(line) for line in inner)
    return 24 <= widest <= WIDEST and full >= 0.6 * len(inner) and open_ended >= 0.5 * len(inner)


def _is_list(text: str, group: list[Line]) -> bool:
    return sum(bool(_ITEM.match(text, start, end)) for start, end in group) * 2 > len(group)


def _lines(text: str, group: list[Line]) -> Iterator[Block]:
    """One block a line, but neighbouring list items in one."""
    items: list[Line] = []
    for start, end in group:
        if _ITEM.match(text, start, end):
            items.append((start, end))
            continue
        yield from _list(items)
        items = []
        yield Block("paragraph", start, end)
    yield from _list(items)


def _list(items: list[Line]) -> Iterator[Block]:
    if len(items) == 1:
        yield Block("paragraph", *items[0])
    elif items:
        yield Block("list", items[0][0], items[-1][1])
