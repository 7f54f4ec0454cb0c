"""Blocks of HTML as a reader sees them: tags dropped, text kept; headings, lists, tables and code with their kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from askdoc.bitext.units import Block
from askdoc.model import BlockKind
from askdoc.readers.markdown.html_pieces import attribute, decoded, is_word, pieces
from askdoc.readers.markdown.inline import Origins
from askdoc.readers.rendering import Mark, Rendering
from askdoc.text.spans import Span

_HIDDEN: Final = frozenset({"script", "style", "svg", "template", "head", "noscript"})
_WORD: Final = re.compile(r"\s+|\S+(?: \S+)*")
_BLOCKS: Final = frozenset(
    """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr
    html main nav p section summary caption
    """.split()
)


def render_html(out: Rendering, content: str, origins: Origins, *, inside: bool = False) -> list[Block]:
    """Append what a block of HTML shows and return its blocks; none where it stands ``inside`` another block."""
    fragment = _Fragment(out, content, origins, inside)
    for kind, start, end, tag in pieces(content):
        if tag:
            fragment.tag(tag)
        elif not fragment.hidden and kind == "entity":
            fragment.entity(start, end)
        elif not fragment.hidden and kind == "text":
            fragment.text(start, end)
    fragment.finish()
    if not inside:
        out.back(fragment.before)  # nothing follows the last block
    return fragment.blocks


class _Fragment:
    """A block of HTML on its way into a rendering."""

    def __init__(self, out: Rendering, content: str, origins: Origins, inside: bool) -> None:
        self.out = out
        self.content = content
        self.origins = origins
        self.inside = inside
        self.blocks: list[Block] = []
        self.hidden = ""
        self.kind: BlockKind = "prose"
        self.level = 0
        self.container = ""
        """``"list"``, ``"table"`` or ``"pre"`` while one is open."""
        self.linked = False
        self.plain = self.picture = False
        self.parts: list[int] = []
        """Where items or rows begin."""
        self._begin()

    def _begin(self) -> None:
        self.before: Mark = self.out.mark()
        if not self.inside:
            self.out.part()
        self.start = self.out.length
        self.plain = self.picture = False
        self.parts = []

    def finish(self) -> None:
        """End the block that is open."""
        while (
            self.out.length > self.start
            and self.out.last in " \n|-"
            and (self.out.last not in "|-" or self.kind in ("list", "table"))
        ):
            self.out.shorten(1)
        if self.inside:
            return
        text = self.out.since(self.before)
        if not is_word(text, 0, len(text)):
            self.out.back(self.before)
        else:
            kind: BlockKind = (
                self.kind if self.plain or self.kind == "heading" else "caption" if self.picture else "links"
            )
            end = self.before.length + len(text.rstrip())
            start = self.before.length + len(text) - len(text.lstrip())
            cuts = [cut for cut in self.parts if cut < end]
            parts: Sequence[Span] = list(zip(cuts, [*cuts[1:], end], strict=True)) if cuts else ()
            if kind == "code":
                self.out.neutral.append((start, end))
            self.blocks.append(Block(kind, self.level if kind == "heading" else 0, start, end, tuple(parts)))
        self._begin()

    def tag(self, tag: re.Match[str]) -> None:
        """Do what a tag says."""
        start, end = tag.span()
        markup = tag.group()
        name, close = tag["name"].lower(), bool(tag["close"])
        if self.hidden:
            self.hidden = "" if close and name == self.hidden else self.hidden
        elif name in _HIDDEN:
            self.hidden = name if not close and not markup.endswith("/>") else ""
        elif name == "a":
            self.linked = not close
        elif name == "img" and (span := attribute(markup, "alt")):
            self._copy(start + span[0], start + span[1])
            self.picture |= not self.linked
        elif name == "br":
            self._line(start, end)
        elif name[0] == "h" and name[1:] in ("1", "2", "3", "4", "5", "6"):
            self._switch("prose" if close else "heading", "", int(name[1:]))
        elif name in ("ul", "ol", "table", "pre"):
            self._container(name, close)
        elif name == "li" and not close:
            self._line(start, end)
            self.parts.append(self.out.length)
            self.out.put("- ", self.origins.source(start), self.origins.source(end - 1) + 1)
        elif name == "tr" and not close:
            self._line(start, end)
            self.parts.append(self.out.length)
        elif name in ("td", "th") and not close:
            if self.out.length > self.start and self.out.last != "\n":
                self.out.put(" | ", self.origins.source(start), self.origins.source(end - 1) + 1)
        elif name in _BLOCKS:
            if self.container or self.inside:
                self._line(start, end)
            else:
                self._switch("caption" if name == "figcaption" and not close else "prose", "", 0)

    def _container(self, name: str, close: bool) -> None:
        container = "list" if name in ("ul", "ol") else name
        if self.container and self.container != container:
            return
        kind: BlockKind = (
            "prose" if close else "list" if container == "list" else "table" if name == "table" else "code"
        )
        if not (self.container and not close):
            self._switch(kind, "" if close else container, 0)

    def _switch(self, kind: BlockKind, container: str, level: int) -> None:
        self.finish()
        self.kind, self.container, self.level = kind, container, level

    def _line(self, start: int, end: int) -> None:
        while self.out.length > self.start and self.out.last == " ":
            self.out.shorten(1)
        if self.out.length > self.start and self.out.last != "\n":
            self.out.put("\n", self.origins.source(start), self.origins.source(end - 1) + 1)

    def entity(self, start: int, end: int) -> None:
        """Append the characters that an entity stands for."""
        text = decoded(self.content[start:end])
        if text == self.content[start:end]:
            self.text(start, end)
            return
        self.out.put(text, self.origins.source(start), self.origins.source(end - 1) + 1)
        self._count(text)

    def text(self, start: int, end: int) -> None:
        """Append text with its blanks made one, as it is inside ``pre``."""
        self._count(self.content[start:end])
        if self.container == "pre":
            self._copy(start, end)
            return
        for match in _WORD.finditer(self.content, start, end):
            first, after = match.span()
            if not self.content[first].isspace():
                self._copy(first, after)
            elif self.out.length > self.start and self.out.last not in " \n":
                origin = self.origins.source(first)
                self.out.put(" ", origin, origin + 1)

    def _count(self, text: str) -> None:
        if is_word(text, 0, len(text)):
            self.plain |= not self.linked

    def _copy(self, start: int, end: int) -> None:
        if len(self.origins.starts) == 1:
            self.out.copy(self.content[start:end], start + self.origins.shifts[0])
        elif start < end:
            for first, after in self.origins.pieces(start, end):
                self.out.copy(self.content[first:after], self.origins.source(first))
