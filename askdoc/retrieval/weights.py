"""Score fusion: the features of a passage, their weights and the weighted sum.

Each weight multiplies one :class:`Features` field; the features are BM25 scores or sums of idf, so
that all of them grow alike with the size of a collection. The weights are fitted by softmax regression (the chance
that a passage is the judged one, over all passages of a question), articles left out in eight folds; tests/quality
holds the program that fits them and the table of what each adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from askdoc.model import Language


class Features(Struct, frozen=True):
    """Features of a passage; for each word of the question the better of the passage's two versions counts."""

    words: float = 0.0
    """BM25 of the question's content words."""
    names: float = 0.0
    """BM25 of those that are names or numbers, once more."""
    grams: float = 0.0
    """BM25 of pairs of Chinese characters."""
    heading: float = 0.0
    """BM25 of the headings above the passage and of the title."""
    sentence: float = 0.0
    """Inverse document frequencies of the words that stand together in its best sentence, near forms ("suburb"
    for "suburban") counted in part."""
    sentence_grams: float = 0.0
    """The same for pairs of Chinese characters."""
    bridge: float = 0.0
    """BM25 of the question's words in the passage's other language, through the dictionary."""
    bridge_alone: float = 0.0
    """The same where the passage is in that language alone."""
    characters_alone: float = 0.0
    """There, BM25 of the characters that the translations of an English word are written with."""
    sentence_alone: float = 0.0
    """There, inverse document frequencies of the words whose translations stand together in its best sentence."""
    meaning: float = 0.0
    """The dot product of sentence vectors, question and whole passage, the mean of its versions."""
    meaning_sentence: float = 0.0
    """The same of the nearest sentence of each version."""
    meaning_alone: float = 0.0
    """``meaning`` where the passage is in the other language alone."""
    meaning_sentence_alone: float = 0.0
    """``meaning_sentence`` there."""
    alone: float = 0.0
    """1 there: what keeps one language of a library from crowding out the other."""


Weights = Features
"""The weight of each feature; 0 for one that takes no part."""

WEIGHTS: Final[Mapping[Language, Weights]] = {
    "en": Weights(
        words=0.39,
        names=0.39,
        grams=0.10,
        heading=0.05,
        sentence=0.625,
        sentence_grams=0.10,
        bridge=0.21,
        bridge_alone=0.33,
        characters_alone=0.43,
        sentence_alone=0.38,
    ),
    "zh": Weights(
        words=0.19,
        names=1.14,
        grams=0.082,
        heading=0.05,
        sentence=0.24,
        sentence_grams=0.197,
        bridge=0.325,
        bridge_alone=0.77,
        characters_alone=0.00,
        sentence_alone=0.31,
        alone=-1.0,
    ),
}
"""The weights by the question's language: character pairs carry a part of a Chinese question's evidence, and a Latin name
in one is stronger evidence than in an English question, where most capitalized words are names."""

SEMANTIC_WEIGHTS: Final[Mapping[Language, Weights]] = {
    "en": Weights(
        words=0.206,
        names=0.175,
        grams=0.0,
        heading=0.05,
        sentence=0.481,
        sentence_grams=0.0,
        bridge=0.008,
        bridge_alone=0.03,
        characters_alone=0.25,
        sentence_alone=0.39,
        meaning=12.3,
        meaning_sentence=9.6,
        meaning_alone=17.3,
        meaning_sentence_alone=11.3,
    ),
    "zh": Weights(
        words=0.055,
        names=1.28,
        grams=0.031,
        heading=0.05,
        sentence=0.142,
        sentence_grams=0.22,
        bridge=0.143,
        bridge_alone=0.295,
        characters_alone=0.0,
        sentence_alone=0.33,
        meaning=9.8,
        meaning_sentence=11.3,
        meaning_alone=15.4,
        meaning_sentence_alone=12.5,
        alone=-0.5,
    ),
}
"""The same where sentence vectors take part."""

BRIDGE: Final = ("bridge", "bridge_alone", "characters_alone")
"""The features that the dictionary gives; zero where it has no part in a question."""

MEANING: Final = ("meaning", "meaning_alone")
"""The features that the vectors of whole passages give; zero where there are none."""

FIRST_STAGE: Final = ("words", "names", "grams", "heading", *BRIDGE, *MEANING)
"""The features that postings and the vectors of whole passages give: they choose the candidates whose text is read."""


def fuse(features: Features, weights: Weights) -> float:
    """Return the score: the weighted sum of the features."""
    return float(sum(getattr(features, name) * getattr(weights, name) for name in Features.__struct_fields__))
