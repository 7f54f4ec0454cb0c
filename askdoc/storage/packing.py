"""JSON values as bytes, and back with every type checked: a checksum tells damage, not malice."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from askdoc.errors import IndexCorrupt, LimitExceeded
from askdoc.model import LANGUAGES, Language

UNPACKED: Final = 64 * 1024 * 1024
"""The most bytes a body may unpack to: a small file must not eat the machine."""

if TYPE_CHECKING:
    from zlib import _Compress

_SHORT: Final = 60
"""Bytes up to which nothing is compressed."""

T = TypeVar("T")


@lru_cache(maxsize=1)
def common() -> bytes:
    """Return the preset dictionary of the compression: frequent words of both languages.

    A passage is too short to repeat itself; with this it takes three quarters of what it takes alone in Chinese, and six
    sevenths in English. Part of the format: another text is another schema version. It holds nothing of anybody's
    documents, so that what is taken out of an index is gone from it.
    """
    return Path(__file__).with_name("common.txt").read_bytes()


@lru_cache(maxsize=1)
def _compressor() -> _Compress:
    """Return a compressor to be copied: loading the dictionary anew would double the time for a passage."""
    return zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, common())


def pack(value: object) -> bytes:
    """Return a JSON value as bytes; the first byte tells whether the rest is compressed.

    Raises :class:`LimitExceeded` for what :func:`unpack` would not read back.
    """
    # Half surrogate pairs may come from stand-ins for readers; ours remove them.
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    data = raw.encode("utf-8", "surrogatepass")
    if len(data) > UNPACKED:
        raise LimitExceeded("index-part-large", limit=UNPACKED)
    if len(data) > _SHORT:
        compressor = _compressor().copy()
        packed = compressor.compress(data) + compressor.flush()
        if len(packed) < len(data) - 8:
            return b"d" + packed
    return b"j" + data


def unpack(body: object, table: str) -> Any:
    """Return the JSON value of :func:`pack`'s bytes."""
    if not isinstance(body, bytes) or not body:
        raise IndexCorrupt("index-damaged-part", part=table)
    try:
        data = body[1:]
        if body[:1] == b"d":
            inflater = zlib.decompressobj(-15, common())
            data = inflater.decompress(data, UNPACKED)
            if not inflater.eof or inflater.unused_data:
                raise IndexCorrupt("index-damaged-part", part=table)
        return json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=_no_constant)
    except (zlib.error, ValueError, RecursionError, MemoryError) as error:
        raise IndexCorrupt("index-damaged-part", part=table) from error


def _no_constant(name: str) -> object:
    raise ValueError(name)


def decoded(table: str, make: Callable[[], T]) -> T:
    """Return the result of ``make``; turn its errors into :class:`IndexCorrupt` for ``table``."""
    try:
        return make()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise IndexCorrupt("index-damaged-part", part=table) from error


def as_whole(value: object, least: int = 0) -> int:
    """Return an integer of at least ``least``. All ``as_`` functions raise ``ValueError`` for anything else."""
    if type(value) is not int or not least <= value < 2**62:
        raise ValueError(value)
    return value


def as_text(value: object) -> str:
    """Return a string."""
    if type(value) is not str:
        raise ValueError(value)
    return value


def as_one_of(value: object, options: Iterable[T]) -> T:
    """Return the option that the value equals."""
    for option in options:
        if value == option and type(value) is type(option):
            return option
    raise ValueError(value)


def as_span(value: Any) -> tuple[int, int]:
    """Return two ascending integers."""
    first, last = value
    return as_whole(first), as_whole(last, first)


def as_texts(value: Any) -> tuple[str, ...]:
    """Return a list of strings as a tuple."""
    if type(value) is not list:
        raise ValueError(value)
    return tuple(as_text(text) for text in value)


def by_language(value: Any, read: Callable[[Any], T]) -> dict[Language, T]:
    """Return a mapping by language with its values read."""
    return {as_one_of(language, LANGUAGES): read(content) for language, content in value.items()}
