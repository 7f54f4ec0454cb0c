"""What a build or refresh does with each document: rows as it comes, postings and the index's facts at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from askdoc.model import Document, Language, Passage
from askdoc.storage import records, rows
from askdoc.storage.records import Meta, Record
from askdoc.storage.schema import PLACES_CHUNK, checksum, outside
from askdoc.storage.writing.analysis_pipeline import Pipeline
from askdoc.storage.writing.block_writer import create_blocks, update_blocks, update_lengths
from askdoc.storage.writing.postings_buffer import PostingsBuffer, Terms
from askdoc.storage.writing.sorted_runs import Runs

_STEP: Final = 32
"""Passages between two reports of progress."""


class Analyzer(Protocol):
    """What makes the terms of an index."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields."""

    @property
    def fingerprint(self) -> str:
        """Changes with everything that the terms depend on."""

    def terms(self, passage: Passage, title: Mapping[Language, str]) -> Terms:
        """Return the terms of a passage: for each field that has any, each term's count."""


Progress = Callable[[int, int | None, str], None]
"""Called with passages done, passages of the documents read so far (with one document, in all), the document's name;
may raise to cancel."""


class DocumentWrite(Struct, frozen=True):
    """A document to be written, and where its sources lie."""

    document: Document
    locations: tuple[str, ...] = ()
    """The absolute path of each of its sources."""


class Counts(Struct, frozen=True):
    """What an index holds after a write."""

    passages: int
    beads: int
    size: int
    """One more than the highest passage number."""


class Rows:
    """Writes single rows with their checksums, and sums up what was written for the generation's name."""

    def __init__(self, connection: sqlite3.Connection, before: str) -> None:
        self.connection = connection
        self._state = blake2b(before.encode(), digest_size=16)

    def put(self, table: str, key: int, *columns: object) -> None:
        """Insert or replace a row by its key."""
        sum_ = checksum(table, key, *columns)
        marks = ",".join("?" * (len(columns) + 2))
        self.connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", (key, *columns, sum_)).close()
        self._state.update(sum_)

    def remove(self, table: str, first: int, end: int) -> None:
        """Delete the rows with keys from ``first`` up to ``end``."""
        key = "number" if table in ("passages", "beads", "sentence_vectors") else "id"
        self.connection.execute(f"DELETE FROM {table} WHERE {key}>=? AND {key}<?", (first, end)).close()
        self._state.update(checksum("remove", table, first, end))

    @property
    def generation(self) -> str:
        """The name of the state that was written."""
        return self._state.hexdigest()


class IndexWriter:
    """One build or refresh: rows as documents come, postings and the index's facts at the end."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        facts: Meta,
        analyzer: Analyzer,
        progress: Progress | None,
        runs: Runs | None = None,
    ) -> None:
        """Start a build; with ``runs`` (only for a new index) postings take a bounded part of the memory."""
        self.rows = Rows(connection, f"{facts.generation}:{facts.analyzer}")
        self.facts = facts
        self._before = facts.size
        self.analyzer = analyzer
        self.postings = PostingsBuffer(analyzer.fields, runs)
        self._pipeline = Pipeline(analyzer, self.postings)
        self._progress = progress
        self._done = 0
        self._stale: list[int] = []
        """Passages whose sentence vectors are no longer true."""

    def close(self) -> None:
        """Stop what is pending."""
        self._pipeline.close()

    def put(self, write: DocumentWrite, old: Record | None) -> None:
        """Write a document in place of ``old``, or as a new one."""
        document = write.document
        id_ = self.facts.next_document if old is None else old.id
        paths = records.paths_of(document)
        before = self._stored(old)
        stored = {number: row.decode(old) for number, row in before.items()} if old else {}
        numbers = self._numbers(stored, document.passages)
        for position, (number, passage) in enumerate(zip(numbers, document.passages, strict=True)):
            if position % _STEP == 0:
                self._report(position, len(numbers), document.name)
            self._passage(number, id_, passage, records.encode_passage(passage, paths), before.get(number))
            if number in stored and _texts(stored[number]) != _texts(passage):
                self._stale.append(number)
            self._terms(number, stored.get(number), old, document, passage)
        for number in sorted(set(before) - set(numbers)):
            self._forget(number, stored[number], old)
        self._lists(id_, document, old)
        beads = sum(bool(passage.bead) for passage in document.passages)
        record = Record(id_, records.summarise(document), write.locations, paths, _runs(numbers), beads)
        self.rows.put("documents", id_, records.encode_record(record))
        self._count(old, record)
        self._done += len(numbers)
        self._report(0, 0, document.name)

    def remove(self, old: Record) -> None:
        """Remove a document."""
        for number, row in self._stored(old).items():
            self._forget(number, row.decode(old), old)
        self.rows.remove("places", old.id << 32, (old.id + 1) << 32)
        self.rows.remove("sections", old.id, old.id + 1)
        self.rows.remove("documents", old.id, old.id + 1)
        self._count(old, None)

    def touch(self, old: Record, record: Record) -> None:
        """Write only a document's row."""
        self.rows.put("documents", old.id, records.encode_record(record))

    # --- parts -----------------------------------------------------------------------------------------------------

    def _stored(self, old: Record | None) -> dict[int, rows.PassageRow]:
        if old is None:
            return {}
        stored = rows.passages(self.rows.connection, old.numbers)
        if len(stored) != len(old.numbers):
            raise rows.missing("passages")
        return {number: stored[number] for number in old.numbers}

    def _numbers(self, old: Mapping[int, Passage], new: Sequence[Passage]) -> list[int]:
        """Assign numbers to passages, ascending: their old ones where possible, so that few postings change."""
        before = [_analysed(passage) for passage in old.values()]
        after = [_analysed(passage) for passage in new]
        most = min(len(before), len(after))
        head = next((position for position in range(most) if before[position] != after[position]), most)
        tail = next(
            (position for position in range(most - head) if before[-1 - position] != after[-1 - position]), most - head
        )
        numbers = list(old)
        if len(after) <= len(before):
            return [*numbers[: len(after) - tail], *numbers[len(numbers) - tail :]]
        # No room between the numbers of neighbours: what follows the first new passage moves to the end.
        head_numbers = numbers[: len(numbers) - tail]
        return [*head_numbers, *range(self.facts.size, self.facts.size + len(after) - len(head_numbers))]

    def _passage(self, number: int, id_: int, passage: Passage, body: bytes, row: rows.PassageRow | None) -> None:
        bead = passage.alignment, passage.bead, float(passage.confidence)
        if row is not None and row.body == body and (row.alignment, row.bead, row.confidence) == bead:
            return
        self.rows.put("passages", number, id_, int(bool(passage.bead)), body)
        if passage.bead:
            self.rows.put("beads", number, *bead)
        elif row is not None and row.bead:
            self.rows.remove("beads", number, number + 1)

    def _terms(
        self, number: int, stored: Passage | None, old: Record | None, document: Document, passage: Passage
    ) -> None:
        terms: Terms = {}
        if stored is not None and old is not None:
            if _analysed(stored) == _analysed(passage) and old.summary.title == document.title:
                return
            # The index is of this analyzer, so that it gives the terms that were stored.
            terms = self.analyzer.terms(stored, old.summary.title)
        self._pipeline.put(number, terms, passage, document.title)

    def _forget(self, number: int, stored: Passage, old: Record | None) -> None:
        self._stale.append(number)
        if old is not None:
            self.postings.change(number, self.analyzer.terms(stored, old.summary.title), {})
        self.rows.remove("passages", number, number + 1)
        self.rows.remove("beads", number, number + 1)

    def _lists(self, id_: int, document: Document, old: Record | None) -> None:
        self.rows.put("sections", id_, records.encode_sections(document.sections))
        base = id_ << 32
        chunks = range(0, len(document.passages), PLACES_CHUNK)
        for chunk, start in enumerate(chunks):
            self.rows.put("places", base + chunk, records.encode_spots(document.passages[start : start + PLACES_CHUNK]))
        if old is not None:
            self.rows.remove("places", base + len(chunks), base + (1 << 32))

    def _count(self, old: Record | None, new: Record | None) -> None:
        facts = self.facts
        last = max((first + count for first, count in new.runs), default=0) if new else 0
        self.facts = replace(
            facts,
            size=max(facts.size, last),
            passages=facts.passages + (new.summary.passages if new else 0) - (old.summary.passages if old else 0),
            beads=facts.beads + (new.beads if new else 0) - (old.beads if old else 0),
            documents=facts.documents + bool(new) - bool(old),
            next_document=facts.next_document + (old is None),
        )

    def _report(self, passages: int, total: int, name: str) -> None:
        if self._progress is not None:
            with outside():
                self._progress(self._done + passages, self._done + total, name)

    def finish(self, *, new: bool) -> Counts:
        """Write postings, lengths and the index's facts."""
        self._pipeline.drain()
        postings = self.postings
        for number, field in enumerate(postings.fields):
            if new:
                create_blocks(self.rows, number, postings.changes(field))
            else:
                update_blocks(self.rows, number, postings.changes(field), self.facts.size)
        for number, field in enumerate(postings.fields):
            update_lengths(self.rows, number, *postings.lengths(field), self._before, self.facts.size)
        if self._stale and self.facts.encoder:
            from askdoc.storage.writing.embedding_writer import forget

            self.facts = replace(self.facts, embedded=self.facts.embedded - forget(self.rows, self._stale))
        sums = self.rows.connection.execute("SELECT id, sum FROM documents").fetchall()
        facts = replace(
            self.facts,
            generation=self.rows.generation,
            digest=rows.digest(sums),
            fields=tuple(
                (name, passages + postings.passages[name], total + postings.totals[name])
                for name, passages, total in self.facts.fields
            ),
        )
        self.rows.put("meta", 0, records.encode_meta(facts))
        return Counts(facts.passages, facts.beads, facts.size)


def _analysed(passage: Passage) -> object:
    """Return what the terms of a passage depend on, besides the title."""
    return {language: (version.text, version.section) for language, version in passage.versions.items()}


def _texts(passage: Passage) -> dict[Language, str]:
    return {language: version.text for language, version in passage.versions.items()}


def _runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((number, 1))
    return tuple(runs)
