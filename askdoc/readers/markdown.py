"""Markdown by markdown-it-py: its blocks, with the source's own text; lists, tables and code stay whole.

Only the block structure is asked for, so that inline markup costs nothing and stays as the document has it. Whatever the
parser gives no block for (link definitions, what is nested too deeply) becomes a paragraph: nothing is lost but rules,
front matter and the marks of headings and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from askdoc.bitext.units import Block
from askdoc.model import BlockKind
from askdoc.text.spans import line_spans, trimmed

if TYPE_CHECKING:
    from markdown_it.token import Token

_FENCE: Final = re.compile(r"(?:---|\+\+\+)[ \t]*")
_OPENING: Final = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|$)")
_CLOSING: Final = re.compile(r"(?<=[ \t])#+[ \t]*$|^#+[ \t]*$")
_QUOTE: Final = re.compile(r"[ \t]{0,3}>[ \t]?")
_DEEPEST: Final = 30
"""Quotes and lists inside each other; what is deeper is a paragraph."""

_WHOLE: Final[dict[str, BlockKind]] = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
}

Range = tuple[str, int, int, int]
"""Kind, heading level, first line, line after the last."""


class _Lines:
    """The lines of a text, by whatever line ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = list(line_spans(text))

    def __len__(self) -> int:
        return len(self.spans)

    def line(self, number: int) -> str:
        """Return one line without its end."""
        return self.text[slice(*self.spans[number])]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the span of lines without blanks at its ends; an empty one where there is nothing else."""
        if first >= last:
            return 0, 0
        return trimmed(self.text, self.spans[first][0], self.spans[min(last, len(self)) - 1][1])


def blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, in order."""
    from markdown_it import MarkdownIt

    lines = _Lines(text)
    skipped = _front_matter(lines)
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    parser.core.ruler.enableOnly(["block"])
    # Given with line feeds only, so that the parser's line numbers are ours. NUL is gone already.
    tokens = parser.parse("\n".join(lines.line(index).replace("\ufffd", " ") for index in range(skipped, len(lines))))
    document_blocks: list[Block] = []
    covered = skipped
    for kind, level, first, last in _ranges(tokens):
        first, last = first + skipped, last + skipped
        document_blocks += _rest(lines, covered, min(first, len(lines)))
        if last > covered:
            document_blocks += _block(lines, kind, level, max(first, covered), last)
        covered = max(covered, last)
    return document_blocks + list(_rest(lines, covered, len(lines)))


def _front_matter(lines: _Lines) -> int:
    """How many lines of front matter begin the text. It is skipped, never parsed."""
    opening = lines.line(0).lstrip("\ufeff").rstrip()
    if not _FENCE.fullmatch(opening):
        return 0
    for index in range(1, len(lines)):
        if lines.line(index).rstrip() in (opening, "..."):
            # A rule, text and another rule are no front matter: that has a key or nothing on its first line.
            return index + 1 if index == 1 or re.match(r"[\w\"'#\[ -][^:=]{0,100}[:=]|#", lines.line(1)) else 0
    return 0


def _ranges(tokens: Sequence[Token]) -> Iterator[Range]:
    """Yield the blocks that are kept whole, quotes opened up, in order."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        whole = _WHOLE.get(token.type)
        if token.type == "blockquote_open" or token.type == "blockquote_close":
            index += 1
            continue
        if token.map is not None:
            first, last = token.map
            if token.type == "heading_open":
                # A setext heading's own lines are those of its content.
                inner = tokens[index + 1].map or token.map
                yield "heading", int(token.tag[1]), first, last if token.markup[:1] == "#" else inner[1]
                yield "mark", 0, inner[1], last
            elif token.type == "hr":
                yield "mark", 0, first, last
            else:
                yield whole or "paragraph", 0, first, last
        index = _close(tokens, index) + 1


def _close(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes the one at ``index``."""
    depth = 0
    while index < len(tokens):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
        index += 1
    return index - 1


def _block(lines: _Lines, kind: str, level: int, first: int, last: int) -> Iterator[Block]:
    if kind == "mark":
        return
    start, end = lines.span(first, last)
    text = lines.text
    while kind != "code" and (quote := _QUOTE.match(text, start, end)):
        start = quote.end()
    if kind == "heading":
        opening = _OPENING.match(text, start, end)
        if opening:
            start = opening.end()
            closing = _CLOSING.search(text[max(start, end - 80) : end])
            end -= len(closing.group()) if closing else 0
    start, end = trimmed(text, start, end)
    if start < end:
        block: BlockKind = kind if kind in ("heading", "list", "table", "code") else "paragraph"  # type: ignore[assignment]
        yield Block(block, level, start, end)


def _rest(lines: _Lines, first: int, last: int) -> Iterator[Block]:
    """Yield the lines that the parser gives no block for, a paragraph for each stretch between blank lines."""
    start: int | None = None
    for index in range(first, last + 1):
        blank = index == last or not lines.line(index).strip(" \t>")
        if not blank and start is None:
            start = index
        elif blank and start is not None:
            yield from _block(lines, "paragraph", 0, start, index)
            start = None
