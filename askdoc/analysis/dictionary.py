"""jieba's packaged dictionary, parsed only for the characters of a text.

The file of jieba 0.42.1 has a known order, so that a character's words are found by binary search. In another version's
file a few characters, as in a question, are searched one by one; for a document numpy indexes all lines.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCANS: Final = 24
"""The characters, a long question's, that are searched one by one before numpy indexes all lines."""

_KNOWN_SIZE: Final = 5071852
_KNOWN_CRC: Final = 0x1394096D
_KNOWN_TOTAL: Final = 60101967
"""The sum of all frequencies in the dictionary of jieba 0.42.1, which has this size and checksum (tested)."""
KNOWN_HEAD: Final = 725
"""The length of its unsorted beginning; from here on lines are sorted by their first character (tested)."""


class Dictionary:
    """jieba's packaged dictionary: entries by their first character."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._scanned = 0
        self._indexed = False
        self._is_0_42_1 = len(data) == _KNOWN_SIZE and zlib.crc32(data) == _KNOWN_CRC
        self.total = _KNOWN_TOTAL if self._is_0_42_1 else self._index_lines()

    def _index_lines(self) -> int:
        """Index all lines by their first characters; return the sum of all frequencies."""
        import numpy as np

        data = self._data
        raw = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(raw == 10)
        if not data.endswith(b"\n"):
            ends = np.append(ends, len(data))
        starts = np.concatenate((np.zeros(1, dtype=ends.dtype), ends[:-1] + 1))
        self._starts, self._ends = starts, ends
        self._keys = self._first_characters(raw, starts)
        self._order = np.argsort(self._keys, kind="stable")
        self._sorted = self._keys[self._order]
        self._indexed = True
        return self._sum(raw, ends)

    @staticmethod
    def _first_characters(raw: NDArray[np.uint8], starts: NDArray[np.intp]) -> NDArray[np.uint32]:
        """Return the first UTF-8 character of each line as a number of four bytes, padded with zeros."""
        import numpy as np

        padded = np.concatenate((raw, np.zeros(4, dtype=np.uint8)))
        lead = padded[starts].astype(np.uint32)
        key = lead << 24
        for position, least in ((1, 0xC0), (2, 0xE0), (3, 0xF0)):
            byte = padded[starts + position].astype(np.uint32) << (24 - 8 * position)
            key |= np.where(lead >= least, byte, 0).astype(np.uint32)
        return key.astype(np.uint32)

    @staticmethod
    def _sum(raw: NDArray[np.uint8], ends: NDArray[np.intp]) -> int:
        """Return the sum of all frequencies: the middle field of each line, "word frequency tag"."""
        import numpy as np

        spaces = np.flatnonzero(raw == 32)
        if len(spaces) != 2 * len(ends):
            message = "the dictionary of this version of jieba has another form; install jieba 0.42.1"
            raise RuntimeError(message)
        first, second = spaces[0::2], spaces[1::2]
        total = 0
        for digit in range(int((second - first).max()) - 1):
            positions = second - 1 - digit
            inside = positions > first
            total += int((raw[positions[inside]].astype(np.int64) - 48).sum()) * 10**digit
        return total

    def entries(self, character: str) -> list[tuple[str, int]]:
        """Return the words that begin with a character, with their frequencies, in the file's order."""
        code = character.encode("utf-8", "replace")[:4]
        if self._is_0_42_1:
            return self._bisect(code)
        if not self._indexed and self._scanned < _SCANS:
            self._scanned += 1
            return self._scan(code)
        import numpy as np

        if not self._indexed:
            self._index_lines()
        key = int.from_bytes(code.ljust(4, b"\0"), "big")
        low, high = np.searchsorted(self._sorted, np.array([key, key + 1], dtype=np.uint64))
        lines = self._order[low:high]
        return [
            self._entry(start, end)
            for start, end in zip(self._starts[lines].tolist(), self._ends[lines].tolist(), strict=True)
        ]

    def _bisect(self, code: bytes) -> list[tuple[str, int]]:
        """Return a character's entries by binary search in the sorted lines, in a dozen microseconds plus the parsing."""
        low = self._first(code)
        end = code[:-1] + bytes((code[-1] + 1,))  # sorts after every line of this character; no UTF-8 ends in 0xFF
        lines = self._data[low : self._first(end)].decode("utf-8").splitlines()
        fields = [line.split(" ", 2) for line in lines]
        return self._scan(code, KNOWN_HEAD) + [(word, int(count)) for word, count, _ in fields]

    def _first(self, code: bytes) -> int:
        """Return where the first sorted line begins that does not sort before ``code``."""
        data = self._data
        low, high = KNOWN_HEAD, len(data)
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", 0, middle) + 1
            if data[start : start + len(code)] < code:
                low = data.find(b"\n", middle) + 1 or len(data)
            else:
                high = start
        return low

    def _scan(self, code: bytes, stop: int | None = None) -> list[tuple[str, int]]:
        """Return a character's entries by a linear search, 2 ms over the whole file; indexing all lines takes 100 ms."""
        data = self._data
        stop = len(data) if stop is None else stop
        entries: list[tuple[str, int]] = []
        start = 0 if data.startswith(code) else data.find(b"\n" + code, 0, stop) + 1 or -1
        while start >= 0:
            end = data.find(b"\n", start)
            entries.append(self._entry(start, end if end >= 0 else len(data)))
            start = data.find(b"\n" + code, start, stop) + 1 or -1
        return entries

    def _entry(self, start: int, end: int) -> tuple[str, int]:
        word, count = self._data[start:end].split(b" ", 2)[:2]
        return word.decode("utf-8"), int(count)
