"""The way back from a text to what it was made from: what cleaning removed, what a format renders otherwise."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct


class OffsetMap(Struct, frozen=True):
    """For each offset of a text the span of its origin, run by run.

    Run ``i`` begins at ``starts[i]`` and came from ``origins[i]`` up to ``ends[i]``. Where both are equally long, they
    belong together character by character; else as a whole (an entity, an escape, a blank for a line end).
    """

    size: int
    """Code points of the text."""
    starts: Sequence[int]
    """Ascending from 0."""
    origins: Sequence[int]
    ends: Sequence[int]

    def start(self, offset: int) -> int:
        """Return where the character at an offset begins in the origin; for the end of the text, where that ends."""
        run = bisect_right(self.starts, offset) - 1
        if offset >= self.size or run < 0:
            return self.ends[-1] if self.ends else offset
        return self.origins[run] + (offset - self.starts[run] if self._alike(run) else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the origin that ``text[start:end]`` came from."""
        first = self.start(start)
        if end <= start:
            return first, first
        run = bisect_right(self.starts, end - 1) - 1
        last = self.origins[run] + (end - self.starts[run]) if self._alike(run) else self.ends[run]
        return first, max(first, last)

    def _alike(self, run: int) -> bool:
        after = self.starts[run + 1] if run + 1 < len(self.starts) else self.size
        return self.ends[run] - self.origins[run] == after - self.starts[run]


def identity(size: int) -> OffsetMap:
    """Return the map of a text that is its own origin."""
    return OffsetMap(size, (0,), (0,), (size,))
