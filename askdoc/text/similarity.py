"""How alike two words look: the Dice similarity of their trigrams."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=32768)
def _trigrams(word: str) -> frozenset[str]:
    marked = f"^{word}$"
    return frozenset(marked[start : start + 3] for start in range(len(marked) - 2))


def dice_similarity(one: str, other: str) -> float:
    """Return Dice's coefficient of two words' letter trigrams, their ends marked; 0..1 (Adamson and Boreham 1974)."""
    first, second = _trigrams(one), _trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))
