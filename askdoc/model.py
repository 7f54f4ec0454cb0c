"""The data model: frozen values without handles; results of the public interface have their JSON shape here.

A **Document** is one parsed source: a title, **Sections**, **Passages**, where it came from. A **Passage** is the
retrieval unit: the text of one place in one or both languages; each **Version** has its text and its own **Place**.
A **Bead** records how the two sides of a passage were aligned, with a confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct, field, to_builtins

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Final = 1
"""The version of the JSON shape: it changes when a field changes or goes, not when one is added."""

Language = Literal["en", "zh"]
"""The languages of the program: English and Chinese (simplified or traditional)."""

LANGUAGES: Final[tuple[Language, Language]] = ("en", "zh")

Alignment = Literal["paired", "merged", "weak", "none"]
"""Whether a passage has a counterpart: 1:1; 1:2 and the like; doubtful; not at all."""

BlockKind = Literal["prose", "list", "table", "code", "formula", "caption", "quote", "heading", "links"]
"""What a passage is to a reader."""


def other(language: Language) -> Language:
    """Return the other of the two languages."""
    return "zh" if language == "en" else "en"


_DIGITS: Final[Mapping[str, int]] = {"score": 6, "confidence": 4, "milliseconds": 3}
"""Decimals of the numbers that JSON rounds, by their field."""


class Result(Struct, frozen=True):
    """A value that the public interface gives. Its fields, in their order, are its JSON."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as ``--format json`` prints it: dicts, lists, strings, numbers, True, False and None."""
        values: dict[str, Any] = _plain(to_builtins(self))
        return values


def _plain(value: Any, digits: int | None = None) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part, _DIGITS.get(name)) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if digits is None else round(value, digits)


class Place(Struct, frozen=True):
    """Where a version stands in its source."""

    path: str
    """The source file as it was named when the index was built; ``"-"`` for stdin."""
    lines: tuple[int, int]
    """First and last line, 1-based."""
    page: int | None
    """The page, where the format has pages."""
    span: tuple[int, int]
    """Start and end in the decoded source, in code points."""


class Version(Struct, frozen=True):
    """A passage in one language."""

    text: str
    place: Place
    section: tuple[str, ...] = ()
    """The heading path in this language (a heading that exists in the other language only stands in that one)."""
    paragraph: int = 1
    """Its number within the section, 1-based."""


class Bead(Struct, frozen=True):
    """One aligned unit of two texts: units ``en[0]:en[1]`` of the one belong to ``zh[0]:zh[1]`` of the other."""

    en: tuple[int, int]
    zh: tuple[int, int]
    confidence: float
    """0..1: the chance that exactly these belong together; 0 where one side is empty."""

    @property
    def kind(self) -> str:
        """``"1:1"``, ``"1:2"``, ``"0:1"`` and so on: how many units of English and of Chinese."""
        return f"{self.en[1] - self.en[0]}:{self.zh[1] - self.zh[0]}"


class Passage(Struct, frozen=True):
    """The retrieval unit: one place in one or both languages."""

    id: str
    """Unique within its document and made from the content, so that editing one passage renames no other."""
    versions: Mapping[Language, Version]
    alignment: Alignment = "none"
    bead: str = ""
    """The kind of its bead, ``"1:1"``; empty where there is one version only."""
    confidence: float = 0.0
    """The bead's confidence."""
    kind: BlockKind = "prose"


class Section(Struct, frozen=True):
    """A heading path; the headings exist in both languages where the document has them in both."""

    path: Mapping[Language, tuple[str, ...]]
    lines: tuple[int, int] = (1, 1)


RECORD_ENDINGS: Final = frozenset({".jsonl", ".ndjson", ".tsv", ".csv", ".tmx"})
"""Endings of files that hold passages as they are, and say themselves which language each text is in."""


class DocumentFiles(Struct, frozen=True):
    """The files of one document that is to be read."""

    name: str
    """The document's name: the file's stem, without its language mark where there are two; unique by -2, -3."""
    files: tuple[tuple[Path, Language | None], ...]
    """One file, of unknown language; or two, English first. Empty where they are gone."""


class SourceInfo(Struct, frozen=True):
    """A file that a document was read from, and what is needed to see whether it changed."""

    path: str
    size: int
    mtime_ns: int
    inode: int
    sha256: str
    encoding: str
    language: Language | None = None
    """The language of the file where the document is two files."""


class Warning_(Struct, frozen=True):
    """Something a person should know about a document: a message's key and its fields."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)


class Document(Struct, frozen=True):
    """One parsed source, ready to be indexed."""

    name: str
    """The file's stem, made unique in the index by -2, -3."""
    title: Mapping[Language, str]
    """The title in the languages it has one in; may be empty."""
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    sources: tuple[SourceInfo, ...]
    warnings: tuple[Warning_, ...] = ()


AnswerLanguage = Literal["auto", "en", "zh", "both"]
"""The language an answer is wanted in: the question's, English, Chinese, or both side by side."""


class AnsweredVersion(Result, frozen=True):
    """A version as an answer shows it."""

    text: str
    sentence: tuple[int, int] | None
    """The answer sentence: start and end in ``text``."""
    highlights: tuple[tuple[int, int], ...]
    """The question's words: starts and ends in ``text``, ascending, disjoint."""
    section: tuple[str, ...]
    label: str
    """The citation for people, in this version's language."""
    place: Place

    def __post_init__(self) -> None:
        """Refuse spans beyond the text, which a file that was saved may hold."""
        size = len(self.text)
        if not all(0 <= start <= end <= size for start, end in (self.sentence or (0, 0), *self.highlights)):
            raise ValueError("a span that is not in the text")


class Hit(Result, frozen=True, omit_defaults=True):
    """A passage that answers, with its score, evidence and versions."""

    rank: int
    score: float
    passage_id: str
    """``<document>#<id>``."""
    shown: Language
    """The version to display: the answer language where there is one."""
    alignment: Alignment
    evidence: tuple[str, ...]
    """The question's words that the passage holds, as they stand in the question."""
    versions: Mapping[Language, AnsweredVersion]
    kind: BlockKind = "prose"

    def __post_init__(self) -> None:
        """Refuse a version to display that is not there, which a file that was saved may name."""
        if self.shown not in self.versions:
            raise ValueError("no version to display")

    @property
    def document(self) -> str:
        """The name of its document, which never holds ``#``."""
        return self.passage_id.partition("#")[0]

    @property
    def label(self) -> str:
        """The citation of the version that is shown."""
        return self.versions[self.shown].label


AnswerKind = Literal["passage", "document", "greeting"]
"""What a question was asked of: passages; the document as a whole; nothing, as it only greeted or thanked."""


def _passage_kind() -> AnswerKind:
    return "passage"


class HeadingLine(Result, frozen=True):
    """A heading of a document, as its table of contents shows it."""

    text: Mapping[Language, str]
    """The heading in its languages, without markup."""
    level: int
    """1 for the highest."""
    line: int
    """Its line in the source, 1-based."""


class Overview(Result, frozen=True):
    """What a document says of itself beside its passages: an answer about the document as a whole shows it."""

    document: str
    """The name of the document."""
    title: Mapping[Language, str]
    """The title in the languages it has one in; may be empty."""
    headings: tuple[HeadingLine, ...]
    """Its headings in its order; empty where several documents are told of."""
    sections: int
    """How many sections of the highest level it has."""
    passages: int
    languages: Mapping[Language, int]
    """How many passages have a version in each language."""
    length: Mapping[Language, int] = {}
    """English words and Chinese characters; empty where the question is not about the length."""


class Answer(Result, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag=SCHEMA):
    """All hits of a question, and whether they answer it."""

    question: str
    language: Language
    """The language of the question."""
    answer_language: AnswerLanguage
    found: bool
    """False: "not in this document"; the hits then hold the nearest passages, or nothing."""
    confidence: float
    """0..1: the chance that the marked sentence of the first hit answers the question."""
    kind: AnswerKind = field(default_factory=_passage_kind)  # a function, so that JSON always has the field
    """An answer of kind "document" has its hits in the document's order; a greeting has none."""
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    about: tuple[str, ...] = ()
    """Words taken over from an earlier question of the conversation, as they stood there; empty elsewhere."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Typing slips that were put right: each word as typed, and the word of the documents that was asked instead."""
    overview: tuple[Overview, ...] = ()
    """For kind "document" the title and the headings of each document asked of; empty elsewhere."""
    hits: tuple[Hit, ...]
    milliseconds: float


class Turn(Result, frozen=True):
    """One exchange of a conversation."""

    question: str
    """As it was typed."""
    answer: Answer


class Find(Result, frozen=True):
    """A passage that holds words which were looked for in every place."""

    passage_id: str
    """``<document>#<id>``."""
    count: int
    """How often they stand in it, in the version that holds them most often."""
    alignment: Alignment
    versions: Mapping[Language, AnsweredVersion]
    """The highlights are the words; a version without them has none."""

    @property
    def document(self) -> str:
        """The name of its document, which never holds ``#``."""
        return self.passage_id.partition("#")[0]


class SectionCount(Result, frozen=True):
    """How many of the places lie in a section."""

    document: str
    section: Mapping[Language, tuple[str, ...]]
    """The heading path in both languages; empty for what stands before the first heading."""
    count: int


class Places(Result, frozen=True, tag_field="schema", tag=SCHEMA):
    """Every place that holds some words."""

    words: str
    exact: bool
    """True for a quoted phrase, looked for as it stands; False for words in any form of theirs, all in one passage."""
    finds: tuple[Find, ...] = field(name="places")
    """In document order; ``places`` in JSON."""
    sections: tuple[SectionCount, ...]
    """In document order."""


class SectionSummary(Result, frozen=True):
    """One line of an outline: a section of a document and what lies in it."""

    document: str
    path: Mapping[Language, tuple[str, ...]]
    """The heading path in both languages; empty for what stands before the first heading."""
    passages: int
    """How many passages lie in it, those of the sections below it included."""
    line: int
    """The line of its heading, 1-based; of its first passage where it has none."""
    passage_id: str
    """``<document>#<id>`` of the first passage in it or below it."""


class ShownPassage(Result, frozen=True):
    """A passage as ``show`` prints it."""

    passage_id: str
    cited: bool
    """True for the passage that the citation names, False for its surroundings."""
    alignment: Alignment
    versions: Mapping[Language, AnsweredVersion]


class Shown(Result, frozen=True, tag_field="schema", tag=SCHEMA):
    """The place that a citation leads to, with what stands around it."""

    document: str
    title: Mapping[Language, str]
    passages: tuple[ShownPassage, ...]


class DocumentSummary(Result, frozen=True):
    """What is in one document of an index."""

    name: str
    title: Mapping[Language, str]
    sources: tuple[SourceInfo, ...]
    sections: int
    passages: int
    languages: Mapping[Language, int]
    """How many passages have a version in each language."""
    alignments: Mapping[Alignment, int]
    """How many passages have each alignment."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as ``askdoc list --format json`` prints it: of its sources the paths."""
        return {**super().to_dict(), "sources": [source.path for source in self.sources]}
