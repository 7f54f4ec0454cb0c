"""The deep check of everything that an index says about its documents.

Checksums detect damage; this also detects files that are intact and wrong. All passages are analysed again, and the
result is compared with what is stored. It works on a copy in memory, so that nobody waits for it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Final, Protocol

import numpy as np
from msgspec import Struct, field

from askdoc import messages
from askdoc.errors import IndexCorrupt
from askdoc.limits import DEFAULT, Limits
from askdoc.model import LANGUAGES, RECORD_ENDINGS, Language, Passage
from askdoc.storage import records, rows
from askdoc.storage.embeddings import CHUNK, of_passages, unpack
from askdoc.storage.posting_blocks import TermPostings
from askdoc.storage.records import Meta, Record
from askdoc.storage.schema import check_header, connect, identity, reading, verify
from askdoc.storage.writing.analysis_pipeline import Analyzer
from askdoc.storage.writing.postings_buffer import PostingsBuffer
from askdoc.text.han import may_be

_MOST_LISTED: Final = 20
"""Most problems listed of one kind; a wrong index has thousands."""


class Problem(Struct, frozen=True):
    """A problem of an index: a message's key and its fields."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return messages.say(self.key, **dict[str, Any](self.fields))


class _Report(Protocol):
    def __call__(self, key: str, /, **fields: object) -> None: ...


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
        with reading(path), contextlib.closing(_copy(path, limits)) as connection:
            _Check(connection, analyzer, report).run()
    except IndexCorrupt as error:
        report("index-check-damaged", reason=str(error))
    return problems


def _copy(path: Path, limits: Limits) -> sqlite3.Connection:
    identity(path, limits)
    with contextlib.closing(connect(path, limits=limits)) as connection:
        connection.execute("BEGIN").close()
        connection.execute("SELECT 1 FROM sqlite_master").fetchall()
        check_header(connection, path)
        copy = sqlite3.connect(":memory:", isolation_level=None)
        try:
            connection.backup(copy)
        except BaseException:
            copy.close()
            raise
        return copy


class _Check:
    """The check of one copy."""

    def __init__(self, connection: sqlite3.Connection, analyzer: Analyzer, report: _Report) -> None:
        self.connection = connection
        self.analyzer = analyzer
        self.report = report
        self.expected = PostingsBuffer(analyzer.fields)

    def run(self) -> None:
        """Check everything. Problems go to ``report``; raise :class:`IndexCorrupt` for what cannot be read at all."""
        for (line,) in self.connection.execute("PRAGMA integrity_check").fetchall():
            if line != "ok":
                self.report("index-check-damaged", reason=line)
        facts = rows.checked_meta(rows.meta(self.connection))
        documents = rows.documents(self.connection, facts)
        names = Counter(record.summary.name for record in documents.values())
        for name in (name for name, count in names.items() if count > 1):
            self.report("index-check-name", document=name)
        same = facts.analyzer == self.analyzer.fingerprint
        if not same:
            self.report("index-check-stale")
        owners: dict[int, int] = {}
        for record in documents.values():
            self._document(record, owners, analyse=same)
        self._orphans(owners, documents, facts)
        self._counts(documents, facts)
        if same:
            self._fields(facts)

    # --- documents -------------------------------------------------------------------------------------------------

    def _document(self, record: Record, owners: dict[int, int], *, analyse: bool) -> None:
        name = record.summary.name
        numbers = record.numbers
        stored = rows.passages(self.connection, numbers)
        passages: list[Passage] = []
        for number in numbers:
            row = stored.get(number)
            if row is None:
                self.report("index-check-passage", number=number, document=name)
                continue
            if number in owners or row.document != record.id:
                self.report("index-check-owner", number=number, document=name)
            owners[number] = record.id
            passage = row.decode(record)
            passages.append(passage)
            self._passage(name, passage)
            if analyse:
                self.expected.change(number, {}, self.analyzer.terms(passage, record.summary.title))
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
        name, summary = record.summary.name, record.summary
        spots = rows.spots(self.connection, record)
        if spots != records.decode_spots(records.encode_spots(passages)):
            self.report("index-check-places", document=name)
        languages = Counter(language for passage in passages for language in passage.versions)
        alignments = Counter(passage.alignment for passage in passages)
        counts: list[tuple[str, object, object]] = [
            ("sections", summary.sections, len(rows.sections(self.connection, record.id))),
            ("beads", record.beads, sum(bool(passage.bead) for passage in passages)),
            *((language, count, languages[language]) for language, count in summary.languages.items()),
            *((alignment, count, alignments[alignment]) for alignment, count in summary.alignments.items()),
        ]
        self._compare(counts, name)

    def _compare(self, counts: Iterable[tuple[str, object, object]], where: str) -> None:
        for what, recorded, actual in counts:
            if recorded != actual:
                self.report("index-check-count", what=what, recorded=recorded, found=actual, where=where)

    def _orphans(self, owners: Mapping[int, int], documents: Mapping[int, Record], facts: Meta) -> None:
        """Report rows that belong to nothing."""
        tables: tuple[tuple[str, str, Callable[[int], bool]], ...] = (
            ("passages", "number", lambda key: key in owners),
            ("beads", "number", lambda key: key in owners),
            ("sentence_vectors", "number", lambda key: key in owners),
            ("passage_vectors", "id", lambda key: key <= facts.size // CHUNK),
            ("sections", "id", lambda key: key in documents),
            ("places", "id", lambda key: key >> 32 in documents),
            ("lengths", "id", lambda key: key >> 32 < len(facts.fields)),
        )
        for table, key, belongs in tables:
            for (number,) in self.connection.execute(f"SELECT {key} FROM {table}").fetchall():
                if not belongs(number):
                    self.report("index-check-orphan", table=table, number=number)
        for (number,) in self.connection.execute(
            "SELECT number FROM beads WHERE number NOT IN (SELECT number FROM passages WHERE paired)"
        ).fetchall():
            self.report("index-check-orphan", table="beads", number=number)
        if any(number >= facts.size for number in owners) or any(id_ >= facts.next_document for id_ in documents):
            self.report("index-check-count", what="size", recorded=facts.size, found=max(owners, default=0), where="-")

    def _counts(self, documents: Mapping[int, Record], facts: Meta) -> None:
        passages = self.connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        beads = self.connection.execute("SELECT count(*) FROM beads").fetchone()[0]
        self._compare(
            [
                ("passages", facts.passages, passages),
                ("beads", facts.beads, beads),
                ("documents", facts.documents, len(documents)),
                ("embeddings", facts.embedded, self._embeddings(facts)),
            ],
            "-",
        )

    def _embeddings(self, facts: Meta) -> int:
        """Count the passages that have sentence vectors; read every row, also those of whole passages."""
        table = "sentence_vectors"
        stored = self.connection.execute(f"SELECT number, body, sum FROM {table}").fetchall()
        for number, body, sum_ in stored:
            verify(table, sum_, number, body)
            unpack(body, table)
        if facts.encoder and facts.embedded == facts.passages:
            for _ in of_passages(self.connection, facts.size):
                pass
        return len(stored)

    # --- fields ----------------------------------------------------------------------------------------------------

    def _fields(self, facts: Meta) -> None:
        names = tuple(name for name, _, _ in facts.fields)
        if names != self.analyzer.fields:
            self.report("index-check-stale")
            return
        for number, (name, passages, total) in enumerate(facts.fields):
            self._compare(
                [
                    ("passages", passages, self.expected.passages[name]),
                    ("terms", total, self.expected.totals[name]),
                ],
                name,
            )
            lengths = np.zeros(facts.size, dtype=np.int64)
            for index, length in zip(*(array.tolist() for array in self.expected.lengths(name)), strict=True):
                if index < facts.size:
                    lengths[index] = length
            for index in np.flatnonzero(np.asarray(rows.lengths(self.connection, number, facts.size)) != lengths)[
                :_MOST_LISTED
            ].tolist():
                self.report("index-check-length", number=index, field=name)
            self._postings(number, name, facts.size)

    def _postings(self, number: int, name: str, size: int) -> None:
        stored: dict[bytes, TermPostings] = {}
        bound = b""
        block_rows = self.connection.execute(
            "SELECT id, field, first, next, body, sum FROM blocks WHERE field=? ORDER BY first", (number,)
        ).fetchall()
        for position, row in enumerate(block_rows):
            block = rows.checked_block(row, size)
            if block.first != bound or (not block.next) != (position == len(block_rows) - 1):
                self.report("index-check-blocks", field=name, term=_term(block.first))
            bound = block.next
            stored.update((entry.term, entry) for entry in block.entries())
        if not block_rows:
            self.report("index-check-blocks", field=name, term="")
        for expected in self.expected.changes(name):
            entry = stored.pop(expected.term, None)
            if entry is None:
                self.report("index-check-term-missing", field=name, term=_term(expected.term))
            elif not np.array_equal(entry.passages, expected.passages) or not np.array_equal(
                entry.counts, expected.counts
            ):
                self._differ(name, entry, expected)
        for term in stored:
            self.report("index-check-term", field=name, term=_term(term), number=int(stored[term].passages[0]))

    def _differ(self, name: str, entry: TermPostings, expected: TermPostings) -> None:
        extra = np.setdiff1d(entry.passages, expected.passages)
        if extra.size:
            self.report("index-check-term", field=name, term=_term(entry.term), number=int(extra[0]))
        else:
            self.report("index-check-term-missing", field=name, term=_term(entry.term))


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
