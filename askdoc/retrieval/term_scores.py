"""What the postings of an index say of the passages that are ranked for a question, as plain dicts by passage number.

Importing numpy costs a cold question 60 ms, a third of all: without ``numbers`` nothing here needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from askdoc.retrieval.bm25 import Okapi, bm25, inverse_document_frequency, length_norm
from askdoc.storage.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ByPassage = dict[str, dict[int, float]]
"""For each term that the index holds, its scores by passage number; only passages that hold it."""

_SEARCH: Final = 8
"""Lists of more than this many times the numbers are searched for these; shorter ones are filtered."""


class TermScores:
    """The scores of single terms by BM25; their combination is decided in one place above."""

    def __init__(self, index: Snapshot, numbers: NDArray[np.int64] | None = None) -> None:
        """Look at the passages of these ``numbers``, ascending, or at all. Use it inside one snapshot of the index.

        Document frequencies, the vocabulary and average lengths are always those of the whole index.
        """
        self.index = index
        self.numbers = numbers
        self._frequencies: dict[tuple[str, str], int] = {}
        self._sizes: dict[str, int] = {}
        self._member: NDArray[np.bool_] | None = None

    def scores(self, field: str, terms: Collection[str]) -> ByPassage:
        """Return the scores of those terms that the field holds; empty for those that only other passages hold."""
        if self.numbers is not None:
            from askdoc.retrieval.top_k import scored

            by_term: ByPassage = {}
            for term, term_scores in scored(self.index, field, terms).items():
                self._frequencies[field, term] = len(term_scores.passages)
                if len(term_scores.passages) > _SEARCH * len(self.numbers):
                    values = term_scores.scores_of(self.numbers)
                    holders = values.nonzero()[0]
                    by_term[term] = dict(zip(self.numbers[holders].tolist(), values[holders].tolist(), strict=True))
                else:
                    mask = self._members().take(term_scores.passages)
                    passages = term_scores.passages[mask].tolist()
                    by_term[term] = dict(zip(passages, term_scores.selected(mask).tolist(), strict=True))
            return by_term
        norms = self.norms(field)
        return {
            term: {number: bm25(idf, float(count), norms[number]) for number, count in counts.items()}
            for term, counts in self.counts(field, terms).items()
            for idf in (self.idf(field, term),)
        }

    def counts(self, field: str, terms: Collection[str]) -> dict[str, dict[int, int]]:
        """Return how often the passages hold those terms that the field holds; empty where only other passages do."""
        by_term: dict[str, dict[int, int]] = {}
        decoded = self.index.postings(field, terms) if self.numbers is None else self._decoded(field, terms)
        for term, (passages, counts) in decoded.items():
            self._frequencies[field, term] = len(passages)
            if self.numbers is not None:
                mask = self._members().take(passages)
                passages, counts = passages[mask], counts[mask]
            by_term[term] = dict(zip(_plain(passages), _plain(counts), strict=True))
        return by_term

    def _decoded(self, field: str, terms: Collection[str]) -> dict[str, tuple[Any, Any]]:
        """Return the postings of terms as arrays, from the cache of the index's present state where possible."""
        import numpy as np

        memo = self.index.memo
        by_term = {term: memo.get(("postings", field, term)) for term in terms}
        uncached = [term for term, postings in by_term.items() if postings is None]
        stored = self.index.postings(field, uncached) if uncached else {}
        for term in uncached:
            passages, counts = stored.get(term, ((), ()))
            by_term[term] = np.asarray(passages, dtype=np.int32), np.asarray(counts, dtype=np.int32)
            memo.put(("postings", field, term), by_term[term], 400 + 8 * len(passages))
        return {term: postings for term, postings in by_term.items() if postings is not None and len(postings[0])}

    def _members(self) -> NDArray[np.bool_]:
        """Return for each passage of the index whether it is looked at."""
        if self._member is None:
            import numpy as np

            self._member = np.zeros(self.index.size, dtype=np.bool_)
            self._member[self.numbers] = True
        return self._member

    def norms(self, field: str) -> Sequence[float] | Mapping[int, float]:
        """Return the :func:`askdoc.retrieval.bm25.length_norm` of each passage, by its number."""
        if self.numbers is not None:
            import numpy as np

            lengths = np.asarray(self.index.lengths(field))[self.numbers]
            norms_there = length_norm(lengths, self.index.field(field).average)
            return dict(zip(self.numbers.tolist(), norms_there.tolist(), strict=True))
        norms: list[float] | None = self.index.memo.get(("norms", field))
        if norms is None:
            average = self.index.field(field).average
            norms = [length_norm(length, average) for length in _plain(self.index.lengths(field))]
            self.index.memo.put(("norms", field), norms, 32 * len(norms))
        return norms

    def alone(self, own: str, others: str) -> set[int]:
        """Return the passages that have nothing in the field ``own`` and something in ``others``."""
        if self.numbers is not None:
            import numpy as np

            lengths = [np.asarray(self.index.lengths(field))[self.numbers] for field in (own, others)]
            return set(self.numbers[(lengths[0] == 0) & (lengths[1] > 0)].tolist())
        pairs = zip(_plain(self.index.lengths(own)), _plain(self.index.lengths(others)), strict=True)
        return {number for number, (length, other_length) in enumerate(pairs) if other_length and not length}

    def document_frequency(self, field: str, term: str) -> int:
        """Return how many passages of the whole index hold a term."""
        if (field, term) not in self._frequencies:
            postings = self.index.postings(field, [term]).get(term)
            self._frequencies[field, term] = 0 if postings is None else len(postings.passages)
        return self._frequencies[field, term]

    def together(self, field: str, terms: tuple[str, ...]) -> int:
        """Return how many passages of the whole index hold all of some terms."""
        if len(terms) == 1:
            return self.document_frequency(field, terms[0])
        count: int | None = self.index.memo.get(("together", field, terms))
        if count is None:
            count = self.index.together(field, terms)
            self.index.memo.put(("together", field, terms), count, 200)
        return count

    def idf(self, field: str, term: str) -> float:
        """Return the idf of a term in a field; a term that the field lacks has the highest."""
        if field not in self._sizes:
            self._sizes[field] = self.index.field(field).passages
        return inverse_document_frequency(self._sizes[field], self.document_frequency(field, term))


class OkapiScores(TermScores):
    """The same scores by rank_bm25, one :class:`askdoc.retrieval.bm25.Okapi` a field: for an index in memory."""

    def scores(self, field: str, terms: Collection[str]) -> ByPassage:
        """See :meth:`TermScores.scores`."""
        collection = self._collection(field)
        looked_at = None if self.numbers is None else set(self.numbers.tolist())
        by_term: ByPassage = {}
        for term in terms:
            if self.document_frequency(field, term):
                scores = zip(collection.numbers, collection.okapi.get_scores([term]).tolist(), strict=True)
                by_term[term] = {
                    number: score for number, score in scores if score and (looked_at is None or number in looked_at)
                }
        return by_term

    def idf(self, field: str, term: str) -> float:
        """See :meth:`TermScores.idf`."""
        return self._collection(field).okapi.idf(term)

    def _collection(self, field: str) -> _Collection:
        collection: _Collection | None = self.index.memo.get(("okapi", field))
        if collection is None:
            corpus: dict[int, list[str]] = {}
            vocabulary = [term for term, _ in self.index.terms(field)]
            for term, (passages, counts) in self.index.postings(field, vocabulary).items():
                for passage, count in zip(_plain(passages), _plain(counts), strict=True):
                    corpus.setdefault(passage, []).extend([term] * count)
            numbers = sorted(corpus)
            collection = _Collection(Okapi([corpus[number] for number in numbers]), numbers)
            self.index.memo.put(("okapi", field), collection, 0)
        collection.used = True
        return collection


class _Collection:
    """A field's collection, and the passage number of each of its members."""

    __slots__ = ("numbers", "okapi", "used")

    def __init__(self, okapi: Okapi, numbers: list[int]) -> None:
        self.okapi, self.numbers = okapi, numbers
        self.used = True
        """The memo keeps what was used again longer."""


def _plain(values: Any) -> Sequence[int]:
    """Return integers of an index as plain ones: a large index gives arrays, a small one tuples."""
    return values if isinstance(values, tuple) else cast("list[int]", values.tolist())
