"""Lines that steer a site generator, made ready for the parser: mdBook, MkDocs, Sphinx, Docusaurus, VitePress, Hugo, Jekyll.

A marker's line goes but for the title on it, what a marker encloses stays and is Markdown; front matter goes but for
title, authors and date. Each line becomes a stretch of itself, so that its place in the source stays known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from askdoc.model import Language
from askdoc.text.han import language_of
from askdoc.text.spans import Span

_FENCE: Final = re.compile(
    r"(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<sign>`{3,}|~{3,}|:{3,})(?P<info>.*)"
)
_ADMONITION: Final = re.compile(
    r"\{?(?:admonition|attention|caution|danger|details|dropdown|error|figure|hint|important|info|margin|note|seealso"
    r"|sidebar|tip|topic|warning|tab-set|tab-item|grid|card|epigraph|versionadded|versionchanged|deprecated)\}(?P<title>.*)"
    r"|admonish\b[^\"]*(?:\"(?P<quoted>[^\"]*)\")?.*"
)
_CONTAINER: Final = re.compile(
    r"[ \t]*(?:\{?[\w-]+\}?)?[ \t]*(?:\[(?P<bracketed>[^\]]*)\]|(?P<title>[^\s{\[][^{]*))?.*"
)
_DROPPED: Final = re.compile(
    r"\{(?:toctree|contents|include|image|bibliography)\}|\{(?:raw|only|index)\}|toc\b|eval_rst\b"
)
_INDENTED: Final = re.compile(
    r"(?P<indent>[ \t>]*)(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+[^\"\n]{0,100}(?:\"(?P<title>[^\"]*)\")?[^\"]{0,20}$"
)
_LINE: Final = re.compile(
    r"[ \t>]*(?:\[\[?_?toc_?\]?\]|\$\{toc\}|\{\{?[#<%*].*[}%>*]\}|\{\{[ \t]*[\w.#/-]+[ \t]*\}\}|\{[:#.][^{}]*\}"
    r"|\.\. _?[\w-]+:{1,2}.*|\([\w-]+\)=|\[!\w+\][+-]?|\\(?:newpage|pagebreak)|:\w+:`[^`]*`|:(?:begin|end)_tab:.*)[ \t]*",
    re.IGNORECASE,
)
_SLASHES: Final = re.compile(r"[ \t>]*/{3,}(?:[ \t]*[\w-]+(?:[ \t]*\|[ \t]*\"?(?P<title>[^\"]*)\"?)?)?[ \t]*")
_SIGNS: Final = (
    ":::",
    "///",
    "!!!",
    "???",
    "===",
    "{",
    "toc]",
    "TOC]",
    "[!",
    "admonish",
    ".. ",
    ")=",
    "\\newpage",
    "\\pagebreak",
    ":`",
)
_STARTS: Final = frozenset("/`~:!?=[{.(\\$-*+0123456789")
"""What a marker, or an item with a marker in it, begins with."""
_OPTION: Final = re.compile(r"[ \t]*:[\w-]+:.*")
_FRONT: Final = re.compile(r"(?:---|\+\+\+)[ \t]*")
_KEY: Final = re.compile(r"[\w\"'#\[ -][^:=]{0,100}[:=]|#")
_FIELD: Final = re.compile(r"(title|authors?|date)[ \t]*[:=][ \t]*(.*)", re.IGNORECASE)


class Prepared(Struct):
    """A text's lines for the parser, and what its front matter says."""

    spans: list[Span]
    """For each line the stretch that is read; an empty one where it is a marker."""
    title: Mapping[Language, str] = {}
    authors: tuple[str, ...] = ()
    date: str = ""


def prepare(text: str, spans: Sequence[Span]) -> Prepared:
    """Return the lines of a text as the parser is given them."""
    prepared = Prepared(list(spans))
    count = _front_matter(text, prepared)
    if any(sign in text for sign in _SIGNS):
        _markers(text, prepared.spans, count)
    return prepared


def _front_matter(text: str, prepared: Prepared) -> int:
    """Empty the lines of front matter, never parsed but for a few fields of one line; return how many they are."""
    spans = prepared.spans
    opening = text[slice(*spans[0])].lstrip("\ufeff").rstrip()
    if not _FRONT.fullmatch(opening):
        return 0
    lines: list[str] = []
    for start, end in spans[1:]:
        line = text[start:end]
        if line.rstrip() in (opening, "..."):
            break
        lines.append(line)
    else:
        return 0
    # A rule, text and another rule are no front matter: that has a key or nothing on its first line.
    if lines and not _KEY.match(lines[0]):
        return 0
    for line in lines:
        field = _FIELD.match(line)
        value = field[2].strip().strip("\"'").strip()[:300] if field else ""
        if not field or not value:
            continue
        name = field[1].lower()
        if name == "title":
            prepared.title = {language_of(value) or "en": value}
        elif name == "date":
            prepared.date = value
        else:
            prepared.authors = tuple(part.strip(" \"'") for part in value.strip("[]").split(",") if part.strip(" \"'"))
    count = len(lines) + 2
    spans[:count] = [(start, start) for start, _ in spans[:count]]
    return count


class _Open(Struct):
    """A fence that is open."""

    sign: str
    keeps: str
    """``"text"``, ``"code"`` or ``"nothing"``."""
    options: bool = True
    """Whether the lines so far are a directive's options."""


def _markers(text: str, spans: list[Span], first: int) -> None:
    """Empty the lines of markers and take the indentation from what MkDocs' markers enclose."""
    fences: list[_Open] = []
    indents: list[int] = []
    for number in range(first, len(spans)):
        start, end = spans[number]
        line = text[start:end]
        inner = fences[-1] if fences else None
        first_sign = line.lstrip(" \t>")[:1]
        if not indents and (
            first_sign not in _STARTS if inner is None else inner.keeps == "code" and first_sign != inner.sign[0]
        ):
            continue
        blank = len(line) - len(line.lstrip(" \t"))
        while indents and blank < len(line) and blank < indents[-1]:
            indents.pop()
        shift = min(4 * len(indents), blank)
        start, line = start + shift, line[shift:]
        spans[number] = start, end
        fence = _FENCE.fullmatch(line)
        if fence and inner and fence["sign"].startswith(inner.sign) and not fence["info"].strip():
            fences.pop()
            if inner.keeps != "code":
                spans[number] = end, end
        elif inner and inner.keeps != "text":
            if inner.keeps == "nothing":
                spans[number] = end, end
        elif fence:
            spans[number] = _opened(fence, start, end, fences)
        elif inner and inner.options and _OPTION.fullmatch(line):
            spans[number] = end, end
        else:
            if inner:
                inner.options = False
            if _LINE.fullmatch(line):
                spans[number] = end, end
            elif marker := _SLASHES.fullmatch(line):
                spans[number] = _within(marker, "title", start, end)
            elif marker := _INDENTED.fullmatch(line):
                indents.append(blank + 4)
                spans[number] = _within(marker, "title", start, end)


def _opened(fence: re.Match[str], start: int, end: int, fences: list[_Open]) -> Span:
    """Note a fence that opens and return what is read of its line."""
    info = fence["info"].strip()
    offset = start + fence.end() - len(fence["info"].lstrip())
    if fence["sign"][0] == ":":
        if not info and not fences:
            return end, end  # one that closes nothing
        fences.append(_Open(fence["sign"], "nothing" if _DROPPED.match(info) else "text"))
        container = _CONTAINER.fullmatch(info)
        return _within(container, "title", offset, end) if container else (end, end)
    if fence["sign"][0] == "`" and "`" in info:
        return start, end
    if _DROPPED.match(info):
        fences.append(_Open(fence["sign"], "nothing"))
        return end, end
    if admonition := _ADMONITION.fullmatch(info):
        fences.append(_Open(fence["sign"], "text"))
        return _within(admonition, "title", offset, end)
    fences.append(_Open(fence["sign"], "code"))
    return start, end


def _within(match: re.Match[str], name: str, offset: int, end: int) -> Span:
    """Return the span of a marker's title in the source; an empty one where it has none."""
    for group in (name, "bracketed", "quoted"):
        if group in match.re.groupindex and (match[group] or "").strip():
            first, after = match.span(group)
            return offset + first, offset + after
    return end, end
