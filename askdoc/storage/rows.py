"""Reads the rows of one state of an index and checks each against the directory: for questions, the writer, the check."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from askdoc.storage import records
from askdoc.storage.directory import Directory
from askdoc.storage.packing import damaged
from askdoc.storage.posting_blocks import SMALL, Block, decode_lengths
from askdoc.storage.records import Bead, Meta, PassageRow, Record
from askdoc.storage.schema import LENGTHS_CHUNK, checksum, pragma, reading, stamp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_ASKED: Final = 400
"""Rows read with one statement; old versions of SQLite allow 999 parameters."""

_NO_BEAD: Final = Bead()


def meta(connection: sqlite3.Connection) -> tuple[Any, ...]:
    """Return the row of ``meta`` unchecked: it names the state. :func:`checked_meta` checks it, once per state."""
    stored = connection.execute("SELECT id, body, sum FROM meta").fetchall()
    if len(stored) != 1:
        raise damaged("meta")
    return tuple(stored[0])


def checked_meta(connection: sqlite3.Connection, row: tuple[Any, ...] | None = None) -> Meta:
    """Return the facts of the index, checked against the file's header."""
    id_, body, sum_ = row or meta(connection)
    if checksum("meta", id_, body) != sum_ or pragma(connection, "user_version") != stamp(sum_):
        raise damaged("meta")
    return records.decode_meta(body)


class Rows:
    """The rows of one state, through a connection whose transaction sees it.

    Methods raise :class:`IndexCorrupt` for rows that are damaged, of another state or missing, and what
    :func:`askdoc.storage.schema.reading` makes of SQLite's errors.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, facts: Meta, directory: Directory) -> None:
        """Take the facts and the directory of the state; ``path`` is for messages."""
        self.connection = connection
        self.facts = facts
        self._path = path
        self._directory = directory

    def fetch(self, sql: str, *values: object) -> list[Any]:
        """Return all rows of a statement, unchecked."""
        with reading(self._path):
            return self.connection.execute(sql, values).fetchall()

    def entry(self, table: str, key: int) -> bytes:
        """Return the checksum that a row must have; empty where there must be none."""
        with reading(self._path):
            return self._directory.entry(self.connection, table, key)

    def keys(self, table: str) -> list[int]:
        """Return the keys of all rows of a table, ascending."""
        with reading(self._path):
            return list(self._directory.keys(self.connection, table))

    def _check(self, table: str, key: int, *columns: object) -> None:
        if checksum(table, key, *columns) != self.entry(table, key):
            raise damaged(table)

    def bodies(self, table: str, keys: Sequence[int]) -> dict[int, bytes]:
        """Return the bodies of some rows by key, in their order, without those that the state does not have."""
        stored: dict[int, bytes] = {}
        for start in range(0, len(keys), _MOST_ASKED):
            part = keys[start : start + _MOST_ASKED]
            marks = ",".join("?" * len(part))
            stored.update(self.fetch(f"SELECT id, body FROM {table} WHERE id IN ({marks})", *part))
        bodies = {}
        for key in keys:
            if key in stored:
                self._check(table, key, stored[key])
                bodies[key] = stored[key]
            elif self.entry(table, key):
                raise damaged(table)
        return bodies

    def body(self, table: str, key: int) -> bytes:
        """Return the body of a row that must be there."""
        bodies = self.bodies(table, (key,))
        if key not in bodies:
            raise damaged(table)
        return bodies[key]

    # --- documents and passages ----------------------------------------------------------------------------------

    def document(self, id_: int) -> Record:
        """Return a document's row."""
        record = records.decode_record(self.body("documents", id_))
        if record.id != id_:
            raise damaged("documents")
        return record

    def documents(self) -> dict[int, Record]:
        """Return all documents by id, ascending."""
        ids = [id_ for (id_,) in self.fetch("SELECT id FROM documents ORDER BY id")]
        if len(ids) != self.facts.documents:
            raise damaged("documents")
        bodies = self.bodies("documents", ids)
        if len(bodies) != len(ids):
            raise damaged("documents")
        return {id_: records.decode_record(bodies[id_]) for id_ in ids}

    def passages(self, numbers: Sequence[int]) -> dict[int, tuple[PassageRow, Bead]]:
        """Return passages by number, without those that the state does not have, each with its bead."""
        bodies = self.bodies("passages", numbers)
        beads = self.bodies("beads", list(bodies))
        return {
            number: (
                records.decode_passage(body),
                records.decode_bead(beads[number]) if number in beads else _NO_BEAD,
            )
            for number, body in bodies.items()
        }

    # --- terms ---------------------------------------------------------------------------------------------------

    def block(self, field: int, term: bytes) -> tuple[int, Block]:
        """Return the id and contents of the block that covers the term; raise where the tree leads to another one."""
        stored = self.fetch(
            "SELECT id, field, first, next, body FROM blocks WHERE field=? AND first<=? ORDER BY first DESC LIMIT 1",
            field,
            term,
        )
        if not stored:
            raise damaged("blocks")
        block = self.checked_block(stored[0])
        if stored[0][1] != field or not block.covers(term):
            raise damaged("blocks")
        return stored[0][0], block

    def checked_block(self, row: Sequence[Any]) -> Block:
        """Return the block of a row ``id, field, first, next, body``."""
        self._check("blocks", *row)
        _, _, first, following, body = row
        return Block(first, following, body, self.facts.size)

    def lengths(self, field: int) -> NDArray[np.int64] | tuple[int, ...]:
        """Return the lengths of a field in all passages, shape ``(size,)``."""
        size = self.facts.size
        keys = [lengths_key(chunk, field, len(self.facts.fields)) for chunk in range(-(-size // LENGTHS_CHUNK))]
        bodies = self.bodies("lengths", keys)
        if len(bodies) != len(keys):
            raise damaged("lengths")
        parts = [
            decode_lengths(bodies[key], min(LENGTHS_CHUNK, size - start), size <= SMALL)
            for start, key in zip(range(0, size, LENGTHS_CHUNK), keys, strict=True)
        ]
        if size <= SMALL:  # one chunk or none
            return parts[0] if parts else ()
        import numpy as np

        whole = np.concatenate(parts)
        whole.setflags(write=False)
        return whole


def lengths_key(chunk: int, field: int, fields: int) -> int:
    """Return the id of a chunk of the lengths of a field, one of ``fields``."""
    return chunk * fields + field


def no_lengths(size: int) -> NDArray[np.int64] | tuple[int, ...]:
    """Return the lengths of a field that is empty in all passages."""
    if size <= SMALL:
        return (0,) * size
    import numpy as np

    return np.zeros(size, dtype=np.int64)
