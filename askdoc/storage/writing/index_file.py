"""Writes index files: a new one that replaces the old, or changes of an existing one in one transaction."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from askdoc.errors import IndexUnwritable
from askdoc.limits import DEFAULT, Limits
from askdoc.storage.records import Meta, Record
from askdoc.storage.rows import checked_meta
from askdoc.storage.schema import APPLICATION_ID, TABLES, check_header, connect, writing
from askdoc.storage.writing.analysis_pipeline import Analyzer
from askdoc.storage.writing.atomic_file import replacement
from askdoc.storage.writing.index_writer import Counts, DocumentWrite, IndexWriter, Progress
from askdoc.storage.writing.row_writer import RowWriter


def create(
    path: Path, documents: Iterable[DocumentWrite], analyzer: Analyzer, *, progress: Progress | None = None
) -> Counts:
    """Write a new index file of these documents, and replace any old one with it.

    The caller holds :func:`askdoc.storage.writing.atomic_file.write_lock`. The bytes follow from the documents and the
    analyzer alone. Raises :class:`IndexUnwritable`, and whatever ``documents`` and ``progress`` raise; the old
    file then stands.
    """
    with replacement(path) as new, writing(path), contextlib.closing(connect(new, write=True)) as connection:
        # Nobody else knows the file, and it is synced before it is put in place: no journal, no syncs until then.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}").close()
        return fill(connection, path, documents, analyzer, progress, spill=path)


def fill(
    connection: sqlite3.Connection,
    path: Path,
    documents: Iterable[DocumentWrite],
    analyzer: Analyzer,
    progress: Progress | None = None,
    spill: Path | None = None,
) -> Counts:
    """Write an index of these documents into an empty database; ``path`` is for messages."""
    for sql in (f"PRAGMA application_id={APPLICATION_ID}", "BEGIN", *(sql for _, sql in TABLES)):
        connection.execute(sql).close()
    facts = Meta(analyzer.fingerprint, tuple((name, 0, 0) for name in analyzer.fields))
    counts = IndexWriter(RowWriter(connection, path, facts), analyzer, progress, spill).write(documents)
    connection.execute("COMMIT").close()
    return counts


@contextmanager
def transaction(path: Path, limits: Limits) -> Iterator[RowWriter]:
    """Open a write transaction, rolled back where its body raises; the caller holds the writer's lock.

    Raises :class:`IndexLocked`, :class:`IndexUnwritable`, :class:`IndexCorrupt`.
    """
    with writing(path), contextlib.closing(connect(path, write=True, limits=limits)) as connection:
        # Changed pages stay in memory until the commit: spilling them would keep readers out for the whole refresh.
        for pragma in ("cache_spill=OFF", "synchronous=EXTRA", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("BEGIN IMMEDIATE").close()
        try:
            check_header(connection, path)
            yield RowWriter(connection, path, checked_meta(connection))
            connection.execute("COMMIT").close()
        except BaseException:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK").close()
            raise


def update(
    path: Path,
    documents: Iterable[DocumentWrite],
    analyzer: Analyzer,
    *,
    remove: Collection[str] = (),
    touch: Iterable[Record] = (),
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
) -> Counts:
    """Change an index in one transaction: write documents (replacing those of the same name), remove others.

    ``touch`` are documents' rows to be written as they are. Only the blocks of changed terms are written. The
    caller holds :func:`askdoc.storage.writing.atomic_file.write_lock` and knows that the index is of this analyzer.
    Raises :class:`IndexLocked`, :class:`IndexUnwritable`, :class:`IndexCorrupt`, and whatever ``documents`` and ``progress``
    raise; the index then stands as it was.
    """
    with transaction(path, limits) as rows:
        facts = rows.facts
        if facts.analyzer != analyzer.fingerprint or tuple(name for name, _, _ in facts.fields) != analyzer.fields:
            raise IndexUnwritable("index-unwritable", path=str(path), reason="another analyzer")
        return IndexWriter(rows, analyzer, progress).write(documents, remove=remove, touch=touch)
