"""Changes of the insides change no answer: what is frozen in tests/data/frozen.json is still said."""

from __future__ import annotations

import os
from pathlib import Path

import frozen
import pytest


def _shared() -> Path | None:
    name = os.environ.get("ASKDOC_SHARED", "")
    return Path(name) if name and Path(name).is_dir() else None


@pytest.mark.parametrize("offset", [3, 21])
def test_a_share_of_the_frozen_answers_is_unchanged(offset: int) -> None:
    count, different = frozen.compare(_shared(), 74, offset, vectors=False)
    assert count >= 2
    assert different == []


@pytest.mark.slow
def test_every_frozen_answer_is_unchanged(shared: Path) -> None:
    count, different = frozen.compare(shared)
    assert count > 6000
    assert different == []
