"""Every place of some words, as text, Markdown and JSON."""

from __future__ import annotations

from typing import Final

from askdoc import messages
from askdoc.cli.render import cited, quoted
from askdoc.cli.screen import Screen
from askdoc.model import LANGUAGES, AnsweredVersion, AnswerLanguage, Find, Language, Places
from askdoc.presentation.emphasis import heading, plain
from askdoc.text.cleaning import display
from askdoc.text.han import HAN
from askdoc.text.wrap import Run

_BEFORE: Final = 80
_AFTER: Final = 200
"""Characters shown around the first of a passage's places."""

_INDENT: Final = 4


def text(value: Places, answer_language: AnswerLanguage, screen: Screen) -> None:
    """Print the places by section: each passage's citation and an excerpt with the words marked."""
    screen.wrapped(summary(value), "good" if value.finds else "bad")
    finds = iter(value.finds)
    for part in value.sections:
        screen.text()
        heading = " › ".join(part.section.get(messages.interface(), ())) or messages.say("places-start")
        screen.wrapped(f"{heading} ({part.count})", "bold")
        for _, find in zip(range(part.count), finds, strict=False):
            for language in _shown(find, value, answer_language):
                version = find.versions[language]
                screen.wrapped(version.label, "label", 2)
                screen.wrapped(find.passage_id, "dim", _INDENT)
                screen.wrapped(_excerpt(version, screen.styled), indent=_INDENT)


def summary(value: Places) -> str:
    """Return in words how many places there are."""
    words = display(" ".join(value.words.split()))
    if not value.finds:
        return messages.say("places-none", words=words)
    if len(value.finds) == 1:
        return messages.say("places-one", words=words)
    return messages.say("places-some", words=words, count=len(value.finds), sections=len(value.sections))


def markdown(value: Places, answer_language: AnswerLanguage) -> str:
    """Return the places as Markdown: each passage quoted whole, its words bold, with its citation."""
    lines = [heading(summary(value))]
    for find in value.finds:
        for language in _shown(find, value, answer_language):
            version = find.versions[language]
            lines += quoted(version.text, version.highlights)
            lines += cited(plain(version.label), find.passage_id)
    return "\n".join(lines)


def _shown(find: Find, value: Places, answer_language: AnswerLanguage) -> list[Language]:
    """Return the versions to show: those asked for, else the one in the words' language that has them."""
    if answer_language == "both":
        return [language for language in LANGUAGES if language in find.versions]
    if answer_language in find.versions:
        return [language for language in LANGUAGES if language == answer_language]
    spoken: Language = "zh" if HAN.search(value.words) else "en"
    marked = [language for language, version in find.versions.items() if version.highlights]
    return [spoken] if spoken in marked else marked[:1]


def _excerpt(version: AnsweredVersion, styled: bool) -> list[Run]:
    first = version.highlights[0][0] if version.highlights else 0
    start = first - _BEFORE if first > _BEFORE * 1.5 else 0
    end = first + _AFTER if len(version.text) > (first + _AFTER) * 1.2 else len(version.text)
    runs = [Run("… ", "dim")] if start else []
    position = start
    for low, high in version.highlights:
        if low >= end:
            break
        runs.append(Run(display(version.text[position:low]), ""))
        marked = display(version.text[low:high])
        runs.append(Run(marked if styled else f">>{marked}<<", "match"))
        position = high
    runs.append(Run(display(version.text[position : max(position, end)]), ""))
    return [*runs, Run(" …", "dim")] if max(position, end) < len(version.text) else runs
