"""Evaluation of a bilingual document by its own pairs: a sentence or heading must retrieve its other version.

No judgements are needed: the pairs are the labels. Across languages a sentence of either version is asked of the
document with only the other version left; within a language a sentence without every third of its content words is
asked of the whole document. Both are known-item search (Azzopardi and de Rijke 2006), easier than the
questions of people: good for comparing documents and settings, not as a promise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from msgspec import Struct, to_builtins

from askdoc.analysis import tokens
from askdoc.errors import UsageError
from askdoc.evaluation.measures import DEPTH, Interval, interval, rank_values
from askdoc.evaluation.runner import Asked
from askdoc.model import LANGUAGES, Hit, Language, ShownPassage, other
from askdoc.text.sentences import sentences

Item = TypeVar("Item")

Probe = tuple[str, Callable[[Hit], bool]]
"""A question for the document itself, and the test of a right hit."""

PROBES: Final = 400
"""The maximum probes of a kind and direction; of more, a sample at even distances."""

_LENGTHS: Final[dict[Language, tuple[int, int]]] = {"en": (25, 300), "zh": (8, 120)}
"""The minimum and maximum characters of a sentence that is asked."""


class Direction(Struct, frozen=True):
    """The measures of a kind of probes in a direction."""

    kind: str
    """``"sentence"``, ``"heading"`` or ``"partial"`` (a sentence without some words, in its own language)."""
    asked: Language
    text: Language
    """The language of the text that is asked."""
    probes: int
    recall_at_1: float
    recall_at_5: float
    mrr_at_10: float
    interval: Interval
    """The bootstrap's 95 % interval of recall@1."""


def ask_itself(
    passages: Iterable[ShownPassage], whole: Asked, alone: Callable[[Language], Asked]
) -> tuple[Direction, ...]:
    """Measure a document by its own pairs.

    ``passages`` are those of the index ``whole``; ``alone`` returns an index of the same passages, with the same ids,
    with the versions in a single language. Raises :class:`UsageError` if no passage is paired.
    """
    paired = [
        passage for passage in passages if passage.alignment == "paired" and len(passage.versions) == len(LANGUAGES)
    ]
    if not paired:
        raise UsageError("eval-self-pairs")
    alone = cache(alone)
    return tuple(
        _measured(kind, asked, text, probes, whole if asked == text else alone(text))
        for kind, asked, text, probes in _kinds(paired)
        if probes
    )


def _kinds(paired: Sequence[ShownPassage]) -> Iterator[tuple[str, Language, Language, list[Probe]]]:
    for asked in LANGUAGES:
        yield "sentence", asked, other(asked), _sentences(paired, asked)
        yield "heading", asked, other(asked), _headings(paired, asked)
    for asked in LANGUAGES:
        yield "partial", asked, asked, [(_thinned(text), right) for text, right in _sentences(paired, asked)]


def _measured(kind: str, asked: Language, text: Language, probes: Sequence[Probe], index: Asked) -> Direction:
    ranks = [
        next((hit.rank for hit in index.ask(question, limit=DEPTH).hits if right(hit)), None)
        for question, right in probes
    ]
    values = rank_values(ranks)
    means = {name: sum(scores) / len(scores) for name, scores in values.items()}
    return Direction(kind, asked, text, len(ranks), **means, interval=interval(values["recall_at_1"]))


def _sample(items: Sequence[Item]) -> list[Item]:
    if len(items) <= PROBES:
        return list(items)
    return [items[number * len(items) // PROBES] for number in range(PROBES)]


def _sentence(text: str, language: Language) -> str | None:
    """Return the sentence with the most different content words; ``None`` without any."""
    least, most = _LENGTHS[language]
    best, words = None, 1
    for start, end in sentences(text, language):
        piece = text[start:end].strip()
        if least <= len(piece) <= most:
            count = len({token.term for token in tokens(piece) if token.kind != "stop"})
            if count > words:
                best, words = piece, count
    return best


def _sentences(paired: Sequence[ShownPassage], asked: Language) -> list[Probe]:
    def same(passage: ShownPassage) -> Callable[[Hit], bool]:
        return lambda hit: hit.passage_id == passage.passage_id

    chosen = ((passage, _sentence(passage.versions[asked].text, asked)) for passage in _sample(paired))
    return [(text, same(passage)) for passage, text in chosen if text]


def _thinned(text: str) -> str:
    """Remove every third content word of a sentence."""
    content = [token for token in tokens(text) if token.kind == "word"]
    for token in reversed(content[1::3]):
        text = text[: token.start] + text[token.end :]
    return text


def _headings(paired: Sequence[ShownPassage], asked: Language) -> list[Probe]:
    """Return probes of the headings that have a counterpart; any passage of the section is right."""
    sections: dict[str, tuple[str, ...]] = {}
    for passage in paired:
        own, others = passage.versions[asked].section, passage.versions[other(asked)].section
        if own and others and len(own) == len(others):
            sections.setdefault(own[-1], tuple(others))

    def inside(path: tuple[str, ...]) -> Callable[[Hit], bool]:
        return lambda hit: any(version.section[: len(path)] == path for version in hit.versions.values())

    return [(heading, inside(path)) for heading, path in _sample(list(sections.items()))]


def to_json(directions: Sequence[Direction]) -> dict[str, Any]:
    """Return the measures as JSON."""
    return {"schema": 1, "self": to_builtins(directions)}
