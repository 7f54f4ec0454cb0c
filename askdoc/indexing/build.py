"""One build of an index file, from the plan to the report.

A build first plans (:mod:`askdoc.indexing.plan`) without a lock: if nothing changed, nothing is written, so that an
index in a read-only folder can be used. Otherwise it takes the writer's lock, plans again, reads what changed and
writes: a first build or a rebuild as a new file that replaces the old one, a refresh as one transaction.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from askdoc.errors import IndexCorrupt, IndexLocked, IndexMissing, IndexUnwritable, IndexVersionUnsupported
from askdoc.indexing.plan import Components, Plan, Planned, locate, plan, plan_rebuild, settle
from askdoc.limits import Limits
from askdoc.model import Document, DocumentFiles, DocumentSummary, Warning_
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.records import Record
from askdoc.storage.writing.atomic_file import sweep, write_lock
from askdoc.storage.writing.index_writer import DocumentWrite, Progress

if TYPE_CHECKING:
    from askdoc.storage.writing.index_writer import Counts

_UNUSED_NUMBERS: Final = 4096
"""Unused passage numbers that an index may have, besides as many as used; with more it is rewritten."""


class IndexReport(Struct, frozen=True):
    """The changes of a build, and what the index contains now."""

    path: Path
    passages: int
    beads: int
    """Number of passages with a counterpart in the other language."""
    documents: tuple[DocumentSummary, ...]
    """All documents of the index."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    warnings: tuple[Warning_, ...]
    seconds: float


class Build:
    """One build of an index file, with its components and warnings."""

    def __init__(self, path: Path, components: Components, limits: Limits, progress: Progress | None = None) -> None:
        self.path = path
        self.components = components
        self.limits = limits
        self.progress = progress
        self.warnings: list[Warning_] = []
        self.started = time.perf_counter()

    def run(self, documents: Sequence[DocumentFiles], rebuild: bool) -> IndexReport:
        """Add documents or refresh those that changed; ``rebuild``: write the index anew. Report what was done."""
        planned = None if rebuild else self._plan_unlocked(documents)
        if planned is not None and not planned.writes:
            sweep(self.path)
            self._embed_later()
            return self.report(planned)
        with write_lock(self.path, seconds=self.limits.busy_seconds), contextlib.ExitStack() as stack:
            old = self._open_existing(rebuild)
            if old is not None:
                stack.enter_context(old)
            if old is not None and not rebuild and is_current(old, self.components):
                planned = plan(records_of(old), documents)
                self._refresh(planned)
            else:
                if old is not None and not rebuild:
                    self.warnings.append(Warning_("index-rebuilt", {"path": str(self.path)}))
                planned = plan_rebuild(self.path, records_of(old) if old else [], documents, stored=rebuild)
                self._create(self._read_all(planned.put, old))
            self._embed()
        return self.report(planned)

    def remove(self, name: str, old: IndexReader) -> IndexReport:
        """Take a document out of the index ``old``, which is open; the caller holds the writer's lock."""
        if is_current(old, self.components):
            self._update((), Plan(remove=[name]))
        else:
            # The terms to be removed are those of another analyzer: everything that stays is analysed anew.
            self._create(stored(old, record) for record in records_of(old) if record.summary.name != name)
        return self.report(Plan(remove=[name]))

    def _plan_unlocked(self, documents: Sequence[DocumentFiles]) -> Plan | None:
        """Plan without the lock; ``None`` where there is no index of this analyzer."""
        if not os.path.exists(self.path):  # noqa: PTH110 - false for a path that cannot be: writing reports it better
            return None
        with IndexReader(self.path, limits=self.limits) as reader:
            return plan(records_of(reader), documents) if is_current(reader, self.components) else None

    def _open_existing(self, rebuild: bool) -> IndexReader | None:
        """Open the existing index; ``None`` where there is none, or an unreadable one is to be rebuilt."""
        try:
            return IndexReader(self.path, limits=self.limits)
        except IndexMissing:
            if os.path.exists(self.path):  # noqa: PTH110 - as above
                raise
        except (IndexCorrupt, IndexVersionUnsupported):
            if not rebuild or not self.path.is_file():
                raise
            self.warnings.append(Warning_("index-lost", {"path": str(self.path)}))
        return None

    # --- reading -------------------------------------------------------------------------------------------------

    def _read_all(self, documents: Sequence[Planned], old: IndexReader | None) -> Iterator[DocumentWrite]:
        """Read the documents of a plan one after the other."""
        for named, record in documents:
            if named.files:
                settle(named)
                document = replace(self.components.read(named, self.limits), name=named.name)
                self.warnings += document.warnings
                # By their paths: the reader swaps a pair that was named the wrong way round.
                locations = {str(path): str(locate(path)) for path, _ in named.files}
                yield DocumentWrite(document, tuple(locations.get(info.path, "") for info in document.sources))
            elif record is not None and old is not None:
                self.warnings.append(Warning_("index-source-gone", {"document": named.name}))
                yield stored(old, record)

    # --- writing: what is imported here, opening an index does not need ---------------------------------------------

    def _create(self, documents: Iterable[DocumentWrite]) -> None:
        from askdoc.storage.writing.index_file import create

        create(self.path, documents, self.components.analyzer, progress=self.progress)

    def _update(self, documents: Iterable[DocumentWrite], planned: Plan) -> Counts:
        from askdoc.storage.writing.index_file import update

        return update(
            self.path,
            documents,
            self.components.analyzer,
            remove=planned.remove,
            touch=planned.touch,
            progress=self.progress,
            limits=self.limits,
        )

    def _refresh(self, planned: Plan) -> None:
        try:
            counts = self._update(self._read_all(planned.put, None), planned)
        except (IndexUnwritable, IndexLocked):
            # New times of unchanged files only save hashing them: an index that cannot be written is as good.
            if planned.put or planned.remove:
                raise
            return
        if counts.size > 2 * counts.passages + _UNUSED_NUMBERS:
            with IndexReader(self.path, limits=self.limits) as reader:
                whole = [stored(reader, record) for record in records_of(reader)]
            self._create(whole)

    def _embed(self) -> None:
        """Embed the passages that have no vectors. An index without vectors still answers by words."""
        encoder = self.components.encoder()
        if encoder is not None:
            from askdoc.storage.writing.embedding_writer import fill
            from askdoc.storage.writing.index_file import transaction

            with contextlib.suppress(IndexUnwritable):
                fill(lambda: transaction(self.path, self.limits), encoder, progress=self.progress)

    def _embed_later(self) -> None:
        """Embed the passages of an index that needs nothing else, unless another process is writing it."""
        encoder = self.components.encoder()
        if encoder is not None:
            with IndexReader(self.path, limits=self.limits) as reader, reader.snapshot() as snapshot:
                complete = snapshot.encoder == encoder.name
            with contextlib.suppress(IndexLocked, IndexUnwritable):
                if not complete:
                    with write_lock(self.path, seconds=0):
                        self._embed()

    def report(self, planned: Plan) -> IndexReport:
        """Return what was done, and what the index holds now."""
        with IndexReader(self.path, limits=self.limits) as reader, reader.snapshot() as snapshot:
            documents = tuple(snapshot.documents())
            return IndexReport(
                self.path,
                sum(document.passages for document in documents),
                snapshot.beads,
                documents,
                tuple(planned.added),
                tuple(planned.changed),
                tuple(planned.unchanged),
                tuple(planned.remove),
                tuple(self.warnings),
                time.perf_counter() - self.started,
            )


def records_of(reader: IndexReader) -> list[Record]:
    """Return the documents' rows of an index."""
    with reader.snapshot() as snapshot:
        return snapshot.records()


def stored(reader: IndexReader, record: Record) -> DocumentWrite:
    """Return a document as the index stores it."""
    summary = record.summary
    with reader.snapshot() as snapshot:
        passages = tuple(stored.passage for stored in snapshot.passages(record.numbers))
        document = Document(summary.name, summary.title, snapshot.sections(summary.name), passages, summary.sources)
    return DocumentWrite(document, record.locations)


def is_current(reader: IndexReader, components: Components) -> bool:
    """Tell whether the index was made by the analyzer that analyses the questions."""
    analyzer = components.analyzer
    with reader.snapshot() as snapshot:
        return snapshot.analyzer == analyzer.fingerprint and snapshot.fields == analyzer.fields
