"""Collects the postings of passages as they come, and gives them back sorted by term."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from askdoc.storage.posting_blocks import TermPostings, term_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.writing.analysis_pipeline import Columns
    from askdoc.storage.writing.sorted_runs import Runs

Terms = Mapping[str, Mapping[str, int]]
"""The terms of a passage: for each field, each term's count."""

RUN: Final = 6_000_000
"""Postings that are held in memory before they are written as a run: 72 MB, and twice that while they are sorted."""

_EMPTY: Final[Mapping[str, int]] = {}


class _Ids(dict[str, int]):
    """A number for each term, the next one for a term that has none yet."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class PostingsBuffer:
    """Changes of postings, of fields' lengths and of their statistics.

    Twelve bytes a posting in flat arrays, and each distinct term once: a list of Python objects a term took eight
    times as much.
    """

    def __init__(self, fields: tuple[str, ...], runs: Runs | None = None) -> None:
        """Start empty; with ``runs``, postings beyond :data:`RUN` are written there.

        Changes then come by ascending number and are of new passages only.
        """
        self.fields = fields
        self._runs = runs
        self._buffered = 0
        self._start()
        self._measured = {field: (array("I"), array("I")) for field in fields}
        self.passages = dict.fromkeys(fields, 0)
        """For each field, by how much the number of its passages that are not empty changes."""
        self.totals = dict.fromkeys(fields, 0)
        """For each field, by how much the sum of its lengths changes."""

    def _start(self) -> None:
        self._terms: dict[str, _Ids] = {field: _Ids() for field in self.fields}
        self._ids = {field: array("I") for field in self.fields}
        self._numbers = {field: array("I") for field in self.fields}
        self._counts = {field: array("I") for field in self.fields}

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
            self._ids[field].extend(map(self._terms[field].__getitem__, changed))
            self._counts[field].extend(changed.values())
            self._numbers[field].extend(array("I", [number]) * len(changed))
            self._buffered += len(changed)
            self._measure(field, number, sum(before.values()), sum(after.values()))
        self._bound()

    def change_all(self, before: Sequence[tuple[int, Terms]], columns: Columns) -> None:
        """Record changes of several passages, given as numbers and old terms; ``columns`` are their new terms."""
        if any(old for _, old in before):
            for (number, old), new in zip(before, _by_passage(columns, len(before)), strict=True):
                self.change(number, old, new)
            return
        import numpy as np

        numbers = np.array([number for number, _ in before], dtype=np.uint32)
        for field, (terms, *parts) in columns.items():
            sizes, ids, counts = (np.frombuffer(part, dtype=np.uint32) for part in parts)
            numbered = np.fromiter(map(self._terms[field].__getitem__, terms), dtype=np.uint32, count=len(terms))
            self._ids[field].frombytes(numbered[ids].tobytes())
            self._numbers[field].frombytes(numbers.repeat(sizes).tobytes())
            self._counts[field].frombytes(counts.tobytes())
            self._buffered += len(ids)
            sums = np.concatenate((np.zeros(1, dtype=np.int64), counts.cumsum(dtype=np.int64)))
            ends = sizes.cumsum(dtype=np.int64)
            for number, length in zip(numbers.tolist(), (sums[ends] - sums[ends - sizes]).tolist(), strict=True):
                self._measure(field, number, 0, length)
        self._bound()

    def _bound(self) -> None:
        """Limit the postings in memory to :data:`RUN`."""
        if self._runs is not None and self._buffered >= RUN:
            for field in self.fields:
                self._runs.write(field, self._sorted(field))
            self._start()
            self._buffered = 0

    def _measure(self, field: str, number: int, before: int, after: int) -> None:
        if before != after:
            numbers, lengths = self._measured[field]
            numbers.append(number)
            lengths.append(after)
            self.totals[field] += after - before
            self.passages[field] += bool(after) - bool(before)

    def lengths(self, field: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the passages whose length changes, and their new lengths; 0 for removed ones."""
        import numpy as np

        numbers, lengths = self._measured[field]
        return np.array(numbers, dtype=np.uint32), np.array(lengths, dtype=np.uint32)

    def changes(self, field: str) -> Iterator[TermPostings]:
        """Yield the changed terms ascending, each with the passages in which it changes and its new counts."""
        return self._sorted(field) if self._runs is None else self._runs.merged(field, self._sorted(field))

    def _sorted(self, field: str) -> Iterator[TermPostings]:
        table = self._terms[field]
        if not table:
            return
        import numpy as np

        keys = [term_key(term) for term in table]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        ranks = np.empty(len(keys), dtype=np.uint32)
        ranks[order] = np.arange(len(keys), dtype=np.uint32)
        terms = ranks[np.frombuffer(self._ids[field], dtype=np.uint32)]
        unordered = np.frombuffer(self._numbers[field], dtype=np.uint32)
        places = np.lexsort((unordered, terms))
        numbers = unordered[places]
        counts = np.frombuffer(self._counts[field], dtype=np.uint32)[places]
        ends: NDArray[np.int64] = np.cumsum(np.bincount(terms, minlength=len(keys)))
        start = 0
        for rank, end in zip(order, ends.tolist(), strict=True):
            yield TermPostings(keys[rank], numbers[start:end].astype(np.int64), counts[start:end].astype(np.int64))
            start = end


def _by_passage(columns: Columns, count: int) -> list[dict[str, dict[str, int]]]:
    """Return the terms of each of ``count`` passages."""
    passages: list[dict[str, dict[str, int]]] = [{} for _ in range(count)]
    for field, (terms, *parts) in columns.items():
        sizes, ids, counts = (array("I", part) for part in parts)
        start = 0
        for index, size in enumerate(sizes):
            if size:
                entries = ids[start : start + size], counts[start : start + size]
                passages[index][field] = {terms[place]: times for place, times in zip(*entries, strict=True)}
            start += size
    return passages
