"""How a document interleaves its languages: blocks become units of one language, units rows of what belongs together.

The layouts are one mechanism. A line with both versions is a row by itself. Between such lines stand stretches of units
of one language each; neighbouring runs of either language form a group (a paragraph and its translation, or a whole
block and its), each group is aligned, headings first. Which language leads is decided for the document by which
grouping fits better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from askdoc.bitext import headings
from askdoc.bitext.align import SURE, align
from askdoc.bitext.languages import split
from askdoc.bitext.units import Layout, Row, Unit
from askdoc.model import Alignment, Bead, BlockKind, Language, other
from askdoc.text import HAN_RUN, LINE_END, language_of

NEIGHBOURS: Final = 0.6
"""The confidence of a paragraph and its neighbour in the other language where the whole document alternates so."""

_HEADING_PAIR: Final = 0.95
"""The confidence of a heading and the heading of the other language beside it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a source as a reader gives it, for one file."""

    kind: BlockKind
    start: int
    end: int
    level: int


Entry = Row | Unit
"""A row that the source makes by itself, or a unit whose counterpart is to be found."""


def arrange(pieces: Sequence[Piece], text: str, *, marked: bool) -> Layout:
    """The layout of one source that may hold both languages. ``marked``: its format marks headings (Markdown)."""
    entries = _without_repeats(list(_entries(pieces, text)))
    if not marked:
        entries = _with_headings(entries)
    lead = _lead(entries)
    rows = list(_rows(entries, lead))
    return _with_title(rows)


def arrange_pair(
    english: tuple[Sequence[Piece], str], chinese: tuple[Sequence[Piece], str], *, marked: tuple[bool, bool]
) -> Layout:
    """The layout of two sources, one a language: the versions of one document."""
    sides: list[list[Unit]] = []
    for source, (pieces, text) in enumerate((english, chinese)):
        language: Language = "zh" if source else "en"
        units: list[Entry] = [
            Unit(language, piece.kind, piece.level, text[piece.start : piece.end], (piece.start, piece.end), source)
            for piece in pieces
        ]
        if not marked[source]:
            units = _with_headings(units)
        sides.append([unit for unit in units if isinstance(unit, Unit)])
    return _with_title(list(_group(sides[0], sides[1], alternating=False)))


# --- blocks → units --------------------------------------------------------------------------------------------


def _entries(pieces: Iterable[Piece], text: str) -> Iterator[Entry]:
    for piece in pieces:
        for start, end in _stretches(text, piece):
            yield from _split(text, replace(piece, start=start, end=end))


def _stretches(text: str, piece: Piece) -> Iterator[tuple[int, int]]:
    """A block of several lines cut where its lines change language: a paragraph and its translation under it."""
    lines = _line_spans(text, piece.start, piece.end)
    if len(lines) == 1 or piece.kind == "code":
        yield piece.start, piece.end
        return
    languages = [language_of(text[start:end]) for start, end in lines]
    changes = sum(one != two for one, two in zip(languages, languages[1:], strict=False) if one and two)
    if not changes or (piece.kind == "table" and changes > 1):
        yield piece.start, piece.end
        return
    if any(len(row) == 2 for start, end in lines for row in split(text[start:end])) and piece.kind == "paragraph":
        yield piece.start, piece.end
        return
    current: tuple[int, int] | None = None
    before: Language | None = None
    for (start, end), language in zip(lines, languages, strict=True):
        if current is None or (language and before and language != before):
            if current is not None:
                yield current
            current = start, end
        else:
            current = current[0], end
        before = language or before
    if current is not None:
        yield current


def _line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    at = start
    for match in LINE_END.finditer(text, start, end):
        spans.append((at, match.start()))
        at = match.end()
    spans.append((at, end))
    return [
        (a + len(text[a:b]) - len(text[a:b].lstrip()), b - (len(text[a:b]) - len(text[a:b].rstrip())))
        for a, b in spans
        if text[a:b].strip()
    ]


def _split(text: str, piece: Piece) -> Iterator[Entry]:
    """A stretch as a row of both its versions, or as one unit."""
    content = text[piece.start : piece.end]

    def unit(language: Language, start: int, end: int) -> Unit:
        at = piece.start
        return Unit(language, piece.kind, piece.level, content[start:end], (at + start, at + end))

    if piece.kind in ("code", "table"):
        yield unit(language_of(content) or "en", 0, len(content))
        return
    if piece.kind == "list":
        lines = _line_spans(text, piece.start, piece.end)
        both = [split(text[start:end]) for start, end in lines]
        if sum(any(len(row) == 2 for row in rows) for rows in both) * 2 > len(lines):
            for start, end in lines:
                yield from _split(text, replace(piece, kind="paragraph", start=start, end=end))
            return
        yield unit(language_of(content) or "en", 0, len(content))
        return
    for row in split(content):
        if len(row) == 1:
            language, start, end = row[0]
            yield unit(language, start, end)
        else:
            sides = {language: (unit(language, start, end),) for language, start, end in row}
            yield Row(piece.kind, piece.level, sides, 1.0, "paired")


def _without_repeats(entries: list[Entry]) -> list[Entry]:
    """A title that stands twice in a row at the start stands once; a refrain further on is text."""
    kept: list[Entry] = []
    for entry in entries:
        last = kept[-1] if kept else None
        if len(kept) < 3 and isinstance(entry, Unit) and isinstance(last, Unit) and entry.text == last.text:
            continue
        kept.append(entry)
    return kept


# --- headings of plain text ------------------------------------------------------------------------------------


def _with_headings(entries: list[Entry]) -> list[Entry]:
    """Plain text's headings marked: by the shape of each run of units and of the rows that hold both versions.

    A heading and its translation count as one: a unit of the other language right beside it, of the same shape.
    """
    joined: list[list[int]] = []
    for at, entry in enumerate(entries):
        if (
            joined
            and isinstance(entry, Unit)
            and isinstance(last := entries[joined[-1][-1]], Unit)
            and len(joined[-1]) == 1
            and last.language != entry.language
            and headings.shape(last.text)
            and headings.shape(entry.text)
        ):
            joined[-1].append(at)
        else:
            joined.append([at])
    shapes = [min(_shape(entries[at]) for at in group) for group in joined]
    marks = headings.among(shapes)
    texts = [_texts(entries[at]) for group, mark in zip(joined, marks, strict=True) if mark for at in group]
    chapters = any(headings.is_chapter(text) for found in texts for text in found)
    result = list(entries)
    for group, mark in zip(joined, marks, strict=True):
        if mark:
            level = max(headings.level(text, chapters) for at in group for text in _texts(entries[at]))
            for at in group:
                result[at] = _as_heading(entries[at], level)
    return result


def _texts(entry: Entry) -> list[str]:
    if isinstance(entry, Unit):
        return [entry.text]
    return [unit.text for units in entry.units.values() for unit in units]


def _shape(entry: Entry) -> int:
    kind = entry.kind
    return min(headings.shape(text) for text in _texts(entry)) if kind == "paragraph" else 0


def _as_heading(entry: Entry, level: int) -> Entry:
    if isinstance(entry, Unit):
        return replace(entry, kind="heading", level=level)
    units = {
        language: tuple(replace(unit, kind="heading", level=level) for unit in units)
        for language, units in entry.units.items()
    }
    return replace(entry, kind="heading", level=level, units=units)


# --- units → rows ----------------------------------------------------------------------------------------------


def _lead(entries: Sequence[Entry]) -> Language:
    """The language that stands first in a pair, by which grouping of the document's runs fits better."""
    fits: dict[Language, float] = {}
    for language in ("en", "zh"):
        fits[language] = sum(_fit(row) for row in _rows(entries, language))
    return "zh" if fits["zh"] > fits["en"] * 1.02 else "en"


def _fit(row: Row) -> float:
    return row.confidence * sum(len(unit.text) for units in row.units.values() for unit in units)


def _rows(entries: Sequence[Entry], lead: Language) -> Iterator[Row]:
    groups = list(_groups(entries, lead))
    singles = [group for group in groups if not isinstance(group, Row)]
    alternating = sum(len(en) == len(zh) == 1 for en, zh in singles) * 2 > len(singles)
    for group in groups:
        if isinstance(group, Row):
            yield group
        else:
            yield from _group(*group, alternating=alternating)


def _groups(entries: Sequence[Entry], lead: Language) -> Iterator[Row | tuple[list[Unit], list[Unit]]]:
    """Runs of the leading language with the run of the other one behind each; rows that are given stand between."""
    first: list[Unit] = []
    second: list[Unit] = []

    def flush() -> Iterator[tuple[list[Unit], list[Unit]]]:
        if first or second:
            yield (first, second) if lead == "en" else (second, first)

    for entry in entries:
        if isinstance(entry, Row):
            yield from flush()
            first, second = [], []
            yield entry
        elif entry.language == lead:
            if second:
                yield from flush()
                first, second = [], []
            first.append(entry)
        else:
            second.append(entry)
    yield from flush()


def _group(en: list[Unit], zh: list[Unit], *, alternating: bool) -> Iterator[Row]:
    """A group's units aligned: headings with headings first, then what stands below each."""
    if not en or not zh:
        yield from map(_alone, en or zh)
        return
    heads_en = [at for at, unit in enumerate(en) if unit.kind == "heading"]
    heads_zh = [at for at, unit in enumerate(zh) if unit.kind == "heading"]
    i = j = 0
    for one, two, confidence in _heading_pairs([en[at] for at in heads_en], [zh[at] for at in heads_zh]):
        place_en, place_zh = heads_en[one], heads_zh[two]
        yield from _bodies(en[i:place_en], zh[j:place_zh], alternating=alternating)
        yield _row((en[place_en],), (zh[place_zh],), confidence)
        i, j = place_en + 1, place_zh + 1
    yield from _bodies(en[i:], zh[j:], alternating=alternating)


def _heading_pairs(en: Sequence[Unit], zh: Sequence[Unit]) -> list[tuple[int, int, float]]:
    """Which headings belong together: one by one where their levels agree, else by alignment."""
    if [unit.level for unit in en] == [unit.level for unit in zh] and all(map(_agree, en, zh)):
        return [(at, at, _HEADING_PAIR) for at in range(len(en))]
    beads = align([unit.text for unit in en], [unit.text for unit in zh])
    return [(bead.en[0], bead.zh[0], bead.confidence) for bead in beads if bead.kind == "1:1"]


def _agree(one: Unit, two: Unit) -> bool:
    """No number stands in one heading that contradicts the other's."""
    numbers = [set(re.findall(r"\d+", unit.text)) for unit in (one, two)]
    return not (numbers[0] and numbers[1]) or bool(numbers[0] & numbers[1])


def _bodies(en: Sequence[Unit], zh: Sequence[Unit], *, alternating: bool) -> Iterator[Row]:
    """Paragraphs (and headings without a partner) aligned; a heading pairs with no paragraph."""
    if not en or not zh:
        yield from map(_alone, [*en, *zh])
        return
    beads = align([unit.text for unit in en], [unit.text for unit in zh])
    if alternating and len(en) == len(zh) == 1 and len(beads) == 2 and _alike(en[0], zh[0]):
        beads = [Bead((0, 1), (0, 1), NEIGHBOURS)]
    for bead in beads:
        left, right = tuple(en[slice(*bead.en)]), tuple(zh[slice(*bead.zh)])
        kinds = {unit.kind == "heading" for unit in (*left, *right)}
        if left and right and len(kinds) == 1:
            yield _row(left, right, bead.confidence)
        else:
            yield from map(_alone, (*left, *right))


def _alike(one: Unit, two: Unit) -> bool:
    """Whether two neighbours could be versions of each other: lengths in reach, no contradicting numbers."""
    han = sum(len(run) for run in HAN_RUN.findall(two.text)) or 1
    return (one.kind == "heading") == (two.kind == "heading") and 0.9 <= len(one.text) / han <= 9 and _agree(one, two)


def _alone(unit: Unit) -> Row:
    return Row(unit.kind, unit.level, {unit.language: (unit,)}, 0.0, "none")


def _row(en: tuple[Unit, ...], zh: tuple[Unit, ...], confidence: float) -> Row:
    alignment: Alignment = "weak"
    if confidence >= SURE:
        alignment = "paired" if len(en) == len(zh) == 1 else "merged"
    return Row(en[0].kind, max(unit.level for unit in (*en, *zh)), {"en": en, "zh": zh}, confidence, alignment)


def _with_title(rows: list[Row]) -> Layout:
    """The first row is the title where it is a heading of the highest level."""
    title: Mapping[Language, str] = {}
    if rows and rows[0].kind == "heading" and rows[0].level <= 1:
        title = {language: _one_line(units[0].text) for language, units in rows[0].units.items()}
        rows = rows[1:]
        if len(title) == 1 and rows and rows[0].kind == "heading" and len(rows) > 1:
            missing = other(next(iter(title)))
            if set(rows[0].units) == {missing} and rows[1].kind == "heading":
                title = {**title, missing: _one_line(rows[0].units[missing][0].text)}
                rows = rows[1:]
    return Layout(title, tuple(rows), ())


def _one_line(text: str) -> str:
    return " ".join(text.split())
