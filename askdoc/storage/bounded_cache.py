"""What was computed from one state of an index and may be computed again: kept up to a bound of bytes."""

from __future__ import annotations

import threading
from typing import Any, Final

KEPT_BYTES: Final = 64 * 1024 * 1024
"""Bytes of values that are kept; beyond them those put in first and not used since are let go (CLOCK: Corbató 1969)."""


class BoundedCache:
    """Values by key, for the threads that share a state; what a value stands for must never change.

    To get one takes no lock: it is one of the interpreter's own operations.
    """

    __slots__ = ("_lock", "_most", "_values", "_weights", "get", "kept", "spare")

    def __init__(self, most: int = KEPT_BYTES) -> None:
        """Make an empty cache of at most ``most`` bytes."""
        self._values: dict[object, Any] = {}
        self._weights: dict[object, int] = {}
        self.get = self._values.get
        self._most = most
        self._lock = threading.Lock()
        self.kept = 0
        """Bytes of the values, as they were told."""
        self.spare: list[Any] = []
        """Things to work with that are lent out by ``pop`` and given back by ``append``."""

    def put(self, key: object, value: object, weight: int) -> None:
        """Store a value of ``weight`` bytes, or a new weight of a value that has grown."""
        with self._lock:
            self.kept += weight - self._weights.pop(key, 0)
            self._values.pop(key, None)
            self._values[key] = value
            self._weights[key] = weight
            chances = len(self._values)
            while self.kept > self._most and len(self._values) > 1:
                oldest = next(iter(self._values))
                candidate = self._values.pop(oldest)
                again = chances > 0 and getattr(candidate, "used", False)
                if again or oldest == key:
                    # A second chance, to the end of the row: words that questions share stay, others pass through.
                    self._values[oldest] = candidate
                    if again:
                        candidate.used = False
                        chances -= 1
                else:
                    self.kept -= self._weights.pop(oldest)
