"""Widgets that lay out their own lines: text wraps as on the command line, and never meets a markup parser.

Textual breaks Chinese as if a sentence were one word. Here :mod:`askdoc.text.wrap` breaks it, and a line is handed to
Textual as ``Content`` with spans, so that brackets and escape sequences of a document are text and nothing else.
"""

from __future__ import annotations

from typing import Final

from textual import events
from textual.content import Content, Span
from textual.geometry import Size
from textual.message import Message
from textual.selection import Selection
from textual.style import Style
from textual.widget import Widget

from askdoc.text.wrap import Line, Run, wrap

STYLES: Final = {
    "sentence": "bold on $primary-muted",
    "match": "underline",
    "sentence match": "bold underline on $primary-muted",
    "guess": "italic",
    "label": "$text-accent",
    "dim": "$foreground 60%",
    "bold": "bold",
    "heading": "bold $text-primary",
    "good": "bold $text-success",
    "bad": "bold $text-warning",
    "error": "bold $text-error",
    "question": "bold $foreground",
    "key": "bold $text-accent",
    "link": "underline $text-accent",
    "bar": "on $accent",
    "current": "bold $foreground on $primary-muted",
}
"""What the names of runs' styles mean on this screen; colours are the theme's."""

TARGET: Final = "askdoc_target"
"""The name under which a clickable stretch carries what it leads to."""


def button(text: str, target: str, style: str = "link") -> Run:
    """Return a stretch of text that can be clicked: the widget's :class:`Lines.Clicked` carries ``target``."""
    return Run(text, f"{style}@{target}")


def content(lines: list[Line]) -> Content:
    """Return lines of runs as Textual's content; nothing in the text is read as markup."""
    parts: list[str] = []
    spans: list[Span] = []
    position = 0
    for number, line in enumerate(lines):
        if number:
            parts.append("\n")
            position += 1
        for run in line:
            name, _, target = run.style.partition("@")
            end = position + len(run.text)
            if name:
                spans.append(Span(position, end, STYLES[name]))
            if target:
                spans.append(Span(position, end, Style.from_meta({TARGET: target})))
            parts.append(run.text)
            position = end
    return Content("".join(parts), spans)


def clipped(runs: Line, most: int, rest: str = "...") -> Line:
    """Cut a line of runs to ``most`` columns, with ``rest`` where it is longer."""
    lines = wrap(runs, most)
    if len(lines) == 1:
        return lines[0]
    first = wrap(runs, max(most - len(rest), 2))[0]
    return [*first, Run(rest, "dim")]


class Lines(Widget):
    """A widget whose lines are laid out by :meth:`laid` for the width it has."""

    DEFAULT_CSS = "Lines { height: auto; width: 1fr; }"

    class Clicked(Message):
        """A clickable stretch was chosen; ``target`` says which."""

        def __init__(self, widget: Lines, target: str) -> None:
            super().__init__()
            self.widget = widget
            self.target = target

        @property
        def control(self) -> Lines:
            """The widget that was clicked."""
            return self.widget

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._laid: tuple[int, list[Line]] | None = None

    def laid(self, width: int) -> list[Line]:
        """Return the lines for a width in columns."""
        raise NotImplementedError

    def lines(self, width: int) -> list[Line]:
        """Return the lines for a width, cached until :meth:`again`."""
        if self._laid is None or self._laid[0] != width:
            self._laid = width, self.laid(width)
        return self._laid[1]

    def again(self) -> None:
        """Lay out anew: what is shown has changed."""
        self._laid = None
        if self.is_attached:
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Take all the width there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take as many rows as there are lines."""
        return len(self.lines(max(width, 2)))

    def render(self) -> Content:
        """Return the lines as content."""
        return content(self.lines(max(self.content_size.width, 2)))

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, without the line ends that only the width made."""
        from askdoc.tui.copying import unwrapped

        rows = ["".join(run.text for run in line) for line in self.lines(max(self.content_size.width, 2))]
        return unwrapped(selection.extract("\n".join(rows))), "\n"

    def on_click(self, event: events.Click) -> None:
        """Turn a click on a clickable stretch into a message."""
        target = event.style.meta.get(TARGET)
        if target is not None:
            event.stop()
            self.post_message(self.Clicked(self, str(target)))


class Words(Lines):
    """Some runs of text, wrapped."""

    def __init__(self, *runs: Run, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._runs = list(runs)

    def laid(self, width: int) -> list[Line]:
        """Wrap the runs."""
        return wrap(self._runs, width)

    def set(self, *runs: Run) -> None:
        """Show other runs."""
        self._runs = list(runs)
        self.again()
