"""Exact top-k retrieval that skips passages which cannot be among the best.

MaxScore (Turtle and Flood 1995), a list at a time: a passage that only frequent terms hold cannot reach the k-th best
one, so that the rare terms' lists determine the candidates. For the frequent terms, whose lists are long, a
byte a passage holds their scores rounded up (quantised impacts, as in Anh, de Kretser and Moffat 2001); with those a
few dozen passages remain, whose exact scores are then looked up. In an index too long for such tables,
the exact scores of some promising passages raise the bound instead, and each frequent term is looked up for the passages
that can still reach it. Where frequent terms together could reach the k-th best passage by themselves, the passages that
each of them scores highest are candidates as well.

All of it in numpy: a call costs a microsecond whatever its length, so few calls matter more than few numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from askdoc.retrieval.bm25 import bm25, inverse_document_frequency, length_norm
from askdoc.storage.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.bounded_cache import BoundedCache

    Ranking = tuple[NDArray[np.int64], NDArray[np.float64]]
    """Passage numbers and their scores."""

BEST_SCORES: Final = 16
"""How many of a term's best scores are kept in order: they bound the k-th best passage for a ``k`` up to this."""

FREQUENT: Final = 32
"""A term is frequent if more than one in this many passages hold it."""

_ORDERED: Final = 32768
"""Do not sort lists of this many passages or more: a scan of them all takes a fifth of a millisecond."""

SHARED: Final = 4096
"""Lists of this many passages or more store indices of distinct scores; below, time counts more than bytes."""

TABLES: Final = 1 << 18
"""Frequent terms have a table of quantized impacts in indexes up to this size; larger ones would not fit the memo."""

_LEVELS: Final = 255
"""The highest quantized impact."""

_SLACK: Final = 1e-9
"""Relative tolerance: far above the rounding error of a few doubles, far below a meaningful difference."""

_MISSING: Final = object()


class Scores:
    """The scores of one term in the passages that hold it; never changed.

    Passages of one length with one term frequency share a score. So a long list stores the index of each passage's score
    among the distinct scores: six bytes a passage instead of sixteen.
    """

    __slots__ = ("_descending", "_distinct_scores", "_table", "_values", "best", "key", "passages", "used")

    def __init__(
        self,
        passages: NDArray[np.integer[Any]],
        values: NDArray[Any],
        key: object = None,
        distinct_scores: NDArray[np.float64] | None = None,
    ) -> None:
        """Take ascending ``passages`` and their ``values``, both of shape ``(df,)`` and not empty.

        Values are scores above zero or, with ``distinct_scores``, indices of it. ``key`` is the key in the memo, if any.
        """
        import numpy as np

        self.passages = passages.astype(np.int32)
        self._values = values
        self._distinct_scores = distinct_scores
        self.key = key
        self.used = False
        """Whether the scores were used again: the memo keeps such entries longer."""
        scores = self.scores
        last = len(scores) - BEST_SCORES
        best = scores if last <= 0 else np.partition(scores, last)[last:]
        self.best: list[float] = sorted(best.tolist(), reverse=True)
        """The highest scores, descending, at most :data:`BEST_SCORES`."""
        self._descending: tuple[NDArray[np.int32], NDArray[np.float64]] | None = None
        self._table: NDArray[np.uint8] | None = None

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores of the passages, shape ``(df,)``."""
        return self._values if self._distinct_scores is None else self._distinct_scores.take(self._values)

    @property
    def weight(self) -> int:
        """The size in bytes."""
        more = () if self._descending is None else self._descending
        arrays: tuple[NDArray[Any] | None, ...] = (
            self.passages,
            self._values,
            self._distinct_scores,
            self._table,
            *more,
        )
        return 600 + sum(int(array.nbytes) for array in arrays if array is not None)

    def selected(self, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the scores of the passages that ``mask``, shape ``(df,)``, selects."""
        values: NDArray[Any] = self._values[mask]
        return values if self._distinct_scores is None else self._distinct_scores.take(values)

    def within(self, mask: NDArray[np.bool_], key: object = None) -> Scores:
        """Return the scores of the passages that ``mask``, shape ``(df,)``, selects: one or more."""
        return Scores(self.passages[mask], self._values[mask], key, self._distinct_scores)

    def top_prefix(self, bound: float, memo: BoundedCache) -> NDArray[np.int32]:
        """Return the passages whose scores are not below a bound."""
        if len(self.passages) >= _ORDERED:
            reaching = (
                self._values >= bound
                if self._distinct_scores is None
                else (self._distinct_scores >= bound).take(self._values)
            )
            return self.passages[reaching]
        if self._descending is None:
            scores = -self.scores
            order = scores.argsort()
            self._descending = self.passages[order], scores[order]
            self._grown(memo)
        passages, scores = self._descending
        return passages[: scores.searchsorted(-bound, "right")]

    def quantized_impacts(self, size: int, memo: BoundedCache) -> NDArray[np.uint8]:
        """Return for each of ``size`` passages its score as a share of the highest in 255 steps, rounded up."""
        if self._table is None:
            import numpy as np

            table = np.zeros(size, dtype=np.uint8)
            distinct_scores = self.scores if self._distinct_scores is None else self._distinct_scores
            impacts = np.minimum(np.ceil(distinct_scores * (_LEVELS / self.best[0])), _LEVELS).astype(np.uint8)
            table[self.passages] = impacts if self._distinct_scores is None else impacts.take(self._values)
            self._table = table
            self._grown(memo)
        return self._table

    def _grown(self, memo: BoundedCache) -> None:
        if self.key is not None:
            memo.put(self.key, self, self.weight)

    def scores_of(self, passages: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of these passages, 0 for those that do not hold the term."""
        import numpy as np

        # In the list's own width: numpy would widen the whole list instead.
        numbers = passages.astype(np.int32)
        positions = self.passages.searchsorted(numbers)
        positions[positions == len(self.passages)] = 0
        values = self._values[positions]
        scores: NDArray[np.float64] = values if self._distinct_scores is None else self._distinct_scores.take(values)
        present: NDArray[np.bool_] = self.passages[positions] == numbers
        return scores * present


class Weighted:
    """The scores of one term, multiplied by a weight."""

    __slots__ = ("_unweighted", "_weight", "best", "passages")

    def __init__(self, scores: Scores, weight: float) -> None:
        """Multiply by ``weight``, which is above zero."""
        self._unweighted = scores
        self._weight = weight
        self.best = [score * weight for score in scores.best]
        self.passages = scores.passages

    @property
    def scores(self) -> NDArray[np.float64]:
        """See :class:`Scores`."""
        return self._unweighted.scores * self._weight

    def top_prefix(self, bound: float, memo: BoundedCache) -> NDArray[np.int32]:
        """See :meth:`Scores.top_prefix`."""
        return self._unweighted.top_prefix(bound / self._weight * (1 - _SLACK), memo)

    def quantized_impacts(self, size: int, memo: BoundedCache) -> NDArray[np.uint8]:
        """See :meth:`Scores.quantized_impacts`."""
        return self._unweighted.quantized_impacts(size, memo)

    def scores_of(self, passages: NDArray[np.int64]) -> NDArray[np.float64]:
        """See :meth:`Scores.scores_of`."""
        return self._unweighted.scores_of(passages) * self._weight


ScoreList = Scores | Weighted


def scored(index: Snapshot, field: str, terms: Collection[str]) -> dict[str, Scores]:
    """Return the scores of the terms that the field holds, from the cache of the index's present state where possible.

    Call it inside one snapshot of the index.
    """
    memo = index.memo
    scores_by_term: dict[str, Scores] = {}
    uncached = []
    for term in terms:
        cached = memo.get((field, term), _MISSING)
        if cached is _MISSING:
            uncached.append(term)
        elif cached is not None:
            cached.used = True
            scores_by_term[term] = cached
    if not uncached:
        return scores_by_term
    statistics = index.field(field)
    import numpy as np

    lengths = np.asarray(index.lengths(field))  # a small index gives lists
    longest = memo.get(("longest", field))
    if longest is None:
        memo.put(("longest", field), longest := int(lengths.max(initial=0)), 200)
    postings = index.postings(field, uncached)
    for term in uncached:
        key = field, term
        if term not in postings:
            memo.put(key, None, 200)
            continue
        passages, counts = np.asarray(postings[term].passages), np.asarray(postings[term].counts)
        idf = inverse_document_frequency(statistics.passages, len(passages))
        highest = int(counts.max())
        if len(passages) >= SHARED and highest * (longest + 1) <= min(len(passages), 1 << 16):
            cells = (counts - 1) * (longest + 1) + lengths[passages]
            norms = length_norm(np.arange(longest + 1), statistics.average)
            distinct_scores = bm25(idf, np.arange(1, highest + 1)[:, None], norms)
            scores = Scores(passages, cells.astype(np.uint16), key, distinct_scores.ravel())
        else:
            scores = Scores(passages, bm25(idf, counts, length_norm(lengths[passages], statistics.average)), key)
        scores_by_term[term] = scores
        memo.put(key, scores, scores.weight)
    return scores_by_term


def top(index: Snapshot, field: str, terms: Collection[str], k: int) -> Ranking:
    """Return the ``k`` passages with the highest sums of the terms' BM25 scores, and the sums: best first, ties by number.

    Equal to summing the scores of all passages, except for the order of addition. Fewer than ``k`` where fewer passages
    hold a term.
    """
    return best(list(scored(index, field, dict.fromkeys(terms)).values()), index.size, k, index.memo)


def best(lists: Sequence[ScoreList], size: int, k: int, memo: BoundedCache) -> Ranking:
    """Return :func:`top` of the lists of an index of ``size`` passages; ``memo`` is the cache of its state."""
    import numpy as np

    if not lists or k < 1:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    rare: list[ScoreList] = []
    frequent: list[ScoreList] = []
    least = rest = 0.0
    for score_list in sorted(lists, key=lambda score_list: score_list.best[0], reverse=True):
        if len(score_list.best) >= k and score_list.best[k - 1] > least:
            least = score_list.best[k - 1]
        if len(score_list.passages) * FREQUENT > size:
            frequent.append(score_list)
            rest += score_list.best[0]
        else:
            rare.append(score_list)
    # A reusable array of zeros as long as the index: allocating it would cost more than most questions.
    try:
        sums = memo.spare.pop()
    except IndexError:
        sums = np.zeros(size)
    exact = _ExactScores(sums, frequent, k, size, memo)
    ranking = np.zeros(0, dtype=np.int64), np.zeros(0)
    if rare:
        passages = np.concatenate([score_list.passages for score_list in rare], dtype=np.int64)
        np.add.at(sums, passages, np.concatenate([score_list.scores for score_list in rare]))
        ranking = exact.best(passages, len(rare), least)
        if len(ranking[1]) >= k:
            least = max(least, float(ranking[1][-1]))
    if frequent and rest * (1 + _SLACK) >= least:
        # Scores below this share of each list's best cannot, together, reach the k-th best passage.
        share = least * (1 - _SLACK) / rest
        reaching: list[NDArray[np.integer[Any]]] = [ranking[0]]
        reaching += [score_list.top_prefix(score_list.best[0] * share, memo) for score_list in frequent]
        ranking = exact.best(np.concatenate(reaching, dtype=np.int64), len(reaching), least)
    if rare:
        sums[passages] = 0.0
    memo.spare.append(sums)
    return ranking


class _ExactScores:
    """The exact scores of passages that may be among the best."""

    __slots__ = ("frequent", "k", "memo", "size", "sums")

    def __init__(
        self, sums: NDArray[np.float64], frequent: Sequence[ScoreList], k: int, size: int, memo: BoundedCache
    ) -> None:
        """Take ``sums``: for each passage of the index the scores of all but the ``frequent`` terms."""
        self.sums, self.frequent, self.k, self.size, self.memo = sums, frequent, k, size, memo

    def best(self, passages: NDArray[np.int64], times: int, least: float) -> Ranking:
        """Return the best of these passages; each occurs at most ``times`` times, the k-th best scores at least ``least``."""
        sums = self.sums.take(passages)
        many = self.k * times
        tables = self.size <= TABLES
        rest = sum(score_list.best[0] for score_list in self.frequent)
        # Among this many entries there are k distinct passages.
        if len(passages) > many:
            bounds, slack = sums, 0.0
            if self.frequent and tables:
                bounds = sums.copy()
                for score_list in self.frequent:
                    level = score_list.best[0] / _LEVELS
                    bounds += score_list.quantized_impacts(self.size, self.memo).take(passages) * level
                    slack += level
            elif self.frequent:
                least = max(least, self._promising(passages, sums, 4 * many))
                slack = rest
            if tables or not self.frequent:
                least = max(least, _kth(bounds, many) - slack)
                slack = 0.0
            keep = (bounds >= least * (1 - _SLACK) - slack).nonzero()[0]
            passages, sums = passages[keep], sums[keep]
        passages, sums = _distinct(passages, sums)
        for score_list in self.frequent:
            sums += score_list.scores_of(passages)
            if not tables:
                rest -= score_list.best[0]
                keep = (sums >= least * (1 - _SLACK) - rest * (1 + _SLACK)).nonzero()[0]
                passages, sums = passages[keep], sums[keep]
        ranked = (-sums).argsort(kind="stable")[: self.k]
        return passages[ranked], sums[ranked]

    def _promising(self, passages: NDArray[np.int64], sums: NDArray[np.float64], count: int) -> float:
        """Return the k-th best score among the ``count`` passages with the highest sums; 0 for fewer than k passages."""
        if len(passages) > count:
            chosen = sums.argpartition(len(sums) - count)[len(sums) - count :]
            passages, sums = passages[chosen], sums[chosen]
        passages, sums = _distinct(passages, sums)
        for score_list in self.frequent:
            sums += score_list.scores_of(passages)
        return _kth(sums, self.k) if len(sums) >= self.k else 0.0


def _kth(values: NDArray[np.float64], k: int) -> float:
    """Return the ``k``-th highest of ``k`` or more values."""
    parted = values.copy()
    parted.partition(len(values) - k)
    return float(parted[len(values) - k])


def _distinct(passages: NDArray[np.int64], sums: NDArray[np.float64]) -> Ranking:
    """Return each passage once, ascending, with its sum, which is the same at all its occurrences."""
    import numpy as np

    order = passages.argsort()
    passages = passages[order]
    first = np.ones(len(passages), dtype=np.bool_)
    np.not_equal(passages[1:], passages[:-1], out=first[1:])
    return passages[first], sums[order[first]]
