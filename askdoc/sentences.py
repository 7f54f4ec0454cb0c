"""Where sentences end, in English and in Chinese, mixed or apart. One pass over the marks; linear in the text."""

from __future__ import annotations

import re
from typing import Final

from askdoc.model import Language
from askdoc.text import HAN, language_of

_CLOSERS: Final = "\"'”’»」』）)]】》〉"
# A run of end marks with what closes after it. Line ends count where they part items or rows, see _parts_lines.
_MARKS: Final = re.compile(rf"[.!?…。！？；;．｡]+[{re.escape(_CLOSERS)}]*|\r\n|[\r\n\u0085\u2028\u2029]")
_ITEM: Final = re.compile(
    r"[ \t]{0,8}(?:[-*+•·‣|>#]|\(?\d{1,3}[.)、．](?!\d)|\(?[a-zA-Z][.)]"
    r"|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、)"
)
_BLANK: Final = re.compile(r"[ \t]*(?:\r\n|[\r\n\u0085\u2028\u2029])")

_ABBREVIATIONS: Final = frozenset(
    """
    mr mrs ms dr prof sr jr st vs etc eg ie cf no nos fig figs vol vols pp p inc ltd co corp gen gov sen rep lt col capt
    sgt rev hon approx dept est al ed eds trans ch sec art ave blvd rd mt ft jan feb mar apr jun jul aug sep sept oct
    nov dec mon tue wed thu fri sat sun min max avg ca viz op cit v c b d r
    """.split()
)
_STARTERS: Final = frozenset(
    """
    the a an in it he she they we i you this that these those there at on for from by with as if when while after before
    since however but and or so although though because during under our his her its their my one some many most all
    both each no not what who where why how then thus
    """.split()
)
_WORD_BEFORE: Final = 24
"""How far back the word before a point is looked for."""


def sentences(text: str, language: Language | None = None) -> list[tuple[int, int]]:
    """The spans of a text's sentences, in order: disjoint, without blanks at their ends, all else covered.

    ``language`` is the text's where it is known; it decides whether ``;`` ends a sentence (in Chinese it does).
    """
    chinese = (language or language_of(text)) == "zh"
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _MARKS.finditer(text):
        if mark.start() < start:
            continue
        if _ends(text, mark, chinese):
            _add(spans, text, start, mark.end())
            start = mark.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if spans and not any(char.isalnum() for char in text[start : min(end, start + 64)]) and end - start <= 64:
        spans[-1] = spans[-1][0], end  # marks alone belong to the sentence before
    else:
        spans.append((start, end))


def _ends(text: str, mark: re.Match[str], chinese: bool) -> bool:
    first = text[mark.start()]
    if first in "\r\n\u0085\u2028\u2029":
        return _parts_lines(text, mark.end())
    if first in "。！？；｡．" or any(char in "。！？" for char in mark.group()):
        return True
    following = text[mark.end() : mark.end() + 1]
    han = bool(HAN.match(following)) or bool(HAN.match(text[mark.start() - 1 : mark.start()]))
    if first == ";":
        return chinese and (han or not following or following.isspace())
    if chinese and (han or following in "“‘「『《（"):
        return first != "." or bool(HAN.match(text[mark.start() - 1 : mark.start()])) or mark.end() - mark.start() > 1
    if following and not following.isspace():
        return False
    return _ends_english(text, mark)


def _ends_english(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark before a blank or the end of the text ends a sentence."""
    after = text[mark.end() : mark.end() + 40].lstrip()
    following = after.lstrip("\"'“‘([«")[:1]
    marks = mark.group()
    if following and following.islower() and not (marks[0] in "!?" and after[:1] in "\"'“‘(["):
        return False
    if marks[0] != "." or marks.startswith(".."):
        return True
    before = re.search(r"[^\W_]+(?:\.[^\W_]+)*$", text[max(0, mark.start() - _WORD_BEFORE) : mark.start()])
    word = before.group() if before else ""
    if not word or not after:
        return True
    if "." in word and all(len(part) <= 2 for part in word.split(".")) and not word.replace(".", "").isdigit():
        return re.split(r"\W", after.lstrip("\"'“‘([«"), maxsplit=1)[0].lower() in _STARTERS  # "U.S.", "p.m."
    if len(word) == 1 and word.isalpha() and word.isupper():
        return word == "I"  # an initial: "J. K. Rowling"
    if word.lower() in ("no", "nos", "fig", "vol", "p", "pp", "ch", "sec", "art"):
        return not following.isdigit()
    return word.lower() not in _ABBREVIATIONS or (word.lower() in ("etc", "al", "inc", "co", "corp") and _starts(after))


def _starts(after: str) -> bool:
    return re.split(r"\W", after, maxsplit=1)[0].lower() in _STARTERS


def _parts_lines(text: str, end: int) -> bool:
    """A line end ends a sentence before an item, a row or an empty line; inside a wrapped paragraph it does not."""
    return bool(_ITEM.match(text, end) or _BLANK.match(text, end))
