"""The words and marks of an answer, the same in every front end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from askdoc import messages
from askdoc.model import LANGUAGES, Answer, AnsweredVersion, Hit, Language, other
from askdoc.presentation.emphasis import heading, plain
from askdoc.question.scope import Asks, scope_of
from askdoc.text.cleaning import display
from askdoc.text.wrap import Run

_HEADINGS: Final = 100
"""Headings of a table of contents that are listed, at most."""

_TOP: Final = 12
"""Headings of the highest level that are listed where the document is summed up."""


def verdict(value: Answer) -> str:
    """Say whether the document answers, and with what confidence."""
    if value.kind == "greeting":
        return messages.say("render-thanks" if _asks(value) == "thanks" else "render-greeting")
    if value.kind == "document":
        if value.found:
            return messages.say("render-whole")
        return messages.say("render-absent-date" if _asks(value) == "date" else "render-absent-author")
    if not value.found:
        return messages.say("render-not-found")
    key = "render-found" if value.confidence >= 0.5 else "render-perhaps"
    return messages.say(key, percent=round(value.confidence * 100))


def _asks(value: Answer) -> Asks | None:
    scope = scope_of(value.question)
    return scope.asks if scope else None


def overview_lines(value: Answer) -> list[Run]:
    """Return what an answer about the whole document shows above its passages: title, size, headings; a line each."""
    lines = []
    for overview in value.overview:
        lines.append(Run(_in_languages(overview.title, value) or display(overview.document), "bold"))
        if len(value.overview) > 1:
            continue
        comma = messages.say("render-comma")
        languages = comma.join(language_name(language) for language in overview.languages)
        facts = messages.say(
            "render-facts", sections=overview.sections, passages=overview.passages, languages=languages
        )
        counts = [
            messages.say("render-length-en" if language == "en" else "render-length-zh", count=count)
            for language, count in overview.length.items()
        ]
        lines.append(Run(" · ".join([facts, *counts]), "dim"))
        headings, most = overview.headings, _HEADINGS
        if _asks(value) not in ("contents", "subject"):
            continue
        if _asks(value) == "subject":
            highest = min((line.level for line in headings), default=1)
            headings, most = tuple(line for line in headings if line.level == highest), _TOP
        lines += [Run("  " * line.level + _in_languages(line.text, value)) for line in headings[:most]]
        if len(headings) > most:
            lines.append(Run("  " + messages.say("render-further", count=len(headings) - most), "dim"))
    return lines


def overview_markdown(value: Answer) -> list[str]:
    """Return the lines of :func:`overview_lines` as Markdown, each block after an empty line."""
    lines: list[str] = []
    for run in overview_lines(value):
        if run.style:
            lines += ["", heading(run.text)] if run.style == "bold" else ["", plain(run.text), ""]
        else:
            indent = len(run.text) - len(run.text.lstrip()) - 2
            lines.append(f"{' ' * indent}- {plain(run.text.strip())}")
    return lines


def _in_languages(texts: Mapping[Language, str], value: Answer) -> str:
    """Return a title or heading in the language of an answer; in both where both are asked for."""
    if value.answer_language == "both":
        return display(" / ".join(dict.fromkeys(texts[language] for language in LANGUAGES if language in texts)))
    language = value.language if value.answer_language == "auto" else value.answer_language
    return display(texts.get(language) or next(iter(texts.values()), ""))


def missing_words(value: Answer) -> str:
    """Name the question's words that the document never uses, in a sentence; empty where there are none."""
    if not value.missing:
        return ""
    words = messages.say("render-comma").join(messages.say("render-quoted", word=word) for word in value.missing)
    return messages.say("render-missing", words=words)


def corrected_words(value: Answer) -> str:
    """Name the spelling corrections, in a sentence; empty where there are none."""
    if not value.corrected:
        return ""
    comma = messages.say("render-comma")
    right, typed = comma.join(right for _, right in value.corrected), comma.join(typed for typed, _ in value.corrected)
    return messages.say("render-corrected", right=right, typed=typed)


def counterpart(hit: Hit, value: Answer) -> str:
    """Say whether there is another version, and why this one is shown where another was asked for."""
    if hit.alignment == "none" or len(hit.versions) < 2:
        missing = other(hit.shown)
        language = value.language if value.answer_language in ("auto", "both") else value.answer_language
        key = "render-fallback" if language == missing else "render-only"
        return messages.say(key, missing=language_name(missing), shown=language_name(hit.shown))
    return messages.say(f"render-{hit.alignment}", other=language_name(other(hit.shown)))


def language_name(language: Language) -> str:
    """Return the name of a language, in the interface's language."""
    return messages.say(f"language-{language}")


def marked(version: AnsweredVersion, *, signs: bool = False) -> list[Run]:
    """Return a version as runs styled ``sentence``, ``match`` or both; ``signs`` puts >> << around the sentence."""
    sentence = version.sentence or (0, 0)
    points = sorted({0, len(version.text), *sentence, *(edge for span in version.highlights for edge in span)})
    matches = sorted(version.highlights)
    passed = 0  # the number of matches that end before ``start``
    runs: list[Run] = []
    for start, end in zip(points, points[1:], strict=False):
        inside = sentence[0] <= start < sentence[1]
        while passed < len(matches) and matches[passed][1] <= start:
            passed += 1
        matched = passed < len(matches) and matches[passed][0] <= start
        style = " ".join(name for name, applies in (("sentence", inside), ("match", matched)) if applies)
        text = display(version.text[start:end])
        if signs and version.sentence:
            text = (">> " if start == sentence[0] else "") + text + (" <<" if end == sentence[1] else "")
        runs.append(Run(text, style))
    return runs
