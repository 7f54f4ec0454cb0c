"""Passages as a translation memory (TMX): each unit with an English and a Chinese variant, read by expat as it streams.

A document type is refused before anything of it is read, and with it every entity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat

from askdoc.errors import DocumentMalformed, LimitExceeded
from askdoc.limits import Limits
from askdoc.model import Language
from askdoc.readers import passage_records
from askdoc.readers.source_file import Source

DEEPEST: Final = 200
"""Elements inside each other; a translation memory needs about ten."""

_CODES: Final = frozenset({"bpt", "ept", "ph", "it", "ut"})
"""Elements whose content is another program's markup, not text."""

_STEP: Final = 1 << 16
"""Characters that the parser is given first; then each time as many as all before together. It reads a comment or tag that
is not closed yet anew with each piece: in pieces of one size that is the square of its length."""

_DECLARED: Final = re.compile(r"\A\s{0,64}<\?xml[^>]{0,400}\?>")


def parse(source: Source, limits: Limits) -> Iterator[passage_records.Record]:
    """Yield the records of a translation memory.

    Raises :class:`DocumentMalformed` for what is no XML or has a document type, :class:`LimitExceeded` for a text that is
    too long or nested too deeply.
    """
    # The text is decoded already: the encoding that the file declares is blanked, whatever it says.
    text = _DECLARED.sub(lambda match: " " * len(match.group()), source.text.replace("\ufeff", " ", 1))
    units = _Units(source, limits)
    seen: dict[str, int] = {}
    position, before = 0, 0  # in code points and in bytes
    stop = 0
    final = False
    while not final:
        start, stop = stop, max(2 * stop, _STEP)
        piece = text[start:stop].encode("utf-8", "replace")
        final = stop > len(text)
        for key, texts, first, last in units.feed(piece, final):
            begin = position + _characters(text, position, first - before)
            end = begin + _characters(text, begin, last - first)
            position, before = end, last
            if key is not None:
                seen[key] = seen.get(key, 0) + 1
                key = f"{key}-{seen[key]}" if seen[key] > 1 else key
            if texts:
                yield passage_records.Record(key, texts, (), begin, end)


def _characters(text: str, start: int, size: int) -> int:
    """How many characters from an offset on take ``size`` bytes."""
    end = start
    while size > 0:
        piece = text[end : end + max(1, size // 4)]
        size -= len(piece.encode("utf-8", "replace"))
        end += len(piece)
        if not piece:
            break
    return end - start


class _Units:
    """A parser that gives the translation units read so far: id, texts, first byte, byte after the last."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.path: list[str] = []
        self.units: list[tuple[str | None, Mapping[Language, str], int, int]] = []
        self.key: str | None = None
        self.start = 0
        self.texts: dict[Language, str] = {}
        self.language: Language | None = None
        self.segment: list[str] = []
        self.codes = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype

    def feed(self, piece: bytes, final: bool) -> list[tuple[str | None, Mapping[Language, str], int, int]]:
        """Parse some more and return the units that ended in it."""
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise DocumentMalformed(
                "reader-tmx", path=self.source.name, line=error.lineno, reason=expat.ErrorString(error.code)
            ) from None
        units, self.units = self.units, []
        return units

    def _doctype(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise DocumentMalformed("reader-tmx", path=self.source.name, line=line, reason="DOCTYPE")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2].lower()
        self.path.append(tag)
        if len(self.path) > DEEPEST:
            raise LimitExceeded("reader-deep", path=self.source.name, limit=DEEPEST)
        if tag == "tu":
            self.key = attributes.get("tuid", "").strip() or None
            self.start = self.parser.CurrentByteIndex
            self.texts = {}
        elif tag == "tuv":
            code = (attributes.get("xml:lang") or attributes.get("lang") or "").lower()
            self.language = "en" if code[:2] == "en" else "zh" if code[:2] == "zh" or code[:3] == "cmn" else None
        elif tag == "seg":
            self.segment = []
        elif tag in _CODES:
            self.codes += 1

    def _end(self, tag: str) -> None:
        tag = self.path.pop()
        if tag == "seg" and self.language is not None and self.language not in self.texts:
            text = "".join(self.segment).strip()
            if text:
                self.texts[self.language] = text
        elif tag in _CODES:
            self.codes -= 1
        elif tag == "tu":
            end = self.parser.CurrentByteIndex + len("</tu>")
            self.units.append((self.key, self.texts, self.start, end))

    def _text(self, text: str) -> None:
        if not self.codes and "seg" in self.path[-8:]:
            self.segment.append(text)
