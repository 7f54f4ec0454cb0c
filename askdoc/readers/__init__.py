"""File → Document. One module a format, imported when a file of that format is read; unknown endings are plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from msgspec.structs import replace

from askdoc.errors import DocumentMalformed
from askdoc.limits import DEFAULT, Limits
from askdoc.model import LANGUAGES, RECORD_ENDINGS, Document, DocumentFiles, Warning_
from askdoc.readers.grouping import group
from askdoc.readers.source_file import Source, from_bytes, load, shown
from askdoc.text.han import HAN, LATIN_WORD

if TYPE_CHECKING:
    from askdoc.bitext.units import Block
    from askdoc.readers.passage_records import Record
    from askdoc.readers.rendering import ParsedText

__all__ = ["SUFFIXES", "group", "read_bytes", "read_document"]

REVISION: Final = "rendered-1"
"""Part of the index's fingerprint: increment it when a format gives another text or other passages."""

_FORMATS: Final[Mapping[str, str]] = {
    **dict.fromkeys((".txt", ".text"), "plain"),
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mkdn"), "markdown"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".tsv", ".csv"), "tabular"),
    ".tmx": "tmx",
}
"""The module that reads a format, by the file's ending; all other files are plain text."""

SUFFIXES: Final = frozenset(_FORMATS)
"""Endings of files that a person picks a document from; a file with another ending is read as plain text all the same."""

_MARKED: Final = re.compile(r"^(?:#{1,6} \S|```|~~~|> \S|\[[^\]\n]{1,80}\]: |\|[ :-]{3,80}\|)", re.MULTILINE)
_GUESSED: Final = 100_000
"""Characters that Markdown, and the language of a file, are guessed from."""

# How much of a file's words and characters is Chinese (a character counts as a word does). Chinese manuals of programs
# are full of English: a file is refused only where there is no doubt.
_NONE: Final = 0.01
_HARDLY: Final = 0.1
_HALF: Final = 0.5
_MOSTLY: Final = 0.8
_APART: Final = 0.25
"""By how much more Chinese the file named as the English one is, where a pair was named the wrong way round."""


def read_document(named: DocumentFiles, *, limits: Limits = DEFAULT) -> Document:
    """Read the file of a document, or the two files that are its versions.

    Raises the kinds of :class:`askdoc.errors.DocumentError`; nothing else, whatever the files hold.
    """
    endings = [path.suffix.lower() for path, _ in named.files]
    for (path, _), ending in zip(named.files, endings, strict=True):
        if len(named.files) > 1 and ending in RECORD_ENDINGS:
            raise DocumentMalformed("reader-pair-passages", path=shown(path))
    sources = [load(path, language=language, limits=limits) for path, language in named.files]
    warnings: list[Warning_] = []
    if len(sources) == 2:
        sources, warnings = _in_order(sources)
        endings = [Path(source.info.path).suffix.lower() for source in sources]
    return _document(named.name, sources, [_FORMATS.get(ending, "plain") for ending in endings], limits, warnings)


def read_bytes(data: bytes, name: str = "stdin", *, limits: Limits = DEFAULT) -> Document:
    """Read a document that is no file, such as standard input; Markdown is told from plain text by its marks.

    Raises the kinds of :class:`askdoc.errors.DocumentError`.
    """
    source = from_bytes(data, name, limits=limits)
    marked = _MARKED.search(source.text[:_GUESSED]) or _FORMATS.get(Path(name).suffix.lower()) == "markdown"
    return _document(name, [source], ["markdown" if marked else "plain"], limits)


class _Format(Protocol):
    """A module that reads a format."""

    def parse(self, source: Source, limits: Limits) -> ParsedText | Iterator[Record]:
        """Return a running text as it reads, or the passages that the file holds."""


def _document(
    name: str, sources: Sequence[Source], formats: Sequence[str], limits: Limits, warnings: Sequence[Warning_] = ()
) -> Document:
    # An index that is only asked needs none of this.
    from askdoc.bitext.chunking import chunk
    from askdoc.bitext.layout import single_source, two_sources
    from askdoc.bitext.units import text_of
    from askdoc.readers import passage_records
    from askdoc.readers.rendering import ParsedText, RenderedSource

    rendered: list[RenderedSource] = []
    for form, source in zip(formats, sources, strict=True):
        parsed = _format(form).parse(source, limits)
        if not isinstance(parsed, ParsedText):
            return passage_records.document(parsed, name, source, limits)
        rendered.append(RenderedSource(source, parsed))
        warnings = [*warnings, *source.warnings, *parsed.warnings]
    texts = [text_of(side.text, _body(side.parsed.blocks), side.parsed.neutral) for side in rendered]
    layout = two_sources(*texts) if len(texts) == 2 else single_source(*texts)
    sections, passages = chunk(layout, rendered, limits)
    if not passages:
        raise DocumentMalformed("reader-empty", path=sources[0].name)
    title = layout.title or {language: text for side in rendered for language, text in side.parsed.title.items()}
    return Document(name, title, sections, passages, tuple(source.info for source in sources), tuple(warnings))


def _body(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks that say something: links alone only where a document is nothing else."""
    body = [block for block in blocks if block.kind != "links"]
    return body if any(block.kind != "heading" for block in body) else blocks


def _in_order(sources: Sequence[Source]) -> tuple[list[Source], list[Warning_]]:
    """Return the English and the Chinese file of a pair by what they hold, and what a person should know about them.

    A pair that was named the wrong way round is turned. Raises :class:`DocumentMalformed` for two files of one language:
    an index of them would hold English as Chinese, and no question would find it.
    """
    english, chinese = sources
    first, second = _chinese(english.text), _chinese(chinese.text)
    if first is None or second is None:  # a file without a word fits anywhere
        return list(sources), []
    if first <= _MOSTLY and second >= _HARDLY:
        return list(sources), []
    if second < _HALF and first - second > _APART:
        turned = [
            replace(source, info=replace(source.info, language=language))
            for source, language in zip((chinese, english), LANGUAGES, strict=True)
        ]
        return turned, [Warning_("reader-pair-turned", {"english": chinese.name, "chinese": english.name})]
    if second < _NONE and first < _HARDLY:
        raise DocumentMalformed("reader-pair-english", first=english.name, second=chinese.name)
    if first > _MOSTLY and second > _MOSTLY:
        raise DocumentMalformed("reader-pair-chinese", first=english.name, second=chinese.name)
    if first > _MOSTLY:
        return list(sources), [Warning_("reader-pair-hardly-english", {"path": english.name})]
    return list(sources), [Warning_("reader-pair-hardly-chinese", {"path": chinese.name})]


def _chinese(text: str) -> float | None:
    """How much of a text's words and characters are Chinese; ``None`` where it has neither."""
    sample = text[:_GUESSED]
    han, latin = sum(1 for _ in HAN.finditer(sample)), sum(1 for _ in LATIN_WORD.finditer(sample))
    return han / (han + latin) if han + latin else None


def _format(name: str) -> _Format:
    return cast("_Format", import_module(f"askdoc.readers.{name}"))
