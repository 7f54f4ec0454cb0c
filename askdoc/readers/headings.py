"""Which lines of a plain text are headings: by their shape, and by what stands around them.

A heading is short, ends no sentence and has a body below it. Many such lines on end are verse, a list, addresses or a
dialogue, and stay body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from askdoc.model import BlockKind
from askdoc.readers.text_lines import Line

_LONGEST: Final = {"en": 100, "zh": 84, "both": 150, "": 20}
"""Columns of a heading: 40 Chinese characters, or a line of English."""

_COUNTED: Final = (
    (re.compile(r"(?i:part|book|volume)\s+(?:\d{1,3}|[ivxlc]{1,7}|one|two|three|four|five)\b"), 2),
    (re.compile(r"(?i:chapter|appendix)\s+(?:\d{1,3}|[ivxlc]{1,7}|[a-z]|one|two|three|four|five|six|seven)\b"), 3),
    (re.compile(r"第[\d零〇一二三四五六七八九十百两]{1,6}[编編部卷篇]"), 2),
    (re.compile(r"第[\d零〇一二三四五六七八九十百两]{1,6}[章回讲講]"), 3),
    (re.compile(r"附[录錄]\s?[A-Z\d一二三四五六七八九十]"), 3),
    (re.compile(r"(?i:section)\s+\d{1,3}\b"), 4),
    (re.compile(r"第[\d零〇一二三四五六七八九十百两]{1,6}[节節条條]"), 4),
    (re.compile(r"[一二三四五六七八九十]{1,3}、"), 3),
    (re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"), 4),
)
# Not "12 hours" or "3 月": a number that counts something begins no heading.
_DECIMAL: Final = re.compile(
    r"(\d{1,3}(?:\.\d{1,3}){0,5})[.、．]?[ \t\u3000]{1,4}(?=[^\W\d])(?![a-z年月日时天个倍名位次])"
)
_ENDS: Final = frozenset(".。!！;；,，、:：…-–—|")
_MARKED: Final = re.compile(r"#{1,6}[ \t]+(?=\S)")


class Draft(Struct):
    """A block in the making: one or more lines."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0
    start: int = -1
    """Where its text begins, when not with its first line."""

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]


def level_of(line: Line) -> int | None:
    """Return the level of a heading that counts ("第三章", "1.2 Methods", "Chapter 3"), from 2 on; ``None`` for others."""
    for pattern, level in _COUNTED:
        if pattern.match(line.text):
            return level
    decimal = _DECIMAL.match(line.text)
    if decimal and (int(decimal[1].partition(".")[0]) < 100):
        return 3 + decimal[1].count(".")
    return None


def shaped(line: Line) -> bool:
    """Whether a line alone could be a heading."""
    text = line.text
    if line.width > _LONGEST[line.script] or line.indent > 24:
        return False
    if text[-1] in _ENDS or not any(char.isalnum() for char in text):
        return False
    if line.listed and level_of(line) is None:
        return False
    if any(mark in text for mark in "。！!；;") or text.count(". ") > 1 or "\t" in text:
        return False
    words = text.split()
    if line.script == "en" and len(words) > 16:
        return False
    first = next((char for char in text if char.isalpha()), "")
    if first.islower() and words[0].lower() == words[0] and level_of(line) is None:
        return False
    return text[0] not in "\"'“‘”’>)]}、，"


def mark_headings(drafts: Sequence[Draft]) -> None:
    """Make headings of those drafts of a document that are such, with their levels: 1 for the title, 2 on for sections."""
    candidates = [
        draft.kind == "prose" and len(draft.lines) == 1 and (shaped(draft.first) or marked(draft)) for draft in drafts
    ]
    chosen: list[int] = []
    index = 0
    while index < len(drafts):
        if not candidates[index]:
            index += 1
            continue
        end = index
        while end < len(drafts) and candidates[end]:
            end += 1
        chosen += _of_run(drafts, index, end)
        index = end
    if _verse(drafts, chosen):
        chosen = [index for index in chosen if index == 0 or marked(drafts[index])]
    chapters = any(
        (level_of(drafts[index].first) or 9) == 3 and not _DECIMAL.match(drafts[index].first.text) for index in chosen
    )
    for index in chosen:
        drafts[index].kind = "heading"
        drafts[index].level = _level(drafts[index], chapters)
    _mark_title(drafts)


def marked(draft: Draft) -> bool:
    """Whether a heading is marked as Markdown does, or underlined."""
    return draft.start >= 0 or bool(_MARKED.match(draft.first.text))


def _level(draft: Draft, chapters: bool) -> int:
    sign = _MARKED.match(draft.first.text)
    if sign:
        draft.start = draft.first.start + sign.end()
        return 1 + len(sign.group().rstrip())
    return level_of(draft.first) or (4 if chapters else 3)


def _of_run(drafts: Sequence[Draft], start: int, end: int) -> list[int]:
    """Which of neighbouring drafts that look like headings are headings."""
    sure = [index for index in range(start, end) if marked(drafts[index])]
    explicit = level_of(drafts[end - 1].first) is not None
    if end == len(drafts) or not (_body(drafts[end]) or explicit):
        # Nothing below; only a title above verse, parted by a blank line, is one all the same.
        verse = (
            start == 0 and end - start > 3 and drafts[1].first.gap and not any(draft.first.gap for draft in drafts[2:4])
        )
        return [0, *sure] if verse and 0 not in sure else sure
    run = list(range(start, end))
    if not _many([drafts[index] for index in run], begins=start == 0):
        return run
    # A long run: what stands after its last blank line may be a heading, and the first line of all a title.
    gaps = [index for index in run if index > start and drafts[index].first.gap]
    tail = list(range(gaps[-1], end)) if gaps else []
    if tail and _many([drafts[index] for index in tail]):
        tail = []
    head: list[int] = []
    if start == 0 and gaps and not _many([drafts[index] for index in range(gaps[0])]):
        head = list(range(gaps[0]))
    return sorted({*head, *tail, *sure})


def _many(run: Sequence[Draft], begins: bool = False) -> bool:
    """Whether there are too many lines to be the headings of one place: a chapter and a section in each language."""
    counts = Counter(draft.first.script for draft in run)
    distinct = {draft.first.text for draft in run}
    if len(run) >= 2 and all(level_of(draft.first) is not None for draft in run):
        levels = [level_of(draft.first) or 0 for draft in run if draft.first.script == run[0].first.script]
        return len(levels) > 1 and any(after <= before for before, after in zip(levels, levels[1:], strict=False))
    most = 3 if begins else 2
    echoes = len(run) - len(distinct)
    return any(count > most for count in counts.values()) or len(run) - echoes > 2 * most


def _body(draft: Draft) -> bool:
    """Whether a draft is text that a heading may stand above."""
    if draft.kind != "prose" or len(draft.lines) > 1:
        return True
    line = draft.first
    return line.width > 8 and (line.ended or line.width >= 60 or line.text[-1] in ":：,，")


def _verse(drafts: Sequence[Draft], chosen: Sequence[int]) -> bool:
    """Whether the text below the headings is as short as they are: a dialogue, or verse."""
    heading = frozenset(chosen)
    bodies = [draft for index, draft in enumerate(drafts) if index not in heading] if len(chosen) > 4 else []
    if not bodies:
        return False
    below = sum(sum(line.width for line in draft.lines) for draft in bodies) / len(bodies)
    heads = sum(drafts[index].first.width for index in chosen) / len(chosen)
    return len(chosen) * 2 >= len(drafts) and below < 60 and below < 2.5 * heads


def _mark_title(drafts: Sequence[Draft]) -> None:
    """Give level 1 to the title: the headings that begin the document, once in each language."""
    seen: dict[str, str] = {}
    index = 0
    while index < len(drafts) and drafts[index].kind == "heading":
        line = drafts[index].first
        if (level_of(line) is not None and not marked(drafts[index])) or seen.get(line.script, line.text) != line.text:
            break
        if seen and drafts[index].level != drafts[0].level and drafts[0].level != 1:
            break
        seen[line.script] = line.text
        drafts[index].level = 1
        index += 1
    if not seen or index == len(drafts):
        return
    # "All English, then all Chinese": the first heading of the second block is its title.
    for place in range(index, len(drafts)):
        script = drafts[place].first.script
        if script == "both":
            return
        if script and script not in seen:
            if drafts[place].kind == "heading" and drafts[place - 1].kind != "heading":
                drafts[place].level = 1
            return
