"""An index without a file, with the reading methods of :class:`askdoc.storage.index_reader.IndexReader`: for stdin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from askdoc.model import Document, DocumentSummary, Language, Section
from askdoc.storage.bounded_cache import BoundedCache
from askdoc.storage.index_reader import FieldStatistics, StoredPassage
from askdoc.storage.posting_blocks import Postings, common
from askdoc.storage.records import summarise
from askdoc.storage.writing.analysis_pipeline import Analyzer
from askdoc.storage.writing.index_writer import Progress
from askdoc.storage.writing.postings_buffer import PostingsBuffer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.storage.embeddings import QuantizedVectors


class MemoryIndex:
    """Documents with their postings, in memory only. It never changes, so that threads may share it."""

    def __init__(
        self,
        documents: Iterable[Document],
        analyzer: Analyzer,
        *,
        progress: Progress | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Analyse documents; ``progress`` may raise to cancel. With ``encoder`` they get sentence vectors as well."""
        self._documents: dict[str, tuple[Document, range]] = {}
        self._passages: list[StoredPassage] = []
        buffer = PostingsBuffer(analyzer.fields)
        digest = blake2b(analyzer.fingerprint.encode(), digest_size=16)
        for document in documents:
            first = len(self._passages)
            for position, passage in enumerate(document.passages):
                if progress is not None and position % 32 == 0:
                    progress(first + position, first + len(document.passages), document.name)
                buffer.change(first + position, {}, analyzer.terms(passage, document.title))
                self._passages.append(StoredPassage(first + position, document.name, passage))
                digest.update(repr(passage).encode("utf-8", "surrogatepass"))
            self._documents[document.name] = document, range(first, len(self._passages))
        self.generation = digest.hexdigest()
        """The name of the contents."""
        self.analyzer = analyzer.fingerprint
        """The fingerprint of the analyzer."""
        self.fields = analyzer.fields
        """The names of the fields."""
        self.size = len(self._passages)
        """Number of passages."""
        self.beads = sum(bool(stored.passage.bead) for stored in self._passages)
        """Number of passages with a bead."""
        self._store(buffer)
        self.memo = BoundedCache()
        """What a ranker computed from postings."""
        self.encoder = ""
        """The name of the encoder of the sentence vectors; empty where there are none."""
        if encoder is not None:
            self._embed(encoder)

    def _embed(self, encoder: Encoder) -> None:
        from askdoc.storage.writing.embedding_writer import embed, stacked

        self._embeddings = embed([stored.passage for stored in self._passages], encoder)
        whole = {number: embedding.whole for number, embedding in enumerate(self._embeddings)}
        self._whole = stacked(whole, {}, self.size, encoder.dimensions)
        self.encoder = encoder.name

    def passage_embeddings(self) -> list[tuple[int, dict[Language, QuantizedVectors]]]:
        """Return what :meth:`askdoc.storage.index_reader.IndexReader.passage_embeddings` does."""
        return [(0, self._whole)]

    def sentence_embeddings(self, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
        """Return what :meth:`askdoc.storage.index_reader.IndexReader.sentence_embeddings` does."""
        return {number: self._embeddings[number].sentences for number in numbers}

    def _store(self, buffer: PostingsBuffer) -> None:
        import numpy as np

        self._postings: dict[str, dict[str, Postings]] = {}
        self._ordered: dict[str, list[str]] = {}
        self._lengths: dict[str, NDArray[np.int64]] = {}
        self._statistics: dict[str, FieldStatistics] = {}
        for field in self.fields:
            self._postings[field] = {
                term.decode("utf-8", "surrogatepass"): Postings(passages, counts)
                for term, passages, counts in buffer.changes(field)
            }
            self._ordered[field] = sorted(self._postings[field])
            lengths = np.zeros(self.size, dtype=np.int64)
            numbers, values = buffer.lengths(field)
            lengths[numbers] = values
            self._lengths[field] = lengths
            self._statistics[field] = FieldStatistics(buffer.passages[field], buffer.totals[field])
            for array in (lengths, *(column for postings in self._postings[field].values() for column in postings)):
                np.asarray(array).setflags(write=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Do nothing: no file is open."""

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Do nothing: there is only one state. See :meth:`askdoc.storage.index_reader.IndexReader.snapshot`."""
        yield self

    def documents(self) -> list[DocumentSummary]:
        """Return the summaries of the documents, in the order given."""
        return [summarise(document) for document, _ in self._documents.values()]

    def field(self, name: str) -> FieldStatistics:
        """Return the statistics of a field; an unknown name is an empty field."""
        return self._statistics.get(name, FieldStatistics(0, 0))

    def postings(self, field: str, terms: Collection[str]) -> dict[str, Postings]:
        """Return the postings of those terms that the field has."""
        table = self._postings.get(field, {})
        return {term: table[term] for term in terms if term in table}

    def together(self, field: str, terms: Collection[str]) -> int:
        """Count the passages that contain all of some terms."""
        lists = self.postings(field, set(terms))
        return len(common([postings.passages for postings in lists.values()])) if len(lists) == len(set(terms)) else 0

    def lengths(self, field: str) -> NDArray[np.int64]:
        """Return the field's length in each passage, in terms, shape ``(size,)``; read-only."""
        import numpy as np

        lengths = self._lengths.get(field)
        return np.zeros(self.size, dtype=np.int64) if lengths is None else lengths

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield the terms of a field that begin with ``prefix``, ascending, each with its document frequency."""
        table, ordered = self._postings.get(field, {}), self._ordered.get(field, [])
        for position in range(bisect_left(ordered, prefix), len(ordered)):
            if not ordered[position].startswith(prefix):
                break
            yield ordered[position], len(table[ordered[position]].passages)

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """Return the passages of these numbers, in their order."""
        return [self._passages[number] for number in numbers]

    def find(self, document: str, passage_id: str) -> int | None:
        """Return the number of a passage; ``None`` where there is no such document or passage."""
        for number in self.numbers(document):
            if self._passages[number].passage.id == passage_id:
                return number
        return None

    def at_line(self, document: str, line: int) -> list[int]:
        """Return the numbers of the passages with a version at a line of their source, in the document's order."""
        return [
            number
            for number in self.numbers(document)
            if any(
                version.place.lines[0] <= line <= version.place.lines[1]
                for version in self._passages[number].passage.versions.values()
            )
        ]

    def around(self, number: int, before: int, after: int) -> list[int]:
        """Return the numbers of a passage and of its neighbours in the same document, in the document's order."""
        numbers = self.numbers(self._passages[number].document)
        return [near for near in range(number - before, number + after + 1) if near in numbers]

    def numbers(self, document: str) -> Sequence[int]:
        """Return the numbers of a document's passages, ascending; empty where there is no such document."""
        return self._documents[document][1] if document in self._documents else ()

    def sections(self, document: str) -> tuple[Section, ...]:
        """Return the sections of a document; empty where there is no such document."""
        return self._documents[document][0].sections if document in self._documents else ()
