"""Collects the postings of passages as they come, and gives them back sorted by term."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from askdoc.storage.blocks import TermPostings, term_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Terms = Mapping[str, Mapping[str, int]]
"""The terms of a passage: for each field, each term's count."""

_EMPTY: Final[Mapping[str, int]] = {}


class _Ids(dict[str, int]):
    """A number for each term, the next one for a term that has none yet."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Gathered:
    """Changes of postings, of fields' lengths and of their statistics.

    Twelve bytes a posting in flat arrays, and each distinct term once: a list of Python objects a term took eight
    times as much.
    """

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self._terms: dict[str, _Ids] = {field: _Ids() for field in fields}
        self._ids = {field: array("I") for field in fields}
        self._numbers = {field: array("I") for field in fields}
        self._counts = {field: array("I") for field in fields}
        self.lengths: dict[str, dict[int, int]] = {field: {} for field in fields}
        """For each field, passage number → its new length; 0 where it is gone."""
        self.passages = dict.fromkeys(fields, 0)
        """For each field, by how much the number of its passages that are not empty changes."""
        self.totals = dict.fromkeys(fields, 0)
        """For each field, by how much the sum of its lengths changes."""

    def change(self, number: int, old: Terms, new: Terms) -> None:
        """A passage had the terms ``old`` and has ``new``. To be called once a number."""
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
            self._measure(field, number, sum(before.values()), sum(after.values()))

    def _measure(self, field: str, number: int, before: int, after: int) -> None:
        if before != after:
            self.lengths[field][number] = after
            self.totals[field] += after - before
            self.passages[field] += bool(after) - bool(before)

    def changes(self, field: str) -> Iterator[TermPostings]:
        """The changed terms ascending, each with the passages in which it changes, ascending, and its new counts."""
        table = self._terms[field]
        if not table:
            return
        import numpy as np

        keys = [term_key(term) for term in table]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        ranks = np.empty(len(keys), dtype=np.uint32)
        ranks[order] = np.arange(len(keys), dtype=np.uint32)
        terms = ranks[np.frombuffer(self._ids[field], dtype=np.uint32)]
        given = np.frombuffer(self._numbers[field], dtype=np.uint32)
        places = np.lexsort((given, terms))
        numbers = given[places].astype(np.int64)
        counts = np.frombuffer(self._counts[field], dtype=np.uint32)[places].astype(np.int64)
        ends: NDArray[np.int64] = np.cumsum(np.bincount(terms, minlength=len(keys)))
        start = 0
        for at, end in zip(order, ends.tolist(), strict=True):
            yield TermPostings(keys[at], numbers[start:end], counts[start:end])
            start = end
