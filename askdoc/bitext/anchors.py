"""What can be compared of two texts without a dictionary: lengths, numbers, months, Latin names, kinds of marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from askdoc.model import Language
from askdoc.text import HAN_RUN

HAN_WORTH: Final = 3.7
"""English characters to one Chinese character (fitted on translated prose; Latin letters, digits and marks count 1)."""

_LATIN: Final = "a-z\u00df-\u00f6\u00f8-\u024f"
_NAME: Final = re.compile(rf"[{_LATIN}][{_LATIN}0-9]{{1,40}}")
_DIGITS: Final = r"\d{1,3}(?:,\d{3}){1,5}(?!\d)(?:\.\d{1,12})?|\d{1,15}(?:\.\d{1,12})?"
_HAN_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_HAN_SCALES: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_ENGLISH_SCALES: Final = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH_NUMBERS: Final = {
    word: value
    for value, words in {
        1: "one", 2: "two", 3: "three third", 4: "four fourth", 5: "five fifth", 6: "six sixth", 7: "seven seventh",
        8: "eight eighth", 9: "nine ninth", 10: "ten tenth", 11: "eleven eleventh", 12: "twelve twelfth",
        13: "thirteen thirteenth", 14: "fourteen", 15: "fifteen fifteenth", 16: "sixteen sixteenth",
        17: "seventeen seventeenth", 18: "eighteen eighteenth", 19: "nineteen nineteenth", 20: "twenty twentieth",
        30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
    }.items()
    for word in words.split()
}  # fmt: skip
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_ENGLISH: Final = re.compile(
    rf"(?P<digits>{_DIGITS})(?:[ \-](?P<scale>hundred|thousand|million|billion|trillion)\b)?"
    r"|\b(?P<month>january|february|march|april|june|july|august|september|october|november|december"
    r"|may(?= \d)|(?<=\d )may|(?<=in )may)\b"
    rf"|\b(?P<word>{'|'.join(sorted(_ENGLISH_NUMBERS, key=len, reverse=True))}|hundred)"
    rf"(?P<more>(?:[ \-](?:and )?(?:{'|'.join(sorted([*_ENGLISH_NUMBERS, *_ENGLISH_SCALES], key=len, reverse=True))})"
    r"){0,8})\b"
)
_CHINESE: Final = re.compile(
    rf"(?P<digits>{_DIGITS}) ?(?P<scale>[十百千]?[万萬亿億]?[万萬亿億]?)(?P<month>月)?"
    r"|(?P<word>[零〇一二三四五六七八九十百千万萬亿億两兩]{1,24})(?P<month2>月)?"
)
_MARKS: Final = ("?？", "!！", "(（[【", '"“”「」『』《》‘', ":：;；")
"""Kinds of marks that a translation tends to keep; how many of each a unit has is light evidence."""


@dataclass(frozen=True, slots=True)
class Side:
    """The units of one text, measured; every list has one entry a unit."""

    lengths: tuple[float, ...]
    """In English characters (see :data:`HAN_WORTH`)."""
    numbers: tuple[frozenset[str], ...]
    """Numbers and months in one form: ``"1234"``, ``"2.5"``, ``"month 3"``."""
    names: tuple[frozenset[str], ...]
    """Latin words, lower case."""
    marks: tuple[tuple[int, ...], ...]
    """How many of each kind of mark."""


def measure(texts: Sequence[str], language: Language) -> Side:
    """The units of a text in one language, measured. Linear in the text."""
    forms = [unicodedata.normalize("NFKC", text).lower() for text in texts]
    numbers = _english if language == "en" else _chinese
    return Side(
        tuple(map(_length, forms)),
        tuple(frozenset(numbers(form)) for form in forms),
        tuple(frozenset(_NAME.findall(form)) for form in forms),
        tuple(tuple(sum(map(text.count, kind)) for kind in _MARKS) for text in texts),
    )


def _length(form: str) -> float:
    blanks = sum(map(form.count, " \n\t\r"))
    return len(form) - (blanks if HAN_RUN.search(form) else 0) + (HAN_WORTH - 1) * sum(map(len, HAN_RUN.findall(form)))


def _form(value: float) -> str:
    return format(value, ".12g")


def _english(form: str) -> Iterable[str]:
    for match in _ENGLISH.finditer(form):
        if match["digits"]:
            yield _form(float(match["digits"].replace(",", "")) * _ENGLISH_SCALES.get(match["scale"] or "", 1))
        elif match["month"]:
            yield f"month {_MONTHS[match['month']]}"
        else:
            value = _spelled([match["word"], *re.split(r"[ \-]+", match["more"])])
            if value > 1:  # "one" is a pronoun more often than a number
                yield _form(value)


def _spelled(words: Sequence[str]) -> int:
    total = part = 0
    for word in words:
        if word in _ENGLISH_NUMBERS:
            part += _ENGLISH_NUMBERS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _ENGLISH_SCALES:
            total += max(part, 1) * _ENGLISH_SCALES[word]
            part = 0
    return total + part


def _chinese(form: str) -> Iterable[str]:
    for match in _CHINESE.finditer(form):
        if match["digits"]:
            value = float(match["digits"].replace(",", ""))
            for char in match["scale"]:
                value *= _HAN_UNITS.get(char) or _HAN_SCALES[char]
            yield f"month {int(value)}" if match["month"] and value <= 12 else _form(value)
        else:
            spelled = _han_value(match["word"])
            if match["month2"] and 0 < spelled <= 12:
                yield f"month {spelled}"
            elif spelled > 1:
                yield _form(spelled)


def _han_value(word: str) -> int:
    """The value of a Chinese numeral; 0 where it is none (百, 万一)."""
    if all(char in _HAN_DIGITS for char in word):
        return int("".join(str(_HAN_DIGITS[char]) for char in word))
    if word[0] not in _HAN_DIGITS and word[0] != "十":
        return 0
    total = part = digit = 0
    for char in word:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif char in _HAN_UNITS:
            part += max(digit, 1) * _HAN_UNITS[char]
            digit = 0
        else:
            total = (total + part + digit) * _HAN_SCALES[char]
            part = digit = 0
    return total + part + digit
