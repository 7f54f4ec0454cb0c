"""Values as bytes and back: JSON by msgspec, which checks every type, compressed against words that every index shares."""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from askdoc.errors import IndexCorrupt, LimitExceeded

UNPACKED: Final = 64 * 1024 * 1024
"""Most bytes of an unpacked body: a small file must not exhaust the memory."""

if TYPE_CHECKING:
    from zlib import _Compress

_SHORT: Final = 60
"""Bytes up to which nothing is compressed."""

_encode: Final = msgspec.json.Encoder(order="deterministic").encode

T = TypeVar("T")


@lru_cache(maxsize=1)
def common() -> bytes:
    """Return the preset dictionary of the compression: frequent words of both languages.

    A passage is too short to repeat itself; the dictionary saves a quarter in Chinese and a seventh in English. It is part
    of the format: another text is another schema version. It contains nothing of any document, so that what is removed
    from an index is gone.
    """
    return Path(__file__).with_name("common.txt").read_bytes()


@lru_cache(maxsize=1)
def _compressor() -> _Compress:
    """Return a compressor to be copied: loading the dictionary anew would double the time for a passage."""
    return zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, common())


def pack(value: object) -> bytes:
    """Return a value as bytes; the first byte tells whether the rest is compressed.

    Raises :class:`LimitExceeded` for what :func:`unpack` would not read back.
    """
    try:
        data = _encode(value)
    except UnicodeEncodeError:
        # Half a surrogate pair, as in a file's name that is no UTF-8: msgspec neither writes nor reads its escape.
        import json

        data = json.dumps(msgspec.to_builtins(value, order="deterministic"), separators=(",", ":")).encode()
    if len(data) > UNPACKED:
        raise LimitExceeded("index-part-large", limit=UNPACKED)
    if len(data) > _SHORT:
        compressor = _compressor().copy()
        packed = compressor.compress(data) + compressor.flush()
        if len(packed) < len(data) - 8:
            return b"d" + packed
    return b"j" + data


def unpack(body: object, table: str, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the value of :func:`pack`'s bytes. Raises :class:`IndexCorrupt` for what is not of the decoder's type."""
    if not isinstance(body, bytes):
        raise damaged(table)
    try:
        data = body[1:]
        if body[:1] == b"d":
            inflater = zlib.decompressobj(-15, common())
            data = inflater.decompress(data, UNPACKED)
            if not inflater.eof or inflater.unused_data:
                raise damaged(table)
        try:
            return decoder.decode(data)
        except msgspec.DecodeError:
            if b"\\ud" not in data:
                raise
            import json

            return msgspec.convert(json.loads(data), decoder.type)
    except (zlib.error, ValueError, RecursionError, MemoryError) as error:
        raise damaged(table) from error


def damaged(table: str) -> IndexCorrupt:
    """Return the error for a table with a row that is missing, changed, or of an older state."""
    return IndexCorrupt("index-damaged-part", part=table)
