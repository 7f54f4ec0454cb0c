"""Citations: labels for people, and from a citation back to the passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from askdoc import messages
from askdoc.errors import AskdocError, CitationNotFound
from askdoc.model import Language, Version, other
from askdoc.text.cleaning import display
from askdoc.text.wrap import width

E = TypeVar("E", bound=AskdocError)

TITLE_COLUMNS: Final = 40
"""The longest title or heading of a label."""

_TRAILING: Final = " ,;:,;:、((-–—"
"""Characters that a shortened title does not end in."""


@lru_cache(maxsize=4096)
def shorten(text: str, columns: int = TITLE_COLUMNS) -> str:
    """Shorten text to at most ``columns`` terminal columns, at a word where possible, with an ellipsis."""
    text = " ".join(display(text).split())
    if width(text) <= columns:
        return text
    head = ""
    for char in text:
        if width(head + char) > columns - 1:
            break
        head += char
    words, space, _ = head.rpartition(" ")
    if space and width(words) >= columns * 2 // 3:
        head = words
    return head.rstrip(_TRAILING) + "…"


def label(document: str, title: Mapping[Language, str], version: Version, language: Language) -> str:
    """Return a citation in the version's language: title › section, paragraph, line (and page where there is one)."""
    name = title.get(language) or title.get(other(language)) or document
    path = " › ".join([shorten(name), *(shorten(heading) for heading in version.section)])
    parts = [path, messages.say("label-paragraph", language, number=version.paragraph)]
    if version.place.page is not None:
        parts.append(messages.say("label-page", language, number=version.place.page))
    first, last = version.place.lines
    if first == last:
        parts.append(messages.say("label-line", language, number=first))
    else:
        parts.append(messages.say("label-lines", language, first=first, last=last))
    return ", ".join(parts)


def no_document(error_class: type[E], document: str, documents: Sequence[str]) -> E:
    """Return the error for a document that is not in the index; it names the most similar one."""
    from difflib import get_close_matches

    near = get_close_matches(document, documents, n=1)
    key = "citation-document-near" if near else "citation-document"
    return error_class(key, document=document, near=near[0] if near else "")


def parse_citation(citation: str, documents: list[str]) -> tuple[str, str | None, int]:
    """Split a citation into its document and a passage id, or ``None`` and a line.

    With a single document, ``#id`` and ``:line`` are enough. Raises :class:`CitationNotFound` for any other form and for
    a document that is not in the index.
    """
    text = citation.strip()
    for mark in "#:":
        document, separator, rest = text.rpartition(mark)
        if not separator:
            continue
        if not document and len(documents) == 1:
            document = documents[0]
        if mark == ":" and not (rest.isascii() and rest.isdigit() and len(rest) < 10):
            continue
        if document not in documents:
            raise no_document(CitationNotFound, document, documents)
        return (document, rest, 0) if mark == "#" else (document, None, int(rest))
    raise CitationNotFound("citation-form", citation=citation)
