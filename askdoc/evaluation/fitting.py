"""Weights fitted to a document, where somebody asks for it: judged on probes that the fit has not seen.

Half of the probes choose, by coordinate ascent over a few factors, what the groups of fusion weights are multiplied by; the
other half tells whether it helped. Only a gain whose paired bootstrap interval excludes zero is worth keeping.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

FACTORS: Final = (0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 4.0)
"""What a group of weights may be multiplied by."""

_ROUNDS: Final = 2
_DRAWS: Final = 2_000
_SEED: Final = 0

Rank = Callable[[int, Mapping[str, float]], int | None]
"""The rank of what is right for a probe, by its number, under factors of the groups; ``None`` where it is not found."""


class Fit(Struct, frozen=True):
    """What a fit came to."""

    scales: Mapping[str, float]
    """The factors that were best on the first half; groups that stay as they are are left out."""
    fitted_on: int
    read_off: int
    before: float
    """The mean reciprocal rank of the probes that were not fitted on, with the weights as they were."""
    after: float
    interval: tuple[float, float]
    """The paired bootstrap's 95 % interval of the difference."""

    @property
    def worth_keeping(self) -> bool:
        """Whether the gain on probes that the fit has not seen is surely one."""
        return bool(self.scales) and self.interval[0] > 0


def fit(count: int, rank: Rank, groups: Sequence[str], tick: Callable[[int, int], None] | None = None) -> Fit:
    """Fit factors on every second of ``count`` probes, and read them off on the others.

    ``tick`` is told how many of how many settings were tried.
    """
    chosen, held = range(0, count, 2), range(1, count, 2)
    scales: dict[str, float] = {}
    tried: dict[tuple[tuple[str, float], ...], float] = {}
    total = _ROUNDS * len(groups) * (len(FACTORS) - 1) + 1

    def score(candidate: Mapping[str, float]) -> float:
        key = tuple(sorted((name, factor) for name, factor in candidate.items() if factor != 1))
        if key not in tried:
            tried[key] = _mean([_reciprocal(rank(at, dict(key))) for at in chosen])
        return tried[key]

    best = score({})
    done = 1
    for _ in range(_ROUNDS):
        for group in groups:
            for factor in FACTORS:
                if factor == scales.get(group, 1.0):
                    continue
                value = score({**scales, group: factor})
                done += 1
                if tick is not None:
                    tick(min(done, total), total)
                if value > best + 1e-9:
                    best, scales = value, {**scales, group: factor}
    scales = {name: factor for name, factor in scales.items() if factor != 1}
    before = [_reciprocal(rank(at, {})) for at in held]
    after = [_reciprocal(rank(at, scales)) for at in held] if scales else before
    gains = [two - one for one, two in zip(before, after, strict=True)]
    return Fit(scales, len(chosen), len(held), _mean(before), _mean(after), _interval(gains))


def _reciprocal(rank: int | None) -> float:
    return 1 / rank if rank else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _interval(gains: Sequence[float]) -> tuple[float, float]:
    if not gains:
        return 0.0, 0.0
    chance = random.Random(_SEED)
    drawn = sorted(_mean(chance.choices(gains, k=len(gains))) for _ in range(_DRAWS))
    return drawn[int(0.025 * _DRAWS)], drawn[int(0.975 * _DRAWS)]
