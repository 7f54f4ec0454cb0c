"""Sentence vectors made for the passages of an index that lack them, a batch a transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from askdoc import messages
from askdoc.analysis.sentence_encoder import Encoder
from askdoc.limits import DEFAULT, Limits
from askdoc.model import LANGUAGES, Language, Passage
from askdoc.storage import records, rows
from askdoc.storage.embeddings import CHUNK, QuantizedVectors, VectorsByLanguage, _chunk, pack, quantised
from askdoc.storage.schema import outside
from askdoc.storage.writing.index_writer import Rows
from askdoc.text.sentences import sentences

if TYPE_CHECKING:
    import sqlite3


_BATCH: Final = 64
"""Passages that are embedded and written at a time: what a killed build loses."""


class Embedding(NamedTuple):
    """The vectors of one passage."""

    sentences: dict[Language, QuantizedVectors]
    whole: dict[Language, QuantizedVectors]
    """One row a language."""


def embed(passages: Sequence[Passage], encoder: Encoder) -> list[Embedding]:
    """Return the vectors of passages: of each sentence of each version, and of each version as a whole."""
    texts: list[str] = []
    places: list[list[tuple[Language, int, int]]] = []
    for passage in passages:
        spans: list[tuple[Language, int, int]] = []
        for language, version in passage.versions.items():
            first = len(texts)
            texts += [version.text[start:end] for start, end in sentences(version.text, language)]
            spans.append((language, first, len(texts)))
            texts.append(version.text)
        places.append(spans)
    plane = quantised(encoder.encode(texts))

    def cut(first: int, end: int) -> QuantizedVectors:
        return QuantizedVectors(plane.scales[first:end], plane.values[first:end])

    return [
        Embedding(
            {language: cut(first, end) for language, first, end in spans if end > first},
            {language: cut(end, end + 1) for language, _, end in spans},
        )
        for spans in places
    ]


def forget(table: Rows, numbers: Sequence[int]) -> int:
    """Remove the vectors of passages that are gone or changed; return how many passages had any."""
    taken = []
    for number in numbers:
        row = table.connection.execute("SELECT 1 FROM sentence_vectors WHERE number=?", (number,)).fetchone()
        if row is not None:
            table.remove("sentence_vectors", number, number + 1)
            taken.append(number)
    _write(table, dict.fromkeys(taken), 0)
    return len(taken)


def _missing_chunks(connection: sqlite3.Connection, size: int) -> list[int]:
    """Return the chunks not made for any passage in use; a chunk that is missing later is damage."""
    stored = {row[0] for row in connection.execute("SELECT id FROM passage_vectors").fetchall()}
    return [chunk for chunk in range(-(-size // CHUNK)) if chunk not in stored]


def _write(table: Rows, changes: Mapping[int, Embedding | None], dimensions: int) -> None:
    """Write whole passages' vectors into their chunks; ``None`` removes one."""
    for chunk in sorted({number // CHUNK for number in changes}):
        exists = table.connection.execute("SELECT 1 FROM passage_vectors WHERE id=?", (chunk,)).fetchone()
        old = _chunk(table.connection, chunk) if exists is not None else {}
        inside = {
            number - chunk * CHUNK: embedding.whole if embedding else {}
            for number, embedding in changes.items()
            if number // CHUNK == chunk
        }
        width = dimensions or next((plane.values.shape[1] for plane in old.values()), 1)
        count = max([max(inside) + 1, *(len(plane.scales) for plane in old.values())])
        table.put("passage_vectors", chunk, pack(stacked(inside, old, count, width), width))


def stacked(
    changes: Mapping[int, VectorsByLanguage], old: VectorsByLanguage, count: int, dimensions: int
) -> dict[Language, QuantizedVectors]:
    """Return planes of ``count`` rows: those of ``old`` with the single rows of ``changes`` substituted.

    A language that no row has is left out.
    """
    import numpy as np

    planes: dict[Language, QuantizedVectors] = {}
    for language in LANGUAGES:
        scales, values = np.zeros(count, np.float32), np.zeros((count, dimensions), np.int8)
        if language in old:
            plane = old[language]
            scales[: len(plane.scales)], values[: len(plane.scales)] = plane.scales, plane.values
        for place, whole in changes.items():
            scales[place], values[place] = 0, 0
            if language in whole:
                scales[place], values[place] = whole[language].scales[0], whole[language].values[0]
        if scales.any():
            planes[language] = QuantizedVectors(scales, values)
    return planes


def fill(
    path: Path,
    encoder: Encoder,
    *,
    progress: Callable[[int, int | None, str], None] | None = None,
    limits: Limits = DEFAULT,
) -> int:
    """Embed the passages of an index that have no vectors of this encoder; return how many.

    Vectors of another encoder are thrown away first. Every batch is a transaction: a build that is stopped goes on
    where it was. The caller holds :func:`askdoc.storage.writing.atomic_file.write_lock`. Raises the kinds of
    :class:`askdoc.errors.IndexError_`, and whatever ``progress`` raises.
    """
    from askdoc.storage.writing.index_file import transaction

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
            numbers = [
                row[0]
                for row in connection.execute(
                    "SELECT number FROM passages WHERE number>? AND number NOT IN"
                    " (SELECT number FROM sentence_vectors) ORDER BY number LIMIT ?",
                    (last, _BATCH),
                ).fetchall()
            ]
            whole = not numbers and facts.encoder == encoder.name
            if whole and not _missing_chunks(connection, facts.size):
                return done
            for chunk in _missing_chunks(connection, facts.size) if whole else ():
                table.put("passage_vectors", chunk, pack({}, encoder.dimensions))
            with outside():
                if progress is not None:
                    progress(embedded, facts.passages, messages.say("semantic-vectors"))
            _embed_rows(table, numbers, encoder, facts)
            facts = replace(facts, encoder=encoder.name, embedded=embedded + len(numbers), generation=table.generation)
            table.put("meta", 0, records.encode_meta(facts))
        done += len(numbers)
        last = numbers[-1] if numbers else last


def _embed_rows(table: Rows, numbers: Sequence[int], encoder: Encoder, facts: records.Meta) -> None:
    stored = rows.passages(table.connection, numbers)
    documents = rows.documents(table.connection, facts)
    passages = [stored[number].decode(documents[stored[number].document]) for number in numbers]
    if not passages:
        return
    with outside():
        embeddings = embed(passages, encoder)
    for number, embedding in zip(numbers, embeddings, strict=True):
        table.put("sentence_vectors", number, pack(embedding.sentences, encoder.dimensions))
    _write(table, dict(zip(numbers, embeddings, strict=True)), encoder.dimensions)
