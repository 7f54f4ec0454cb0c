"""Passages that come as they are: what the formats that hold them share."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from askdoc.bitext.chunking import passage_id
from askdoc.errors import DocumentMalformed, LimitExceeded
from askdoc.limits import Limits
from askdoc.model import LANGUAGES, Document, Language, Passage, Place, Section, Version, Warning_
from askdoc.readers.source_file import Source
from askdoc.text.cleaning import clean, display
from askdoc.text.spans import numbered

_LONGEST_ID: Final = 200


class Record(Struct, frozen=True):
    """One passage of a passages file."""

    id: str | None
    texts: Mapping[Language, str]
    section: tuple[str, ...]
    start: int
    end: int
    """Where the record stands in the source's cleaned text."""


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line with its end: LF, CR LF or CR, for U+2028 may stand inside JSON and cells."""
    start = 0
    for line in io.StringIO(text, newline=""):
        yield start, start + len(line)
        start += len(line)


def malformed(source: Source, start: int, reason: str) -> DocumentMalformed:
    """Return the error for the record that starts at an offset."""
    return DocumentMalformed(
        "reader-record", path=source.name, line=source.line_of(start), reason=display(reason).replace("\n", " ")[:160]
    )


def document(records: Iterable[Record], name: str, source: Source, limits: Limits) -> Document:
    """Make a document of records; ids are kept, missing ones made from the content. Records without text are counted.

    Raises :class:`DocumentMalformed` for an id that stands twice, :class:`LimitExceeded` for what is too long or too many.
    """
    passages: list[Passage] = []
    sections: dict[tuple[str, ...], int] = {}
    lines_of: dict[tuple[str, ...], tuple[int, int]] = {}
    taken: set[str] = set()
    copies: Counter[str] = Counter()
    blank: list[int] = []
    for record in records:
        texts = {language: clean(text).text for language, text in record.texts.items()}
        texts = {language: texts[language] for language in LANGUAGES if texts.get(language, "").strip()}
        if not texts:
            blank.append(source.line_of(record.start))
            continue
        _bounded(record, texts, source, limits)
        key = _id(record, texts, taken, copies, source)
        taken.add(key)
        if len(passages) >= limits.document_passages:
            raise LimitExceeded("reader-too-many", path=source.name, limit=limits.document_passages)
        section = tuple(" ".join(clean(heading).text.split()) for heading in record.section)
        sections[section] = sections.get(section, 0) + 1
        place = source.place(record.start, record.end)
        lines_of.setdefault(section, place.lines)
        passages.append(_passage(key, texts, section, sections[section], place))
    if not passages:
        raise DocumentMalformed("reader-no-records", path=source.name)
    outline = tuple(Section(dict.fromkeys(LANGUAGES, section), lines_of[section]) for section in sections)
    warnings = source.warnings
    if blank:
        warnings = (
            *warnings,
            Warning_("reader-blank-records", {"path": source.name, "count": len(blank), "line": blank[0]}),
        )
    return Document(name, {}, outline, tuple(passages), (source.info,), warnings)


def _bounded(record: Record, texts: Mapping[Language, str], source: Source, limits: Limits) -> None:
    for text in texts.values():
        if len(text) > limits.record_characters:
            line = source.line_of(record.start)
            raise LimitExceeded(
                "reader-record-long",
                path=source.name,
                id=display(record.id or str(line)).replace("\n", " ")[:80],
                line=line,
                length=len(text),
                limit=limits.record_characters,
            )


def _id(record: Record, texts: Mapping[Language, str], taken: set[str], copies: Counter[str], source: Source) -> str:
    """Return the id of a record; ``copies``: the last number that an id made from the same content got."""
    if record.id is not None:
        key = record.id
        if len(key) > _LONGEST_ID or key != display(key) or "\n" in key or key != key.strip():
            raise malformed(source, record.start, f"id {key[:40]!r}")
        if key in taken:
            raise malformed(source, record.start, f"id {key!r} 2×")
        return key
    return numbered(passage_id(iter(texts.values())), taken, copies)


def _passage(
    key: str, texts: Mapping[Language, str], section: tuple[str, ...], paragraph: int, place: Place
) -> Passage:
    versions = {language: Version(text, place, section, paragraph) for language, text in texts.items()}
    if len(versions) == 2:
        return Passage(key, versions, "paired", "1:1", 1.0)
    return Passage(key, versions)
