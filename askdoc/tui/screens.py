"""The screens over the chat: choose from a list, open a document, help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from askdoc import messages
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, wrap
from askdoc.tui.actions import ACTIONS, Group, key_name
from askdoc.tui.lines import Lines, Words, content

GROUPS: Final[tuple[Group, ...]] = ("ask", "read", "document", "keep", "program")

_LISTED: Final = 500
"""Items shown of a list at once; typing narrows it."""


class Item(Struct, frozen=True):
    """Something to choose."""

    value: str
    text: str
    """What it is called; searched as well."""
    note: str = ""
    """A dim word or two beside it."""


class Choose(ModalScreen[str | None]):
    """Choose one of some items; typing narrows them. Gives the item's value, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
    ]

    def __init__(self, title: str, items: Sequence[Item], *, empty: str = "", start: int = 0) -> None:
        super().__init__(classes="choose")
        self._title = title
        self._items = list(items)
        self._empty = empty or messages.say("chat-choose-none")
        self._start = start
        self._shown: list[Item] = []

    def compose(self) -> ComposeResult:
        """Compose a title, a line to type in, the list."""
        with Vertical(classes="box"):
            yield Words(Run(self._title, "heading"), classes="box-title")
            yield Input(placeholder=self.placeholder, id="filter")
            yield OptionList(id="items", markup=False)
            yield Words(Run(messages.say("chat-help-close"), "dim"))

    @property
    def placeholder(self) -> str:
        """What the line to type in says while it is empty."""
        return messages.say("chat-filter")

    def on_mount(self) -> None:
        """List all items."""
        self.fill("")
        listed = self.query_one(OptionList)
        if self._start and listed.option_count > self._start:
            listed.highlighted = self._start

    def found(self, words: str) -> list[Item]:
        """Return the items with all words typed."""
        terms = words.casefold().split()
        return [item for item in self._items if all(term in f"{item.text} {item.note}".casefold() for term in terms)]

    def fill(self, words: str) -> None:
        """List what fits."""
        self._shown = self.found(words)[:_LISTED]
        listed = self.query_one(OptionList)
        listed.clear_options()
        if not self._shown:
            listed.add_option(Option(content([[Run(self._empty, "dim")]]), disabled=True))
            return
        listed.add_options([Option(_option(item)) for item in self._shown])
        listed.highlighted = 0

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self.fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the marked item at Enter."""
        event.stop()
        highlighted = self.query_one(OptionList).highlighted
        self.chosen(self._shown[highlighted] if highlighted is not None and highlighted < len(self._shown) else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take an item at a click."""
        event.stop()
        if event.option_index < len(self._shown):
            self.chosen(self._shown[event.option_index])

    def chosen(self, item: Item | None) -> None:
        """Give the chosen item and go."""
        if item is not None:
            self.dismiss(item.value)

    def action_move(self, by: int) -> None:
        """Move the mark while typing goes on."""
        listed = self.query_one(OptionList)
        if self._shown:
            listed.highlighted = max(0, min((listed.highlighted or 0) + by, len(self._shown) - 1))

    def action_close(self) -> None:
        """Go without choosing."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Close at a click beside the box."""
        if event.widget is self:
            self.dismiss(None)


def _option(item: Item) -> Content:
    runs = [Run(" ".join(display(item.text).split()) or " ")]
    if item.note:
        runs.append(Run("  " + " ".join(display(item.note).split()), "dim"))
    return content([runs])


class OpenFile(Choose):
    """Choose a document: recent ones, the files of a folder, or a path that is typed or pasted."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False, priority=True)]

    def __init__(self, folder: Path, recent: Sequence[str], readable: Callable[[Path], bool]) -> None:
        super().__init__(messages.say("chat-open-title"), [], empty=messages.say("chat-open-none"))
        self._folder = folder
        self._recent = list(recent)
        self._readable = readable

    @property
    def placeholder(self) -> str:
        """How to use it."""
        return messages.say("chat-open-path")

    def found(self, words: str) -> list[Item]:
        """Return recent documents and the files of the folder; of another folder where the words are a path."""
        typed = words.strip().strip("'\"")
        folder, part = self._folder, typed
        if "/" in typed or "\\" in typed or typed in ("~", ".."):
            path = Path(typed).expanduser()
            path = path if path.is_absolute() else self._folder / path
            whole = typed.endswith(("/", "\\")) or typed in ("~", "..")
            folder, part = (path, "") if whole else (path.parent, path.name)
        part = part.casefold()
        items = [
            Item(recent, Path(recent).name, messages.say("chat-recent") + f"  {Path(recent).parent}")
            for recent in self._recent
            if part in Path(recent).name.casefold() and folder == self._folder
        ]
        return items + self._listed(folder, part)

    def _listed(self, folder: Path, part: str) -> list[Item]:
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: (not entry.is_dir(), entry.name.casefold()))
        except OSError:
            return []
        items = []
        if folder.parent != folder and not part:
            items.append(Item(str(folder.parent) + "/", "../", messages.say("chat-folder")))
        for entry in entries[:5000]:
            if entry.name.startswith(".") or part not in entry.name.casefold():
                continue
            try:
                if entry.is_dir():
                    items.append(Item(str(entry) + "/", entry.name + "/", messages.say("chat-folder")))
                elif self._readable(entry):
                    items.append(Item(str(entry), entry.name))
            except OSError:
                continue
        return items

    def chosen(self, item: Item | None) -> None:
        """Enter a folder; give a file, or a path that was typed in full."""
        typed = self.query_one(Input)
        path = Path(typed.value.strip().strip("'\"")).expanduser()
        if item is None or (typed.value.strip() and path.is_file()):
            if typed.value.strip():
                self.dismiss(str(path))
        elif item.value.endswith("/"):
            typed.value = item.value
            typed.cursor_position = len(typed.value)
        else:
            self.dismiss(item.value)

    def action_complete(self) -> None:
        """Put the marked item's path into the line."""
        highlighted = self.query_one(OptionList).highlighted
        typed = self.query_one(Input)
        if highlighted is not None and highlighted < len(self._shown):
            typed.value = self._shown[highlighted].value
            typed.cursor_position = len(typed.value)


class HelpLines(Lines):
    """Keys and what they do."""

    def laid(self, width: int) -> list[Line]:
        """Lay out a table for each group, keys to the left."""
        lines: list[Line] = []
        for group in GROUPS:
            lines += wrap([Run(messages.say(f"chat-help-{group}"), "heading")], width)
            rows = (
                [tuple(row.split("\t", 1)) for row in messages.say("chat-help-keys").split("\n")]
                if group == "ask"
                else []
            )
            for action in (action for action in ACTIONS if action.group == group):
                keys = ", ".join(key_name(key) for key in action.keys.split(",")) if action.keys else f"/{action.id}"
                rows.append((keys, action.name))
            for keys, what in rows:
                lines += _row(keys, what, width)
            lines.append([])
        for key in ("chat-help-card", "chat-help-words", "chat-source-hint"):
            lines += [*wrap([Run(messages.say(key))], width), []]
        return lines[:-1]


def _row(keys: str, what: str, width: int) -> list[Line]:
    side = min(20, width // 2)
    left = wrap([Run(keys, "key")], side - 1)
    right = wrap([Run(what)], width - side)
    lines: list[Line] = []
    for row in range(max(len(left), len(right))):
        first = left[row] if row < len(left) else []
        from askdoc.text.wrap import columns

        lines.append([*first, Run(" " * (side - columns(first))), *(right[row] if row < len(right) else [])])
    return lines


class Help(ModalScreen[None]):
    """Every key and command."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q,enter", "dismiss", show=False)]

    def compose(self) -> ComposeResult:
        """Compose a box that scrolls."""
        with Vertical(classes="box"):
            yield Words(Run(messages.say("chat-help-title"), "heading"), classes="box-title")
            with VerticalScroll():
                yield HelpLines()
            yield Words(Run(messages.say("chat-help-close"), "dim"))

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_click(self, event: events.Click) -> None:
        """Close at a click beside the box."""
        if event.widget is self:
            self.dismiss()


class AskWords(ModalScreen[str | None]):
    """A line to type some words in. Gives them, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    def __init__(self, title: str, words: str = "") -> None:
        super().__init__(classes="choose")
        self._title = title
        self._words = words

    def compose(self) -> ComposeResult:
        """Compose a title and a line."""
        with Vertical(classes="box"):
            yield Words(Run(self._title, "heading"), classes="box-title")
            yield Input(self._words, select_on_focus=True)
            yield Words(Run(messages.say("chat-help-close"), "dim"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the words at Enter."""
        event.stop()
        self.dismiss(event.value.strip() or None)

    def action_close(self) -> None:
        """Go without words."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Close at a click beside the box."""
        if event.widget is self:
            self.dismiss(None)
