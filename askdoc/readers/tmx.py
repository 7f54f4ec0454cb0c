"""Passages as a translation memory (TMX 1.4): each unit with an English and a Chinese variant."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from askdoc.errors import DocumentMalformed
from askdoc.limits import Limits
from askdoc.model import Document, Language
from askdoc.readers import records
from askdoc.readers.source import Source
from askdoc.text import clean, display

DEEPEST: Final = 50
"""Elements inside each other; a translation memory needs six."""

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE: Final = re.compile(r"<!DOCTYPE(?P<rest>[^>]*)>", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_UNIT: Final = re.compile(r"<tu[\s>]")


def read(source: Source, name: str, ending: str, limits: Limits) -> Document:
    """The document of a translation memory. Raises :class:`DocumentMalformed` for what is no XML or no memory.

    Entities and document types are refused but for TMX's own plain DOCTYPE line, which declares nothing.
    """
    doctype = _DOCTYPE.search(source.text)
    if "<!ENTITY" in source.text or (
        doctype and ("[" in doctype["rest"] or not doctype["rest"].split()[:1] == ["tmx"])
    ):
        raise DocumentMalformed("reader-tmx", path=display(source.info.path), reason="DOCTYPE")
    return records.document(_records(source), name, source, limits)


def _records(source: Source) -> Iterator[records.Record]:
    # The text is decoded already: the declaration's encoding, and the DOCTYPE, are blanked where they stand.
    text = _DOCTYPE.sub(lambda match: " " * len(match.group()), source.text)
    text = _DECLARATION.sub(lambda match: " " * len(match.group()), text)
    places = [match.start() for match in _UNIT.finditer(text)]
    number = 0
    depth = 0
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(text.strip().encode("utf-8")), events=("start", "end")):
            if event == "start":
                depth += 1
                if depth > DEEPEST:
                    raise DocumentMalformed("reader-tmx", path=display(source.info.path), reason="XML")
                continue
            depth -= 1
            if _plain(element.tag) == "tu":
                start = places[number] if number < len(places) else 0
                end = text.find("</tu>", start)
                number += 1
                texts = _texts(element)
                if texts:
                    stop = end + len("</tu>") if end >= 0 else len(text)
                    yield records.Record(element.get("tuid") or None, texts, (), start, stop)
                element.clear()
    except ElementTree.ParseError as error:
        raise DocumentMalformed("reader-tmx", path=display(source.info.path), reason=str(error)) from None


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _texts(unit: ElementTree.Element) -> dict[Language, str]:
    found: dict[Language, str] = {}
    for variant in unit:
        if _plain(variant.tag) != "tuv":
            continue
        code = (variant.get(_LANGUAGE) or variant.get("lang") or "").lower()
        language: Language | None = "en" if code.startswith("en") else "zh" if code.startswith(("zh", "cmn")) else None
        segment = next((child for child in variant if _plain(child.tag) == "seg"), None)
        if language and segment is not None and language not in found:
            text = clean("".join(segment.itertext())).text.strip()
            if text:
                found[language] = text
    return found
