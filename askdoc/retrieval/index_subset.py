"""A subset of an index's passages as an index of its own, so that the cost of a question depends on the subset alone.

Document frequencies, the vocabulary and average lengths remain those of the whole index, so that a passage gets the
same features as if all passages were ranked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from askdoc.retrieval import FieldStatistics, Scored
from askdoc.retrieval.bm25 import inverse_document_frequency
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.top_k import scored

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SubsetPostings(NamedTuple):
    """The passages of a subset that hold a term."""

    passages: NDArray[np.int64]
    """Their places in the subset, ascending."""
    counts: NDArray[np.int64]
    document_frequency: int
    """How many passages of the whole index hold the term."""


class IndexSubset:
    """Some passages of an index, numbered by their place among these, for ranking a question."""

    def __init__(self, whole: Reader, numbers: NDArray[np.int64]) -> None:
        """Take the passages' ``numbers``, ascending. Use the subset inside one snapshot of the index."""
        self.numbers = numbers
        self.size = len(numbers)
        self._whole = whole
        self._lengths: dict[str, NDArray[np.int64]] = {}
        self._document_frequencies: dict[tuple[str, str], int] = {}

    def place(self, number: int) -> int:
        """Return the place of a passage."""
        return int(self.numbers.searchsorted(number))

    def places(self, numbers: Collection[int]) -> frozenset[int]:
        """Return the places of those of some passages that are in the subset."""
        import numpy as np

        array = np.fromiter(numbers, dtype=np.int64, count=len(numbers))
        return frozenset(np.flatnonzero(np.isin(self.numbers, array)).tolist())

    def field(self, name: str) -> FieldStatistics:
        """Return the statistics of a field in the whole index."""
        return self._whole.field(name)

    def lengths(self, field: str) -> NDArray[np.int64]:
        """Return the field's length in each passage of the subset, shape ``(size,)``."""
        if field not in self._lengths:
            import numpy as np

            self._lengths[field] = np.asarray(self._whole.lengths(field))[self.numbers]
        return self._lengths[field]

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Return the terms of a field of the whole index that begin with ``prefix``, with their document frequencies."""
        return self._whole.terms(field, prefix)

    def together(self, field: str, terms: Collection[str]) -> int:
        """Return how many passages of the whole index hold all of some terms."""
        return self._whole.together(field, terms)

    def postings(self, field: str, terms: Collection[str]) -> dict[str, SubsetPostings]:
        """Return the postings, within the subset, of those terms that the field of the whole index holds."""
        import numpy as np

        postings = {}
        for term, posting in self._whole.postings(field, terms).items():
            here, there = self._common(np.asarray(posting.passages))
            postings[term] = SubsetPostings(here, np.asarray(posting.counts)[there], posting.document_frequency)
        return postings

    def _common(self, passages: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of the common passages in the subset, and their positions among ``passages``."""
        numbers = self.numbers.astype(passages.dtype)  # numpy would widen the whole list instead
        positions = passages.searchsorted(numbers)
        positions[positions == len(passages)] = 0
        here = (passages[positions] == numbers).nonzero()[0]
        return here, positions[here]

    # --- as a ranker ---------------------------------------------------------------------------------------------

    def score(self, field: str, terms: Collection[str]) -> Scored:
        """See :class:`askdoc.retrieval.Ranker`; terms that only passages outside the subset hold have empty arrays."""
        scores_by_term: Scored = {}
        for term, scores in scored(self._whole, field, terms).items():
            self._document_frequencies[field, term] = len(scores.passages)
            here, there = self._common(scores.passages)
            scores_by_term[term] = here, scores.scores[there]
        return scores_by_term

    def idf(self, field: str, term: str) -> float:
        """See :class:`askdoc.retrieval.Ranker`."""
        if (field, term) not in self._document_frequencies:
            scores = scored(self._whole, field, [term]).get(term)
            self._document_frequencies[field, term] = 0 if scores is None else len(scores.passages)
        return inverse_document_frequency(self._whole.field(field).passages, self._document_frequencies[field, term])
