"""Translations that no dictionary has, learned from the documents' own pairs.

A word of one language and a term of the other that stand in the same paired passages, and hardly in others, mean each
other (Dice's coefficient over aligned passages: Smadja, McKeown and Hatzivassiloglou 1996). Looked up when a question
needs it: only for words that the dictionary does not know, and only where the index has text of the other language alone,
since a paired passage is found by its own words. Nothing is stored; what was learned is kept until the index changes.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Final

from askdoc.analysis import tokens
from askdoc.answering.query import Word
from askdoc.answering.reader import Reader
from askdoc.model import Language, other

_SAMPLED: Final = 16
"""Passages of a word that are looked at."""

_TOGETHER: Final = 2
"""The least passages in which two words must stand together."""

_DICE: Final = 0.7
"""From this coefficient on they mean each other."""

_NEAR_BEST: Final = 0.8
"""What the best of a word's translations has, the others must nearly have."""

_MOST: Final = 4
"""The most translations of a word."""

_KEPT: Final = 4096

Options = dict[tuple[str, ...], float]


class Learned:
    """What the pairs of one open index teach. May be shared by threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._generation = ""
        self._needed: dict[Language, bool] = {}
        self._kept: dict[tuple[Language, str], Options] = {}

    def translations(self, word: Word, language: Language) -> Options:
        """The terms of the other language's field that a word of ``language`` stands for, with their coefficients."""
        generation = self._reader.generation
        with self._lock:
            if generation != self._generation or len(self._kept) > _KEPT:
                self._generation, self._needed, self._kept = generation, {}, {}
            known = self._kept.get((language, word.term))
            needed = self._needed.get(language)
        if known is not None:
            return known
        if needed is None:
            needed = self._alone(language)
        found = self._learn(word, language) if needed else {}
        with self._lock:
            self._needed[language] = needed
            self._kept[language, word.term] = found
        return found

    def _alone(self, language: Language) -> bool:
        """Whether there are both pairs to learn from, and passages in the other language alone to find."""
        own, others = self._reader.lengths(language), self._reader.lengths(other(language))
        return bool(((own == 0) & (others > 0)).any() and ((own > 0) & (others > 0)).any())

    def _learn(self, word: Word, language: Language) -> Options:
        own, others = self._reader.lengths(language), self._reader.lengths(other(language))
        if word.form[0].isdigit() or word.weight == "light":
            return {}
        holding = [number for number in self._holding(word, language) if own[number] > 0 and others[number] > 0]
        if len(holding) < _TOGETHER:
            return {}
        step = max(len(holding) / _SAMPLED, 1.0)
        sampled = [holding[int(at * step)] for at in range(min(len(holding), _SAMPLED))]
        together: Counter[str] = Counter()
        for stored in self._reader.passages(sampled):
            if stored.passage.alignment in ("paired", "merged"):
                together.update(self._terms(stored.passage.versions[other(language)].text, other(language)))
        likely = [term for term, count in together.items() if count >= _TOGETHER and 2 * count > len(sampled)]
        postings = self._reader.postings(other(language), likely)
        found: dict[str, float] = {}
        for term in likely:
            if term in postings:
                paired = sum(1 for number in postings[term].passages.tolist() if own[number] > 0)
                count = together[term] * len(holding) / len(sampled)
                found[term] = min(2 * count / (len(holding) + max(paired, count)), 1.0)
        least = max(_DICE, _NEAR_BEST * max(found.values(), default=0.0))
        best = sorted((term for term in found if found[term] >= least), key=lambda term: (-found[term], term))[:_MOST]
        return {(term,): found[term] for term in best}

    def _holding(self, word: Word, language: Language) -> list[int]:
        """The passages that hold a word in its language."""
        if word.han:
            found = self._reader.postings("gram", set(word.grams))
            if len(found) < len(set(word.grams)):
                return []
            lists = [set(each.passages.tolist()) for each in found.values()]
            return sorted(set.intersection(*lists))
        found = self._reader.postings(language, {word.term})
        return found[word.term].passages.tolist() if word.term in found else []

    def _terms(self, text: str, language: Language) -> Iterable[str]:
        """The terms of a version that could be meant: whole words, not single characters."""
        return {
            token.term
            for token in tokens(text)
            if token.kind == "word" and len(token.term) > 1 and (language == "zh") != token.term.isascii()
        }
