"""Text in its form for matching: folded, with a way back to the offsets of the original."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from askdoc.limits import DEFAULT
from askdoc.text.cleaning import ZERO_WIDTH
from askdoc.text.han import HAN_RUN


class NormalizedText(Struct, frozen=True):
    """A text in its form for matching, with the way back."""

    text: str
    starts: tuple[int, ...] | None
    """For each character of ``text`` the start of its origin; ``None`` where the offsets are the same."""
    ends: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that ``text[start:end]`` (not empty) came from."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Return what traditional characters become: read once, by the first text that holds a Chinese character."""
    # Facts got by running OpenCC (Apache License 2.0) on each character: tests/quality/simplified.py makes the file.
    _, traditional, simplified = Path(__file__).with_name("simplified.txt").read_text("utf-8").splitlines()
    return dict(zip(traditional, simplified, strict=True))


@lru_cache(maxsize=65536)
def _fold(cluster: str) -> str:
    """Return a base character with its marks in the form for matching; may be empty or longer than one."""
    if cluster in ZERO_WIDTH:
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    if not folded.isascii():
        # "café" is found by "cafe"; marks that carry meaning in other scripts stay.
        parts = unicodedata.normalize("NFD", folded)
        if parts[:1].isascii():
            folded = "".join(char for char in parts if not unicodedata.combining(char))
    if len(folded) == 1 and HAN_RUN.match(folded):
        folded = _simplify(folded)
    return folded


def _simplify(char: str) -> str:
    return _simplified().get(char, char)


def normalize(text: str) -> NormalizedText:
    """Fold a text for matching: NFKC, case, full width, accents, traditional characters, zero-width characters.

    A line end between two Chinese characters is dropped, so that a word broken by hard wrapping is one word.
    """
    if text.isascii():
        return NormalizedText(text.lower(), None, None)
    if "\n" not in text and "\r" not in text:
        folded = text.translate(_SINGLES)
        if _JOINS not in folded:  # most texts: each character by itself gives one
            return NormalizedText(folded, None, None)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    size = len(text)
    start = 0
    run_end = 0  # of the run of line ends looked at last: looking around each of its members would cost their square
    joins = False
    while start < size:
        end = start + 1
        while end < size and unicodedata.combining(text[end]):
            end += 1
        if text[start] in "\r\n":
            if start >= run_end:
                run_end = _after_line_ends(text, start)
                joins = (
                    0 < start
                    and run_end < size
                    and bool(HAN_RUN.match(text[start - 1]) and HAN_RUN.match(text[run_end]))
                )
            if joins:
                start = end
                continue
        folded = (
            _fold(text[start:end]) if end - start <= DEFAULT.combining_marks + 1 else _fold(text[start : start + 1])
        )
        for char in folded:
            out.append(char)
            starts.append(start)
            ends.append(end)
        start = end
    return NormalizedText("".join(out), tuple(starts), tuple(ends))


def _after_line_ends(text: str, start: int) -> int:
    """Where the run of line ends that begins at ``start`` is over."""
    end = start + 1
    while end < len(text) and text[end] in "\r\n":
        end += 1
    return end


class _Folds(dict[int, str]):
    """What each code point folds to, filled in as texts need it; a mark, which joins what it follows, to no character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        value = self[code] = _JOINS if unicodedata.combining(char) else _fold(char)
        return value


class _Singles(dict[int, str]):
    """The same of those that fold to one character; others to no character."""

    def __missing__(self, code: int) -> str:
        folded = _FOLDS[code]
        value = self[code] = folded if len(folded) == 1 else _JOINS
        return value


_JOINS: Final = "\uffff"


_FOLDS: Final = _Folds()


_SINGLES: Final = _Singles()


def fold(text: str) -> str:
    """Return the text of :func:`normalize` without the way back, at a twentieth of the cost.

    It serves to look whether something stands in a text at all.
    """
    if text.isascii():
        return text.lower()
    if "\n" not in text and "\r" not in text:
        folded = text.translate(_FOLDS)
        if _JOINS not in folded:
            return folded
    return normalize(text).text
