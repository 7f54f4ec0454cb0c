"""The last layer of a build: the rows of documents as they come, those of their terms and the index's facts at the end.

A build passes four layers: passages → terms (:mod:`analysis_pipeline`) → sorted postings (:mod:`postings_buffer`) →
blocks (:mod:`block_writer`) → rows of the file, here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from askdoc.model import Document, Language, Passage
from askdoc.storage import records, rows
from askdoc.storage.records import Meta, Record
from askdoc.storage.schema import PLACES_CHUNK, checksum, outside
from askdoc.storage.writing.analysis_pipeline import Analyzer, Change, analysed
from askdoc.storage.writing.block_writer import create_blocks, update_blocks, update_lengths
from askdoc.storage.writing.postings_buffer import PostingsBuffer

_STEP: Final = 32
"""Passages between two reports of progress."""

Progress = Callable[[int, int | None, str], None]
"""Called with passages done, passages of the documents read so far (with one document, in all), the document's name;
may raise to cancel."""


class DocumentWrite(Struct, frozen=True):
    """A document to be written, with the paths of its sources."""

    document: Document
    locations: tuple[str, ...] = ()
    """The absolute path of each of its sources."""


class Counts(Struct, frozen=True):
    """The size of an index after a write."""

    passages: int
    beads: int
    size: int
    """One more than the highest passage number."""


class Rows:
    """Writer of single rows with their checksums; their digest names the generation."""

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
        """The name of the state after what was written."""
        return self._state.hexdigest()


class IndexWriter:
    """One build or refresh of an index whose connection is in a write transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        facts: Meta,
        analyzer: Analyzer,
        progress: Progress | None,
        spill: Path | None = None,
    ) -> None:
        """Start from the state ``facts``; ``spill``, for a new index only, is as for :class:`PostingsBuffer`."""
        self._rows = Rows(connection, f"{facts.generation}:{facts.analyzer}")
        self._before = facts
        self._facts = facts
        self._analyzer = analyzer
        self._postings = PostingsBuffer(analyzer.fields, spill)
        self._new = spill is not None
        self._progress = progress
        self._done = 0
        self._stale: list[int] = []
        """Passages whose sentence vectors are out of date."""

    def write(
        self, documents: Iterable[DocumentWrite], *, remove: Iterable[str] = (), touch: Iterable[Record] = ()
    ) -> Counts:
        """Write documents, each in place of the one of its name, and rows as they are (``touch``); remove others."""
        stored = rows.documents(self._rows.connection, self._facts) if self._facts.documents else {}
        names = {record.summary.name: record for record in stored.values()}
        with closing(self._postings):
            for name in sorted(remove):
                self._remove(names.pop(name))
            for record in touch:
                self._record(record)
            changes = (change for write in _guarded(documents) for change in self._put(write, names))
            with closing(analysed(self._analyzer, changes)) as with_terms:
                for change, terms in with_terms:
                    self._postings.change(change.number, change.old, terms)
            return self._finish()

    def _put(self, write: DocumentWrite, names: Mapping[str, Record]) -> Iterator[Change]:
        """Write all rows of a document but those of its terms; yield the passages whose terms may differ."""
        document = write.document
        old = names.get(document.name)
        id_ = self._facts.next_document if old is None else old.id
        paths = records.paths_of(document)
        stored = self._stored(old)
        numbers = self._numbers({number: passage for number, (_, passage) in stored.items()}, document.passages)
        for position, (number, passage) in enumerate(zip(numbers, document.passages, strict=True)):
            if position % _STEP == 0:
                self._report(position, len(numbers), document.name)
            row, before = stored.pop(number, (None, None))
            self._passage(number, id_, passage, records.encode_passage(passage, paths), row)
            if old is None or before is None:
                yield Change(number, {}, (passage, document.title))
                continue
            if _texts(before) != _texts(passage):
                self._stale.append(number)
            if _analysed(before) != _analysed(passage) or old.summary.title != document.title:
                # The index is of this analyzer, which therefore returns the stored terms.
                terms = self._analyzer.terms(before, old.summary.title)
                yield Change(number, terms, (passage, document.title))
        if old is not None:
            self._forget(stored, old)
        self._lists(id_, document, old)
        beads = sum(bool(passage.bead) for passage in document.passages)
        record = Record(id_, records.summarise(document), write.locations, paths, _runs(numbers), beads)
        self._record(record)
        self._count(old, record)
        self._done += len(numbers)
        self._report(0, 0, document.name)

    def _remove(self, old: Record) -> None:
        self._forget(self._stored(old), old)
        self._rows.remove("places", old.id << 32, (old.id + 1) << 32)
        self._rows.remove("sections", old.id, old.id + 1)
        self._rows.remove("documents", old.id, old.id + 1)
        self._count(old, None)

    def _record(self, record: Record) -> None:
        self._rows.put("documents", record.id, records.encode_record(record))

    # --- passages --------------------------------------------------------------------------------------------------

    def _stored(self, old: Record | None) -> dict[int, tuple[rows.PassageRow, Passage]]:
        """Return the passages of a document by number."""
        if old is None:
            return {}
        stored = rows.passages(self._rows.connection, old.numbers)
        if len(stored) != len(old.numbers):
            raise rows.missing("passages")
        return {number: (stored[number], stored[number].decode(old)) for number in old.numbers}

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
        # No free numbers between neighbours: everything from the first new passage on moves to the end.
        head_numbers = numbers[: len(numbers) - tail]
        size = self._facts.size
        return [*head_numbers, *range(size, size + len(after) - len(head_numbers))]

    def _passage(self, number: int, id_: int, passage: Passage, body: bytes, row: rows.PassageRow | None) -> None:
        bead = passage.alignment, passage.bead, float(passage.confidence)
        if row is not None and row.body == body and (row.alignment, row.bead, row.confidence) == bead:
            return
        self._rows.put("passages", number, id_, int(bool(passage.bead)), body)
        if passage.bead:
            self._rows.put("beads", number, *bead)
        elif row is not None and row.bead:
            self._rows.remove("beads", number, number + 1)

    def _forget(self, stored: Mapping[int, tuple[rows.PassageRow, Passage]], old: Record) -> None:
        """Remove passages of a document."""
        for number, (_, passage) in stored.items():
            self._stale.append(number)
            self._postings.change(number, self._analyzer.terms(passage, old.summary.title), {})
            self._rows.remove("passages", number, number + 1)
            self._rows.remove("beads", number, number + 1)

    # --- documents and the index as a whole ------------------------------------------------------------------------

    def _lists(self, id_: int, document: Document, old: Record | None) -> None:
        self._rows.put("sections", id_, records.encode_sections(document.sections))
        base = id_ << 32
        chunks = range(0, len(document.passages), PLACES_CHUNK)
        for chunk, start in enumerate(chunks):
            spots = records.encode_spots(document.passages[start : start + PLACES_CHUNK])
            self._rows.put("places", base + chunk, spots)
        if old is not None:
            self._rows.remove("places", base + len(chunks), base + (1 << 32))

    def _count(self, old: Record | None, new: Record | None) -> None:
        facts = self._facts
        last = max((first + count for first, count in new.runs), default=0) if new else 0
        self._facts = replace(
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

    def _finish(self) -> Counts:
        """Write postings, lengths and the index's facts."""
        postings, size = self._postings, self._facts.size
        for number, field in enumerate(postings.fields):
            if self._new:
                create_blocks(self._rows, number, postings.changes(field))
            else:
                update_blocks(self._rows, number, postings.changes(field), size)
        for number, field in enumerate(postings.fields):
            update_lengths(self._rows, number, *postings.lengths(field), self._before.size, size)
        if self._stale and self._facts.encoder:
            from askdoc.storage.writing.embedding_writer import forget

            self._facts = replace(self._facts, embedded=self._facts.embedded - forget(self._rows, self._stale))
        sums = self._rows.connection.execute("SELECT id, sum FROM documents").fetchall()
        facts = replace(
            self._facts,
            generation=self._rows.generation,
            digest=rows.digest(sums),
            fields=tuple(
                (name, passages + postings.passages[name], total + postings.totals[name])
                for name, passages, total in self._facts.fields
            ),
        )
        self._rows.put("meta", 0, records.encode_meta(facts))
        return Counts(facts.passages, facts.beads, facts.size)


def _guarded(documents: Iterable[DocumentWrite]) -> Iterator[DocumentWrite]:
    """Yield the documents; do not turn the caller's errors into errors of writing."""
    iterator = iter(documents)
    while True:
        with outside():
            write = next(iterator, None)
        if write is None:
            return
        yield write


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
