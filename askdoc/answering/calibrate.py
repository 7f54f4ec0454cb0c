"""The honest "not in this document": one calibrated chance, a logistic regression over named features.

It is fitted on judged questions as people type them and on encyclopedia questions, each asked of a collection with and
without its article. ``found`` is a confidence of one half or more, for every document.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from askdoc.answering.evidence import Scorer
from askdoc.answering.fitted import fitted
from askdoc.answering.rank import RankedPassage
from askdoc.answering.stretches import StretchFeatures

FOUND: Final = 0.5
"""The confidence from which on the documents are said to answer."""

_SCORE: Final = 20.0
"""The score of a stretch that says all."""

_BEST: Final = 40.0
"""The score of a passage that says all."""


class Verdict(NamedTuple):
    """Whether the documents answer a question."""

    found: bool
    """True from :data:`FOUND` on."""
    confidence: float
    """The chance that the marked stretch of the first hit answers, 0..1."""


class AnswerFeatures(Struct, frozen=True):
    """What speaks for the first hit's stretch, each 0..1; those named as in :class:`StretchFeatures` are that stretch's."""

    score: float
    """The stretch's score, as a share of a high one."""
    margin: float
    """How much better it is than the best stretch of the next passage: 1 − e^(−difference / 2), times √vocabulary."""
    chance: float
    """Its chance among the best stretches of the first passages, as their softmax, times √vocabulary."""
    best: float
    """The highest score of a passage, as a share of a high one."""
    vocabulary: float
    """Share of the question's words, weighted by idf, that occur in the index."""
    yesno: float
    """1 for a yes-or-no question: its answer need not hold its words."""
    passage: float
    together: float
    section: float
    amount: float
    unnamed: float
    alone: float
    bridged: float
    untyped: float
    grams: float
    before: float
    counterpart: float
    answer_type: float
    lead: float
    similarity: float
    counterpart_similarity: float
    meaning: float


_OF_STRETCH: Final = tuple(
    name for name in AnswerFeatures.__struct_fields__ if name in StretchFeatures.__struct_fields__
)


def calibrate(scorer: Scorer, chosen: Sequence[RankedPassage]) -> Verdict:
    """Return the confidence in the first of the passages; see :func:`askdoc.answering.select.choose`."""
    read = [passage for passage in chosen if passage.stretch is not None]
    if not read or read[0].stretch is None:
        return Verdict(False, 0.0)
    features = answer_features(
        read[0].stretch.features, [passage.stretch_score for passage in read], read[0].score, *question_facts(scorer)
    )
    weights = fitted().answer["vectors" if scorer.candidates.dense else "words"]
    total = weights["intercept"] + sum(
        getattr(features, name) * weights.get(name, 0.0) for name in features.__struct_fields__
    )
    confidence = 1 / (1 + math.exp(-total))
    return Verdict(confidence >= FOUND, confidence)


def question_facts(scorer: Scorer) -> tuple[float, bool]:
    """Return the share of a question's words that occur in the index, and whether it is a yes-or-no question."""
    idf = scorer.candidates.idf
    absent = {word.term for word in scorer.candidates.missing}
    present = sum(idf[word.term] for word in scorer.words if word.term not in absent)
    return present / (sum(scorer.idf) or 1.0), scorer.answer_type == "yesno"


def answer_features(
    stretch: StretchFeatures, scores: Sequence[float], best: float, vocabulary: float, yesno: bool
) -> AnswerFeatures:
    """Return the features of the first hit.

    ``scores`` are those of the passages' best stretches, the first hit's first and highest; ``best`` is the highest
    score of a passage.
    """
    first, *others = scores
    behind = [score - first for score in others]
    known = math.sqrt(vocabulary)  # to be the only passage with a word says little where the others stand nowhere
    return AnswerFeatures(
        score=min(max(first / _SCORE, 0.0), 1.0),
        margin=known * (1 - math.exp(max(behind) / 2) if behind else 1.0),
        chance=known / (1 + sum(map(math.exp, behind))),
        best=min(best / _BEST, 1.0),
        vocabulary=vocabulary,
        yesno=float(yesno),
        **{name: getattr(stretch, name) for name in _OF_STRETCH},
    )
