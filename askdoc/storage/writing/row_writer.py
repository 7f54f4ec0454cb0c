"""Writes single rows and their checksums into the directory; the facts of the index last, since they prove it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from msgspec.structs import replace

from askdoc.storage.directory import SLOTS, WIDTH, Directory, cut, place
from askdoc.storage.packing import pack
from askdoc.storage.records import Meta
from askdoc.storage.rows import Rows
from askdoc.storage.schema import checksum, stamp

_ABSENT = bytes(WIDTH)


class _ChangedDirectory(Directory):
    """A directory with the changes of one transaction."""

    def __init__(self, roots: bytes) -> None:
        super().__init__(roots)
        self._changed: dict[int, bytearray] = {}

    def chunk(self, connection: sqlite3.Connection, id_: int) -> bytes | bytearray:
        """Return the checksums of a chunk as they are now."""
        return self._changed.get(id_) or super().chunk(connection, id_)

    def set(self, connection: sqlite3.Connection, chunk_id: int, slot: int, sum_: bytes) -> None:
        """Put a checksum into a chunk."""
        chunk = self._changed.get(chunk_id)
        if chunk is None:
            chunk = bytearray(self.chunk(connection, chunk_id).ljust(SLOTS * WIDTH, b"\0"))
            self._changed[chunk_id] = chunk
        chunk[slot * WIDTH : (slot + 1) * WIDTH] = sum_

    def write(self, connection: sqlite3.Connection) -> bytes:
        """Write the changed chunks; return the checksums of the upper ones."""
        for id_ in sorted(id_ for id_ in self._changed if id_ >= 0):
            upper, slot = divmod(id_, SLOTS)
            self.set(connection, -1 - upper, slot, self._write(connection, id_))
        roots = bytearray(self.roots)
        for id_ in sorted((id_ for id_ in self._changed if id_ < 0), reverse=True):
            start = (-1 - id_) * WIDTH
            roots += bytes(max(start + WIDTH - len(roots), 0))
            roots[start : start + WIDTH] = self._write(connection, id_)
        return bytes(roots)

    def _write(self, connection: sqlite3.Connection, id_: int) -> bytes:
        chunk = self._changed[id_]
        used = max((slot + 1 for slot in range(SLOTS) if cut(chunk, slot)), default=0)
        body = bytes(chunk[: used * WIDTH])
        if not body:
            connection.execute("DELETE FROM directory WHERE id=?", (id_,)).close()
            return _ABSENT
        connection.execute("INSERT OR REPLACE INTO directory VALUES (?,?)", (id_, body)).close()
        return checksum("directory", id_, body)


class RowWriter(Rows):
    """The rows of an index inside a write transaction: what is read sees what was written."""

    def __init__(self, connection: sqlite3.Connection, path: Path, facts: Meta) -> None:
        """Take the facts of the state before. Set :attr:`facts` to those of the state after; :meth:`finish` writes them."""
        self._directory: _ChangedDirectory
        super().__init__(connection, path, facts, _ChangedDirectory(facts.directory))

    def put(self, table: str, key: int, *columns: object) -> None:
        """Insert or replace a row by its key; an equal one stays as it is."""
        sum_ = checksum(table, key, *columns)
        if sum_ != self.entry(table, key):
            marks = ",".join("?" * (len(columns) + 1))
            self.connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", (key, *columns)).close()
            self._directory.set(self.connection, *place(table, key), sum_)

    def remove(self, table: str, key: int) -> None:
        """Delete a row, if there is one."""
        if self.entry(table, key):
            self.connection.execute(f"DELETE FROM {table} WHERE id=?", (key,)).close()
            self._directory.set(self.connection, *place(table, key), _ABSENT)

    def finish(self) -> None:
        """Write the directory and the facts, which prove all that was written."""
        self.facts = replace(self.facts, directory=self._directory.write(self.connection))
        body = pack(self.facts)
        sum_ = checksum("meta", 0, body)
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (0,?,?)", (body, sum_)).close()
        self.connection.execute(f"PRAGMA user_version={stamp(sum_)}").close()
