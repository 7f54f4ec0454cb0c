"""The plan of a build: which documents are new, changed, unchanged or gone. Reads no document."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from askdoc.errors import IndexStale
from askdoc.limits import Limits
from askdoc.model import Document, Language, Passage, SourceInfo
from askdoc.storage.records import Record
from askdoc.storage.writing.index_writer import Analyzer
from askdoc.text.spans import numbered

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.analysis.worker_pool import Workers

Files = tuple[tuple[Path, Language | None], ...]
"""The files of one document, each with its language where the document is two files."""

_TICK: Final = 0.02
"""Seconds within which a file system may give two writes the same time (two timer ticks of at most 10 ms)."""


class DocumentFiles(Struct, frozen=True):
    """A document to be indexed."""

    name: str
    """Its name in the index; before it is planned, the name that it would have alone."""
    files: Files
    """Empty where they are gone: the document is then written from what the index stores of it."""
    record: Record | None = None
    """Its row, where the index has it already."""


class TextAnalyzer:
    """The program's own analyzer."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields."""
        from askdoc.analysis import FIELDS

        return FIELDS

    @cached_property
    def fingerprint(self) -> str:
        """Identification of everything that the terms depend on: the text that is read, and its analysis."""
        from askdoc.analysis import fingerprint
        from askdoc.readers import REVISION

        return f"{fingerprint()}-{REVISION}"

    def terms(self, passage: Passage, title: Mapping[Language, str]) -> dict[str, dict[str, int]]:
        """Return the terms of a passage: for each field that has any, each term's count."""
        from askdoc.analysis import index_terms

        return index_terms(passage, title)

    def workers(self) -> Workers | None:
        """Return processes that analyse many passages in parallel; ``None`` where there is only one processor."""
        from askdoc.analysis.worker_pool import Workers, processes

        count = processes()
        return Workers(count) if count else None


def no_encoder() -> Encoder | None:
    """Return no encoder: there are no sentence vectors."""
    return None


class Components(Struct, frozen=True):
    """The readers, analyzer and encoder of a build; tests replace them."""

    group: Callable[[Sequence[Path], Sequence[tuple[Path, Path]]], list[DocumentFiles]]
    """Paths and pairs → documents: files whose names differ only by a language mark are one document."""
    read: Callable[[str, Files, Limits], Document]
    analyzer: Analyzer
    encoder: Callable[[], Encoder | None] = no_encoder
    """The encoder of sentence vectors; ``None`` where there are to be none."""


def default_encoder() -> Encoder | None:
    """Return the encoder of the extra ``askdoc[semantic]``, not yet loaded; ``None`` where it is not installed."""
    from askdoc.analysis.sentence_encoder import installed

    return installed()


def default_components(semantic: bool = False) -> Components:
    """Return the program's own readers and analyzer; they are imported on first use.

    ``semantic``: whether sentence vectors take part where the extra is installed.
    """

    def group(paths: Sequence[Path], pairs: Sequence[tuple[Path, Path]]) -> list[DocumentFiles]:
        from askdoc.readers import grouping

        return [DocumentFiles(document.name, document.files) for document in grouping.group(paths, pairs)]

    def read(name: str, files: Files, limits: Limits) -> Document:
        from askdoc.readers import read_document
        from askdoc.readers.grouping import Group

        return read_document(Group(name, files), limits=limits)

    return Components(group, read, TextAnalyzer(), default_encoder if semantic else no_encoder)


class Plan(Struct):
    """The changes that a build has to make."""

    put: list[DocumentFiles] = field(default_factory=list)
    """Documents to be written, in the index's order, new ones last."""
    touch: list[Record] = field(default_factory=list)
    """Rows of documents with the same contents and new file times; nothing else of them is written."""
    remove: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Whether anything has to be written."""
        return bool(self.put or self.touch or self.remove)


def locate(path: Path) -> Path:
    """Return the absolute path of a file with links followed, which identifies a source."""
    return Path(os.path.realpath(path))


def plan(records: Sequence[Record], documents: Sequence[DocumentFiles]) -> Plan:
    """Compare documents to be read with those of an index. A document is known by its files, not by its name."""
    result = Plan()
    names = {record.summary.name for record in records}
    owners = {location: record for record in records for location in record.locations if location}
    taken: set[int] = set()
    last_numbers: dict[str, int] = {}
    seen: set[tuple[str, ...]] = set()
    for document in documents:
        name, files = document.name, document.files
        places = [str(locate(path)) for path, _ in files]
        if tuple(places) in seen:
            continue  # one file under two names
        seen.add(tuple(places))
        owned = [owners[place] for place in places if place in owners and owners[place].id not in taken]
        if not owned:
            unique = numbered(name, names, last_numbers)
            names.add(unique)
            result.added.append(unique)
            result.put.append(DocumentFiles(unique, files))
            continue
        record = owned[0]
        taken.update(owner.id for owner in owned)
        # A pair of files may take the place of two documents of a file each.
        result.remove += sorted({owner.summary.name for owner in owned} - {record.summary.name})
        _compare(result, record, files, places)
    result.put.sort(key=lambda document: document.record.id if document.record else 1 << 62)
    return result


def _compare(result: Plan, record: Record, files: Files, places: Sequence[str]) -> None:
    name = record.summary.name
    sources = _same(record, files, places)
    if sources is None:
        result.changed.append(name)
        result.put.append(DocumentFiles(name, files, record))
        return
    result.unchanged.append(name)
    if sources != record.summary.sources:
        result.touch.append(replace(record, summary=replace(record.summary, sources=sources)))


def _same(record: Record, files: Files, places: Sequence[str]) -> tuple[SourceInfo, ...] | None:
    """Return the sources of an unchanged document with their current times; ``None`` where one changed."""
    sources = record.summary.sources
    recorded = dict(zip(record.locations, sources, strict=True))
    if len(recorded) != len(sources) or set(recorded) != set(places):
        return None
    if len(files) > 1 and any(
        recorded[place].language != language for place, (_, language) in zip(places, files, strict=True)
    ):
        return None
    current = []
    for location, source in recorded.items():
        try:
            status = Path(location).stat()
        except OSError:
            return None  # the reader reports what is wrong
        if not stat.S_ISREG(status.st_mode) or status.st_size != source.size:
            return None
        if (status.st_mtime_ns, status.st_ino) != (source.mtime_ns, source.inode):
            if _sha256(location) != source.sha256:
                return None
            source = replace(source, mtime_ns=status.st_mtime_ns, inode=status.st_ino)
        current.append(source)
    return tuple(current)


def _sha256(location: str) -> str:
    try:
        with Path(location).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def settle(files: Files) -> None:
    """Wait until a later write of these files is certain to change their times."""
    for path, _ in files:
        try:
            age = time.time() - path.stat().st_mtime
        except OSError:
            continue  # the reader reports what is wrong
        if -_TICK < age < _TICK:
            time.sleep(_TICK)


def plan_rebuild(path: Path, records: Sequence[Record], documents: Sequence[DocumentFiles], *, stored: bool) -> Plan:
    """Plan to write all documents of an index from their sources, and those to be added.

    ``stored`` allows documents without their sources to be made from what the index stores of them; else raises
    :class:`IndexStale` for the first one.
    """
    result = plan(records, documents)
    by_name = {document.name: document for document in result.put}
    listed = {str(locate(file)): document.files for document in documents for file, _ in document.files}
    whole: list[DocumentFiles] = []
    for record in records:
        name = record.summary.name
        if name in result.remove:
            continue
        if name in by_name:
            whole.append(by_name.pop(name))
            continue
        files = next((listed[place] for place in record.locations if place in listed), ()) or recorded_files(record)
        if not files and not stored:
            gone = next((source.path for source in record.summary.sources), name)
            raise IndexStale("index-stale", path=str(path), name=path.stem, source=gone)
        whole.append(DocumentFiles(name, files, record))
    result.put = [*whole, *by_name.values()]
    result.touch = []
    return result


def recorded_files(record: Record) -> Files:
    """Return the files of a document as the index recorded them; none where one of them is gone."""
    files: list[tuple[Path, Language | None]] = []
    for source, location in zip(record.summary.sources, record.locations, strict=True):
        if not location or not Path(location).is_file():
            return ()
        # As it was named, where that still leads to it: citations then look the same.
        named = Path(source.path)
        files.append((named if str(locate(named)) == location else Path(location), source.language))
    return tuple(files)
