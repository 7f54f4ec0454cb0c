"""BM25 (Robertson and Zaragoza 2009) as rank_bm25 computes it, with its inverse document frequency corrected.

The only module that imports rank_bm25. Its ``BM25Okapi`` gives zero or less to a term in half of the passages, divides
by zero for an empty collection, and takes a string for a list of characters; :class:`Okapi` corrects these and is
otherwise the same. It ranks collections in memory and is the oracle of the tests for :mod:`askdoc.retrieval.posting_ranker`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from askdoc.retrieval import Scored, Statistics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1: Final = 1.2
"""Term frequency saturation."""

B: Final = 0.75
"""Length normalization, 0..1."""


def inverse_document_frequency(passages: int, document_frequency: float) -> float:
    """Return ``log(1 + (N - n + 0.5) / (n + 0.5))`` where ``n`` of ``N`` passages hold a term: always above zero."""
    return math.log(1 + (passages - document_frequency + 0.5) / (document_frequency + 0.5))


def scores(
    idf: float,
    counts: NDArray[np.integer[Any]],
    lengths: NDArray[np.integer[Any]],
    average: float,
    k1: float = K1,
    b: float = B,
) -> NDArray[np.float64]:
    """Return BM25 of a term with these counts in passages of these lengths.

    The order of the operations is rank_bm25's, so that the scores are equal to the last digits.
    """
    length = k1 * (1 - b + b * lengths / average)
    return idf * (counts * (k1 + 1) / (counts + length))


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

    def __init__(self, corpus: Sequence[Sequence[str]], k1: float = K1, b: float = B) -> None:
        self.size = len(corpus)
        empty = not any(corpus)
        self._bm25 = None if empty else _okapi_class()([list(terms) for terms in corpus], k1=k1, b=b)

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


class OkapiRanker:
    """The ranker of an index in memory: one :class:`Okapi` a field."""

    def __init__(self, index: Statistics) -> None:
        self._index = index
        self._fields: dict[str, tuple[Okapi, NDArray[np.int64]]] = {}

    def _field(self, name: str) -> tuple[Okapi, NDArray[np.int64]]:
        """Return a field's collection, and the passage number of each of its members."""
        if name not in self._fields:
            import numpy as np

            corpus: dict[int, list[str]] = {}
            vocabulary = [term for term, _ in self._index.terms(name)]
            for term, postings in self._index.postings(name, vocabulary).items():
                for passage, count in zip(postings.passages.tolist(), postings.counts.tolist(), strict=True):
                    corpus.setdefault(passage, []).extend([term] * count)
            numbers = sorted(corpus)
            self._fields[name] = Okapi([corpus[number] for number in numbers]), np.array(numbers, dtype=np.int64)
        return self._fields[name]

    def score(self, field: str, terms: Collection[str]) -> Scored:
        """See :class:`askdoc.retrieval.Ranker`."""
        import numpy as np

        okapi, numbers = self._field(field)
        scores_by_term: Scored = {}
        for term in terms:
            scores = okapi.get_scores([term])
            matches = np.flatnonzero(scores)
            if len(matches):
                scores_by_term[term] = numbers[matches], scores[matches]
        return scores_by_term

    def idf(self, field: str, term: str) -> float:
        """See :class:`askdoc.retrieval.Ranker`."""
        return self._field(field)[0].idf(term)
