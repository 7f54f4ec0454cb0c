"""One state of an index: all that is read of it, inside one read transaction, with a cache that its snapshots share."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from askdoc.errors import IndexLocked
from askdoc.model import DocumentSummary, Language, Passage, Section
from askdoc.storage import records, rows
from askdoc.storage.bounded_cache import BoundedCache
from askdoc.storage.directory import Directory
from askdoc.storage.packing import damaged
from askdoc.storage.posting_blocks import Block, Postings, common, term_key
from askdoc.storage.records import Record, Spot
from askdoc.storage.schema import reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.embeddings import QuantizedVectors

_CACHE_BYTES: Final = 16 * 1024 * 1024
"""Bytes of cached posting blocks; beyond them all are evicted."""

T = TypeVar("T")


class FieldStatistics(NamedTuple):
    """The statistics of a field for BM25."""

    passages: int
    """Number of passages that are not empty in the field."""
    total: int
    """The sum of the field's lengths, in terms."""

    @property
    def average(self) -> float:
        """The average length of a passage that is not empty; 1 where there is none."""
        return self.total / self.passages if self.passages else 1.0


class StoredPassage(NamedTuple):
    """A passage with its number and the name of its document."""

    number: int
    document: str
    passage: Passage

    @property
    def citation(self) -> str:
        """Its id for people and scripts, ``<document>#<id>``."""
        return f"{self.document}#{self.passage.id}"


class State:
    """A state of an index, and what its snapshots computed from it. Only who holds a snapshot of it uses it."""

    def __init__(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> None:
        """Check the row of ``meta``. Raises :class:`IndexCorrupt`."""
        self.row = row
        self.facts = rows.checked_meta(connection, row)
        self.directory = Directory(self.facts.directory)
        self.fields = {name: number for number, (name, _, _) in enumerate(self.facts.fields)}
        self.memo = BoundedCache()
        self.values: dict[object, Any] = {}
        self._firsts: dict[int, list[bytes]] = {}
        self._blocks: dict[int, list[Block]] = {}
        self._cached_bytes = 0

    def block(self, field: int, term: bytes) -> Block | None:
        """Return the cached block that covers a term."""
        position = bisect_right(self._firsts.get(field, ()), term)
        if position and self._blocks[field][position - 1].covers(term):
            return self._blocks[field][position - 1]
        return None

    def put_block(self, field: int, block: Block) -> None:
        """Cache a block."""
        if self._cached_bytes > _CACHE_BYTES:
            self._firsts.clear()
            self._blocks.clear()
            self._cached_bytes = 0
        firsts = self._firsts.setdefault(field, [])
        position = bisect_right(firsts, block.first)
        firsts.insert(position, block.first)
        self._blocks.setdefault(field, []).insert(position, block)
        self._cached_bytes += block.weight


class Snapshot:
    """All that can be read of one state of an index, while the ``with`` of the reader's ``snapshot()`` lasts.

    Reads only the parts asked for. Methods raise :class:`IndexCorrupt` where what they read is damaged.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, state: State) -> None:
        self._path = path
        self._state = state
        self._rows = rows.Rows(connection, path, state.facts, state.directory)
        self._facts = state.facts
        self.memo = state.memo
        """A bounded cache of what was computed from this state only."""

    def cached(self, key: object, make: Callable[[], T]) -> T:
        """Return a value that follows from this state: made once, for all of its snapshots. It must not refer to one."""
        values = self._state.values
        if key not in values:
            values[key] = make()
        value: T = values[key]
        return value

    def copy(self, target: sqlite3.Connection) -> None:
        """Copy the whole file into an empty database."""
        with reading(self._path):
            self._rows.connection.backup(target)

    # --- the whole -----------------------------------------------------------------------------------------------

    @property
    def generation(self) -> str:
        """The name of the state: other contents have another one."""
        sum_: bytes = self._state.row[2]
        return sum_.hex()

    @property
    def analyzer(self) -> str:
        """The fingerprint of the analyzer that made the index."""
        return self._facts.analyzer

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields."""
        return tuple(self._state.fields)

    @property
    def size(self) -> int:
        """One more than the highest passage number."""
        return self._facts.size

    @property
    def beads(self) -> int:
        """Number of passages with a bead."""
        return self._facts.beads

    @property
    def encoder(self) -> str:
        """The name of the encoder whose vectors every passage has; empty where some passage has none."""
        return self._facts.encoder if self._facts.embedded == self._facts.passages else ""

    def documents(self) -> list[DocumentSummary]:
        """Return the summaries of the documents, in the order in which they were added."""
        return [record.summary for record in self.records()]

    def summary(self, document: str) -> DocumentSummary | None:
        """Return the summary of a document; ``None`` where there is no such document."""
        record = self._named().get(document)
        return None if record is None else record.summary

    def records(self) -> list[Record]:
        """Return the documents' rows, with what only building needs: paths of sources, runs of numbers."""
        return list(self._named().values())

    def _named(self) -> dict[str, Record]:
        def make() -> dict[str, Record]:
            return {record.summary.name: record for record in self._rows.documents().values()}

        return self.cached("records", make)

    def _record(self, id_: int) -> Record:
        """Return one document; read no other."""
        return self.cached(("record", id_), lambda: self._rows.document(id_))

    # --- terms ---------------------------------------------------------------------------------------------------

    def field(self, name: str) -> FieldStatistics:
        """Return the statistics of a field; an unknown name is an empty field."""
        if name not in self._state.fields:
            return FieldStatistics(0, 0)
        return FieldStatistics(*self._facts.fields[self._state.fields[name]][1:])

    def postings(self, field: str, terms: Collection[str]) -> dict[str, Postings]:
        """Return the postings of those terms that the field has; checked blocks prove that it lacks the others.

        Reads the blocks of the asked terms only. Arrays are shared and read-only.
        """
        lists = {}
        if field in self._state.fields:
            number = self._state.fields[field]
            for key, term in sorted((term_key(term), term) for term in terms):
                postings = self._block(number, key).postings(key)
                if postings is not None:
                    lists[term] = postings
        return lists

    def _block(self, field: int, term: bytes) -> Block:
        block = self._state.block(field, term)
        if block is None:
            _, block = self._rows.block(field, term)
            self._state.put_block(field, block)
        return block

    def together(self, field: str, terms: Collection[str]) -> int:
        """Count the passages that contain all of some terms."""
        lists = self.postings(field, set(terms))
        return len(common([postings.passages for postings in lists.values()])) if len(lists) == len(set(terms)) else 0

    def lengths(self, field: str) -> NDArray[np.int64] | tuple[int, ...]:
        """Return the field's length in each passage, in terms, shape ``(size,)``; read-only; 0 for unused numbers."""

        def make() -> NDArray[np.int64] | tuple[int, ...]:
            number = self._state.fields.get(field)
            return rows.no_lengths(self.size) if number is None else self._rows.lengths(number)

        return self.cached(("lengths", field), make)

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield the terms of a field that begin with ``prefix``, ascending, each with its document frequency."""
        number, start = self._state.fields.get(field), term_key(prefix)
        bound = start
        while number is not None:
            _, block = self._rows.block(number, bound)
            for term, frequency in block.frequencies():
                if term.startswith(start):
                    yield term.decode("utf-8", "surrogatepass"), frequency
            bound = block.next
            if not bound or (bound > start and not bound.startswith(start)):
                return

    # --- sentence vectors ----------------------------------------------------------------------------------------

    def passage_embeddings(self) -> QuantizedVectors:
        """Return the vectors of whole passages, a row a number; only where :attr:`encoder` names one."""
        from askdoc.storage.embeddings import of_passages

        return of_passages(self._rows)

    def sentence_embeddings(self, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
        """Return the vectors of the sentences of these passages, in the order of their text."""
        from askdoc.storage.embeddings import of_sentences

        return of_sentences(self._rows, numbers)

    # --- passages ------------------------------------------------------------------------------------------------

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """Return the passages of these numbers, in their order.

        Raises :class:`IndexLocked` where a write since the numbers were read removed one.
        """
        asked = [int(number) for number in numbers]
        passages = {}
        for number, (row, bead) in self._rows.passages(list(dict.fromkeys(asked))).items():
            record = self._record(row.document)
            passages[number] = StoredPassage(number, record.summary.name, row.passage(record, bead))
        if any(number not in passages for number in asked):
            raise IndexLocked("index-changed", path=str(self._path))
        return [passages[number] for number in asked]

    def find(self, document: str, passage_id: str) -> int | None:
        """Return the number of a passage; ``None`` where there is no such document or passage."""
        position = self._places(document)[1].get(passage_id)
        return None if position is None else self.numbers(document)[position]

    def at_line(self, document: str, line: int) -> list[int]:
        """Return the numbers of the passages with a version at a line of their source, in the document's order."""
        return [
            number
            for number, spot in zip(self.numbers(document), self._places(document)[0], strict=True)
            if any(first <= line <= last for first, last in spot.lines)
        ]

    def _places(self, document: str) -> tuple[Sequence[Spot], dict[str, int]]:
        """Return ids and lines of a document's passages, in its order, and the position of each id."""
        record = self._named().get(document)
        if record is None:
            return (), {}
        key = "places", document
        places: tuple[Sequence[Spot], dict[str, int]] | None = self.memo.get(key)
        if places is None:
            spots = records.decode_spots(self._rows.body("places", record.id))
            if len(spots) != record.summary.passages:
                raise damaged("places")
            places = spots, {spot.id: position for position, spot in enumerate(spots)}
            self.memo.put(key, places, 400 * len(spots))
        return places

    def around(self, number: int, before: int, after: int) -> list[int]:
        """Return the numbers of a passage and of its neighbours in the same document, in the document's order."""
        (stored,) = self.passages([number])
        numbers = self.numbers(stored.document)
        if number not in numbers:
            raise damaged("documents")
        position = numbers.index(number)
        return list(numbers[max(position - before, 0) : position + after + 1])

    def numbers(self, document: str) -> Sequence[int]:
        """Return the numbers of a document's passages, ascending; empty where there is no such document."""
        record = self._named().get(document)
        return () if record is None else record.numbers

    def sections(self, document: str) -> tuple[Section, ...]:
        """Return the sections of a document; empty where there is no such document."""
        record = self._named().get(document)
        return () if record is None else records.decode_sections(self._rows.body("sections", record.id))
