"""Passages as a table: ``.tsv`` and ``.csv`` with columns named ``en`` and ``zh``, and if there are, ``id`` and ``section``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from askdoc.errors import DocumentMalformed
from askdoc.limits import Limits
from askdoc.model import Document, Language
from askdoc.readers import records
from askdoc.readers.source import Source
from askdoc.text import display

_NAMES: Final[dict[str, Language]] = {
    "en": "en",
    "english": "en",
    "英文": "en",
    "zh": "zh",
    "chinese": "zh",
    "中文": "zh",
}


def read(source: Source, name: str, ending: str, limits: Limits) -> Document:
    """The document of a table. Raises :class:`DocumentMalformed` where the columns are missing or a row is broken."""
    return records.document(_records(source, ending, limits), name, source, limits)


def _records(source: Source, ending: str, limits: Limits) -> Iterator[records.Record]:
    path = display(source.info.path)
    rows = _rows(source, ending, limits)
    header = next(rows, None)
    columns = {name.strip().lower().lstrip("\ufeff"): at for at, name in enumerate(header[0])} if header else {}
    languages = {_NAMES[name]: at for name, at in columns.items() if name in _NAMES}
    if not languages:
        raise DocumentMalformed("reader-columns", path=path)
    for row, start, end in rows:
        texts = {language: row[at].strip() for language, at in languages.items() if at < len(row) and row[at].strip()}
        if not texts:
            continue
        key = _cell(row, columns.get("id"))
        section = _cell(row, columns.get("section"))
        yield records.Record(key or None, texts, (section,) if section else (), start, end)


def _cell(row: list[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


def _rows(source: Source, ending: str, limits: Limits) -> Iterator[tuple[list[str], int, int]]:
    """The rows with their places; a quoted cell may span lines."""
    lines = list(_lines(source.text))
    taken = 0

    def feed() -> Iterator[str]:
        nonlocal taken
        for start, end in lines:
            taken += 1
            yield source.text[start:end]

    form = {"delimiter": "\t", "quoting": csv.QUOTE_MINIMAL} if ending == ".tsv" else {"delimiter": ","}
    if ending == ".tsv" and source.text.count('"') % 2:
        form["quoting"] = csv.QUOTE_NONE  # a lone quote is text, not the beginning of a cell that never ends
    csv.field_size_limit(max(limits.record_characters * 4, 131_072))
    reader = csv.reader(feed(), **form)  # type: ignore[call-overload]  # the options above are its own
    while True:
        first = taken
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DocumentMalformed(
                "reader-record", path=display(source.info.path), line=taken, reason=str(error)
            ) from None
        if any(cell.strip() for cell in row):
            start, end = lines[first][0], lines[taken - 1][1]
            yield row, start, start + len(source.text[start:end].rstrip())


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in io.StringIO(text, newline=""):
        yield at, at + len(line)
        at += len(line)
