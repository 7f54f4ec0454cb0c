"""What retrieval and answering need of an index, on disk or in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from askdoc.model import DocumentSummary, Language, Section

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.bounded_cache import BoundedCache
    from askdoc.storage.embeddings import QuantizedVectors
    from askdoc.storage.index_reader import FieldStatistics, StoredPassage
    from askdoc.storage.posting_blocks import Postings


class Reader(Protocol):
    """What the engine needs of an index; every call sees one whole state of it."""

    @property
    def generation(self) -> str:
        """Changes with every write of the index."""

    @property
    def size(self) -> int:
        """One more than the highest passage number."""

    @property
    def memo(self) -> BoundedCache:
        """The cache of what retrieval computed from the present state."""

    @property
    def encoder(self) -> str:
        """The name of the encoder whose vectors every passage has; empty where there are none."""

    def field(self, name: str) -> FieldStatistics:
        """Return the statistics of a field."""

    def postings(self, field: str, terms: Collection[str]) -> Mapping[str, Postings]:
        """Return the postings of those terms that the field holds."""

    def together(self, field: str, terms: Collection[str]) -> int:
        """Return how many passages hold all of some terms."""

    def lengths(self, field: str) -> NDArray[np.int64] | tuple[int, ...]:
        """Return the field's length in each passage, shape ``(size,)``; integers of any sufficient width."""

    def terms(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Return the terms of a field that begin with ``prefix``, with their document frequencies."""

    def passage_embeddings(self) -> QuantizedVectors:
        """Return the vectors of whole passages, a row a number."""

    def sentence_embeddings(self, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
        """Return the vectors of the sentences of these passages."""

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """Return the passages of these numbers, in their order."""

    def documents(self) -> list[DocumentSummary]:
        """Return what is in the index."""

    def find(self, document: str, passage_id: str) -> int | None:
        """Return the number of a passage, ``None`` for one that is not there."""

    def at_line(self, document: str, line: int) -> list[int]:
        """Return the numbers of the passages at a line of a document's source."""

    def around(self, number: int, before: int, after: int) -> list[int]:
        """Return the numbers of a passage and its neighbours in its document's order."""

    def numbers(self, document: str) -> Sequence[int]:
        """Return the numbers of a document's passages, in its order."""

    def sections(self, document: str) -> tuple[Section, ...]:
        """Return the sections of a document, in its order; a path that begins a document without a heading is empty."""

    def snapshot(self) -> AbstractContextManager[object]:
        """Return a context in which every call sees the same state of the index."""

    def close(self) -> None:
        """Release what the index holds."""
