"""File → Document. One module a format, imported when a file of that format is read; unknown endings are plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from askdoc.errors import DocumentMalformed
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Document, Warning_
from askdoc.readers.grouping import Group, group
from askdoc.readers.source import Source, from_bytes, load, shown
from askdoc.text import HAN, LATIN_WORD

__all__ = ["SUFFIXES", "Group", "group", "read_bytes", "read_document"]

_TEXTS: Final[Mapping[str, str]] = dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mkdn"), "markdown")
"""Formats of running text and the module that finds their blocks, by the file's ending; all others are plain text."""

_PASSAGES: Final[Mapping[str, str]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".tsv": "tabular",
    ".csv": "tabular",
    ".tmx": "tmx",
}
"""Formats that hold passages as they are."""

SUFFIXES: Final = frozenset({".txt", ".text", *_TEXTS, *_PASSAGES})
"""Endings of files that a person picks a document from; a file with another ending is read as plain text all the same."""

_MARKED: Final = re.compile(r"^(?:#{1,6} \S|```|~~~|> \S|\[[^\]\n]{1,80}\]: |\|[ :-]{3,80}\|)", re.MULTILINE)
_GUESSED: Final = 100_000
"""Characters that Markdown is guessed from."""


def read_document(group: Group, *, limits: Limits = DEFAULT) -> Document:
    """Read the file of a document, or the two files that are its versions.

    Raises the kinds of :class:`askdoc.errors.DocumentError`; nothing else, whatever the files hold.
    """
    endings = [path.suffix.lower() for path, _ in group.files]
    for (path, _), ending in zip(group.files, endings, strict=True):
        if len(group.files) > 1 and ending in _PASSAGES:
            raise DocumentMalformed("reader-pair-passages", path=shown(path))
    sources = [load(path, language=language, limits=limits) for path, language in group.files]
    if endings[0] in _PASSAGES:
        document: Document = _module(_PASSAGES[endings[0]]).read(sources[0], group.name, endings[0], limits)
        return document
    return _document(group.name, sources, [_TEXTS.get(ending, "plain") for ending in endings], limits)


def read_bytes(data: bytes, name: str = "stdin", *, limits: Limits = DEFAULT) -> Document:
    """Read a document that is no file, such as standard input; Markdown is told from plain text by its marks.

    Raises the kinds of :class:`askdoc.errors.DocumentError`.
    """
    source = from_bytes(data, name, limits=limits)
    marked = _MARKED.search(source.text[:_GUESSED]) or Path(name).suffix.lower() in _TEXTS
    return _document(name, [source], ["markdown" if marked else "plain"], limits)


def _document(name: str, sources: Sequence[Source], formats: Sequence[str], limits: Limits) -> Document:
    # An index that is only asked needs none of this.
    from askdoc.bitext.layout import single_source, two_sources
    from askdoc.chunking import chunk

    blocks = [_module(form).blocks(source.text) for form, source in zip(formats, sources, strict=True)]
    warnings = [warning for source in sources for warning in source.warnings]
    if len(sources) == 2:
        warnings += _languages(sources)
        layout = two_sources(blocks[0], sources[0].text, blocks[1], sources[1].text)
    else:
        layout = single_source(blocks[0], sources[0].text)
    sections, passages = chunk(layout, sources, limits)
    if not passages:
        raise DocumentMalformed("reader-empty", path=sources[0].name)
    infos = tuple(source.info for source in sources)
    return Document(name, layout.title, sections, passages, infos, tuple(warnings))


def _languages(sources: Sequence[Source]) -> list[Warning_]:
    """Whether two files are in the languages that they stand for. Raises :class:`DocumentMalformed` for a swapped pair."""
    shares = [_chinese(source.text) for source in sources]
    if shares[0] > 0.8 and shares[1] < 0.1:
        raise DocumentMalformed("reader-pair-swapped", english=sources[0].name, chinese=sources[1].name)
    found = []
    if shares[0] > 0.8:
        found.append(Warning_("reader-pair-language", {"path": sources[0].name, "language": "en"}))
    if shares[1] < 0.1:
        found.append(Warning_("reader-pair-language", {"path": sources[1].name, "language": "zh"}))
    return found


def _chinese(text: str) -> float:
    """How much of a text's words and characters are Chinese."""
    sample = text[:_GUESSED]
    han, latin = sum(1 for _ in HAN.finditer(sample)), sum(1 for _ in LATIN_WORD.finditer(sample))
    return han / (han + latin) if han + latin else 0.5


def _module(name: str) -> Any:
    return import_module(f"askdoc.readers.{name}")
