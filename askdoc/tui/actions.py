"""Everything the chat can do, in one table: keys, the footer, the palette, help and typed commands are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct
from textual.binding import Binding

from askdoc import messages

Group = Literal["ask", "read", "document", "keep", "program"]


class Action(Struct, frozen=True):
    """Something the chat does."""

    id: str
    """Its name: the method ``action_<id>`` of the app, the id by which a person remaps its key."""
    keys: str
    """Its keys, separated by commas, the first one shown; may be empty."""
    group: Group
    footer: int = 0
    """Its place in the footer, 1 first; 0 = not there."""

    @property
    def name(self) -> str:
        """Its name in the interface's language."""
        return messages.say(f"chat-do-{self.id}")

    @property
    def names(self) -> tuple[str, str]:
        """Its name in English and in Chinese."""
        return messages.say(f"chat-do-{self.id}", "en"), messages.say(f"chat-do-{self.id}", "zh")

    @property
    def short(self) -> str:
        """Its name in the footer."""
        return messages.say(f"chat-key-{self.id}")


ACTIONS: Final = (
    Action("help", "f1", "program", 1),
    Action("language", "f6", "read", 2),
    Action("source", "f7,ctrl+b", "read", 3),
    Action("turn", "f8", "read", 8),
    Action("copy", "f4,ctrl+y", "keep", 7),
    Action("places", "f5", "ask", 4),
    Action("alone", "f9", "ask"),
    Action("section", "alt+s", "ask"),
    Action("previous_card", "alt+up,ctrl+up", "read"),
    Action("next_card", "alt+down,ctrl+down", "read"),
    Action("more", "alt+m", "read"),
    Action("outline", "ctrl+t", "read"),
    Action("find", "ctrl+f", "read"),
    Action("find_next", "f3", "read"),
    Action("history", "ctrl+r", "ask"),
    Action("open_document", "f2,ctrl+o", "document", 6),
    Action("reread", "alt+r", "document"),
    Action("export", "ctrl+s", "keep"),
    Action("conversations", "ctrl+g", "keep"),
    Action("new", "ctrl+n", "ask"),
    Action("interface", "alt+i", "program"),
    Action("theme", "", "program"),
    Action("semantic", "", "program"),
    Action("palette", "ctrl+p", "program", 5),
    Action("leave", "ctrl+q", "program", 9),
)

BY_ID: Final[Mapping[str, Action]] = {action.id: action for action in ACTIONS}


def bindings() -> list[Binding]:
    """Return the keys of all actions, each remappable by the action's id."""
    return [
        Binding(action.keys, action.id, show=False, priority=True, id=action.id) for action in ACTIONS if action.keys
    ]


def key_name(keys: str) -> str:
    """Return the first of an action's keys as it is printed on a keyboard: ``F6``, ``Ctrl+B``, ``Alt+Up``."""
    first = keys.split(",")[0]
    return "+".join(
        part.upper() if len(part) == 1 or part[1:].isdigit() else part.capitalize() for part in first.split("+")
    )


def typed(text: str) -> Action | None:
    """Return the action that a typed command names, ``/help`` or ``/帮助``: by id, or by the start of a name."""
    word = text.removeprefix("/").strip().casefold()
    if not text.startswith("/") or not word or "\n" in word:
        return None
    for action in ACTIONS:
        if word in (action.id, *(name.casefold() for name in action.names)):
            return action
    near = [
        action for action in ACTIONS if any(name.casefold().startswith(word) for name in (action.id, *action.names))
    ]
    return near[0] if len(near) == 1 else None
