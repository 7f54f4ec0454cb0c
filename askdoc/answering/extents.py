"""Which consecutive sentences of a text may be marked as an answer that stands by itself.

Sentences are list items and table rows as well. No extent holds a question, a bare title, a link alone or the head of a
table, and none ends with an announcement. One that begins with "This", "It", 这, 其 takes along the sentence before it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from askdoc.model import Language
from askdoc.text.sentences import sentences

LONGEST: Final = 3
"""The most sentences of an extent."""

CHARACTERS: Final[dict[Language, int]] = {"en": 320, "zh": 140}
"""The most characters of an extent of several sentences."""

_REFERS: Final = re.compile(
    r"[-*•\d.)\s]*(?:this|it|its|they|their|these|those|he|she|his|her|such|that)\b|[这此其它他她该]|上述|前者|后者",
    re.IGNORECASE,
)
_ANNOUNCES: Final = re.compile(r"[::]\W*$")
_ASKS: Final = re.compile(r"[??]\W{0,3}$")
_BARE: Final = re.compile(r"#{1,6} .*|\*\*[^*]+\*\*:?|!?\[[^\]]*\]\([^)]*\)|(?s:\|.*---.*)")


class Extent(NamedTuple):
    """Some consecutive sentences of a text."""

    start: int
    """The number of the first sentence that is marked."""
    first: int
    """The number of the first sentence that may answer: ``start``, or the next one where that is only taken along."""
    last: int
    """The number of the last sentence."""
    refers: bool
    """It refers back to a sentence that is left out, because both together were too long."""


@lru_cache(maxsize=4096)
def extents(text: str, language: Language) -> tuple[Extent, ...]:
    """Return the extents of a text that may be marked; each of its sentences alone where the rules leave none."""
    spans = sentences(text, language)
    pieces = [text[start:end] for start, end in spans]
    barred = [bool(_ASKS.search(piece) or _BARE.fullmatch(piece.strip())) for piece in pieces]
    announces = [bool(_ANNOUNCES.search(piece)) for piece in pieces]
    allowed = []
    for first in range(len(pieces)):
        refers = first > 0 and bool(_REFERS.match(pieces[first]))
        before = first - 1 if refers and not barred[first - 1] else first
        for last in range(first, min(before + LONGEST, len(pieces))):
            if barred[last] or (last > first and spans[last][1] - spans[first][0] > CHARACTERS[language]):
                break
            if not announces[last]:
                start = before if spans[last][1] - spans[before][0] <= CHARACTERS[language] else first
                allowed.append(Extent(start, first, last, refers and start == first))
    return tuple(allowed) or tuple(Extent(number, number, number, False) for number in range(len(pieces)))
