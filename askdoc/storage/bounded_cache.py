"""A cache, bounded in bytes, of values computed from one state of an index."""

from __future__ import annotations

from typing import Any, Final

CACHE_BYTES: Final = 64 * 1024 * 1024
"""Bytes of cached values; beyond them the oldest that were not used since are evicted (CLOCK: Corbató 1969)."""


class BoundedCache:
    """Values by key, for whoever holds the state's snapshot; the meaning of a value must never change."""

    __slots__ = ("_most", "_values", "_weights", "get", "spare", "weight")

    def __init__(self, most: int = CACHE_BYTES) -> None:
        """Make an empty cache of at most ``most`` bytes."""
        self._values: dict[object, Any] = {}
        self._weights: dict[object, int] = {}
        self.get = self._values.get
        self._most = most
        self.weight = 0
        """Bytes of the values, as given to :meth:`put`."""
        self.spare: list[Any] = []
        """Reusable work arrays, borrowed by ``pop`` and returned by ``append``."""

    def put(self, key: object, value: object, weight: int) -> None:
        """Store a value of ``weight`` bytes, or a new weight of a value that has grown."""
        self.weight += weight - self._weights.pop(key, 0)
        self._values.pop(key, None)
        self._values[key] = value
        self._weights[key] = weight
        chances = len(self._values)
        while self.weight > self._most and len(self._values) > 1:
            oldest = next(iter(self._values))
            candidate = self._values.pop(oldest)
            again = chances > 0 and getattr(candidate, "used", False)
            if again or oldest == key:
                # A second chance, at the end of the queue: words that questions share stay, others pass through.
                self._values[oldest] = candidate
                if again:
                    candidate.used = False
                    chances -= 1
            else:
                self.weight -= self._weights.pop(oldest)
