"""Passages as a table: ``.tsv`` and ``.csv`` with columns named ``en`` and ``zh``, and if there are, ``id`` and ``section``."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from askdoc.errors import DocumentMalformed
from askdoc.limits import Limits
from askdoc.model import Language
from askdoc.readers import passage_records
from askdoc.readers.source_file import Source

_NAMES: Final[Mapping[str, Language]] = {
    **dict.fromkeys(("en", "en-us", "en-gb", "english", "英文", "英语"), "en"),
    **dict.fromkeys(("zh", "zh-cn", "zh-tw", "zh-hans", "zh-hant", "chinese", "中文", "汉语"), "zh"),
}
_CELL: Final = 131_072
"""The csv module's own limit of a cell; an unclosed quote would swallow the rest of the file."""


def parse(source: Source, limits: Limits) -> Iterator[passage_records.Record]:
    """Yield the records of a table. Raises :class:`DocumentMalformed` where the columns are missing or a row is broken."""
    ending = Path(source.info.path).suffix.lower()
    rows = _rows(source, _form(source.text, ending), limits)
    header, _, _ = next(rows, ([], 0, 0))
    names = [name.strip().strip("\ufeff").lower().replace("_", "-") for name in header]
    languages: dict[Language, int] = {}
    for column, name in enumerate(names):
        if name in _NAMES:
            languages.setdefault(_NAMES[name], column)
    if not languages:
        raise DocumentMalformed("reader-columns", path=source.name)
    columns = {name: names.index(name) for name in ("id", "section") if name in names}
    for row, start, end in rows:
        if any(cell.strip() for cell in row[len(names) :]):
            raise passage_records.malformed(source, start, f"{len(row)} > {len(names)} columns")
        texts = {
            language: row[column] for language, column in languages.items() if column < len(row) and row[column].strip()
        }
        section = _cell(row, columns.get("section"))
        yield passage_records.Record(
            _cell(row, columns.get("id")) or None, texts, (section,) if section else (), start, end
        )


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _form(text: str, ending: str) -> dict[str, Any]:
    """Return the options of the csv module that fit: what parts the cells, and whether quotes enclose them.

    Tab-separated files have no quoting by their standard, but spreadsheets write it: where a cell has quotes doubled
    inside it, or opens one that it does not close.
    """
    head = text[: text.find("\n")] if "\n" in text else text
    if ending == ".csv":
        most = max(",;\t", key=head.count)
        return {"delimiter": most, "quoting": csv.QUOTE_MINIMAL, "strict": True}
    quoted = re.search(r'(?:^|\t)"(?:[^"\t\n]|"")*(?:$|""(?:\t|$)|\n|"")', text, re.MULTILINE) is not None
    return {"delimiter": "\t", "quoting": csv.QUOTE_MINIMAL if quoted and text.count('"') % 2 == 0 else csv.QUOTE_NONE}


def _rows(source: Source, form: Mapping[str, Any], limits: Limits) -> Iterator[tuple[list[str], int, int]]:
    """Yield the rows that are not blank, with their spans; a quoted cell may go over several lines."""
    spans: list[tuple[int, int]] = []

    def feed() -> Iterator[str]:
        for start, end in passage_records.lines(source.text):
            spans.append((start, end))
            yield source.text[start:end]

    if limits.record_characters > _CELL:
        csv.field_size_limit(max(csv.field_size_limit(), limits.record_characters + 1))
    reader = csv.reader(feed(), **form)
    while True:
        first = len(spans)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise passage_records.malformed(source, spans[first][0] if first < len(spans) else 0, str(error)) from None
        if any(cell.strip() for cell in row):
            start, end = spans[first][0], spans[-1][1]
            yield row, start, start + len(source.text[start:end].rstrip())
