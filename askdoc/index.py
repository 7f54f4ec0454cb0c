"""Build, refresh, change and check an index: the composition of readers, analysis and storage.

A build first plans (:mod:`askdoc.planning`) without any lock: where nothing changed nothing is written, so that also an
index in a read-only folder answers. Otherwise it takes the writer's lock, plans again, reads what changed and writes:
a first build or a rebuild as a new file that takes the old one's place, a refresh as one transaction.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from askdoc.errors import (
    IndexCorrupt,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
    IndexVersionUnsupported,
    UsageError,
)
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Document, DocumentSummary, Warning_
from askdoc.planning import (
    Named,
    Plan,
    Rooms,
    Sources,
    default_rooms,
    locate,
    plan,
    plan_rebuild,
    recorded_files,
    settle,
)
from askdoc.storage.check import Problem, check
from askdoc.storage.files import write_lock
from askdoc.storage.memory import MemoryIndex
from askdoc.storage.reader import IndexReader
from askdoc.storage.records import Record
from askdoc.storage.work import Progress, Put
from askdoc.storage.writer import create, update

__all__ = [
    "SUFFIX",
    "IndexReport",
    "Problem",
    "Progress",
    "Rooms",
    "build_index",
    "check_index",
    "index_bytes",
    "is_current",
    "memory_index",
    "refresh",
    "remove_document",
]

SUFFIX: Final = ".askdoc"
"""The ending of index files. A build never takes the place of anything else."""

_HOLES: Final = 4096
"""Numbers no longer in use that an index may have besides as many as it uses; with more it is written anew."""

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
    """All documents of the index."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    warnings: tuple[Warning_, ...]
    seconds: float


class _Build:
    """One build of an index file: what it is given, and what is said about it on the way."""

    def __init__(self, path: Path, rooms: Rooms, limits: Limits, progress: Progress | None) -> None:
        self.path = path
        self.rooms = rooms
        self.limits = limits
        self.progress = progress
        self.warnings: list[Warning_] = []
        self.started = time.perf_counter()

    def run(self, given: Sequence[Named], rebuild: bool) -> IndexReport:
        """Do what has to be done, and report."""
        if not rebuild and (planned := self._glance(given)) is not None and not planned.writes:
            return self._report(planned)
        with write_lock(self.path, seconds=self.limits.busy_seconds), contextlib.ExitStack() as stack:
            old = self._old(rebuild)
            if old is not None:
                stack.enter_context(old)
            if old is not None and not rebuild and is_current(old, self.rooms):
                planned = plan(old.records(), given)
                self._refresh(planned)
            else:
                planned = self._rebuild(old, given, rebuild)
        return self._report(planned)

    def _glance(self, given: Sequence[Named]) -> Plan | None:
        """The plan as it looks without the lock; ``None`` where there is no index of this analyzer."""
        if not _there(self.path):
            return None
        with IndexReader(self.path, limits=self.limits) as reader:
            return plan(reader.records(), given) if is_current(reader, self.rooms) else None

    def _old(self, rebuild: bool) -> IndexReader | None:
        """The index that is there; ``None`` where there is none, or none that can be read and a rebuild is wanted."""
        try:
            return IndexReader(self.path, limits=self.limits)
        except IndexMissing:
            if _there(self.path):
                raise
        except (IndexCorrupt, IndexVersionUnsupported):
            if not rebuild or not self.path.is_file():
                raise
            self.warnings.append(Warning_("index-lost", {"path": str(self.path)}))
        return None

    def _refresh(self, planned: Plan) -> None:
        touch = [
            Put(
                Document(record.summary.name, record.summary.title, (), (), record.summary.sources),
                _places(record.summary.sources, record.locations),
            )
            for record in planned.touch
        ]
        try:
            counts = update(
                self.path,
                self._puts(planned.put, None),
                self.rooms.analyzer,
                remove=planned.remove,
                touch=touch,
                progress=self.progress,
                limits=self.limits,
            )
        except (IndexUnwritable, IndexLocked):
            # New times of unchanged files only save hashing them: an index that cannot be written answers as well.
            if planned.put or planned.remove:
                raise
            return
        if counts.size > 2 * counts.passages + _HOLES:
            self._compact()

    def _compact(self) -> None:
        with IndexReader(self.path, limits=self.limits) as reader:
            whole = [_stored(reader, record) for record in reader.records()]
        create(self.path, whole, self.rooms.analyzer, progress=self.progress)

    def _rebuild(self, old: IndexReader | None, given: Sequence[Named], rebuild: bool) -> Plan:
        records = old.records() if old is not None else []
        if old is not None and not rebuild:
            self.warnings.append(Warning_("index-rebuilt", {"path": str(self.path)}))
        planned = plan_rebuild(self.path, records, given, stored=rebuild)
        create(self.path, self._puts(planned.put, old), self.rooms.analyzer, progress=self.progress)
        return planned

    def _puts(self, wanted: Sequence[Sources], old: IndexReader | None) -> Iterator[Put]:
        """The documents of a plan, read as they are asked for."""
        for each in wanted:
            if each.files is not None:
                yield self._read(each)
            elif each.record is not None and old is not None:
                self.warnings.append(Warning_("index-source-gone", {"document": each.name}))
                yield _stored(old, each.record)

    def _read(self, each: Sources) -> Put:
        files = each.files or ()
        settle(files)
        document = replace(self.rooms.read(each.name, files, self.limits), name=each.name)
        self.warnings += document.warnings
        return Put(document, _places(document.sources, [str(locate(path)) for path, _ in files]))

    def _report(self, planned: Plan) -> IndexReport:
        with IndexReader(self.path, limits=self.limits) as reader, reader.snapshot():
            documents = tuple(reader.documents())
            return IndexReport(
                self.path,
                sum(each.passages for each in documents),
                reader.beads,
                documents,
                tuple(planned.added),
                tuple(planned.changed),
                tuple(planned.unchanged),
                tuple(planned.remove),
                tuple(self.warnings),
                time.perf_counter() - self.started,
            )


def _places(sources: Sequence[object], locations: Sequence[str]) -> dict[str, str]:
    return {getattr(source, "path", ""): location for source, location in zip(sources, locations, strict=False)}


def _stored(reader: IndexReader, record: Record) -> Put:
    """A document as the index holds it."""
    summary = record.summary
    with reader.snapshot():
        passages = tuple(stored.passage for stored in reader.passages(record.numbers))
        document = Document(summary.name, summary.title, reader.sections(summary.name), passages, summary.sources)
    return Put(document, _places(summary.sources, record.locations))


def is_current(reader: IndexReader, rooms: Rooms) -> bool:
    """Whether an index was made by the analyzer that questions are analysed with."""
    return reader.analyzer == rooms.analyzer.fingerprint and reader.fields == rooms.analyzer.fields


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # a name too long, a folder that may not be entered: writing says so better


def _target(path: str | Path) -> Path:
    target = Path(path)
    if target.suffix != SUFFIX or "\0" in str(target):
        raise UsageError("index-suffix", path=str(target))
    return target


def _paths(documents: Documents) -> list[Path]:
    return [Path(documents)] if isinstance(documents, str | Path) else [Path(each) for each in documents]


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

    ``documents`` are paths, ``pairs`` the English and the Chinese file of documents whose names do not tell.
    ``rebuild`` makes the whole index anew, also over a file that cannot be read; what was in such a file is lost, and
    the report says so. ``progress`` is called with passages done, passages in all or ``None``, and the document's name;
    what it raises ends the build. An index made by another analyzer is rebuilt from its sources. ``rooms`` are for
    tests.

    Raises the kinds of :class:`askdoc.errors.DocumentError` for what cannot be read, :class:`IndexLocked` where another
    process is writing, :class:`IndexUnwritable`, :class:`IndexCorrupt` and :class:`IndexVersionUnsupported` for the
    file, :class:`IndexStale` where sources of an index that must be rebuilt are gone. The index then stands as it was.
    """
    rooms = rooms or default_rooms()
    target = _target(path)
    given = rooms.group(_paths(documents), [(Path(en), Path(zh)) for en, zh in pairs])
    return _Build(target, rooms, limits, progress).run(given, rebuild)


def refresh(
    path: str | Path, *, progress: Progress | None = None, limits: Limits = DEFAULT, rooms: Rooms | None = None
) -> IndexReport:
    """Read those documents of an index again whose sources changed; a document whose source is gone stays as it is.

    Raises what :func:`build_index` raises, and :class:`IndexMissing`.
    """
    target = _target(path)
    with IndexReader(target, limits=limits) as reader:
        found = [(record.summary.name, recorded_files(record)) for record in reader.records()]
    given = [(name, files) for name, files in found if files is not None]
    return _Build(target, rooms or default_rooms(), limits, progress).run(given, rebuild=False)


def remove_document(
    path: str | Path, name: str, *, limits: Limits = DEFAULT, rooms: Rooms | None = None
) -> IndexReport:
    """Take a document out of an index, with all of its text.

    Raises :class:`UsageError` where the index has no document of that name, and what :func:`build_index` raises.
    """
    build = _Build(_target(path), rooms or default_rooms(), limits, None)
    with write_lock(build.path, seconds=limits.busy_seconds), IndexReader(path, limits=limits) as reader:
        names = [each.name for each in reader.documents()]
        if name not in names:
            raise UsageError("index-no-document", document=name, path=str(path), known=", ".join(names))
        if is_current(reader, build.rooms):
            update(build.path, (), build.rooms.analyzer, remove=[name], limits=limits)
        else:
            # The terms to be taken out are those of another analyzer: all that stays is analysed anew.
            stay = [_stored(reader, record) for record in reader.records() if record.summary.name != name]
            create(build.path, stay, build.rooms.analyzer)
    return build._report(Plan(remove=[name]))


def check_index(path: str | Path, *, limits: Limits = DEFAULT, rooms: Rooms | None = None) -> list[Problem]:
    """Everything that is wrong with an index, also where its checksums hold; empty for a sound one.

    Analyses all passages again. Raises :class:`IndexMissing`, :class:`IndexVersionUnsupported` and
    :class:`IndexLocked`; damage is a problem in the list.
    """
    return check(Path(path), (rooms or default_rooms()).analyzer, limits=limits)


def memory_index(
    documents: Documents,
    *,
    pairs: Pairs = (),
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
    rooms: Rooms | None = None,
) -> MemoryIndex:
    """An index in memory, for where nothing can be written.

    Raises the kinds of :class:`askdoc.errors.DocumentError`.
    """
    rooms = rooms or default_rooms()
    given = rooms.group(_paths(documents), [(Path(en), Path(zh)) for en, zh in pairs])
    read: Callable[[Named], Document] = lambda each: replace(rooms.read(*each, limits), name=each[0])  # noqa: E731
    return MemoryIndex((read(each) for each in given), rooms.analyzer, progress=progress)


def index_bytes(
    data: bytes, name: str = "stdin", *, limits: Limits = DEFAULT, rooms: Rooms | None = None
) -> MemoryIndex:
    """A passing index in memory of one document's bytes, as for ``--in -``. Raises as :func:`memory_index` does."""
    from askdoc.readers import read_bytes

    return MemoryIndex([read_bytes(data, name, limits=limits)], (rooms or default_rooms()).analyzer)
