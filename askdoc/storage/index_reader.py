"""An open index file: reads only the parts asked for, checks each, and follows refreshes by other processes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from askdoc.errors import IndexLocked
from askdoc.limits import DEFAULT, Limits
from askdoc.model import DocumentSummary, Language, Passage, Section
from askdoc.storage import rows
from askdoc.storage.bounded_cache import BoundedCache
from askdoc.storage.connections import Session, Sessions
from askdoc.storage.posting_blocks import Postings, common, term_key
from askdoc.storage.records import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.embeddings import QuantizedVectors

__all__ = ["FieldStatistics", "IndexReader", "Postings", "StoredPassage"]


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


class IndexReader:
    """An index open for reading. Close it, or use it with ``with``. Threads may share it.

    Every method sees one whole state of the index; several calls see the same one inside :meth:`snapshot`. Between
    calls nothing is locked, and a refresh or rebuild by another process is seen by the next call. Methods raise
    :class:`IndexCorrupt` where what they read is damaged, :class:`IndexLocked` where a writer holds the file for longer
    than ``limits.busy_seconds``, :class:`IndexMissing` where it is gone.
    """

    def __init__(self, path: str | Path, *, limits: Limits = DEFAULT) -> None:
        """Open an index file.

        Raises :class:`IndexMissing`, :class:`IndexCorrupt` or :class:`IndexVersionUnsupported`.
        """
        # Absolute, so that a change of folder does not lead to another file.
        self.path = Path(path).absolute()
        self._sessions = Sessions(self.path, limits)
        self._read = self._sessions.read
        with self._read():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Calls that other threads are in the middle of end as usual."""
        self._sessions.close()

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Make all calls of this thread inside see one state of the index, whatever others write meanwhile.

        Holds a read lock, for which a writer's commit waits: keep it as short as a question.
        """
        with self._sessions.snapshot():
            yield self

    # --- the whole -----------------------------------------------------------------------------------------------

    @property
    def generation(self) -> str:
        """The name of the index's current state; changes with every write."""
        with self._read() as session:
            return session.snapshot.meta.generation

    @property
    def analyzer(self) -> str:
        """The fingerprint of the analyzer that made the index."""
        with self._read() as session:
            return session.snapshot.meta.analyzer

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields."""
        with self._read() as session:
            return tuple(session.snapshot.fields)

    @property
    def size(self) -> int:
        """One more than the highest passage number."""
        with self._read() as session:
            return session.snapshot.meta.size

    @property
    def beads(self) -> int:
        """Number of passages with a bead."""
        with self._read() as session:
            return session.snapshot.meta.beads

    def documents(self) -> list[DocumentSummary]:
        """Return the summaries of the documents, in the order in which they were added."""
        return [record.summary for record in self.records()]

    def records(self) -> list[Record]:
        """Return the documents' rows, with what only building needs: paths of sources, runs of numbers."""
        with self._read() as session:
            return list(session.snapshot.records(session.connection).values())

    # --- sentence vectors ----------------------------------------------------------------------------------------

    @property
    def encoder(self) -> str:
        """The name of the encoder whose vectors every passage has; empty where some passage has none."""
        with self._read() as session:
            facts = session.snapshot.meta
            return facts.encoder if facts.embedded == facts.passages else ""

    def passage_embeddings(self) -> list[tuple[int, dict[Language, QuantizedVectors]]]:
        """Return the vectors of whole passages in chunks, each with the number of its first passage, ascending.

        Only where :attr:`encoder` names one. A row whose scale is 0 is of no passage.
        """
        with self._read() as session:
            from askdoc.storage.embeddings import of_passages

            return list(of_passages(session.connection, session.snapshot.meta.size))

    def sentence_embeddings(self, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
        """Return the vectors of the sentences of these passages, in the order of their text."""
        with self._read() as session:
            from askdoc.storage.embeddings import of_sentences

            return of_sentences(session.connection, numbers)

    # --- terms ---------------------------------------------------------------------------------------------------

    @property
    def memo(self) -> BoundedCache:
        """A cache of what a ranker computed from the postings of the current state only."""
        return self._sessions.current().memo

    def field(self, name: str) -> FieldStatistics:
        """Return the statistics of a field; an unknown name is an empty field."""
        with self._read() as session:
            _, passages, total = session.snapshot.fields.get(name, (0, 0, 0))
            return FieldStatistics(passages, total)

    def postings(self, field: str, terms: Collection[str]) -> dict[str, Postings]:
        """Return the postings of those terms that the field has; checked blocks prove that it lacks the others.

        Reads the blocks of the asked terms only. Arrays are shared and read-only.
        """
        lists = {}
        with self._read() as session:
            for key, term in sorted((term_key(term), term) for term in terms):
                postings = session.snapshot.postings(session.connection, field, key)
                if postings is not None:
                    lists[term] = postings
        return lists

    def together(self, field: str, terms: Collection[str]) -> int:
        """Count the passages that contain all of some terms."""
        lists = self.postings(field, set(terms))
        return len(common([postings.passages for postings in lists.values()])) if len(lists) == len(set(terms)) else 0

    def lengths(self, field: str) -> NDArray[np.int64] | tuple[int, ...]:
        """Return the field's length in each passage, in terms, shape ``(size,)``; read-only; 0 for unused numbers."""
        with self._read() as session:
            return session.snapshot.lengths(session.connection, field)

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield the terms of a field that begin with ``prefix``, ascending, each with its document frequency."""
        with self._read() as session:
            frequencies = session.snapshot.terms(session.connection, field, term_key(prefix))
        return iter(frequencies)

    # --- passages ------------------------------------------------------------------------------------------------

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """Return the passages of these numbers, in their order."""
        asked = [int(number) for number in numbers]
        with self._read() as session:
            stored = rows.passages(session.connection, list(dict.fromkeys(asked)))
            for number in asked:
                if number not in stored:
                    raise self._absent(session, number)
            passages = {}
            for number, row in stored.items():
                record = session.snapshot.record(session.connection, row.document)
                passages[number] = StoredPassage(number, record.summary.name, row.decode(record))
        return [passages[number] for number in asked]

    def _absent(self, session: Session, number: int) -> Exception:
        """Return the error for a missing number: damage, unless a write since then removed the passage."""
        records = session.snapshot.records(session.connection).values()
        if any(first <= number < first + count for record in records for first, count in record.runs):
            return rows.missing("passages")
        return IndexLocked("index-changed", path=str(self.path))

    def find(self, document: str, passage_id: str) -> int | None:
        """Return the number of a passage; ``None`` where there is no such document or passage."""
        with self._read() as session:
            record = session.snapshot.named(session.connection, document)
            if record is None:
                return None
            places = session.snapshot.ids(session.connection, record)
            place = places.get(passage_id)
            return None if place is None else record.numbers[place]

    def at_line(self, document: str, line: int) -> list[int]:
        """Return the numbers of the passages with a version at a line of their source, in the document's order."""
        with self._read() as session:
            record = session.snapshot.named(session.connection, document)
            if record is None:
                return []
            numbers = record.numbers
            spots = session.snapshot.spots(session.connection, record)
            return [
                numbers[position]
                for position, spot in enumerate(spots)
                if any(first <= line <= last for first, last in spot.lines)
            ]

    def around(self, number: int, before: int, after: int) -> list[int]:
        """Return the numbers of a passage and of its neighbours in the same document, in the document's order."""
        with self._read() as session:
            row = rows.passages(session.connection, [number]).get(number)
            if row is None:
                raise self._absent(session, number)
            numbers = session.snapshot.record(session.connection, row.document).numbers
            if number not in numbers:
                raise rows.missing("documents")
            position = numbers.index(number)
            return list(numbers[max(position - before, 0) : position + after + 1])

    def numbers(self, document: str) -> Sequence[int]:
        """Return the numbers of a document's passages, ascending; empty where there is no such document."""
        with self._read() as session:
            record = session.snapshot.named(session.connection, document)
            return () if record is None else record.numbers

    def sections(self, document: str) -> tuple[Section, ...]:
        """Return the sections of a document; empty where there is no such document."""
        with self._read() as session:
            record = session.snapshot.named(session.connection, document)
            return () if record is None else rows.sections(session.connection, record.id)
