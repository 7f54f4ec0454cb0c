"""The marked stretch of a ranked passage: its answer sentence, and that sentence's counterpart in the other version."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from askdoc.answering.analyzed_version import AnalyzedVersion
from askdoc.answering.evidence import Scorer
from askdoc.answering.rank import RankedPassage
from askdoc.bitext.align import align
from askdoc.model import LANGUAGES, Bead, Language, other
from askdoc.text.spans import Span


class SentenceFeatures(Struct, frozen=True):
    """Features of a sentence that may be the answer, each 0..1; and, as a value, their weights.

    The weights are fitted by softmax regression over the sentences of judged passages.
    """

    words: float
    """Share of the question's words, weighted by idf."""
    local: float
    """The same share, each word weighted by its inverse sentence frequency in the passage as well."""
    answer_type: float
    """It holds the expected answer type."""
    together: float
    """Share of the question's words that it or the sentence before it holds: answers follow what introduces them."""
    counterpart: float
    """Share of the question's words whose translations its counterpart in the other version holds."""
    similarity: float = 0.0
    """Its semantic similarity to the question."""
    counterpart_similarity: float = 0.0
    """Its counterpart's semantic similarity to the question."""


SENTENCE_WEIGHTS: Final = SentenceFeatures(1.2, 2.1, 1.75, 2.45, 2.2)
SEMANTIC_SENTENCE_WEIGHTS: Final = SentenceFeatures(0.6, 1.8, 1.8, 2.5, 1.6, 2.4, 3.1)
"""The weights with sentence vectors."""


def select(scorer: Scorer, ranked: RankedPassage) -> dict[Language, Span]:
    """Return the span of the answer sentence in each version; empty without evidence."""
    rows = sentence_features(scorer, ranked)
    weights = SEMANTIC_SENTENCE_WEIGHTS if _similarities(ranked) else SENTENCE_WEIGHTS
    scores = [
        sum(getattr(row, name) * getattr(weights, name) for name in SentenceFeatures.__struct_fields__) for row in rows
    ]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    if best is None:
        return {}
    evidence = ranked.evidence[ranked.primary].sentences[best]
    if not (evidence.words or evidence.grams or weights is SEMANTIC_SENTENCE_WEIGHTS):
        return {}
    sentence = ranked.versions[ranked.primary].sentences[best]
    spans = {ranked.primary: (sentence.start, sentence.end)}
    second = ranked.versions.get(other(ranked.primary))
    if second is not None and second.sentences:
        first, last = _counterparts(ranked.primary, ranked.versions)[best]
        spans[other(ranked.primary)] = second.sentences[first].start, second.sentences[last].end
    return spans


def sentence_features(scorer: Scorer, ranked: RankedPassage) -> list[SentenceFeatures]:
    """Return the features of each sentence of the primary version."""
    sentences = ranked.evidence[ranked.primary].sentences
    idf = scorer.idf
    sentence_frequency = [sum(sentence.shares[word] > 0 for sentence in sentences) for word in range(len(idf))]
    local = [
        weight * math.log((len(sentences) + 1) / (frequency + 0.5)) if frequency else 0.0
        for weight, frequency in zip(idf, sentence_frequency, strict=True)
    ]
    counterparts = _counterpart_shares(scorer, ranked)
    similarities = _similarities(ranked)
    before = [(0.0,) * len(idf), *(sentence.shares for sentence in sentences)]
    return [
        SentenceFeatures(
            _weighted(sentence.shares, idf),
            _weighted(sentence.shares, local),
            float(sentence.answer_type),
            _weighted(tuple(map(max, sentence.shares, before[number])), idf),
            counterparts[number] if counterparts else 0.0,
            *(similarities[number] if similarities else (0.0, 0.0)),
        )
        for number, sentence in enumerate(sentences)
    ]


def _weighted(shares: Sequence[float], weights: Sequence[float]) -> float:
    return sum(share * weight for share, weight in zip(shares, weights, strict=True)) / (sum(weights) or 1.0)


def _counterpart_shares(scorer: Scorer, ranked: RankedPassage) -> list[float]:
    """Return for each sentence the share of the question whose translations its counterpart holds, 0..1.

    Empty where the question was not translated into the other version's language.
    """
    second = ranked.versions.get(other(ranked.primary))
    if not (second and second.sentences) or ranked.primary != scorer.language:
        return []
    translated = scorer.score_translated(second)
    if translated is None:
        return []
    shares = [_weighted(sentence.shares, scorer.idf) for sentence in translated.sentences]
    return [max(shares[first : last + 1]) for first, last in _counterparts(ranked.primary, ranked.versions)]


def _similarities(ranked: RankedPassage) -> list[tuple[float, float]]:
    """Return the semantic similarity of each sentence, and of its counterpart, to the question; empty without vectors."""
    similarities, versions = ranked.similarities, ranked.versions
    own, others = (similarities.get(language, ()) for language in (ranked.primary, other(ranked.primary)))
    if not own or len(own) != len(versions[ranked.primary].sentences):
        return []
    second = versions.get(other(ranked.primary))
    if second is None or not others or len(others) != len(second.sentences):
        return [(value, value) for value in own]
    spans = _counterparts(ranked.primary, versions)
    return [(value, max(others[first : last + 1])) for value, (first, last) in zip(own, spans, strict=True)]


# --- counterparts --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def _aligned(en: tuple[str, ...], zh: tuple[str, ...]) -> tuple[Bead, ...]:
    """Align the sentences of a passage; cached, as it takes two milliseconds."""
    return tuple(align(en, zh))


def _counterparts(language: Language, versions: Mapping[Language, AnalyzedVersion]) -> list[tuple[int, int]]:
    """Return the first and last counterpart of each sentence: by alignment, else by its position in the text."""
    texts = {
        side: tuple(versions[side].text[sentence.start : sentence.end] for sentence in versions[side].sentences)
        for side in LANGUAGES
    }
    table: list[tuple[int, int] | None] = [None] * len(versions[language].sentences)
    for bead in _aligned(texts["en"], texts["zh"]):
        mine, theirs = (bead.en, bead.zh) if language == "en" else (bead.zh, bead.en)
        if theirs[0] < theirs[1]:
            for number in range(*mine):
                table[number] = theirs[0], theirs[1] - 1
    return [aligned or _by_place(language, versions, number) for number, aligned in enumerate(table)]


def _by_place(language: Language, versions: Mapping[Language, AnalyzedVersion], number: int) -> tuple[int, int]:
    """Return the sentence of the other version whose middle is nearest, by the share of the text before it."""
    own, others = versions[language].sentences, versions[other(language)].sentences
    middle = (own[number].start + own[number].end) / 2 / max(len(versions[language].text), 1)
    position = middle * len(versions[other(language)].text)
    # Sentences are disjoint and in order, so that their middles ascend: of equal ones the first is the nearest.
    following = bisect_left(others, position, key=lambda sentence: (sentence.start + sentence.end) / 2)
    around = range(max(following - 1, 0), min(following + 1, len(others)))
    nearest = min(around, key=lambda index: abs((others[index].start + others[index].end) / 2 - position))
    return nearest, nearest
