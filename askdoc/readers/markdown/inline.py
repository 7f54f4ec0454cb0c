"""Inline markup as a reader sees it: the tokens of markdown-it-py, walked beside the text that they were made from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token
from msgspec import Struct

from askdoc.model import BlockKind
from askdoc.readers.markdown.html_pieces import TAG, attribute, is_word
from askdoc.readers.rendering import Rendering

_ROLE: Final = re.compile(r"(?::[A-Za-z][\w-]{0,30}(?::[A-Za-z][\w-]{0,30})?:|\{[A-Za-z][\w:-]{0,40}\})$")
"""What gives code right after it a role in Sphinx, MyST and d2l: ``:ref:``, ``{ref}``."""
_LABELS: Final = (":label:", ":eqlabel:", ":begin_tab:", "{label}")
"""Roles whose code is a name that no reader sees."""
_ATTRIBUTES: Final = re.compile(r"\{[ \t]?[:.#][^{}\n]{1,200}\}")
"""Attributes that some dialects give what stands right before: ``{.class target=_blank}``."""
_MARKED: Final = ("image", "code_inline")
_ADDRESS: Final = re.compile(r"\s*(?:https?://|www\.|mailto:)\S+\s*", re.IGNORECASE)


class Origins(Struct, frozen=True):
    """Where the characters of a token's content stand in the source: piece by piece, a shift each."""

    starts: Sequence[int]
    """Offsets in the content, ascending from 0."""
    shifts: Sequence[int]

    def source(self, offset: int) -> int:
        """Return the source's offset of a character."""
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def pieces(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """Return a stretch as stretches that stand together in the source."""
        low = bisect_right(self.starts, start)
        if low == len(self.starts) or self.starts[low] >= end:
            return ((start, end),)
        high = bisect_right(self.starts, end - 1)
        cuts = [start, *self.starts[low:high], end]
        return list(zip(cuts, cuts[1:], strict=False))


class Tally(Struct):
    """What the words of a block stand in."""

    plain: bool = False
    code: bool = False
    formula: bool = False
    link: bool = False
    picture: bool = False
    """In the alternative text of a picture that is no link."""

    def kind(self, whole: BlockKind) -> BlockKind:
        """Return what a block of these words is; ``whole`` is what its own form says."""
        if self.plain:
            return whole
        if self.formula or self.code:
            return whole if whole == "list" else "formula" if self.formula else "code"
        return "caption" if self.picture else "links"


class InlineText:
    """One block's inline content on its way into a rendering."""

    def __init__(self, out: Rendering, content: str, origins: Origins, tally: Tally, notes: list[str]) -> None:
        self.out = out
        self.content = content
        self.origins = origins
        self.single = len(origins.starts) == 1
        self.tally = tally
        self.notes = notes
        """Labels of the footnotes that are referred to."""
        self.hidden = ""
        """The element whose content no reader sees, while it is open."""
        self.linked = False
        self.began = out.length

    def render(self, tokens: Sequence[Token], start: int = 0) -> None:
        """Render the tokens that were made of the content from ``start`` on."""
        position = start
        addressed = marked = False
        for token in tokens:
            kind = token.type
            if kind != "text":
                marked = kind in _MARKED or token.nesting < 0
            if addressed and kind != "link_close":
                continue  # an address in pointed brackets is shown as it is written
            if kind == "text":
                length = len(token.content)
                if marked and (attributes := _ATTRIBUTES.match(self.content, position, position + length)):
                    length -= attributes.end() - position
                    position = attributes.end()
                marked = False
                if length > 0:
                    self._words(position, position + length)
                    position += length
            elif kind == "softbreak" or kind == "hardbreak":
                position = self._break(position)
            elif kind == "text_special":
                self._special(token, position)
                position += len(token.markup)
            elif kind == "code_inline":
                position = self._code(token, position)
            elif kind == "link_open":
                self.linked = True
                position += 1
                if token.info == "auto":
                    position = self._address(position)
                    addressed = True
            elif kind == "link_close":
                self.linked = False
                addressed = False
                position = start + token.meta["end"] if "end" in token.meta else position
            elif kind == "image":
                self._picture(token, position)
                position = start + int(token.meta["end"])
            elif kind == "html_inline":
                self._tag(token.content, position)
                position += len(token.content)
            elif kind == "formula":
                begin = self.out.length
                self.copy(position, position + len(token.content))
                self.out.neutral.append((begin, self.out.length))
                self.tally.formula = True
                position += len(token.content)
            elif kind == "footnote_reference":
                self.notes.append(token.meta["label"])
                position += len(token.content)
            else:  # the marks of emphasis
                position += len(token.markup)

    def copy(self, start: int, end: int) -> None:
        """Append a stretch of the content as it is."""
        if self.single:
            self.out.copy(self.content[start:end], start + self.origins.shifts[0])
        elif start < end:
            for first, after in self.origins.pieces(start, end):
                self.out.copy(self.content[first:after], self.origins.source(first))

    @property
    def open(self) -> bool:
        """Whether a blank here would be one too many."""
        return self.out.length == self.began or self.out.last in " \n"

    def _words(self, start: int, end: int) -> None:
        if self.hidden:
            return
        if self.open:
            while start < end and self.content[start] in " \t":
                start += 1
        self.copy(start, end)
        if is_word(self.content, start, end):
            self._count(self.content[start:end])

    def _count(self, text: str) -> None:
        if self.linked or _ADDRESS.fullmatch(text):
            self.tally.link = True
        else:
            self.tally.plain = True

    def _break(self, position: int) -> int:
        """Render a line's end, unless the line showed nothing; return where the next line's text begins."""
        position = max(position, self.content.find("\n", position))
        if self.out.length > self.began and self.out.last != "\n" and not self.hidden:
            self.copy(position, position + 1)
        position += 1
        while self.content[position : position + 1] in (" ", "\t"):
            position += 1
        return position

    def _special(self, token: Token, position: int) -> None:
        """Render an escape or an entity."""
        if self.hidden:
            return
        escape = len(token.markup) - len(token.content) if token.info == "escape" else 0
        if escape:
            self.copy(position + 1, position + len(token.markup))
        elif token.content == token.markup:
            self.copy(position, position + len(token.markup))
        else:
            origin = self.origins.source(position)
            self.out.put(token.content, origin, origin + len(token.markup))
        if is_word(token.content, 0, len(token.content)):
            self._count(token.content)

    def _code(self, token: Token, position: int) -> int:
        """Render inline code, without a role before it; return where it ends."""
        start, length = position + len(token.markup), len(token.content)
        if self.content[start : start + length].replace("\n", " ") != token.content:
            start += 1  # a blank on either side is no part of it
        after = max(start + length, self.content.find(token.markup, start + length)) + len(token.markup)
        if self.hidden:
            return after
        before = self.content[max(0, position - 40) : position]
        role = _ROLE.search(before) if before[-1:] in (":", "}") else None
        if role:
            self.out.shorten(len(role.group()))
            if role.group() in _LABELS:
                return after
        self._neutral(start, start + length)
        self.tally.code = True
        return after

    def _neutral(self, start: int, end: int) -> None:
        """Append code in one line."""
        begin = self.out.length
        line = start
        while (line_end := self.content.find("\n", line, end)) >= 0:
            self.copy(line, line_end)
            origin = self.origins.source(line_end)
            self.out.put(" ", origin, origin + 1)
            line = line_end + 1
        self.copy(line, end)
        self.out.neutral.append((begin, self.out.length))

    def _address(self, position: int) -> int:
        """Render ``<https://…>`` as it is written; return where it ends."""
        end = self.content.find(">", position)
        self._neutral(position, end)
        self.tally.link = True
        return end + 1

    def _picture(self, token: Token, position: int) -> None:
        """Render a picture's alternative text."""
        inner = InlineText(self.out, self.content, self.origins, Tally(), [])
        inner.hidden, inner.began = self.hidden, self.began
        begin = self.out.length
        inner.render(token.children or (), position + 2)
        if self.out.length > begin:
            self._pictured()

    def _pictured(self) -> None:
        if self.linked:
            self.tally.link = True
        else:
            self.tally.picture = True

    def _tag(self, markup: str, position: int) -> None:
        tag = TAG.match(markup)
        if not tag:
            return  # a comment and its like
        name = tag["name"].lower()
        if self.hidden:
            self.hidden = "" if tag["close"] and name == self.hidden else self.hidden
        elif name in ("script", "style") and not tag["close"]:
            self.hidden = name
        elif name == "a":
            self.linked = not tag["close"]
        elif name == "br" and not self.open:
            origin = self.origins.source(position)
            self.out.put("\n", origin, origin + len(markup))
        elif name == "img" and (span := attribute(markup, "alt")):
            self.copy(position + span[0], position + span[1])
            self._pictured()
