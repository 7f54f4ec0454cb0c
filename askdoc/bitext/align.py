"""Which units of two texts belong together: paragraphs of a document, or sentences of a paragraph.

The model is Gale and Church's (1993): a text and its translation have lengths in a steady ratio, and units pair 1:1,
1:2, 2:1, 2:2 or stand alone with known frequencies. To it come anchors, which need no dictionary: numbers and Latin
names that stand on both sides, weighted by idf, and against a pair those that stand on one side alone. A dynamic
programme over a corridor around the diagonal (or around units that share rare anchors) finds the best chain of beads;
the same sums run forward and backward give each bead its posterior chance, which is its confidence.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from askdoc.model import Bead
from askdoc.text.han import LATIN_WORD
from askdoc.text.normalize import fold

SURE: Final = 0.92
"""Beads of at least this confidence are shown as paired."""

DOUBTFUL: Final = 0.5
"""Beads below this confidence are given back as sides apart."""

RATIO: Final = 0.327
"""Chinese characters to one English character, over translated prose."""

VARIANCE: Final = 0.9
"""Variance of the Chinese length for one English character."""

# The chances of the kinds of bead, after Gale and Church's table with more room for what a translator leaves out.
_BEAD_PRIORS: Final = (
    (1, 1, math.log(0.85)),
    (1, 0, math.log(0.02)),
    (0, 1, math.log(0.02)),
    (1, 2, math.log(0.05)),
    (2, 1, math.log(0.05)),
    (2, 2, math.log(0.005)),
    (1, 3, math.log(0.0025)),
    (3, 1, math.log(0.0025)),
)
_ALONE: Final = 0.6
"""The score of a unit alone, beyond its prior: about that of a pair of middling fit."""

_SHARED: Final = 0.6
_ONE_SIDED: Final = 0.6
_TEMPERATURE: Final = 1.3
"""The evidence is not independent; posteriors are taken at this temperature to be honest (fitted in tests/quality)."""

_FULL: Final = 80
"""Up to this many units a side the whole table is filled."""
_CORRIDOR: Final = 16
"""Half the corridor's width in units beyond that."""

_WINDOW: Final = 600
"""Units of a window: longer texts are aligned in windows, of which two thirds are kept, so that memory is bounded."""
_MANY, _LOPSIDED = 400, 20

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


class _Side(Struct, frozen=True):
    """One text: prefix sums of its lengths, and each unit's anchors."""

    lengths: tuple[int, ...]
    anchors: tuple[frozenset[str], ...]


def numbers(text: str) -> set[str]:
    """Return the numbers of a folded text: 1,000 without its comma, 2.1 as one."""
    values: set[str] = set()
    for number in _NUMBER.findall(text):
        plain = number.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number) else number
        values.update(part.lstrip("0") or "0" for part in re.split(r"[,]", plain))
    return values


def _sides(en: Sequence[str], zh: Sequence[str]) -> tuple[_Side, _Side, Mapping[str, float]]:
    """Return both texts measured, and the weight of each anchor, a number or name on both sides: its idf."""
    english = [fold(text) for text in en]
    chinese = [fold(text) for text in zh]
    names = [{word for word in LATIN_WORD.findall(text) if len(word) > 1} for text in chinese]
    vocabulary = set().union(*names)
    found_en = [
        numbers(text) | {word.removesuffix("'s") for word in LATIN_WORD.findall(text)} & vocabulary for text in english
    ]
    found_zh = [numbers(text) | words for text, words in zip(chinese, names, strict=True)]
    in_en = Counter(anchor for anchors in found_en for anchor in anchors)
    in_zh = Counter(anchor for anchors in found_zh for anchor in anchors)
    most = max(len(en), len(zh), 1)
    weights = {
        anchor: math.log(1 + most / max(in_en[anchor], in_zh[anchor], 1)) for anchor in in_en.keys() | in_zh.keys()
    }
    return _measure(en, found_en), _measure(zh, found_zh), weights


def _measure(texts: Sequence[str], anchors: Sequence[set[str]]) -> _Side:
    lengths = [0]
    for text in texts:
        lengths.append(lengths[-1] + len(text.strip()))
    return _Side(tuple(lengths), tuple(map(frozenset, anchors)))


class _Model:
    """The log chance of each possible bead."""

    def __init__(self, en: Sequence[str], zh: Sequence[str]) -> None:
        self.en, self.zh, self.weights = _sides(en, zh)

    def score(self, i: int, j: int, m: int, n: int) -> float:
        """How well ``m`` English units from ``i`` on fit ``n`` Chinese units from ``j`` on."""
        length_en = self.en.lengths[i + m] - self.en.lengths[i]
        length_zh = self.zh.lengths[j + n] - self.zh.lengths[j]
        if not m or not n:
            return _ALONE
        delta = (length_zh - length_en * RATIO) / math.sqrt(max((length_en + length_zh / RATIO) / 2, 8.0) * VARIANCE)
        anchors_en = self.en.anchors[i] if m == 1 else frozenset().union(*self.en.anchors[i : i + m])
        anchors_zh = self.zh.anchors[j] if n == 1 else frozenset().union(*self.zh.anchors[j : j + n])
        shared = sum(self.weights[anchor] for anchor in anchors_en & anchors_zh)
        alone = sum(self.weights[anchor] for anchor in anchors_en ^ anchors_zh)
        # A tail heavier than the normal's: one loose translation must not outweigh all else.
        return -2.0 * math.log1p(delta * delta / 4) + _SHARED * shared - _ONE_SIDED * min(alone, 6.0) / 2


def align(en: Sequence[str], zh: Sequence[str]) -> list[Bead]:
    """Align the units of an English and a Chinese text, in order; every unit is in exactly one bead.

    Beads that stand apart have confidence 0; a bead whose confidence would be below :data:`DOUBTFUL` is given back as
    its sides apart. Takes time in proportion to the units (the corridor's width is fixed).
    """
    if not en or not zh:
        return [_apart(i, 0, 1, 0) for i in range(len(en))] + [_apart(len(en), j, 0, 1) for j in range(len(zh))]
    few, many = sorted((len(en), len(zh)))
    if many > _MANY and many > few * _LOPSIDED:
        # A handful of units against thousands is no translation, and aligning it would cost much for nothing.
        return [_apart(i, 0, 1, 0) for i in range(len(en))] + [_apart(len(en), j, 0, 1) for j in range(len(zh))]
    beads: list[Bead] = []
    for i, j, m, n, confidence in _chain_of(_Model(en, zh), len(en), len(zh)):
        if m and n and confidence >= DOUBTFUL:
            beads.append(Bead((i, i + m), (j, j + n), confidence))
        else:
            beads += [_apart(i + offset, j, 1, 0) for offset in range(m)]
            beads += [_apart(i + m, j + offset, 0, 1) for offset in range(n)]
    return beads


def _apart(i: int, j: int, m: int, n: int) -> Bead:
    return Bead((i, i + m), (j, j + n), 0.0)


def _chain_of(model: _Model, rows: int, columns: int) -> Iterator[tuple[int, int, int, int, float]]:
    """Return the best chain of beads, ``(i, j, m, n, confidence)`` each; long texts in windows that overlap."""
    points = [(0, 0), *_chain(model), (rows, columns)] if max(rows, columns) > _FULL else [(0, 0), (rows, columns)]
    i = j = 0
    while i < rows or j < columns:
        end_row = rows if rows - i <= _WINDOW else i + _WINDOW
        end_column = columns if end_row == rows else min(columns, max(j, round(_middle(points, end_row))))
        table = _Table(model, (i, j), (end_row, end_column), _corridor(points, (i, j), (end_row, end_column)))
        keep = rows if end_row == rows else i + _WINDOW * 2 // 3
        for row, place, m, n, confidence in table.best():
            if row >= keep and end_row != rows:
                break
            yield row, place, m, n, confidence
            i, j = row + m, place + n


class _Table:
    """The dynamic programme: best chain, and sums over all chains."""

    def __init__(
        self, model: _Model, start: tuple[int, int], end: tuple[int, int], corridor: Sequence[tuple[int, int]]
    ) -> None:
        self.start, self.corridor = start, corridor
        self.rows, self.columns = end[0] - start[0], end[1] - start[1]
        self.steps = [
            {j: self._steps(model, i, j) for j in range(corridor[i][0], corridor[i][1] + 1)}
            for i in range(self.rows + 1)
        ]

    def _steps(self, model: _Model, i: int, j: int) -> list[tuple[int, int, float]]:
        steps = []
        row, column = self.start
        for m, n, prior in _BEAD_PRIORS:
            if i + m <= self.rows and j + n <= self.columns:
                low, high = self.corridor[i + m]
                if low <= j + n <= high:
                    steps.append((m, n, prior + model.score(row + i, column + j, m, n)))
        return steps

    def best(self) -> list[tuple[int, int, int, int, float]]:
        """Return the best chain: ``(i, j, m, n, confidence)`` a bead."""
        forward = self._forward()
        backward = self._backward()
        total = forward[self.rows][self.columns]
        chain = []
        for i, j, m, n, score in self._viterbi():
            weight = score / _TEMPERATURE
            posterior = math.exp(min(0.0, forward[i][j] + weight + backward[i + m][j + n] - total))
            chain.append((self.start[0] + i, self.start[1] + j, m, n, posterior))
        return chain

    def _viterbi(self) -> list[tuple[int, int, int, int, float]]:
        best: list[dict[int, float]] = [{} for _ in range(self.rows + 1)]
        back: dict[tuple[int, int], tuple[int, int, float]] = {}
        best[0][0] = 0.0
        for i in range(self.rows + 1):
            for j in sorted(self.steps[i]):
                here = best[i].get(j)
                if here is None:
                    continue
                for m, n, score in self.steps[i][j]:
                    value = here + score
                    if value > best[i + m].get(j + n, -math.inf):
                        best[i + m][j + n] = value
                        back[i + m, j + n] = m, n, score
        chain = []
        i, j = self.rows, self.columns
        while i or j:
            m, n, score = back[i, j]
            i, j = i - m, j - n
            chain.append((i, j, m, n, score))
        return chain[::-1]

    def _forward(self) -> list[dict[int, float]]:
        sums: list[dict[int, float]] = [{} for _ in range(self.rows + 1)]
        sums[0][0] = 0.0
        for i in range(self.rows + 1):
            for j in sorted(self.steps[i]):
                here = sums[i].get(j)
                if here is None:
                    continue
                for m, n, score in self.steps[i][j]:
                    _add(sums[i + m], j + n, here + score / _TEMPERATURE)
        return sums

    def _backward(self) -> list[dict[int, float]]:
        sums: list[dict[int, float]] = [{} for _ in range(self.rows + 1)]
        sums[self.rows][self.columns] = 0.0
        for i in range(self.rows, -1, -1):
            for j in sorted(self.steps[i], reverse=True):
                for m, n, score in self.steps[i][j]:
                    after = sums[i + m].get(j + n)
                    if after is not None:
                        _add(sums[i], j, after + score / _TEMPERATURE)
        return sums


def _add(sums: dict[int, float], key: int, value: float) -> None:
    """Add a chance to a sum of chances, both as logarithms."""
    before = sums.get(key)
    if before is None:
        sums[key] = value
    else:
        high, low = (before, value) if before > value else (value, before)
        sums[key] = high + math.log1p(math.exp(low - high))


def _middle(points: Sequence[tuple[int, int]], row: int) -> float:
    """Return the column that a row is expected at: on the line between the sure points around it."""
    index = max(bisect_left(points, (row, -1)), 1)
    index = min(index, len(points) - 1)
    (i0, j0), (i1, j1) = points[index - 1], points[index]
    return j0 + (j1 - j0) * (row - i0) / max(i1 - i0, 1)


def _corridor(points: Sequence[tuple[int, int]], start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """For each row of a window the first and last column that the programme looks at, counted from the window's start."""
    rows, columns = end[0] - start[0], end[1] - start[1]
    if rows <= _FULL and columns <= _FULL:
        return [(0, columns)] * (rows + 1)
    corridor = []
    slope = columns / max(rows, 1)
    for i in range(rows + 1):
        row = start[0] + i
        index = bisect_left(points, (row, -1))
        near = min(abs(points[min(index, len(points) - 1)][0] - row), abs(points[max(index - 1, 0)][0] - row))
        # Far from a sure point the path may stray further; where one row stands for many columns, along all of them.
        width = _CORRIDOR + min(near, 160) // 8 + math.ceil(slope)
        middle = _middle(points, row) - start[1]
        corridor.append((max(0, min(columns, int(middle) - width)), max(0, min(columns, int(middle) + width))))
    corridor[0] = 0, corridor[0][1]
    corridor[-1] = corridor[-1][0], columns
    for i in range(1, rows + 1):  # every row must be reached from the one before
        low, high = corridor[i]
        corridor[i] = min(low, corridor[i - 1][1]), max(high, corridor[i - 1][0])
    return corridor


def _chain(model: _Model) -> list[tuple[int, int]]:
    """Pairs of units that share anchors no other unit has, in the longest chain that runs forward on both sides."""
    only_en = _unique(model.en.anchors)
    only_zh = _unique(model.zh.anchors)
    votes = Counter((only_en[anchor], only_zh[anchor]) for anchor in only_en.keys() & only_zh.keys())
    sure = sorted(pair for pair, count in votes.items() if count >= 2)
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(sure):
        place = bisect_left(tails, j)
        tails[place : place + 1] = [j]
        last[place : place + 1] = [index]
        before.append(last[place - 1] if place else -1)
    chain = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(sure[index])
        index = before[index]
    strict: list[tuple[int, int]] = []
    for pair in reversed(chain):
        if not strict or (pair[0] > strict[-1][0] and pair[1] > strict[-1][1]):
            strict.append(pair)
    return strict


def _unique(anchors: Sequence[frozenset[str]]) -> dict[str, int]:
    """Return the anchors that stand in one unit only, with its number."""
    counts = Counter(anchor for unit_anchors in anchors for anchor in unit_anchors)
    return {anchor: unit for unit, unit_anchors in enumerate(anchors) for anchor in unit_anchors if counts[anchor] == 1}
