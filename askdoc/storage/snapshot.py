"""One state of an open index, with a cache of what was read of it, for all threads that see this state."""

from __future__ import annotations

import sqlite3
import threading
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

from askdoc.storage import rows
from askdoc.storage.bounded_cache import BoundedCache
from askdoc.storage.posting_blocks import Block, Postings
from askdoc.storage.records import Record, Spot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CACHE_BYTES: Final = 16 * 1024 * 1024
"""Bytes of cached posting blocks; beyond them all are evicted."""


class Snapshot:
    """A state of the index. Methods take the connection whose read transaction sees this state."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        """Check the row of ``meta``. Raises :class:`IndexCorrupt`."""
        self.row = row
        self.meta = rows.checked_meta(row)
        self.fields = {
            name: (number, passages, total) for number, (name, passages, total) in enumerate(self.meta.fields)
        }
        self.memo = BoundedCache()
        """What a ranker computed from postings."""
        self._lock = threading.Lock()
        self._firsts: dict[int, list[bytes]] = {}
        self._blocks: dict[int, list[Block]] = {}
        self._cached_bytes = 0
        self._lengths: dict[str, NDArray[np.int64] | tuple[int, ...]] = {}
        self._records: dict[int, Record] = {}
        self._all: dict[int, Record] | None = None
        self._names: dict[str, Record] = {}
        self._spots: tuple[int, list[Spot], dict[str, int]] | None = None

    # --- terms ---------------------------------------------------------------------------------------------------

    def postings(self, connection: sqlite3.Connection, field: str, term: bytes) -> Postings | None:
        """Return the postings of a term in a field, or ``None``."""
        if field not in self.fields:
            return None
        return self._block(connection, self.fields[field][0], term).postings(term)

    def _block(self, connection: sqlite3.Connection, field: int, term: bytes) -> Block:
        with self._lock:
            position = bisect_right(self._firsts.get(field, []), term)
            if position and self._blocks[field][position - 1].covers(term):
                return self._blocks[field][position - 1]
        _, block = rows.block(connection, field, term, self.meta.size)
        self._keep(field, block)
        return block

    def _keep(self, field: int, block: Block) -> None:
        with self._lock:
            if self._cached_bytes > _CACHE_BYTES:
                self._firsts.clear()
                self._blocks.clear()
                self._cached_bytes = 0
            firsts = self._firsts.setdefault(field, [])
            position = bisect_right(firsts, block.first)
            if position and firsts[position - 1] == block.first:
                return  # another thread was faster
            firsts.insert(position, block.first)
            self._blocks.setdefault(field, []).insert(position, block)
            self._cached_bytes += block.weight

    def terms(self, connection: sqlite3.Connection, field: str, prefix: bytes) -> list[tuple[str, int]]:
        """Return the terms of a field that begin with ``prefix``, with their document frequencies."""
        frequencies: list[tuple[str, int]] = []
        if field not in self.fields:
            return frequencies
        bound = prefix
        while True:
            _, block = rows.block(connection, self.fields[field][0], bound, self.meta.size)
            for term, frequency in block.frequencies():
                if term.startswith(prefix):
                    frequencies.append((term.decode("utf-8", "surrogatepass"), frequency))
            bound = block.next
            if not bound or (bound > prefix and not bound.startswith(prefix)):
                return frequencies

    def lengths(self, connection: sqlite3.Connection, field: str) -> NDArray[np.int64] | tuple[int, ...]:
        """Return the lengths of a field, shape ``(size,)``."""
        if field not in self._lengths:
            if field in self.fields:
                self._lengths[field] = rows.lengths(connection, self.fields[field][0], self.meta.size)
            else:
                self._lengths[field] = rows.no_lengths(self.meta.size)
        return self._lengths[field]

    # --- documents -----------------------------------------------------------------------------------------------

    def records(self, connection: sqlite3.Connection) -> dict[int, Record]:
        """Return all documents, by id."""
        if self._all is None:
            table = rows.documents(connection, self.meta)
            self._names = {record.summary.name: record for record in table.values()}
            self._all = table
        return self._all

    def record(self, connection: sqlite3.Connection, id_: int) -> Record:
        """Return one document; read no other."""
        if id_ not in self._records:
            self._records[id_] = self._all[id_] if self._all and id_ in self._all else rows.document(connection, id_)
        return self._records[id_]

    def named(self, connection: sqlite3.Connection, name: str) -> Record | None:
        """Return the document of a name."""
        self.records(connection)
        return self._names.get(name)

    def spots(self, connection: sqlite3.Connection, record: Record) -> list[Spot]:
        """Return ids and lines of a document's passages; cached for the last document."""
        return self._places(connection, record)[1]

    def ids(self, connection: sqlite3.Connection, record: Record) -> dict[str, int]:
        """Return the position of each passage id in its document's order."""
        return self._places(connection, record)[2]

    def _places(self, connection: sqlite3.Connection, record: Record) -> tuple[int, list[Spot], dict[str, int]]:
        places = self._spots
        if places is None or places[0] != record.id:
            spots = rows.spots(connection, record)
            places = self._spots = record.id, spots, {spot.id: position for position, spot in enumerate(spots)}
        return places
