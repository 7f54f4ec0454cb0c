"""jieba's segmentation of a run of Chinese characters, word for word and at more than twice its speed.

The most probable way through a dictionary of word frequencies, and single characters in a row that are no word together
cut by a hidden Markov model with the states begin, middle, end and single (https://github.com/fxsj/jieba describes both;
the same sums in the same order, so that ties fall as they fall there). jieba makes a dictionary of lists of a run's words,
a dictionary of routes and a list of a row's states a character; here they are a few flat lists. Tests hold it to jieba.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import log
from typing import Final

_NEVER: Final = -3.14e100
"""The logarithm of the probability of what does not occur, as jieba has it."""

_REMEMBERED: Final = 16384
"""Rows of single characters whose cuts are kept: names come again."""


class _Logarithms(dict[int, float]):
    """The logarithm of each frequency's share of all, made when first asked for: there are few different ones."""

    def __init__(self, total: int) -> None:
        self._total = log(total)

    def __missing__(self, count: int) -> float:
        value = self[count] = log(count) - self._total
        return value


class _Emissions(dict[str, tuple[float, float, float, float]]):
    """How likely each state shows a character: begin, middle, end, single."""

    def __init__(self, emit: Mapping[str, Mapping[str, float]]) -> None:
        self._emit = emit

    def __missing__(self, character: str) -> tuple[float, float, float, float]:
        begin, middle, end, single = (self._emit[state].get(character, _NEVER) for state in "BMES")
        self[character] = begin, middle, end, single
        return self[character]


class Model:
    """The hidden Markov model of words that no dictionary has."""

    def __init__(
        self,
        start: Mapping[str, float],
        trans: Mapping[str, Mapping[str, float]],
        emit: Mapping[str, Mapping[str, float]],
    ) -> None:
        """Logarithms of probabilities: of the first state, from state to state, and of a character in a state."""
        self._start = tuple(start[state] for state in "BMES")
        # From which states each can be reached; the letters order them as ties do.
        self._trans = tuple(trans[pair[0]][pair[1]] for pair in ("EB", "SB", "BM", "MM", "BE", "ME", "ES", "SS"))
        self._emissions = _Emissions(emit)
        self.cut = lru_cache(_REMEMBERED)(self._cut)

    def _cut(self, row: str) -> tuple[str, ...]:
        """The words of a row of characters by the most probable states (Viterbi's algorithm)."""
        end_begin, single_begin, begin_middle, middle_middle, begin_end, middle_end, end_single, single_single = (
            self._trans
        )
        emissions = self._emissions
        begin, middle, end, single = map(float.__add__, self._start, emissions[row[0]])
        size = len(row)
        # For each place and state: whether it was reached from the second of the two states that it can be reached from.
        begins, middles, ends, singles = ([False] * size for _ in range(4))
        for at in range(1, size):
            b, m, e, s = emissions[row[at]]
            begin_1, begin_2 = end + end_begin + b, single + single_begin + b
            middle_1, middle_2 = begin + begin_middle + m, middle + middle_middle + m
            end_1, end_2 = begin + begin_end + e, middle + middle_end + e
            single_1, single_2 = end + end_single + s, single + single_single + s
            begin, begins[at] = (begin_2, True) if begin_2 >= begin_1 else (begin_1, False)
            middle, middles[at] = (middle_2, True) if middle_2 >= middle_1 else (middle_1, False)
            end, ends[at] = (end_2, True) if end_2 >= end_1 else (end_1, False)
            single, singles[at] = (single_2, True) if single_2 >= single_1 else (single_1, False)
        state = "S" if single >= end else "E"
        found: list[str] = []
        stop = size
        for at in range(size - 1, -1, -1):
            if state in "SB":
                found.append(row[at:stop])
                stop = at
                state = "S" if (singles if state == "S" else begins)[at] else "E"
            else:
                state = "M" if (ends if state == "E" else middles)[at] else "B"
        if stop:
            found.append(row[:stop])
        found.reverse()
        return tuple(found)


class Cutter:
    """Cuts runs of characters by a dictionary that may grow between two runs."""

    def __init__(self, frequencies: Mapping[str, int], total: int, model: Model) -> None:
        """``frequencies``: of each word, and 0 for each beginning of a word; ``total``: their sum in the whole language."""
        self._frequencies = frequencies
        self._logarithms = _Logarithms(total)
        self._unknown = 0.0 - log(total)
        self._model = model

    def cut(self, run: str) -> list[str]:
        """The words of a run of Chinese characters, all of whose characters' words are in the dictionary."""
        size = len(run)
        get, logarithms, unknown = self._frequencies.get, self._logarithms, self._unknown
        scores = [0.0] * (size + 1)
        stops = [0] * size
        for at in range(size - 1, -1, -1):
            stop = at + 1
            count = get(run[at])
            best = (logarithms[count] if count else unknown) + scores[stop]
            certain = bool(count)
            if count is not None:
                longer = stop
                while longer < size:
                    longer += 1
                    count = get(run[at:longer])
                    if count is None:
                        break
                    if count:
                        score = logarithms[count] + scores[longer]
                        if score >= best or not certain:
                            best, stop, certain = score, longer, True
            scores[at] = best
            stops[at] = stop
        found: list[str] = []
        at = row = 0
        while at < size:
            stop = stops[at]
            if stop > at + 1:
                if row < at:
                    self._row(run[row:at], found)
                found.append(run[at:stop])
                row = stop
            at = stop
        if row < size:
            self._row(run[row:], found)
        return found

    def _row(self, row: str, found: list[str]) -> None:
        """Add the words of single characters in a row."""
        if len(row) == 1:
            found.append(row)
        elif self._frequencies.get(row):
            found.extend(row)
        else:
            found.extend(self._model.cut(row))
