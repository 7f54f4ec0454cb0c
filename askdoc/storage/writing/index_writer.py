"""The work of a build or refresh on each document: rows at once, postings and the index's facts at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from askdoc.model import Document, Language, Passage
from askdoc.storage import records
from askdoc.storage.packing import damaged, pack
from askdoc.storage.records import Bead, PassageRow, Record
from askdoc.storage.schema import outside
from askdoc.storage.writing.analysis_pipeline import Pipeline
from askdoc.storage.writing.block_writer import create_blocks, update_blocks, update_lengths
from askdoc.storage.writing.postings_buffer import PostingsBuffer, Terms
from askdoc.storage.writing.row_writer import RowWriter
from askdoc.storage.writing.sorted_runs import Runs

_STEP: Final = 32
"""Passages between two reports of progress."""


class Analyzer(Protocol):
    """The analysis that produces the terms of an index."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields."""

    @property
    def fingerprint(self) -> str:
        """Identification of everything that the terms depend on."""

    def terms(self, passage: Passage, title: Mapping[Language, str]) -> Terms:
        """Return the terms of a passage: for each field that has any, each term's count."""


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


class IndexWriter:
    """One build or refresh: rows at once, postings and the index's facts at the end."""

    def __init__(
        self,
        rows: RowWriter,
        analyzer: Analyzer,
        progress: Progress | None,
        runs: Runs | None = None,
    ) -> None:
        """Start a build; with ``runs`` (only for a new index) postings take a bounded part of the memory."""
        self.rows = rows
        self._before = rows.facts.size
        self.analyzer = analyzer
        self.postings = PostingsBuffer(analyzer.fields, runs)
        self._pipeline = Pipeline(analyzer, self.postings)
        self._progress = progress
        self._done = 0
        self._stale: list[int] = []
        """Passages whose sentence vectors are out of date."""

    def close(self) -> None:
        """Stop what is pending."""
        self._pipeline.close()

    def put(self, write: DocumentWrite, old: Record | None) -> None:
        """Write a document in place of ``old``, or as a new one."""
        document = write.document
        id_ = self.rows.facts.next_document if old is None else old.id
        paths = records.paths_of(document)
        before = self._stored(old)
        stored = {number: row.passage(old, bead) for number, (row, bead) in before.items()} if old else {}
        numbers = self._numbers(stored, document.passages)
        for position, (number, passage) in enumerate(zip(numbers, document.passages, strict=True)):
            if position % _STEP == 0:
                self._report(position, len(numbers), document.name)
            self._passage(number, passage, records.encode_passage(passage, id_, paths))
            if number in stored and _texts(stored[number]) != _texts(passage):
                self._stale.append(number)
            self._terms(number, stored.get(number), old, document, passage)
        for number in sorted(set(before) - set(numbers)):
            self._forget(number, stored[number], old)
        self.rows.put("sections", id_, pack(document.sections))
        self.rows.put("places", id_, records.encode_spots(document.passages))
        beads = sum(bool(passage.bead) for passage in document.passages)
        record = Record(id_, records.summarise(document), write.locations, paths, _runs(numbers), beads)
        self.rows.put("documents", id_, pack(record))
        self._count(old, record)
        self._done += len(numbers)
        self._report(0, 0, document.name)

    def remove(self, old: Record) -> None:
        """Remove a document."""
        for number, (row, bead) in self._stored(old).items():
            self._forget(number, row.passage(old, bead), old)
        for table in ("places", "sections", "documents"):
            self.rows.remove(table, old.id)
        self._count(old, None)

    def touch(self, old: Record, record: Record) -> None:
        """Write only a document's row."""
        self.rows.put("documents", old.id, pack(record))

    # --- parts -----------------------------------------------------------------------------------------------------

    def _stored(self, old: Record | None) -> dict[int, tuple[PassageRow, Bead]]:
        if old is None:
            return {}
        stored = self.rows.passages(old.numbers)
        if len(stored) != len(old.numbers):
            raise damaged("passages")
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
        # No free numbers between neighbours: everything from the first new passage on moves to the end.
        head_numbers = numbers[: len(numbers) - tail]
        return [*head_numbers, *range(self.rows.facts.size, self.rows.facts.size + len(after) - len(head_numbers))]

    def _passage(self, number: int, passage: Passage, body: bytes) -> None:
        self.rows.put("passages", number, body)
        if passage.bead:
            self.rows.put("beads", number, pack(records.bead_of(passage)))
        else:
            self.rows.remove("beads", number)

    def _terms(
        self, number: int, stored: Passage | None, old: Record | None, document: Document, passage: Passage
    ) -> None:
        terms: Terms = {}
        if stored is not None and old is not None:
            if _analysed(stored) == _analysed(passage) and old.summary.title == document.title:
                return
            # The index is of this analyzer, which therefore returns the stored terms.
            terms = self.analyzer.terms(stored, old.summary.title)
        self._pipeline.put(number, terms, passage, document.title)

    def _forget(self, number: int, stored: Passage, old: Record | None) -> None:
        self._stale.append(number)
        if old is not None:
            self.postings.change(number, self.analyzer.terms(stored, old.summary.title), {})
        self.rows.remove("passages", number)
        self.rows.remove("beads", number)

    def _count(self, old: Record | None, new: Record | None) -> None:
        facts = self.rows.facts
        last = max((first + count for first, count in new.runs), default=0) if new else 0
        self.rows.facts = replace(
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
                update_blocks(self.rows, number, postings.changes(field))
        for number, field in enumerate(postings.fields):
            update_lengths(self.rows, number, *postings.lengths(field), self._before, self.rows.facts.size)
        if self._stale and self.rows.facts.encoder:
            from askdoc.storage.writing.embedding_writer import forget

            forget(self.rows, self._stale)
        self.rows.facts = facts = replace(
            self.rows.facts,
            fields=tuple(
                (name, passages + postings.passages[name], total + postings.totals[name])
                for name, passages, total in self.rows.facts.fields
            ),
        )
        self.rows.finish()
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
