"""The last layer of a build: the rows of documents as they come, those of their terms and the index's facts at the end.

A build passes four layers: passages → terms (:mod:`analysis_pipeline`) → sorted postings (:mod:`postings_buffer`) →
blocks (:mod:`block_writer`) → rows (:mod:`row_writer`), which are put together here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from askdoc.model import Document, Language, Passage
from askdoc.storage import records
from askdoc.storage.packing import damaged, pack
from askdoc.storage.records import Record
from askdoc.storage.schema import outside
from askdoc.storage.writing.analysis_pipeline import Analyzer, Change, analysed
from askdoc.storage.writing.block_writer import create_blocks, update_blocks, update_lengths
from askdoc.storage.writing.postings_buffer import PostingsBuffer
from askdoc.storage.writing.row_writer import RowWriter

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


class IndexWriter:
    """One build or refresh of an index inside a write transaction."""

    def __init__(
        self, rows: RowWriter, analyzer: Analyzer, progress: Progress | None = None, spill: Path | None = None
    ) -> None:
        """Write to ``rows``; ``spill``, for a new index only, is as for :class:`PostingsBuffer`."""
        self._rows = rows
        self._before = rows.facts
        self._analyzer = analyzer
        self._postings = PostingsBuffer(analyzer.fields, spill)
        self._progress = progress
        self._done = 0
        self._stale: list[int] = []
        """Passages whose sentence vectors are out of date."""

    def write(
        self, documents: Iterable[DocumentWrite], *, remove: Iterable[str] = (), touch: Iterable[Record] = ()
    ) -> Counts:
        """Write documents, each in place of the one of its name, and rows as they are (``touch``); remove others."""
        names = {record.summary.name: record for record in self._rows.documents().values()}
        with closing(self._postings):
            for name in sorted(remove):
                self._remove(names.pop(name))
            for record in touch:
                self._rows.put("documents", record.id, pack(record))
            changes = (change for write in _guarded(documents) for change in self._put(write, names))
            with closing(analysed(self._analyzer, changes)) as with_terms:
                for change, terms in with_terms:
                    self._postings.change(change.number, change.old, terms)
            return self._finish()

    def _put(self, write: DocumentWrite, names: Mapping[str, Record]) -> Iterator[Change]:
        """Write all rows of a document but those of its terms; yield the passages whose terms may differ."""
        document = write.document
        old = names.get(document.name)
        id_ = self._rows.facts.next_document if old is None else old.id
        paths = records.paths_of(document)
        stored = self._stored(old)
        numbers = self._numbers(stored, document.passages)
        for position, (number, passage) in enumerate(zip(numbers, document.passages, strict=True)):
            if position % _STEP == 0:
                self._report(position, len(numbers), document.name)
            self._rows.put("passages", number, records.encode_passage(passage, id_, paths))
            if passage.bead:
                self._rows.put("beads", number, pack(records.bead_of(passage)))
            else:
                self._rows.remove("beads", number)
            before = stored.pop(number, None)
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
        self._rows.put("sections", id_, pack(document.sections))
        self._rows.put("places", id_, records.encode_spots(document.passages))
        beads = sum(bool(passage.bead) for passage in document.passages)
        record = Record(id_, records.summarise(document), write.locations, paths, _runs(numbers), beads)
        self._rows.put("documents", id_, pack(record))
        self._count(old, record)
        self._done += len(numbers)
        self._report(0, 0, document.name)

    def _remove(self, old: Record) -> None:
        self._forget(self._stored(old), old)
        for table in ("places", "sections", "documents"):
            self._rows.remove(table, old.id)
        self._count(old, None)

    def _stored(self, old: Record | None) -> dict[int, Passage]:
        """Return the passages of a document by number, in its order."""
        if old is None:
            return {}
        stored = self._rows.passages(old.numbers)
        if len(stored) != len(old.numbers):
            raise damaged("passages")
        return {number: stored[number][0].passage(old, stored[number][1]) for number in old.numbers}

    def _numbers(self, old: Mapping[int, Passage], new: Sequence[Passage]) -> list[int]:
        """Assign numbers to passages, ascending: their old ones where possible, so that few postings change."""
        before = [_analysed(passage) for passage in old.values()]
        after = [_analysed(passage) for passage in new]
        head = _equal(before, after)
        tail = _equal(before[head:][::-1], after[head:][::-1])
        numbers = list(old)
        if len(after) <= len(before):
            return [*numbers[: len(after) - tail], *numbers[len(numbers) - tail :]]
        # No free numbers between neighbours: everything from the first new passage on moves to the end.
        head_numbers = numbers[: len(numbers) - tail]
        size = self._rows.facts.size
        return [*head_numbers, *range(size, size + len(after) - len(head_numbers))]

    def _forget(self, stored: Mapping[int, Passage], old: Record) -> None:
        """Remove passages of a document."""
        for number, passage in stored.items():
            self._stale.append(number)
            self._postings.change(number, self._analyzer.terms(passage, old.summary.title), {})
            self._rows.remove("passages", number)
            self._rows.remove("beads", number)

    def _count(self, old: Record | None, new: Record | None) -> None:
        facts = self._rows.facts
        last = max((first + count for first, count in new.runs), default=0) if new else 0
        self._rows.facts = replace(
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
        rows, postings, before = self._rows, self._postings, self._before
        write_blocks = update_blocks if before.directory else create_blocks  # without a directory it is a new index
        for number, field in enumerate(postings.fields):
            write_blocks(rows, number, postings.changes(field))
        for number, field in enumerate(postings.fields):
            update_lengths(rows, number, *postings.lengths(field), before.size, rows.facts.size)
        if self._stale and rows.facts.encoder:
            from askdoc.storage.writing.embedding_writer import forget

            forget(rows, self._stale)
        fields = tuple(
            (name, passages + postings.passages[name], total + postings.totals[name])
            for name, passages, total in before.fields
        )
        rows.facts = facts = replace(rows.facts, fields=fields)
        rows.finish()
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


def _equal(one: Sequence[object], two: Sequence[object]) -> int:
    """Count the equal items at the beginning of two lists."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two)))  # noqa: B905 - of any lengths


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
