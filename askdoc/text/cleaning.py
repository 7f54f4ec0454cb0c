"""Text that is safe: ``clean`` removes at ingest what no reader sees, ``display`` what must not reach a screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from askdoc.limits import DEFAULT
from askdoc.text.offsets import OffsetMap, identity
from askdoc.text.spans import LINE_END

# Terminal sequences go as a whole, so that "ESC [31m" does not leave "[31m" standing in a quote. Unterminated strings
# lose their introducer only: a document must not be able to swallow its own text.
_SEQUENCE: Final = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?P<string>\x1b[\\]PX^_]|[\x90\x98\x9d\x9e\x9f])|\x1b[ -/]{0,8}[0-~]"
)


_STRING_END: Final = re.compile("\x07|\x9c|\x1b(\\\\)?")


_LONGEST_STRING: Final = 4096
"""Characters of a terminal's string; one that is closed later is none."""


_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 but tab, LF, CR; DEL; C1 but NEL
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidirectional controls, deprecated format characters
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"  # annotation marks, surrogates, tags
)


ZERO_WIDTH: Final = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff")


class CleanedText(Struct, frozen=True):
    """A text without what :func:`clean` removes, and the way back to the offsets of the original."""

    text: str
    removed: int
    """How many code points were removed."""
    origins: OffsetMap


def _sequences(text: str) -> Iterator[tuple[int, int]]:
    """Return the spans of a text's terminal sequences.

    The end of a string is looked for once for all that begin before it: one pattern for the whole would read 4,096
    characters on from each of many introducers, 40 s for a million of them.
    """
    start = 0
    string_end = _STRING_END.search(text)
    while sequence := _SEQUENCE.search(text, start):
        begin, start = sequence.span()
        if sequence.group("string"):
            if string_end and string_end.start() < start:
                string_end = _STRING_END.search(text, start)
            if string_end and string_end.group() != "\x1b" and string_end.start() - start <= _LONGEST_STRING:
                start = string_end.end()
            elif text[begin] != "\x1b":
                continue
        yield begin, start


def clean(text: str) -> CleanedText:
    """Remove what no reader sees and a terminal would act on; an ordinary document comes back as it is."""
    if text.isascii() and text.isprintable():
        return CleanedText(text, 0, identity(len(text)))
    cuts: list[tuple[int, int]] = []
    after = 0
    for start, end in _sequences(text):
        cuts += [match.span() for match in _INVISIBLE.finditer(text, after, start)]
        cuts.append((start, end))
        after = end
    cuts += [match.span() for match in _INVISIBLE.finditer(text, after)]
    if not cuts:
        return CleanedText(text, 0, identity(len(text)))
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    ends: list[int] = []
    length = after = 0
    for start, end in (*cuts, (len(text), len(text))):
        if start > after:
            pieces.append(text[after:start])
            starts.append(length)
            origins.append(after)
            ends.append(start)
            length += start - after
        after = end
    return CleanedText("".join(pieces), len(text) - length, OffsetMap(length, starts, origins, ends))


def display(text: str) -> str:
    """Return the text as it may go to a screen: one form only, no control, no hidden or reordering character. Idempotent."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    start = 0
    for first, after in _sequences(text):
        shown.append(text[start:first])
        start = after
    shown.append(text[start:])
    out: list[str] = []
    marks = 0
    for char in LINE_END.sub("\n", "".join(shown)):
        if char in ZERO_WIDTH or (_INVISIBLE.match(char) and not " " > char):
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
