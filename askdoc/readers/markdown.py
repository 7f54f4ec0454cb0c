"""Markdown by markdown-it-py: its blocks, with the source's own text; lists, tables and code stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from askdoc.readers.blocks import Block
from askdoc.readers.plain import trim
from askdoc.readers.source import Source

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT: Final = re.compile(r"\A---[ \t]*\r?\n(?:(?!---|\.\.\.).*\r?\n){0,200}(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_HEADING_MARKS: Final = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+|[ \t]+#+[ \t]*$")
_QUOTE_MARKS: Final = re.compile(r"(?:[ \t]{0,3}>[ \t]?)+")
_LONGEST_LINE: Final = 20_000
"""Inline markup of a longer line is not looked at: it costs more than its length."""

_WHOLE: Final = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
}


def read(source: Source) -> list[Block]:
    """The blocks of a Markdown source; front matter, rules and the marks of headings and quotes are left out."""
    from markdown_it import MarkdownIt

    text = source.text
    front = _FRONT.match(text)
    skipped = text.count("\n", 0, front.end()) if front else 0
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])  # inline markup stays as the document has it
    body = "\n".join(_shorten(line) for line in _lines(text)[skipped:])
    tokens = parser.parse(body)
    starts = (*source.line_starts, len(text) + 1)
    blocks: list[Block] = []
    covered = skipped
    for kind, level, first, last in _ranges(tokens, 0, len(tokens)):
        blocks += _gap(text, starts, covered, first + skipped)
        covered = max(covered, last + skipped)
        blocks += _block(text, starts, kind, level, first + skipped, last + skipped)
    blocks += _gap(text, starts, covered, len(starts) - 1)
    return blocks


def _lines(text: str) -> list[str]:
    """The source's lines, so that the parser's line numbers are ours whatever the line ends are."""
    from askdoc.text import LINE_END

    return LINE_END.split(text)


def _shorten(line: str) -> str:
    return line[:_LONGEST_LINE]


def _ranges(tokens: Sequence[Token], at: int, end: int) -> Iterator[tuple[str, int, int, int]]:
    """Kind, heading level, first line and line after the last of each block, quotes opened up."""
    while at < end:
        token = tokens[at]
        close = _closing(tokens, at) if token.nesting == 1 else at
        if token.map is not None:
            first, last = token.map
            if token.type == "heading_open":
                yield "heading", int(token.tag[1]), first, last
            elif token.type == "hr":
                yield "rule", 0, first, last
            elif token.type == "blockquote_open":
                yield from _ranges(tokens, at + 1, close)
            else:
                yield _WHOLE.get(token.type, "paragraph"), 0, first, last
        at = close + 1


def _closing(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    return len(tokens) - 1


def _block(text: str, starts: Sequence[int], kind: str, level: int, first: int, last: int) -> Iterator[Block]:
    if kind == "rule":
        return
    last = min(max(last, first + 1), len(starts) - 1)
    start, end = starts[first], min(starts[last], len(text))
    quote = _QUOTE_MARKS.match(text, start, end)
    if quote and kind != "code":
        start = quote.end()
    if kind == "heading":
        mark = _HEADING_MARKS.match(text, start, end)
        if mark:
            start = mark.end()
            line_end = starts[first + 1] if first + 1 < len(starts) else len(text)
            end = min(end, line_end)
            span = trim(text, start, end)
            if span:
                closing = re.search(r"[ \t]+#{1,64}$", text[max(span[0], span[1] - 80) : span[1]])
                end = span[1] - (len(closing.group()) if closing else 0)
        else:  # setext: the last line is the rule under it
            end = starts[max(last - 1, first + 1)]
    span = trim(text, start, end)
    if span is not None:
        yield Block(kind, *span, level=level)  # type: ignore[arg-type]  # the kinds above are block kinds


def _gap(text: str, starts: Sequence[int], first: int, last: int) -> Iterator[Block]:
    """Lines that the parser gives no block for, such as link definitions: nothing of a document is lost."""
    if first < last:
        span = trim(text, starts[first], min(starts[last], len(text)))
        if span is not None and any(char.isalnum() for char in text[span[0] : span[1]]):
            yield Block("paragraph", *span)
