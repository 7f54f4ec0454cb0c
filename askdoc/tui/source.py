"""The document beside the conversation: both languages, the cited passage marked, sections as an outline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message

from askdoc import messages
from askdoc.model import LANGUAGES, AnsweredVersion, Hit, Language, ShownPassage, other
from askdoc.presentation.wording import language_name, marked
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, beside, wrap
from askdoc.tui.bars import PlaceLine
from askdoc.tui.lines import Lines, clipped

if TYPE_CHECKING:
    from askdoc.index import Index

BESIDE: Final = 72
"""From this many columns on, the two languages stand side by side."""

_AROUND: Final = 30
"""Passages read before and after the one that is gone to, and more each time an edge is neared."""

_MOST: Final = 240
"""Passages kept laid out; beyond, those farthest from the edge in view go."""


class SourceText(Lines, can_focus=True):
    """A window of a document's passages that grows where it is scrolled to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("enter", "ask_about", show=False),
        Binding("space", "cite", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    class AskAbout(Message):
        """A passage was chosen to ask about, or (``cite``) to be put into the conversation."""

        def __init__(self, passage: ShownPassage, *, cite: bool) -> None:
            super().__init__()
            self.passage = passage
            self.cite = cite

    class Moved(Message):
        """The mark stands at another passage, at ``position`` (0-based) of the document."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    def __init__(self) -> None:
        super().__init__(id="source-text")
        self.document = ""
        self.first = 0
        self.total = 0
        self.current = 0
        self.passages: list[ShownPassage] = []
        self._index: Index | None = None
        self._marks: Mapping[str, Mapping[Language, AnsweredVersion]] = {}
        self._starts: list[int] = []
        self._blocks: dict[tuple[int, int, bool], list[Line]] = {}

    # --- going somewhere ---------------------------------------------------------------------------------------

    def show(self, index: Index, document: str, position: int, total: int, hit: Hit | None = None) -> None:
        """Show a document about the passage at ``position`` (0-based), with the marks of a hit."""
        if index is not self._index or document != self.document or not self._holds(position):
            self.first = max(position - _AROUND, 0)
            self.passages = index.stretch(document, self.first, 2 * _AROUND)
        self._index, self.document, self.total = index, document, total
        self._marks = {hit.passage_id: hit.versions} if hit else {}
        self.current = position
        self._blocks.clear()
        self.again()

    def clear(self) -> None:
        """Show nothing."""
        self._index, self.document, self.passages, self.total = None, "", [], 0
        self._marks = {}
        self._blocks.clear()
        self.again()

    def _holds(self, position: int) -> bool:
        return self.first <= position < self.first + len(self.passages)

    @property
    def chosen(self) -> ShownPassage | None:
        """The passage at which the mark stands."""
        return self.passages[self.current - self.first] if self._holds(self.current) else None

    def row_of(self, position: int) -> tuple[int, int]:
        """Return the first row of a passage, and how many it takes."""
        self.lines(max(self.content_size.width, 2))
        place = position - self.first
        if not 0 <= place < len(self._starts):
            return 0, 1
        end = (
            self._starts[place + 1]
            if place + 1 < len(self._starts)
            else len(self.lines(max(self.content_size.width, 2)))
        )
        return self._starts[place], end - self._starts[place]

    def move_to(self, position: int) -> None:
        """Put the mark at another passage, and read on where that one is not loaded."""
        position = max(0, min(position, self.total - 1))
        if self._index is None or self.total == 0:
            return
        if not self._holds(position):
            self.show(self._index, self.document, position, self.total)
        self.current = position
        self._blocks = {key: lines for key, lines in self._blocks.items() if not key[2]}
        self.again()
        self.post_message(self.Moved(position))
        self.call_after_refresh(self._to_current)

    def _to_current(self) -> None:
        pane = self.parent
        if isinstance(pane, VerticalScroll):
            row, height = self.row_of(self.current)
            top, shown = pane.scroll_offset.y, pane.size.height
            if row < top or row + min(height, shown) > top + shown:
                pane.scroll_to(y=max(row - 1, 0), animate=False)

    def action_step(self, by: int) -> None:
        """Move the mark to the passage before or after."""
        self.move_to(self.current + by)

    def action_edge(self, side: int) -> None:
        """Move the mark to the document's first or last passage."""
        self.move_to(0 if side < 0 else self.total - 1)

    def action_ask_about(self) -> None:
        """Ask about the marked passage."""
        if self.chosen is not None:
            self.post_message(self.AskAbout(self.chosen, cite=False))

    def action_cite(self) -> None:
        """Put the marked passage into the conversation."""
        if self.chosen is not None:
            self.post_message(self.AskAbout(self.chosen, cite=True))

    def on_click(self, event: events.Click) -> None:
        """Put the mark where a click was."""
        rows = [row for row, start in enumerate(self._starts) if start <= event.y]
        if rows and self.passages:
            self.focus()
            position = self.first + rows[-1]
            if position != self.current:
                self.move_to(position)

    # --- growing -----------------------------------------------------------------------------------------------

    def grow(self, side: int) -> int:
        """Read on before (-1) or after (1), and return the rows by which what is in view moved down."""
        if self._index is None:
            return 0
        before = self.row_of(self.current)[0] if self._holds(self.current) else 0
        width = max(self.content_size.width, 2)
        rows = len(self.lines(width))
        if side < 0:
            start = max(self.first - _AROUND, 0)
            added = self._index.stretch(self.document, start, self.first - start)
            self.passages = [*added, *self.passages][:_MOST]
            self.first = start
            self._laid = None
            moved = len(self.lines(width)) - rows if len(self.passages) < _MOST else self._height(0, len(added), width)
        else:
            end = self.first + len(self.passages)
            added = self._index.stretch(self.document, end, _AROUND)
            dropped = max(len(self.passages) + len(added) - _MOST, 0)
            moved = -self._height(0, dropped, width)
            self.passages = [*self.passages, *added][dropped:]
            self.first += dropped
        del before
        self.again()
        return moved

    def _height(self, start: int, stop: int, width: int) -> int:
        lines = len(self.lines(width))
        ends = [*self._starts, lines]
        return ends[min(stop, len(ends) - 1)] - ends[min(start, len(ends) - 1)]

    @property
    def more(self) -> tuple[bool, bool]:
        """Whether the document goes on before and after what is loaded."""
        return self.first > 0, self.first + len(self.passages) < self.total

    # --- its lines ---------------------------------------------------------------------------------------------

    def laid(self, width: int) -> list[Line]:
        """Lay out the passages with their headings, side by side where there is room."""
        lines: list[Line] = []
        self._starts = []
        if not self.passages:
            return wrap([Run(messages.say("chat-source-empty"), "dim")], width)
        before: ShownPassage | None = None
        for position, passage in enumerate(self.passages, start=self.first):
            self._starts.append(len(lines))
            lines += _headings(before, passage, width)
            key = (position, width, position == self.current)
            if key not in self._blocks:
                self._blocks[key] = self._block(passage, width, current=position == self.current)
            lines += self._blocks[key]
            before = passage
        return lines

    def _block(self, passage: ShownPassage, width: int, *, current: bool) -> list[Line]:
        versions = self._marks.get(passage.passage_id, passage.versions)
        style = "current" if current else "dim"
        first = next(iter(versions.values()))
        where = versions.get(messages.interface(), first)
        number = messages.say("label-line", number=where.place.lines[0])
        alignment = "" if passage.alignment == "paired" else "  " + messages.say(f"chat-alignment-{passage.alignment}")
        head = clipped([Run(f"{number}{alignment}", style)], width)
        room = width - 2
        if len(versions) == 2 and room >= BESIDE:
            half = (room - 3) // 2
            body = beside(wrap(marked(versions["en"]), half), wrap(marked(versions["zh"]), half), half)
        else:
            body = []
            for language in (language for language in LANGUAGES if language in versions):
                body += wrap(marked(versions[language]), room)
            if len(versions) == 1:
                missing = language_name(other(next(iter(versions))))
                body += wrap([Run(messages.say("chat-no-counterpart", name=missing), "dim")], room)
        bar = Run(" ", "bar" if current else "")
        return [[bar, Run(" "), *line] for line in [head, *body]] + [[]]


def _headings(before: ShownPassage | None, passage: ShownPassage, width: int) -> list[Line]:
    """Return the headings that begin before a passage, in each of its languages."""
    lines: list[Line] = []
    for language in (language for language in LANGUAGES if language in passage.versions):
        path = passage.versions[language].section
        old = before.versions[language].section if before and language in before.versions else ()
        if path and path != old:
            lines += wrap([Run(" ".join(display(path[-1]).split()), "heading")], width)
    return [*lines, []] if lines else []


class SourceScroll(VerticalScroll, can_focus=False):
    """Where the text scrolls; reads on near its edges."""

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Read more of the document near an edge."""
        super().watch_scroll_y(old, new)
        text = self.query_one(SourceText)
        above, below = text.more
        if above and new < self.size.height and new < old:
            moved = text.grow(-1)
            self.call_after_refresh(self.scroll_to, y=new + moved, animate=False)
        elif below and new > text.size.height - 2 * self.size.height and new > old:
            moved = text.grow(1)
            if moved:
                self.call_after_refresh(self.scroll_to, y=new + moved, animate=False)


class SourcePane(Vertical):
    """The document beside the conversation."""

    class Closed(Message):
        """The pane should close."""

    def __init__(self) -> None:
        super().__init__(id="source")

    def compose(self) -> ComposeResult:
        """Compose the title and the text."""
        yield PlaceLine()
        with SourceScroll(id="source-scroll"):
            yield SourceText()

    @property
    def text(self) -> SourceText:
        """The text."""
        return self.query_one(SourceText)

    def show(self, index: Index, document: str, position: int, hit: Hit | None = None) -> None:
        """Go to the passage at ``position`` of a document."""
        summary = next(summary for summary in index.documents() if summary.name == document)
        title = summary.title.get(messages.interface()) or next(iter(summary.title.values()), "") or document
        line = self.query_one(PlaceLine)
        line.document, line.position, line.total = " ".join(display(title).split()), position, summary.passages
        line.again()
        self.text.show(index, document, position, summary.passages, hit)
        self.call_after_refresh(self._settle)

    def on_resize(self) -> None:
        """Keep the mark in view at another width."""
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        if self.text.content_size.width < 4:  # not laid out yet: :meth:`on_resize` comes back here
            return
        row, _ = self.text.row_of(self.text.current)
        self.query_one(SourceScroll).scroll_to(y=max(row - 2, 0), animate=False)

    def on_source_text_moved(self, event: SourceText.Moved) -> None:
        """Show in the title where the mark stands."""
        line = self.query_one(PlaceLine)
        line.position = event.position
        line.again()

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """Close the pane at a click on the cross."""
        if event.target == "close":
            event.stop()
            self.post_message(self.Closed())
