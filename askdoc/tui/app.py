"""The chat as an app: what is opened, copied, exported and chosen, and how it starts and ends."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.widget import Widget

from askdoc import messages
from askdoc.errors import AskdocError
from askdoc.text.cleaning import display
from askdoc.tui.actions import ACTIONS, key_name
from askdoc.tui.asking import forget_rows
from askdoc.tui.card import Card
from askdoc.tui.copying import copy, quotation
from askdoc.tui.prompt import Prompt
from askdoc.tui.reading import Reading
from askdoc.tui.screens import Choose, Help, Item, OpenFile
from askdoc.tui.session import Named, Session

AGAIN: float = 2.0
"""Seconds within which a second Ctrl+C quits."""

LOOK: float = 3.0
"""Seconds between looks at whether documents changed on disk."""


class ChatApp(Reading):
    """The chat."""

    TITLE = "askdoc"

    _interrupted = 0.0

    # --- starting and ending -----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw first; the document is opened in a thread."""
        choices = self.session.choices()
        if choices.theme in self.available_themes:
            self.theme = choices.theme
        self.mode = choices.answer_language
        if choices.keys:
            self.update_keymap(choices.keys)
        self.relabel()
        self.prompt.focus()
        self.on_resize_to(self.size.width)
        # After the first paint: the thread's imports would hold it up by 0.2 s.
        self.call_after_refresh(self.open_named, self.session.named)
        self.set_interval(LOOK, self.watch_sources)

    def on_unmount(self) -> None:
        """Stop a build, close the index."""
        self.session.close()

    def on_resize(self, event: events.Resize) -> None:
        """Put the source beside the conversation, or in its place."""
        self.on_resize_to(event.size.width)

    def on_resize_to(self, width: int) -> None:
        """Lay out for a width in columns."""
        base = self._base
        base.set_class(width < 110, "narrow")
        if self.is_running and self.source.is_attached:
            base.query_one("#chat").set_class(self.source.has_class("open") and not self.wide, "covered")
            self.keep_in_view()

    def action_leave(self) -> None:
        """Quit; the conversation is kept."""
        self.session.save()
        self.exit()

    def action_interrupt(self) -> None:
        """Copy what is selected at Ctrl+C; else quit at the second press."""
        selected = self.selected()
        if selected:
            self._copied(copy(selected, self.copy_to_clipboard))
            return
        now = time.monotonic()
        if now - self._interrupted < AGAIN:
            self.action_leave()
            return
        self._interrupted = now
        self.tell(messages.say("chat-quit-again"), seconds=AGAIN)

    def selected(self) -> str:
        """Return the selected text, in the prompt or on the screen."""
        focused = self.focused
        if isinstance(focused, Prompt) and focused.selected_text:
            return focused.selected_text
        return (self.screen.get_selected_text() or "").strip("\n")

    async def action_back(self) -> None:
        """Go back at Esc: stop a build, let go of a selection, close the source, clear the line, back to the prompt."""
        if self._opening is not None:
            self.session.cancel()
        elif self.screen.get_selected_text():
            self.screen.clear_selection()
        elif self.source.has_class("open") and (not self.wide or self.source.text.has_focus):
            self.show_source(opened=False)
        elif not self.prompt.has_focus:
            self.prompt.focus()
        elif self.prompt.text:
            self.prompt.put("")
        elif self.source.has_class("open"):
            self.show_source(opened=False)

    def on_key(self, event: events.Key) -> None:
        """Go on with the question where something is typed anywhere."""
        if self.in_chat and event.is_printable and event.character and not isinstance(self.focused, Prompt):
            if isinstance(self.focused, Card) and event.character == " ":
                return
            event.stop()
            self.prompt.focus()
            self.prompt.insert(display(event.character))

    # --- copying and keeping -----------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy the selection, or the current passage with its citation."""
        selected = self.selected()
        card = self.card
        if selected:
            self._copied(copy(selected, self.copy_to_clipboard))
        elif card is not None:
            self._copied(copy(quotation(card.hit, card.shows), self.copy_to_clipboard))
        else:
            self.tell(messages.say("chat-copy-nothing"))

    def _copied(self, way: str) -> None:
        self.tell(messages.say(f"chat-copied-{way}"), seconds=3)

    def action_export(self) -> None:
        """Write the conversation into a file."""
        if not self.session.turns:
            self.tell(messages.say("chat-export-nothing"))
            return
        items = [Item(form, form) for form in ("Markdown", "HTML", "JSON")]
        self.push_screen(Choose(messages.say("chat-export-format"), items), self._export)

    def _export(self, form: str | None) -> None:
        if not form:
            return
        try:
            path = self.session.export(form.lower(), Path.cwd())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.tell(messages.say("chat-export-failed", path=str(error.filename), reason=reason), bad=True, seconds=10)
        else:
            self.tell(messages.say("chat-exported", path=str(path)), seconds=10)

    def action_conversations(self) -> None:
        """Open a saved conversation again."""
        saved = self.session.saved()
        items = [Item(str(talk.path), talk.title, f"{talk.turns}  {talk.when}") for talk in saved]
        empty = messages.say("chat-no-conversations")
        self.push_screen(Choose(messages.say("chat-do-conversations"), items, empty=empty), self._reopen)

    async def _reopen(self, chosen: str | None) -> None:
        if not chosen:
            return
        try:
            turns = self.session.reopen(Path(chosen))
        except AskdocError as error:
            self.tell(str(error), bad=True)
            return
        await self._clear()
        for turn in turns:
            await self.add_answer(turn.answer)

    async def action_new(self) -> None:
        """Begin a new conversation; the old one is kept."""
        if self.session.turns:
            self.session.save()
            self.tell(messages.say("chat-new"))
        self.session.begin()
        self.refresh_title()
        await self._clear()

    async def _clear(self) -> None:
        self._card = None
        self._folded = 0
        said = [view for view in self.transcript.children if view.id != "greeting"]
        drawn = [widget for view in said for widget in (view, *view.query("*").results(Widget))]
        await self.transcript.remove_children(said)
        forget_rows(drawn)
        self.transcript.scroll_home(animate=False)
        self.refresh_keys()

    def action_history(self) -> None:
        """Choose one of the questions asked before."""
        asked = list(dict.fromkeys(reversed(self.prompt.asked)))
        items = [Item(text, text) for text in asked]
        empty = messages.say("chat-no-history")
        self.push_screen(Choose(messages.say("chat-do-history"), items, empty=empty), self._recall)

    def _recall(self, text: str | None) -> None:
        if text:
            self.prompt.put(text)
            self.prompt.focus()

    # --- opening -----------------------------------------------------------------------------------------------

    def action_open_document(self) -> None:
        """Choose a document to open."""
        folder = Path.cwd()
        self.push_screen(OpenFile(folder, self.session.recent(), self.readable), self._open_chosen)

    def _open_chosen(self, path: str | None) -> None:
        if path:
            self.open_how([Path(path)])

    def on_prompt_dropped(self, event: Prompt.Dropped) -> None:
        """Open files that were dropped on the window."""
        self.open_how(event.paths, text="\n".join(str(path) for path in event.paths))

    def open_how(self, paths: Sequence[Path], text: str = "") -> None:
        """Ask whether files take the place of what is open or join it, and open them."""
        names = messages.say("render-comma").join(display(path.name) for path in paths)
        index = self.session.index
        items = [Item("instead", messages.say("chat-open-instead"))]
        if index is not None and not index.sample and all(path.suffix != ".askdoc" for path in paths):
            items.append(Item("add", messages.say("chat-open-add")))
        if text:
            items.append(Item("text", messages.say("chat-open-text")))

        def then(how: str | None) -> None:
            chosen = [str(path) for path in paths]
            if how == "text":
                self.prompt.put(text)
            elif how == "add":
                self.open_named(self.session.named, add=chosen)
            elif how == "instead":
                self.open_named(Named(tuple(chosen), None, self.session.named.library))

        if len(items) == 1:
            then("instead")
        else:
            self.push_screen(Choose(messages.say("chat-open-how", documents=names), items), then)

    # --- the program -------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Show every key and command."""
        self.push_screen(Help())

    def action_palette(self) -> None:
        """Show every command, searchable in both languages."""
        items = []
        for action in ACTIONS:
            mine, theirs = action.name, action.names[0 if messages.interface() == "zh" else 1]
            keys = key_name(action.keys) if action.keys else ""
            items.append(Item(action.id, mine, "  ".join(filter(None, [keys, theirs if theirs != mine else ""]))))
        empty = messages.say("chat-palette-none")
        self.push_screen(Choose(messages.say("chat-do-palette"), items, empty=empty), self._run_chosen)

    def _run_chosen(self, chosen: str | None) -> None:
        if chosen:
            self.call_later(self.run_action, chosen)

    def action_interface(self) -> None:
        """Switch the interface to the other language."""
        language: messages.Interface = "en" if messages.interface() == "zh" else "zh"
        messages.switch_interface(language)
        self.session.keep(interface=language)
        self.relabel()
        self.run_in_thread("suggest", self._suggest_again)

    def _suggest_again(self) -> None:
        self._from_thread(self._suggested, self.session.suggestions())

    def action_theme(self) -> None:
        """Choose the colours; the choice is kept."""
        names = sorted(self.available_themes, key=lambda name: (not name.startswith("textual"), name))
        start = names.index(self.theme) if self.theme in names else 0
        items = [Item(name, name) for name in names]
        self.push_screen(Choose(messages.say("chat-theme-title"), items, start=start), self._colour)

    def _colour(self, name: str | None) -> None:
        if name:
            self.theme = name
            self.session.keep(theme=name)

    def completions(self, line: str) -> Sequence[str]:
        """Complete what is typed with words of the document."""
        return self.session.complete(line)


def make_app(named: Named, semantic: bool | None = None) -> ChatApp:
    """Return the chat over what was named."""
    return ChatApp(Session(named, semantic))


def run(named: Named, semantic: bool | None = None) -> int:
    """Run the chat until it is left, and return the exit code."""
    app = make_app(named, semantic)
    app.run()
    return app.return_code or 0
