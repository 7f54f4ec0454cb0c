"""An English and a Chinese run of pieces as rows: headings found first, then the paragraphs of each section.

Headings are matched by level, numbers, Latin names, lengths and what stands below them, by a global alignment with gaps
(Needleman and Wunsch 1970); the texts between two matched headings are aligned by :func:`askdoc.bitext.align.align`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from askdoc.bitext.align import DOUBTFUL, RATIO, SURE, align, numbers
from askdoc.bitext.units import Row, Unit
from askdoc.model import Alignment, Bead, BlockKind, Language
from askdoc.text.han import HAN_RUN, LATIN_WORD
from askdoc.text.normalize import fold

_LARGEST_TABLE: Final = 250_000
"""Cells of the table that headings are matched with: 500 headings a side in a second; beyond it by order alone."""

_MOST_TO_ONE: Final = 3
_LARGEST_UNEVEN: Final = 100_000
"""Cells (pieces of one side times the other's) up to which texts are aligned although one has over three times as many
pieces: a piece has three counterparts at most, and the corridor of the aligner grows with the difference."""

_GAP: Final = -1.2
_NUMERALS: Final = {char: value for value, char in enumerate("零一二三四五六七八九十")}
_HEADING_SURE: Final = 0.97
_HEADING_DOUBTFUL: Final = 0.6


class _Section(Struct, frozen=True):
    """A heading (``None`` before the first) and the pieces below it."""

    heading: Unit | None
    body: tuple[Unit, ...]
    size: int
    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    """Numbers of two digits or more, and Latin names, of the body."""


def pair(en: Sequence[Unit], zh: Sequence[Unit]) -> list[Row]:
    """Rows of an English and a Chinese run of pieces; every piece is in exactly one row, in order on either side."""
    if not en or not zh:
        return [single(unit) for unit in (*en, *zh)]
    sections_en, sections_zh = _sections(en), _sections(zh)
    rows: list[Row] = []
    last_en = last_zh = 0
    bodies_en: list[_Section] = [sections_en[0]]
    bodies_zh: list[_Section] = [sections_zh[0]]
    for i, j, confidence in _match(sections_en, sections_zh):
        rows += _bodies(bodies_en + sections_en[last_en + 1 : i], bodies_zh + sections_zh[last_zh + 1 : j])
        heading_en, heading_zh = sections_en[i].heading, sections_zh[j].heading
        if heading_en is not None and heading_zh is not None:
            alignment: Alignment = "paired" if confidence >= SURE else "weak"
            units: Mapping[Language, tuple[Unit, ...]] = {"en": (heading_en,), "zh": (heading_zh,)}
            rows.append(Row("heading", heading_en.level, units, confidence, alignment))
        bodies_en, bodies_zh, last_en, last_zh = [_below(sections_en[i])], [_below(sections_zh[j])], i, j
    return rows + _bodies(bodies_en + sections_en[last_en + 1 :], bodies_zh + sections_zh[last_zh + 1 :])


def single(unit: Unit) -> Row:
    """Return a row of one piece without a counterpart."""
    return Row(unit.kind, unit.level, {unit.language: (unit,)}, 0.0, "none")


def _sections(units: Sequence[Unit]) -> list[_Section]:
    """Return the sections of a run; the first has no heading and may be empty."""
    starts = [index for index, unit in enumerate(units) if unit.kind == "heading"]
    first = starts[0] if starts else len(units)
    sections = [_Section(None, tuple(units[:first]), sum(len(unit.text) for unit in units[:first]))]
    for start, end in zip(starts, [*starts[1:], len(units)], strict=False):
        body = tuple(units[start + 1 : end])
        title = fold(units[start].text)
        names = frozenset(word for word in LATIN_WORD.findall(title) if len(word) > 1)
        size = sum(len(unit.text) for unit in body)
        sections.append(_Section(units[start], body, size, _heading_numbers(title), names, _anchors(body)))
    return sections


def _anchors(body: Sequence[Unit]) -> frozenset[str]:
    """Return what of a section's text reads the same in either language, by a sample of it."""
    anchors: set[str] = set()
    for unit in body[:40]:
        text = unit.text[:2000]
        anchors.update(re.findall(r"\d{2,9}", text))
        anchors.update(word.lower() for word in LATIN_WORD.findall(text) if word[0].isupper() and len(word) > 1)
    return frozenset(anchors)


def _below(section: _Section) -> _Section:
    return _Section(None, section.body, section.size)


def _heading_numbers(title: str) -> frozenset[str]:
    """Return the numbers of a heading; 第三章 counts as 3."""
    values = numbers(title)
    for numeral in re.findall(r"第([零一二三四五六七八九十]{1,3})", title):
        tens, _, ones = numeral.rpartition("十")
        if numeral.count("十") == 1:
            values.add(str(10 * (_NUMERALS.get(tens, 1) if tens else 1) + (_NUMERALS.get(ones, 0) if ones else 0)))
        elif len(numeral) == 1:
            values.add(str(_NUMERALS[numeral]))
    return frozenset(values)


def _match(en: Sequence[_Section], zh: Sequence[_Section]) -> list[tuple[int, int, float]]:
    """Which headings belong together: numbers of sections on either side, ascending on both, and a confidence."""
    rows, columns = len(en) - 1, len(zh) - 1
    if not rows or not columns:
        return []
    if rows * columns > _LARGEST_TABLE:
        if rows == columns:
            return [
                (index, index, _confidence(_heading_similarity(en[index], zh[index]))) for index in range(1, rows + 1)
            ]
        beads = _align([_title(section) for section in en[1:]], [_title(section) for section in zh[1:]])
        return [
            (bead.en[0] + 1, bead.zh[0] + 1, bead.confidence)
            for bead in beads
            if bead.kind == "1:1" and bead.confidence
        ]
    similarity = [[_heading_similarity(section, other) for other in zh[1:]] for section in en[1:]]
    table = [[_GAP * j for j in range(columns + 1)]]
    for i in range(rows):
        line = [_GAP * (i + 1)]
        for j in range(columns):
            line.append(max(table[i][j] + similarity[i][j], table[i][j + 1] + _GAP, line[j] + _GAP))
        table.append(line)
    matches = []
    i, j = rows, columns
    while i and j:
        if table[i][j] == table[i - 1][j - 1] + similarity[i - 1][j - 1]:
            matches.append((i, j, _confidence(similarity[i - 1][j - 1])))
            i, j = i - 1, j - 1
        elif table[i][j] == table[i - 1][j] + _GAP:
            i -= 1
        else:
            j -= 1
    return matches[::-1]


def _title(section: _Section) -> str:
    return section.heading.text if section.heading else ""


def _confidence(similarity: float) -> float:
    return _HEADING_SURE if similarity >= 0.0 else _HEADING_DOUBTFUL


def _heading_similarity(en: _Section, zh: _Section) -> float:
    """Return how much two headings look like versions of each other; about 0 for nothing known."""
    score = 1.0
    if en.heading is not None and zh.heading is not None:
        score += 0.0 if en.heading.level == zh.heading.level else -1.5
    if en.numbers and zh.numbers:
        score += 2.0 if en.numbers & zh.numbers else -3.0
    elif en.numbers or zh.numbers:
        score -= 0.5
    shared = en.names & zh.names
    score += 1.5 * min(len(shared), 2)
    length_en = len(_title(en))
    length_zh = max(sum(len(run) for run in HAN_RUN.findall(_title(zh))) + sum(map(len, zh.names)) * RATIO, 1.0)
    score -= min(abs(math.log(max(length_en, 1) * RATIO / length_zh)), 1.5)
    if en.size and zh.size:
        score -= min(abs(math.log(en.size * RATIO / zh.size)) / 2, 1.5)
        score -= 0.1 * min(abs(len(en.body) - len(zh.body)), 5)
        # An English text has many capitals that its translation has not: what counts is how much of the Chinese is shared.
        if zh.anchors:
            score += 2.5 * len(en.anchors & zh.anchors) / len(zh.anchors) - 1.0
    elif en.size or zh.size:
        score -= 0.8
    return score


def _bodies(en: Sequence[_Section], zh: Sequence[_Section]) -> list[Row]:
    """Return the rows of sections whose own headings (of all but the first) have no counterpart."""
    units_en = [unit for section in en for unit in section.body]
    units_zh = [unit for section in zh for unit in section.body]
    before_en, before_zh = _before(en), _before(zh)
    rows: list[Row] = []
    for bead in _align([unit.text for unit in units_en], [unit.text for unit in units_zh]):
        rows += _row(bead, units_en, units_zh, before_en, before_zh)
    rows += [single(unit) for unit in (*before_en.pop(len(units_en), ()), *before_zh.pop(len(units_zh), ()))]
    return rows


def _align(en: Sequence[str], zh: Sequence[str]) -> list[Bead]:
    """Return the aligner's beads; all pieces apart where there are too many on one side for the other."""
    few, many = sorted((len(en), len(zh)))
    if many <= _MOST_TO_ONE * few or few * many <= _LARGEST_UNEVEN:
        return align(en, zh) if many else []
    apart = [Bead((index, index + 1), (0, 0), 0.0) for index in range(len(en))]
    return apart + [Bead((len(en), len(en)), (index, index + 1), 0.0) for index in range(len(zh))]


def _before(sections: Sequence[_Section]) -> dict[int, list[Unit]]:
    """Return the headings that stand before the piece of each number."""
    headings: dict[int, list[Unit]] = {}
    number = 0
    for section in sections:
        if section.heading is not None:
            headings.setdefault(number, []).append(section.heading)
        number += len(section.body)
    return headings


def _row(
    bead: Bead,
    en: Sequence[Unit],
    zh: Sequence[Unit],
    before_en: dict[int, list[Unit]],
    before_zh: dict[int, list[Unit]],
) -> list[Row]:
    """Return a bead as a row, after the headings before it; one that a heading cuts through is given back as its pieces."""
    sides: dict[Language, tuple[Unit, ...]] = {}
    if bead.en[0] < bead.en[1]:
        sides["en"] = tuple(en[bead.en[0] : bead.en[1]])
    if bead.zh[0] < bead.zh[1]:
        sides["zh"] = tuple(zh[bead.zh[0] : bead.zh[1]])
    cut = any(index in before_en for index in range(bead.en[0] + 1, bead.en[1]))
    cut = cut or any(index in before_zh for index in range(bead.zh[0] + 1, bead.zh[1]))
    # Code is no version of prose.
    cut = cut or (len(sides) == 2 and len({all(unit.neutral for unit in units) for units in sides.values()}) == 2)
    rows: list[Row] = []
    if not cut:
        # A heading before a side that is empty here waits for the piece that it stands before.
        if "en" in sides:
            rows += [single(unit) for unit in before_en.pop(bead.en[0], ())]
        if "zh" in sides:
            rows += [single(unit) for unit in before_zh.pop(bead.zh[0], ())]
        return [*rows, joined(sides, bead.confidence)]
    for index in range(*bead.en):
        rows += [single(unit) for unit in (*before_en.pop(index, ()), en[index])]
    for index in range(*bead.zh):
        rows += [single(unit) for unit in (*before_zh.pop(index, ()), zh[index])]
    return rows


def joined(sides: Mapping[Language, tuple[Unit, ...]], confidence: float) -> Row:
    """Return a row of these pieces, with what its confidence means."""
    first = next(iter(sides.values()))[0]
    kinds = {unit.kind for units in sides.values() for unit in units}
    kind: BlockKind = first.kind if len(kinds) == 1 else "prose"
    alignment: Alignment = "none"
    if len(sides) == 2 and confidence >= DOUBTFUL:
        one = all(len(units) == 1 for units in sides.values())
        alignment = "weak" if confidence < SURE else "paired" if one else "merged"
    return Row(kind, first.level, sides, confidence, alignment)
