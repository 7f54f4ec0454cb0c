"""The honest "not in this document": from the evidence of the first hit to two calibrated chances.

``answerable`` is the chance that the document answers at all; ``found`` is true from :data:`THRESHOLD` on.
``confidence`` is the chance that the marked sentence of the first hit holds the answer. Both are logistic regressions
over what the best passage covers of the question, weighted by idf. They are fitted on judged questions, each asked of a
collection with and without its article.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from askdoc.answering.evidence import Scorer
from askdoc.answering.rank import RankedPassage


class Verdict(NamedTuple):
    """Whether the documents answer a question."""

    found: bool
    """True from :data:`THRESHOLD` on."""
    confidence: float
    """The chance that the marked sentence of the first hit holds the answer, 0..1."""


class ConfidenceFeatures(Struct, frozen=True):
    """What the first hit covers of a question; shares are of idf, 0..1."""

    covered: float
    """Share of the question's words that the first hit holds."""
    sentence: float
    """Share of the question's words that its best sentence holds."""
    grams: float
    """Share of the question's pairs of Chinese characters that its best sentence holds; ``sentence`` without any."""
    vocabulary: float
    """Share of the question's words that occur in the index."""
    margin: float
    """Difference of the first and the second hit's scores, as a share of the first's."""
    words: float
    """Content words of the question, as a share of eight, at most 1: covering a long question is stronger evidence."""
    bridged: float
    """BM25 of the question's translations in the first hit, as a share of the idf of its words."""
    similarity: float = 0.0
    """Semantic similarity of the first hit's nearest sentence, 0..1; 0 without sentence vectors."""


class Logistic(Struct, frozen=True):
    """The weights and the intercept of a logistic regression."""

    intercept: float
    covered: float
    sentence: float
    grams: float
    vocabulary: float
    margin: float
    words: float
    bridged: float
    similarity: float = 0.0


CalibrationCase = Literal["own", "alone", "own-semantic", "alone-semantic"]
"""Whether the first hit has a version in the question's language; with sentence vectors or not."""

ANSWERABLE: Final[Mapping[CalibrationCase, Logistic]] = {
    "own": Logistic(-7.44, 3.96, 3.45, 2.49, 1.33, 1.59, 1.71, 2.85),
    "alone": Logistic(-4.90, 1.98, 2.66, 0.23, 0.05, 2.19, 1.61, 3.90),
    "own-semantic": Logistic(-7.58, 3.53, 3.10, 2.27, 1.33, 1.85, 1.10, 2.11, 4.10),
    "alone-semantic": Logistic(-5.23, 1.79, 2.63, -0.37, -0.02, 1.54, 0.65, 3.23, 6.40),
}
CONFIDENCE: Final[Mapping[CalibrationCase, Logistic]] = {
    "own": Logistic(-6.13, 2.42, 2.72, 1.46, 0.90, 1.58, 1.45, 0.63),
    "alone": Logistic(-6.13, 1.18, 3.54, 0.06, 0.45, 3.02, 2.30, 1.28),
    "own-semantic": Logistic(-6.29, 2.14, 2.68, 1.38, 0.89, 1.49, 1.03, 0.18, 3.10),
    "alone-semantic": Logistic(-5.68, 0.99, 3.41, -0.18, 0.18, 2.39, 1.24, 0.61, 4.66),
}
THRESHOLD: Final[Mapping[CalibrationCase, float]] = {
    "own": 0.35,
    "alone": 0.35,
    "own-semantic": 0.28,
    "alone-semantic": 0.35,
}
"""``found`` from this chance of being answerable on."""


def calibrate(scorer: Scorer, ranked: Sequence[RankedPassage]) -> Verdict:
    """Return the confidence in the first of the ranked passages."""
    if not ranked:
        return Verdict(False, 0.0)
    features = confidence_features(scorer, ranked)
    case = calibration_case(scorer.language in ranked[0].versions, scorer.candidates.dense is not None)
    return Verdict(
        chance(features, ANSWERABLE[case]) >= THRESHOLD[case],
        chance(features, CONFIDENCE[case]),
    )


def confidence_features(scorer: Scorer, ranked: Sequence[RankedPassage]) -> ConfidenceFeatures:
    """Return the features of the first of one or more ranked passages."""
    first, candidates = ranked[0], scorer.candidates
    bridged = sum(candidates.features.get(name, {}).get(first.number, 0.0) for name in ("bridge", "bridge_alone"))
    evidence = first.evidence[first.primary]
    total = sum(candidates.idf.values()) or 1.0
    grams = sum(candidates.gram_idf.values())
    absent = {word.term for word in candidates.missing}
    sentence = evidence.best / total
    return ConfidenceFeatures(
        covered=evidence.covered / total,
        sentence=sentence,
        grams=evidence.best_grams / grams if grams else sentence,
        vocabulary=sum(candidates.idf[word.term] for word in scorer.words if word.term not in absent) / total,
        margin=(first.score - ranked[1].score) / first.score if len(ranked) > 1 and first.score > 0 else 1.0,
        words=min(len(scorer.words), 8) / 8,
        bridged=bridged / total,
        similarity=first.similarity,
    )


def chance(features: ConfidenceFeatures, weights: Logistic) -> float:
    """Return the logistic of the weighted features, 0..1."""
    total = weights.intercept + sum(
        float(getattr(weights, name) * getattr(features, name)) for name in ConfidenceFeatures.__struct_fields__
    )
    return 1 / (1 + math.exp(-total))


def calibration_case(own: bool, semantic: bool) -> CalibrationCase:
    """Return the calibration of a first hit: ``own`` has the question's language; ``semantic`` used sentence vectors."""
    if semantic:
        return "own-semantic" if own else "alone-semantic"
    return "own" if own else "alone"
