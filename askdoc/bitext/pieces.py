"""Blocks taken apart by language: pieces in one language, and rows where a block holds both versions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from askdoc.bitext.languages import Piece, bracketed, split
from askdoc.bitext.units import Block, Row, Text, Unit
from askdoc.model import Language
from askdoc.text.han import HAN, HAN_RUN, LATIN_WORD, language_of
from askdoc.text.spans import line_spans, trimmed

Item = Unit | Row

LIST_ITEM: Final = re.compile(
    r"[ \t\u3000]{0,24}(?:(?P<bullet>[-*+•·‣◦▪●○■□◆–—])(?=[ \t\u3000])|(?P<dot>[•·‣◦▪●○■◆])(?=\S)"
    r"|[(（]?(?P<number>\d{1,3})(?:[)）、．](?!\d)|\.(?=[ \t\u3000]))|[(（](?P<roman>[ivxIVX]{1,5}|[a-zA-Z])[)）]"
    r"|[(（](?P<han>[一二三四五六七八九十]{1,3})[)）]|(?P<circled>[①-⑳]))"
)
"""What begins a line of a list."""


_HAN_PER_WORD: Final = 1.7
"""Chinese characters that an English word is translated with."""

_LEAST_SHARE: Final = 0.04
"""As much of a source in both languages is in the lesser of them, compared with the other; headings are not counted."""


def items(text: Text) -> list[Item]:
    """Return the blocks of a source in one or both languages, in order: units, and rows where both stand in one block."""
    parts = [_parts(block, text, None) for block in text.blocks]
    headings = [index for index, block in enumerate(text.blocks) if block.kind == "heading" and _alone(parts, index)]
    if headings:
        names, inline = _names(parts)
        both = in_both([item for part in parts for item in part])
        for index in headings:
            block = text.blocks[index]
            if row := bracketed(text.letters[block.start : block.end]):
                parts[index] = [_item(block, text, block.start, row)]
            # One word before Chinese is a heading's English only in a document that is written so throughout.
            elif inline or (both and len(LATIN_WORD.findall(text.letters, block.start, block.end)) > 1):
                parts[index] = _parts(block, text, names)
    return _settle([item for part in parts for item in part])


def in_both(content: Sequence[Item]) -> bool:
    """Whether a source is more than one language with names and remarks of the other, which pair with nothing."""
    english = chinese = 0.0
    for item in content:
        if item.kind == "heading":
            continue
        for unit in (item,) if isinstance(item, Unit) else (units[0] for units in item.units.values()):
            if unit.neutral:
                continue
            if unit.language == "en":
                english += len(LATIN_WORD.findall(unit.text))
            else:
                chinese += sum(map(len, HAN_RUN.findall(unit.text))) / _HAN_PER_WORD
    return min(english, chinese) >= _LEAST_SHARE * max(english, chinese)


def forced(text: Text, language: Language, source: int) -> list[Unit]:
    """Return the blocks of a source that is in one language by its name."""
    return [_unit(block, text, block.start, block.end, language, source) for block in text.blocks]


def _parts(block: Block, text: Text, names: Collection[str] | None) -> list[Item]:
    if block.kind in ("table", "code", "formula"):
        return [_unit(block, text, block.start, block.end, None)]
    if block.kind == "list":
        return _list(block, text)
    return _split(block, text, block.start, block.end, names)


def _split(block: Block, text: Text, start: int, end: int, names: Collection[str] | None = None) -> list[Item]:
    """Return a block as rows: one unit where it is in one language."""
    return [_item(block, text, start, row) for row in split(text.letters[start:end], names)]


def _item(block: Block, text: Text, offset: int, row: list[Piece]) -> Item:
    if len(row) == 1:
        _, start, end = row[0]
        return _unit(block, text, offset + start, offset + end, row[0][0])
    units = [_unit(block, text, offset + start, offset + end, language) for language, start, end in row]
    return Row(block.kind, block.level, {unit.language: (unit,) for unit in units}, 1.0, "paired")


def _unit(block: Block, text: Text, start: int, end: int, language: Language | None, source: int = 0) -> Unit:
    shown, letters = text.shown[start:end], text.letters[start:end]
    neutral = letters != shown and not _lettered(letters)
    language = language or language_of(letters) or "en"
    return Unit(language, block.kind, block.level, shown, (start, end), source, neutral)


def _list(block: Block, text: Text) -> list[Item]:
    """Return a list whole where it is in one language; else its items, those of one language that are neighbours together."""
    whole: list[Item] = [_unit(block, text, block.start, block.end, None)]
    letters = text.letters
    if not HAN.search(letters, block.start, block.end) or not LATIN_WORD.search(letters, block.start, block.end):
        return whole
    parts = [_split(block, text, start, end) for start, end in _entries(block, text.shown)]
    both = sum(any(isinstance(item, Row) for item in part) for part in parts)
    flat = [item for part in parts for item in part]
    if both >= 0.5 * len(parts):
        return flat
    units = [item for item in flat if isinstance(item, Unit)]
    if both or not _regular(units):
        return whole
    joined: list[Item] = []
    for unit in units:
        before = joined[-1] if joined else None
        if isinstance(before, Unit) and before.language == unit.language:
            joined[-1] = _unit(block, text, before.span[0], unit.span[1], unit.language)
        else:
            joined.append(unit)
    return joined


def _entries(block: Block, text: str) -> Iterator[tuple[int, int]]:
    """Return the items of a list: each from its marker to before the next."""
    starts = [start for start, _ in block.parts] or [
        start for start, _ in line_spans(text, block.start, block.end) if LIST_ITEM.match(text, start)
    ]
    cuts = [block.start, *(start for start in starts if start > block.start), block.end]
    for start, end in zip(cuts, cuts[1:], strict=False):
        yield trimmed(text, start, end)


def _regular(units: Sequence[Unit]) -> bool:
    """Whether the items are versions of each other: all of one language first, or turn by turn; English is no mere name."""
    english = [unit for unit in units if unit.language == "en"]
    if len(english) * 2 != len(units) or len(units) < 2:
        return False
    if sum(len(LATIN_WORD.findall(unit.text)) for unit in english) < 2 * len(english):
        return False
    changes = sum(before.language != after.language for before, after in zip(units, units[1:], strict=False))
    return changes in (1, len(units) - 1)


def _names(parts: Sequence[list[Item]]) -> tuple[frozenset[str], bool]:
    """Return the Latin words that a document uses inside Chinese, and whether it has both languages in most of its blocks."""
    body = [item for part in parts for item in part if item.kind != "heading"]
    rows = [item for item in body if isinstance(item, Row)]
    chinese = [unit for row in rows for unit in row.units["zh"]]
    chinese += [item for item in body if isinstance(item, Unit) and item.language == "zh"]
    names = frozenset(word for unit in chinese for word in LATIN_WORD.findall(unit.text))
    return names, bool(rows) and len(rows) * 2 >= len(body)


def _alone(parts: Sequence[list[Item]], index: int) -> bool:
    """Whether a heading could hold both languages: letters of both in one piece, no heading in another language beside."""
    item = parts[index][0]
    if len(parts[index]) != 1 or not isinstance(item, Unit):
        return False
    if not HAN.search(item.text) or not LATIN_WORD.search(item.text):
        return False
    near = [neighbour for place in (index - 1, index + 1) if 0 <= place < len(parts) for neighbour in parts[place]]
    return all(
        not isinstance(neighbour, Unit) or neighbour.kind != "heading" or neighbour.language == item.language
        for neighbour in near
    )


def _settle(parts: list[Item]) -> list[Item]:
    """Give pieces without letters the language of what stands before them, or else after."""
    language: Language | None = None
    for item in parts:
        if isinstance(item, Unit) and _speaks(item):
            language = item.language
            break
    settled: list[Item] = []
    for item in parts:
        if isinstance(item, Unit):
            if _speaks(item):
                language = item.language
            elif language is not None and item.language != language:
                item = replace(item, language=language)
        settled.append(item)
    return settled


def _speaks(unit: Unit) -> bool:
    """Whether a piece has a language of its own."""
    return not unit.neutral and _lettered(unit.text)


def _lettered(text: str) -> bool:
    return bool(HAN_RUN.search(text) or LATIN_WORD.search(text))
