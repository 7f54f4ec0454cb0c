"""BM25 from stored postings: the scores of :class:`askdoc.retrieval.bm25.Okapi` at the cost of the asked terms alone."""

from __future__ import annotations

from collections.abc import Collection

from askdoc.retrieval import Scored, bm25
from askdoc.retrieval.bm25 import K1, B, inverse_document_frequency
from askdoc.retrieval.top_k import Stored, scored
from askdoc.storage.vectors import Vector


class PostingRanker:
    """The ranker of an index on disk."""

    def __init__(self, index: Stored, k1: float = K1, b: float = B) -> None:
        self._index = index
        self._k1 = k1
        self._b = b
        self._document_frequencies: dict[tuple[str, str], int] = {}

    def score(self, field: str, terms: Collection[str]) -> Scored:
        """See :class:`askdoc.retrieval.Ranker`."""
        statistics = self._index.field(field)
        if not statistics.passages or not terms:
            return {}
        average = statistics.total / statistics.passages
        lengths = self._index.lengths(field)
        scores_by_term: Scored = {}
        if not isinstance(lengths, Vector):
            for term, scores in scored(self._index, field, terms, self._k1, self._b).items():
                self._document_frequencies[field, term] = len(scores.passages)
                scores_by_term[term] = scores.passages, scores.scores
            return scores_by_term
        for term, postings in self._index.postings(field, terms).items():
            document_frequency = len(postings.passages)
            self._document_frequencies[field, term] = document_frequency
            idf = inverse_document_frequency(statistics.passages, document_frequency)
            values = bm25.scores(idf, postings.counts, lengths[postings.passages], average, self._k1, self._b)
            scores_by_term[term] = postings.passages, values
        return scores_by_term

    def idf(self, field: str, term: str) -> float:
        """See :class:`askdoc.retrieval.Ranker`. Reuse the frequency that :meth:`score` met, else look it up."""
        if (field, term) not in self._document_frequencies:
            postings = self._index.postings(field, [term]).get(term)
            self._document_frequencies[field, term] = 0 if postings is None else len(postings.passages)
        return inverse_document_frequency(self._index.field(field).passages, self._document_frequencies[field, term])
