"""Words in Latin letters, digits and every script but Chinese: split, folded, stemmed by Snowball (Porter 2001).

The text comes in normalised (:func:`askdoc.text.normalize.normalize`). What people write in several ways becomes one term:
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
"""Part of the index's fingerprint: a change of what this module gives is a new revision."""


def _word_pattern(letter: str) -> re.Pattern[str]:
    return re.compile(
        rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!{letter})"  # 1,234.5
        rf"|{letter}+(?:[-‐‑_./&@'’]{letter}+)*(?:\+\+|\#)?"
    )


WORD: Final = _word_pattern(f"[^\\W_{HAN.pattern[1:-1]}]")
_WORD_WITHOUT_HAN: Final = _word_pattern(r"[^\W_]")
"""Finds the same in a text without Chinese characters, and takes a twentieth of the time to compile."""

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
"""These are content in a document ("the map shows"), and politeness in a question ("please tell me")."""


@lru_cache(maxsize=1)
def _snowball() -> tuple[Any, threading.Lock]:  # PyStemmer ships no types
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    stemmer.maxCacheSize = 0  # the cache below is faster, and this one is not safe to share between threads
    return stemmer, threading.Lock()


def version() -> str:
    """What the terms depend on: this module's revision and the stemmer's major version."""
    import Stemmer

    return f"{REVISION} PyStemmer-{Stemmer.version().split('.')[0]}"


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball stem of a folded word; words with digits or other scripts come back as they are."""
    if not (word.isascii() and word.isalpha()):
        return word[:MAX_TERM]
    if len(word) > MAX_TERM:
        return word[:MAX_TERM]
    stemmer, lock = _snowball()
    with lock:
        return cast(str, stemmer.stemWord(word))


def words(text: str, base: int = 0, *, asking: bool = False) -> Iterator[Token]:
    """The tokens of a normalised text without Chinese characters, offsets counted from ``base``.

    ``asking`` drops politeness as well ("please tell me …"), which is content in a document.
    """
    for match in (WORD if HAN_RUN.search(text) else _WORD_WITHOUT_HAN).finditer(text):
        yield from _word(match.group(), base + match.start(), base + match.end(), asking)


def _word(raw: str, start: int, end: int, asking: bool) -> Iterator[Token]:
    if raw.isalpha():  # most words: none of what follows is for them
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
    for piece, at in pieces:
        if not is_stop(piece, asking) and piece != joined:
            yield Token(stem(piece), at, at + len(piece), "part")


def _pieces(raw: str, start: int) -> list[tuple[str, int]]:
    """The parts of a compound with their places: at hyphens and the like, at points and apostrophes between letters."""
    found: list[tuple[str, int]] = []
    at = 0
    for part in _PIECES.split(raw):
        if any(char.isdigit() for char in part):
            found.append((part, start + at))
        else:
            inner = at
            for piece in re.split("[.'’]", part):
                if piece:
                    found.append((piece, start + inner))
                inner += len(piece) + 1
        at += len(part) + 1
    return [(piece, place) for piece, place in found if piece]


def is_stop(word: str, asking: bool) -> bool:
    """True for a word without content; the politeness of questions counts only while ``asking``."""
    return word in STOP_WORDS and (asking or word not in _POLITE)
