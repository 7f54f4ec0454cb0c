"""Reading: cards, the source beside the conversation, the answer's language, finding in the transcript."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.geometry import Region

from askdoc import messages
from askdoc.errors import AskdocError
from askdoc.model import Hit
from askdoc.text.cleaning import display
from askdoc.text.wrap import Run
from askdoc.tui.asking import Asking
from askdoc.tui.base import MODES, WIDE
from askdoc.tui.card import Card
from askdoc.tui.lines import Lines
from askdoc.tui.screens import Choose, Item
from askdoc.tui.source import SourcePane, SourceText
from askdoc.tui.turn import TurnView
from askdoc.tui.views import CitedView, PlacesView


class Reading(Asking):
    """What is done with answers."""

    _sought = ""
    _last_match: tuple[int, int] = (-1, -1)

    # --- languages ---------------------------------------------------------------------------------------------

    def action_language(self) -> None:
        """Go on to the next answer language: as asked, English, Chinese, both."""
        self.set_mode_to(MODES[(MODES.index(self.mode) + 1) % len(MODES)])

    def set_mode_to(self, mode: str) -> None:
        """Show all answers in a language from now on."""
        self.mode = next(name for name in MODES if name == mode)
        for turn in self.turns:
            turn.set_mode(self.mode)
        for places in self.transcript.query(PlacesView):
            places.set_language(self.language_for(places.places.words))
        self.session.keep(answer_language=self.mode)
        self.refresh_title()

    def action_turn(self) -> None:
        """Show the current card in its other language."""
        card = self.card
        if card is None:
            self.tell(messages.say("chat-turn-nothing"))
        else:
            card.action_turn()

    # --- cards -------------------------------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        if isinstance(self.focused, SourceText):
            self.focused.action_step(by)
            return
        stops = [stop for stop in self.transcript.query("Card, PlacesView") if stop.display]
        if not stops:
            return
        focused = self.focused
        if focused in stops:
            position = max(0, min(stops.index(focused) + by, len(stops) - 1))
        else:
            last = self.turns[-1].cards if self.turns else []
            position = stops.index(last[0]) if last and by > 0 else len(stops) - 1
        stops[position].focus()

    def action_next_card(self) -> None:
        """Go to the next passage."""
        self._step(1)

    def action_previous_card(self) -> None:
        """Go to the passage before."""
        self._step(-1)

    def action_more(self) -> None:
        """Show more or less of the current passage."""
        if self.card is not None:
            self.card.action_more()

    def action_page(self, by: int) -> None:
        """Scroll what is in focus: the source, else the conversation."""
        scrolled = self.source.query_one("#source-scroll") if isinstance(self.focused, SourceText) else self.transcript
        if abs(by) > 1:
            scrolled.scroll_to(y=0 if by < 0 else scrolled.max_scroll_y, animate=False)
        else:
            scrolled.scroll_relative(y=by * max(scrolled.size.height - 2, 1), animate=False)

    def action_cite(self, number: int) -> None:
        """Open citation ``number`` of the answer in view in the source."""
        card = self.card
        turn = next((turn for turn in self.turns if card in turn.cards), self.turns[-1] if self.turns else None)
        if turn is not None and 1 <= number <= len(turn.answer.hits):
            self.open_hit(turn.answer.hits[number - 1])

    def on_card_opened(self, event: Card.Opened) -> None:
        """Open the place of a card's citation."""
        self.open_hit(event.card.hit)

    # --- the source --------------------------------------------------------------------------------------------

    @property
    def wide(self) -> bool:
        """Whether the source has room beside the conversation."""
        return self.size.width >= WIDE

    def show_source(self, *, opened: bool, focus: bool = True) -> None:
        """Open or close the source."""
        self.source.set_class(opened, "open")
        self._base.query_one("#chat").set_class(opened and not self.wide, "covered")
        if opened and (focus or not self.wide):
            self.source.text.focus()
        elif not opened:
            self.prompt.focus()
        self.refresh_keys()
        self.keep_in_view()

    def keep_in_view(self) -> None:
        """Bring what was being read back into view once another width is laid out."""
        card = self.card
        turn = next((turn for turn in self.turns if card is not None and card in turn.cards), None)
        turn = turn or (self.turns[-1] if self.turns else None)
        if turn is not None:
            top = not (isinstance(self.focused, Card) and self.focused is card)
            target = turn if top or card is None else card
            scroll = partial(self.transcript.scroll_to_widget, target, top=top, animate=False)
            self.call_after_refresh(self.call_after_refresh, scroll)

    def open_hit(self, hit: Hit) -> None:
        """Show a hit in the source and mark it."""
        self.open_place(hit.passage_id, hit)

    def open_place(self, passage_id: str, hit: Hit | None = None) -> None:
        """Show a passage in the source."""
        index = self.session.index
        if index is None:
            return
        try:
            document, position = index.position(passage_id)
            self.source.show(index, document, position, hit)
        except AskdocError as error:
            self.tell(str(error), bad=True)
            return
        self.show_source(opened=True, focus=not self.wide)

    def action_source(self) -> None:
        """Open the source at the current passage, or close it."""
        if self.source.has_class("open"):
            self.show_source(opened=False)
            return
        card = self.card
        index = self.session.index
        if card is not None:
            self.open_hit(card.hit)
        elif index is not None and self.session.summaries:
            if not self.source.text.passages:
                self.source.show(index, self.session.summaries[0].name, 0)
            self.show_source(opened=True)

    def source_anew(self) -> None:
        """Show the beginning of another index in the source."""
        index = self.session.index
        if index is not None and self.session.summaries and self.source.has_class("open"):
            self.source.show(index, self.session.summaries[0].name, 0)
        else:
            self.source.text.clear()

    def on_source_pane_closed(self, event: SourcePane.Closed) -> None:
        """Close the pane by its cross."""
        self.show_source(opened=False)

    async def on_source_text_ask_about(self, event: SourceText.AskAbout) -> None:
        """Cite a passage of the source into the conversation, or ask about it."""
        if not self.wide:
            self.show_source(opened=False)
        if event.cite:
            view = CitedView(event.passage)
            await self.transcript.mount(view)
            self.call_after_refresh(self.transcript.scroll_to_widget, view, animate=False)
        else:
            version = event.passage.versions.get(messages.interface()) or next(iter(event.passage.versions.values()))
            heading = version.section[-1] if version.section else ""
            self.session.section = version.section or None
            self.refresh_title()
            self.tell(messages.say("chat-section-now", section=" ".join(heading.split())))
        self.prompt.focus()

    def action_outline(self) -> None:
        """Go to a section of the source."""
        self._choose_section(messages.say("chat-outline-title"), self._go_to_section, whole=False)

    def action_section(self) -> None:
        """Ask only within a section."""
        self._choose_section(messages.say("chat-section-title"), self._ask_within, whole=True)

    def _choose_section(self, title: str, then: Callable[[str | None], None], *, whole: bool) -> None:
        sections = self.session.sections()
        items = [Item("", messages.say("chat-section-all"))] if whole else []
        for number, section in enumerate(sections):
            mine = section.path.get(messages.interface()) or next(iter(section.path.values()), ())
            theirs = next((path for path in section.path.values() if path and path != mine), ())
            depth = max(len(mine) - 1, 0)
            name = "  " * depth + (mine[-1] if mine else messages.say("chat-no-section"))
            items.append(
                Item(str(number), name, "  ".join(filter(None, [theirs[-1] if theirs else "", str(section.passages)])))
            )
        self.push_screen(Choose(title, items), then)

    def _go_to_section(self, chosen: str | None) -> None:
        if chosen:
            section = self.session.sections()[int(chosen)]
            self.open_place(section.passage_id)
            self.source.text.focus()

    def _ask_within(self, chosen: str | None) -> None:
        if chosen is None:
            return
        if chosen:
            section = self.session.sections()[int(chosen)]
            self.session.section = section.path.get(messages.interface()) or next(iter(section.path.values()), None)
        else:
            self.session.section = None
        self.refresh_title()

    # --- clicks ------------------------------------------------------------------------------------------------

    async def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """Do what a click on a stretch of text asks for."""
        kind, _, value = event.target.partition(":")
        turn = next((node for node in event.widget.ancestors_with_self if isinstance(node, TurnView)), None)
        if kind == "do":
            await self.run_action(value)
        elif kind == "key":
            self.simulate_key(value)
        elif kind == "open" and turn is not None:
            self.open_hit(turn.answer.hits[int(value) - 1])
        elif kind == "more" and isinstance(event.widget, Card):
            event.widget.action_more()
        elif kind == "unfold" and turn is not None:
            await turn.unfold()
        elif kind == "alone" and turn is not None:
            self.ask(turn.answer.question, alone=True)
        elif kind == "ask" and turn is not None:
            self.put_question(turn.related[int(value)])
        elif kind == "cancel":
            self.session.cancel()
        elif kind in ("find", "all") and isinstance(event.widget, PlacesView):
            if kind == "all":
                event.widget.action_all()
            else:
                event.widget.position = int(value)
                find = event.widget.places.finds[int(value)]
                self.open_find(event.widget)
                del find
        elif kind == "place" and isinstance(event.widget, CitedView):
            self.open_place(event.widget.passage.passage_id)
        elif kind == "begin":
            self.begin(int(value))

    def open_find(self, view: PlacesView) -> None:
        """Show the marked place of a list in the source, its words marked."""
        find = view.chosen
        if find is not None:
            hit = Hit(1, 0.0, find.passage_id, next(iter(find.versions)), find.alignment, (), find.versions)
            self.open_place(find.passage_id, hit)

    def begin(self, number: int) -> None:
        """Ask one of the questions to begin with."""
        from askdoc.tui.views import Greeting

        suggestions = self._base.query_one(Greeting).suggestions
        if number < len(suggestions):
            self.put_question(suggestions[number])

    def put_question(self, text: str) -> None:
        """Ask a question that was clicked."""
        self.prompt.remember(text)
        self.session.remember(text)
        self.ask(text)
        self.prompt.focus()

    # --- finding in the transcript -----------------------------------------------------------------------------

    def action_find(self) -> None:
        """Find words in what was asked and answered."""
        from askdoc.tui.screens import AskWords

        self.push_screen(AskWords(messages.say("chat-find"), self._sought), self._seek)

    def _seek(self, words: str | None) -> None:
        if words:
            self._sought, self._last_match = words, (-1, -1)
            self.action_find_next()

    def action_find_next(self) -> None:
        """Go to the next line of the transcript with the words; after the last one, begin again."""
        if not self._sought:
            self.action_find()
            return
        sought = self._sought.casefold()
        places = []
        for order, widget in enumerate(self.transcript.query(Lines)):
            rows = ["".join(run.text for run in line) for line in widget.lines(max(widget.content_size.width, 2))]
            joined = "".join(rows).casefold() if len(sought) < 2 else ""
            del joined
            places += [(order, row, widget) for row, text in enumerate(rows) if sought in text.casefold()]
            if not any(sought in text.casefold() for text in rows) and sought in " ".join(rows).casefold():
                places.append((order, 0, widget))
        if not places:
            self.tell(messages.say("chat-find-none", words=display(self._sought)))
            return
        place = next((place for place in places if place[:2] > self._last_match), places[0])
        self._last_match = place[:2]
        widget = place[2]
        self.transcript.scroll_to_region(
            Region(0, widget.virtual_region.y + widget.parent.virtual_region.y + place[1], 1, 1)  # type: ignore[union-attr]
            if widget.parent is not self.transcript
            else Region(0, widget.virtual_region.y + place[1], 1, 1),
            animate=False,
            force=True,
            center=True,
        )
        if widget.can_focus:
            widget.focus(scroll_visible=False)
        row = "".join(run.text for run in widget.lines(max(widget.content_size.width, 2))[place[1]]).strip()
        self.notice(Run(f"{places.index(place) + 1}/{len(places)}  ", "key"), Run(row[:200]))
