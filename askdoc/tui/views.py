"""What stands in the transcript beside answers: the greeting, every place of some words, a build's progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from askdoc import messages
from askdoc.model import LANGUAGES, DocumentSummary, Find, Language, Places, ShownPassage
from askdoc.presentation.wording import language_name
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, wrap
from askdoc.text.wrap import width as cells
from askdoc.tui.lines import Lines, button, clipped
from askdoc.tui.session import Progress

_SHOWN: Final = 40
"""Places listed at first; the rest is one key away."""


class Greeting(Lines):
    """What is open, what is in it, and questions to begin with."""

    def __init__(self) -> None:
        super().__init__(id="greeting")
        self.summaries: tuple[DocumentSummary, ...] = ()
        self.sample = False
        self.suggestions: tuple[str, ...] = ()

    def laid(self, width: int) -> list[Line]:
        """Lay out titles, counts, questions, how to go on."""
        lines: list[Line] = [[]]
        for summary in self.summaries:
            title = summary.title.get(messages.interface()) or next(iter(summary.title.values()), "") or summary.name
            lines += wrap([Run(" ".join(display(title).split()), "heading")], width)
            other = [text for language, text in summary.title.items() if text and text != title]
            for text in other[:1]:
                lines += wrap([Run(" ".join(display(text).split()), "dim")], width)
            lines += wrap([Run(counts(summary), "dim")], width)
        if self.sample:
            lines += [[], *wrap([Run(messages.say("chat-sample"), "dim")], width)]
        if self.suggestions:
            lines += [[], *wrap([Run(messages.say("chat-begin"), "dim")], width)]
            for number, text in enumerate(self.suggestions):
                rows = wrap([button(" ".join(display(text).split()), f"begin:{number}")], width - 2)
                lines += [[Run("  "), *row] for row in rows]
        return [*lines, [], *wrap([Run(messages.say("chat-hint"), "dim")], width)]


def counts(summary: DocumentSummary) -> str:
    """Say what is in a document: sections, passages, how many are paired, what lacks a counterpart."""
    parts = [messages.say("chat-summary", passages=summary.passages, sections=summary.sections)]
    languages = [language for language in LANGUAGES if summary.languages.get(language)]
    paired = summary.alignments.get("paired", 0) + summary.alignments.get("merged", 0)
    weak = summary.alignments.get("weak", 0)
    gaps = summary.alignments.get("none", 0)
    if len(languages) == 1:
        parts.append(messages.say("chat-summary-one", name=language_name(languages[0])))
    elif paired == summary.passages and languages:
        parts.append(messages.say("chat-summary-all-paired"))
    elif languages:
        parts.append(messages.say("chat-summary-paired", paired=paired))
        if weak:
            parts.append(messages.say("chat-summary-weak", count=weak))
        if gaps:
            parts.append(messages.say("chat-summary-gaps", count=gaps))
    return messages.say("render-comma").join(parts)


class ProgressLine(Lines):
    """How far a build is: a bar, passages, rate, time left."""

    def __init__(self) -> None:
        super().__init__(id="progress")
        self.progress: Progress | None = None

    def laid(self, width: int) -> list[Line]:
        """Lay out the document being read, the bar, the figures."""
        progress = self.progress
        if progress is None:
            return wrap([Run(messages.say("chat-opening"), "dim")], width)
        parts = []
        if progress.total is None:
            parts.append(messages.say("chat-indexing-count", done=progress.done))
        else:
            parts.append(messages.say("chat-indexing-of", done=progress.done, total=progress.total))
        parts.append(messages.say("chat-indexing-rate", rate=round(progress.rate)))
        if progress.left is not None:
            parts.append(messages.say("chat-indexing-left", seconds=max(round(progress.left), 0)))
        lines = wrap([Run(display(messages.say("chat-indexing", document=progress.document)), "bold")], width)
        if progress.total:
            filled = min(width * progress.done // progress.total, width)
            lines.append([Run(" " * filled, "bar"), Run("." * (width - filled), "dim")])
        text = messages.say("render-comma").join(parts)
        return [*lines, *wrap([Run(text + "  ", "dim"), button(messages.say("chat-indexing-cancel"), "cancel")], width)]


class PlacesView(Lines, can_focus=True):
    """Every place that holds some words, counted by section, in document order; each leads to the source."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("enter", "open", show=False),
        Binding("space", "all", show=False),
    ]

    def __init__(self, places: Places, language: Language) -> None:
        super().__init__(classes="places turn")
        self.places = places
        self._language = language
        self._limit = _SHOWN
        self.position = 0

    @property
    def chosen(self) -> Find | None:
        """The place the mark stands at."""
        return self.places.finds[self.position] if self.places.finds else None

    def set_language(self, language: Language) -> None:
        """Show the places in another language, where they have it."""
        self._language = language
        self.again()

    def action_step(self, by: int) -> None:
        """Move the mark to another place."""
        shown = min(len(self.places.finds), self._limit)
        if shown:
            self.position = max(0, min(self.position + by, shown - 1))
            self.again()

    def action_all(self) -> None:
        """Show all places."""
        self._limit = len(self.places.finds)
        self.again()

    def action_open(self) -> None:
        """Open the marked place in the source."""
        if self.places.finds:
            self.post_message(self.Clicked(self, f"find:{self.position}"))

    def on_focus(self) -> None:
        """Show the mark."""
        self.again()

    def on_blur(self) -> None:
        """Hide the mark."""
        self.again()

    def laid(self, width: int) -> list[Line]:
        """Lay out the count, then each section with its count and its places, a line for each."""
        finds = self.places.finds
        key = "chat-places-none" if not finds else ("chat-places-one" if len(finds) == 1 else "chat-places")
        asked = display(self.places.words)
        words = asked.strip('“”"「」『』«» ') or asked
        lines = wrap([Run("> ", "key"), Run(asked, "question")], width)
        lines += wrap([Run(messages.say(key, words=words, count=len(finds)), "good" if finds else "bad")], width)
        number = 0
        for part in self.places.sections:
            heading = part.section.get(messages.interface()) or next(iter(part.section.values()), ())
            name = " > ".join(" ".join(display(part).split()) for part in heading) or messages.say("chat-no-section")
            if len({section.document for section in self.places.sections}) > 1:
                name = f"{display(part.document)}: {name}"
            lines.append(clipped([Run(name, "heading"), Run(f"  {part.count}", "dim")], width))
            for _ in range(part.count):
                if number < min(self._limit, len(finds)):
                    lines += self._place(number, finds[number], width)
                number += 1
            if number >= self._limit:
                break
        rest = len(finds) - min(self._limit, len(finds))
        if rest > 0:
            lines.append([button(messages.say("chat-places-rest", count=rest), "all")])
        return lines

    def _place(self, number: int, find: Find, width: int) -> list[Line]:
        languages = [
            language for language in LANGUAGES if language in find.versions and find.versions[language].highlights
        ]
        languages = languages or [next(iter(find.versions))]
        language = self._language if self._language in languages else languages[0]
        version = find.versions[language]
        style = "current" if self.has_focus and number == self.position else "key"
        line = messages.say("label-line", number=version.place.lines[0])
        head: Line = [Run("  "), button(line, f"find:{number}", style), Run("  ")]
        room = width - sum(cells(char) for run in head for char in run.text)
        return [[*head, *keyword_in_context(version.text, version.highlights, max(room, 8))]]


def keyword_in_context(text: str, highlights: Sequence[tuple[int, int]], room: int) -> Line:
    """Return one line of a text about the first of some stretches of it, those stretches marked."""
    flat = " ".join(text.split()) if not highlights else text
    first, last = highlights[0] if highlights else (0, 0)
    before = " ".join(display(flat[:first]).split())
    if flat[:first][-1:].isspace() and before:
        before += " "
    runs: Line = []
    position = first
    for start, end in [(start, end) for start, end in highlights if start >= first][:8]:
        runs += [Run(_flat(flat[position:start])), Run(_flat(flat[start:end]), "match")]
        position = end
    runs.append(Run(_flat(flat[position : position + 400])))
    most = room // 3
    while before and sum(cells(char) for char in before) > most:
        before = before[1:]
    return clipped([Run(before, "dim"), *runs], room) if last >= first else runs


def _flat(text: str) -> str:
    return "".join(" " if char in "\n\t\r" else char for char in display(text))


class CitedView(Lines):
    """A passage that a person put into the conversation from the source."""

    def __init__(self, passage: ShownPassage) -> None:
        super().__init__(classes="turn cited")
        self.passage = passage

    def laid(self, width: int) -> list[Line]:
        """Lay out the citation and both versions."""
        versions = self.passage.versions
        first = versions.get(messages.interface()) or next(iter(versions.values()))
        lines = wrap(
            [Run(messages.say("chat-cited") + "  ", "dim"), button(display(first.label), "place", "label")], width
        )
        for language in (language for language in LANGUAGES if language in versions):
            lines += [[Run("  "), *row] for row in wrap([Run(display(versions[language].text))], width - 2)]
        return lines
