"""Posting blocks and chunks of lengths as bytes, and back: numpy arrays at the smallest width that holds them.

A block's body is ``n`` (u32); the byte length (u32) and document frequency (u32) of each of its ``n`` terms; the width
of its gaps and of its counts (u8: 1, 2, 4; counts may have width 0, where all are 1); the terms in UTF-8, ascending;
then for each term its gaps and its counts. The first gap is the first passage number, each later one the distance from
the one before (Witten, Moffat and Bell, *Managing Gigabytes*, 1999, chapter 3; whole bytes instead of bits, so that
numpy decodes a list in one step).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from askdoc.errors import IndexCorrupt
from askdoc.vectors import SMALL, Fixed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_TERMS: Final = 64
"""The most terms a new block holds; one that grows beyond twice that is split."""

BLOCK_BYTES: Final = 16 * 1024
"""A new block ends with the term that takes it beyond this many bytes of postings."""

_KEPT: Final = 4096
"""Entries of the longest list that is kept decoded: longer ones are 16 bytes an entry, and a ranker keeps its own."""

_WIDTHS: Final = {1: "<u1", 2: "<u2", 4: "<u4"}
"""numpy's names of the widths."""

_CODES: Final = {1: "B", 2: "H", 4: "I"}
"""Those of :mod:`struct`."""


class Postings(NamedTuple):
    """The passages that hold a term."""

    passages: NDArray[np.int64]
    """Passage numbers, ascending, shape ``(df,)``."""
    counts: NDArray[np.int64]
    """How often each holds the term, 1 or more, shape ``(df,)``."""

    @property
    def holding(self) -> int:
        """How many passages hold the term."""
        return len(self.passages)


class TermPostings(NamedTuple):
    """A term in bytes, with its postings."""

    term: bytes
    passages: NDArray[np.int64]
    counts: NDArray[np.int64]


def term_key(term: str) -> bytes:
    """A term as blocks hold it. Bytes of UTF-8 sort as code points do, which SQLite's text with NUL would not."""
    return term.encode("utf-8", "surrogatepass")


def _width(highest: int) -> int:
    return 1 if highest < 1 << 8 else 2 if highest < 1 << 16 else 4


def encode_block(entries: Sequence[TermPostings]) -> bytes:
    """The body of a block of these terms, ascending."""
    widths = bytearray()
    count_widths = bytearray()
    data: list[bytes] = []
    for _, passages, counts in entries:
        gaps = passages.copy()
        gaps[1:] -= passages[:-1]  # np.diff(prepend=0) takes ten times as long for the many short lists
        width = _width(int(gaps.max()))
        widths.append(width)
        data.append(gaps.astype(_WIDTHS[width]).tobytes())
        highest = int(counts.max())
        count_width = 0 if highest == 1 else _width(highest)
        count_widths.append(count_width)
        if count_width:
            data.append(counts.astype(_WIDTHS[count_width]).tobytes())
    head = struct.pack(
        f"<I{2 * len(entries)}I",
        len(entries),
        *(len(entry.term) for entry in entries),
        *(len(entry.passages) for entry in entries),
    )
    return b"".join([head, bytes(widths), bytes(count_widths), *(entry.term for entry in entries), *data])


class Block:
    """A checked and parsed block: which terms it has, and each one's postings when asked for."""

    __slots__ = (
        "_body",
        "_decoded",
        "_frequencies",
        "_offsets",
        "_places",
        "_size",
        "_widths",
        "first",
        "next",
        "terms",
    )

    def __init__(self, first: bytes, next_: bytes, body: bytes, size: int) -> None:
        """``first`` and ``next_`` bound the terms (``b""`` as ``next_``: no bound); passage numbers are below ``size``.

        Raises :class:`IndexCorrupt` for a body that :func:`encode_block` never makes.
        """
        self.first = first
        self.next = next_
        self._body = body
        self._size = size
        self._decoded: dict[bytes, Postings] = {}
        try:
            (count,) = struct.unpack_from("<I", body)
            numbers = struct.unpack_from(f"<{2 * count}I", body, 4)
            at = 4 + 8 * count
            lengths, self._frequencies = numbers[:count], numbers[count:]
            gaps, counts = body[at : at + count], body[at + count : at + 2 * count]
            ends = list(accumulate(lengths, initial=at + 2 * count))
            self.terms = [body[start:end] for start, end in pairwise(ends)]
            sizes = (
                frequency * (gap + width) for frequency, gap, width in zip(self._frequencies, gaps, counts, strict=True)
            )
            self._offsets = list(accumulate(sizes, initial=ends[-1]))
            self._widths = list(zip(gaps, counts, strict=True))
        except (struct.error, ValueError, MemoryError, OverflowError) as error:
            raise IndexCorrupt("index-damaged-part", part="blocks") from error
        self._check(gaps, counts)
        self._places = {term: place for place, term in enumerate(self.terms)}

    def _check(self, gaps: bytes, counts: bytes) -> None:
        terms = self.terms
        if (
            self._offsets[-1] != len(self._body)
            or not set(gaps) <= {1, 2, 4}
            or not set(counts) <= {0, 1, 2, 4}
            or not all(self._frequencies)
            or any(one >= two for one, two in pairwise(terms))
            or (terms and (terms[0] < self.first or (self.next and terms[-1] >= self.next)))
            or (self.next and self.next <= self.first)
        ):
            raise IndexCorrupt("index-damaged-part", part="blocks")

    def covers(self, term: bytes) -> bool:
        """Whether the term, if it exists at all, is in this block."""
        return self.first <= term and (not self.next or term < self.next)

    @property
    def weight(self) -> int:
        """The size of the body."""
        return len(self._body)

    def frequencies(self) -> Iterator[tuple[bytes, int]]:
        """Each term with the number of passages that hold it."""
        return zip(self.terms, self._frequencies, strict=True)

    def postings(self, term: bytes) -> Postings | None:
        """The postings of a term, or ``None`` where the block lacks it."""
        if term in self._decoded:
            return self._decoded[term]
        place = self._places.get(term)
        if place is None:
            return None
        found = self._listed(place) if self._size <= SMALL else self._decode(place)
        if len(found.passages) <= _KEPT:
            self._decoded[term] = found
        return found

    def _listed(self, place: int) -> Postings:
        """What :meth:`_decode` gives, without numpy."""
        count = self._frequencies[place]
        width, count_width = self._widths[place]
        at = self._offsets[place]
        gaps = struct.unpack_from(f"<{count}{_CODES[width]}", self._body, at)
        counts: tuple[int, ...] = (1,) * count
        if count_width:
            counts = struct.unpack_from(f"<{count}{_CODES[count_width]}", self._body, at + count * width)
        passages = Fixed(accumulate(gaps))
        if passages[-1] >= self._size or not all(gaps[1:]) or not all(counts):
            raise IndexCorrupt("index-damaged-part", part="blocks")
        return Postings(cast("NDArray[np.int64]", passages), cast("NDArray[np.int64]", Fixed(counts)))

    def _decode(self, place: int) -> Postings:
        import numpy as np

        count = self._frequencies[place]
        width, count_width = self._widths[place]
        at = self._offsets[place]
        gaps = np.frombuffer(self._body, _WIDTHS[width], count, at)
        passages = np.cumsum(gaps, dtype=np.int64)
        if count_width:
            counts = np.frombuffer(self._body, _WIDTHS[count_width], count, at + count * width).astype(np.int64)
        else:
            counts = np.ones(count, dtype=np.int64)
        if passages[-1] >= self._size or not gaps[1:].all() or not counts.all():
            raise IndexCorrupt("index-damaged-part", part="blocks")
        passages.setflags(write=False)
        counts.setflags(write=False)
        return Postings(passages, counts)

    def entries(self) -> list[TermPostings]:
        """All terms with their postings."""
        return [TermPostings(term, *self._decode(place)) for place, term in enumerate(self.terms)]


def divide(entries: Iterable[TermPostings]) -> Iterator[Sequence[TermPostings]]:
    """Cut terms, ascending, into the contents of blocks."""
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


def merge(old: Postings | None, passages: NDArray[np.int64], counts: NDArray[np.int64]) -> Postings:
    """Postings with changes applied: each passage's new count, 0 to take it out. Both ascending, no passage twice."""
    import numpy as np

    if old is None:
        keep = counts > 0
        return Postings(passages[keep], counts[keep])
    before, times = (np.asarray(each, dtype=np.int64) for each in old)
    rest = np.isin(before, passages, assume_unique=True, invert=True)
    keep = counts > 0
    numbers = np.concatenate([before[rest], passages[keep]])
    order = np.argsort(numbers, kind="stable")
    return Postings(numbers[order], np.concatenate([times[rest], counts[keep]])[order])


def common(lists: Sequence[Sequence[int] | NDArray[np.int64]]) -> Sequence[int] | NDArray[np.int64]:
    """The numbers that are in all of some ascending lists, ascending."""
    ordered = sorted(lists, key=len)
    if not ordered or not len(ordered[0]):
        return ()
    if isinstance(ordered[0], list):
        return sorted(set(ordered[0]).intersection(*ordered[1:]))
    import numpy as np

    held = np.asarray(ordered[0])
    for each in ordered[1:]:
        numbers = np.asarray(each)
        at = numbers.searchsorted(held)
        at[at == len(numbers)] = 0
        held = held[numbers[at] == held]
    return held


def encode_lengths(lengths: NDArray[np.int64]) -> bytes:
    """A chunk of lengths: the width, then the values."""
    width = _width(int(lengths.max(initial=0)))
    return bytes([width]) + lengths.astype(_WIDTHS[width]).tobytes()


def decode_lengths(body: object, count: int, listed: bool) -> NDArray[np.int64]:
    """The ``count`` lengths of a chunk; ``listed``, without numpy."""
    if not isinstance(body, bytes) or body[:1] not in (b"\1", b"\2", b"\4") or len(body) != 1 + count * body[0]:
        raise IndexCorrupt("index-damaged-part", part="lengths")
    if listed:
        return cast("NDArray[np.int64]", Fixed(struct.unpack_from(f"<{count}{_CODES[body[0]]}", body, 1)))
    import numpy as np

    # As wide as they are stored: of a million passages eight bytes each in five fields would be 40 MB.
    return np.frombuffer(body, _WIDTHS[body[0]], count, 1)
