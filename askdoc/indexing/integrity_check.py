"""The deep check of everything that an index says about its documents.

Checksums detect damage; this also detects files that are intact and wrong. All passages are analysed again, and the
result is compared with what is stored. It works on a copy in memory, so that nobody waits for it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path, PurePath
from typing import Any, Final

import numpy as np
from msgspec import Struct, field

from askdoc import messages
from askdoc.errors import IndexCorrupt
from askdoc.limits import DEFAULT, Limits
from askdoc.model import LANGUAGES, RECORD_ENDINGS, Document, Language, Passage
from askdoc.storage import records
from askdoc.storage.directory import Directory
from askdoc.storage.embeddings import CHUNK, unpack
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.posting_blocks import TermPostings
from askdoc.storage.records import Record
from askdoc.storage.rows import Rows, checked_meta
from askdoc.storage.schema import LENGTHS_CHUNK, ROW_TABLES, reading
from askdoc.storage.writing.analysis_pipeline import Analyzer
from askdoc.storage.writing.postings_buffer import PostingsBuffer
from askdoc.text.han import may_be

_BATCH: Final = 1024
"""Rows read at once."""

_MOST_LISTED: Final = 20
"""Most problems listed of one kind; a wrong index has thousands."""


class Problem(Struct, frozen=True):
    """A problem of an index: a message's key and its fields."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return messages.say(self.key, **dict[str, Any](self.fields))


def check(path: Path, analyzer: Analyzer, *, limits: Limits = DEFAULT) -> list[Problem]:
    """Return all problems of an index file; empty for a sound one.

    Raises :class:`IndexMissing`, :class:`IndexVersionUnsupported` and :class:`IndexLocked`; damage is in the list.
    """
    problems: list[Problem] = []
    seen: Counter[str] = Counter()

    def report(key: str, /, **fields: object) -> None:
        seen[key] += 1
        if seen[key] <= _MOST_LISTED:
            problems.append(Problem(key, fields))

    try:
        with reading(path), closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            with IndexReader(path, limits=limits) as reader, reader.snapshot() as snapshot:
                snapshot.copy(copy)
            facts = checked_meta(copy)
            _Check(Rows(copy, path, facts, Directory(facts.directory)), analyzer, report).run()
    except IndexCorrupt as error:
        report("index-check-damaged", reason=str(error))
    return problems


class _Check:
    """The check of one copy."""

    def __init__(self, rows: Rows, analyzer: Analyzer, report: Callable[..., None]) -> None:
        self.rows = rows
        self.facts = rows.facts
        self.analyzer = analyzer
        self.report = report
        self.expected = PostingsBuffer(analyzer.fields)
        self.keys: dict[str, set[int]] = {}
        """The keys of all rows by table, as far as they belong to something."""

    def run(self) -> None:
        """Check everything. Problems go to ``report``; raise :class:`IndexCorrupt` for what cannot be read at all."""
        self._rows()
        documents = self.rows.documents()
        for name, count in Counter(record.summary.name for record in documents.values()).items():
            if count > 1:
                self.report("index-check-name", document=name)
        same = self.facts.analyzer == self.analyzer.fingerprint
        same = same and tuple(name for name, _, _ in self.facts.fields) == self.analyzer.fields
        if not same:
            self.report("index-check-stale")
        owners: dict[int, Passage] = {}
        for record in documents.values():
            self._document(record, owners, analyse=same)
        self._orphans(owners, documents)
        if same:
            for number, (name, passages, total) in enumerate(self.facts.fields):
                self._field(number, name, passages, total)

    def _rows(self) -> None:
        """Check the file, every row, and that the directory and the tables name the same rows."""
        for (line,) in self.rows.fetch("PRAGMA integrity_check"):
            if line != "ok":
                self.report("index-check-damaged", reason=line)
        for table in ROW_TABLES:
            keys = self.rows.keys(table)
            self.keys[table] = set(keys)
            for (key,) in self.rows.fetch(f"SELECT id FROM {table}"):
                if key not in self.keys[table]:
                    self.report("index-check-orphan", table=table, number=key)
            if table != "blocks":
                for start in range(0, len(keys), _BATCH):
                    bodies = self.rows.bodies(table, keys[start : start + _BATCH])
                    if table.endswith("_vectors"):
                        for body in bodies.values():
                            unpack(body, table)

    # --- documents -------------------------------------------------------------------------------------------------

    def _document(self, record: Record, owners: dict[int, Passage], *, analyse: bool) -> None:
        name, title = record.summary.name, record.summary.title
        stored = self.rows.passages(record.numbers)
        passages: list[Passage] = []
        for number in record.numbers:
            if number not in stored:
                self.report("index-check-passage", number=number, document=name)
                continue
            row, bead = stored[number]
            if number in owners or row.document != record.id:
                self.report("index-check-owner", number=number, document=name)
            passage = owners[number] = row.passage(record, bead)
            passages.append(passage)
            self._passage(name, passage)
            if analyse:
                self.expected.change(number, {}, self.analyzer.terms(passage, title))
        for id_, count in Counter(passage.id for passage in passages).items():
            if count > 1:
                self.report("index-check-id", id=id_, document=name)
        self._languages(record, passages)
        self._lists(record, passages)

    def _passage(self, document: str, passage: Passage) -> None:
        where = {"id": passage.id, "document": document}
        if not any(version.text.strip() for version in passage.versions.values()):
            self.report("index-check-empty", **where)
        both = all(passage.versions.get(language) for language in LANGUAGES)
        if bool(passage.bead) != both or (passage.alignment == "none") == both or not 0 <= passage.confidence <= 1:
            self.report("index-check-bead", **where)

    def _languages(self, record: Record, passages: Sequence[Passage]) -> None:
        """Check that the versions are in the languages that the reader must have given them.

        Where a source states its language, the check can only compare it with the version's: a Chinese file may quote
        English. Otherwise the language follows from the letters of a whole block, never from those of one passage: a
        long Chinese block may be cut into passages of which one is all English.
        """
        sources = record.summary.sources
        stated = {source.path: source.language for source in sources if source.language}
        if stated:
            for passage in passages:
                for language, version in passage.versions.items():
                    if len(stated) == len(sources) and stated.get(version.place.path, language) != language:
                        self._wrong_language(record, passage, language)
        elif all(PurePath(source.path).suffix.lower() not in RECORD_ENDINGS for source in sources):
            for block in _blocks(passages):
                if block[0].kind not in ("code", "formula"):  # these go with their neighbours, whatever their letters
                    self._block_languages(record, block)

    def _block_languages(self, record: Record, passages: Sequence[Passage]) -> None:
        beads = {passage.bead for passage in passages}
        languages = {language for passage in passages for language in passage.versions}
        for language in languages:
            versions = [passage.versions[language] for passage in passages if language in passage.versions]
            # Between two blocks joined in one passage there are letters that the reader left out, such as a fence's.
            joined = any(bead and bead.split(":")[LANGUAGES.index(language)] != "1" for bead in beads)
            joined = joined or (beads == {""} and len(languages) > 1)
            if not joined and not may_be(language, "\n".join(version.text for version in versions)):
                first = next(passage for passage in passages if language in passage.versions)
                self._wrong_language(record, first, language)

    def _wrong_language(self, record: Record, passage: Passage, language: Language) -> None:
        self.report("index-check-language", expected=language, id=passage.id, document=record.summary.name)

    def _lists(self, record: Record, passages: list[Passage]) -> None:
        summary = record.summary
        if self.rows.body("places", record.id) != records.encode_spots(passages):
            self.report("index-check-places", document=summary.name)
        sections = records.decode_sections(self.rows.body("sections", record.id))
        actual = records.summarise(Document(summary.name, summary.title, sections, tuple(passages), summary.sources))
        for what in ("sections", "passages", "languages", "alignments"):
            self._compare(summary.name, what, getattr(summary, what), getattr(actual, what))
        self._compare(summary.name, "beads", record.beads, sum(bool(passage.bead) for passage in passages))

    def _compare(self, where: str, what: str, recorded: object, actual: object) -> None:
        if recorded != actual:
            self.report("index-check-count", what=what, recorded=recorded, found=actual, where=where)

    def _orphans(self, owners: Mapping[int, Passage], documents: Mapping[int, Record]) -> None:
        """Report rows that belong to nothing, and wrong counts of those that do."""
        facts = self.facts
        belonging: dict[str, Collection[int]] = {
            "passages": owners,
            "beads": {number for number, passage in owners.items() if passage.bead},
            "sections": documents,
            "places": documents,
            "lengths": range(-(-facts.size // LENGTHS_CHUNK) * len(facts.fields)),
            "sentence_vectors": owners,
            "passage_vectors": {number // CHUNK for number in self.keys["sentence_vectors"]},
        }
        for table, keys in belonging.items():
            for key in sorted(self.keys[table].difference(keys)):
                self.report("index-check-orphan", table=table, number=key)
        vectors = "passage_vectors"
        if len(self.keys[vectors]) != len(belonging[vectors]):
            self.report("index-check-damaged", reason=vectors)
        for what, recorded, table in (
            ("passages", facts.passages, "passages"),
            ("beads", facts.beads, "beads"),
            ("documents", facts.documents, "documents"),
            ("embeddings", facts.embedded, "sentence_vectors"),
        ):
            self._compare("-", what, recorded, len(self.keys[table]))
        if any(number >= facts.size for number in owners) or any(id_ >= facts.next_document for id_ in documents):
            self._compare("-", "size", facts.size, max(owners, default=0))

    # --- fields ----------------------------------------------------------------------------------------------------

    def _field(self, number: int, name: str, passages: int, total: int) -> None:
        self._compare(name, "passages", passages, self.expected.passages[name])
        self._compare(name, "terms", total, self.expected.totals[name])
        numbers, values = self.expected.lengths(name)
        lengths = np.zeros(max(self.facts.size, int(numbers.max(initial=0)) + 1), dtype=np.int64)
        lengths[numbers] = values
        differing = np.flatnonzero(np.asarray(self.rows.lengths(number)) != lengths[: self.facts.size])
        for index in differing[:_MOST_LISTED].tolist():
            self.report("index-check-length", number=index, field=name)
        stored = self._stored_postings(number, name)
        for expected in self.expected.changes(name):
            entry = stored.pop(expected.term, None)
            same = entry and np.array_equal(entry.passages, expected.passages)
            if entry is None or not same or not np.array_equal(entry.counts, expected.counts):
                extra = [] if entry is None else np.setdiff1d(entry.passages, expected.passages).tolist()
                term = {"field": name, "term": _term(expected.term)}
                if extra:
                    self.report("index-check-term", **term, number=extra[0])
                else:
                    self.report("index-check-term-missing", **term)
        for key, entry in stored.items():
            self.report("index-check-term", field=name, term=_term(key), number=int(entry.passages[0]))

    def _stored_postings(self, number: int, name: str) -> dict[bytes, TermPostings]:
        """Return the postings of a field, whose blocks must tile all possible terms."""
        stored: dict[bytes, TermPostings] = {}
        bound: bytes | None = b""
        for row in self.rows.fetch(
            "SELECT id, field, first, next, body FROM blocks WHERE field=? ORDER BY first", number
        ):
            block = self.rows.checked_block(row)
            if block.first != bound:
                self.report("index-check-blocks", field=name, term=_term(block.first))
            bound = block.next or None
            stored.update((entry.term, entry) for entry in block.entries())
        if bound is not None:
            self.report("index-check-blocks", field=name, term=_term(bound))
        return stored


def _blocks(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Split passages into runs that may come from one block: one paragraph of one section."""
    block: list[Passage] = []
    for passage in passages:
        if block and not _one_block(block[-1], passage):
            yield block
            block = []
        block.append(passage)
    if block:
        yield block


def _one_block(before: Passage, passage: Passage) -> bool:
    paragraphs = {version.paragraph for neighbour in (before, passage) for version in neighbour.versions.values()}
    shared = before.versions.keys() & passage.versions.keys()
    return len(paragraphs) == 1 and all(
        before.versions[language].section == passage.versions[language].section for language in shared
    )


def _term(key: bytes) -> str:
    return key.decode("utf-8", "replace")
