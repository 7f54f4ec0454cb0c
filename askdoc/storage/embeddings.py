"""Sentence vectors of an index: what is stored of them, and filling in those that are missing.

A vector is kept as bytes -127..127 and one scale, a quarter of its size: dot products change by less than 0.01. The
vectors of a passage's sentences are a row of ``sentence_vectors``; those of whole passages lie in chunks of
``passage_vectors``, so that a question reads them in few pieces.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from msgspec.structs import replace

from askdoc import messages
from askdoc.limits import DEFAULT, Limits
from askdoc.model import LANGUAGES, Language, Passage
from askdoc.sentences import sentences
from askdoc.storage import records, rows
from askdoc.storage.schema import outside
from askdoc.storage.work import Rows

if TYPE_CHECKING:
    import sqlite3

    import numpy as np
    from numpy.typing import NDArray

CHUNK: Final = 1024
"""Passages a row of ``passage_vectors``."""

_BATCH: Final = 64
"""Passages that are embedded and written at a time: what a killed build loses."""

_HEAD: Final = struct.Struct("<HHH")
"""Dimensions; rows of the English plane; rows of the Chinese plane."""

_DIMENSIONS: Final = 4096
"""The most dimensions of a vector; a damaged head asks for no more."""


class Encoder(Protocol):
    """What turns text into vectors whose dot products tell how near two texts are in meaning."""

    @property
    def name(self) -> str:
        """Names the encoder and its version: vectors of two names are never compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector, at most 4096."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts, shape ``(len(texts), dimensions)``, each of length 1."""


class Plane(NamedTuple):
    """Quantised vectors: row ``i`` is ``scales[i] * values[i]``; a scale of 0 means that there is none."""

    scales: NDArray[np.float32]
    """Shape ``(n,)``."""
    values: NDArray[np.int8]
    """Shape ``(n, dimensions)``."""

    def dot(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The dot products of all rows with a vector, shape ``(n,)``; 0 for rows that are not there."""
        import numpy as np

        # Not ``@``: a BLAS of many threads makes small products wait for each other.
        products: NDArray[np.float32] = np.einsum("ij,j->i", self.values.astype(np.float32), vector)
        return self.scales * products


Planes = Mapping[Language, Plane]


def quantised(vectors: NDArray[np.float32]) -> Plane:
    """Vectors of shape ``(n, dimensions)`` as bytes and scales."""
    import numpy as np

    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.nan_to_num(np.rint(vectors / scales[:, None]), posinf=0.0, neginf=0.0)
    return Plane(scales, values.astype(np.int8))


def pack(planes: Planes, dimensions: int) -> bytes:
    """The bytes of a row of either table."""
    held = {language: planes.get(language) for language in LANGUAGES}
    counts = [0 if plane is None else len(plane.scales) for plane in held.values()]
    parts = [_HEAD.pack(dimensions, *counts)]
    for plane in held.values():
        if plane is not None:
            parts += [plane.scales.astype("<f4").tobytes(), plane.values.tobytes()]
    return b"".join(parts)


def unpack(body: object, table: str) -> dict[Language, Plane]:
    """The vectors of :func:`pack`'s bytes; languages without any are left out. Raises :class:`IndexCorrupt`."""
    import numpy as np

    if not isinstance(body, bytes) or len(body) < _HEAD.size:
        raise rows.missing(table)
    dimensions, *counts = _HEAD.unpack_from(body)
    if not 0 < dimensions <= _DIMENSIONS or len(body) != _HEAD.size + sum(counts) * (4 + dimensions):
        raise rows.missing(table)
    planes: dict[Language, Plane] = {}
    at = _HEAD.size
    for language, count in zip(LANGUAGES, counts, strict=True):
        if count:
            scales = np.frombuffer(body, "<f4", count, at)
            values = np.frombuffer(body, np.int8, count * dimensions, at + 4 * count).reshape(count, dimensions)
            planes[language] = Plane(scales, values)
        at += count * (4 + dimensions)
    return planes


def of_sentences(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, dict[Language, Plane]]:
    """The vectors of the sentences of passages, in the order of their text; raises where one of them has none."""
    table = "sentence_vectors"
    return {number: unpack(rows.body(connection, table, number), table) for number in numbers}


def of_passages(connection: sqlite3.Connection, size: int) -> Iterator[tuple[int, dict[Language, Plane]]]:
    """The vectors of whole passages in chunks, each with the number of its first passage, ascending."""
    for at in range(-(-size // CHUNK)):
        yield at * CHUNK, _chunk(connection, at)


def _chunk(connection: sqlite3.Connection, at: int) -> dict[Language, Plane]:
    return unpack(rows.body(connection, "passage_vectors", at), "passage_vectors")


class Embedding(NamedTuple):
    """The vectors of one passage."""

    sentences: dict[Language, Plane]
    whole: dict[Language, Plane]
    """One row a language."""


def embed(passages: Sequence[Passage], encoder: Encoder) -> list[Embedding]:
    """The vectors of passages: of each sentence of each version, and of each version as a whole."""
    texts: list[str] = []
    places: list[list[tuple[Language, int, int]]] = []
    for passage in passages:
        held: list[tuple[Language, int, int]] = []
        for language, version in passage.versions.items():
            first = len(texts)
            texts += [version.text[start:end] for start, end in sentences(version.text, language)]
            held.append((language, first, len(texts)))
            texts.append(version.text)
        places.append(held)
    plane = quantised(encoder.encode(texts))
    cut: Callable[[int, int], Plane] = lambda first, end: Plane(plane.scales[first:end], plane.values[first:end])  # noqa: E731
    return [
        Embedding(
            {language: cut(first, end) for language, first, end in held if end > first},
            {language: cut(end, end + 1) for language, _, end in held},
        )
        for held in places
    ]


def forget(table: Rows, numbers: Sequence[int]) -> int:
    """Take out the vectors of passages that are gone or changed; how many passages had any."""
    taken = []
    for number in numbers:
        found = table.connection.execute("SELECT 1 FROM sentence_vectors WHERE number=?", (number,)).fetchone()
        if found is not None:
            table.remove("sentence_vectors", number, number + 1)
            taken.append(number)
    _write(table, dict.fromkeys(taken), 0)
    return len(taken)


def _missing_chunks(connection: sqlite3.Connection, size: int) -> list[int]:
    """The chunks that no passage in use has made: a chunk that is not there must be damage."""
    held = {row[0] for row in connection.execute("SELECT id FROM passage_vectors").fetchall()}
    return [at for at in range(-(-size // CHUNK)) if at not in held]


def _write(table: Rows, changes: Mapping[int, Embedding | None], dimensions: int) -> None:
    """Write whole passages' vectors into their chunks; ``None`` takes one out."""
    for at in sorted({number // CHUNK for number in changes}):
        exists = table.connection.execute("SELECT 1 FROM passage_vectors WHERE id=?", (at,)).fetchone()
        old = _chunk(table.connection, at) if exists is not None else {}
        inside = {
            number - at * CHUNK: found.whole if found else {}
            for number, found in changes.items()
            if number // CHUNK == at
        }
        width = dimensions or next((plane.values.shape[1] for plane in old.values()), 1)
        count = max([max(inside) + 1, *(len(plane.scales) for plane in old.values())])
        table.put("passage_vectors", at, pack(stacked(inside, old, count, width), width))


def stacked(changes: Mapping[int, Planes], old: Planes, count: int, dimensions: int) -> dict[Language, Plane]:
    """Planes of ``count`` rows: those of ``old``, in the place of which stand the single rows of ``changes``.

    A language that no row has is left out.
    """
    import numpy as np

    planes: dict[Language, Plane] = {}
    for language in LANGUAGES:
        scales, values = np.zeros(count, np.float32), np.zeros((count, dimensions), np.int8)
        if language in old:
            known = old[language]
            scales[: len(known.scales)], values[: len(known.scales)] = known.scales, known.values
        for place, whole in changes.items():
            scales[place], values[place] = 0, 0
            if language in whole:
                scales[place], values[place] = whole[language].scales[0], whole[language].values[0]
        if scales.any():
            planes[language] = Plane(scales, values)
    return planes


def fill(
    path: Path,
    encoder: Encoder,
    *,
    progress: Callable[[int, int | None, str], None] | None = None,
    limits: Limits = DEFAULT,
) -> int:
    """Embed the passages of an index that have no vectors of this encoder; returns how many.

    Vectors of another encoder are thrown away first. Every batch is a transaction: a build that is stopped goes on
    where it was. The caller holds :func:`askdoc.storage.files.write_lock`. Raises the kinds of
    :class:`askdoc.errors.IndexError_`, and whatever ``progress`` raises.
    """
    from askdoc.storage.writer import transaction

    done = 0
    last = -1
    while True:
        with transaction(path, limits) as connection:
            facts = rows.checked_meta(rows.meta(connection))
            table = Rows(connection, f"{facts.generation}:{encoder.name}")
            embedded = facts.embedded
            if facts.encoder != encoder.name:
                for name, key in (("sentence_vectors", "number"), ("passage_vectors", "id")):
                    connection.execute(f"DELETE FROM {name} WHERE {key}>=0").close()
                embedded = 0
            found = [
                row[0]
                for row in connection.execute(
                    "SELECT number FROM passages WHERE number>? AND number NOT IN"
                    " (SELECT number FROM sentence_vectors) ORDER BY number LIMIT ?",
                    (last, _BATCH),
                ).fetchall()
            ]
            whole = not found and facts.encoder == encoder.name
            if whole and not _missing_chunks(connection, facts.size):
                return done
            for at in _missing_chunks(connection, facts.size) if whole else ():
                table.put("passage_vectors", at, pack({}, encoder.dimensions))
            with outside():
                if progress is not None:
                    progress(embedded, facts.passages, messages.say("semantic-vectors"))
            _embed_rows(table, found, encoder, facts)
            facts = replace(facts, encoder=encoder.name, embedded=embedded + len(found), generation=table.generation)
            table.put("meta", 0, records.encode_meta(facts))
        done += len(found)
        last = found[-1] if found else last


def _embed_rows(table: Rows, numbers: Sequence[int], encoder: Encoder, facts: records.Meta) -> None:
    held = rows.passages(table.connection, numbers)
    documents = rows.documents(table.connection, facts)
    passages = [held[number].decode(documents[held[number].document]) for number in numbers]
    if not passages:
        return
    with outside():
        made = embed(passages, encoder)
    for number, each in zip(numbers, made, strict=True):
        table.put("sentence_vectors", number, pack(each.sentences, encoder.dimensions))
    _write(table, dict(zip(numbers, made, strict=True)), encoder.dimensions)
