"""A line that holds both languages, taken apart into its versions.

Each word and each Chinese character may belong to either version at a price: a Chinese character in English is dear, a
name in Chinese is cheap, an English "the" or "of" in Chinese is dear. To pass from one language to the other costs little
after a sentence end and much between two words, nothing inside brackets or quotes allows it. The cheapest reading (Viterbi
1967, two states, linear in the text) finds the border also where the Chinese begins with Latin names ("… seven months.
AI 模型的…"). What is then taken for a pair must be as long on either side as translations are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Final

from msgspec import Struct

from askdoc.model import Language
from askdoc.text.han import HAN, HAN_RUN, LATIN_WORD, language_of

Piece = tuple[Language, int, int]
"""A language and the start and end of its text."""

_FUNCTION: Final = frozenset(
    """
    a an the of to in on at by for from with and or but is are was were be been it its this that these those as if not
    no you your we our they their he his she her i my me him them us has have had do does did will would can could
    should may might must about into over under than then so what when where who whom which why how there
    """.split()
)
# A token, or a place where the language may change: line ends, separators, sentence ends, blanks. Runs are matched
# possessively by their class, so that no input makes it look twice.
_TOKEN: Final = re.compile(
    rf"(?P<han>{HAN_RUN.pattern})"
    rf"|(?P<latin>{LATIN_WORD.pattern})"
    r"|(?P<blank>\s+)"
    r"|(?P<end>[.!?…。！？；｡．]+[\"'”’»」』）)\]】》〉]*)"
    r"|(?P<mark>[^\w\s])"
    r"|(?P<other>\w)"
)
_SEPARATOR: Final = frozenset("/|／｜‖")
_BRACKETS: Final = {
    "(": ")",
    "（": "）",
    "[": "]",
    "【": "】",
    "《": "》",
    "「": "」",
    "『": "』",
    "“": "”",
    "〈": "〉",
}
_BRACKETED: Final = re.compile(
    r"\s*(?P<first>[^（()）]*[^（()）\s])\s*[（(]\s*(?P<second>[^（()）]*[^（()）\s])\s*[)）]\s*"
)
_LONGEST_QUOTE: Final = 1500
"""A bracket that is closed later than this encloses nothing: somebody forgot to close it."""

_INSIDE: Final = 0.4
"""What stands in brackets or quotes says less about what surrounds it."""
_HAN_IN_ENGLISH: Final = 1.6
_WORD_IN_CHINESE: Final = 0.9
_NAME_IN_CHINESE: Final = 0.4
_FUNCTION_IN_CHINESE: Final = 2.5
_AT_LINE, _AT_SEPARATOR, _AT_SENTENCE, _AT_BLANK = 0.7, 0.5, 1.5, 4.0


class _Border(Struct):
    """A place where the language may change: the first version ends at ``end``, the next begins at ``start``."""

    end: int
    start: int
    cost: float


def split(text: str, names: Collection[str] | None = None) -> list[list[Piece]]:
    """Return the versions of a text: rows of one or two pieces, in order, that hold all of it but blanks and separators.

    A text of one language (names and terms of the other included) is one row of one piece. ``names`` are the Latin words
    that the document is known to use inside Chinese: given them, a heading as short as "Introduction 引言" is told
    from "Python 入门". A text without letters is taken for English.
    """
    whole: list[list[Piece]] = [[(language_of(text) or "en", 0, len(text))]]
    if not HAN.search(text) or not LATIN_WORD.search(text):
        return whole
    pieces = _read(text, names)
    if len(pieces) < 2:
        return [[(pieces[0][0], 0, len(text))]]
    rows = [pieces[first : first + 2] for first in range(0, len(pieces), 2)]  # the language that begins leads each row
    return rows if _plausible(text, rows) else whole


def bracketed(text: str) -> list[Piece] | None:
    """Return the two versions of a short text whose second one stands in brackets at its end; ``None`` for another."""
    match = _BRACKETED.fullmatch(text)
    if not match:
        return None
    first, second = match["first"], match["second"]
    if bool(HAN.search(first)) == bool(HAN.search(second)):
        return None
    row: list[Piece] = [("zh" if HAN.search(match[name]) else "en", *match.span(name)) for name in ("first", "second")]
    return row if _balanced(text, row) else None


def _read(text: str, names: Collection[str] | None) -> list[Piece]:
    """Return the cheapest reading: stretches of one language, neighbours differ."""
    enclosed = _enclosed(text)
    en, zh = 0.0, 0.0
    en_from: tuple[_Border, object] | None = None  # the borders passed so far, as a linked list
    zh_from: tuple[_Border, object] | None = None
    border: _Border | None = None
    blank_cost = _AT_BLANK if names is None else 1.0
    after_end = False
    last = 0
    for token in _TOKEN.finditer(text):
        kind, start, end = token.lastgroup, token.start(), token.end()
        if kind == "blank":
            cost = _AT_LINE if "\n" in token.group() or "\r" in token.group() or "\t" in token.group() else blank_cost
            if "\u3000" in token.group():
                cost = min(cost, _AT_SENTENCE)
            border = _nearer(border, _Border(last, end, min(cost, _AT_SENTENCE) if after_end else cost))
            continue
        separator = kind == "mark" and token.group() in _SEPARATOR and _lonely(text, start, end)
        if separator:
            border = _Border(last if border is None else border.end, end, _AT_SEPARATOR)
            continue
        if border is not None and last > 0 and not enclosed[start]:
            border.start = start
            opens = kind == "mark" and token.group() in _BRACKETS
            if not (opens and border.cost > _AT_SENTENCE):
                from_zh, from_en = zh + border.cost, en + border.cost
                if from_zh < en:
                    en, en_from, other = from_zh, (border, zh_from), en_from
                    if from_en < zh:
                        zh, zh_from = from_en, (border, other)
                elif from_en < zh:
                    zh, zh_from = from_en, (border, en_from)
        border = None
        inner = _INSIDE if enclosed[start] else 1.0
        after_end = kind == "end" and not enclosed[end]  # a quote may end with its sentence: "… new tasks.” 测试…"
        if after_end:
            following = text[end : end + 1]
            if (
                HAN.match(following)
                or token.group()[0] in "。！？｡；"
                or any(char in token.group() for char in "。！？")
            ):
                border = _Border(end, end, _AT_SENTENCE)
        elif kind == "han":
            en += inner * _HAN_IN_ENGLISH * (end - start)
        elif kind == "latin":
            zh += inner * _latin_cost(token.group(), names)
        last = end
    language: Language = "zh" if zh < en else "en"
    return _trace(text, language, zh_from if zh < en else en_from)


def _latin_cost(word: str, names: Collection[str] | None) -> float:
    if word.lower() in _FUNCTION and not (word.isupper() and len(word) > 1):
        return _FUNCTION_IN_CHINESE
    if names is not None:
        return 0.2 if word in names else 1.3
    return _NAME_IN_CHINESE if word[0].isupper() or not word.isalpha() else _WORD_IN_CHINESE


def _nearer(before: _Border | None, border: _Border) -> _Border:
    """Two blanks with a separator between them are one border."""
    return border if before is None else _Border(before.end, border.start, min(before.cost, border.cost))


def _lonely(text: str, start: int, end: int) -> bool:
    """Whether a bar or slash stands between blanks."""
    return start > 0 and text[start - 1].isspace() and end < len(text) and text[end].isspace()


def _enclosed(text: str) -> bytearray:
    """For each offset, and one more, 1 inside brackets and quotes that are closed again soon, the closing mark included."""
    inside = bytearray(len(text) + 1)
    if not any(mark in text for mark in _BRACKETS) and '"' not in text:
        return inside
    opened: list[tuple[str, int]] = []
    straight: int | None = None
    closers = frozenset(_BRACKETS.values())
    for mark in re.finditer(r"[()（）\[\]【】《》「」『』“”〈〉\"\n]", text):
        char, position = mark.group(), mark.start()
        if char == "\n":
            straight = None  # a straight quote is closed in its line, or it is an inch
        elif char == '"':
            if straight is not None and position - straight <= _LONGEST_QUOTE:
                inside[straight + 1 : position + 1] = b"\1" * (position - straight)
                straight = None
            else:
                straight = position
        elif char not in closers:
            opened.append((_BRACKETS[char], position))
        else:
            while opened and (opened[-1][0] != char or position - opened[-1][1] > _LONGEST_QUOTE):
                if opened[-1][0] != char and all(closer != char for closer, _ in opened[-8:]):
                    break
                opened.pop()
            if opened and opened[-1][0] == char:
                begin = opened.pop()[1] + 1
                inside[begin : position + 1] = b"\1" * (position + 1 - begin)
    return inside


def _trace(text: str, language: Language, path: tuple[_Border, object] | None) -> list[Piece]:
    """Return the pieces between the borders passed, blanks at their ends left out."""
    pieces: list[Piece] = []
    end = len(text.rstrip())
    while path is not None:
        border, before = path
        pieces.append((language, border.start, end))
        end = border.end
        language = "en" if language == "zh" else "zh"
        path = before  # type: ignore[assignment]
    pieces.append((language, len(text) - len(text.lstrip()), end))
    return pieces[::-1]


def _plausible(text: str, rows: list[list[Piece]]) -> bool:
    """Whether each row of two is as long on either side as translations are, and little stands alone."""
    if len(rows[-1]) == 1:
        _, start, end = rows[-1][0]
        if end - start > 0.5 * len(text):
            return False
    return all(_balanced(text, row) for row in rows if len(row) == 2)


def _balanced(text: str, row: list[Piece]) -> bool:
    sides = {language: text[start:end] for language, start, end in row}
    han = sum(len(run) for run in HAN_RUN.findall(sides["zh"]))
    if han < 2 or not LATIN_WORD.search(sides["en"]):
        return False
    # Latin names count in a Chinese text as what they would be in characters.
    english = len(sides["en"])
    chinese = han + sum(max(1.0, len(word) / 3) for word in LATIN_WORD.findall(sides["zh"])) + 1
    slack = 1 + 6 / math.sqrt(english + 1)
    return 1.4 / slack <= english / chinese <= 5.5 * slack
