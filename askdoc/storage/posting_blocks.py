"""Encoding of posting blocks and chunks of lengths as bytes.

A block's body is ``n`` (u32); of each of its ``n`` terms the length in bytes, the document frequency (255 where it is
255 or more) and the encoding of its list (u8 each); as u32 those lengths that are 255 or more, those document frequencies,
and the sizes in bytes of those lists that have patches; the terms in UTF-8, ascending; then the lists,
gaps first. The first gap is the first passage number, each later one the distance from the one before
(Witten, Moffat and Bell, *Managing Gigabytes*, 1999, chapter 3; whole bytes instead of bits, so that numpy decodes a
list in a few steps). An encoding is the width of the values in bytes: 1, 2 or 4, and 0 for counts that are all 1. With 8
added to it, most values are small and the others patched in (as in Zukowski and others' PFOR, 2006): gaps are their low
bytes, a bit for each that has more, and what these have above, of that width; counts are a bit for each that is not 1,
and these, of that width.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from askdoc.errors import IndexCorrupt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALL: Final = 512
"""Most passages of an index whose numbers are read as tuples: importing numpy costs a cold question 60 ms, a third of all."""

BLOCK_TERMS: Final = 64
"""Most terms of a new block; one that grows beyond twice that is split."""

BLOCK_BYTES: Final = 16 * 1024
"""A new block ends with the term that exceeds this many bytes of postings."""

_CACHED_ENTRIES: Final = 256
"""Most entries of a list that is cached decoded: an entry takes 16 bytes, and a ranker caches its own form."""

_WIDTHS: Final = {1: "<u1", 2: "<u2", 4: "<u4"}
"""numpy's names of the types by width."""

_CODES: Final = {1: "B", 2: "H", 4: "I"}
""":mod:`struct`'s names of the types by width."""

_PATCHED: Final = 8
"""Added to a width where only the values that a bit names have it."""

_SHORT: Final = 128
"""Entries below which patching is not worth its time."""

_GAPS: Final = frozenset({1, 2, 4, _PATCHED + 1, _PATCHED + 2})
_COUNTS: Final = frozenset({0, 1, 2, 4, _PATCHED + 1, _PATCHED + 2, _PATCHED + 4})
_ENCODINGS: Final = frozenset(gaps << 4 | counts for gaps in _GAPS for counts in _COUNTS)
_HAS_PATCHES: Final = _PATCHED << 4 | _PATCHED

_LARGE: Final = 255
"""Stands in a byte for any number of at least this."""


class Postings(NamedTuple):
    """The passages that contain a term."""

    passages: NDArray[np.int64] | tuple[int, ...]
    """Passage numbers, ascending, shape ``(df,)``: an array, or a tuple in an index of at most :data:`SMALL` passages."""
    counts: NDArray[np.int64] | tuple[int, ...]
    """Term frequency in each, at least 1, shape ``(df,)``."""

    @property
    def document_frequency(self) -> int:
        """Number of passages that contain the term."""
        return len(self.passages)


class TermPostings(NamedTuple):
    """A term in bytes, with its postings."""

    term: bytes
    passages: NDArray[np.int64]
    counts: NDArray[np.int64]


def term_key(term: str) -> bytes:
    """Return a term as blocks store it. UTF-8 bytes sort like code points; SQLite's text with NUL would not."""
    return term.encode("utf-8", "surrogatepass")


def _width(highest: int) -> int:
    return 1 if highest < 1 << 8 else 2 if highest < 1 << 16 else 4


def _patched(values: NDArray[np.int64], plain: NDArray[np.bool_]) -> tuple[int, list[bytes]]:
    """Return the encoding and the parts of values, of which the ``plain`` ones are not stored."""
    import numpy as np

    odd = values[~plain]
    width = _width(int(odd.max(initial=0)))
    return _PATCHED + width, [np.packbits(~plain).tobytes(), odd.astype(_WIDTHS[width]).tobytes()]


def _encode_gaps(gaps: NDArray[np.int64]) -> tuple[int, list[bytes]]:
    width = _width(int(gaps.max()))
    if width > 1 and len(gaps) >= _SHORT:
        high = gaps >> 8
        encoding, parts = _patched(high, high == 0)
        parts.insert(0, gaps.astype("<u1").tobytes())
        if encoding in _GAPS and sum(map(len, parts)) * 10 < width * len(gaps) * 9:
            return encoding, parts
    return width, [gaps.astype(_WIDTHS[width]).tobytes()]


def _encode_counts(counts: NDArray[np.int64]) -> tuple[int, list[bytes]]:
    highest = int(counts.max())
    if highest == 1:
        return 0, []
    width = _width(highest)
    if len(counts) >= _SHORT:
        encoding, parts = _patched(counts, counts == 1)
        if sum(map(len, parts)) < width * len(counts):
            return encoding, parts
    return width, [counts.astype(_WIDTHS[width]).tobytes()]


def encode_block(entries: Sequence[TermPostings]) -> bytes:
    """Return the body of a block of these terms, ascending."""
    encodings = bytearray()
    lists: list[bytes] = []
    for _, passages, counts in entries:
        gaps = passages.copy()
        gaps[1:] -= passages[:-1]  # np.diff(prepend=0) takes ten times as long for the many short lists
        encoding, data = _encode_gaps(gaps)
        count_encoding, more = _encode_counts(counts)
        encodings.append(encoding << 4 | count_encoding)
        lists.append(b"".join(data + more))
    lengths = [len(entry.term) for entry in entries]
    frequencies = [len(entry.passages) for entry in entries]
    large = [number for numbers in (lengths, frequencies) for number in numbers if number >= _LARGE]
    large += [len(data) for encoding, data in zip(encodings, lists, strict=True) if encoding & _HAS_PATCHES]
    head: list[bytes] = [
        struct.pack("<I", len(entries)),
        *(bytes(min(number, _LARGE) for number in numbers) for numbers in (lengths, frequencies)),
        bytes(encodings),
        struct.pack(f"<{len(large)}I", *large),
    ]
    return b"".join([*head, *(entry.term for entry in entries), *lists])


def _whole(small: bytes, large: Iterator[int]) -> Sequence[int]:
    """Return numbers of a byte each, with the large ones substituted."""
    if _LARGE not in small:
        return small
    return [next(large) if byte == _LARGE else byte for byte in small]


class Block:
    """A checked and parsed block; the postings of a term are decoded on demand."""

    __slots__ = (
        "_body",
        "_decoded",
        "_encodings",
        "_frequencies",
        "_offsets",
        "_size",
        "first",
        "next",
        "terms",
    )

    def __init__(self, first: bytes, next_: bytes, body: bytes, size: int) -> None:
        """Parse a block of terms from ``first`` up to ``next_`` (``b""``: no bound), of passage numbers below ``size``.

        Raises :class:`IndexCorrupt` for a body that :func:`encode_block` never makes.
        """
        self.first = first
        self.next = next_
        self._body = body
        self._size = size
        self._decoded: dict[bytes, Postings] = {}
        try:
            (count,) = struct.unpack_from("<I", body)
            lengths, frequencies, encodings = (
                body[4 + column * count : 4 + (column + 1) * count] for column in range(3)
            )
            patched = sum(encodings.count(encoding) for encoding in set(encodings) if encoding & _HAS_PATCHES)
            more = struct.Struct(f"<{lengths.count(_LARGE) + frequencies.count(_LARGE) + patched}I")
            large = iter(more.unpack_from(body, 4 + 3 * count))
            ends = list(accumulate(_whole(lengths, large), initial=4 + 3 * count + more.size))
            self.terms = [body[start:end] for start, end in pairwise(ends)]
            self._frequencies = _whole(frequencies, large)
            self._encodings = encodings
            sizes = (
                next(large) if encoding & _HAS_PATCHES else frequency * ((encoding >> 4) + (encoding & 15))
                for encoding, frequency in zip(encodings, self._frequencies, strict=True)
            )
            self._offsets = list(accumulate(sizes, initial=ends[-1]))
        except (struct.error, ValueError, MemoryError, OverflowError) as error:
            raise IndexCorrupt("index-damaged-part", part="blocks") from error
        self._check()

    def _check(self) -> None:
        terms = self.terms
        if (
            self._offsets[-1] != len(self._body)
            or not _ENCODINGS.issuperset(self._encodings)
            or not all(self._frequencies)
            or any(term >= following for term, following in pairwise(terms))
            or (terms and (terms[0] < self.first or (self.next and terms[-1] >= self.next)))
            or (self.next and self.next <= self.first)
        ):
            raise IndexCorrupt("index-damaged-part", part="blocks")

    def covers(self, term: bytes) -> bool:
        """Tell whether the term, if it exists at all, is in this block."""
        return self.first <= term and (not self.next or term < self.next)

    @property
    def weight(self) -> int:
        """Bytes in memory: the body, and what was parsed of each term."""
        return len(self._body) + 150 * len(self.terms)

    def frequencies(self) -> Iterator[tuple[bytes, int]]:
        """Yield each term with its document frequency."""
        return zip(self.terms, self._frequencies, strict=True)

    def postings(self, term: bytes) -> Postings | None:
        """Return the postings of a term, or ``None`` where the block lacks it."""
        if term in self._decoded:
            return self._decoded[term]
        position = bisect_left(self.terms, term)
        if position == len(self.terms) or self.terms[position] != term:
            return None
        postings = self._read(position, _ListDecoder if self._size <= SMALL else _ArrayDecoder)
        if len(postings.passages) <= _CACHED_ENTRIES:
            self._decoded[term] = postings
        return postings

    def _read(self, position: int, reader: type[_ArrayDecoder | _ListDecoder]) -> Postings:
        part = reader(memoryview(self._body)[self._offsets[position] : self._offsets[position + 1]])
        count = self._frequencies[position]
        encoding = self._encodings[position]
        try:
            postings = part.postings(count, encoding >> 4, encoding & 15)
        except (struct.error, ValueError) as error:
            raise IndexCorrupt("index-damaged-part", part="blocks") from error
        if part.rest or postings is None or postings.passages[-1] >= self._size:
            raise IndexCorrupt("index-damaged-part", part="blocks")
        return postings

    def entries(self) -> list[TermPostings]:
        """Return all terms with their postings."""
        import numpy as np

        lists = (self._read(position, _ArrayDecoder) for position in range(len(self.terms)))
        return [
            TermPostings(term, *map(np.asarray, postings)) for term, postings in zip(self.terms, lists, strict=True)
        ]


class _ArrayDecoder:
    """Reader of a list's values with numpy; too few bytes raise ValueError."""

    __slots__ = ("rest",)

    def __init__(self, rest: memoryview) -> None:
        self.rest = rest

    def values(self, width: int, count: int) -> NDArray[np.uint32]:
        """Read ``count`` values of a width."""
        import numpy as np

        values: NDArray[np.uint32] = np.frombuffer(self.rest, _WIDTHS[width], count)
        self.rest = self.rest[count * width :]
        return values

    def bits(self, count: int) -> NDArray[np.bool_]:
        """Read ``count`` bits."""
        import numpy as np

        raw = np.frombuffer(self.rest, np.uint8, -(-count // 8))
        self.rest = self.rest[len(raw) :]
        return np.unpackbits(raw, count=count).view(np.bool_)

    def postings(self, count: int, gap: int, times: int) -> Postings | None:
        """Return the postings; ``None`` where a gap or a count is 0."""
        import numpy as np

        if gap < _PATCHED:
            gaps = self.values(gap, count)
        else:
            gaps = self.values(1, count).astype(np.uint32)
            odd = self.bits(count)
            gaps[odd] += self.values(gap - _PATCHED, int(np.count_nonzero(odd))).astype(np.uint32) << 8
        passages = np.cumsum(gaps, dtype=np.int64)
        if 0 < times < _PATCHED:
            counts = self.values(times, count).astype(np.int64)
        else:
            counts = np.ones(count, dtype=np.int64)
            if times:
                odd = self.bits(count)
                counts[odd] = self.values(times - _PATCHED, int(np.count_nonzero(odd)))
        if not gaps[1:].all() or not counts.all():
            return None
        passages.setflags(write=False)
        counts.setflags(write=False)
        return Postings(passages, counts)


class _ListDecoder:
    """Reader without numpy, for the few passages of a small index; too few bytes raise struct.error."""

    __slots__ = ("rest",)

    def __init__(self, rest: memoryview) -> None:
        self.rest = rest

    def values(self, width: int, count: int) -> tuple[int, ...]:
        """Read ``count`` values of a width."""
        values: tuple[int, ...] = struct.unpack_from(f"<{count}{_CODES[width]}", self.rest)
        self.rest = self.rest[count * width :]
        return values

    def bits(self, count: int) -> list[int]:
        """Read ``count`` bits; return the positions of those that are set."""
        bits = int.from_bytes(bytes(self.values(1, -(-count // 8))), "big") >> (-count % 8)
        return [position for position in range(count) if bits >> (count - 1 - position) & 1]

    def postings(self, count: int, gap: int, times: int) -> Postings | None:
        """Return the postings; ``None`` where a gap or a count is 0."""
        gaps = list(self.values(1 if gap > _PATCHED else gap, count))
        if gap > _PATCHED:
            odd = self.bits(count)
            for position, high in zip(odd, self.values(gap - _PATCHED, len(odd)), strict=True):
                gaps[position] += high << 8
        counts = [1] * count
        if times > _PATCHED:
            odd = self.bits(count)
            for position, value in zip(odd, self.values(times - _PATCHED, len(odd)), strict=True):
                counts[position] = value
        elif times:
            counts = list(self.values(times, count))
        if not all(gaps[1:]) or not all(counts):
            return None
        return Postings(tuple(accumulate(gaps)), tuple(counts))


def divide(entries: Iterable[TermPostings]) -> Iterator[Sequence[TermPostings]]:
    """Split ascending terms into the contents of blocks."""
    part: list[TermPostings] = []
    size = 0
    for entry in entries:
        part.append(entry)
        size += 2 * len(entry.passages) + len(entry.term) + 10
        if len(part) == BLOCK_TERMS or size >= BLOCK_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def merge(
    old: Postings | None, passages: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return postings with changes applied: each passage's new count, 0 to remove it. Both are ascending and distinct."""
    import numpy as np

    if old is None:
        keep = counts > 0
        return passages[keep], counts[keep]
    before, times = (np.asarray(array, dtype=np.int64) for array in old)
    rest = np.isin(before, passages, assume_unique=True, invert=True)
    keep = counts > 0
    numbers = np.concatenate([before[rest], passages[keep]])
    order = np.argsort(numbers, kind="stable")
    return numbers[order], np.concatenate([times[rest], counts[keep]])[order]


def common(lists: Sequence[Sequence[int] | NDArray[np.integer[Any]]]) -> Sequence[int] | NDArray[np.integer[Any]]:
    """Return the numbers that are in all of some ascending lists, ascending."""
    ordered = sorted(lists, key=len)
    if not ordered or not len(ordered[0]):
        return ()
    if isinstance(ordered[0], tuple):
        return sorted(set(ordered[0]).intersection(*ordered[1:]))
    import numpy as np

    shared = np.asarray(ordered[0])
    for numbers in ordered[1:]:
        other_numbers = np.asarray(numbers)
        positions = other_numbers.searchsorted(shared)
        positions[positions == len(other_numbers)] = 0
        shared = shared[other_numbers[positions] == shared]
    return shared


def encode_lengths(lengths: NDArray[np.int64]) -> bytes:
    """Return a chunk of lengths as bytes: the width, then the values."""
    width = _width(int(lengths.max(initial=0)))
    return bytes([width]) + lengths.astype(_WIDTHS[width]).tobytes()


def decode_lengths(body: object, count: int, listed: bool) -> NDArray[np.int64] | tuple[int, ...]:
    """Return the ``count`` lengths of a chunk; ``listed``: without numpy."""
    if not isinstance(body, bytes) or body[:1] not in (b"\1", b"\2", b"\4") or len(body) != 1 + count * body[0]:
        raise IndexCorrupt("index-damaged-part", part="lengths")
    if listed:
        return struct.unpack_from(f"<{count}{_CODES[body[0]]}", body, 1)
    import numpy as np

    # As wide as stored: eight bytes each for a million passages in five fields would be 40 MB.
    return np.frombuffer(body, _WIDTHS[body[0]], count, 1)
