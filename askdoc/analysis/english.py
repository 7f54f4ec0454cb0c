"""Tokens of words in Latin letters, digits and every script but Chinese, stemmed by Snowball (Porter 2001).

The text is normalized already (:func:`askdoc.text.normalize.normalize`). Spelling variants become the same term:
possessives lose their ending, "12-hour" has the parts "12" and "hour" and the joined form "12hour", "node.js" is
found by "nodejs", "1,234" is "1234"; versions such as "4.6" stay whole.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, cast

from askdoc.analysis.tokens import MAX_TERM, Token
from askdoc.text.han import HAN, HAN_RUN

REVISION: Final = "english-1"
"""Part of the index's fingerprint: increment it when this module's output changes."""


def _word_pattern(letter: str) -> re.Pattern[str]:
    return re.compile(
        rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!{letter})"  # 1,234.5
        rf"|{letter}+(?:[-‐‑_./&@'’]{letter}+)*(?:\+\+|\#)?"
    )


WORD: Final = _word_pattern(f"[^\\W_{HAN.pattern[1:-1]}]")
_WORD_WITHOUT_HAN: Final = _word_pattern(r"[^\W_]")
"""The same pattern for a text without Chinese characters, which compiles in a twentieth of the time."""

_PIECES: Final = re.compile(r"[-‐‑_/&@]")
_ENDING: Final = re.compile("['’](?:s|re|ve|ll|d|m)$")

STOP_WORDS: Final = frozenset(
    """
    a an the and or but nor if then else so than as at by for from in into of off on onto out over to up upon via
    with within without about above after again against along among around before behind below beneath beside
    besides between beyond down during except inside near outside per since through throughout toward towards under
    until unto because while although though however therefore thus hence instead rather quite whether unless i me
    my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one ones oneself this that these those here there such
    same be am is are was were been being do does did doing done have has had having can could may might must shall
    should will would ought cannot not no yes who whom whose which what when where why how whatever whichever
    whoever all any both each every either neither some few more most much many other another own only very too also
    just even ever still yet already get got let tell explain describe please kindly know say says said mean means
    meaning give show find
    """.split()
)
"""Words that carry no content: function words, question words and the politeness around a question."""

_POLITE: Final = frozenset(
    """
    tell explain describe please kindly know say says said mean means meaning give show find
    """.split()
)
"""Stop words in a question ("please tell me") that are content in a document ("the map shows")."""


@lru_cache(maxsize=1)
def _snowball() -> tuple[Any, threading.Lock]:  # PyStemmer ships no types
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    stemmer.maxCacheSize = 0  # the cache of stem() is faster; the stemmer's is not thread-safe
    return stemmer, threading.Lock()


def version() -> str:
    """Return what the terms depend on: this module's revision and the stemmer's major version."""
    import Stemmer

    return f"{REVISION} PyStemmer-{Stemmer.version().split('.')[0]}"


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the Snowball stem of a folded word; words with digits or in other scripts are not stemmed."""
    if len(word) > MAX_TERM or not (word.isascii() and word.isalpha()):
        return word[:MAX_TERM]
    stemmer, lock = _snowball()
    with lock:
        return cast(str, stemmer.stemWord(word))


def words(text: str, base: int = 0, *, asking: bool = False) -> Iterator[Token]:
    """Return the tokens of a normalized text apart from its Chinese characters, with offsets from ``base``.

    ``asking`` makes politeness ("please tell me …") stop words too; in a document it is content.
    """
    for match in (WORD if HAN_RUN.search(text) else _WORD_WITHOUT_HAN).finditer(text):
        yield from _word(match.group(), base + match.start(), base + match.end(), asking)


def _word(raw: str, start: int, end: int, asking: bool) -> Iterator[Token]:
    if raw.isalpha():  # most words need nothing of what follows
        yield Token(stem(raw), start, end, "stop" if is_stop(raw, asking) else "word")
        return
    if raw[0].isdigit() and "," in raw:
        yield Token(raw.replace(",", "")[:MAX_TERM], start, end, "word")
        return
    if raw.endswith(("n't", "n’t")):
        yield Token(raw[:MAX_TERM], start, end, "stop")
        return
    ending = _ENDING.search(raw) if len(raw) < MAX_TERM else None
    if ending:
        raw = raw[: ending.start()]
        end = start + len(raw)
    pieces = _pieces(raw, start)
    if len(pieces) == 1 and "." not in raw and "'" not in raw and "’" not in raw:
        yield Token(stem(raw), start, end, "stop" if is_stop(raw, asking) else "word")
        return
    if len(pieces) == 1 and any(char.isdigit() for char in raw):
        yield Token(raw[:MAX_TERM], start, end, "word")  # a version: "4.6", "v2.0"
        return
    joined = re.sub(r"[^\w+#]|_", "", raw)
    yield Token(stem(joined), start, end, "word")
    if all(len(piece) == 1 for piece, _ in pieces):
        return  # an acronym: "u.s", "at&t" keeps its parts, "a.m" does not
    for piece, position in pieces:
        if not is_stop(piece, asking) and piece != joined:
            yield Token(stem(piece), position, position + len(piece), "part")


def _pieces(raw: str, start: int) -> list[tuple[str, int]]:
    """Split a compound at hyphens and the like, and at points and apostrophes between letters; return pieces and offsets."""
    pieces: list[tuple[str, int]] = []
    for part in _PIECES.split(raw):
        position = start
        for piece in [part] if any(char.isdigit() for char in part) else re.split("[.'’]", part):
            if piece:
                pieces.append((piece, position))
            position += len(piece) + 1
        start += len(part) + 1
    return pieces


def is_stop(word: str, asking: bool) -> bool:
    """Tell whether a word is a stop word; politeness is one only while ``asking``."""
    return word in STOP_WORDS and (asking or word not in _POLITE)
