"""From what became of each question to figures: recall, rank, answer sentences, honest refusals, calibration, time.

The measures are the field's: recall@k (a judged passage among the first k), mean reciprocal rank at 10, nDCG at 10 with
binary gains (Järvelin and Kekäläinen 2002), the area under the ROC curve of ``confidence`` as a judge of whether the
document answers at all, precision and recall of ``found``, the expected calibration error of ``confidence`` in ten bins
(Guo et al. 2017). Intervals are a seeded percentile bootstrap over questions (Efron 1979).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from askdoc.evaluation.judged_questions import Judged
from askdoc.model import Language

DEPTH: Final = 10
"""How many hits are looked at for a question."""

BINS: Final = 10
"""Bins of the reliability table, of equal width."""

DRAWS: Final = 1_000
"""Draws of the bootstrap."""


class Ranked(Struct, frozen=True):
    """One hit of a question."""

    passage_id: str
    score: float
    label: str = ""


class Outcome(Struct, frozen=True):
    """What became of one judged question."""

    judged: Judged
    language: Language
    found: bool
    confidence: float
    rank: int | None
    """The rank of the first judged passage among ten, 1-based."""
    ranks: tuple[int, ...]
    """The ranks of all judged passages among ten."""
    sentence: bool | None
    """Whether the marked sentence of the first hit holds the judged answer; ``None`` where no answer is judged."""
    first: str
    """The passage id of the first hit."""
    milliseconds: float
    hits: tuple[Ranked, ...] = ()
    """The ten hits, best first."""
    held: str = ""
    """The languages of the judged passage: ``"both"``, ``"en"``, ``"zh"``, or empty where it was not met."""

    @property
    def above(self) -> tuple[Ranked, ...]:
        """The hits above the first judged passage; all of them where none is judged."""
        return self.hits[: self.rank - 1] if self.rank else self.hits

    @property
    def right(self) -> bool:
        """What ``confidence`` foretells: the marked sentence holds the answer; where no answer is judged, the first hit
        is a judged passage."""
        return bool(self.sentence) if self.sentence is not None else self.rank == 1


class Measures(Struct, frozen=True):
    """The figures over a set of outcomes; ``None`` where there is nothing to measure."""

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
    """One bin of the reliability table."""

    low: float
    high: float
    count: int
    confidence: float
    """The mean confidence of its questions."""
    right: float
    """The share of them that came out right."""


def measure(outcomes: Sequence[Outcome]) -> Measures:
    """The figures over outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.judged.answerable]
    with_answer = [outcome for outcome in answerable if outcome.sentence is not None]
    found = [outcome for outcome in outcomes if outcome.found]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return Measures(
        len(outcomes),
        len(answerable),
        _mean([outcome.rank == 1 for outcome in answerable]),
        _mean([outcome.rank is not None and outcome.rank <= 5 for outcome in answerable]),
        _mean([1 / outcome.rank if outcome.rank else 0.0 for outcome in answerable]),
        _mean([_ndcg(outcome) for outcome in answerable]),
        _mean([bool(outcome.sentence) for outcome in with_answer]),
        auroc(
            [outcome.confidence for outcome in answerable],
            [outcome.confidence for outcome in outcomes if not outcome.judged.answerable],
        ),
        _mean([outcome.judged.answerable for outcome in found]),
        _mean([outcome.found for outcome in answerable]),
        _percentile(times, 0.50),
        _percentile(times, 0.95),
        calibration_error(reliability(outcomes)) if outcomes else None,
    )


def _ndcg(outcome: Outcome) -> float:
    wanted = min(max(len(outcome.judged.passages), 1), DEPTH)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, wanted + 1))
    return sum(1 / math.log2(rank + 1) for rank in outcome.ranks[:wanted]) / ideal


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties half (Mann and Whitney 1947); ``None`` without both."""
    if not positives or not negatives:
        return None
    ordered = sorted([(score, True) for score in positives] + [(score, False) for score in negatives])
    ranks = 0.0
    at = 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(positive for _, positive in ordered[at:end])
        at = end
    count = len(positives)
    return (ranks - count * (count + 1) / 2) / (count * len(negatives))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of ascending values."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def reliability(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    """The bins that hold a question, ascending: how sure we were, and how often rightly."""
    bins = []
    for at in range(BINS):
        inside = [outcome for outcome in outcomes if min(int(outcome.confidence * BINS), BINS - 1) == at]
        if inside:
            sure = sum(outcome.confidence for outcome in inside) / len(inside)
            right = sum(outcome.judged.answerable and outcome.right for outcome in inside) / len(inside)
            bins.append(Bin(at / BINS, (at + 1) / BINS, len(inside), sure, right))
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean gap between confidence and truth, each bin by its questions."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / total if total else 0.0


INTERVALS: Final = ("recall_at_1", "recall_at_5", "mrr_at_10", "answer_sentence_at_1", "no_answer_auroc")
"""The measures that are given with an interval."""


def intervals(outcomes: Sequence[Outcome], seed: int = 0) -> dict[str, tuple[float, float]]:
    """The bootstrap's 95 % interval of each of :data:`INTERVALS` that can be measured."""
    answerable = [outcome for outcome in outcomes if outcome.judged.answerable]
    values: dict[str, list[float]] = {
        "recall_at_1": [float(outcome.rank == 1) for outcome in answerable],
        "recall_at_5": [float(outcome.rank is not None and outcome.rank <= 5) for outcome in answerable],
        "mrr_at_10": [1 / outcome.rank if outcome.rank else 0.0 for outcome in answerable],
        "answer_sentence_at_1": [float(outcome.sentence) for outcome in answerable if outcome.sentence is not None],
    }
    found = {name: interval(each, seed) for name, each in values.items() if each}
    yes = [outcome.confidence for outcome in answerable]
    no = [outcome.confidence for outcome in outcomes if not outcome.judged.answerable]
    if yes and no:
        draw: Callable[[random.Random], float] = lambda chance: (  # noqa: E731
            auroc(chance.choices(yes, k=len(yes)), chance.choices(no, k=len(no))) or 0.0
        )
        found["no_answer_auroc"] = _percentiles(draw, seed)
    return found


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The bootstrap's 95 % interval of a mean."""
    return _percentiles(lambda chance: sum(chance.choices(values, k=len(values))) / len(values), seed)


def _percentiles(draw: Callable[[random.Random], float], seed: int) -> tuple[float, float]:
    chance = random.Random(seed)
    drawn = sorted(draw(chance) for _ in range(DRAWS))
    return drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS)]
