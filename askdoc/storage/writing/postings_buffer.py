"""The second layer of a build, terms → sorted postings: collected in memory, spilled to sorted runs, merged."""

from __future__ import annotations

import heapq
import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from askdoc.storage.posting_blocks import TermPostings, term_key
from askdoc.storage.writing.atomic_file import RUNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Terms = Mapping[str, Mapping[str, int]]
"""The terms of a passage: for each field, each term's count."""

RUN: Final = 6_000_000
"""Postings in memory before they are spilled: 72 MB, and twice that while they are sorted."""

_READ: Final = 1 << 18
"""Bytes per read of a run."""

_HEAD: Final = struct.Struct("<II")
"""Length of a term's name, 0 at the end of a field; number of its passages."""

_EMPTY: Final[Mapping[str, int]] = {}


class _Ids(dict[str, int]):
    """A number for each term; a new term gets the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Column:
    """The postings of a field that are in memory, in the order in which they came.

    Twelve bytes per posting in flat arrays, and each distinct term once: a list of Python objects per term took eight
    times as much.
    """

    def __init__(self) -> None:
        self.terms = _Ids()
        self.ids = array("I")
        self.numbers = array("I")
        self.counts = array("I")

    def add(self, number: int, counts: Mapping[str, int]) -> None:
        """Add the counts of a passage's terms."""
        self.ids.extend(map(self.terms.__getitem__, counts))
        self.numbers.extend(array("I", [number]) * len(counts))
        self.counts.extend(counts.values())

    def sorted(self) -> Iterator[TermPostings]:
        """Yield the terms ascending, each with its postings ascending."""
        if not self.terms:
            return
        import numpy as np

        keys = [term_key(term) for term in self.terms]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        ranks = np.empty(len(keys), dtype=np.uint32)
        ranks[order] = np.arange(len(keys), dtype=np.uint32)
        terms = ranks[np.frombuffer(self.ids, dtype=np.uint32)]
        unordered = np.frombuffer(self.numbers, dtype=np.uint32)
        places = np.lexsort((unordered, terms))
        numbers = unordered[places]
        counts = np.frombuffer(self.counts, dtype=np.uint32)[places]
        ends: NDArray[np.int64] = np.cumsum(np.bincount(terms, minlength=len(keys)))
        start = 0
        for rank, end in zip(order, ends.tolist(), strict=True):
            yield TermPostings(keys[rank], numbers[start:end].astype(np.int64), counts[start:end].astype(np.int64))
            start = end


class PostingsBuffer:
    """Changes of postings, of fields' lengths and of their statistics.

    A run is all that was in memory at a time: field by field the terms ascending, each with its name, passage numbers and
    counts (u32). Nobody else opens its file: it has no name where the system allows that, else it is removed when it is
    closed, by the system too when the process dies.
    """

    def __init__(self, fields: tuple[str, ...], spill: Path | None = None) -> None:
        """Start empty; with ``spill``, postings beyond :data:`RUN` go to files in its folder, named after it.

        Changes then come by ascending number and are of new passages only. Methods raise OSError where the disk is full
        or fails.
        """
        self.fields = fields
        self._spill_path = spill
        self._runs: list[IO[bytes]] = []
        self._clear()
        self._lengths = {field: (array("I"), array("I")) for field in fields}
        self.passages = dict.fromkeys(fields, 0)
        """The change of the number of non-empty passages, by field."""
        self.totals = dict.fromkeys(fields, 0)
        """The change of the sum of lengths, by field."""

    def _clear(self) -> None:
        self._columns = {field: _Column() for field in self.fields}
        self._size = 0

    def close(self) -> None:
        """Remove the runs."""
        while self._runs:
            self._runs.pop().close()

    def change(self, number: int, old: Terms, new: Terms) -> None:
        """Record that a passage had the terms ``old`` and has ``new``. Call it once a number."""
        for field in self.fields:
            before, after = old.get(field, _EMPTY), new.get(field, _EMPTY)
            if before == after:
                continue
            changed = after
            if before:
                changed = {term: count for term, count in after.items() if before.get(term) != count}
                changed.update((term, 0) for term in before if term not in after)
            self._columns[field].add(number, changed)
            self._size += len(changed)
            self._measure(field, number, sum(before.values()), sum(after.values()))
        if self._size >= RUN and self._spill_path is not None:
            self._spill(self._spill_path)

    def _measure(self, field: str, number: int, before: int, after: int) -> None:
        if before != after:
            numbers, lengths = self._lengths[field]
            numbers.append(number)
            lengths.append(after)
            self.totals[field] += after - before
            self.passages[field] += bool(after) - bool(before)

    def lengths(self, field: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the passages whose length changes, and their new lengths; 0 for removed ones."""
        import numpy as np

        numbers, lengths = self._lengths[field]
        return np.array(numbers, dtype=np.uint32), np.array(lengths, dtype=np.uint32)

    def changes(self, field: str) -> Iterator[TermPostings]:
        """Yield the changed terms ascending, each with the passages in which it changes and its new counts.

        The fields must be asked in their order, each to its end: runs are read on from where the field before ended.
        """
        last = self._columns[field].sorted()
        return _merged([*map(_read, self._runs), last]) if self._runs else last

    def _spill(self, path: Path) -> None:
        """Write what is in memory as a run."""
        import tempfile  # here: questions do not need it

        # Beside the index, so that there is one disk to fill; the sweep of the next build recognises the name.
        run = tempfile.TemporaryFile(  # noqa: SIM115 - closed by close()
            buffering=_READ, dir=path.parent, prefix=f".{path.name}.", suffix=RUNS
        )
        self._runs.append(run)
        for column in self._columns.values():
            for term, passages, counts in column.sorted():
                run.write(_HEAD.pack(len(term), len(passages)) + term)
                run.write(passages.astype("<u4").tobytes() + counts.astype("<u4").tobytes())
            run.write(_HEAD.pack(0, 0))
        run.seek(0)
        self._clear()


def _merged(runs: Sequence[Iterator[TermPostings]]) -> Iterator[TermPostings]:
    """Yield the terms of a field of all runs ascending, each with all its postings."""
    import numpy as np

    term_of = attrgetter("term")
    for term, group in groupby(heapq.merge(*runs, key=term_of), key=term_of):
        _, passages, counts = zip(*group, strict=True)  # in the order of the runs: merging is stable
        yield TermPostings(term, np.concatenate(passages), np.concatenate(counts))


def _read(run: IO[bytes]) -> Iterator[TermPostings]:
    """Yield the terms of a run's next field."""
    import numpy as np

    while True:
        length, size = _HEAD.unpack(run.read(_HEAD.size))
        if not size:
            return
        term = run.read(length)
        passages, counts = (np.frombuffer(run.read(4 * size), "<u4").astype(np.int64) for _ in range(2))
        yield TermPostings(term, passages, counts)
