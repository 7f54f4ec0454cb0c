"""Sorted runs of postings in a temporary file, merged: what a build holds in memory is bounded however long the text.

A run is a field's terms ascending, each as the length of its name (u32), its document frequency (u32), whether it has
counts other than 1 (u8), the name, the passage numbers and, if so, the counts (u32 each). Nobody else opens the file: it
has no name where the system allows that, else it is removed when it is closed, by the system too when the process dies.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from askdoc.storage.posting_blocks import TermPostings
from askdoc.storage.writing.atomic_file import RUNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEAD: Final = struct.Struct("<IIB")

_READ: Final = 1 << 18
"""Bytes that are read of a run at a time."""


class Runs:
    """The runs of one build. Methods raise OSError where the disk is full or fails."""

    def __init__(self, index: Path) -> None:
        """Prepare runs in the folder of the file ``index`` that is written, so that there is one disk to fill."""
        self._index = index
        self._file: IO[bytes] | None = None
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._end = 0

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, field: str, entries: Iterable[TermPostings]) -> None:
        """Add a run of a field, terms ascending; its passage numbers are above those of the earlier runs."""
        if self._file is None:
            import tempfile  # here: a question needs none

            # Where a file must have a name for a moment, it is one that the sweep of the next build knows.
            self._file = tempfile.TemporaryFile(  # noqa: SIM115 - closed by close()
                dir=self._index.parent, prefix=f".{self._index.name}.", suffix=RUNS
            )
        start = self._end
        self._file.seek(start)
        for term, passages, counts in entries:
            several = bool(counts.max() > 1)
            parts = [_HEAD.pack(len(term), len(passages), several), term, passages.astype("<u4").tobytes()]
            if several:
                parts.append(counts.astype("<u4").tobytes())
            self._end += self._file.write(b"".join(parts))
        if self._end > start:
            self._spans.setdefault(field, []).append((start, self._end))

    def merged(self, field: str, last: Iterable[TermPostings]) -> Iterator[TermPostings]:
        """Yield a field's terms ascending, each with all its postings: those of the runs, then those of ``last``."""
        spans = self._spans.get(field, [])
        if not spans:
            yield from last
            return
        import numpy as np

        entries = heapq.merge(*(self._read(*span) for span in spans), last, key=attrgetter("term"))
        for term, group in groupby(entries, key=attrgetter("term")):
            parts = list(group)  # in the order of the runs: merging is stable
            if len(parts) == 1:
                yield parts[0]
            else:
                passages = np.concatenate([part.passages for part in parts])
                yield TermPostings(term, passages, np.concatenate([part.counts for part in parts]))

    def _read(self, start: int, end: int) -> Iterator[TermPostings]:
        data, offset = b"", 0
        while True:
            if len(data) - offset < _HEAD.size:
                data, offset, start = data[offset:] + self._bytes(start, end, _READ), 0, min(start + _READ, end)
                if not data:
                    return
            name, frequency, several = _HEAD.unpack_from(data, offset)
            size = _HEAD.size + name + 4 * frequency * (2 if several else 1)
            if len(data) - offset < size:
                more = max(_READ, size)
                data, offset, start = data[offset:] + self._bytes(start, end, more), 0, min(start + more, end)
            yield self._entry(data, offset + _HEAD.size, name, frequency, bool(several))
            offset += size

    @staticmethod
    def _entry(data: bytes, offset: int, name: int, frequency: int, several: bool) -> TermPostings:
        import numpy as np

        term = data[offset : offset + name]
        offset += name
        passages: NDArray[np.int64] = np.frombuffer(data, "<u4", frequency, offset).astype(np.int64)
        if not several:
            return TermPostings(term, passages, np.ones(frequency, dtype=np.int64))
        return TermPostings(
            term, passages, np.frombuffer(data, "<u4", frequency, offset + 4 * frequency).astype(np.int64)
        )

    def _bytes(self, start: int, end: int, size: int) -> bytes:
        if self._file is None or start >= end:
            return b""
        self._file.seek(start)
        return self._file.read(min(size, end - start))
