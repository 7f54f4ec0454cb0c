"""Where sentences end, in English and in Chinese, mixed or apart. One pass over the marks; linear in the text."""

from __future__ import annotations

import re
from typing import Final

from askdoc.model import Language
from askdoc.text.han import HAN_RUN, language_of
from askdoc.text.spans import trimmed

_LINE_ENDS: Final = "\r\n\u0085\u2028\u2029"
_ENDS: Final = "。！？；｡．"
"""Marks that end a sentence whatever follows (but for a point between digits and a semicolon in brackets)."""

_TOKENS: Final = re.compile(rf"(?:[.!?…{_ENDS}]|;)+|\r\n|[{_LINE_ENDS}]|[(（\[【)）\]】\"]")
# What closes after an end mark and belongs to its sentence. A straight quote before a word may open the next one: it
# closes only where one stands open.
_CLOSERS: Final = r"”’»」』）)\]】》〉"
_CLOSE: Final = re.compile(rf"(?:[{_CLOSERS}]|[\"'](?!\w))*")
_CLOSE_QUOTED: Final = re.compile(rf"(?:[{_CLOSERS}\"]|'(?!\w))*")
_NOTE: Final = re.compile(r"(?:\[[^\[\]\r\n]{1,30}\](?!\())+")
"""Notes right after the mark: ``[1]``, ``[citation needed]``; no Markdown links."""
_ITEM: Final = re.compile(
    r"[ \t\u3000]{0,8}(?:[-*+•‣·>][ \t\u3000]|\||#{1,6}[ \t]|\d{1,3}(?:[.)][ \t]|[、．])|\(\d{1,3}\)|\(?[a-zA-Z]\)[ \t]"
    r"|[a-z]\.[ \t]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)"
)
_ROW: Final = re.compile(rf"[^|{_LINE_ENDS}]{{0,300}}[ \t]\|(?:[ \t]|$)")
"""A row of a table, with bars between its cells."""
_BLANK: Final = re.compile(rf"[ \t\u3000]*(?:\r\n|[{_LINE_ENDS}])")

_TITLES: Final = frozenset("Mr Mrs Ms Messrs Dr Prof Gen Gov Sen Rep Lt Col Capt Sgt Maj Cmdr Rev Hon Fr Mt Ft".split())
"""A name follows: the point after them ends no sentence."""
_DATES: Final = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur fri".split())
_COUNTED: Final = frozenset("no nos fig figs vol vols p pp ch sec art eq eqs ref refs".split())
"""Abbreviations before a number, words elsewhere: "No. 5", but "She said no. Then …"."""
_ABBREVIATIONS: Final = frozenset(
    """
    vs etc eg ie cf viz ca al approx inc ltd co corp dept univ est ed eds trans op cit jr sr st ave blvd rd min max avg
    v c b d r esp incl
    """.split()
)
_STARTERS: Final = frozenset(
    """
    the a an in it he she they we i you this that these those there at on for from by with as if when while after before
    since however but and or nor so although though because during under our his her its their my one some many most all
    both each no not what who where why how then thus such
    """.split()
)
"""Words that, with a capital, show that a sentence begins after a point that may be an abbreviation's."""

_WORD: Final = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_WORD_BEFORE: Final = 24
"""How far back the word before a point is looked for."""
_AFTER: Final = 40
"""How far ahead the word after it is."""
_BRACKET: Final = 240
"""A bracket that has been open for longer was never closed."""
_OPENERS: Final = "\"'“‘([«（「『"


def sentences(text: str, language: Language | None = None) -> list[tuple[int, int]]:
    """Return the spans ``(start, end)`` of a text's sentences, in code points and in order.

    They are disjoint, have no blanks at their ends, and cover all else. ``language`` is the text's where it is known;
    it decides whether ``;`` ends a sentence (in Chinese it does). Line ends part list items, table rows and paragraphs,
    not the lines of hard-wrapped prose. Time is linear in the text, whatever it holds.
    """
    chinese = (language or language_of(text)) == "zh"
    spans: list[tuple[int, int]] = []
    start = depth = opened = 0
    quoted = False
    for mark in _TOKENS.finditer(text):
        mark_start, end = mark.span()
        first = text[mark_start]
        if mark_start < start:
            continue
        if first == '"':
            quoted = not quoted
        elif first in "(（[【":
            opened = mark_start if not depth else opened
            depth += 1
        elif first in ")）]】":
            depth = max(0, depth - 1)
        elif first in _LINE_ENDS:
            if _parts_lines(text, end):
                _add(spans, text, start, end)
                start, depth, quoted = end, 0, quoted and not _BLANK.match(text, end)
        elif not (first in ";；" and depth and mark_start - opened <= _BRACKET):
            closed = (_CLOSE_QUOTED if quoted else _CLOSE).match(text, end)
            after = closed.end() if closed else end
            note = _NOTE.match(text, after)
            after = note.end() if note else after
            if _ends(text, start, mark_start, end, after, chinese):
                quoted ^= text.count('"', end, after) % 2 == 1
                _add(spans, text, start, after)
                start, depth = after, 0
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    start, end = trimmed(text, start, end)
    if start == end:
        return
    if spans and end - start <= 64 and not any(char.isalnum() for char in text[start:end]):
        spans[-1] = spans[-1][0], end  # marks alone belong to the sentence before
    else:
        spans.append((start, end))


def _ends(text: str, start: int, mark_start: int, end: int, after: int, chinese: bool) -> bool:
    """Whether the marks ``text[mark_start:end]``, with what closes up to ``after``, end the sentence begun at ``start``."""
    first, following, before = (
        text[mark_start],
        text[after : after + 1],
        text[mark_start - 1 : mark_start] if mark_start > start else "",
    )
    if first == "．" and end - mark_start == 1 and before.isdigit() and following and not following.isspace():
        return False  # a full-width decimal or the number of an item
    if first in _ENDS or any(char in "。！？" for char in text[mark_start:end]):
        return True
    han_before, han_after = bool(HAN_RUN.match(before)), bool(HAN_RUN.match(following))  # one pattern the less to make
    if first == ";":
        return chinese and (han_before or han_after or not following or following.isspace())
    if chinese and (han_before or han_after or (following and following in "“‘「『《（")):
        return first != "." or han_before or end - mark_start > 1
    if following and not following.isspace():
        return False
    return _ends_english(text, start, mark_start, end, after)


def _ends_english(text: str, start: int, mark_start: int, end: int, after: int) -> bool:
    """Whether a mark before a blank or the end of the text ends a sentence."""
    ahead = text[after : after + _AFTER].lstrip()
    following = ahead.lstrip(_OPENERS)[:1]
    if following in (".", "…"):
        return False  # an ellipsis written with blanks
    if following.islower() and not (text[mark_start] in "!?" and ahead[:1] in _OPENERS):
        return False
    if text[mark_start] != "." or end - mark_start > 1 or not ahead:
        return True
    word = _WORD.search(text[max(start, mark_start - _WORD_BEFORE) : mark_start])
    if word is None:
        return True
    begin = mark_start - len(word.group())
    first = begin - start <= _AFTER and not text[start:begin].strip()
    before = "" if first else text[begin - 1]
    return _ends_after(word.group(), before, ahead, following)


def _ends_after(word: str, before: str, ahead: str, following: str) -> bool:
    """Whether a point between ``word`` and ``ahead`` ends a sentence.

    ``before`` is the character before the word, empty where the word begins the sentence.
    """
    next_word = re.split(r"\W", ahead.lstrip(_OPENERS), maxsplit=1)[0]
    starts = next_word.lower() in _STARTERS and f"{next_word}." not in ahead  # no initial: "J. A. Smith"
    if not before and len(word) <= 3 and (word.isdigit() or len(word) == 1):
        return False  # "1. First do this"
    if "." in word and all(len(part) <= 2 for part in word.split(".")) and not word.replace(".", "").isdigit():
        return starts  # "U.S.", "p.m."
    if len(word) == 1 and word.isupper():
        return starts or word == "I" or not (before.isspace() or before in "-.\"'“‘([«（")  # "J. K. Rowling"; "19.2°E."
    lower = word.lower()
    if lower in _COUNTED:
        return not following.isdigit()
    if word in _TITLES:
        return False
    if lower in _DATES and word[0].isupper():
        return not following.isdigit()
    return starts or lower not in _ABBREVIATIONS


def _parts_lines(text: str, end: int) -> bool:
    """Tell whether a line end ends a sentence: before an item, a row or an empty line, not inside a wrapped paragraph."""
    return bool(_ITEM.match(text, end) or _BLANK.match(text, end) or _ROW.match(text, end))
