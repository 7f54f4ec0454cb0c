"""HTML taken to pieces with its offsets: tags, comments, entities, text. Linear in the text, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, Literal

TAG: Final = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w.:-]{0,60}+)"
    r"(?:[^<>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+|[\"'])*+>"
)
"""One tag; a quoted value may hold ``>``."""
_PIECE: Final = re.compile(r"<(?=[A-Za-z/!?])|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});")
_WORD: Final = re.compile(r"[^\W_]")

PieceKind = Literal["text", "entity", "tag", "nothing"]


def is_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch has a letter or a digit."""
    return _WORD.search(text, start, end) is not None


def attribute(tag: str, name: str) -> tuple[int, int] | None:
    """Return the span of an attribute's value in a tag; ``None`` where it has none or says nothing."""
    value = re.search(rf"\s{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", tag, re.IGNORECASE)
    if not value or not value[value.lastindex or 0].strip():
        return None
    return value.span(value.lastindex or 0)


def pieces(text: str) -> Iterator[tuple[PieceKind, int, int, re.Match[str] | None]]:
    """Yield the pieces of HTML in order with their spans, and the match of a tag; what no reader sees is ``"nothing"``."""
    start = position = 0
    closings: dict[str, int] = {}
    while match := _PIECE.search(text, position):
        begin, end = match.span()
        kind: PieceKind = "entity"
        tag: re.Match[str] | None = None
        if text[begin] == "<":
            if text[begin + 1] in "!?":
                kind, end = "nothing", _unseen(text, begin, closings)
            elif tag := TAG.match(text, begin):
                kind, end = "tag", tag.end()
            else:
                end = -1
            if end < 0:
                position = begin + 1
                continue
        if begin > start:
            yield "text", start, begin, None
        yield kind, begin, end, tag
        start = position = end
    if start < len(text):
        yield "text", start, len(text), None


def _unseen(text: str, start: int, closings: dict[str, int]) -> int:
    """Return the end of a comment or its like that begins at a ``<``; -1 where it is just that sign."""
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">")):
        if text.startswith(opening, start):
            # Looked for once for all that begin before it: many that are never closed cost no square.
            if closings.get(closing, -1) < start + len(opening) and closings.get(closing) != len(text):
                end = text.find(closing, start + len(opening))
                closings[closing] = len(text) if end < 0 else end
            end = closings[closing]
            return min(end + len(closing), len(text)) if end < len(text) or opening == "<!--" else -1
    return -1


def decoded(entity: str) -> str:
    """Return the characters that an entity stands for."""
    return unescape(entity)
