"""Opening documents and asking them: what runs in threads, and what comes back from there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from askdoc import messages
from askdoc.errors import AskdocError
from askdoc.model import LANGUAGES, Answer, Language
from askdoc.text.cleaning import display
from askdoc.text.han import language_of
from askdoc.text.wrap import Run
from askdoc.tui.actions import BY_ID, typed
from askdoc.tui.base import ChatBase
from askdoc.tui.lines import Words, button
from askdoc.tui.prompt import Prompt
from askdoc.tui.session import Cancelled, Named, Progress
from askdoc.tui.turn import TurnView
from askdoc.tui.views import Greeting, PlacesView, ProgressLine

LIVE: Final = 40
"""Exchanges kept on the screen; older ones are folded into a line, and come back from there."""

_QUOTES = (("“", "”"), ('"', '"'), ("「", "」"), ("『", "』"), ("«", "»"))


def quoted(text: str) -> bool:
    """Tell whether all of a question is one quoted phrase, which asks for every place of it."""
    return any(
        len(text) > 2 and text.startswith(first) and text.endswith(last) and last not in text[1:-1]
        for first, last in _QUOTES
    )


def forget_rows(widgets: Sequence[Widget]) -> None:
    """Let go of the drawn rows of widgets that were removed.

    Textual 8 keeps the style caches of up to 1,024 widgets alive through an ``lru_cache`` on a method of theirs
    (``StylesCache.get_inner_outer``), each with all of its rows: 120 kB a question were measured.
    """
    for widget in widgets:
        cache = getattr(widget, "_styles_cache", None)
        if cache is not None:
            cache.clear()


class Asking(ChatBase):
    """Opens, asks, lists places."""

    _waiting: str = ""
    _opening: Worker[None] | None = None
    _told: tuple[str, ...] = ()

    # --- opening -----------------------------------------------------------------------------------------------

    def open_named(self, named: Named, *, add: Sequence[str] = ()) -> None:
        """Open documents in a thread; the chat stays usable."""
        line = self._base.query_one(ProgressLine)
        line.progress = None
        line.again()
        line.add_class("shown")
        self._opening = self.run_in_thread("open", partial(self._open_thread, named, add))

    def _open_thread(self, named: Named, add: Sequence[str]) -> None:
        def follow(progress: Progress) -> None:
            self._from_thread(self._progressed, progress)

        try:
            if add:
                self.session.add(add, follow)
            else:
                self.session.open(named, follow)
        except Cancelled:
            self._from_thread(self._failed, messages.say("chat-cancelled"), False)
        except AskdocError as error:
            self._from_thread(self._failed, str(error), True)
        except Exception as error:  # the last door of this thread: said, and the chat goes on
            text = messages.say("cli-bug", kind=type(error).__name__, detail=str(error)[:200])
            self._from_thread(self._failed, text, True)
        else:
            self._from_thread(self._opened)
            self._from_thread(self._suggested, self.session.suggestions())
            self.session.warm()
            self.session.learn()

    def run_in_thread(self, group: str, work: Callable[[], None]) -> Worker[None]:
        """Run work in a thread, in place of what still runs of its group.

        A worker of Textual's with ``thread=True`` would leave the context behind, and the interface's language with it.
        """
        call = partial(asyncio.to_thread, work)
        return self.run_worker(call, group=group, exclusive=True, exit_on_error=False)

    def _from_thread(self, call: Callable[..., None], *arguments: object) -> None:
        """Call on the screen's thread; nothing where the app is leaving."""
        if self.is_running and not get_current_worker().is_cancelled:
            try:
                self.call_from_thread(call, *arguments)
            except (RuntimeError, asyncio.CancelledError):
                return

    def _progressed(self, progress: Progress) -> None:
        line = self._base.query_one(ProgressLine)
        line.progress = progress
        line.again()

    def _failed(self, text: str, bad: bool) -> None:
        self._opening = None
        self._base.query_one(ProgressLine).remove_class("shown")
        self.notice(
            Run(display(text) + "  ", "bad" if bad else ""), button(BY_ID["open_document"].name, "do:open_document")
        )
        self._waiting = ""

    def _opened(self) -> None:
        self._opening = None
        self._base.query_one(ProgressLine).remove_class("shown")
        self.notice()
        self._told = ()
        greeting = self._base.query_one(Greeting)
        index = self.session.index
        greeting.summaries, greeting.suggestions = self.session.summaries, ()
        greeting.sample = index.sample if index else False
        greeting.again()
        if index is not None and index.report is not None:
            for warning in index.report.warnings[:5]:
                self.tell(messages.say(warning.key, None, **warning.fields), bad=True, seconds=10)
        self.prompt.asked = list(self.session.history())
        self.refresh_title()
        self.refresh_keys()
        self.source_anew()
        if self._waiting:
            waiting, self._waiting = self._waiting, ""
            self.ask(waiting)

    def _suggested(self, suggestions: tuple[str, ...]) -> None:
        greeting = self._base.query_one(Greeting)
        greeting.suggestions = suggestions
        greeting.again()

    def source_anew(self) -> None:
        """Show another index in the source."""

    def watch_sources(self) -> None:
        """Say it once where a document changed on disk."""
        if self._opening is None and self.session.index is not None:
            self.run_in_thread("look", self._look)

    def _look(self) -> None:
        changed = self.session.changed()
        if changed and changed != self._told:
            self._from_thread(self._changed, changed)

    def _changed(self, changed: tuple[str, ...]) -> None:
        self._told = changed
        names = messages.say("render-comma").join(display(Path(path).name) for path in changed)
        self.notice(
            Run(messages.say("chat-changed", documents=names) + "  ", "bad"),
            button(messages.say("chat-changed-reread"), "do:reread"),
        )

    def action_reread(self) -> None:
        """Read documents again that changed."""
        if self.session.index is not None:
            changed = self.session.changed()
            if not changed:
                self.tell(messages.say("chat-unchanged"))
                return
            self.notice()
            self.open_named(self.session.named)

    def action_semantic(self) -> None:
        """Let sentence vectors take part, or not; the choice is kept, and the documents are opened anew with it."""
        semantic = self.session.choose_semantic()
        if semantic is None:
            self.tell(messages.say("chat-semantic-none"))
            return
        self.tell(messages.say("chat-semantic-on" if semantic else "chat-semantic-off"))
        if self.session.index is not None:
            self.open_named(self.session.named)

    # --- asking ------------------------------------------------------------------------------------------------

    def on_prompt_asked(self, event: Prompt.Asked) -> None:
        """Take a command, a quoted phrase, or a question at Enter."""
        text = event.text
        action = typed(text)
        if action is not None:
            self.prompt.put("")
            self.call_later(self.run_action, action.id)
            return
        if text.startswith("/") and "\n" not in text and " " not in text and len(text) < 30 and not Path(text).exists():
            self.tell(messages.say("chat-unknown-command", word=text), bad=True)
            return
        self.prompt.put("")
        self.prompt.remember(text)
        self.session.remember(text)
        if quoted(text):
            self.list_places(text)
        else:
            self.ask(text)

    def ask(self, question: str, *, alone: bool = False) -> None:
        """Ask, now or as soon as the document is open."""
        if self.session.index is None:
            self._waiting = question
            if self._opening is None:
                self.prompt.put(question)
            return
        self.run_worker(self._ask(question, alone), group="ask", exit_on_error=False)

    async def _ask(self, question: str, alone: bool) -> None:
        busy = self.set_timer(0.2, lambda: self.notice(Run(messages.say("chat-searching"), "dim")))
        try:
            answer = await asyncio.to_thread(self.session.ask, question, alone=alone)
        except AskdocError as error:
            self.tell(str(error), bad=True, seconds=8)
            self.prompt.put(question)
            return
        except Exception as error:  # a question must not end the conversation
            self.tell(messages.say("cli-bug", kind=type(error).__name__, detail=str(error)[:200]), bad=True, seconds=15)
            return
        finally:
            busy.stop()
            if not self._told:
                self.notice()
        await self.add_answer(answer)
        related = await asyncio.to_thread(self.session.related, answer)
        for turn in self.turns[-1:]:
            if related and turn.answer is answer:
                await turn.relate(related)
                self.begin_in_view(turn)
            turn.settled = True

    def begin_in_view(self, view: Widget) -> None:
        """Scroll the transcript so that an answer is read from its beginning."""
        scroll = partial(self.transcript.scroll_to_widget, view, top=True, animate=False)
        self.call_after_refresh(self.call_after_refresh, scroll)

    async def add_answer(self, answer: Answer) -> None:
        """Put an answer at the transcript's end, its beginning in view."""
        turn = TurnView(len(self.session.turns), answer, self.mode)
        await self.transcript.mount(turn)
        self._card = None
        await self._fold_early()
        self.begin_in_view(turn)
        self.refresh_keys()

    async def _fold_early(self) -> None:
        shown = [view for view in self.transcript.children if view.has_class("turn")]
        surplus = shown[: max(len(shown) - LIVE, 0)]
        if not surplus:
            return
        self._folded += sum(isinstance(view, TurnView) for view in surplus)
        drawn = [widget for view in surplus for widget in (view, *view.query("*").results(Widget))]
        await self.transcript.remove_children(surplus)
        forget_rows(drawn)
        runs = (Run(messages.say("chat-earlier", count=self._folded), "dim"),)
        lines = self.transcript.query("#earlier").results(Words)
        first = next(iter(lines), None)
        if first is None:
            await self.transcript.mount(Words(*runs, id="earlier"), after=self._base.query_one(Greeting))
        else:
            first.set(*runs)

    _folded = 0

    def action_alone(self) -> None:
        """Ask the last question without what it took over."""
        turns = self.turns
        if not turns or not turns[-1].answer.about:
            self.tell(messages.say("chat-alone-nothing"))
            return
        self.ask(turns[-1].answer.question, alone=True)

    # --- every place -------------------------------------------------------------------------------------------

    def action_places(self) -> None:
        """List every place of the words typed, or of the last question's."""
        text = self.prompt.text.strip()
        if text:
            self.prompt.put("")
            self.prompt.remember(text)
        elif self.turns:
            text = " ".join(self.turns[-1].answer.matched)
        if text:
            self.list_places(text)
        else:
            self.tell(messages.say("chat-places-what"))

    def list_places(self, words: str) -> None:
        """List every place of some words."""
        if self.session.index is not None:
            self.run_worker(self._list_places(words), group="ask", exit_on_error=False)

    async def _list_places(self, words: str) -> None:
        try:
            places = await asyncio.to_thread(self.session.places, words)
        except AskdocError as error:
            self.tell(str(error), bad=True, seconds=8)
            return
        view = PlacesView(places, self.language_for(words))
        await self.transcript.mount(view)
        await self._fold_early()
        self.begin_in_view(view)

    def language_for(self, words: str) -> Language:
        """Return the language in which answers to these words are shown."""
        for language in LANGUAGES:
            if self.mode == language:
                return language
        return language_of(words) or "en"
