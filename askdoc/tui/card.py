"""A passage of an answer: its citation, its text with the marks, and its counterpart in the other language."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from askdoc import messages
from askdoc.model import LANGUAGES, Answer, AnswerLanguage, Hit, Language, other
from askdoc.presentation.wording import counterpart, language_name, marked
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, beside, wrap
from askdoc.tui.lines import Lines, button, clipped

Detail = Literal["short", "full", "both"]
"""How much a card shows: the lines about the answer sentence; the passage; the passage and its counterpart."""

BESIDE: Final = 84
"""From this many columns on, the two versions of a card stand side by side."""

_SHORT: Final = {1: 7, 2: 4}
"""The lines of a short card: the first hit's; every other's (under 2)."""


class Card(Lines, can_focus=True):
    """A hit of an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", show=False),
        Binding("space", "more", show=False),
        Binding("left,right", "turn", show=False),
    ]

    class Opened(Message):
        """The citation was activated: the source goes to it."""

        def __init__(self, card: Card) -> None:
            super().__init__()
            self.card = card

    def __init__(self, hit: Hit, answer: Answer, mode: AnswerLanguage) -> None:
        super().__init__(classes="card")
        self.hit = hit
        self.answer = answer
        self._mode = mode
        self._turned: Language | None = None
        self.detail: Detail = "short"

    # --- what is shown -----------------------------------------------------------------------------------------

    @property
    def shown(self) -> Language:
        """The version that stands first: the one it was turned to, else the answer language's where there is one."""
        if self._turned is not None:
            return self._turned
        preferred = self.answer.language if self._mode in ("auto", "both") else self._mode
        for language in LANGUAGES:
            if language == preferred and language in self.hit.versions:
                return language
        return self.hit.shown if self.hit.shown in self.hit.versions else next(iter(self.hit.versions))

    @property
    def shows(self) -> tuple[Language, ...]:
        """The versions that are shown whole."""
        both = self.detail == "both" or self._mode == "both"
        return tuple(
            language
            for language in (self.shown, other(self.shown))
            if language in self.hit.versions and (language == self.shown or both)
        )

    def set_mode(self, mode: AnswerLanguage) -> None:
        """Follow another answer language; a card that was turned by hand goes with it."""
        self._mode = mode
        self._turned = None
        self.again()

    def action_turn(self) -> None:
        """Show the other version instead of this one."""
        if other(self.shown) in self.hit.versions:
            self._turned = other(self.shown)
            self.again()
        else:
            self.notify(self._note(), timeout=4, markup=False)

    def action_more(self) -> None:
        """Show more of the passage, then its counterpart too, then little again."""
        order: tuple[Detail, ...] = ("short", "full", "both") if len(self.hit.versions) == 2 else ("short", "full")
        self.detail = order[(order.index(self.detail) + 1) % len(order)] if self.detail in order else "short"
        self.again()
        self.scroll_visible(animate=False)

    def action_open(self) -> None:
        """Open the citation in the source."""
        self.post_message(self.Opened(self))

    def on_click(self, event: events.Click) -> None:
        """Open the citation at a click on it; a click on the text only chooses the card, so that text can be selected."""
        super().on_click(event)

    def on_focus(self) -> None:
        """Mark the chosen card."""
        self.again()

    def on_blur(self) -> None:
        """Unmark the card."""
        self.again()

    # --- its lines ---------------------------------------------------------------------------------------------

    def laid(self, width: int) -> list[Line]:
        """Lay out the citation, how the versions belong together, the text, the counterpart."""
        indent = 4 if width >= 60 else 2
        room = width - indent
        version = self.hit.versions[self.shown]
        chosen = "current" if self.has_focus else "key"
        head = [Run(f"[{self.hit.rank}]", chosen), Run(" ")]
        label = button(display(version.label), f"open:{self.hit.rank}", "label")
        lines = wrap([*head, label], width)
        lines.append(clipped([Run(self._note(), "dim")], room))
        lines[1:] = [[Run(" " * indent), *line] for line in lines[1:]]
        return [*lines, *([Run(" " * indent), *line] for line in self._body(room))]

    def _note(self) -> str:
        return (
            display(counterpart(self.hit, self.answer))
            if self.hit.alignment != "paired"
            else messages.say("render-paired", other=language_name(other(self.shown)))
        )

    def _body(self, room: int) -> list[Line]:
        shows = self.shows
        if len(shows) == 2 and room >= BESIDE:
            half = (room - 3) // 2
            sides = [wrap(marked(self.hit.versions[language]), half) for language in LANGUAGES]
            return beside(sides[0], sides[1], half)
        if len(shows) == 2:
            lines: list[Line] = []
            for language in shows:
                lines.append([Run(language_name(language), "dim")])
                lines += wrap(marked(self.hit.versions[language]), room)
            return lines
        lines = wrap(marked(self.hit.versions[self.shown]), room)
        if self.detail == "short":
            lines = _short(lines, _SHORT[min(self.hit.rank, 2)], room)
        return [*lines, *self._counterpart_line(room)]

    def _counterpart_line(self, room: int) -> list[Line]:
        language = other(self.shown)
        version = self.hit.versions.get(language)
        name = language_name(language)
        if version is None:
            return []  # said beside the citation
        start, end = version.sentence or (0, len(version.text))
        runs = [Run(f"{name}: ", "dim"), Run(" ".join(display(version.text[start:end]).split()), "dim")]
        return [clipped(runs, room)]


def _short(lines: list[Line], most: int, room: int) -> list[Line]:
    """Cut to the lines about the answer sentence, and say how many are left out before and after."""
    if len(lines) <= most + 2:
        return lines
    marks = [row for row, line in enumerate(lines) if any(run.style.startswith("sentence") for run in line)] or [0]
    first = max(min(marks[0] - 1, len(lines) - most), 0)
    first = 0 if first == 1 else first
    last = first + max(most, min(marks[-1] + 1 - first, most + 4))
    rest = len(lines) - last
    shown = lines[first:last] if rest > 1 else lines[first:]
    above = [clipped([button(messages.say("chat-lines-above", count=first), "more", "dim")], room)] if first else []
    below = [clipped([button(messages.say("chat-lines-below", count=rest), "more", "dim")], room)] if rest > 1 else []
    return [*above, *shown, *below]
