"""Writes posting blocks and chunks of lengths: all of a new index, or only the changed ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from askdoc.storage.posting_blocks import (
    BLOCK_BYTES,
    BLOCK_TERMS,
    Block,
    TermPostings,
    decode_lengths,
    divide,
    encode_block,
    encode_lengths,
    merge,
)
from askdoc.storage.rows import lengths_key
from askdoc.storage.schema import LENGTHS_CHUNK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.writing.row_writer import RowWriter


def create_blocks(rows: RowWriter, field: int, entries: Iterable[TermPostings]) -> None:
    """Write all blocks of a field as its terms arrive; one empty block where it has none."""
    id_ = _next_id(rows)
    first = b""
    before: Sequence[TermPostings] = []
    for part in divide(entries):
        if before:
            rows.put("blocks", id_, field, first, part[0].term, encode_block(before))
            id_, first = id_ + 1, part[0].term
        before = part
    rows.put("blocks", id_, field, first, b"", encode_block(before))


def _next_id(rows: RowWriter) -> int:
    (highest,) = rows.connection.execute("SELECT max(id) FROM blocks").fetchone()
    return 1 if highest is None else int(highest) + 1


def update_blocks(rows: RowWriter, field: int, changes: Iterable[TermPostings]) -> None:
    """Apply changes, ascending by term, to the blocks of a field."""
    opened: list[tuple[int, Block]] = []

    def block_start(change: TermPostings) -> bytes:
        if not opened or not opened[-1][1].covers(change.term):
            opened.append(rows.block(field, change.term))
        return opened[-1][1].first

    for _, group in groupby(changes, key=block_start):
        changed = list(group)
        # groupby has already looked one change ahead, and may have opened the next block for it.
        id_, block = next(entry for entry in reversed(opened) if entry[1].covers(changed[0].term))
        _update_block(rows, field, id_, block, changed)
        del opened[:-1]


def _update_block(rows: RowWriter, field: int, id_: int, block: Block, changes: Sequence[TermPostings]) -> None:
    entries = {entry.term: entry for entry in block.entries()}
    for change in changes:
        merged = merge(block.postings(change.term), change.passages, change.counts)
        if len(merged[0]):
            entries[change.term] = TermPostings(change.term, *merged)
        else:
            entries.pop(change.term, None)
    whole = [entries[term] for term in sorted(entries)]
    body = encode_block(whole)
    if len(whole) <= 2 * BLOCK_TERMS and (len(body) <= 3 * BLOCK_BYTES or len(whole) == 1):
        rows.put("blocks", id_, field, block.first, block.next, body)
        return
    parts = list(divide(whole))
    bounds = [block.first, *(part[0].term for part in parts[1:]), block.next]  # together they tile the old block
    for part, (first, end) in zip(parts, pairwise(bounds), strict=True):
        rows.put("blocks", id_, field, first, end, encode_block(part))
        id_ = _next_id(rows)


def update_lengths(
    rows: RowWriter, field: int, numbers: NDArray[np.uint32], values: NDArray[np.uint32], before: int, size: int
) -> None:
    """Write the chunks of lengths that change or grow: the new ``values`` of some ``numbers``.

    The index had ``before`` numbers and has ``size``.
    """
    chunks = set((numbers // LENGTHS_CHUNK).tolist())
    if size > before:
        chunks |= set(range(before // LENGTHS_CHUNK, -(-size // LENGTHS_CHUNK)))
    if not chunks:
        return
    import numpy as np

    for chunk in sorted(chunks):
        key = lengths_key(chunk, field, len(rows.facts.fields))
        start = chunk * LENGTHS_CHUNK
        lengths = np.zeros(min(LENGTHS_CHUNK, size - start), dtype=np.int64)
        if start < before:
            count = min(LENGTHS_CHUNK, before - start)
            lengths[:count] = decode_lengths(rows.body("lengths", key), count, listed=False)
        inside = numbers // LENGTHS_CHUNK == chunk
        lengths[numbers[inside] - start] = values[inside]
        rows.put("lengths", key, encode_lengths(lengths))
