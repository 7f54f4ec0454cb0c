"""Evaluation measures over the outcomes of questions: recall, rank, answer sentences, refusals, calibration, time.

The measures are the usual ones: recall@k (a judged passage among the first k), mean reciprocal rank at 10, nDCG at 10 with
binary gains (Järvelin and Kekäläinen 2002), the area under the ROC curve of ``confidence`` as a classifier of whether
the document answers at all, precision and recall of ``found``, the expected calibration error of ``confidence`` in ten bins
(Guo et al. 2017). Intervals are a seeded percentile bootstrap over questions (Efron 1979).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.evaluation.judged_questions import Judged
from askdoc.model import Language

if TYPE_CHECKING:
    import numpy as np

DEPTH: Final = 10
"""The hits that are evaluated per question."""

BINS: Final = 10
"""The number of bins of the reliability table, of equal width."""

DRAWS: Final = 1_000
"""The number of resamples of the bootstrap."""

Interval = tuple[float, float]
"""The bootstrap's 95 % interval."""


class Ranked(Struct, frozen=True):
    """A hit of a question."""

    passage_id: str
    score: float
    label: str = ""


class Outcome(Struct, frozen=True):
    """The result of a judged question."""

    judged: Judged
    language: Language
    hits: tuple[Ranked, ...]
    """The ten hits, best first."""
    ranks: tuple[int, ...]
    """The ranks of all judged passages among ten, 1-based, ascending."""
    answered: bool
    """Whether the answer was given as ``found``."""
    confidence: float = 0.0
    sentence: bool | None = None
    """Whether the marked sentence of the first hit contains the judged answer; ``None`` without a judged answer."""
    milliseconds: float = 0.0
    languages: str = ""
    """The languages of the judged passage: ``"both"``, ``"en"``, ``"zh"``, or empty if it was not retrieved."""

    @property
    def rank(self) -> int | None:
        """The rank of the first judged passage among ten."""
        return self.ranks[0] if self.ranks else None

    @property
    def above(self) -> tuple[Ranked, ...]:
        """The hits above the first judged passage; all hits if none is judged."""
        return self.hits[: self.rank - 1] if self.rank else self.hits

    @property
    def right(self) -> bool:
        """The event that ``confidence`` predicts: the marked sentence contains the answer; without a judged answer, the
        first hit is a judged passage."""
        return self.judged.answerable and (self.rank == 1 if self.sentence is None else self.sentence)

    @property
    def missed(self) -> bool:
        """Whether the judged passage is not first, or a question without an answer was answered."""
        return self.rank != 1 if self.judged.answerable else self.answered


class Measures(Struct, frozen=True):
    """The measures over a set of outcomes; ``None`` if there is nothing to measure."""

    questions: int
    answerable: int
    recall_at_1: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    ndcg_at_10: float | None
    answer_sentence_at_1: float | None
    no_answer_auroc: float | None
    found_precision: float | None
    found_recall: float | None
    milliseconds_p50: float | None
    milliseconds_p95: float | None
    calibration_error: float | None


class Bin(Struct, frozen=True):
    """A bin of the reliability table."""

    low: float
    high: float
    count: int
    confidence: float
    """The mean confidence of its questions."""
    right: float
    """The share of them that were right."""


def measure(outcomes: Sequence[Outcome]) -> Measures:
    """Return the measures over outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.judged.answerable]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return Measures(
        len(outcomes),
        len(answerable),
        **{name: _mean(values) for name, values in _values(answerable).items()},
        no_answer_auroc=auroc(*_confidences(outcomes)),
        found_precision=_mean([outcome.judged.answerable for outcome in outcomes if outcome.answered]),
        found_recall=_mean([outcome.answered for outcome in answerable]),
        milliseconds_p50=_percentile(times, 0.50),
        milliseconds_p95=_percentile(times, 0.95),
        calibration_error=reliability(outcomes)[0] if outcomes else None,
    )


def rank_values(ranks: Sequence[int | None]) -> dict[str, list[float]]:
    """Return the values per question whose means are recall and the reciprocal rank."""
    return {
        "recall_at_1": [float(rank == 1) for rank in ranks],
        "recall_at_5": [float(rank is not None and rank <= 5) for rank in ranks],
        "mrr_at_10": [1 / rank if rank else 0.0 for rank in ranks],
    }


def _values(answerable: Sequence[Outcome]) -> dict[str, list[float]]:
    return {
        **rank_values([outcome.rank for outcome in answerable]),
        "ndcg_at_10": [_ndcg(outcome) for outcome in answerable],
        "answer_sentence_at_1": [float(outcome.sentence) for outcome in answerable if outcome.sentence is not None],
    }


def _ndcg(outcome: Outcome) -> float:
    relevant = min(max(len(outcome.judged.passages), 1), DEPTH)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, relevant + 1))
    return sum(1 / math.log2(rank + 1) for rank in outcome.ranks[:relevant]) / ideal


def _confidences(outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    """Return the confidences of the answerable questions, and of the others."""
    return (
        [outcome.confidence for outcome in outcomes if outcome.judged.answerable],
        [outcome.confidence for outcome in outcomes if not outcome.judged.answerable],
    )


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the probability that a positive scores above a negative, ties half (Mann and Whitney 1947).

    Return ``None`` if either is empty.
    """
    if not positives or not negatives:
        return None
    import numpy as np

    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, "left") + np.searchsorted(ordered, positives, "right")
    return float(below.mean()) / (2 * len(ordered))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank percentile of ascending values."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> tuple[float, tuple[Bin, ...]]:
    """Return the expected calibration error, and the bins that are not empty, ascending.

    The error is the mean gap between confidence and accuracy, each bin weighted by its questions.
    """
    bins = []
    for number in range(BINS):
        inside = [index for index, chance in enumerate(confidences) if min(int(chance * BINS), BINS - 1) == number]
        if inside:
            confidence = sum(confidences[index] for index in inside) / len(inside)
            accuracy = sum(right[index] for index in inside) / len(inside)
            bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), confidence, accuracy))
    gaps = sum(entry.count * abs(entry.confidence - entry.right) for entry in bins)
    return gaps / max(len(confidences), 1), tuple(bins)


def reliability(outcomes: Sequence[Outcome]) -> tuple[float, tuple[Bin, ...]]:
    """Return the :func:`calibration` of ``confidence`` over outcomes."""
    return calibration([outcome.confidence for outcome in outcomes], [outcome.right for outcome in outcomes])


def intervals(outcomes: Sequence[Outcome]) -> dict[str, Interval]:
    """Return the intervals of recall, rank, answer sentences and AUROC, as far as they can be measured."""
    values = _values([outcome for outcome in outcomes if outcome.judged.answerable])
    measured = {name: interval(values[name]) for name in values if name != "ndcg_at_10" and values[name]}
    positives, negatives = _confidences(outcomes)
    if positives and negatives:
        measured["no_answer_auroc"] = _bootstrap(
            lambda random: (
                auroc(
                    random.choice(positives, len(positives)).tolist(), random.choice(negatives, len(negatives)).tolist()
                )
                or 0.0
            )
        )
    return measured


def interval(values: Sequence[float]) -> Interval:
    """Return the interval of a mean."""
    return _bootstrap(lambda random: float(random.choice(values, len(values)).mean()))


def _bootstrap(draw: Callable[[np.random.Generator], float]) -> Interval:
    import numpy as np

    random = np.random.default_rng(0)
    low, high = np.quantile([draw(random) for _ in range(DRAWS)], (0.025, 0.975))
    return float(low), float(high)
