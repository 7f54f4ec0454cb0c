"""The plan of a build: which documents are new, changed, unchanged or gone. Reads no document."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from askdoc.analysis import FIELDS, fingerprint, index_terms
from askdoc.errors import IndexStale
from askdoc.limits import Limits
from askdoc.model import Document, DocumentFiles, Language, SourceInfo
from askdoc.storage.records import Record
from askdoc.storage.writing.analysis_pipeline import Analyzer
from askdoc.text.spans import numbered

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.analysis.worker_pool import Workers

_TICK: Final = 0.02
"""Seconds within which a file system may give two writes the same time (two timer ticks of at most 10 ms)."""

# --- what a build works with -----------------------------------------------------------------------------------------


class TextAnalyzer:
    """The program's own analyzer."""

    fields = FIELDS
    terms = staticmethod(index_terms)

    @property
    def fingerprint(self) -> str:
        """Identification of everything that the terms depend on: the text that is read, and its analysis."""
        from askdoc.readers import REVISION

        return f"{fingerprint()}-{REVISION}"

    def workers(self) -> Workers | None:
        """Return processes that analyse many passages in parallel; ``None`` where there is only one processor."""
        from askdoc.analysis.worker_pool import Workers, processes

        count = processes()
        return Workers(count) if count else None


class Components(Struct, frozen=True):
    """The readers, analyzer and encoder of a build; tests replace them."""

    group: Callable[[Sequence[Path], Sequence[tuple[Path, Path]]], list[DocumentFiles]]
    """Paths and pairs → documents: files whose names differ only by a language mark are one document."""
    read: Callable[[DocumentFiles, Limits], Document]
    analyzer: Analyzer
    encoder: Callable[[], Encoder | None] = lambda: None
    """The encoder of sentence vectors, not yet loaded; ``None`` where there are to be none."""


def default_components(semantic: bool = False) -> Components:
    """Return the program's own readers and analyzer; they are imported on first use.

    ``semantic``: whether sentence vectors take part where the extra ``askdoc[semantic]`` is installed.
    """

    def group(paths: Sequence[Path], pairs: Sequence[tuple[Path, Path]]) -> list[DocumentFiles]:
        from askdoc.readers.grouping import group

        return group(paths, pairs)

    def read(named: DocumentFiles, limits: Limits) -> Document:
        from askdoc.readers import read_document

        return read_document(named, limits=limits)

    def encoder() -> Encoder | None:
        from askdoc.analysis.sentence_encoder import installed

        return installed()

    own = Components(group, read, TextAnalyzer())
    return replace(own, encoder=encoder) if semantic else own


# --- what it has to do -----------------------------------------------------------------------------------------------


class Planned(NamedTuple):
    """A document to be written."""

    named: DocumentFiles
    """Without files where they are gone: it is then written from what the index stores of it."""
    record: Record | None = None
    """Its row, where the index has it already."""


class Plan(Struct):
    """The changes that a build has to make."""

    put: list[Planned] = field(default_factory=list)
    """In the index's order, new ones last."""
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
    for named in documents:
        places = tuple(str(locate(path)) for path, _ in named.files)
        if places in seen:
            continue  # one file under two names
        seen.add(places)
        owned = [owners[place] for place in places if place in owners and owners[place].id not in taken]
        if not owned:
            unique = numbered(named.name, names, last_numbers)
            names.add(unique)
            result.added.append(unique)
            result.put.append(Planned(replace(named, name=unique)))
            continue
        record, name = owned[0], owned[0].summary.name
        taken.update(owner.id for owner in owned)
        # A pair of files may take the place of two documents of a file each.
        result.remove += sorted({owner.summary.name for owner in owned} - {name})
        sources = _unchanged_sources(record, named, places)
        if sources is None:
            result.changed.append(name)
            result.put.append(Planned(replace(named, name=name), record))
            continue
        result.unchanged.append(name)
        if sources != record.summary.sources:
            result.touch.append(replace(record, summary=replace(record.summary, sources=sources)))
    result.put.sort(key=lambda planned: planned.record.id if planned.record else 1 << 62)
    return result


def _unchanged_sources(record: Record, named: DocumentFiles, places: Sequence[str]) -> tuple[SourceInfo, ...] | None:
    """Return the sources of an unchanged document with their current times; ``None`` where one changed."""
    sources = record.summary.sources
    recorded = dict(zip(record.locations, sources, strict=True))
    if len(recorded) != len(sources) or set(recorded) != set(places):
        return None
    languages = [language for _, language in named.files]
    if len(languages) > 1 and [recorded[place].language for place in places] != languages:
        return None
    current = []
    for location, source in recorded.items():
        try:
            status = Path(location).stat()
            if not stat.S_ISREG(status.st_mode) or status.st_size != source.size:
                return None
            if (status.st_mtime_ns, status.st_ino) != (source.mtime_ns, source.inode):
                with Path(location).open("rb") as file:
                    if file_digest(file, "sha256").hexdigest() != source.sha256:
                        return None
                source = replace(source, mtime_ns=status.st_mtime_ns, inode=status.st_ino)
        except OSError:
            return None  # the reader reports what is wrong
        current.append(source)
    return tuple(current)


def plan_rebuild(path: Path, records: Sequence[Record], documents: Sequence[DocumentFiles], *, stored: bool) -> Plan:
    """Plan to write all documents of an index from their sources, and those to be added.

    ``stored`` allows documents without their sources to be made from what the index stores of them; else raises
    :class:`IndexStale` for the first one.
    """
    result = plan(records, documents)
    by_name = {planned.named.name: planned for planned in result.put}
    listed = {str(locate(file)): named.files for named in documents for file, _ in named.files}
    whole: list[Planned] = []
    for record in records:
        name = record.summary.name
        if name in result.remove:
            continue
        if name in by_name:
            whole.append(by_name.pop(name))
            continue
        files = next((listed[place] for place in record.locations if place in listed), recorded_files(record).files)
        if not files and not stored:
            gone = next((source.path for source in record.summary.sources), name)
            raise IndexStale("index-stale", path=str(path), name=path.stem, source=gone)
        whole.append(Planned(DocumentFiles(name, files), record))
    result.put = [*whole, *by_name.values()]
    result.touch = []
    return result


def recorded_files(record: Record) -> DocumentFiles:
    """Return the files of a document as the index recorded them; none where one of them is gone."""
    files: list[tuple[Path, Language | None]] = []
    for source, location in zip(record.summary.sources, record.locations, strict=True):
        if not location or not Path(location).is_file():
            return DocumentFiles(record.summary.name, ())
        # As it was named, where that still leads to it: citations then look the same.
        named = Path(source.path)
        files.append((named if str(locate(named)) == location else Path(location), source.language))
    return DocumentFiles(record.summary.name, tuple(files))


def settle(named: DocumentFiles) -> None:
    """Wait until a later write of a document's files is certain to change their times."""
    for path, _ in named.files:
        try:
            age = time.time() - path.stat().st_mtime
        except OSError:
            continue  # the reader reports what is wrong
        if -_TICK < age < _TICK:
            time.sleep(_TICK)
