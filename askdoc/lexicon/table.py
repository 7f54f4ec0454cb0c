"""A sorted table of text in one file: looked up by bisection, opened in a millisecond, nothing in it ever run.

Layout: magic, the key that names what it was made from, the directory's length, the directory, the blocks. Directory
and blocks are compressed by zlib, whose checksum finds damage; a block holds the lines of neighbouring keys.
"""

from __future__ import annotations

import threading
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MAGIC: Final = b"askdoc lexicon 1\n"
KEY_BYTES: Final = 16
_BLOCK: Final = 4096
"""Bytes of text a block, uncompressed."""

_KEPT: Final = 256
"""How many blocks an open table keeps."""


def encode(entries: Mapping[str, str], key: bytes) -> bytes:
    """A table of ``entries`` (neither keys nor values hold a tab or line end) under a key of :data:`KEY_BYTES`."""
    blocks: list[bytes] = []
    directory: list[bytes] = []
    lines: list[bytes] = []
    size = 0

    def close() -> None:
        packed = zlib.compress(b"\n".join(lines), 9)
        directory.append(b"%s\t%d" % (lines[0].partition(b"\t")[0], len(packed)))
        blocks.append(packed)

    for name, value in sorted((name.encode(), value.encode()) for name, value in entries.items()):
        lines.append(name + b"\t" + value)
        size += len(lines[-1])
        if size >= _BLOCK:
            close()
            lines, size = [], 0
    if lines:
        close()
    head = zlib.compress(b"\n".join(directory), 9)
    return b"".join((MAGIC, key, len(head).to_bytes(4, "big"), head, *blocks))


def save(data: bytes, path: Path) -> None:
    """Put a table in place at once, in a private folder. Raises OSError."""
    from askdoc.placing import put_in_place

    put_in_place(path, data, sync=True)


class Table:
    """An open table. May be shared by threads."""

    def __init__(self, source: Path | bytes, key: bytes) -> None:
        """Open a file or the bytes of one. Raises OSError; ValueError where it is damaged or made from something else."""
        self._source = source
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, dict[bytes, bytes]] = OrderedDict()
        head = len(MAGIC) + KEY_BYTES + 4
        start = self._part(0, head)
        if start[:-4] != MAGIC + key:
            message = "another table"
            raise ValueError(message)
        size = int.from_bytes(start[-4:], "big")
        self._firsts: list[bytes] = []
        self._ends = [head + size]
        for line in _unpack(self._part(head, size)).split(b"\n"):
            first, _, length = line.rpartition(b"\t")
            self._firsts.append(first)
            self._ends.append(self._ends[-1] + int(length))

    def _part(self, start: int, size: int) -> bytes:
        if isinstance(self._source, bytes):
            return self._source[start : start + size]
        with self._source.open("rb", buffering=0) as file:
            file.seek(start)
            return file.read(size)

    def get(self, name: str) -> str | None:
        """The value of a key, or ``None``. Raises OSError; ValueError where the table is damaged."""
        wanted = name.encode("utf-8", "surrogatepass")
        at = bisect_right(self._firsts, wanted) - 1
        if at < 0:
            return None
        found = self._block(at).get(wanted)
        return None if found is None else found.decode("utf-8")

    def _block(self, at: int) -> dict[bytes, bytes]:
        with self._lock:
            if at in self._kept:
                self._kept.move_to_end(at)
                return self._kept[at]
        text = _unpack(self._part(self._ends[at], self._ends[at + 1] - self._ends[at]))
        block = {name: value for name, _, value in (line.partition(b"\t") for line in text.split(b"\n"))}
        with self._lock:
            self._kept[at] = block
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return block


def _unpack(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        message = "damaged table"
        raise ValueError(message) from error
