"""The document's own words for what is being typed."""

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
    """Where words come from: :class:`askdoc.index.Index`."""

    def texts(self, most: int) -> list[tuple[Language, str]]:
        """See :meth:`askdoc.index.Index.texts`."""


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
        """Read the words, if that was not done. Raises the kinds of :class:`askdoc.errors.IndexError_`."""
        with self._lock:
            if self._words is not None:
                return
            found, pairs = Vocabulary(), Vocabulary()
            for _, text in self._index.texts(PASSAGES):
                found.add(words(text))
                found.add(name for name in names(text) if len(name) < 4 or " " in name)
                alone, together = chinese_words(text)
                found.add(alone)
                pairs.add(together)
            table = {key: (surface, count) for key, surface, count in pairs.most_common(WORDS) if count > 1}
            table.update({key: (surface, count) for key, surface, count in found.most_common(WORDS)})
            kept = sorted(heapq.nsmallest(WORDS, table.items(), key=lambda each: (-each[1][1], each[0])))
            self._words = [key for key, _ in kept], [entry for _, entry in kept]

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Words of the document that begin as the text before the cursor ends, most frequent first, at most ``limit``.

        They go on from a word, a name of several words, or the longest run of Chinese characters that a word begins
        with. Empty where nothing begins so.
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
                found = [at for at in range(start, end) if surfaces[at][0] != typed]
                best = heapq.nsmallest(max(limit, 0), found, key=lambda at: (-surfaces[at][1], keys[at]))
                return tuple(surfaces[at][0] for at in best)
        return ()


def _endings(prefix: str) -> Iterator[str]:
    """The ends of a text that a word may go on from, longest first: from the starts of its last four words, or from one
    of the last Chinese characters."""
    begin = max(0, len(prefix) - LONGEST)
    han = [at for at in range(begin, len(prefix)) if HAN.match(prefix[at])]
    found = {match.start() for match in _WORD_START.finditer(prefix, begin) if not HAN.match(match.group())}
    found.update(at + 1 for at in han if prefix[at + 1 : at + 2].isalnum() and not HAN.match(prefix[at + 1]))
    starts = sorted(found)[-4:]
    if han and han[-1] == len(prefix) - 1:
        starts += han[-_HAN_LONGEST:]
    for at in sorted(starts):
        yield prefix[at:]
