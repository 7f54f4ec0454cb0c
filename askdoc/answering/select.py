"""Where the answer stands in both versions: the sentence that answers, and its counterpart by alignment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from askdoc.answering.analyzed_version import AnalyzedVersion
from askdoc.answering.evidence import VersionEvidence, score_version, select_sentence, share
from askdoc.bitext.align import align
from askdoc.model import LANGUAGES, Bead, Language, other
from askdoc.question.query import Query
from askdoc.retrieval.candidates import Candidates

if TYPE_CHECKING:
    from askdoc.retrieval.dense import Similar


def answer_sentences(
    query: Query,
    primary: Language,
    readings: Mapping[Language, AnalyzedVersion],
    evidence: VersionEvidence,
    found: Candidates,
    similar: Similar | None = None,
) -> dict[Language, tuple[int, int]]:
    """The answer sentence in the version that says most (``primary``), and what corresponds to it in the other one.

    ``similar``: how near the sentences of each version are to the question in meaning, where that is known.
    """
    reading = readings[primary]
    at = select_sentence(
        query, evidence, found, counterparts(query, readings, primary, found), near(readings, primary, similar)
    )
    if at is None:
        return {}
    spans = {primary: (reading.sentences[at].start, reading.sentences[at].end)}
    second = readings.get(other(primary))
    if second is not None and second.sentences:
        first, last = counterpart(primary, readings, at)
        spans[other(primary)] = second.sentences[first].start, second.sentences[last].end
    return spans


def counterparts(
    query: Query, readings: Mapping[Language, AnalyzedVersion], language: Language, found: Candidates
) -> list[float]:
    """For each sentence of a version: the share of the question whose translations its counterpart holds, 0..1.

    Empty where the other version is not the one that the dictionary was asked for.
    """
    second = readings.get(other(language))
    if found.cross_lingual is None or second is None or not second.sentences or language != query.language:
        return []
    crossed = score_version(query, second, found, found.cross_lingual.translations)
    shares = [share(query, sentence, found) for sentence in crossed.sentences]
    spans = _counterparts(language, readings)
    return [max(shares[first : last + 1]) for first, last in spans]


def near(
    readings: Mapping[Language, AnalyzedVersion], language: Language, similar: Similar | None
) -> list[tuple[float, float]]:
    """For each sentence of a version how near it, and what corresponds to it, are to the question in meaning.

    Empty where that is not known.
    """
    own = similar.get(language, ()) if similar else ()
    if not own or len(own) != len(readings[language].sentences):
        return []
    second = readings.get(other(language))
    others = similar.get(other(language), ()) if similar else ()
    if second is None or not others or len(others) != len(second.sentences):
        return [(value, value) for value in own]
    spans = _counterparts(language, readings)
    return [(value, max(others[first : last + 1])) for value, (first, last) in zip(own, spans, strict=True)]


@lru_cache(maxsize=2048)
def _aligned(en: tuple[str, ...], zh: tuple[str, ...]) -> tuple[Bead, ...]:
    """The sentences of a passage aligned: two milliseconds, which a hit that comes back need not cost again."""
    return tuple(align(en, zh))


def counterpart(language: Language, readings: Mapping[Language, AnalyzedVersion], at: int) -> tuple[int, int]:
    """The first and last sentence of the other version that correspond to sentence ``at`` of this one.

    By alignment; where that leaves the sentence alone, by its place in the text.
    """
    return _by_alignment(language, readings)[at] or _by_place(language, readings, at)


def _counterparts(language: Language, readings: Mapping[Language, AnalyzedVersion]) -> Iterator[tuple[int, int]]:
    """The :func:`counterpart` of each sentence, the alignment asked once."""
    for at, aligned in enumerate(_by_alignment(language, readings)):
        yield aligned or _by_place(language, readings, at)


def _by_alignment(language: Language, readings: Mapping[Language, AnalyzedVersion]) -> list[tuple[int, int] | None]:
    """For each sentence of a version the first and last of the other that it is aligned with, if any."""
    texts = {
        side: tuple(readings[side].text[sentence.start : sentence.end] for sentence in readings[side].sentences)
        for side in LANGUAGES
    }
    table: list[tuple[int, int] | None] = [None] * len(readings[language].sentences)
    for bead in _aligned(texts["en"], texts["zh"]):
        mine, theirs = (bead.en, bead.zh) if language == "en" else (bead.zh, bead.en)
        if theirs[0] < theirs[1]:
            for place in range(*mine):
                table[place] = theirs[0], theirs[1] - 1
    return table


def _by_place(language: Language, readings: Mapping[Language, AnalyzedVersion], at: int) -> tuple[int, int]:
    """The sentence of the other version whose middle is nearest, by the share of the text before it."""
    own, others = readings[language].sentences, readings[other(language)].sentences
    middle = (own[at].start + own[at].end) / 2 / max(len(readings[language].text), 1)
    place = middle * len(readings[other(language)].text)
    # Sentences are disjoint and in order, so that their middles ascend: of equal ones the first is the nearest.
    after = bisect_left(others, place, key=lambda sentence: (sentence.start + sentence.end) / 2)
    around = range(max(after - 1, 0), min(after + 1, len(others)))
    nearest = min(around, key=lambda number: abs((others[number].start + others[number].end) / 2 - place))
    return nearest, nearest
