"""Sentence vectors of an index as they are stored: matrices of bytes, all on one scale.

A component of a unit vector is about 1/√dimensions; -127..127 stand for ±4.5/√dimensions, and components beyond are cut
off (an encoder's are hardly ever: 4.5 standard deviations). So a vector takes a quarter of its size, and dot products
change by less than 0.0025. No vector of length 1 is zeros: a row of zeros says that there is none.

The vectors of a passage's sentences are a row of ``sentence_vectors``. Of whole passages an index has one matrix, with the
mean of the vectors of a passage's versions in the row of its number: its dot product is the mean of theirs. It lies in
rows of ``passage_vectors``, :data:`CHUNK` passages each without zeros at the end, none where that leaves nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from askdoc.model import Language
from askdoc.storage.packing import damaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.rows import Rows

CHUNK: Final = 1024
"""Passages per row of ``passage_vectors``."""

_DEVIATIONS: Final = 4.5
"""The greatest component that is stored, in standard deviations of a unit vector's components."""

_HEAD: Final = struct.Struct("<HH")
"""Dimensions; how many rows are of English sentences, the others being of Chinese ones."""

_DIMENSIONS: Final = 4096
"""The most dimensions of a vector; bounds what a damaged head asks for."""


class QuantizedVectors:
    """Vectors as they are stored."""

    def __init__(self, values: NDArray[np.int8]) -> None:
        """Take the rows of a matrix, shape ``(n, dimensions)``."""
        self.values = values

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Which rows are vectors, shape ``(n,)``."""
        import numpy as np

        present: NDArray[np.bool_] = np.asarray(self.values.any(axis=1))
        return present

    def dot(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot products of all rows with a vector, shape ``(n,)``; 0 for missing rows."""
        import numpy as np

        products = np.zeros(len(self.values), np.float32)
        for start in range(
            0, len(products) if self.values.size else 0, CHUNK
        ):  # as floats they take four times the memory
            part = self.values[start : start + CHUNK].astype(np.float32)
            # Not ``@``: a BLAS of many threads makes small products wait for each other.
            products[start : start + CHUNK] = np.einsum("ij,j->i", part, vector)
        return products * np.float32(_step(len(vector)))


def _step(dimensions: int) -> float:
    """Return what 1 stands for in a stored vector."""
    return float(_DEVIATIONS / dimensions**0.5 / 127)


def quantised(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return vectors of shape ``(n, dimensions)``, of length 1 or less, as bytes."""
    import numpy as np

    values: NDArray[np.int8] = np.clip(np.rint(vectors / _step(vectors.shape[1])), -127, 127).astype(np.int8)
    return values


def pack(values: NDArray[np.int8], english: int = 0) -> bytes:
    """Return the bytes of a row of either table; ``english`` rows are of English sentences."""
    return _HEAD.pack(values.shape[1], english) + values.tobytes()


def unpack(body: object, table: str) -> tuple[NDArray[np.int8], int]:
    """Return the vectors of :func:`pack`'s bytes, and how many are English. Raises :class:`IndexCorrupt`."""
    import numpy as np

    if not isinstance(body, bytes) or len(body) < _HEAD.size:
        raise damaged(table)
    dimensions, english = _HEAD.unpack_from(body)
    if not 0 < dimensions <= _DIMENSIONS or (len(body) - _HEAD.size) % dimensions:
        raise damaged(table)
    values = np.frombuffer(body, np.int8, offset=_HEAD.size).reshape(-1, dimensions)
    if english > len(values):
        raise damaged(table)
    return values, english


def of_sentences(rows: Rows, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
    """Return the vectors of the sentences of passages, in text order; raise where a passage has none."""
    vectors: dict[int, dict[Language, QuantizedVectors]] = {}
    for number in numbers:
        values, english = unpack(rows.body("sentence_vectors", number), "sentence_vectors")
        both: dict[Language, NDArray[np.int8]] = {"en": values[:english], "zh": values[english:]}
        vectors[number] = {language: QuantizedVectors(own) for language, own in both.items() if len(own)}
    return vectors


def of_passages(rows: Rows) -> QuantizedVectors:
    """Return the vectors of whole passages, a row a number; missing ones for numbers that are not in use."""
    import numpy as np

    size = rows.facts.size
    chunks = {start: passage_chunk(rows, start // CHUNK) for start in range(0, size, CHUNK)}
    dimensions = max((chunk.shape[1] for chunk in chunks.values()), default=0)
    values = np.zeros((size, dimensions), np.int8)
    for start, chunk in chunks.items():
        if len(chunk):
            if start + len(chunk) > size or chunk.shape[1] != dimensions:
                raise damaged("passage_vectors")
            values[start : start + len(chunk)] = chunk
    return QuantizedVectors(values)


def passage_chunk(rows: Rows, chunk: int) -> NDArray[np.int8]:
    """Return the vectors of one chunk of whole passages, those after the last one left out; shape ``(n, dimensions)``."""
    import numpy as np

    if not rows.entry("passage_vectors", chunk):
        return np.zeros((0, 0), np.int8)
    return unpack(rows.body("passage_vectors", chunk), "passage_vectors")[0]
