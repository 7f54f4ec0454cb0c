"""Sentence vectors of an index as they are stored.

A vector is stored as bytes -127..127 and one scale, a quarter of its size: dot products change by less than 0.01. The
vectors of a passage's sentences are a row of ``sentence_vectors``; those of whole passages are in chunks of
``passage_vectors``, so that a question reads few rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from askdoc.model import LANGUAGES, Language
from askdoc.storage.packing import damaged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.storage.rows import Rows

CHUNK: Final = 1024
"""Passages per row of ``passage_vectors``."""

_HEAD: Final = struct.Struct("<HHH")
"""Dimensions; rows of the English plane; rows of the Chinese plane."""

_DIMENSIONS: Final = 4096
"""The most dimensions of a vector; bounds what a damaged head asks for."""


class QuantizedVectors(NamedTuple):
    """Quantised vectors: row ``i`` is ``scales[i] * values[i]``; a scale of 0 means no vector."""

    scales: NDArray[np.float32]
    """Shape ``(n,)``."""
    values: NDArray[np.int8]
    """Shape ``(n, dimensions)``."""

    def dot(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot products of all rows with a vector, shape ``(n,)``; 0 for missing rows."""
        import numpy as np

        # Not ``@``: a BLAS of many threads makes small products wait for each other.
        products: NDArray[np.float32] = np.einsum("ij,j->i", self.values.astype(np.float32), vector)
        return self.scales * products


VectorsByLanguage = Mapping[Language, QuantizedVectors]


def quantised(vectors: NDArray[np.float32]) -> QuantizedVectors:
    """Return vectors of shape ``(n, dimensions)`` as bytes and scales."""
    import numpy as np

    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.nan_to_num(np.rint(vectors / scales[:, None]), posinf=0.0, neginf=0.0)
    return QuantizedVectors(scales, values.astype(np.int8))


def pack(planes: VectorsByLanguage, dimensions: int) -> bytes:
    """Return the bytes of a row of either table."""
    ordered = {language: planes.get(language) for language in LANGUAGES}
    counts = [0 if plane is None else len(plane.scales) for plane in ordered.values()]
    parts = [_HEAD.pack(dimensions, *counts)]
    for plane in ordered.values():
        if plane is not None:
            parts += [plane.scales.astype("<f4").tobytes(), plane.values.tobytes()]
    return b"".join(parts)


def unpack(body: object, table: str) -> dict[Language, QuantizedVectors]:
    """Return the vectors of :func:`pack`'s bytes, without languages that have none. Raises :class:`IndexCorrupt`."""
    import numpy as np

    if not isinstance(body, bytes) or len(body) < _HEAD.size:
        raise damaged(table)
    dimensions, *counts = _HEAD.unpack_from(body)
    if not 0 < dimensions <= _DIMENSIONS or len(body) != _HEAD.size + sum(counts) * (4 + dimensions):
        raise damaged(table)
    planes: dict[Language, QuantizedVectors] = {}
    offset = _HEAD.size
    for language, count in zip(LANGUAGES, counts, strict=True):
        if count:
            scales = np.frombuffer(body, "<f4", count, offset)
            values = np.frombuffer(body, np.int8, count * dimensions, offset + 4 * count).reshape(count, dimensions)
            planes[language] = QuantizedVectors(scales, values)
        offset += count * (4 + dimensions)
    return planes


def of_sentences(rows: Rows, numbers: Sequence[int]) -> dict[int, dict[Language, QuantizedVectors]]:
    """Return the vectors of the sentences of passages, in text order; raise where a passage has none."""
    table = "sentence_vectors"
    return {number: unpack(rows.body(table, number), table) for number in numbers}


def of_passages(rows: Rows) -> Iterator[tuple[int, dict[Language, QuantizedVectors]]]:
    """Yield the vectors of whole passages in chunks, each with the number of its first passage, ascending."""
    for chunk in range(-(-rows.facts.size // CHUNK)):
        yield chunk * CHUNK, passage_chunk(rows, chunk)


def passage_chunk(rows: Rows, chunk: int) -> dict[Language, QuantizedVectors]:
    """Return the vectors of one chunk of whole passages."""
    return unpack(rows.body("passage_vectors", chunk), "passage_vectors")
