"""Passages that come as they are: what the formats that hold them share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from askdoc.chunking import passage_id
from askdoc.errors import DocumentMalformed, LimitExceeded
from askdoc.limits import Limits
from askdoc.model import LANGUAGES, Document, Language, Passage, Place, Section, Version
from askdoc.readers.source import Source
from askdoc.text import LINE_END, display


@dataclass(frozen=True, slots=True)
class Record:
    """One passage of a passages file."""

    id: str | None
    texts: dict[Language, str]
    section: tuple[str, ...]
    start: int
    end: int
    """Where the record stands in the source's cleaned text."""


def lines(source: Source) -> Iterator[tuple[int, int, int]]:
    """The number, start and end of each line that is not empty."""
    at, number = 0, 1
    for match in LINE_END.finditer(source.text):
        if source.text[at : match.start()].strip():
            yield number, at, match.start()
        at, number = match.end(), number + 1
    if source.text[at:].strip():
        yield number, at, len(source.text)


def document(records: Iterable[Record], name: str, source: Source, limits: Limits) -> Document:
    """A document of records; ids are kept, missing ones made from the content.

    Raises :class:`DocumentMalformed` for an id that stands twice, :class:`LimitExceeded` for what is too long or too many.
    """
    path = display(source.info.path)
    passages: list[Passage] = []
    sections: dict[tuple[str, ...], int] = {}
    taken: set[str] = set()
    for record in records:
        line = source.line_of(record.start)
        for text in record.texts.values():
            if len(text) > limits.record_characters:
                key = display(record.id or str(line))[:80]
                raise LimitExceeded(
                    "reader-record-long",
                    path=path,
                    id=key,
                    line=line,
                    length=len(text),
                    limit=limits.record_characters,
                )
        if record.id is not None and record.id in taken:
            reason = f"id {display(record.id)[:80]!r} (2×)"
            raise DocumentMalformed("reader-record", path=path, line=line, reason=reason)
        if len(passages) >= limits.document_passages:
            raise LimitExceeded("chunk-passages", limit=limits.document_passages)
        sections[record.section] = sections.get(record.section, 0) + 1
        key = _id(record, taken)
        taken.add(key)
        passages.append(_passage(record, key, sections[record.section], source.place(record.start, record.end)))
    if not passages:
        raise DocumentMalformed("reader-no-records", path=path)
    found = tuple(Section(dict.fromkeys(LANGUAGES, section)) for section in sections)
    return Document(name, {}, found, tuple(passages), (source.info,), source.warnings)


def _id(record: Record, taken: set[str]) -> str:
    if record.id is not None:
        return record.id
    made = passage_id(record.texts[language] for language in LANGUAGES if language in record.texts)
    name, number = made, 2
    while name in taken:
        name, number = f"{made}-{number}", number + 1
    return name


def _passage(record: Record, key: str, paragraph: int, place: Place) -> Passage:
    versions = {
        language: Version(record.texts[language], place, record.section, paragraph)
        for language in LANGUAGES
        if language in record.texts
    }
    if len(versions) == 2:
        return Passage(key, versions, "paired", "1:1", 1.0)
    return Passage(key, versions)
