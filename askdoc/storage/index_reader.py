"""An open index file: one connection, whose snapshots follow what other processes write."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from askdoc.errors import IndexCorrupt, IndexLocked, UsageError
from askdoc.limits import DEFAULT, Limits
from askdoc.storage import rows
from askdoc.storage.schema import check_header, connect, identity, named, reading
from askdoc.storage.snapshot import Snapshot, State

_inherited: Final[list[object]] = []
"""Connections of the process that this one was forked from: they must be neither used nor closed here."""

_ATTEMPTS: Final = 100
"""Attempts to open a file that others replace."""


class IndexReader:
    """An index open for reading. Close it, or use it with ``with``.

    Threads may share it: they take turns, a snapshot each. Between snapshots nothing is locked, and a refresh or
    rebuild by another process is seen by the next one.
    """

    path: Path | None

    def __init__(self, path: str | Path, *, limits: Limits = DEFAULT) -> None:
        """Open an index file.

        Raises :class:`IndexMissing`, :class:`IndexCorrupt` or :class:`IndexVersionUnsupported`.
        """
        # Absolute, so that a change of folder does not lead to another file.
        self._file = self.path = Path(path).absolute()
        self._limits = limits
        self._closed = False
        self._start()
        with self.snapshot():
            pass

    def _start(self) -> None:
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._state: State | None = None
        self._snapshot: Snapshot | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, after the snapshots of other threads have ended."""
        with self._lock:
            self._closed = True
            if self._snapshot is None:
                self._disconnect()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open a snapshot: one state of the index, whatever others write meanwhile; inside one of this thread, that one.

        Holds a read lock, for which a writer's commit waits: keep it as short as a question. Raises
        :class:`IndexLocked` where a writer holds the file for longer than ``limits.busy_seconds``,
        :class:`IndexMissing` where it is gone, :class:`IndexCorrupt` where it is damaged.
        """
        if self._process != os.getpid():
            _inherited.append((self._connection, self._snapshot, self._lock))
            self._start()
        with self._lock:
            if self._snapshot is not None:
                yield self._snapshot
                return
            whole = False
            try:
                self._snapshot = self._begin()
                yield self._snapshot
                whole = True
            except IndexCorrupt as error:
                located = named(error, self._file)
                if located is error:
                    raise
                raise located from error
            finally:
                self._snapshot = None
                self._end(whole)

    def _begin(self) -> Snapshot:
        if self._closed:
            raise UsageError("index-closed", path=str(self._file))
        with reading(self._file):
            for _ in range(_ATTEMPTS):
                try:
                    connection = self._transaction()
                    if connection is not None:
                        row = rows.meta(connection)
                        if self._state is None or self._state.row != row:
                            self._state = State(connection, row)
                        return Snapshot(connection, self._file, self._state)
                except sqlite3.OperationalError as error:
                    # Two readers clear away the journal of a killed writer, and the other was faster.
                    if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_IOERR_DELETE_NOENT:
                        raise
                self._disconnect()
        raise IndexLocked("index-locked", path=str(self._file))

    def _transaction(self) -> sqlite3.Connection | None:
        """Return a connection in a transaction on the file that the path names; ``None`` where it is just being replaced."""
        file = identity(self._file, self._limits)
        if self._connection is not None and self._identity == file:
            self._connection.execute("BEGIN").close()
            return self._connection
        self._disconnect()
        self._connection = connect(self._file, limits=self._limits)
        self._connection.execute("BEGIN").close()
        self._connection.execute("SELECT 1 FROM sqlite_master").fetchall()
        self._identity = identity(self._file, self._limits)
        if self._identity != file:
            return None
        check_header(self._connection, self._file)
        return self._connection

    def _end(self, whole: bool) -> None:
        """End the transaction; keep the connection for the next one, unless something went wrong in it."""
        try:
            if whole and not self._closed and self._connection is not None:
                self._connection.execute("COMMIT").close()
                return
        except sqlite3.Error:
            pass  # what was read is read
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
