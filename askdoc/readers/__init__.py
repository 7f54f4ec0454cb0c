"""File → Document. One module a format, imported when a file of that format is read; unknown endings are plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from askdoc.bitext.layout import Piece, arrange, arrange_pair
from askdoc.bitext.units import Layout
from askdoc.chunking import chunk
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Document
from askdoc.readers.grouping import Group, group
from askdoc.readers.source import Source, from_bytes, load

__all__ = ["Group", "group", "read_bytes", "read_document"]

_BLOCKS: Final = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
}
"""Formats that give blocks, by the file's ending; all others are plain text."""

_RECORDS: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".tsv": "tabular", ".csv": "tabular", ".tmx": "tmx"}
"""Formats that give passages as they are."""

_LOOKS_MARKED: Final = re.compile(r"^(?:#{1,6} \S|```|\[[^\]\n]+\]: )", re.MULTILINE)


def read_document(found: Group, *, limits: Limits = DEFAULT) -> Document:
    """Read the file or the two files of a document. Raises the kinds of :class:`askdoc.errors.DocumentError`."""
    sources = [load(path, language=language, limits=limits) for path, language in found.files]
    ending = found.files[0][0].suffix.lower()
    if len(sources) == 1 and ending in _RECORDS:
        return _records(_RECORDS[ending], found.name, sources[0], ending, limits)
    formats = [_BLOCKS.get(path.suffix.lower(), "plain") for path, _ in found.files]
    return _document(found.name, sources, formats, limits)


def read_bytes(data: bytes, name: str = "stdin", *, limits: Limits = DEFAULT) -> Document:
    """Read a document that is no file, such as standard input; Markdown is told from plain text by its marks."""
    source = from_bytes(data, name, limits=limits)
    form = "markdown" if _LOOKS_MARKED.search(source.text[:100_000]) else "plain"
    return _document(name, [source], [form], limits)


def _document(name: str, sources: Sequence[Source], formats: Sequence[str], limits: Limits) -> Document:
    pieces = [_pieces(source, form) for source, form in zip(sources, formats, strict=True)]
    marked = [form != "plain" for form in formats]
    layout: Layout
    if len(sources) == 2:
        layout = arrange_pair((pieces[0], sources[0].text), (pieces[1], sources[1].text), marked=(marked[0], marked[1]))
    else:
        layout = arrange(pieces[0], sources[0].text, marked=marked[0])
    sections, passages = chunk(layout, sources, limits)
    warnings = (*(warning for source in sources for warning in source.warnings), *layout.warnings)
    return Document(name, layout.title, sections, passages, tuple(source.info for source in sources), warnings)


def _pieces(source: Source, form: str) -> list[Piece]:
    blocks = _module(form).read(source)
    return [Piece(block.kind, block.start, block.end, block.level) for block in blocks]


def _records(form: str, name: str, source: Source, ending: str, limits: Limits) -> Document:
    document: Document = _module(form).read(source, name, ending, limits)
    return document


def _module(name: str) -> Any:
    return import_module(f"askdoc.readers.{name}")
