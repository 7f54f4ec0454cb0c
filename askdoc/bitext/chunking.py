"""Rows → passages of bounded length, never across a section, both versions cut at the same places."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, Protocol

from msgspec import Struct

from askdoc.bitext.align import DOUBTFUL, SURE, align
from askdoc.bitext.pieces import LIST_ITEM
from askdoc.bitext.units import Layout, Row, Unit
from askdoc.errors import LimitExceeded
from askdoc.limits import DEFAULT, Limits
from askdoc.model import LANGUAGES, Alignment, Language, Passage, Place, Section, Version, other
from askdoc.text.sentences import sentences
from askdoc.text.spans import line_spans, numbered, trimmed

_ID_BYTES: Final = 5
"""Eight base32 characters: a clash among 100,000 passages has a chance of 0.5 %, and gets a number."""

_LONGEST_LEAD: Final = 200
"""Characters of a paragraph that announces a list."""

Span = tuple[int, int]


class SourceLike(Protocol):
    """What chunking needs of a source."""

    @property
    def text(self) -> str:
        """The cleaned text."""

    def place(self, start: int, end: int) -> Place:
        """Where a slice of the text stands."""


class _Draft(Struct, frozen=True):
    """A passage before it has an id: for each language its source and span."""

    row: Row
    spans: Mapping[Language, tuple[int, Span]]
    alignment: Alignment
    bead: str
    confidence: float
    section: int
    paragraph: int
    leads: Mapping[Language, Span] = {}
    """What is read before a later part of a long list or table: the line that announces the list, the table's header."""


def chunk(
    layout: Layout, sources: Sequence[SourceLike], limits: Limits = DEFAULT
) -> tuple[tuple[Section, ...], tuple[Passage, ...]]:
    """Return the sections and the passages of a layout. Raises :class:`LimitExceeded` beyond ``limits.document_passages``."""
    rows = list(layout.rows)
    if all(row.kind == "heading" for row in rows):
        rows = [_as_body(row) for row in rows]  # headings with nothing below them anywhere are all there is to quote
    sections: list[Section] = [Section(dict.fromkeys(LANGUAGES, ()))]
    stack: list[tuple[int, dict[Language, str]]] = []
    drafts: list[_Draft] = []
    paragraph = 0
    before: Row | None = None
    for row in rows:
        announced, before = before, row
        if row.kind == "heading":
            stack = [entry for entry in stack if entry[0] < row.level][: limits.heading_depth - 1]
            stack.append((row.level, _heading(row)))
            sections.append(_section(stack, row, sources))
            paragraph = 0
            continue
        paragraph += 1
        drafts += _cut(row, _leads(row, announced), sources, limits, len(sections) - 1, paragraph)
        if len(drafts) > limits.document_passages:
            raise LimitExceeded("chunk-passages", limit=limits.document_passages)
    passages = tuple(_passages(drafts, sections, sources))
    return tuple(sections[0 if drafts and drafts[0].section == 0 else 1 :]), passages


def _as_body(row: Row) -> Row:
    return Row("prose", 0, row.units, row.confidence, row.alignment)


def _heading(row: Row) -> dict[Language, str]:
    """Return a heading in both languages; where it exists in one, that one stands for both."""
    headings = {
        language: " ".join(" ".join(unit.text for unit in units).split()) for language, units in row.units.items()
    }
    return {language: headings.get(language) or headings[other(language)] for language in LANGUAGES}


def _section(stack: list[tuple[int, dict[Language, str]]], row: Row, sources: Sequence[SourceLike]) -> Section:
    units = [unit for unit_list in row.units.values() for unit in unit_list]
    lines = [sources[unit.source].place(*unit.span).lines for unit in units if unit.source == units[0].source]
    path = {language: tuple(texts[language] for _, texts in stack) for language in LANGUAGES}
    return Section(path, (min(first for first, _ in lines), max(last for _, last in lines)))


# --- cutting ---------------------------------------------------------------------------------------------------


def _leads(row: Row, before: Row | None) -> dict[Language, Span]:
    """Return what must be read before any part of a list or table that is divided."""
    leads: dict[Language, Span] = {}
    for language, units in row.units.items():
        start, _ = units[0].span
        if row.kind == "table":
            leads[language] = start, start + len(units[0].text.partition("\n")[0])
        elif row.kind == "list" and before is not None and before.kind == "prose" and language in before.units:
            unit = before.units[language][-1]
            if unit.text[-1] in ":：" and len(unit.text) <= _LONGEST_LEAD:
                leads[language] = unit.span
    return leads


def _cut(
    row: Row,
    leads: Mapping[Language, Span],
    sources: Sequence[SourceLike],
    limits: Limits,
    section: int,
    paragraph: int,
) -> Iterator[_Draft]:
    """Return a row as one passage, or as several where it is too long: the later ones with what announces them."""
    whole = {language: (units[0].source, _span(units)) for language, units in row.units.items()}
    texts = {language: sources[source].text[slice(*span)] for language, (source, span) in whole.items()}
    bead = _bead_kind(row)
    if not _too_long(texts, limits, row):
        yield _Draft(row, whole, row.alignment, bead, row.confidence, section, paragraph)
        return
    for spans, confidence in _pieces(texts, row, limits):
        placed = {
            language: (whole[language][0], (whole[language][1][0] + start, whole[language][1][0] + end))
            for language, (start, end) in spans.items()
        }
        alignment, sure = row.alignment, min(row.confidence, confidence)
        if len(spans) == 1:
            alignment, sure = "none", 0.0
        elif sure < SURE and alignment != "weak":
            alignment = "weak"
        first = all(span[0] == whole[language][1][0] for language, (_, span) in placed.items())
        later = {} if first else {language: leads[language] for language in placed if language in leads}
        yield _Draft(row, placed, alignment, bead if len(spans) == 2 else "", sure, section, paragraph, later)


def _span(units: Sequence[Unit]) -> Span:
    return units[0].span[0], units[-1].span[1]


def _bead_kind(row: Row) -> str:
    if len(row.units) < 2:
        return ""
    return f"{len(row.units['en'])}:{len(row.units['zh'])}"


def _too_long(texts: Mapping[Language, str], limits: Limits, row: Row) -> bool:
    bounds = {"en": limits.long_english, "zh": limits.long_chinese}
    if row.kind in ("list", "table", "code"):
        bounds = dict.fromkeys(bounds, limits.hard_passage)
    return any(len(text) > bounds[language] for language, text in texts.items())


def _pieces(texts: Mapping[Language, str], row: Row, limits: Limits) -> Iterator[tuple[dict[Language, Span], float]]:
    """Spans of each version's text that belong together, with the confidence that they do."""
    bounds = {language: _atoms(text, language, row, limits) for language, text in texts.items()}
    if len(texts) == 1:
        language = next(iter(texts))
        for span in _gather(bounds[language], _target(language, row, limits)):
            yield {language: span}, 0.0
        return
    beads = align(
        [texts["en"][start:end] for start, end in bounds["en"]], [texts["zh"][start:end] for start, end in bounds["zh"]]
    )
    piece: dict[Language, Span] = {}
    sure = 1.0
    for bead in beads:
        # A cut stands only before a bead that is sure of both sides: what stands together must be right.
        if piece and _full(piece, row, limits) and min(bead.confidence, 1.0) >= DOUBTFUL and len(piece) == 2:
            yield from _bounded(piece, texts, sure, limits)
            piece, sure = {}, 1.0
        for language, (first, last) in (("en", bead.en), ("zh", bead.zh)):
            if first < last:
                start, end = bounds[language][first][0], bounds[language][last - 1][1]
                piece[language] = (piece[language][0] if language in piece else start), end
        if bead.confidence:
            sure = min(sure, max(bead.confidence, row.confidence if len(beads) == 1 else 0.0))
    yield from _bounded(piece, texts, sure, limits)


def _target(language: Language, row: Row, limits: Limits) -> int:
    if row.kind in ("list", "table", "code"):
        return limits.hard_passage
    return limits.target_english if language == "en" else limits.target_chinese


def _full(piece: Mapping[Language, Span], row: Row, limits: Limits) -> bool:
    return any(end - start >= _target(language, row, limits) * 0.8 for language, (start, end) in piece.items())


def _bounded(
    piece: dict[Language, Span], texts: Mapping[Language, str], sure: float, limits: Limits
) -> Iterator[tuple[dict[Language, Span], float]]:
    """Return a piece, or, where it could not be cut safely and is beyond the hard limit, its sides cut apart."""
    if all(end - start <= limits.hard_passage for start, end in piece.values()):
        if piece:
            yield piece, sure
        return
    for language, (start, end) in piece.items():
        for cut in range(start, end, limits.hard_passage):
            yield {language: trimmed(texts[language], cut, min(cut + limits.hard_passage, end))}, 0.0


def _atoms(text: str, language: Language, row: Row, limits: Limits) -> list[Span]:
    """Return what is never cut: sentences, items, rows or lines of code; cut all the same beyond the hard limit."""
    if row.kind == "list":
        spans = list(_entries(text))
    elif row.kind in ("table", "code"):
        spans = [(start, end) for start, end in line_spans(text) if text[start:end].strip()]
    else:
        spans = sentences(text, language)
    return [part for start, end in spans for part in _hard(text, start, end, limits.hard_passage)]


def _entries(text: str) -> Iterator[Span]:
    """Return the items of a list, each with the lines below it that are no items."""
    start = 0
    for first, _ in line_spans(text):
        if first > start and LIST_ITEM.match(text, first):
            yield trimmed(text, start, first)
            start = first
    yield trimmed(text, start, len(text))


def _hard(text: str, start: int, end: int, most: int) -> Iterator[Span]:
    while end - start > most:
        cut = text.rfind(" ", start + most // 2, start + most)
        cut = start + most if cut < 0 else cut
        yield start, cut
        start = cut + (text[cut : cut + 1] == " ")
    if start < end:
        yield start, end


def _gather(atoms: Sequence[Span], target: int) -> Iterator[Span]:
    """Neighbouring atoms together, near the target."""
    start = end = -1
    for first, last in atoms:
        if start >= 0 and (last - start > target * 1.25 or end - start >= target):
            yield start, end
            start = -1
        if start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end


# --- passages --------------------------------------------------------------------------------------------------


def _passages(
    drafts: Sequence[_Draft], sections: Sequence[Section], sources: Sequence[SourceLike]
) -> Iterator[Passage]:
    taken: set[str] = set()
    last_numbers: dict[str, int] = {}
    for draft in drafts:
        path = sections[draft.section].path
        versions = {
            language: Version(
                _text(sources[source].text, draft.leads.get(language), span),
                sources[source].place(*span),
                path[language],
                draft.paragraph,
            )
            for language, (source, span) in sorted(draft.spans.items())
        }
        name = numbered(passage_id(version.text for version in versions.values()), taken, last_numbers)
        taken.add(name)
        yield Passage(name, versions, draft.alignment, draft.bead, draft.confidence, draft.row.kind)


def _text(text: str, lead: Span | None, span: Span) -> str:
    return f"{text[slice(*lead)]}\n{text[slice(*span)]}" if lead else text[slice(*span)]


def passage_id(texts: Iterator[str]) -> str:
    """Return an id made from a passage's texts alone, so that it survives every change elsewhere: 8 base32 characters."""
    digest = blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).digest()
    return base64.b32encode(digest).decode().lower()
