"""Where questions are typed: grows with the text, remembers what was asked, completes the document's own words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from askdoc.text.cleaning import display

_PASTED_LINES: Final = 200
"""Lines of a paste that are kept: a question is no document, and ten thousand lines would stop the screen."""

_PASTED: Final = 4000
"""Characters of a paste that are kept; the question's own limit is told when it is asked."""


class Prompt(TextArea):
    """A question, one line or several. Enter asks, Ctrl+J (or Shift+Enter, where the terminal tells it) breaks the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter,alt+enter", "newline", show=False),
        Binding("tab", "complete", show=False),
    ]

    DEFAULT_CSS = """
    Prompt {
        height: auto; max-height: 6; min-height: 1; border: none; padding: 0; width: 1fr;
        background: transparent; scrollbar-size-vertical: 1;
        &:focus { border: none; }
    }
    """

    class Asked(Message):
        """Enter was pressed on a text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Dropped(Message):
        """Paths of files were pasted, as terminals do where files are dropped on them."""

        def __init__(self, paths: Sequence[Path]) -> None:
            super().__init__()
            self.paths = tuple(paths)

    def __init__(self, complete: Callable[[str], Sequence[str]]) -> None:
        super().__init__(id="prompt", soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
        self._complete = complete
        self.asked: list[str] = []
        self._recalled: int | None = None
        self._draft = ""

    # --- asking ------------------------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            if self.text.strip():
                self.post_message(self.Asked(self.text.strip()))
            return
        if event.key == "up" and self.cursor_location[0] == 0 and self._first_row():
            event.stop()
            event.prevent_default()
            self._recall(-1)
            return
        if (
            event.key == "down"
            and self._recalled is not None
            and self.cursor_location[0] == self.document.line_count - 1
        ):
            event.stop()
            event.prevent_default()
            self._recall(1)
            return
        await super()._on_key(event)

    def _first_row(self) -> bool:
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def remember(self, text: str) -> None:
        """Put a question among those that Up brings back."""
        if not self.asked or self.asked[-1] != text:
            self.asked.append(text)
        self._recalled, self._draft = None, ""

    def _recall(self, by: int) -> None:
        """Go to the question before or after in the history; what was being typed comes back at its end."""
        if not self.asked:
            return
        if self._recalled is None:
            self._draft, position = self.text, len(self.asked)
        else:
            position = self._recalled
        position = max(position + by, 0)
        if position >= len(self.asked):
            self._recalled = None
            self.put(self._draft)
        else:
            self._recalled = position
            self.put(self.asked[position], keep=True)

    def put(self, text: str, *, keep: bool = False) -> None:
        """Replace what is typed, the cursor at its end."""
        if not keep:
            self._recalled = None
        self.text = text
        self.move_cursor(self.document.end)

    # --- completing --------------------------------------------------------------------------------------------

    def update_suggestion(self) -> None:
        """Show how the word being typed goes on in the document, where one word does."""
        self.suggestion = ""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column != len(line) or row != self.document.line_count - 1 or not line.strip():
            return
        for word in self._complete(line):
            rest = continuation(line, word)
            if rest:
                self.suggestion = display(rest)
                return

    def action_complete(self) -> None:
        """Take the suggestion; without one, the focus goes on."""
        if self.suggestion:
            self.insert(self.suggestion)
        else:
            self.screen.focus_next()

    # --- pasting -----------------------------------------------------------------------------------------------

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        paths = dropped_paths(event.text)
        if paths and not self.text.strip():
            self.post_message(self.Dropped(paths))
            return
        text = "\n".join(event.text[:_PASTED].splitlines()[:_PASTED_LINES])
        self.insert(display(text))
        self.focus()


def continuation(line: str, word: str) -> str:
    """Return what is missing of ``word`` after ``line``: the rest beyond the longest line end that begins it."""
    folded, lowered = word.casefold(), line.casefold()
    if len(folded) != len(word) or len(lowered) != len(line):
        return ""
    for size in range(min(len(word) - 1, len(line)), 0, -1):
        if lowered.endswith(folded[:size]):
            return word[size:]
    return ""


def dropped_paths(text: str) -> list[Path]:
    """Return the files that a pasted text names, quoted or with blanks escaped; empty where it is no path."""
    import shlex
    from urllib.parse import unquote, urlsplit

    text = text.strip()
    if not text or len(text) > 4096 or "\0" in text:
        return []
    candidates = [[text], text.splitlines()]
    with contextlib.suppress(ValueError):
        candidates.append(shlex.split(text))
    for names in candidates:
        paths = []
        for name in names:
            plain = unquote(urlsplit(name).path) if name.startswith("file://") else name.strip("'\"")
            paths.append(Path(plain).expanduser())
        try:
            if (
                paths
                and all(path.is_file() for path in paths)
                and any(len(path.parts) > 1 or path.suffix for path in paths)
            ):
                return paths
        except OSError:
            continue
    return []
