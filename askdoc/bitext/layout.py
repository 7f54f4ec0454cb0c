"""How a source holds its languages, found out and told as rows in reading order.

A source may have both languages in one line, on alternate lines or paragraphs with either language first, one as a block
after the other, or only one of them; and stretches of each. Pieces in one language form runs; a run and the run of the
other language that follows it are aligned with each other. Which language leads is the document's own habit: the one
under which neighbouring runs fit better.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from msgspec.structs import replace

from askdoc.bitext.align import align
from askdoc.bitext.pairing import pair, single
from askdoc.bitext.pieces import Item, forced, in_both, items
from askdoc.bitext.units import Layout, Row, Text, Unit
from askdoc.model import LANGUAGES, Language, other

_FRONT: Final = 4
"""So far from the start may a title stand twice."""

_HEADING_VOTE: Final = 0.5
"""What a heading right above a heading in the other language says about which leads, in paired paragraphs."""

_SAMPLE: Final = 120
"""Pieces a side by which it is found out which language leads."""


def single_source(text: Text) -> Layout:
    """Return the layout of one source, in one language or both."""
    content = _without_echoes(items(text))
    lead = _leads(content) if in_both(content) else None
    rows: list[Row] = []
    for mixed, stretch in groupby(content, key=lambda item: isinstance(item, Row)):
        if mixed:
            rows += [item for item in stretch if isinstance(item, Row)]
        elif lead:
            rows += _interleaved([item for item in stretch if isinstance(item, Unit)], lead)
        else:
            rows += [single(item) for item in stretch if isinstance(item, Unit)]
    return _titled(rows)


def two_sources(en: Text, zh: Text) -> Layout:
    """Return the layout of two sources that are versions of each other, an English and a Chinese one."""
    units_en = [item for item in _without_echoes(forced(en, "en", 0)) if isinstance(item, Unit)]
    units_zh = [item for item in _without_echoes(forced(zh, "zh", 1)) if isinstance(item, Unit)]
    return _titled(pair(units_en, units_zh))


def _without_echoes(content: Sequence[Item]) -> list[Item]:
    """Merge a title that stands twice in a row."""
    result: list[Item] = []
    for index, item in enumerate(content):
        before = result[-1] if 0 < index < _FRONT else None
        if isinstance(item, Unit) and isinstance(before, Unit) and item.kind == before.kind == "heading":
            if item.text == before.text and item.level == before.level == 1:
                continue
        result.append(item)
    return result


def _runs(units: Sequence[Unit]) -> list[list[Unit]]:
    """Neighbours of one language together."""
    return [list(run) for _, run in groupby(units, key=lambda unit: unit.language)]


def _interleaved(units: Sequence[Unit], lead: Language) -> list[Row]:
    """Return the rows of a stretch of pieces: each run with the run of the other language behind it."""
    runs = _runs(units)
    if len(runs) == 2:
        lead = runs[0][0].language
    rows: list[Row] = []
    index = 0
    while index < len(runs):
        run = runs[index]
        if run[0].language == lead and index + 1 < len(runs):
            rows += _ordered(run, runs[index + 1])
            index += 2
        else:
            rows += [single(unit) for unit in run]
            index += 1
    return rows


def _ordered(first: list[Unit], second: list[Unit]) -> list[Row]:
    """Return the rows of two runs. Code and formulas stand apart, unless both runs have as many: then they may be versions."""
    en, zh = (first, second) if first[0].language == "en" else (second, first)
    if sum(unit.neutral for unit in en) == sum(unit.neutral for unit in zh):
        return pair(en, zh)
    rows = pair([unit for unit in en if not unit.neutral], [unit for unit in zh if not unit.neutral])
    return _put_back(rows, [unit for unit in (*first, *second) if unit.neutral])


def _put_back(rows: Sequence[Row], apart: Sequence[Unit]) -> list[Row]:
    """Return rows with pieces that stood apart, each behind the piece of its run that it follows, or inside its row."""
    whole = list(rows)
    behind: dict[int, list[Row]] = {}
    for language in LANGUAGES:
        numbers = [number for number, row in enumerate(rows) if language in row.units]
        starts = [rows[number].units[language][0].span[0] for number in numbers]
        for unit in (unit for unit in apart if unit.language == language):
            place = bisect_right(starts, unit.span[0]) - 1
            number = numbers[place] if place >= 0 else -1
            units = whole[number].units[language] if number >= 0 else ()
            if units and units[-1].span[1] > unit.span[0]:
                inside = tuple(sorted((*units, unit), key=lambda piece: piece.span))
                whole[number] = replace(whole[number], units={**whole[number].units, language: inside})
            else:
                behind.setdefault(number, []).append(single(unit))
    put = behind.get(-1, [])
    for number, row in enumerate(whole):
        put += [row, *behind.get(number, ())]
    return put


def _leads(content: Sequence[Item]) -> Language:
    """Return the language whose runs fit the runs behind them better than those before: by a vote of aligned pieces.

    An alignment of the whole, which knows nothing of who leads, pairs pieces of neighbouring runs; each pair votes for the
    language of the earlier one, with its confidence. Where nothing tells, the language that begins leads.
    """
    numbers: dict[Language, list[int]] = {"en": [], "zh": []}
    texts: dict[Language, list[str]] = {"en": [], "zh": []}
    votes: dict[Language, float] = {"en": 0.0, "zh": 0.0}
    number = 0
    before: Item | None = None
    for item in content:
        number += 1 if isinstance(item, Row) or isinstance(before, Row) or _change(before, item) else 0
        if isinstance(item, Unit):
            if item.kind == "heading":
                if isinstance(before, Unit) and before.kind == "heading" and before.language != item.language:
                    votes[before.language] += _HEADING_VOTE
            elif len(texts[item.language]) < _SAMPLE and not item.neutral:
                numbers[item.language].append(number)
                texts[item.language].append(item.text)
        before = item
    if texts["en"] and texts["zh"]:
        for bead in align(texts["en"], texts["zh"]):
            if bead.kind == "1:1":
                step = numbers["zh"][bead.zh[0]] - numbers["en"][bead.en[0]]
                if abs(step) == 1:
                    votes["en" if step > 0 else "zh"] += bead.confidence
    first: Language = next((item.language for item in content if isinstance(item, Unit)), "en")
    return other(first) if votes[other(first)] > votes[first] else first


def _change(before: Item | None, item: Item) -> bool:
    return not (isinstance(before, Unit) and isinstance(item, Unit) and before.language == item.language)


def _titled(rows: list[Row]) -> Layout:
    """Return the layout of rows: the first heading of level 1 is the title, and a section as well only where it has equals."""
    tops = [row for row in rows if row.kind == "heading" and row.level == 1]
    if not tops:
        return Layout({}, tuple(rows))
    only = len(tops) == 1 and len(rows) > 1
    return Layout(_texts(tops[0]), tuple(row for row in rows if row is not tops[0]) if only else tuple(rows))


def _texts(row: Row) -> Mapping[Language, str]:
    """Return a heading's words in each language it has."""
    return {language: " ".join(row.units[language][0].text.split()) for language in LANGUAGES if language in row.units}
