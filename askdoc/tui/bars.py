"""The line at the top, which says what is asked and how, and the line of keys at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from askdoc import messages
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, columns
from askdoc.tui.lines import Lines, button, clipped


class TitleLine(Lines):
    """The document's title to the left, the answer language and the section to the right."""

    def __init__(self) -> None:
        super().__init__(id="title")
        self.document = ""
        self.mode = "auto"
        self.section: tuple[str, ...] | None = None

    def laid(self, width: int) -> list[Line]:
        """Lay out one line."""
        mode = messages.say("chat-mode", mode=messages.say(f"chat-mode-{self.mode}"))
        right: Line = [button(mode, "do:language", "key")]
        if self.section:
            name = " ".join(display(self.section[-1]).split())
            right = [*clipped([button(name, "do:section", "bad")], max(width // 3, 8)), Run("  "), *right]
        room = max(width - columns(right) - 2, 0)
        left = clipped([Run("askdoc  ", "bold"), Run(" ".join(display(self.document).split()), "dim")], max(room, 2))
        if columns(left) > room:
            left = []
        return [[*left, Run(" " * max(width - columns(left) - columns(right), 0)), *right]]


class KeyBar(Lines):
    """The keys that work now, as many as there is room for; each can be clicked."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: tuple[tuple[str, str, str], ...] = ()

    def set(self, keys: Sequence[tuple[str, str, str]]) -> None:
        """Show keys: what is printed on them, what they do in a word, what a click leads to."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.again()

    def laid(self, width: int) -> list[Line]:
        """Lay out one line."""
        line: Line = []
        for key, what, target in self._keys:
            more = [Run("  " if line else ""), button(key, target, "key"), Run(" "), button(what, target, "dim")]
            if columns([*line, *more]) > width:
                break
            line += more
        return [line]


class PlaceLine(Lines):
    """The source's title, where in it one is, and a cross to close it."""

    def __init__(self) -> None:
        super().__init__(id="source-title")
        self.document = ""
        self.position = 0
        self.total = 0

    def laid(self, width: int) -> list[Line]:
        """Lay out one line."""
        if not self.total:
            return [[]]
        where = messages.say("chat-source-place", at=self.position + 1, total=self.total)
        right: Line = [Run(where + "  ", "dim"), button("[x]", "close", "key")]
        left = clipped([Run(self.document, "bold")], max(width - columns(right) - 2, 2))
        return [[*left, Run(" " * max(width - columns(left) - columns(right), 1)), *right]]
