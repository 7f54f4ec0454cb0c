"""Passages as JSON, one object a line: ``{"id": …, "en": …, "zh": …, "section": […]}``."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from askdoc.limits import Limits
from askdoc.model import Language
from askdoc.readers import passage_records
from askdoc.readers.source_file import Source
from askdoc.text import json_text


class _Row(Struct):
    id: str | int | None = None
    en: str | None = None
    zh: str | None = None
    section: str | list[str] | None = None


def parse(source: Source, limits: Limits) -> Iterator[passage_records.Record]:
    """Yield the records of a passages file. Raises :class:`DocumentMalformed` naming the line that is none."""
    for start, end in passage_records.lines(source.text):
        line = source.text[start:end].rstrip()
        if line.strip().strip("\ufeff"):
            try:
                row = json_text.loads(line.strip().strip("\ufeff"), _Row)
            except ValueError as error:
                raise passage_records.malformed(source, start, str(error)) from None
            yield _record(row, start, start + len(line))


def _record(row: _Row, start: int, end: int) -> passage_records.Record:
    texts: dict[Language, str] = {"en": row.en or "", "zh": row.zh or ""}
    headings = [row.section] if isinstance(row.section, str) else row.section or ()
    path = tuple(heading for heading in headings if heading.strip())
    return passage_records.Record(None if row.id in (None, "") else str(row.id), texts, path, start, end)
