"""One exchange in the transcript: the question, whether the document answers, the answer sentence, the passages."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical

from askdoc import messages
from askdoc.model import Answer, AnswerLanguage, Hit, Language, other
from askdoc.presentation.wording import corrected_words, missing_words, overview_lines, verdict
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, wrap
from askdoc.tui.card import Card
from askdoc.tui.lines import Lines, Words, button

_BAR: Final = [Run(" ", "bar"), Run("  ")]
"""What stands before the answer sentence: a bar of colour, which needs no character of doubtful width."""


class Lead(Lines):
    """The question, the verdict, and the answer sentence set off."""

    def __init__(self, number: int, answer: Answer, mode: AnswerLanguage) -> None:
        super().__init__(classes="lead")
        self._number = number
        self._answer = answer
        self._mode = mode

    def set_mode(self, mode: AnswerLanguage) -> None:
        """Follow another answer language."""
        self._mode = mode
        self.again()

    def laid(self, width: int) -> list[Line]:
        """Lay out the question, the verdict, what was taken over, the sentence."""
        answer = self._answer
        question = Run(display(answer.question), "question")
        lines = wrap([Run("> ", "key"), question], width)
        lines += wrap([Run(verdict(answer), "good" if answer.found or answer.kind == "greeting" else "bad")], width)
        for run in overview_lines(answer):
            lines += wrap([run], width)
        if answer.corrected:
            lines += wrap([Run(display(corrected_words(answer)), "dim")], width)
        if answer.about:
            words = messages.say("render-comma").join(display(word) for word in answer.about)
            about = Run(messages.say("chat-about", words=words) + " ", "dim")
            lines += wrap([about, button(messages.say("chat-about-without"), "alone")], width)
        if answer.missing:
            lines += wrap([Run(display(missing_words(answer)), "dim")], width)
        if not answer.hits and answer.kind == "passage":
            lines += wrap([Run(messages.say("render-nothing"), "dim")], width)
        if answer.found and answer.hits:
            lines.append([])
            for hit in answer.hits if answer.kind == "document" else answer.hits[:1]:
                for runs in self._sentences(hit):
                    lines += [[*_BAR, *line] for line in wrap(runs, width - 3)]
        return lines

    def _sentences(self, hit: Hit) -> list[Line]:
        preferred: Language = self._answer.language if self._mode in ("auto", "both") else self._mode  # type: ignore[assignment]
        order = (
            (preferred, other(preferred))
            if self._mode == "both"
            else (preferred if preferred in hit.versions else other(preferred),)
        )
        sentences: list[Line] = []
        for language in order:
            version = hit.versions.get(language)
            if version is not None and version.sentence is not None:
                start, end = version.sentence
                cite = button(f" [{hit.rank}]", f"open:{hit.rank}", "key")
                sentences.append([Run(display(version.text[start:end]).strip(), "bold"), cite])
        return sentences


class TurnView(Vertical):
    """A question with its answer."""

    DEFAULT_CSS = "TurnView { height: auto; }"

    def __init__(self, number: int, answer: Answer, mode: AnswerLanguage, related: tuple[str, ...] = ()) -> None:
        super().__init__(classes="turn")
        self.number = number
        self.answer = answer
        self._mode = mode
        self.related = related
        self._open = answer.found
        self.settled = False
        """Whether all that belongs to the answer is there, what to ask next included."""

    def compose(self) -> ComposeResult:
        """Compose the lead, the cards (folded where the document does not answer), what to ask next."""
        yield Lead(self.number, self.answer, self._mode)
        if self._open:
            yield from self._cards()
        elif self.answer.hits:
            count = len(self.answer.hits)
            yield Words(button(messages.say("chat-nearest", count=count), "unfold"), classes="fold")
        if self.related:
            yield Words(*self._related(), classes="related")

    def _cards(self) -> list[Card]:
        return [Card(hit, self.answer, self._mode) for hit in self.answer.hits]

    def _related(self) -> list[Run]:
        key = "chat-related" if self.answer.found else "chat-did-you-mean"
        runs = [Run(messages.say(key) + " ", "dim")]
        for number, text in enumerate(self.related):
            runs += [Run("  " if number else ""), button(display(text), f"ask:{number}")]
        return runs

    @property
    def cards(self) -> list[Card]:
        """The cards that are shown."""
        return list(self.query(Card))

    def set_mode(self, mode: AnswerLanguage) -> None:
        """Follow another answer language."""
        self._mode = mode
        for lead in self.query(Lead):
            lead.set_mode(mode)
        for card in self.cards:
            card.set_mode(mode)

    async def unfold(self) -> None:
        """Show the nearest passages of an answer that was not found."""
        if not self._open:
            self._open = True
            await self.query(".fold").remove()
            await self.mount(*self._cards(), after=self.query_one(Lead))
            self.cards[0].focus()

    async def relate(self, related: tuple[str, ...]) -> None:
        """Add what to ask next."""
        self.related = related
        await self.mount(Words(*self._related(), classes="related"))

    def again(self) -> None:
        """Lay out anew, in another interface language."""
        for lines in self.query(Lines):
            lines.again()
