"""Numbers in both languages: an expression in a question is expanded to the other forms that a text may use.

"8x", "8 times", "eightfold", "8 倍" and 八倍 are equivalent; so are "80%", "eighty percent" and 百分之八十, "12-hour" and
十二小时, "3 million" and 三百万, "March 2026" and "2026 年 3 月". Expressions are parsed in the question only, and expanded to
index terms: the index does not change. The libraries cn2an and text2num parse Chinese and English numerals; neither
tells units and idioms (千万, 十分) apart, which is most of the work here.

A false form is worse than a missing one: a lone "one", "two", 一 or 两, ordinals, versions ("4.6") and years have no forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

from askdoc.analysis.english import stem

Unit = Literal["", "times", "percent", "hour", "day", "week", "month", "year", "minute", "second"]

Forms = dict[tuple[str, ...], float]
"""The forms of a number as index terms, each with its weight, 0..1. Chinese is a single string of characters; otherwise
all terms of a form must match."""

_SMALL: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES: Final = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORDS: Final = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}

_DIGITS: Final = "零一二三四五六七八九"
_HAN_DIGITS: Final = {char: value for value, char in enumerate(_DIGITS)} | {"〇": 0, "两": 2, "兩": 2}
_HAN_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
_HAN_GROUPS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

_UNITS: Final[dict[Unit, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "times": (("times", "x", "fold"), ("倍",)),
    "percent": (("percent", "per cent", "%"), ("%",)),
    "hour": (("hours", "hour", "hrs", "h"), ("个小时", "小时")),
    "day": (("days", "day"), ("天",)),
    "week": (("weeks", "week"), ("个星期", "星期", "周")),
    "month": (("months", "month"), ("个月",)),
    "year": (("years", "year"), ("年",)),
    "minute": (("minutes", "minute", "mins", "min"), ("分钟",)),
    "second": (("seconds", "second", "secs"), ("秒钟", "秒")),
}
"""The forms of units in English (usual form first) and in Chinese (usual form last)."""

_UNIT_OF: Final = {form: unit for unit, sides in _UNITS.items() for side in sides for form in side}

_MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)  # "may" is a stop word: only its Chinese forms are found

_LONGEST_NUMERAL: Final = 100
"""The maximum characters of a Chinese numeral; Python itself refuses to parse a number of 4,300 digits."""

_ENGLISH_UNIT: Final = "|".join(sorted((form for forms, _ in _UNITS.values() for form in forms), key=len, reverse=True))
_CHINESE_UNIT: Final = "|".join(sorted((form for _, forms in _UNITS.values() for form in forms), key=len, reverse=True))
_WORD: Final = "|".join(sorted([*_WORDS, *_SCALES], key=len, reverse=True))
_NUMERAL: Final = "[零〇一二三四五六七八九两兩十百千万萬亿億]"

_ENGLISH: Final = re.compile(
    rf"(?<![\w.,-])(?:(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<scale>[ -](?:hundred|thousand|million|billion|trillion)\b)?"
    rf"|(?P<words>(?:{_WORD})(?:(?:[ -]|[ ]and[ ])(?:{_WORD}))*))"
    rf"(?P<unit>[ -]?(?:{_ENGLISH_UNIT}))?(?![\w]|[.,-]\w)",
    re.IGNORECASE,
)
_CHINESE: Final = re.compile(
    rf"百分之(?P<percent>{_NUMERAL}+(?:点{_NUMERAL}+)?|\d+(?:\.\d+)?)"
    r"|(?<![A-Za-z0-9_.,-])(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?:[ ]?(?P<scale>[十百千]?[万萬亿億]))?"
    rf"[ ]?(?P<unit>{_CHINESE_UNIT})?(?![A-Za-z0-9_-]|[.,]\d)"
    rf"|(?P<numeral>{_NUMERAL}+)(?P<numeral_unit>{_CHINESE_UNIT})?"
)
_DATE: Final = re.compile(
    rf"\b(?P<month>{'|'.join(_MONTHS)})(?: \d{{1,2}},?)?[ ,]+(?P<year>\d{{4}})\b"
    r"|(?P<zh_year>\d{4}|[〇零一二三四五六七八九]{4}) ?年 ?(?P<zh_month>\d{1,2}|十?[一二三四五六七八九]|十) ?月",
    re.IGNORECASE,
)
_CANDIDATE: Final = re.compile(
    rf"\d|{_NUMERAL}|\b(?:{'|'.join([*_SMALL[3:], *_TENS, *_SCALES])}|(?:{_WORD})fold|two|{'|'.join(_MONTHS)})",
    re.IGNORECASE,
)


class Expression(Struct, frozen=True):
    """A number with its unit in a text."""

    start: int
    end: int
    forms: Forms

    def of(self, word: str) -> Forms:
        """Return the forms that match a word of the expression: for its unit alone the forms with a unit."""
        number = (
            any(char.isdigit() or char in _HAN_DIGITS for char in word)
            or word.lower() in _WORDS
            or word.lower() in _SCALES
        )
        return self.forms if number else {form: weight for form, weight in self.forms.items() if weight == 1}


def expressions(text: str) -> list[Expression]:
    """Return the numbers of a text that have other forms, in order, without overlaps."""
    if not _CANDIDATE.search(text):
        return []
    chosen: list[Expression] = []
    covered = 0
    for start, end, forms in sorted(_matches(text), key=lambda match: (match[0], -match[1])):
        if start >= covered and forms:
            chosen.append(Expression(start, end, forms))
            covered = end
    return chosen


def _matches(text: str) -> Iterator[tuple[int, int, Forms]]:
    for match in _DATE.finditer(text):
        yield match.start(), match.end(), _date(match)
    for pattern, parse in ((_ENGLISH, _english), (_CHINESE, _chinese)):
        for match in pattern.finditer(text):
            value, unit = parse(match)
            if value is not None and _is_expandable(value, unit, match["digits"] is not None, bool(match["scale"])):
                yield match.start(), match.end(), dict(forms(value, unit))


def _is_expandable(value: Decimal, unit: Unit, digits: bool, scaled: bool) -> bool:
    """Tell whether a number has other forms: a lone small number, a year or a version has none."""
    if value <= 1 or (unit == "year" and value >= 1000):
        return False
    if unit or scaled:
        return True
    whole = value == value.to_integral_value()
    return whole and value > 2 and not (digits and 1000 <= value <= 2999)


def _english(match: re.Match[str]) -> tuple[Decimal | None, Unit]:
    unit = _UNIT_OF.get((match["unit"] or "").strip(" -").lower(), "")
    if not match["digits"]:
        return words_value(match["words"]), unit
    value = Decimal(match["digits"].replace(",", ""))
    return value * _SCALES[match["scale"].strip(" -").lower()] if match["scale"] else value, unit


def words_value(text: str) -> Decimal | None:
    """Return the value of an English number in words; ``None`` if they are no number ("seven eleven")."""
    total = group = 0
    last = 10**15
    for word in re.split(r"[ -]+", text.lower()):
        if word == "and":
            continue
        if word in _SCALES and word != "hundred":
            if not group or _SCALES[word] >= last:
                return None
            last = _SCALES[word]
            total, group = total + group * last, 0
        elif word == "hundred":
            if not 0 < group < 10:
                return None
            group *= 100
        else:
            value = _WORDS[word]
            room = 100 if group % 100 == 0 else 10 if group % 10 == 0 and value < 10 else 0
            if group and (not room or value == 0):
                return None
            group += value
    return Decimal(total + group)


def _chinese(match: re.Match[str]) -> tuple[Decimal | None, Unit]:
    if match["percent"]:
        numeral = match["percent"]
        return (Decimal(numeral) if numeral[0].isdigit() else numeral_value(numeral)), "percent"
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", ""))
        for char in match["scale"] or "":
            value *= (_HAN_SCALES | _HAN_GROUPS)[char]
        return value, _UNIT_OF.get(match["unit"], "")
    numeral, unit = match["numeral"], _UNIT_OF.get(match["numeral_unit"], "")
    # A numeral without a digit is a word (千万, 十分), and a single character mostly is part of one (三明治).
    if not any(char in _HAN_DIGITS for char in numeral) and not (unit and numeral == "十"):
        return None, unit
    return (numeral_value(numeral) if unit or len(numeral) > 1 else None), unit


def numeral_value(text: str) -> Decimal | None:
    """Return the value of a Chinese numeral, also digit by digit (二〇二六); ``None`` if it is not valid."""
    text, _, decimals = text.partition("点")
    tail = "".join(str(_HAN_DIGITS[char]) for char in decimals if char in _HAN_DIGITS)
    if len(tail) != len(decimals) or len(text) > _LONGEST_NUMERAL:
        return None
    if len(text) > 1 and all(char in _HAN_DIGITS for char in text):
        whole: int | None = int("".join(str(_HAN_DIGITS[char]) for char in text))
    else:
        whole = _whole(text)
    return None if whole is None else Decimal(f"{whole}.{tail}" if tail else whole)


def _whole(text: str) -> int | None:
    total = group = digit = 0
    last = 10**9
    scale = 10**4
    for char in text:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif char in _HAN_SCALES:
            if _HAN_SCALES[char] >= scale:
                return None
            scale = _HAN_SCALES[char]
            group, digit = group + (digit or 1) * scale, 0
        else:
            size = _HAN_GROUPS[char]
            if not group + digit or size >= last:
                return None
            total, group, digit, scale, last = total + (group + digit) * size, 0, 0, 10**4, size
    return total + group + digit


# --- writing -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def in_words(value: int) -> str:
    """Write a whole number below 10^15 in English words."""
    if value < 20:
        return _SMALL[value]
    if value < 100:
        return _TENS[value // 10 - 2] + (f" {_SMALL[value % 10]}" if value % 10 else "")
    for name, size in reversed(_SCALES.items()):
        if value >= size:
            rest = f" {in_words(value % size)}" if value % size else ""
            return f"{in_words(value // size)} {name}{rest}"
    raise AssertionError(value)


@lru_cache(maxsize=4096)
def in_numerals(value: int) -> str:
    """Write a whole number below 10^12 in Chinese numerals."""
    for char, size in (("亿", 10**8), ("万", 10**4)):
        if value >= size:
            rest = value % size
            zero = "零" if rest and rest < size // 10 else ""
            return in_numerals(value // size) + char + zero + (in_numerals(rest) if rest else "")
    if value < 10:
        return _DIGITS[value]
    numeral = ""
    skipped = False
    for char, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = value // size % 10
        if digit:
            numeral += ("零" if skipped and numeral else "") + _DIGITS[digit] + char
            skipped = False
        else:
            skipped = True
    return numeral[1:] if numeral.startswith("一十") else numeral


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1024)
def forms(value: Decimal, unit: Unit) -> tuple[tuple[tuple[str, ...], float], ...]:
    """Return the forms of a number with a unit, as index terms with weights."""
    weights: Forms = {}
    whole = value == value.to_integral_value() and value < 10**12
    digits = _plain(value)
    lone = 1.0 if not unit else 0.6  # a bare number is less specific than a number with its unit
    numbers: list[tuple[str, ...]] = [(digits,)]
    for name, size in _SCALES.items():
        if size > 100 and value >= size and len(_plain(value / size)) <= 5:
            numbers.append((_plain(value / size), name))
    if whole:
        numbers.append(tuple(in_words(int(value)).split()))
    for number in numbers:
        stems = tuple(stem(word) for word in number)
        if unit:
            weights[(*stems, stem(unit))] = 1.0
        if not unit or number == (digits,):
            weights[stems] = lone
    _add_compounds(weights, value, unit, digits, whole)
    _add_chinese(weights, value, unit, whole, lone)
    return tuple(weights.items())


def _add_compounds(weights: Forms, value: Decimal, unit: Unit, digits: str, whole: bool) -> None:
    """Add the forms with number and unit in a single word: "8x", "eightfold", "12-hour"."""
    word = in_words(int(value)).replace(" ", "") if whole and value < 100 else ""
    if unit == "times":
        weights[(f"{digits}x",)] = weights[(f"{digits}fold",)] = 1.0
        if word:
            weights[(stem(f"{word}fold"),)] = 1.0
    elif unit not in ("", "percent"):
        weights[(f"{digits}{unit}",)] = 1.0
        if word:
            weights[(stem(f"{word}{unit}"),)] = 1.0


def _add_chinese(weights: Forms, value: Decimal, unit: Unit, whole: bool, lone: float) -> None:
    for size in (10**8, 10**4):
        if value >= size and len(_plain(value / size)) <= 6:
            weights.setdefault((_plain(value / size),), 0.5)  # 300 万: 万 is no term of its own
    if not whole:
        return
    usual = in_numerals(int(value))
    numerals = {usual, usual.replace("二", "两", 1)} if usual[0] == "二" and len(usual) < 3 else {usual}
    for numeral in numerals:
        if unit == "percent":
            weights[(f"百分之{numeral}",)] = 1.0
        elif unit:
            for form in _UNITS[unit][1]:
                weights[(numeral + form,)] = 1.0
        elif len(numeral) > 1:
            weights[(numeral,)] = lone


def _date(match: re.Match[str]) -> Forms:
    """Return the forms of a month with its year."""
    if match["month"]:
        month, year = _MONTHS.index(match["month"].lower()) + 1, match["year"]
    else:
        zh_year, zh_month = match["zh_year"], match["zh_month"]
        year = zh_year if zh_year[0].isdigit() else str(numeral_value(zh_year))
        value = Decimal(zh_month) if zh_month[0].isdigit() else numeral_value(zh_month)
        if value is None or not 1 <= value <= 12:
            return {}
        month = int(value)
    characters = "".join("〇" if char == "0" else _DIGITS[int(char)] for char in year)
    weights: Forms = {(str(month), year): 1.0, (f"{characters}年{in_numerals(month)}月",): 1.0}
    if _MONTHS[month - 1] != "may":
        weights[(stem(_MONTHS[month - 1]), year)] = 1.0
    return weights
