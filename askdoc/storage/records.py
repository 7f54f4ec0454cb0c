"""Documents, passages, places and the index's own facts as bytes, and back.

Bodies are JSON in UTF-8, compressed with zlib where that makes them smaller (:mod:`askdoc.storage.packing`). Decoding
raises :class:`IndexCorrupt` for whatever is not what encoding makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

from msgspec import Struct

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
    SourceInfo,
    Version,
)
from askdoc.storage.packing import as_one_of, as_span, as_text, as_texts, as_whole, by_language, decoded, pack, unpack

_ALIGNMENTS: Final[tuple[Alignment, ...]] = get_args(Alignment)
_BLOCK_KINDS: Final[tuple[BlockKind, ...]] = get_args(BlockKind)


class Meta(Struct, frozen=True):
    """The facts of an index as a whole."""

    analyzer: str
    """The fingerprint of the analyzer that made its terms."""
    generation: str
    """Names this state of the index; changes with every write."""
    size: int
    """One more than the highest passage number ever given."""
    passages: int
    """How many passages there are."""
    beads: int
    documents: int
    digest: str
    """Over the checksums of all rows of ``documents``, by id: proves that none is missing."""
    next_document: int
    """The id of the next new document."""
    fields: tuple[tuple[str, int, int], ...]
    """Name, number of passages that are not empty in it, and sum of lengths, of each field; its place is its number."""
    encoder: str = ""
    """The name of the encoder that made the sentence vectors; empty where there are none."""
    embedded: int = 0
    """How many passages have sentence vectors."""


class Record(Struct, frozen=True):
    """A document's row: all about it but its passages."""

    id: int
    summary: DocumentSummary
    locations: tuple[str, ...]
    """The absolute path of each source of the summary; empty where there is none."""
    paths: tuple[str, ...]
    """The paths that the places of its passages name."""
    runs: tuple[tuple[int, int], ...]
    """First number and count of each run of its passages, ascending, in the document's order."""
    beads: int

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of its passages, in the document's order; a range where they are one run."""
        if len(self.runs) == 1:
            first, count = self.runs[0]
            return range(first, first + count)
        return tuple(number for first, count in self.runs for number in range(first, first + count))


class Spot(Struct, frozen=True):
    """A passage in the list of a document's places."""

    id: str
    lines: tuple[tuple[int, int], ...]
    """First and last line of each version."""


# --- passages ----------------------------------------------------------------------------------------------------


def encode_passage(passage: Passage, paths: Sequence[str]) -> bytes:
    """Encode a passage without its number, document and bead; places name their path by its index in ``paths``."""
    versions = {
        language: [
            version.text,
            paths.index(version.place.path),
            [*version.place.lines],
            version.place.page,
            [*version.place.span],
            [*version.section],
            version.paragraph,
        ]
        for language, version in passage.versions.items()
    }
    return pack([passage.id, passage.kind, versions])


def decode_passage(body: object, paths: Sequence[str], alignment: str, bead: str, confidence: float) -> Passage:
    """Decode :func:`encode_passage`'s bytes into a passage with its bead."""
    value = unpack(body, "passages")

    def version(fields: Any) -> Version:
        text, path, lines, page, span, section, paragraph = fields
        place = Place(paths[as_whole(path)], as_span(lines), None if page is None else as_whole(page), as_span(span))
        return Version(as_text(text), place, as_texts(section), as_whole(paragraph))

    def make() -> Passage:
        id_, kind, stored = value
        versions = by_language(stored, version)
        # In the order of LANGUAGES, as sorted JSON keys are: the same wherever a passage comes from.
        return Passage(
            as_text(id_),
            {language: versions[language] for language in LANGUAGES if language in versions},
            as_one_of(alignment, _ALIGNMENTS),
            as_text(bead),
            confidence,
            as_one_of(kind, _BLOCK_KINDS),
        )

    return decoded("passages", make)


def encode_spots(passages: Sequence[Passage]) -> bytes:
    """Encode ids and lines of neighbouring passages of a document."""
    return pack(
        [[passage.id, [[*version.place.lines] for version in passage.versions.values()]] for passage in passages]
    )


def decode_spots(body: object) -> list[Spot]:
    """Decode :func:`encode_spots`'s bytes."""
    value = unpack(body, "places")
    return decoded(
        "places", lambda: [Spot(as_text(id_), tuple(as_span(span) for span in lines)) for id_, lines in value]
    )


# --- documents ---------------------------------------------------------------------------------------------------


def paths_of(document: Document) -> tuple[str, ...]:
    """Return the paths that a document's passages name, in order of first use."""
    return tuple(
        dict.fromkeys(version.place.path for passage in document.passages for version in passage.versions.values())
    )


def summarise(document: Document) -> DocumentSummary:
    """Return the summary of a document."""
    languages = dict.fromkeys(LANGUAGES, 0)
    alignments = dict.fromkeys(_ALIGNMENTS, 0)
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


def encode_record(record: Record) -> bytes:
    """Encode a document's row."""
    summary = record.summary
    return pack(
        {
            "name": summary.name,
            "title": dict(summary.title),
            "sections": summary.sections,
            "passages": summary.passages,
            "languages": dict(summary.languages),
            "alignments": dict(summary.alignments),
            "beads": record.beads,
            "paths": [*record.paths],
            "runs": [[*run] for run in record.runs],
            "sources": [
                [info.path, location, info.size, info.mtime_ns, info.inode, info.sha256, info.encoding, info.language]
                for info, location in zip(summary.sources, record.locations, strict=True)
            ],
        }
    )


def decode_record(id_: int, body: object) -> Record:
    """Decode :func:`encode_record`'s bytes."""
    value = unpack(body, "documents")

    def source(fields: Any) -> tuple[SourceInfo, str]:
        path, location, size, mtime_ns, inode, sha256, encoding, language = fields
        checked: Language | None = None if language is None else as_one_of(language, LANGUAGES)
        # Times before 1970 are legal; inode numbers may fill 64 bits.
        if type(mtime_ns) is not int or type(inode) is not int:
            raise ValueError(fields)
        info = SourceInfo(as_text(path), as_whole(size), mtime_ns, inode, as_text(sha256), as_text(encoding), checked)
        return info, as_text(location)

    def make() -> Record:
        sources = [source(fields) for fields in value["sources"]]
        runs = tuple((as_whole(first), as_whole(count, 1)) for first, count in value["runs"])
        if any(runs[index][0] + runs[index][1] > runs[index + 1][0] for index in range(len(runs) - 1)):
            raise ValueError(runs)
        summary = DocumentSummary(
            as_text(value["name"]),
            by_language(value["title"], as_text),
            tuple(info for info, _ in sources),
            as_whole(value["sections"]),
            as_whole(value["passages"]),
            by_language(value["languages"], as_whole),
            {as_one_of(key, _ALIGNMENTS): as_whole(count) for key, count in value["alignments"].items()},
        )
        if sum(count for _, count in runs) != summary.passages:
            raise ValueError(runs)
        locations = tuple(location for _, location in sources)
        return Record(id_, summary, locations, as_texts(value["paths"]), runs, as_whole(value["beads"]))

    return decoded("documents", make)


def encode_sections(sections: Sequence[Section]) -> bytes:
    """Encode the sections of a document."""
    return pack(
        [[{language: [*path] for language, path in section.path.items()}, [*section.lines]] for section in sections]
    )


def decode_sections(body: object) -> tuple[Section, ...]:
    """Decode :func:`encode_sections`'s bytes."""
    value = unpack(body, "sections")
    return decoded(
        "sections", lambda: tuple(Section(by_language(path, as_texts), as_span(lines)) for path, lines in value)
    )


# --- the index as a whole ----------------------------------------------------------------------------------------


def encode_meta(meta: Meta) -> bytes:
    """Encode the row of ``meta``."""
    return pack({name: getattr(meta, name) for name in Meta.__struct_fields__})


def decode_meta(body: object) -> Meta:
    """Decode :func:`encode_meta`'s bytes."""
    value = unpack(body, "meta")
    return decoded(
        "meta",
        lambda: Meta(
            as_text(value["analyzer"]),
            as_text(value["generation"]),
            as_whole(value["size"]),
            as_whole(value["passages"]),
            as_whole(value["beads"]),
            as_whole(value["documents"]),
            as_text(value["digest"]),
            as_whole(value["next_document"]),
            tuple((as_text(name), as_whole(passages), as_whole(total)) for name, passages, total in value["fields"]),
            as_text(value["encoder"]),
            as_whole(value["embedded"]),
        ),
    )
