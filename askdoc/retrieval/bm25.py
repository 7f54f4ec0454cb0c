"""BM25 (Robertson and Zaragoza 2009): its idf, its parameters and its formula, for all that scores by it.

The only module that imports rank_bm25. Its ``BM25Okapi`` gives zero or less to a term in half of the passages, divides
by zero for an empty collection, and takes a string for a list of characters; :class:`Okapi` corrects these and is
otherwise the same. It ranks collections in memory and is the oracle of the tests for :mod:`askdoc.retrieval.term_scores`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", float, "NDArray[Any]")
"""One number, or an array with one for each passage."""

K1: Final = 1.2
"""Term frequency saturation."""

B: Final = 0.75
"""Length normalization, 0..1."""


def inverse_document_frequency(passages: int, document_frequency: float) -> float:
    """Return ``log(1 + (N - n + 0.5) / (n + 0.5))`` where ``n`` of ``N`` passages hold a term: always above zero."""
    return math.log(1 + (passages - document_frequency + 0.5) / (document_frequency + 0.5))


def length_norm(length: Numbers, average: float) -> Numbers:
    """Return what :func:`bm25` adds to the count of a term in a passage of this length."""
    return K1 * (1 - B + B * length / average)


def bm25(idf: float, count: Numbers, norm: Numbers) -> Numbers:
    """Return the score of a term that a passage holds ``count`` times; ``norm`` is the :func:`length_norm` of the passage.

    The order of the operations is rank_bm25's, so that the scores are equal to the last digits.
    """
    score: Numbers = idf * (count * (K1 + 1) / (count + norm))
    return score


def _okapi_class() -> Any:  # rank_bm25 ships no types
    import rank_bm25

    class Corrected(rank_bm25.BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
        """``rank_bm25.BM25Okapi`` with an idf that is never negative."""

        def _calc_idf(self, nd: dict[str, int]) -> None:
            for term, document_frequency in nd.items():
                self.idf[term] = inverse_document_frequency(self.corpus_size, document_frequency)

    return Corrected


class Okapi:
    """BM25 over a collection in memory, by rank_bm25.

    ``corpus`` holds the terms of each passage. ``get_scores`` gives one score a passage; it is above zero exactly where
    a term of the query occurs.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        self.size = len(corpus)
        empty = not any(corpus)
        self._bm25 = None if empty else _okapi_class()([list(terms) for terms in corpus], k1=K1, b=B)

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """Return the passages' scores, shape ``(len(corpus),)``. Raises TypeError for a string: give a list of terms."""
        if isinstance(query, str):
            message = "give a list of terms, not a string"
            raise TypeError(message)
        if self._bm25 is None or not query:
            import numpy as np

            return np.zeros(self.size)
        return cast("NDArray[np.float64]", self._bm25.get_scores(query))

    def idf(self, term: str) -> float:
        """Return the idf of a term; one that the collection lacks has the highest."""
        if self._bm25 is None:
            return inverse_document_frequency(self.size, 0)
        return float(self._bm25.idf.get(term) or inverse_document_frequency(self.size, 0))
