"""The best passages for some terms, exactly, without adding up what cannot be among them.

MaxScore (Turtle and Flood 1995), a list at a time: a passage that only frequent terms hold cannot reach the k-th best
one, so that the rare terms' lists say which passages are looked at. For the frequent terms, whose lists are long, a
byte a passage holds their scores rounded up (quantised impacts, as in Anh, de Kretser and Moffat 2001); with those a
few dozen passages remain, whose exact scores are then looked up. In an index so long that such tables would take more
memory than they are worth, the whole scores of some promising passages raise the bound instead, and each frequent term is
looked up for those passages that can still reach it. Where frequent terms together could reach the k-th
best passage by themselves, the passages that each of them scores highest are looked at as well.

All of it in numpy: a call costs a microsecond whatever its length, so that few calls matter more than few numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, Protocol

from askdoc.retrieval import Statistics, bm25
from askdoc.retrieval.bm25 import K1, B, inverse_document_frequency

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.bounded_cache import BoundedCache

    Found = tuple[NDArray[np.int64], NDArray[np.float64]]
    """Passage numbers and their scores."""

KNOWN: Final = 16
"""How many of a list's best scores are kept in order: up to so many passages, a bound is known beforehand."""

FREQUENT: Final = 32
"""A term is frequent if more than one of so many passages hold it."""

_ORDERED: Final = 32768
"""Passages of a list from which on it is not worth putting them in order: to look at all costs a fifth of a millisecond."""

SHARED: Final = 4096
"""Passages of a list from which on scores are kept as places: before, time counts more than bytes."""

TABLES: Final = 1 << 18
"""Passages of an index up to which a frequent term has a table of them all; a larger one's would not fit the memo."""

_STEPS: Final = 255
_SLACK: Final = 1e-9
"""Relative: far above what sums of a few doubles lose, far below a difference that means something."""

_MISSING: Final = object()


class Stored(Statistics, Protocol):
    """An index whose present state keeps what a ranker makes of it."""

    @property
    def memo(self) -> BoundedCache:
        """Where that is kept."""

    def snapshot(self) -> AbstractContextManager[object]:
        """Within it every call sees the same state of the index."""


class Scores:
    """The scores of one term in the passages that hold it; never changed.

    Many passages share one: those that hold the term as often and are as long. So of a long list each passage's score is
    kept as its place among the different ones, which is six bytes a passage instead of sixteen.
    """

    __slots__ = ("_descending", "_table", "_values", "_worths", "best", "key", "passages", "used")

    def __init__(
        self,
        passages: NDArray[np.integer[Any]],
        values: NDArray[Any],
        key: object = None,
        distinct_scores: NDArray[np.float64] | None = None,
    ) -> None:
        """``passages`` ascending, ``values`` theirs, both of shape ``(df,)``, not empty: scores above zero, or with
        ``distinct_scores`` their places there. ``key`` is what they are kept under, if they are."""
        import numpy as np

        self.passages = passages.astype(np.int32)
        self._values = values
        self._worths = distinct_scores
        self.key = key
        self.used = False
        """Whether it was asked for again: the memo keeps such ones longer."""
        scores = self.scores
        last = len(scores) - KNOWN
        best = scores if last <= 0 else np.partition(scores, last)[last:]
        self.best: list[float] = sorted(best.tolist(), reverse=True)
        """The highest scores, descending, :data:`KNOWN` at most."""
        self._descending: tuple[NDArray[np.int32], NDArray[np.float64]] | None = None
        self._table: NDArray[np.uint8] | None = None

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores of the passages, shape ``(df,)``."""
        return self._values if self._worths is None else self._worths.take(self._values)

    @property
    def weight(self) -> int:
        """Bytes."""
        more = () if self._descending is None else self._descending
        arrays: tuple[NDArray[Any] | None, ...] = (self.passages, self._values, self._worths, self._table, *more)
        return 600 + sum(int(each.nbytes) for each in arrays if each is not None)

    def within(self, held: NDArray[np.bool_], key: object = None) -> Scores:
        """The scores of those passages that are ``held``, shape ``(df,)``, of which there is one."""
        return Scores(self.passages[held], self._values[held], key, self._worths)

    def top_prefix(self, bound: float, memo: BoundedCache) -> NDArray[np.int32]:
        """The passages whose scores are not below a bound."""
        if len(self.passages) >= _ORDERED:
            held = self._values >= bound if self._worths is None else (self._worths >= bound).take(self._values)
            return self.passages[held]
        if self._descending is None:
            scores = -self.scores
            order = scores.argsort()
            self._descending = self.passages[order], scores[order]
            self._grown(memo)
        passages, scores = self._descending
        return passages[: scores.searchsorted(-bound, "right")]

    def steps(self, size: int, memo: BoundedCache) -> NDArray[np.uint8]:
        """For each of ``size`` passages its score as a share of the highest in 255 steps, rounded up."""
        if self._table is None:
            import numpy as np

            table = np.zeros(size, dtype=np.uint8)
            distinct_scores = self.scores if self._worths is None else self._worths
            steps = np.minimum(np.ceil(distinct_scores * (_STEPS / self.best[0])), _STEPS).astype(np.uint8)
            table[self.passages] = steps if self._worths is None else steps.take(self._values)
            self._table = table
            self._grown(memo)
        return self._table

    def _grown(self, memo: BoundedCache) -> None:
        if self.key is not None:
            memo.put(self.key, self, self.weight)

    def of(self, passages: NDArray[np.int64]) -> NDArray[np.float64]:
        """The scores of these passages, 0 for those that do not hold the term."""
        import numpy as np

        # In their own width: numpy would make the whole list wider instead.
        wanted = passages.astype(np.int32)
        at = self.passages.searchsorted(wanted)
        at[at == len(self.passages)] = 0
        values = self._values[at]
        scores: NDArray[np.float64] = values if self._worths is None else self._worths.take(values)
        found: NDArray[np.float64] = scores * (self.passages[at] == wanted)
        return found


class Weighted:
    """The scores of one term, each times a weight."""

    __slots__ = ("_of", "_weight", "best", "passages")

    def __init__(self, scores: Scores, weight: float) -> None:
        """``weight`` is above zero."""
        self._of = scores
        self._weight = weight
        self.best = [each * weight for each in scores.best]
        self.passages = scores.passages

    @property
    def scores(self) -> NDArray[np.float64]:
        """See :class:`Scores`."""
        return self._of.scores * self._weight

    def top_prefix(self, bound: float, memo: BoundedCache) -> NDArray[np.int32]:
        """See :meth:`Scores.top_prefix`."""
        return self._of.top_prefix(bound / self._weight * (1 - _SLACK), memo)

    def steps(self, size: int, memo: BoundedCache) -> NDArray[np.uint8]:
        """See :meth:`Scores.steps`."""
        return self._of.steps(size, memo)

    def of(self, passages: NDArray[np.int64]) -> NDArray[np.float64]:
        """See :meth:`Scores.of`."""
        return self._of.of(passages) * self._weight


List = Scores | Weighted


def scored(index: Stored, field: str, terms: Collection[str], k1: float = K1, b: float = B) -> dict[str, Scores]:
    """The scores of those terms that the field holds, kept for the index's present state.

    To be called inside one snapshot of the index.
    """
    memo = index.memo
    found: dict[str, Scores] = {}
    wanted = []
    for term in terms:
        held = memo.get((field, term, k1, b), _MISSING)
        if held is _MISSING:
            wanted.append(term)
        elif held is not None:
            held.used = True
            found[term] = held
    if not wanted:
        return found
    statistics = index.field(field)
    average = statistics.total / statistics.passages if statistics.passages else 1.0
    import numpy as np

    lengths = np.asarray(index.lengths(field))  # a small index gives lists
    longest = memo.get(("longest", field))
    if longest is None:
        memo.put(("longest", field), longest := int(lengths.max(initial=0)), 200)
    postings = index.postings(field, wanted)
    for term in wanted:
        key = field, term, k1, b
        if term not in postings:
            memo.put(key, None, 200)
            continue
        passages, counts = np.asarray(postings[term].passages), np.asarray(postings[term].counts)
        idf = inverse_document_frequency(statistics.passages, len(passages))
        highest = int(counts.max())
        if len(passages) >= SHARED and highest * (longest + 1) <= min(len(passages), 1 << 16):
            kinds = (counts - 1) * (longest + 1) + lengths[passages]
            every = np.arange(1, highest + 1)[:, None], np.arange(longest + 1)
            each = Scores(passages, kinds.astype(np.uint16), key, bm25.scores(idf, *every, average, k1, b).ravel())
        else:
            each = Scores(passages, bm25.scores(idf, counts, lengths[passages], average, k1, b), key)
        found[term] = each
        memo.put(key, each, each.weight)
    return found


def top(index: Stored, field: str, terms: Collection[str], k: int) -> Found:
    """The ``k`` passages in which the terms' BM25 scores add up to most, and those sums: best first, ties by number.

    Equal to adding up the scores of all passages, but for the order in which a passage's are added. Fewer than ``k``
    where fewer hold a term.
    """
    memo = index.memo
    size: int | None = memo.get("size")
    found = []
    if size is not None:
        for term in dict.fromkeys(terms):
            each = memo.get((field, term, K1, B), _MISSING)
            if each is _MISSING:
                break
            if each is not None:
                each.used = True
                found.append(each)
        else:
            return best(found, size, k, memo)
    with index.snapshot():
        memo, size = index.memo, index.size
        memo.put("size", size, 0)
        return best(list(scored(index, field, dict.fromkeys(terms)).values()), size, k, memo)


def best(lists: Sequence[List], size: int, k: int, memo: BoundedCache) -> Found:
    """:func:`top` for lists of an index of ``size`` passages; ``memo`` is of its state."""
    import numpy as np

    if not lists or k < 1:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    rare: list[List] = []
    frequent: list[List] = []
    least = rest = 0.0
    for each in sorted(lists, key=lambda each: each.best[0], reverse=True):
        if len(each.best) >= k and each.best[k - 1] > least:
            least = each.best[k - 1]
        if len(each.passages) * FREQUENT > size:
            frequent.append(each)
            rest += each.best[0]
        else:
            rare.append(each)
    # An array as long as the index, all zeros, lent out and given back: to make one costs more than most questions.
    try:
        sums = memo.spare.pop()
    except IndexError:
        sums = np.zeros(size)
    look = _Look(sums, frequent, k, size, memo)
    found = np.zeros(0, dtype=np.int64), np.zeros(0)
    if rare:
        held = np.concatenate([each.passages for each in rare], dtype=np.int64)
        np.add.at(sums, held, np.concatenate([each.scores for each in rare]))
        found = look.best(held, len(rare), least)
        if len(found[1]) >= k:
            least = max(least, float(found[1][-1]))
    if frequent and rest * (1 + _SLACK) >= least:
        # What frequent terms add together, beside their best scores, stays below what the k-th best passage has.
        share = least * (1 - _SLACK) / rest
        given: list[NDArray[np.integer[Any]]] = [found[0]]
        given += [each.top_prefix(each.best[0] * share, memo) for each in frequent]
        found = look.best(np.concatenate(given, dtype=np.int64), len(given), least)
    if rare:
        sums[held] = 0.0
    memo.spare.append(sums)
    return found


class _Look:
    """Looks at passages that may be among the best."""

    __slots__ = ("frequent", "k", "memo", "size", "sums")

    def __init__(
        self, sums: NDArray[np.float64], frequent: Sequence[List], k: int, size: int, memo: BoundedCache
    ) -> None:
        """``sums``: for each passage of the index what all but the ``frequent`` terms add up to."""
        self.sums, self.frequent, self.k, self.size, self.memo = sums, frequent, k, size, memo

    def best(self, passages: NDArray[np.int64], times: int, least: float) -> Found:
        """The best of these passages, each given ``times`` times at most; ``least``: what the k-th best has at least."""
        sums = self.sums.take(passages)
        many = self.k * times
        tables = self.size <= TABLES
        rest = sum(each.best[0] for each in self.frequent)
        # Among so many there are k different ones.
        if len(passages) > many:
            bounds, slack = sums, 0.0
            if self.frequent and tables:
                bounds = sums.copy()
                for each in self.frequent:
                    step = each.best[0] / _STEPS
                    bounds += each.steps(self.size, self.memo).take(passages) * step
                    slack += step
            elif self.frequent:
                least = max(least, self._promising(passages, sums, 4 * many))
                slack = rest
            if tables or not self.frequent:
                least = max(least, _kth(bounds, many) - slack)
                slack = 0.0
            keep = (bounds >= least * (1 - _SLACK) - slack).nonzero()[0]
            passages, sums = passages[keep], sums[keep]
        passages, sums = _distinct(passages, sums)
        for each in self.frequent:
            sums += each.of(passages)
            if not tables:
                rest -= each.best[0]
                keep = (sums >= least * (1 - _SLACK) - rest * (1 + _SLACK)).nonzero()[0]
                passages, sums = passages[keep], sums[keep]
        ranked = (-sums).argsort(kind="stable")[: self.k]
        return passages[ranked], sums[ranked]

    def _promising(self, passages: NDArray[np.int64], sums: NDArray[np.float64], count: int) -> float:
        """What the k-th best of the ``count`` with the highest sums has in all, as far as there are so many; else 0."""
        if len(passages) > count:
            chosen = sums.argpartition(len(sums) - count)[len(sums) - count :]
            passages, sums = passages[chosen], sums[chosen]
        passages, sums = _distinct(passages, sums)
        for each in self.frequent:
            sums += each.of(passages)
        return _kth(sums, self.k) if len(sums) >= self.k else 0.0


def _kth(values: NDArray[np.float64], k: int) -> float:
    """The ``k``-th highest of ``k`` or more values."""
    parted = values.copy()
    parted.partition(len(values) - k)
    return float(parted[len(values) - k])


def _distinct(passages: NDArray[np.int64], sums: NDArray[np.float64]) -> Found:
    """Each passage once, ascending, with its sum, which is the same wherever it stands."""
    import numpy as np

    order = passages.argsort()
    passages = passages[order]
    first = np.ones(len(passages), dtype=np.bool_)
    np.not_equal(passages[1:], passages[:-1], out=first[1:])
    return passages[first], sums[order[first]]
