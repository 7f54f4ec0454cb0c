"""Query → candidates. :mod:`bm25` is the formula, over rank_bm25 in memory; :mod:`posting_ranker` the same from an index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Scored = dict[str, tuple["NDArray[np.integer[Any]]", "NDArray[np.float64]"]]
"""For each term the passages that hold it, ascending, and their scores."""


class Postings(Protocol):
    """The passages that hold a term: two arrays of one length."""

    @property
    def passages(self) -> NDArray[np.int64]:
        """Passage numbers, ascending."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each holds the term, 1 or more."""

    @property
    def document_frequency(self) -> int:
        """How many passages of the whole index hold the term: more than these for a subset."""


class FieldStatistics(Protocol):
    """What BM25 needs to know of a field."""

    @property
    def passages(self) -> int:
        """How many passages have anything in the field."""

    @property
    def total(self) -> int:
        """The sum of the field's lengths, in terms."""


class Statistics(Protocol):
    """What a ranker reads: an index on disk or in memory."""

    @property
    def size(self) -> int:
        """One more than the highest passage number."""

    def field(self, name: str) -> FieldStatistics:
        """Return the statistics of a field."""

    def postings(self, field: str, terms: Collection[str]) -> Mapping[str, Postings]:
        """Return the postings of those terms that the field holds."""

    def together(self, field: str, terms: Collection[str]) -> int:
        """Return how many passages of the whole index hold all of some terms."""

    def lengths(self, field: str) -> NDArray[np.int64]:
        """Return the field's length in each passage, shape ``(size,)``; integers of any sufficient width."""

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Return the terms of a field that begin with ``prefix``, with their document frequencies."""


class Ranker(Protocol):
    """Scores of single terms; their combination is decided in one place above."""

    def score(self, field: str, terms: Collection[str]) -> Scored:
        """Return for each term that the field holds the passages that hold it, ascending, and their BM25 scores."""

    def idf(self, field: str, term: str) -> float:
        """Return the idf of a term in a field; a term that the field lacks has the highest."""
