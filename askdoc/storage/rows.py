"""Reads and checks single rows of an index file, for the reader, the writer and the check."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from askdoc.errors import IndexCorrupt
from askdoc.model import Passage, Section
from askdoc.storage import posting_blocks, records
from askdoc.storage.posting_blocks import SMALL
from askdoc.storage.records import Meta, Record, Spot
from askdoc.storage.schema import LENGTHS_CHUNK, PLACES_CHUNK, checksum, verify

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_ASKED: Final = 400
"""Rows read with one statement; old versions of SQLite allow 999 parameters."""


class PassageRow(Struct, frozen=True):
    """A row of ``passages`` with its bead, checked and not yet decoded."""

    number: int
    document: int
    body: bytes
    alignment: str = "none"
    bead: str = ""
    confidence: float = 0.0

    def decode(self, record: Record) -> Passage:
        """Return the passage; ``record`` is its document's."""
        return records.decode_passage(self.body, record.paths, self.alignment, self.bead, self.confidence)


def missing(table: str) -> IndexCorrupt:
    """Return the error for a missing row."""
    return IndexCorrupt("index-damaged-part", part=table)


def meta(connection: sqlite3.Connection) -> tuple[Any, ...]:
    """Return the row of ``meta`` unchecked; :func:`checked_meta` checks it once per state."""
    stored = connection.execute("SELECT id, body, sum FROM meta").fetchall()
    if len(stored) != 1:
        raise missing("meta")
    return tuple(stored[0])


def checked_meta(row: Sequence[Any]) -> Meta:
    """Return the facts of a row of ``meta``, checked."""
    id_, content, sum_ = row
    verify("meta", sum_, id_, content)
    return records.decode_meta(content)


def body(connection: sqlite3.Connection, table: str, key: int) -> Any:
    """Return the checked body of a row that must be there."""
    row = connection.execute(f"SELECT body, sum FROM {table} WHERE rowid=?", (key,)).fetchone()
    if row is None:
        raise missing(table)
    verify(table, row[1], key, row[0])
    return row[0]


def _chunks(connection: sqlite3.Connection, table: str, owner: int, count: int) -> Iterator[Any]:
    """Yield the checked bodies of all chunks of one owner, in order; raise unless there are ``count``."""
    base = owner << 32
    stored = connection.execute(
        f"SELECT id, body, sum FROM {table} WHERE id>=? AND id<? ORDER BY id", (base, base + (1 << 32))
    ).fetchall()
    if [id_ for id_, _, _ in stored] != list(range(base, base + count)):
        raise missing(table)
    for id_, content, sum_ in stored:
        verify(table, sum_, id_, content)
        yield content


def digest(sums: Iterable[tuple[int, bytes]]) -> str:
    """Return the checksum over the ids and checksums of all rows of ``documents``, by id."""
    return checksum("digest", *(part for id_, sum_ in sorted(sums) for part in (id_, sum_))).hex()


def document(connection: sqlite3.Connection, id_: int) -> Record:
    """Return a document's row."""
    return records.decode_record(id_, body(connection, "documents", id_))


def documents(connection: sqlite3.Connection, facts: Meta) -> dict[int, Record]:
    """Return all documents by id, proven to be complete."""
    stored = connection.execute("SELECT id, body, sum FROM documents ORDER BY id").fetchall()
    table = {}
    for id_, content, sum_ in stored:
        verify("documents", sum_, id_, content)
        table[id_] = records.decode_record(id_, content)
    if len(stored) != facts.documents or digest((id_, sum_) for id_, _, sum_ in stored) != facts.digest:
        raise missing("documents")
    return table


def sections(connection: sqlite3.Connection, id_: int) -> tuple[Section, ...]:
    """Return the sections of a document."""
    return records.decode_sections(body(connection, "sections", id_))


def spots(connection: sqlite3.Connection, record: Record) -> list[Spot]:
    """Return ids and lines of all passages of a document, in its order."""
    total = record.summary.passages
    chunks = _chunks(connection, "places", record.id, -(-total // PLACES_CHUNK))
    table = [spot for chunk in chunks for spot in records.decode_spots(chunk)]
    if len(table) != total:
        raise missing("places")
    return table


def passages(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, PassageRow]:
    """Return the rows of these passages by number, without missing ones: the caller knows whether that is damage."""
    table: dict[int, PassageRow] = {}
    paired: list[int] = []
    for part in _parts(numbers):
        marks = ",".join("?" * len(part))
        for number, document_, pair, content, sum_ in connection.execute(
            f"SELECT number, document, paired, body, sum FROM passages WHERE number IN ({marks})", part
        ).fetchall():
            verify("passages", sum_, number, document_, pair, content)
            table[number] = PassageRow(number, document_, content)
            if pair:
                paired.append(number)
    for part in _parts(paired):
        marks = ",".join("?" * len(part))
        stored = connection.execute(
            f"SELECT number, alignment, kind, confidence, sum FROM beads WHERE number IN ({marks})", part
        ).fetchall()
        if len(stored) != len(part):
            raise missing("beads")
        for number, alignment, bead, confidence, sum_ in stored:
            verify("beads", sum_, number, alignment, bead, confidence)
            row = table[number]
            table[number] = PassageRow(number, row.document, row.body, alignment, bead, confidence)
    return table


def _parts(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _MOST_ASKED):
        yield list(numbers[start : start + _MOST_ASKED])


def block(connection: sqlite3.Connection, field: int, term: bytes, size: int) -> tuple[int, posting_blocks.Block]:
    """Return the id and contents of the block that covers the term; raise where the tree leads to another one."""
    row = connection.execute(
        "SELECT id, field, first, next, body, sum FROM blocks WHERE field=? AND first<=? ORDER BY first DESC LIMIT 1",
        (field, term),
    ).fetchone()
    if row is None:
        raise missing("blocks")
    id_, row_field, *_ = row
    parsed = checked_block(row, size)
    if row_field != field or not parsed.covers(term):
        raise missing("blocks")
    return id_, parsed


def checked_block(row: Sequence[Any], size: int) -> posting_blocks.Block:
    """Return the block of a row ``id, field, first, next, body, sum``, checked."""
    id_, field, first, next_, content, sum_ = row
    verify("blocks", sum_, id_, field, first, next_, content)
    return posting_blocks.Block(first, next_, content, size)


def no_lengths(size: int) -> NDArray[np.int64] | tuple[int, ...]:
    """Return the lengths of a field that is empty in all passages."""
    if size <= SMALL:
        return (0,) * size
    import numpy as np

    return np.zeros(size, dtype=np.int64)


def lengths(connection: sqlite3.Connection, field: int, size: int) -> NDArray[np.int64] | tuple[int, ...]:
    """Return the lengths of a field in all passages, shape ``(size,)``."""
    chunks = _chunks(connection, "lengths", field, -(-size // LENGTHS_CHUNK))
    parts = [
        posting_blocks.decode_lengths(chunk, min(LENGTHS_CHUNK, size - start), size <= SMALL)
        for start, chunk in zip(range(0, size, LENGTHS_CHUNK), chunks, strict=True)
    ]
    if size <= SMALL:  # one chunk or none
        return parts[0] if parts else no_lengths(0)
    import numpy as np

    whole = np.concatenate(parts)
    whole.setflags(write=False)
    return whole
