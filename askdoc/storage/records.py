"""Documents, passages, places and the index's own facts: as values, and as the bodies of rows.

Decoding raises :class:`IndexCorrupt` for anything that encoding does not produce.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final, get_args

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from askdoc.model import (
    LANGUAGES,
    Alignment,
    BlockKind,
    Document,
    DocumentSummary,
    Language,
    Passage,
    Place,
    Section,
    Version,
)
from askdoc.storage.packing import damaged, pack, unpack

_Natural = Annotated[int, msgspec.Meta(ge=0)]
_Span = tuple[_Natural, _Natural]


class Meta(Struct, frozen=True):
    """The facts of an index as a whole."""

    analyzer: str
    """The fingerprint of the analyzer that made its terms."""
    fields: tuple[tuple[str, _Natural, _Natural], ...]
    """Name, number of non-empty passages and sum of lengths of each field; a field's index is its number."""
    size: _Natural = 0
    """One more than the highest passage number ever assigned."""
    passages: _Natural = 0
    """Number of passages."""
    beads: _Natural = 0
    documents: _Natural = 0
    next_document: _Natural = 1
    """The id of the next new document."""
    encoder: str = ""
    """The name of the encoder that made the sentence vectors; empty where there are none."""
    embedded: _Natural = 0
    """Number of passages with sentence vectors."""
    directory: bytes = b""
    """The checksums of the directory's upper chunks (:mod:`askdoc.storage.directory`): they prove all other rows."""


class Record(Struct, frozen=True):
    """A document's row: everything but its passages."""

    id: int
    summary: DocumentSummary
    locations: tuple[str, ...]
    """The absolute path of each source of the summary; empty where there is none."""
    paths: tuple[str, ...]
    """The paths that the places of its passages name."""
    runs: tuple[_Span, ...]
    """First number and count of each run of its passages, ascending, in the document's order."""
    beads: int

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of its passages, in the document's order; a range where they are one run."""
        if len(self.runs) == 1:
            first, count = self.runs[0]
            return range(first, first + count)
        return tuple(number for first, count in self.runs for number in range(first, first + count))


class Spot(Struct, frozen=True, array_like=True):
    """A passage in the list of a document's places."""

    id: str
    lines: tuple[_Span, ...]
    """First and last line of each version."""


class Bead(Struct, frozen=True, array_like=True):
    """How the two versions of a passage were aligned; the default is that of a passage without a counterpart."""

    alignment: Alignment = "none"
    kind: str = ""
    confidence: float = 0.0


class _Version(Struct, frozen=True, array_like=True):
    """A version as it is stored; its place names the path by its index among its document's paths."""

    text: str
    path: _Natural
    lines: _Span
    page: _Natural | None
    span: _Span
    section: tuple[str, ...]
    paragraph: _Natural


class PassageRow(Struct, frozen=True, array_like=True):
    """A passage as it is stored: without its number and its bead."""

    document: int
    """The id of its document."""
    id: str
    kind: BlockKind
    versions: dict[Language, _Version]

    def passage(self, record: Record, bead: Bead) -> Passage:
        """Return the passage; ``record`` is its document's."""
        try:
            versions = {
                language: Version(
                    version.text,
                    Place(record.paths[version.path], version.lines, version.page, version.span),
                    version.section,
                    version.paragraph,
                )
                for language, version in self.versions.items()
            }
        except IndexError as error:
            raise damaged("passages") from error
        return Passage(self.id, versions, bead.alignment, bead.kind, bead.confidence, self.kind)


_META: Final = Decoder(Meta)
_RECORD: Final = Decoder(Record)
_SECTIONS: Final = Decoder(tuple[Section, ...])
_SPOTS: Final = Decoder(tuple[Spot, ...])
_PASSAGE: Final = Decoder(PassageRow)
_BEAD: Final = Decoder(Bead)


def encode_passage(passage: Passage, document: int, paths: Sequence[str]) -> bytes:
    """Encode a passage of a document with this id and these paths."""
    versions = {
        language: _Version(
            version.text,
            paths.index(version.place.path),
            version.place.lines,
            version.place.page,
            version.place.span,
            version.section,
            version.paragraph,
        )
        for language, version in passage.versions.items()
    }
    return pack(PassageRow(document, passage.id, passage.kind, versions))


def decode_passage(body: object) -> PassageRow:
    """Decode :func:`encode_passage`'s bytes."""
    return unpack(body, "passages", _PASSAGE)


def bead_of(passage: Passage) -> Bead:
    """Return the bead of a passage."""
    return Bead(passage.alignment, passage.bead, float(passage.confidence))


def decode_bead(body: object) -> Bead:
    """Decode the bytes of a bead."""
    return unpack(body, "beads", _BEAD)


def encode_spots(passages: Sequence[Passage]) -> bytes:
    """Encode ids and lines of a document's passages."""
    return pack(
        [
            Spot(passage.id, tuple(passage.versions[language].place.lines for language in sorted(passage.versions)))
            for passage in passages
        ]
    )


def decode_spots(body: object) -> tuple[Spot, ...]:
    """Decode :func:`encode_spots`'s bytes."""
    return unpack(body, "places", _SPOTS)


def decode_sections(body: object) -> tuple[Section, ...]:
    """Decode the bytes of a document's sections."""
    return unpack(body, "sections", _SECTIONS)


def paths_of(document: Document) -> tuple[str, ...]:
    """Return the paths that a document's passages name, in order of first use."""
    return tuple(
        dict.fromkeys(version.place.path for passage in document.passages for version in passage.versions.values())
    )


def summarise(document: Document) -> DocumentSummary:
    """Return the summary of a document."""
    languages = dict.fromkeys(LANGUAGES, 0)
    alignments: dict[Alignment, int] = dict.fromkeys(get_args(Alignment), 0)
    for passage in document.passages:
        alignments[passage.alignment] += 1
        for language in passage.versions:
            languages[language] += 1
    return DocumentSummary(
        document.name,
        dict(document.title),
        document.sources,
        len(document.sections),
        len(document.passages),
        languages,
        alignments,
    )


def decode_record(body: object) -> Record:
    """Decode the bytes of a document's row."""
    record = unpack(body, "documents", _RECORD)
    runs = record.runs
    if (
        len(record.locations) != len(record.summary.sources)
        or sum(count for _, count in runs) != record.summary.passages
        or any(first + count > following for (first, count), (following, _) in pairwise(runs))
    ):
        raise damaged("documents")
    return record


def decode_meta(body: object) -> Meta:
    """Decode the bytes of the index's facts."""
    return unpack(body, "meta", _META)
