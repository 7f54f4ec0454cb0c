"""The words and marks of an answer, the same in every front end."""

from __future__ import annotations

from askdoc import messages
from askdoc.model import Answer, AnsweredVersion, Hit, Language, other
from askdoc.text.cleaning import display
from askdoc.text.wrap import Run


def verdict(value: Answer) -> str:
    """Say whether the document answers, and with what confidence."""
    if not value.found:
        return messages.say("render-not-found")
    key = "render-found" if value.confidence >= 0.5 else "render-perhaps"
    return messages.say(key, percent=round(value.confidence * 100))


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
