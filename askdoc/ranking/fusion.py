"""All evidence for a passage made one number: the one place that knows what each kind of evidence is worth.

Each weight multiplies one :class:`Features` field; the features are BM25 scores or sums of idf, so
that all of them grow alike with the size of a collection. The weights are fitted by softmax regression (the chance
that a passage is the judged one, over all passages of a question), articles left out in eight folds; tests/quality
holds the program that fits them and the table of what each adds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a passage; for each word of the question the better of the passage's two versions counts."""

    words: float = 0.0
    """BM25 of the question's content words."""
    names: float = 0.0
    """BM25 of those that are names or numbers, once more."""
    light: float = 0.0
    """BM25 of those that only frame a question ("type", "called"), once more."""
    parts: float = 0.0
    """BM25 of the parts of words."""
    grams: float = 0.0
    """BM25 of pairs of Chinese characters."""
    heading: float = 0.0
    """BM25 of the headings above the passage and of the title."""
    sentence: float = 0.0
    """Inverse document frequencies of the words that stand together in its best sentence, near forms ("suburb"
    for "suburban") counted in part."""
    sentence_grams: float = 0.0
    """The same for pairs of Chinese characters."""
    phrase: float = 0.0
    """Inverse document frequencies of words that stand beside each other in it as in the question."""
    kind: float = 0.0
    """Evidence of its best sentence among those that hold what the question expects (a number, a name)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature is worth."""

    words: float = 0.42
    names: float = 0.16
    light: float = -0.10
    parts: float = 0.05
    grams: float = 0.06
    heading: float = 0.10
    sentence: float = 0.25
    sentence_grams: float = 0.12
    phrase: float = 0.05
    kind: float = 0.04


WEIGHTS: Final = Weights()
"""The weights in force."""

FIRST_STAGE: Final = ("words", "names", "light", "parts", "grams", "heading")
"""The features that postings alone give: they choose the candidates whose text is read."""


def fuse(features: Features, weights: Weights = WEIGHTS) -> float:
    """One score: the weighted sum of the features."""
    return float(sum(getattr(features, field.name) * getattr(weights, field.name) for field in fields(Features)))
