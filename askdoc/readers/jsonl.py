"""Passages as JSON, one object a line: ``{"id": …, "en": …, "zh": …, "section": […]}``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Never

from askdoc.errors import DocumentMalformed
from askdoc.limits import Limits
from askdoc.model import LANGUAGES, Document, Language
from askdoc.readers import records
from askdoc.readers.source import Source
from askdoc.text import clean, display


def read(source: Source, name: str, ending: str, limits: Limits) -> Document:
    """The document of a passages file. Raises :class:`DocumentMalformed` naming the line that is none."""
    return records.document(_records(source), name, source, limits)


def _records(source: Source) -> Iterator[records.Record]:
    for number, start, end in records.lines(source):
        try:
            row = json.loads(source.text[start:end].strip("\ufeff \t"), parse_constant=_refuse)
            yield _record(row, start, end)
        except (ValueError, RecursionError, TypeError) as error:
            reason = "JSON" if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
            raise DocumentMalformed(
                "reader-record", path=display(source.info.path), line=number, reason=display(reason)[:120]
            ) from None


def _refuse(constant: str) -> Never:
    raise ValueError(constant)


def _record(row: Any, start: int, end: int) -> records.Record:
    if not isinstance(row, dict):
        message = "{…}"
        raise TypeError(message)
    texts: dict[Language, str] = {}
    for language in LANGUAGES:
        text = row.get(language)
        if text is not None and not isinstance(text, str):
            raise TypeError(language)
        if text and (kept := clean(text).text).strip():
            texts[language] = kept
    if not texts:
        message = "en, zh"
        raise ValueError(message)
    key = row.get("id")
    if isinstance(key, bool) or not (key is None or isinstance(key, (str, int))):
        message = "id"
        raise TypeError(message)
    section = row.get("section") or []
    if isinstance(section, str):
        section = [section]
    if not (isinstance(section, list) and all(isinstance(heading, str) for heading in section)):
        message = "section"
        raise TypeError(message)
    path = tuple(clean(heading).text for heading in section)
    return records.Record(None if key in (None, "") else clean(str(key)).text, texts, path, start, end)
