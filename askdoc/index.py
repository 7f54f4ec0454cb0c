"""Build, refresh, change and check an index: the composition of readers, analysis and storage.

A build first plans (which sources are new, changed, the same, gone), and only then takes the writer's lock, plans again
under it, reads what changed and writes: a first build or a rebuild as a new file that takes the old one's place, a refresh as
one transaction. Where nothing changed nothing is locked or written.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from askdoc.errors import IndexCorrupt, IndexError_, IndexMissing, IndexUnwritable, IndexVersionUnsupported, UsageError
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Document, DocumentSummary, Warning_
from askdoc.planning import Files, Plan, Rooms, Sources, default_rooms, locate, plan, plan_rebuild, settle
from askdoc.storage.check import Problem, check
from askdoc.storage.files import write_lock
from askdoc.storage.memory import MemoryIndex
from askdoc.storage.reader import IndexReader
from askdoc.storage.records import Record
from askdoc.storage.work import Counts, Progress, Put
from askdoc.storage.writer import create, update

__all__ = [
    "IndexReport",
    "Problem",
    "Progress",
    "Rooms",
    "build_index",
    "check_index",
    "memory_index",
    "open_index",
    "refresh",
    "remove_document",
]

SUFFIX: Final = ".askdoc"
"""The ending of index files. Nothing else is ever replaced by a build."""

Documents = str | Path | Sequence[str | Path]
Pairs = Sequence[tuple[str | Path, str | Path]]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build did, and what the index holds now."""

    path: Path
    passages: int
    beads: int
    """How many passages have a counterpart in the other language."""
    documents: tuple[DocumentSummary, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    warnings: tuple[Warning_, ...]
    seconds: float


class _Reading:
    """Reads the documents of a plan as they are asked for, and keeps what is said about them."""

    def __init__(self, rooms: Rooms, limits: Limits, reader: IndexReader | None = None) -> None:
        self.rooms = rooms
        self.limits = limits
        self.reader = reader
        self.warnings: list[Warning_] = []

    def puts(self, wanted: Sequence[Sources]) -> Iterator[Put]:
        for each in wanted:
            yield self.restored(each.record) if each.files is None and each.record else self.read(each)

    def read(self, each: Sources) -> Put:
        files = each.files or ()
        settle(files)
        document = replace(self.rooms.read(each.name, files, self.limits), name=each.name)
        self.warnings += document.warnings
        paths = (source.path for source in document.sources)
        return Put(document, dict(zip(paths, (str(locate(path)) for path, _ in files), strict=False)))

    def restored(self, record: Record) -> Put:
        """A document as the index holds it: its source is gone, its text is not."""
        if self.reader is None:
            raise IndexMissing("index-missing", path=record.summary.name)
        self.warnings.append(Warning_("index-source-gone", {"document": record.summary.name}))
        return _stored(self.reader, record)


def _stored(reader: IndexReader, record: Record) -> Put:
    summary = record.summary
    with reader.snapshot():
        passages = tuple(stored.passage for stored in reader.passages(record.numbers))
        document = Document(summary.name, summary.title, reader.sections(summary.name), passages, summary.sources)
    paths = (source.path for source in summary.sources)
    return Put(document, dict(zip(paths, record.locations, strict=True)))


def build_index(
    documents: Documents,
    path: str | Path,
    *,
    pairs: Pairs = (),
    progress: Progress | None = None,
    rebuild: bool = False,
    limits: Limits = DEFAULT,
    rooms: Rooms | None = None,
) -> IndexReport:
    """Add documents to an index file, or refresh those of them that changed; other documents in it stay.

    ``documents`` are paths, ``pairs`` the English and the Chinese file of documents whose names do not tell. ``rebuild``
    makes the whole index anew, also over a file that cannot be read; what was in such a file is lost. ``progress`` is
    called with passages done, passages in all or ``None``, and the document's name; what it raises ends the build. An
    index made by another analyzer is rebuilt from its sources. ``rooms`` stands in for readers and analyzer in tests.

    Raises the kinds of :class:`askdoc.errors.DocumentError` for what cannot be read, :class:`IndexLocked` where another
    process is writing, :class:`IndexUnwritable`, :class:`IndexCorrupt` and :class:`IndexVersionUnsupported` for the file,
    :class:`IndexStale` where sources of an index that must be rebuilt are gone. The index then stands as it was.
    """
    rooms = rooms or default_rooms()
    given = rooms.group(_paths(documents), [(Path(en), Path(zh)) for en, zh in pairs])
    return _build(_target(path), given, rooms, limits, progress, rebuild)


def refresh(
    path: str | Path, *, progress: Progress | None = None, limits: Limits = DEFAULT, rooms: Rooms | None = None
) -> IndexReport:
    """Read those documents of an index again whose sources changed. What a document without its source holds stays.

    Raises what :func:`build_index` raises, and :class:`IndexMissing`.
    """
    rooms = rooms or default_rooms()
    target = _target(path)
    with IndexReader(target, limits=limits) as reader:
        given = [(record.summary.name, files) for record in reader.records() if (files := _recorded(record))]
    return _build(target, given, rooms, limits, progress, rebuild=False)


def _recorded(record: Record) -> Files:
    from askdoc.planning import recorded_files

    return recorded_files(record) or ()


def _paths(documents: Documents) -> list[Path]:
    return [Path(documents)] if isinstance(documents, (str, Path)) else [Path(each) for each in documents]


def _target(path: str | Path) -> Path:
    target = Path(path)
    if target.suffix != SUFFIX or "\0" in str(target):
        raise UsageError("index-suffix", path=str(target))
    return target


def _build(
    path: Path,
    given: Sequence[tuple[str, Files]],
    rooms: Rooms,
    limits: Limits,
    progress: Progress | None,
    rebuild: bool,
) -> IndexReport:
    started = time.perf_counter()
    # Without the lock: what needs no writing must also work in a folder that cannot be written.
    if not rebuild and path.exists():
        with open_reader(path, limits) as reader:
            if _current(reader, rooms):
                planned = plan(reader.records(), given)
                if not planned.writes:
                    return _report(path, reader, planned, [], started)
    with write_lock(path, seconds=limits.busy_seconds):
        return _write(path, given, rooms, limits, progress, rebuild, started)


def _write(
    path: Path,
    given: Sequence[tuple[str, Files]],
    rooms: Rooms,
    limits: Limits,
    progress: Progress | None,
    rebuild: bool,
    started: float,
) -> IndexReport:
    old, warnings = _old(path, limits, rebuild)
    try:
        records = old.records() if old else []
        current = old is not None and not rebuild and _current(old, rooms)
        work = _Reading(rooms, limits, old)
        planned = plan(records, given)
        if current:
            _refresh(path, planned, work, progress)
        else:
            if old is not None and not rebuild:
                warnings.append(Warning_("index-rebuilt", {"path": str(path)}))
            planned = plan_rebuild(path, records, given, keep=rebuild)
            create(path, work.puts(planned.put), rooms.analyzer, progress=progress)
    finally:
        if old is not None:
            old.close()
    _compact(path, rooms, limits)
    with IndexReader(path, limits=limits) as reader:
        return _report(path, reader, planned, [*warnings, *work.warnings], started)


def _old(path: Path, limits: Limits, rebuild: bool) -> tuple[IndexReader | None, list[Warning_]]:
    """The index that is there; ``None`` where there is none, or none that can be read and a rebuild is wanted."""
    try:
        return IndexReader(path, limits=limits), []
    except IndexMissing:
        if path.exists():
            raise
        return None, []
    except (IndexCorrupt, IndexVersionUnsupported):
        if not rebuild or not path.is_file():
            raise
        return None, [Warning_("index-lost", {"path": str(path)})]


def open_reader(path: Path, limits: Limits = DEFAULT) -> IndexReader:
    """The reader of an index file, whatever analyzer made it."""
    return IndexReader(path, limits=limits)


def _current(reader: IndexReader, rooms: Rooms) -> bool:
    return reader.analyzer == rooms.analyzer.fingerprint and reader.fields == rooms.analyzer.fields


def _refresh(path: Path, planned: Plan, work: _Reading, progress: Progress | None) -> Counts | None:
    touch = [
        Put(replace(_empty(each), sources=each.sources), dict(zip(_named(each), each.locations, strict=True)))
        for each in planned.touch
    ]
    if planned.put or planned.remove:
        return update(
            path,
            work.puts(planned.put),
            work.rooms.analyzer,
            remove=planned.remove,
            touch=touch,
            progress=progress,
            limits=work.limits,
        )
    if touch:
        try:
            return update(path, (), work.rooms.analyzer, touch=touch, limits=work.limits)
        except IndexUnwritable:
            # New times of unchanged files only save hashing them; an index that cannot be written answers as well.
            return None
    return None
