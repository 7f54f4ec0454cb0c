"""The honest "not in this document": from the evidence of the first hit to two calibrated chances.

``answerable`` is the chance that the document answers at all; ``found`` is true from :data:`THRESHOLD` on.
``confidence`` is the chance that the marked sentence of the first hit holds the answer. Both are logistic regressions
over what the best passage covers of the question, weighed by rarity; they are fitted on judged questions, each
asked of a collection with and without its article (tests/quality holds the program and the table).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Signs:
    """What the first hit covers of a question; shares are of inverse document frequencies, 0..1."""

    covered: float
    """Share of the question's words that the first hit holds."""
    sentence: float
    """Share of the question's words that its best sentence holds."""
    grams: float
    """Share of the question's pairs of Chinese characters that its best sentence holds; ``sentence`` without any."""
    known: float
    """Share of the question's words that the documents use at all."""
    margin: float
    """How far the first hit's score is above the second's, as a share of the first's."""
    words: float
    """Content words of the question, as a share of eight, at most 1: a long question that is covered says more."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights of the signs and the constant."""

    constant: float
    covered: float
    sentence: float
    grams: float
    known: float
    margin: float
    words: float


ANSWERABLE: Final = Logistic(-7.11, 4.55, 3.80, 2.83, 1.59, 1.52, 1.54)
CONFIDENCE: Final = Logistic(-6.46, 2.54, 2.96, 1.52, 1.05, 1.77, 1.60)
THRESHOLD: Final = 0.35
"""``found`` from this chance of being answerable on."""


def chance(signs: Signs, weights: Logistic) -> float:
    """The logistic of the weighted signs, 0..1."""
    total = weights.constant + sum(
        float(getattr(weights, sign.name) * getattr(signs, sign.name)) for sign in fields(Signs)
    )
    return 1 / (1 + math.exp(-total))
