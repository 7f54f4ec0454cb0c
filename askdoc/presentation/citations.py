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
"""A longer title is cut in a label."""

_TRAILING: Final = " ,;:,;:、((-–—"
"""What a cut title does not end in."""


@lru_cache(maxsize=4096)
def shorten(text: str, columns: int = TITLE_COLUMNS) -> str:
    """The text in at most ``columns`` terminal columns, cut at a word where it is cut, with an ellipsis."""
    text = " ".join(display(text).split())
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > columns - 1:
            break
        kept += char
    head, space, _ = kept.rpartition(" ")
    if space and width(head) >= columns * 2 // 3:
        kept = head
    return kept.rstrip(_TRAILING) + "…"


def label(document: str, title: Mapping[Language, str], version: Version, language: Language) -> str:
    """A citation in the version's language: title › section, paragraph, line (and page where there is one)."""
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
    """Return the error for a document that is not in the index: it names the one that is most like it."""
    from difflib import get_close_matches

    near = get_close_matches(document, documents, n=1)
    key = "citation-document-near" if near else "citation-document"
    return error_class(key, document=document, near=near[0] if near else "")


def parse_citation(citation: str, documents: list[str]) -> tuple[str, str | None, int]:
    """A citation taken apart: the document, then a passage id, or ``None`` and a line.

    Where there is one document only, ``#id`` and ``:line`` are enough. Raises :class:`CitationNotFound` for another
    form or of a document that is not in the index.
    """
    text = citation.strip()
    for mark in "#:":
        document, found, rest = text.rpartition(mark)
        if not found:
            continue
        if not document and len(documents) == 1:
            document = documents[0]
        if mark == ":" and not (rest.isascii() and rest.isdigit() and len(rest) < 10):
            continue
        if document not in documents:
            raise no_document(CitationNotFound, document, documents)
        return (document, rest, 0) if mark == "#" else (document, None, int(rest))
    raise CitationNotFound("citation-form", citation=citation)
