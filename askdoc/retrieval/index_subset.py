"""A few passages of an index as an index of their own, so that a question costs what they do and not what all do.

How rare a word is, whether it is there at all and how long passages are on average stay those of the whole index: a
passage gets the same features as if all had been looked at.
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


class PartPostings(NamedTuple):
    """The passages of a part that hold a term."""

    passages: NDArray[np.int64]
    """Their places in the part, ascending."""
    counts: NDArray[np.int64]
    document_frequency: int
    """How many passages of the whole index hold the term."""


class IndexSubset:
    """Passages of an index, numbered by their place among these; what the ranking of a question reads."""

    def __init__(self, whole: Reader, numbers: NDArray[np.int64]) -> None:
        """``numbers``: those of the passages, ascending. To be used inside one snapshot of the index."""
        self.numbers = numbers
        self.size = len(numbers)
        self._whole = whole
        self._lengths: dict[str, NDArray[np.int64]] = {}
        self._holding: dict[tuple[str, str], int] = {}

    def place(self, number: int) -> int:
        """The place of a passage."""
        return int(self.numbers.searchsorted(number))

    def places(self, numbers: Collection[int]) -> frozenset[int]:
        """The places of those of some passages that are in the part."""
        import numpy as np

        given = np.fromiter(numbers, dtype=np.int64, count=len(numbers))
        return frozenset(np.flatnonzero(np.isin(self.numbers, given)).tolist())

    def field(self, name: str) -> FieldStatistics:
        """The statistics of a field in the whole index."""
        return self._whole.field(name)

    def lengths(self, field: str) -> NDArray[np.int64]:
        """The field's length in each passage of the part, shape ``(size,)``."""
        if field not in self._lengths:
            import numpy as np

            self._lengths[field] = np.asarray(self._whole.lengths(field))[self.numbers]
        return self._lengths[field]

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The terms of a field of the whole index that begin with ``prefix``, with their document frequencies."""
        return self._whole.terms(field, prefix)

    def together(self, field: str, terms: Collection[str]) -> int:
        """How many passages of the whole index hold all of some terms."""
        return self._whole.together(field, terms)

    def postings(self, field: str, terms: Collection[str]) -> dict[str, PartPostings]:
        """The postings, within the part, of those terms that the field of the whole index holds."""
        import numpy as np

        found = {}
        for term, each in self._whole.postings(field, terms).items():
            here, there = self._common(np.asarray(each.passages))
            found[term] = PartPostings(here, np.asarray(each.counts)[there], each.document_frequency)
        return found

    def _common(self, passages: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where those of some passages that are in the part stand in it, and where among the passages."""
        numbers = self.numbers.astype(passages.dtype)  # numpy would make the whole list wider instead
        at = passages.searchsorted(numbers)
        at[at == len(passages)] = 0
        here = (passages[at] == numbers).nonzero()[0]
        return here, at[here]

    # --- as a ranker ---------------------------------------------------------------------------------------------

    def score(self, field: str, terms: Collection[str]) -> Scored:
        """See :class:`askdoc.retrieval.Ranker`: also terms that only passages outside the part hold are found."""
        found: Scored = {}
        for term, each in scored(self._whole, field, terms).items():
            self._holding[field, term] = len(each.passages)
            here, there = self._common(each.passages)
            found[term] = here, each.scores[there]
        return found

    def idf(self, field: str, term: str) -> float:
        """See :class:`askdoc.retrieval.Ranker`."""
        if (field, term) not in self._holding:
            each = scored(self._whole, field, [term]).get(term)
            self._holding[field, term] = 0 if each is None else len(each.passages)
        return inverse_document_frequency(self._whole.field(field).passages, self._holding[field, term])
