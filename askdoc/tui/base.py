"""The chat's screen: what stands on it, and what every part of the app needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from askdoc import messages
from askdoc.model import AnswerLanguage
from askdoc.text.cleaning import display
from askdoc.text.wrap import Run
from askdoc.tui.actions import ACTIONS, BY_ID, bindings, key_name
from askdoc.tui.bars import KeyBar, TitleLine
from askdoc.tui.card import Card
from askdoc.tui.lines import Lines, Words
from askdoc.tui.prompt import Prompt
from askdoc.tui.session import Session
from askdoc.tui.source import SourcePane, SourceText
from askdoc.tui.turn import TurnView
from askdoc.tui.views import Greeting, PlacesView, ProgressLine

WIDE: Final = 110
"""From this many columns on, the source stands beside the conversation; under it, in its place."""

MODES: Final[tuple[AnswerLanguage, ...]] = ("auto", "en", "zh", "both")


class Transcript(VerticalScroll, can_focus=False):
    """Where questions and answers follow one another."""


class ChatBase(App[None]):
    """What stands on the screen."""

    CSS_PATH = Path(__file__).parent / "chat.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        *(Binding(f"alt+{digit}", f"cite({digit})", show=False, priority=True) for digit in range(1, 10)),
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("escape", "back", show=False),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("ctrl+home", "page(-1000)", show=False, priority=True),
        Binding("ctrl+end", "page(1000)", show=False, priority=True),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.mode: AnswerLanguage = "auto"
        self._card: Card | None = None

    def compose(self) -> ComposeResult:
        """Compose title, conversation and source, prompt, keys."""
        yield TitleLine()
        with Horizontal(id="body"):
            with Vertical(id="chat"):
                with Transcript(id="transcript"):
                    yield Greeting()
                yield ProgressLine()
                yield Words(id="notice")
                with Horizontal(id="ask"):
                    yield Words(Run("> ", "key"), id="mark")
                    yield Prompt(self.completions)
            yield SourcePane()
        yield KeyBar()

    # --- the parts ---------------------------------------------------------------------------------------------

    @property
    def transcript(self) -> Transcript:
        """Where questions and answers stand."""
        return self._base.query_one(Transcript)

    @property
    def prompt(self) -> Prompt:
        """Where questions are typed."""
        return self._base.query_one(Prompt)

    @property
    def source(self) -> SourcePane:
        """The document beside the conversation."""
        return self._base.query_one(SourcePane)

    @property
    def _base(self) -> Screen[object]:
        return self.screen_stack[0]

    @property
    def turns(self) -> list[TurnView]:
        """The exchanges that are shown, oldest first."""
        return list(self.transcript.query(TurnView))

    @property
    def in_chat(self) -> bool:
        """Whether nothing stands over the conversation."""
        return not isinstance(self.screen, ModalScreen)

    @property
    def card(self) -> Card | None:
        """The passage that keys act on: the one in focus, the one last in focus, else the last answer's first."""
        focused = self.focused
        if isinstance(focused, Card):
            return focused
        if self._card is not None and self._card.is_attached:
            return self._card
        cards = [card for turn in self.turns[-1:] for card in turn.cards]
        return cards[0] if cards else None

    def completions(self, line: str) -> Sequence[str]:
        """Complete what is typed with words of the document."""
        return ()

    # --- saying things -----------------------------------------------------------------------------------------

    def tell(self, text: str, *, bad: bool = False, seconds: float = 5) -> None:
        """Say something in passing."""
        self.notify(display(text), severity="warning" if bad else "information", timeout=seconds, markup=False)

    def notice(self, *runs: Run) -> None:
        """Say something that stays until it is dealt with; nothing takes it away."""
        words = self._base.query_one("#notice", Words)
        words.set(*runs)
        words.set_class(bool(runs), "shown")

    def refresh_title(self) -> None:
        """Bring the title line up to date."""
        line = self._base.query_one(TitleLine)
        summaries = self.session.summaries
        titles = [
            summary.title.get(messages.interface()) or next(iter(summary.title.values()), "") or summary.name
            for summary in summaries
        ]
        line.document = (titles[0] + (f" + {len(titles) - 1}" if len(titles) > 1 else "")) if titles else ""
        line.mode = self.mode
        line.section = self.session.section
        line.again()

    def refresh_keys(self) -> None:
        """Show the keys that work now."""
        if self._base.is_attached:
            self._base.query_one(KeyBar).set(self._keys_now())

    def _keys_now(self) -> list[tuple[str, str, str]]:
        focused = self.focused
        first: list[tuple[str, str, str]] = []
        if isinstance(focused, Card):
            first = [
                ("Enter", messages.say("chat-key-source"), "key:enter"),
                (messages.say("chat-space"), messages.say("chat-key-more"), "key:space"),
                ("Left", messages.say("chat-key-turn"), "key:left"),
                ("Esc", messages.say("chat-key-back"), "key:escape"),
            ]
        elif isinstance(focused, SourceText):
            first = [
                ("Enter", messages.say("chat-key-about"), "key:enter"),
                (messages.say("chat-space"), messages.say("chat-key-cite"), "key:space"),
                ("Esc", messages.say("chat-key-back"), "key:escape"),
            ]
        elif isinstance(focused, PlacesView):
            first = [
                ("Enter", messages.say("chat-key-source"), "key:enter"),
                ("Esc", messages.say("chat-key-back"), "key:escape"),
            ]
        shown = sorted((action for action in ACTIONS if action.footer), key=lambda action: action.footer)
        have = bool(self.turns)
        rest = [
            (key_name(action.keys), action.short, f"do:{action.id}")
            for action in shown
            if have or action.id not in ("turn", "copy")
        ]
        return [*first, *rest]

    def on_descendant_focus(self) -> None:
        """Show other keys where another widget gets the focus."""
        if not self.screen_stack:  # the app is leaving
            return
        if isinstance(self.focused, Card):
            self._card = self.focused
        self.refresh_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the chat's keys rest under another screen; in the source, let page keys move the source."""
        if action in BY_ID or action in ("cite", "page", "back"):
            if not self.in_chat:
                return False
            if action == "page" and isinstance(self.focused, Input):
                return False
        return True

    def relabel(self) -> None:
        """Lay everything out anew, in the interface's language."""
        self.prompt.placeholder = messages.say("chat-placeholder")
        for lines in self._base.query(Lines):
            lines.again()
        self.refresh_title()
        self.refresh_keys()

    @staticmethod
    def readable(path: Path) -> bool:
        """Tell whether a file's format can be read."""
        from askdoc.readers import SUFFIXES

        return path.suffix.lower() in SUFFIXES or path.suffix == ".askdoc"
