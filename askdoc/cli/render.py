"""Answers, places and lists as readable text and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from askdoc import messages
from askdoc.cli.screen import Screen
from askdoc.model import LANGUAGES, Answer, AnsweredVersion, Hit, Language, Shown, other
from askdoc.presentation.emphasis import heading, plain, strong
from askdoc.presentation.wording import (
    corrected_words,
    counterpart,
    language_name,
    marked,
    missing_words,
    overview_lines,
    overview_markdown,
    verdict,
)
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, beside, wrap

BESIDE: Final = 100
"""From this many columns on two versions stand side by side."""

_INDENT: Final = 4
_NEAREST: Final = 280
"""Characters shown of a passage that is nearest only."""


def answer(value: Answer, screen: Screen, *, sample: bool = False) -> None:
    """Print an answer as text: the verdict, then the numbered passages."""
    if sample:
        screen.wrapped(messages.say("render-sample"), "dim")
    screen.wrapped(verdict(value), "good" if value.found or value.kind == "greeting" else "bad")
    for line in overview_lines(value):
        screen.wrapped([line], hanging=_INDENT)
    if value.about:
        words = messages.say("render-comma").join(value.about)
        screen.wrapped(messages.say("render-about", words=words), "dim")
    if value.corrected:
        screen.wrapped(corrected_words(value), "dim")
    if value.missing:
        screen.wrapped(missing_words(value), "dim")
    if not value.hits and value.kind == "passage":
        screen.wrapped(messages.say("render-nothing"), "dim")
    elif value.hits and not value.found:
        screen.wrapped(messages.say("render-nearest"), "dim")
    for hit in value.hits:
        screen.text()
        _hit(hit, value, screen)


def _hit(hit: Hit, value: Answer, screen: Screen) -> None:
    both = value.answer_language == "both" and len(hit.versions) == 2
    screen.wrapped([Run(f"[{hit.rank}] "), Run(display(hit.label), "label")], hanging=_INDENT)
    note = messages.say("render-note", id=display(hit.passage_id), alignment=counterpart(hit, value))
    screen.wrapped(note, "dim", _INDENT)
    if both:
        for line in _both(hit.versions, screen, screen.width - _INDENT):
            screen.line(line, _INDENT)
        return
    cut = None if value.found else _NEAREST
    screen.wrapped(_marked(hit.versions[hit.shown], screen, cut), indent=_INDENT)


def _both(versions: Mapping[Language, AnsweredVersion], screen: Screen, width: int) -> list[Line]:
    if width >= BESIDE - _INDENT:
        half = (width - 3) // 2
        sides = [wrap(_marked(versions[language], screen, None), half) for language in LANGUAGES]
        return beside(sides[0], sides[1], half)
    lines: list[Line] = []
    for language in LANGUAGES:
        lines.append([Run(language_name(language), "dim")])
        lines += wrap(_marked(versions[language], screen, None), width)
    return lines


def _marked(version: AnsweredVersion, screen: Screen, cut: int | None) -> list[Run]:
    """Return a version with its answer sentence and matches styled; without styles, the sentence between signs."""
    runs = marked(version, signs=not screen.styled)
    return runs if cut is None else _cut(runs, version, cut)


def _cut(runs: Sequence[Run], version: AnsweredVersion, most: int) -> list[Run]:
    """Shorten a long passage, and show that it is shortened."""
    if len(version.text) <= most * 1.2:
        return list(runs)
    head: list[Run] = []
    left = most
    for run in runs:
        if left <= 0:
            break
        head.append(Run(run.text[:left], run.style))
        left -= len(run.text)
    return [*head, Run(" […]", "dim")]


def shown(value: Shown, screen: Screen) -> None:
    """Print a place with its surroundings, both versions, the cited passage marked."""
    title = value.title.get(messages.interface()) or next(iter(value.title.values()), value.document)
    screen.text(" ".join(title.split()), "bold")
    for passage in value.passages:
        screen.text()
        version = passage.versions.get(messages.interface()) or next(iter(passage.versions.values()))
        mark = ">" if passage.cited else " "
        for row, line in enumerate(wrap([Run(display(version.label), "label")], screen.width - 2)):
            screen.line([Run(f"{mark} " if not row else "  "), *line])
        width = screen.width - _INDENT
        screen.line([Run(display(passage.passage_id), "dim")], _INDENT)
        if len(passage.versions) == 2:
            lines = _both(passage.versions, screen, width)
        else:
            (language,) = passage.versions
            missing = messages.say("render-only", missing=language_name(other(language)), shown=language_name(language))
            lines = [*wrap(_marked(version, screen, None), width), [Run(missing, "dim")]]
        for line in lines:
            styled = line if passage.cited else [Run(run.text, run.style or "dim") for run in line]
            screen.line(styled, _INDENT)


def markdown(value: Answer) -> str:
    """Return an answer as Markdown: quotes with the answer sentence bold, each with its citation."""
    lines = [heading(value.question), "", verdict(value), *overview_markdown(value)]
    for hit in value.hits:
        languages = LANGUAGES if value.answer_language == "both" else (hit.shown,)
        for language in languages:
            version = hit.versions.get(language)
            if version is not None:
                lines += quoted(version.text, [version.sentence] if version.sentence else [])
        lines += cited(f"[{hit.rank}] {plain(hit.label)}", hit.passage_id)
    return "\n".join(lines)


def quoted(text: str, bold: Sequence[tuple[int, int]]) -> list[str]:
    """Return the lines of a quote in Markdown, after an empty one; ``bold`` are spans of the text, ascending."""
    return ["", *(f"> {line}".rstrip() for line in strong(text, bold).split("\n"))]


def cited(label: str, passage_id: str) -> list[str]:
    """Return the lines of a quote's citation in Markdown."""
    return [">", f"> — {label} (`{display(passage_id).replace('`', '')}`)"]
