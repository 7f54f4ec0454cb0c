"""Passages as JSON, one object a line: ``{"id": …, "en": …, "zh": …, "section": […]}``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Never

from askdoc.limits import Limits
from askdoc.model import LANGUAGES, Document, Language
from askdoc.readers import records
from askdoc.readers.source import Source


def read(source: Source, name: str, ending: str, limits: Limits) -> Document:
    """The document of a passages file. Raises :class:`askdoc.errors.DocumentMalformed` naming the line that is none."""
    return records.document(_records(source), name, source, limits)


def _records(source: Source) -> Iterator[records.Record]:
    for start, end in records.lines(source.text):
        line = source.text[start:end].strip().strip("\ufeff")
        if not line:
            continue
        try:
            # 5,000 digits are a ValueError, 200,000 brackets a RecursionError.
            row = json.loads(line, parse_constant=_refuse, object_pairs_hook=_object)
            yield _record(row, start, start + len(source.text[start:end].rstrip()))
        except (ValueError, RecursionError, TypeError) as error:
            raise records.malformed(source, start, str(error)) from None


def _refuse(constant: str) -> Never:
    raise ValueError(constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise ValueError(next(f"{name!r} 2×" for name, count in counts.items() if count > 1))
    return found


def _record(row: Any, start: int, end: int) -> records.Record:
    if not isinstance(row, dict):
        raise TypeError(f"{type(row).__name__}, not an object")
    texts: dict[Language, str] = {}
    for language in LANGUAGES:
        text = row.get(language)
        if text is not None and not isinstance(text, str):
            raise TypeError(f'"{language}": {type(text).__name__}')
        if text:
            texts[language] = text
    key = row.get("id")
    if isinstance(key, bool) or not (key is None or isinstance(key, (str, int))):
        raise TypeError(f'"id": {type(key).__name__}')
    section = row.get("section")
    headings = [section] if isinstance(section, str) else section if section is not None else []
    if not isinstance(headings, list) or not all(isinstance(heading, str) for heading in headings):
        raise TypeError(f'"section": {type(section).__name__}')
    path = tuple(heading for heading in headings if heading.strip())
    return records.Record(None if key in (None, "") else str(key), texts, path, start, end)
