"""Completion of typed text with the document's own words."""

from __future__ import annotations

import heapq
import re
import threading
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, Protocol

from askdoc.browsing.vocabulary import LONGEST, Vocabulary, chinese_words, names, words
from askdoc.model import Language
from askdoc.text.han import HAN
from askdoc.text.normalize import fold


class TextSource(Protocol):
    """The source of the words: :class:`askdoc.index.Index`."""

    def texts(self, most: int) -> list[tuple[Language, str]]:
        """Return the first texts: :meth:`askdoc.index.Index.texts`."""


PASSAGES: Final = 2_000
"""How many passages are read for words, at most."""

WORDS: Final = 20_000
"""How many words are kept, at most: the most frequent."""

_WORD_START: Final = re.compile(r"(?<![\w.'’-])\w")
_HAN_LONGEST: Final = 6


class Completer:
    """Completes what is typed with words of an index. May be shared by threads.

    Making one costs nothing. :meth:`build`, which the first :meth:`complete` calls by itself, reads the first
    2,000 passages: call it in a thread.
    """

    def __init__(self, index: TextSource) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._words: tuple[list[str], list[tuple[str, int]]] | None = None

    def build(self) -> None:
        """Read the words once. Raises the subclasses of :class:`askdoc.errors.IndexError_`."""
        with self._lock:
            if self._words is not None:
                return
            vocabulary, pairs = Vocabulary(), Vocabulary()
            for _, text in self._index.texts(PASSAGES):
                vocabulary.add(words(text))
                vocabulary.add(name for name in names(text) if len(name) < 4 or " " in name)
                single, adjacent = chinese_words(text)
                vocabulary.add(single)
                pairs.add(adjacent)
            table = {key: (surface, count) for key, surface, count in pairs.most_common(WORDS) if count > 1}
            table.update({key: (surface, count) for key, surface, count in vocabulary.most_common(WORDS)})
            entries = sorted(heapq.nsmallest(WORDS, table.items(), key=lambda item: (-item[1][1], item[0])))
            self._words = [key for key, _ in entries], [entry for _, entry in entries]

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Return at most ``limit`` words that begin as the text before the cursor ends, most frequent first.

        They complete a word, a name of several words, or the longest run of Chinese characters that begins a word.
        Empty without a match.
        """
        if self._words is None:
            self.build()
        keys, surfaces = self._words or ([], [])
        for typed in _endings(prefix):
            key = " ".join(fold(typed).split()) + (" " if typed[-1].isspace() else "")
            if not key.strip():
                continue
            start = bisect_left(keys, key)
            end = bisect_left(keys, key + "\U0010ffff")
            if start < end:
                rows = [row for row in range(start, end) if surfaces[row][0] != typed]
                shown = heapq.nsmallest(max(limit, 0), rows, key=lambda row: (-surfaces[row][1], keys[row]))
                return tuple(surfaces[row][0] for row in shown)
        return ()


def _endings(prefix: str) -> Iterator[str]:
    """Yield the ends of a text that may begin a word, longest first.

    They start at the text's last four words, or at its last Chinese characters.
    """
    begin = max(0, len(prefix) - LONGEST)
    han = [position for position in range(begin, len(prefix)) if HAN.match(prefix[position])]
    word_starts = {match.start() for match in _WORD_START.finditer(prefix, begin) if not HAN.match(match.group())}
    word_starts.update(
        position + 1
        for position in han
        if prefix[position + 1 : position + 2].isalnum() and not HAN.match(prefix[position + 1])
    )
    starts = sorted(word_starts)[-4:]
    if han and han[-1] == len(prefix) - 1:
        starts += han[-_HAN_LONGEST:]
    for position in sorted(starts):
        yield prefix[position:]
