"""Unicode, in three jobs: ``normalise`` (to match, with an offset map), ``clean`` (at ingest), ``display`` (screens).

Offsets count code points. Nothing here changes what is stored or quoted but :func:`clean`, and that removes only what
no reader of the document ever sees: control characters, terminal sequences, bidirectional overrides, tag characters,
halves of surrogate pairs.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from askdoc.limits import DEFAULT
from askdoc.model import Language

_HAN_CLASS: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f"
HAN: Final = re.compile(f"[{_HAN_CLASS}]")
"""One Chinese character."""
HAN_RUN: Final = re.compile(f"[{_HAN_CLASS}]+")
"""A run of Chinese characters."""
LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’.\-][A-Za-z\u00c0-\u024f]+)*")
"""A word in Latin letters, inner apostrophes, points and hyphens included."""
LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line: CR LF, LF, CR, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR."""

# Terminal sequences go as a whole, so that "ESC [31m" does not leave "[31m" standing in a quote. Unterminated strings
# lose their introducer only: a document must not be able to swallow its own text.
_SEQUENCES: Final = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]{0,8}[0-~]"
)
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 but tab, LF, CR; DEL; C1 but NEL
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidirectional controls, deprecated format characters
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"  # annotation marks, surrogates, tags
)
_ZERO_WIDTH: Final = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff")


class Cleaned(Struct, frozen=True):
    """A text without what :func:`clean` removes, and the way back to the offsets of the original."""

    text: str
    cuts: tuple[int, ...]
    """Offsets in ``text`` before which something was removed, ascending."""
    shifts: tuple[int, ...]
    """For each cut, how many code points were removed up to it."""

    @property
    def removed(self) -> int:
        """How many code points were removed."""
        return self.shifts[-1] if self.shifts else 0

    def original(self, offset: int) -> int:
        """The offset in the original text of an offset in the cleaned one."""
        at = bisect_right(self.cuts, offset)
        return offset + (self.shifts[at - 1] if at else 0)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` came from."""
        return self.original(start), self.original(end - 1) + 1 if end > start else self.original(start)


def clean(text: str) -> Cleaned:
    """Remove what no reader sees and a terminal would act on; an ordinary document comes back as it is."""
    if text.isascii() and text.isprintable():
        return Cleaned(text, (), ())
    spans = [match.span() for match in _SEQUENCES.finditer(text)]
    taken = 0
    pieces: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    kept = removed = 0

    def keep(piece: str) -> None:
        nonlocal kept
        pieces.append(piece)
        kept += len(piece)

    def drop(count: int) -> None:
        nonlocal removed
        removed += count
        cuts.append(kept)
        shifts.append(removed)

    def plain(start: int, end: int) -> None:
        at = start
        for match in _INVISIBLE.finditer(text, start, end):
            keep(text[at : match.start()])
            drop(1)
            at = match.end()
        keep(text[at:end])

    for start, end in spans:
        plain(taken, start)
        drop(end - start)
        taken = end
    if not spans and not _INVISIBLE.search(text):
        return Cleaned(text, (), ())
    plain(taken, len(text))
    return Cleaned("".join(pieces), tuple(cuts), tuple(shifts))


def display(text: str) -> str:
    """The text as it may go to a screen: one form only, no control, no hidden or reordering character. Idempotent."""
    if text.isascii() and text.isprintable():
        return text
    text = _SEQUENCES.sub("", text)
    out: list[str] = []
    marks = 0
    for char in LINE_END.sub("\n", text):
        if char in _ZERO_WIDTH or (_INVISIBLE.match(char) and not " " > char):
            continue
        if char < " " and char not in "\n\t":
            char = "\ufffd"
        if unicodedata.category(char) in ("Mn", "Me"):
            marks += 1
            if marks > DEFAULT.combining_marks:
                continue
        else:
            marks = 0
        out.append(char)
    return "".join(out)


class Normalised(Struct, frozen=True):
    """A text in its form for matching, with the way back."""

    text: str
    starts: tuple[int, ...] | None
    """For each character of ``text`` the start of its origin; ``None`` where the offsets are the same."""
    ends: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` (not empty) came from."""
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
    """A base character with its marks in the form for matching; may be empty or longer than one."""
    if cluster in _ZERO_WIDTH:
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


def normalise(text: str) -> Normalised:
    """Fold a text for matching: NFKC, case, full width, accents, traditional characters, zero-width characters.

    A line end between two Chinese characters is dropped, so that a word broken by hard wrapping is one word.
    """
    if text.isascii():
        return Normalised(text.lower(), None, None)
    if "\n" not in text and "\r" not in text:
        folded = text.translate(_SINGLES)
        if _JOINS not in folded:  # most texts: each character by itself gives one
            return Normalised(folded, None, None)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    size = len(text)
    at = 0
    while at < size:
        end = at + 1
        while end < size and unicodedata.combining(text[end]):
            end += 1
        if text[at] in "\r\n" and _wraps_han(text, at):
            at = end
            continue
        folded = _fold(text[at:end]) if end - at <= DEFAULT.combining_marks + 1 else _fold(text[at : at + 1])
        for char in folded:
            out.append(char)
            starts.append(at)
            ends.append(end)
        at = end
    return Normalised("".join(out), tuple(starts), tuple(ends))


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
    """The text of :func:`normalise` without the way back, at a twentieth of the cost: to look whether something stands
    in a text at all."""
    if text.isascii():
        return text.lower()
    if "\n" not in text and "\r" not in text:
        folded = text.translate(_FOLDS)
        if _JOINS not in folded:
            return folded
    return normalise(text).text


def _wraps_han(text: str, at: int) -> bool:
    before = at
    while before > 0 and text[before - 1] in "\r\n":
        before -= 1
    after = at + 1
    while after < len(text) and text[after] in "\r\n":
        after += 1
    return 0 < before and after < len(text) and bool(HAN_RUN.match(text[before - 1]) and HAN_RUN.match(text[after]))


def language_of(text: str) -> Language | None:
    """English or Chinese, by the share of Chinese characters; ``None`` where there are neither letters nor any.

    Latin names inside a Chinese sentence do not make it English, nor does a Chinese word an English sentence Chinese.
    """
    han = sum(len(run) for run in HAN_RUN.findall(text))
    latin = len(LATIN_WORD.findall(text))
    if not han:
        return "en" if latin else None
    return "zh" if han >= 0.6 * latin else "en"
