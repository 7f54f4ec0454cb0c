"""What an answer looks like in words and marks, the same in every front end."""

from __future__ import annotations

from askdoc import messages
from askdoc.model import Answer, AnsweredVersion, Hit, Language, other
from askdoc.text.cleaning import display
from askdoc.text.wrap import Run


def verdict(value: Answer) -> str:
    """Whether the document answers, and how sure that is, in words."""
    if not value.found:
        return messages.say("render-not-found")
    key = "render-found" if value.confidence >= 0.5 else "render-perhaps"
    return messages.say(key, percent=round(value.confidence * 100))


def missing_words(value: Answer) -> str:
    """The question's words that the document never uses, in a sentence; empty where there are none."""
    if not value.missing:
        return ""
    words = messages.say("render-comma").join(messages.say("render-quoted", word=word) for word in value.missing)
    return messages.say("render-missing", words=words)


def corrected_words(value: Answer) -> str:
    """The typing slips that were put right, in a sentence; empty where there are none."""
    if not value.corrected:
        return ""
    comma = messages.say("render-comma")
    right, typed = comma.join(right for _, right in value.corrected), comma.join(typed for typed, _ in value.corrected)
    return messages.say("render-corrected", right=right, typed=typed)


def counterpart(hit: Hit, value: Answer) -> str:
    """In words whether there is another version, and why this one is shown where it is not the one asked for."""
    if hit.alignment == "none" or len(hit.versions) < 2:
        missing = other(hit.shown)
        wanted = value.language if value.answer_language in ("auto", "both") else value.answer_language
        key = "render-fallback" if wanted == missing else "render-only"
        return messages.say(key, missing=language_name(missing), shown=language_name(hit.shown))
    return messages.say(f"render-{hit.alignment}", other=language_name(other(hit.shown)))


def language_name(language: Language) -> str:
    """English or Chinese, in the interface's language."""
    return messages.say(f"language-{language}")


def marked(version: AnsweredVersion, *, signs: bool = False) -> list[Run]:
    """A version as runs whose styles are ``sentence``, ``match`` or both; ``signs`` puts >> << about the sentence."""
    sentence = version.sentence or (0, 0)
    points = sorted({0, len(version.text), *sentence, *(place for span in version.highlights for place in span)})
    matches = sorted(version.highlights)
    passed = 0  # so many of the first matches end before where we are
    runs: list[Run] = []
    for start, end in zip(points, points[1:], strict=False):
        inside = sentence[0] <= start < sentence[1]
        while passed < len(matches) and matches[passed][1] <= start:
            passed += 1
        matched = passed < len(matches) and matches[passed][0] <= start
        style = " ".join(word for word, held in (("sentence", inside), ("match", matched)) if held)
        text = display(version.text[start:end])
        if signs and version.sentence:
            text = (">> " if start == sentence[0] else "") + text + (" <<" if end == sentence[1] else "")
        runs.append(Run(text, style))
    return runs
