"""Text in terminal columns: wrapping that knows wide characters, marks, and what may not begin or end a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct
from rich.cells import cell_len

NO_START: Final = frozenset(",.!?;:%)]}>'\"，。！？；：、）】」』》〉”’…—·％〕")
"""What may not begin a line (kinsoku)."""
NO_END: Final = frozenset("([{<（【「『《〈“‘〔$¥￥")
"""What may not end a line."""


class Run(Struct, frozen=True):
    """A stretch of text in one style."""

    text: str
    style: str = ""


Line = list[Run]


@lru_cache(maxsize=8192)
def width(text: str) -> int:
    """Return the columns of a text."""
    return cell_len(text)


def columns(line: Line) -> int:
    """Return the columns of a line."""
    return sum(width(char) for run in line for char in run.text)


def wrap(runs: Sequence[Run], most: int) -> list[Line]:
    """Lay runs of text out as lines of at most ``most`` columns; line ends in the text stay."""
    lines: list[Line] = []
    for paragraph in _paragraphs(runs):
        lines += _fill(list(_words(paragraph)), max(most, 2))
    return lines


def _paragraphs(runs: Sequence[Run]) -> Iterator[list[tuple[str, str]]]:
    current: list[tuple[str, str]] = []
    for run in runs:
        for char in run.text.replace("\t", "    "):
            if char == "\n":
                yield current
                current = []
            else:
                current.append((char, run.style))
    yield current


Styled = list[tuple[str, str]]


def _words(chars: Styled) -> Iterator[Styled]:
    """Yield what is not broken: words, blanks, single wide characters with the marks that hang on them."""
    word: Styled = []
    for char, style in chars:
        if word and _breaks(word[-1][0], char):
            yield word
            word = []
        word.append((char, style))
    if word:
        yield word


def _breaks(before: str, char: str) -> bool:
    """Whether a line may break between two characters."""
    if (before == " ") != (char == " "):
        return True
    if before == " " or char in NO_START or before in NO_END:
        return False
    return width(before) == 2 or width(char) == 2


def _fill(words: list[Styled], most: int) -> list[Line]:
    lines: list[Styled] = []
    line: Styled = []
    used = 0
    for word in words:
        size = sum(width(char) for char, _ in word)
        if used + size > most and word[0][0] == " ":
            lines.append(line)
            line, used = [], 0
            continue
        if used + size > most and line:
            lines.append(line)
            line, used = [], 0
        if not line and lines and word[0][0] == " ":
            continue
        for char, style in word:
            if used + width(char) > most and line:  # a word longer than a line
                lines.append(line)
                line, used = [], 0
            line.append((char, style))
            used += width(char)
    lines.append(line)
    return [_runs(_trimmed(line)) for line in lines]


def _trimmed(line: Styled) -> Styled:
    end = len(line)
    while end and line[end - 1][0] == " ":
        end -= 1
    return line[:end]


def _runs(line: Styled) -> Line:
    runs: list[tuple[str, list[str]]] = []
    for char, style in line:
        if runs and runs[-1][0] == style:
            runs[-1][1].append(char)
        else:
            runs.append((style, [char]))
    return [Run("".join(chars), style) for style, chars in runs]


def beside(left: list[Line], right: list[Line], size: int, gap: str = " │ ") -> list[Line]:
    """Set two columns of lines side by side, the left one filled to ``size`` columns."""
    lines = []
    for row in range(max(len(left), len(right))):
        one = left[row] if row < len(left) else []
        two = right[row] if row < len(right) else []
        lines.append([*one, Run(" " * (size - columns(one))), Run(gap, "dim"), *two])
    return lines
