"""The directory of an index: the checksum of every row, so that no row of an older state is believed.

A disk that lost a write leaves pages of the file as it was before: rows whose checksums hold, but of another state. So
a row's checksum is not kept with it, but in a chunk of the table ``directory``, with those of the rows with neighbouring
keys; the checksums of these chunks are in upper chunks, theirs in ``meta``, and a part of its own checksum in the
file's header, which is another page again. (A tree of hashes: Merkle 1987.) Absence is proven as well: a key without
a checksum has no row. A row costs the reading of its chunk, two kilobytes, which the state keeps.

Chunk ``i`` of table ``n`` is row ``i * 16 + n``; the upper chunk of row ``j`` is row ``-1 - j // SLOTS``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from askdoc.storage.packing import damaged
from askdoc.storage.schema import ROW_TABLES, checksum

SLOTS: Final = 250
"""Checksums per chunk: two chunks fill a page."""

WIDTH: Final = 8
"""Bytes of a checksum."""

_NUMBERS: Final = {table: number for number, table in enumerate(ROW_TABLES)}

_CACHED: Final = 4096
"""Chunks that are cached, at most: those of a million rows."""


def place(table: str, key: int) -> tuple[int, int]:
    """Return the chunk of a row, and its slot there."""
    chunk, slot = divmod(key, SLOTS)
    return chunk * 16 + _NUMBERS[table], slot


class Directory:
    """The checksums of the rows of one state; each chunk is read and checked when it is first needed."""

    def __init__(self, roots: bytes) -> None:
        """Take the checksums of the upper chunks, from the facts of the index."""
        self.roots = roots
        self._chunks: dict[int, bytes] = {}

    def entry(self, connection: sqlite3.Connection, table: str, key: int) -> bytes:
        """Return the checksum of a row; empty where the state has no such row. Raises :class:`IndexCorrupt`."""
        chunk, slot = place(table, key)
        return cut(self.chunk(connection, chunk), slot)

    def chunk(self, connection: sqlite3.Connection, id_: int) -> bytes | bytearray:
        """Return the checksums of a chunk, one after the other; zeros where there is no row."""
        if id_ not in self._chunks:
            if len(self._chunks) >= _CACHED:
                self._chunks.clear()
            self._chunks[id_] = self._read(connection, id_)
        return self._chunks[id_]

    def keys(self, connection: sqlite3.Connection, table: str) -> Iterator[int]:
        """Yield the keys of all rows of a table, ascending."""
        for upper in range(len(self.roots) // WIDTH):
            for slot in range(SLOTS):
                chunk, number = divmod(upper * SLOTS + slot, 16)
                if number == _NUMBERS[table]:
                    sums = self.chunk(connection, upper * SLOTS + slot)
                    yield from (chunk * SLOTS + slot for slot in range(len(sums) // WIDTH) if cut(sums, slot))

    def _read(self, connection: sqlite3.Connection, id_: int) -> bytes:
        if id_ < 0:
            sum_ = cut(self.roots, -1 - id_)
        else:
            upper, slot = divmod(id_, SLOTS)
            sum_ = cut(self.chunk(connection, -1 - upper), slot)
        if not sum_:
            return b""
        row = connection.execute("SELECT body FROM directory WHERE id=?", (id_,)).fetchone()
        if row is None or checksum("directory", id_, row[0]) != sum_:
            raise damaged("directory")
        body: bytes = row[0]
        return body


def cut(chunk: bytes | bytearray, slot: int) -> bytes:
    """Return the checksum in a slot; empty where there is none."""
    sum_ = bytes(chunk[slot * WIDTH : (slot + 1) * WIDTH])
    return sum_ if any(sum_) else b""
