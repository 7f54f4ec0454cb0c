"""The Markdown that is read: CommonMark with tables, struck text, footnotes and formulas, by markdown-it-py.

Tokens of inline markup carry no offsets; the two kinds whose length in the source cannot be told from them, links and
images, get their end as ``meta["end"]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, image, link

DEEPEST: Final = 30
"""Quotes and lists inside each other; what is deeper is read as plain text."""

# One dollar is money unless it stands right before and after what it encloses, in one line.
_FORMULA: Final = re.compile(r"\$\$[^$]{1,2000}\$\$|\$(?![\s$])(?:\\.|[^$\\\n]){1,1000}(?<![\s\\])\$(?![0-9A-Za-z$])")
_REFERENCE: Final = re.compile(r"\[\^([^\]\s\[]{1,100})\]")
_DEFINITION: Final = re.compile(r"\[\^([^\]\s\[]{1,100})\]:[ \t]*")
_LONGEST_FORMULA: Final = 100
"""Lines of a formula; one that is closed later is none."""


@cache
def parser(*, footnotes: bool = True, formulas: bool = True) -> MarkdownIt:
    """Return the parser whose tokens :mod:`askdoc.readers.markdown` renders; rules without work to do cost time."""
    markdown = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    markdown.core.ruler.enableOnly(["block", "inline"])
    if footnotes:
        markdown.block.ruler.before("reference", "footnote", _footnote, {"alt": ["paragraph", "reference"]})
        markdown.inline.ruler.before("link", "footnote", _footnote_reference)
    if formulas:
        markdown.block.ruler.before(
            "fence", "formula", _formula, {"alt": ["paragraph", "reference", "blockquote", "list"]}
        )
        markdown.inline.ruler.before("escape", "formula", _inline_formula)
    markdown.inline.ruler.at("link", _with_end(link))
    markdown.inline.ruler.at("image", _with_end(image))
    # No address is followed: none needs to be encoded or refused.
    markdown.normalizeLink = str  # type: ignore[method-assign,assignment]
    markdown.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    markdown.validateLink = bool  # type: ignore[method-assign,assignment]
    return markdown


def _with_end(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def ended(state: StateInline, silent: bool) -> bool:
        if not rule(state, silent):
            return False
        if not silent:
            state.tokens[-1].meta["end"] = state.pos
        return True

    return ended


def _inline_formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    formula = _FORMULA.match(state.src, state.pos, state.posMax)
    if not formula:
        return False
    if not silent:
        state.push("formula", "", 0).content = formula.group()
    state.pos = formula.end()
    return True


def _footnote_reference(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    reference = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not reference or reference[1] not in state.env.get("footnotes", ()):
        return False
    if not silent:
        token = state.push("footnote_reference", "", 0)
        token.content, token.meta = reference.group(), {"label": reference[1]}
    state.pos = reference.end()
    return True


def _formula(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Read lines between two of ``$$``."""
    start = state.bMarks[first] + state.tShift[first]
    if not state.src.startswith("$$", start) or state.is_code_block(first):
        return False
    after = first
    while after < min(last, first + _LONGEST_FORMULA):
        line_end = state.eMarks[after]
        closed = state.src[start + 2 if after == first else state.bMarks[after] : line_end].rstrip().endswith("$$")
        after += 1
        if closed:
            break
    else:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = state.getLines(first, after, state.blkIndent, False)
        token.map = [first, after]
        token.block = True
        state.line = after
    return True


def _footnote(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Read a footnote's text: up to a blank line, or what would end a paragraph."""
    definition = _DEFINITION.match(state.src, state.bMarks[first] + state.tShift[first], state.eMarks[first])
    if not definition or state.is_code_block(first):
        return False
    if silent:
        return True
    after = first + 1
    rules = state.md.block.ruler.getRules("paragraph")
    while after < last and not state.isEmpty(after) and not any(rule(state, after, last, True) for rule in rules):
        after += 1
    rest = state.getLines(first + 1, after, state.blkIndent, False) if after > first + 1 else ""
    label = definition[1]
    state.env.setdefault("footnotes", set()).add(label)
    state.push("footnote_open", "", 1).meta = {"label": label}
    token = state.push("inline", "", 0)
    line = state.src[definition.end() : state.eMarks[first]]
    token.content = f"{line}\n{rest}".strip()
    token.map, token.children = [first + (not line.strip()), after], []
    state.push("footnote_close", "", -1)
    state.line = after
    return True
