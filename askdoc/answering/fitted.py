"""The fitted weights of what is marked and of whether it answers, as ``tests/quality/fit_answers.py`` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

Evidence = Literal["words", "vectors"]
"""Whether sentence vectors take part."""


class Fitted(Struct, frozen=True):
    """Fitted weights by the names of their features; a feature without a weight is not used."""

    data: Mapping[str, Any]
    """What they were fitted on, and the seed."""
    figures: Mapping[str, Any]
    """What they reach with documents left out."""
    stretch: Mapping[Evidence, Mapping[str, float]]
    """The weights of :class:`askdoc.answering.stretches.StretchFeatures`."""
    answer: Mapping[Evidence, Mapping[str, float]]
    """The weights of :class:`askdoc.answering.calibrate.AnswerFeatures`, with ``intercept``."""


@lru_cache(maxsize=1)
def fitted() -> Fitted:
    """Return the weights that ship."""
    return msgspec.json.decode(Path(__file__).with_name("fitted.json").read_bytes(), type=Fitted)


@lru_cache(maxsize=16)
def stretch_weights(evidence: Evidence, names: tuple[str, ...]) -> tuple[float, ...]:
    """Return the weights of the stretch model in the order of ``names``."""
    weights = fitted().stretch[evidence]
    return tuple(weights.get(name, 0.0) for name in names)
