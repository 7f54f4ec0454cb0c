"""Connections to an index file that other processes may refresh or replace: a read transaction at a time, none held."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from askdoc.errors import IndexLocked, UsageError
from askdoc.limits import Limits
from askdoc.storage import rows
from askdoc.storage.schema import check_header, connect, identity, outside, reading, unwrapped
from askdoc.storage.snapshot import Snapshot

_inherited: Final[list[object]] = []
"""Connections of the process that this one was forked from."""


class Session(NamedTuple):
    """A connection, and the state that its read transaction sees."""

    connection: sqlite3.Connection
    snapshot: Snapshot


class Sessions:
    """Read transactions on one path, for any number of threads; a connection serves one of them at a time.

    :meth:`read` and :meth:`snapshot` raise the kinds of :class:`askdoc.errors.IndexError_`.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._free: list[tuple[sqlite3.Connection, tuple[int, int]]] = []
        self._lock = threading.Lock()
        self._local = threading.local()
        self._process = os.getpid()
        self._closed = False
        self._snapshot: Snapshot | None = None

    def close(self) -> None:
        """Close the connections. Transactions that other threads are in the middle of end as usual."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for connection, _ in free:
            connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make all of this thread's :meth:`read` inside one transaction."""
        with unwrapped(), self.read() as session:
            outer = getattr(self._local, "session", None)
            self._local.session = session
            try:
                # What goes wrong there besides our own calls is no damage of the index.
                with outside():
                    yield
            finally:
                self._local.session = outer

    def current(self) -> Snapshot:
        """Return the current state, or that of this thread's snapshot, for callers that read nothing from the file.

        Half the time of :meth:`read`: a single statement is its own transaction.
        """
        session: Session | None = getattr(self._local, "session", None)
        if session is not None:
            return session.snapshot
        with reading(self._path):
            connection, file = self._take()
            whole = False
            try:
                snapshot = self._present(connection)
                whole = True
            finally:
                self._keep(connection, file, whole)
        return snapshot

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a read transaction for one call, or reuse that of this thread's snapshot."""
        session: Session | None = getattr(self._local, "session", None)
        if session is not None:
            with reading(self._path):
                yield session
            return
        with reading(self._path):
            connection, file = self._take()
            whole = False
            try:
                connection.execute("BEGIN").close()
                snapshot = self._present(connection)
                yield Session(connection, snapshot)
                whole = True
            finally:
                self._give(connection, file, whole)

    def _take(self) -> tuple[sqlite3.Connection, tuple[int, int]]:
        """Return a connection to the file that the path names now; a rebuild puts another file there."""
        if self._process != os.getpid():
            # SQLite's connections must be neither used nor closed in a forked child: they are left alone, and kept.
            _inherited.append(self._free)
            self._process, self._free, self._lock = os.getpid(), [], threading.Lock()
        file = identity(self._path, self._limits)
        old = []
        match = None
        with self._lock:
            if self._closed:
                raise UsageError("index-closed", path=str(self._path))
            while self._free and match is None:
                entry = self._free.pop()
                if entry[1] == file:
                    match = entry
                else:
                    old.append(entry)
        for connection, _ in old:
            connection.close()
        return match or self._open(file)

    def _open(self, file: tuple[int, int]) -> tuple[sqlite3.Connection, tuple[int, int]]:
        for _ in range(100):
            connection = connect(self._path, limits=self._limits)
            try:
                connection.execute("BEGIN").close()
                connection.execute("SELECT 1 FROM sqlite_master").fetchall()
                now = identity(self._path, self._limits)
                if now == file:
                    check_header(connection, self._path)
                    connection.execute("COMMIT").close()
                    return connection, file
            except BaseException:
                connection.close()
                raise
            # The file was replaced between looking and opening.
            connection.close()
            file = now
        raise IndexLocked("index-locked", path=str(self._path))

    def _present(self, connection: sqlite3.Connection) -> Snapshot:
        row = rows.meta(connection)
        snapshot = self._snapshot
        if snapshot is None or snapshot.row != row:
            snapshot = self._snapshot = Snapshot(row)
        return snapshot

    def _give(self, connection: sqlite3.Connection, file: tuple[int, int], whole: bool) -> None:
        """End the transaction and keep the connection for the next call, unless something went wrong in it."""
        try:
            if whole:
                connection.execute("COMMIT").close()
        except sqlite3.Error:
            whole = False
        self._keep(connection, file, whole)

    def _keep(self, connection: sqlite3.Connection, file: tuple[int, int], whole: bool) -> None:
        with self._lock:
            if whole and not self._closed and self._process == os.getpid():
                self._free.append((connection, file))
                return
        connection.close()
