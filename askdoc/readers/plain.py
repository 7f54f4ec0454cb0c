"""Plain text → blocks: paragraphs on one line or hard-wrapped over several, lists, headings known by their shape."""

from __future__ import annotations

from collections.abc import Sequence

from askdoc.bitext.pieces import LIST_ITEM
from askdoc.bitext.units import Block
from askdoc.limits import Limits
from askdoc.readers.headings import Draft, level_of, mark_headings, shaped
from askdoc.readers.rendering import ParsedText
from askdoc.readers.source_file import Source
from askdoc.readers.text_lines import Line, lines
from askdoc.text.offsets import identity
from askdoc.text.wrap import width

_NARROW, _WIDE = 24, 130
"""Columns between which text is wrapped by hand or by an editor."""


def parse(source: Source, limits: Limits) -> ParsedText:
    """Return a plain text as a reader sees it."""
    return render(source.text)


def render(text: str) -> ParsedText:
    """Return a plain text, which is shown as it is, with its blocks: all of it but blanks and horizontal rules."""
    text_lines = lines(text)
    drafts = _lists(_paragraphs(text_lines))
    mark_headings(drafts)
    blocks = [
        Block(draft.kind, draft.level, draft.first.start if draft.start < 0 else draft.start, draft.lines[-1].end)
        for draft in drafts
    ]
    return ParsedText(text, blocks, identity(len(text)))


def _paragraphs(text_lines: Sequence[Line]) -> list[Draft]:
    """Join lines that are one wrapped paragraph; take rules out, after they made a heading of what they underline."""
    widths = {script: _wrap_width(text_lines, script) for script in ("en", "zh")}
    drafts: list[Draft] = []
    below: Line | None = None
    for line in text_lines:
        if line.rule:
            if below is not None and not line.gap and line.text[0] in "=-~" and len(drafts[-1].lines) == 1:
                if shaped(below) and not below.listed:
                    drafts[-1].start = below.start
            below = None
            continue
        if below is not None and drafts and _continues(drafts[-1], below, line, widths):
            drafts[-1].lines.append(line)
        else:
            drafts.append(Draft("prose", [line]))
        below = line
    return drafts


def _wrap_width(text_lines: Sequence[Line], script: str) -> int | None:
    """Return the width that a document's paragraphs of a language are wrapped at; ``None`` where a line is a paragraph.

    Told from the lines that follow each other without a blank line: wrapped ones mostly end inside a sentence, and their
    neighbour's first word would not have fitted.
    """
    pairs = [
        (line, after)
        for line, after in zip(text_lines, text_lines[1:], strict=False)
        if not after.gap and not after.listed and not line.rule and not after.rule and line.text != after.text
        if script in (line.script, "zh" if line.script == "both" else "") and after.script in (script, "both", "")
    ]
    if not pairs:
        return None
    all_widths = [line.width for line in text_lines if line.script in (script, "both")]
    wide = sum(columns > _WIDE for columns in all_widths)
    if wide > 0.05 * len(all_widths):
        return None
    most = max((line.width for line, _ in pairs if line.width <= _WIDE), default=0)
    most = max(most, max((columns for columns in all_widths if columns <= _WIDE), default=0))
    if most < _NARROW:
        return None
    opened = [(line, after) for line, after in pairs if not line.ended]
    full = [line for line, after in opened if _full(line, after, most)]
    if len(full) < 3 and not any(
        after.text[0].islower() or (after.script == "zh" and most > 50) for _, after in opened
    ):
        return None  # a title and its like, say
    return most if len(opened) * 2 >= len(pairs) and len(full) >= 0.6 * len(opened) and full else None


def _full(line: Line, after: Line, most: int) -> bool:
    """Whether the next line's first word would not have fitted on a line."""
    if after.script == "zh" or (after.text and after.text[0] > "\u2e80"):
        return line.width + 6 > most
    return line.width + 1 + width(after.text.split(maxsplit=1)[0][:40]) + 1 > most


def _continues(draft: Draft, line: Line, after: Line, widths: dict[str, int | None]) -> bool:
    """Whether a line goes on with the paragraph of the one above."""
    if after.gap or line.text == after.text:
        return False
    if after.listed and (level_of(after) is None or draft.first.listed or shaped(after)):
        return False
    if draft.first.listed and after.indent > draft.first.indent:
        return True  # the item's own text, indented
    most, next_most = (widths["zh" if neighbour.script in ("zh", "both") else "en"] for neighbour in (line, after))
    if line.script == "both":
        most = widths["zh"] or widths["en"]
    if after.script == "both":
        next_most = widths["zh"] or widths["en"]
    if after.script == "":
        next_most = most
    if most is None or next_most is None or line.width > _WIDE or after.width > _WIDE:
        return False
    full = _full(line, after, most)
    if len(draft.lines) == 1 and not full and shaped(line) and (line.gap or line.number == 0):
        return False  # a heading right above its text
    if after.indent > line.indent and line.indent == 0 and not draft.first.listed and not full:
        return False  # the next paragraph's first line, indented
    return full or not line.ended


def _lists(drafts: Sequence[Draft]) -> list[Draft]:
    """Join items on neighbouring lines to one list; a numbered line alone may be a heading and stays as it is."""
    joined: list[Draft] = []
    for draft in drafts:
        sign = LIST_ITEM.match(draft.first.text)
        before = joined[-1] if joined else None
        if sign is None or draft.start >= 0:
            joined.append(draft)
        elif before is not None and _same_list(before, draft):
            before.lines += draft.lines
            before.kind = "list"
        else:
            joined.append(Draft("list" if not sign["number"] and not sign["han"] else "prose", draft.lines))
    return joined


def _same_list(before: Draft, draft: Draft) -> bool:
    """Whether an item goes on with the list above it."""
    last = next((line for line in reversed(before.lines) if LIST_ITEM.match(line.text)), None)
    if last is None or draft.first.gap:
        return False
    above, here = LIST_ITEM.match(last.text), LIST_ITEM.match(draft.first.text)
    if above is None or here is None:
        return False
    if above["number"] and here["number"] and before.kind != "list":
        return int(here["number"]) == int(above["number"]) + 1 and last.script == draft.first.script
    return before.kind == "list" or above.lastgroup == here.lastgroup
