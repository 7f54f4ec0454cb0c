"""Markdown as its reader sees it: rendered text, its blocks, and the map back to the file.

markdown-it-py parses; this package walks its tokens beside the source, so that each character that is shown is the
source's own. What the parser gives no token for because it is nested too deeply is shown as it stands: no text is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from markdown_it.token import Token

from askdoc.bitext.units import Block
from askdoc.limits import Limits
from askdoc.model import BlockKind
from askdoc.readers.markdown.directives import prepare
from askdoc.readers.markdown.grammar import parser
from askdoc.readers.markdown.html_blocks import render_html
from askdoc.readers.markdown.html_pieces import is_word
from askdoc.readers.markdown.inline import InlineText, Origins, Tally
from askdoc.readers.rendering import Mark, ParsedText, Rendering
from askdoc.readers.source_file import Source
from askdoc.text.spans import Span, line_spans

_HEADING_ID: Final = re.compile(r"[ \t]*\{(?:#|:|\.)[^{}\n]{0,200}\}[ \t]*$|[ \t]*\[(?:#|¶)\][ \t]*$")
_PIPE: Final = re.compile(r"(?<!\\)\|")
_NAME: Final = re.compile(r"\s*[\w./-]*[A-Za-z][\w./-]*\s*", re.ASCII)
"""A picture's alternative text that is just a name: "Imgur", "logo.png"."""
_ONE: Final = (0,)
_DEEPEST_INDENT: Final = 4


def parse(source: Source, limits: Limits) -> ParsedText:
    """Return a Markdown text as a reader sees it."""
    return render(source.text)


def render(text: str) -> ParsedText:
    """Do the same for a text without a source."""
    return _Document(text).parsed()


class _Document:
    """A Markdown text on its way into a rendering."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.prepared = prepare(text, list(line_spans(text)))
        self.spans = self.prepared.spans
        self.out = Rendering()
        self.blocks: list[Block] = []
        self.noted: dict[str, Any] = {}
        self.tokens: Sequence[Token] = ()
        self.covered = 0
        """The line after the last that was rendered."""
        self.quotes = 0
        self.footnotes: dict[str, int] = {}
        """For each label that is referred to and not yet read, the index of its token."""
        self.notes: list[str] = []
        """Labels of footnotes to be read next."""
        self.last_marker = 0
        """The end of the last sign of an item, from which that of the next is looked for."""

    def parsed(self) -> ParsedText:
        """Render all of it."""
        lines = "\n".join(self.text[start:end] for start, end in self.spans)
        grammar = parser(footnotes="[^" in lines, formulas="$" in lines)
        self.tokens = grammar.parse(lines.replace("\ufffd", " "), self.noted)
        referred = _referred(self.tokens)
        for index, token in enumerate(self.tokens):
            if token.type == "footnote_open" and not token.level and token.meta["label"] in referred:
                self.footnotes.setdefault(token.meta["label"], index)
        elsewhere = set(self.footnotes.values())
        self.definitions = self._definitions()
        index = 0
        while index < len(self.tokens):
            if index in elsewhere:
                lines_of = self.tokens[index + 1].map or [0, 0]
                self._rest(lines_of[0])
                self.covered = max(self.covered, lines_of[1])
                index = _close(self.tokens, index) + 1
                continue
            index = self._block(index)
            self._notes()
        self._rest(len(self.spans))
        self.notes += self.footnotes  # such as refer to nothing but each other
        self._notes()
        text, origins = self.out.finish()
        front = self.prepared
        return ParsedText(text, self.blocks, origins, self.out.neutral, (), front.title, front.authors, front.date)

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _block(self, index: int) -> int:
        """Render the block of a token and return the index of the token after it."""
        token = self.tokens[index]
        after = _close(self.tokens, index) + 1
        kind = token.type
        if kind in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
            return index + 1
        if token.map and kind not in ("bullet_list_open", "ordered_list_open"):
            self._rest(token.map[0])
        tally, notes = Tally(), list[str]()
        before = self.out.mark()
        self.out.part()
        start = self.out.mark()
        if kind == "heading_open":
            self._inline(self.tokens[index + 1], tally, notes, heading=token.markup[:1] == "#")
            self._add("heading", int(token.tag[1]), start)
        elif kind == "paragraph_open" or kind == "footnote_open":
            self._inline(self.tokens[index + 1], tally, notes)
            self._add(tally.kind("quote" if self.quotes else "prose"), 0, start)
        elif kind in ("bullet_list_open", "ordered_list_open"):
            items = self._list(index, after, 0, tally, notes)
            self._add(tally.kind("list"), 0, start, items)
        elif kind == "table_open":
            rows = self._table(index, after, tally, notes, "")
            self._add("table" if tally.plain or tally.code or tally.formula else tally.kind("table"), 0, start, rows)
        elif kind in ("fence", "code_block", "formula"):
            self._code(token, "")
            self.out.neutral.append((start.length, self.out.length))
            self._add("formula" if kind == "formula" or token.info.strip() in ("math", "{math}") else "code", 0, start)
        elif kind == "html_block":
            self.out.back(before)
            self.blocks += render_html(self.out, token.content, self._origins_of(token.content, token.map or [0, 0]))
        if not self.blocks or self.blocks[-1].end <= before.length:
            self.out.back(before)
        if token.map:
            self.covered = max(self.covered, token.map[1])
        self.notes += notes
        return after

    def _notes(self) -> None:
        """Render the footnotes that were referred to, and those that they refer to, once each."""
        covered = self.covered
        for label in self.notes:  # it grows
            place = self.footnotes.pop(label, None)
            if place is not None:
                self._block(place)
        self.notes.clear()
        self.covered = covered

    def _add(self, kind: BlockKind, level: int, start: Mark, parts: Sequence[Span] = ()) -> None:
        """Add what was rendered since ``start`` as a block, unless it is without a word."""
        text = self.out.since(start)
        if is_word(text, 0, len(text)) and not (kind == "caption" and _NAME.fullmatch(text)):
            begin = start.length + len(text) - len(text.lstrip())
            end = start.length + len(text.rstrip())
            whole = tuple((max(first, begin), min(after, end)) for first, after in parts if first < end)
            self.blocks.append(Block(kind, level, begin, end, whole))

    # --- text --------------------------------------------------------------------------------------------------------

    def _inline(
        self, token: Token, tally: Tally, notes: list[str], *, heading: bool = False, origins: Origins | None = None
    ) -> None:
        """Render an inline token's content at the end of the rendering."""
        lines = token.map or [0, 0]
        self.covered = max(self.covered, lines[1])
        content = token.content
        if not content:
            return
        if origins is None:
            origins = self._heading_origins(content, lines) if heading else self._origins_of(content, lines)
        mark = self.out.mark()
        inline = InlineText(self.out, content, origins, tally, notes)
        inline.render(token.children or ())
        self._trim(mark, heading)

    def _trim(self, mark: Mark, heading: bool) -> None:
        last = self.out.last
        if heading and last in "}]":
            found = _HEADING_ID.search(self.out.since(mark))
            if found:
                self.out.shorten(len(found.group()))
        while self.out.length > mark.length and self.out.last.isspace():
            self.out.shorten(1)

    def _origins_of(self, content: str, lines: Sequence[int]) -> Origins:
        """Where a block's lines stand: each is the end of its line in the source, but for blanks after the last."""
        if "\n" not in content:
            return Origins(_ONE, [self._line_origin(lines[0], content)])
        starts, shifts = [0], list[int]()
        number, position = lines[0], 0
        while (line_end := content.find("\n", position)) >= 0:
            shifts.append(self._line_origin(number, content[position:line_end]) - position)
            position = line_end + 1
            number += 1
            starts.append(position)
        shifts.append(self._line_origin(number, content[position:]) - position)
        return Origins(starts, shifts)

    def _line_origin(self, number: int, line: str) -> int:
        """Where a line of a block begins in the source, whose indentation the parser took off or made blanks of."""
        start, end = self.spans[min(number, len(self.spans) - 1)]
        source = self.text[start:end]
        if not source.endswith(line) and not source.endswith(line.lstrip(" ")):
            source = source.rstrip()
        return start + len(source) - len(line)

    def _heading_origins(self, content: str, lines: Sequence[int]) -> Origins:
        start, end = self.spans[lines[0]]
        hashes = self.text.find("#", start, end)
        while self.text[hashes : hashes + 1] == "#":
            hashes += 1
        place = self.text.find(content, hashes, end)
        return Origins([0], [place if place >= 0 else hashes])

    def _code(self, token: Token, indent: str) -> None:
        """Render the lines of code as they are."""
        first = (token.map or [0])[0] + (token.type == "fence")
        content = token.content.rstrip("\n")
        leading = len(content) - len(content.lstrip("\n"))
        origins = self._origins_of(content, [first])
        position = leading
        while position <= len(content):
            line_end = content.find("\n", position)
            line_end = len(content) if line_end < 0 else line_end
            if position > leading:
                before = origins.source(position - 1)
                self.out.put("\n" + indent, before, before + 1)
            self.out.copy(content[position:line_end], origins.source(position))
            position = line_end + 1

    # --- lists -------------------------------------------------------------------------------------------------------

    def _list(self, index: int, after: int, depth: int, tally: Tally, notes: list[str]) -> list[Span]:
        """Render the tokens of a list, items on lines of their own; return the spans of its outermost items."""
        items: list[Span] = []
        indent = "  " * min(depth, _DEEPEST_INDENT)
        last_line = (self.tokens[index].map or [0, 0])[1]
        index += 1
        while index < after - 1:
            close = _close(self.tokens, index) + 1
            mark = self.out.mark()
            self._line(mark.length)
            start = self.out.length
            self._marker(self.tokens[index], indent)
            begun = self.out.length
            self._item(index + 1, close - 1, depth, indent + "  ", tally, notes, begun)
            if self.out.length == begun:
                self.out.back(mark)
            else:
                items.append((start, self.out.length))
            index = close
        self._rest(last_line, indent)
        return items

    def _line(self, length: int) -> None:
        """Begin a line, unless nothing stands in the block or the line yet."""
        if length and self.out.last != "\n":
            self.out.put("\n", self.out.origin, self.out.origin)

    def _marker(self, item: Token, indent: str) -> None:
        start, end = self.spans[(item.map or [0])[0]]
        sign = item.info + item.markup
        place = self.text.find(sign, max(start, self.last_marker), end)
        if indent:
            self.out.put(indent, place, place)
        if place >= 0:
            self.last_marker = place + len(sign)
            self.out.copy(sign, place)
            self.out.put(" ", self.last_marker, self.last_marker)

    def _item(
        self, index: int, after: int, depth: int, indent: str, tally: Tally, notes: list[str], begun: int
    ) -> None:
        while index < after:
            token = self.tokens[index]
            close = _close(self.tokens, index) + 1
            kind = token.type
            if kind in ("blockquote_open", "blockquote_close"):
                self.quotes += token.nesting
                index += 1
                continue
            if token.map and kind not in ("bullet_list_open", "ordered_list_open"):
                self._rest(token.map[0], indent)
            mark = self.out.mark()
            if kind in ("bullet_list_open", "ordered_list_open"):
                self._list(index, close, depth + 1, tally, notes)
            elif kind != "hr":
                if self.out.length > begun:
                    self._line(self.out.length)
                    self.out.put(indent, self.out.origin, self.out.origin)
                length = self.out.length
                self._part(token, index, close, indent, tally, notes)
                if self.out.length == length:
                    self.out.back(mark)
            if token.map:
                self.covered = max(self.covered, token.map[1])
            index = close

    def _part(self, token: Token, index: int, close: int, indent: str, tally: Tally, notes: list[str]) -> None:
        """Render what stands in an item of a list."""
        if token.type in ("paragraph_open", "heading_open", "footnote_open"):
            inline = self.tokens[index + 1]
            self._inline(inline, tally, notes, heading=token.type == "heading_open" and token.markup[:1] == "#")
        elif token.type == "table_open":
            self._table(index, close, tally, notes, indent)
        elif token.type in ("fence", "code_block", "formula"):
            begin = self.out.length
            self._code(token, indent)
            self.out.neutral.append((begin, self.out.length))
            tally.code = True
        elif token.type == "html_block":
            lines = token.map or [0, 0]
            begin = self.out.length
            render_html(self.out, token.content, self._origins_of(token.content, lines), inside=True)
            tally.plain |= self.out.length > begin

    # --- tables ------------------------------------------------------------------------------------------------------

    def _table(self, index: int, after: int, tally: Tally, notes: list[str], indent: str) -> list[Span]:
        """Render a table, rows on lines of their own with bars between their cells; return the rows' spans."""
        rows: list[Span] = []
        began = self.out.length
        while index < after:
            if self.tokens[index].type != "tr_open":
                index += 1
                continue
            close = _close(self.tokens, index)
            mark = self.out.mark()
            if self.out.length > began:
                self._line(self.out.length)
                if indent:
                    self.out.put(indent, self.out.origin, self.out.origin)
            start = self.out.length
            cells = [token for token in self.tokens[index:close] if token.type == "inline"]
            self._row(cells, (self.tokens[index].map or [0])[0], tally, notes)
            if any(char not in " |" for char in self.out.since(mark).strip()):
                rows.append((start, self.out.length))
            else:
                self.out.back(mark)
            index = close
        return rows

    def _row(self, cells: Sequence[Token], line: int, tally: Tally, notes: list[str]) -> None:
        start, end = self.spans[line]
        quotes = self.quotes
        while start < end and (self.text[start] in " \t" or (quotes and self.text[start] == ">")):
            quotes -= self.text[start] == ">"
            start += 1
        start += self.text[start : start + 1] == "|"
        for number, cell in enumerate(cells):
            if number and start == end and not cell.content:
                return  # the row is shorter than the table
            if number:
                bar = start - 1 if self.text[start - 1 : start] == "|" else start
                if self.out.last != " " or self.out.length == 0:
                    self.out.put(" ", bar, bar)
                self.out.copy("|", bar) if self.text[bar : bar + 1] == "|" else self.out.put("|", bar, bar)
                self.out.put(" ", bar + 1, bar + 1)
            pipe = _PIPE.search(self.text, start, end)
            stop = pipe.start() if pipe else end
            self._inline(cell, tally, notes, origins=self._cell_origins(cell.content, start, stop))
            start = pipe.end() if pipe else end

    def _cell_origins(self, content: str, start: int, stop: int) -> Origins:
        """Where a cell's content stands, whose bars are escaped in the source."""
        raw = content.replace("|", "\\|")
        place = max(start, self.text.find(raw, start, stop))
        bars = [number for number, char in enumerate(content) if char == "|"]
        return Origins([0, *bars], [place + number for number in range(len(bars) + 1)])

    # --- what has no token -------------------------------------------------------------------------------------------

    def _definitions(self) -> set[int]:
        """Return the lines of link definitions."""
        lines: set[int] = set()
        references = list(self.noted.get("references", {}).values())
        for reference in [*references, *self.noted.get("duplicate_refs", ())]:
            first, after = reference["map"]
            lines.update(range(first, after))
        return lines

    def _rest(self, last: int, indent: str | None = None) -> None:
        """Render the lines before ``last`` that no token was made of, as they stand."""
        for number in range(self.covered, last):
            start, end = self.spans[number]
            if number in self.definitions or not is_word(self.text, start, end):
                continue
            line = self.text[start:end].rstrip()
            end = start + len(line)
            start = end - len(line.lstrip("> \t"))
            if indent is None:
                self.out.part()
                mark = self.out.mark()
                self.out.copy(self.text[start:end], start)
                self._add("prose", 0, mark)
            else:
                self._line(self.out.length)
                self.out.copy(self.text[start:end], start)
        self.covered = max(self.covered, last)


def _close(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes the one at ``index``."""
    depth = 0
    while index < len(tokens):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
        index += 1
    return index - 1


def _referred(tokens: Sequence[Token]) -> set[str]:
    """Return the labels of footnotes that are referred to."""
    return {
        child.meta["label"] for token in tokens for child in token.children or () if child.type == "footnote_reference"
    }
