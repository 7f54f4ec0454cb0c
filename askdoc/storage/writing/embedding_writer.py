"""Embeds the passages of an index that have no sentence vectors, one transaction per batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple

from msgspec.structs import replace

from askdoc import messages
from askdoc.analysis.sentence_encoder import Encoder
from askdoc.model import LANGUAGES, Language, Passage
from askdoc.storage.embeddings import CHUNK, QuantizedVectors, VectorsByLanguage, pack, passage_chunk, quantised
from askdoc.storage.schema import outside
from askdoc.storage.writing.row_writer import RowWriter
from askdoc.text.sentences import sentences

BATCH: Final = 64
"""Passages embedded and written per transaction: what a killed build loses."""


class Embedding(NamedTuple):
    """The vectors of one passage."""

    sentences: dict[Language, QuantizedVectors]
    whole: dict[Language, QuantizedVectors]
    """One row per language."""


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


def forget(table: RowWriter, numbers: Sequence[int]) -> None:
    """Remove the vectors of passages that are gone or changed."""
    taken = [number for number in numbers if table.entry("sentence_vectors", number)]
    for number in taken:
        table.remove("sentence_vectors", number)
    _write(table, dict.fromkeys(taken), 0)
    table.facts = replace(table.facts, embedded=table.facts.embedded - len(taken))


def _missing_chunks(table: RowWriter) -> list[int]:
    """Return the chunks not made for any passage in use; a chunk that is missing later is damage."""
    return [chunk for chunk in range(-(-table.facts.size // CHUNK)) if not table.entry("passage_vectors", chunk)]


def _write(table: RowWriter, changes: Mapping[int, Embedding | None], dimensions: int) -> None:
    """Write whole passages' vectors into their chunks; ``None`` removes one."""
    for chunk in sorted({number // CHUNK for number in changes}):
        old = passage_chunk(table, chunk) if table.entry("passage_vectors", chunk) else {}
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
    transaction: Callable[[], AbstractContextManager[RowWriter]],
    encoder: Encoder,
    *,
    progress: Callable[[int, int | None, str], None] | None = None,
    batch: int = BATCH,
) -> int:
    """Embed the passages of an index that have no vectors of this encoder; return how many.

    Vectors of another encoder are deleted first. Every batch of so many passages is a transaction: a stopped build resumes where it was.
    The caller holds the right to write the index. Raises the kinds of :class:`askdoc.errors.IndexError_`, and whatever
    ``progress`` raises.
    """
    done = 0
    last = -1
    while True:
        with transaction() as table:
            facts = table.facts
            embedded = facts.embedded
            if facts.encoder != encoder.name:
                for name in ("sentence_vectors", "passage_vectors"):
                    for (key,) in table.fetch(f"SELECT id FROM {name}"):
                        table.remove(name, key)
                embedded = 0
            numbers = [
                row[0]
                for row in table.fetch(
                    "SELECT id FROM passages WHERE id>? AND id NOT IN (SELECT id FROM sentence_vectors)"
                    " ORDER BY id LIMIT ?",
                    last,
                    batch,
                )
            ]
            whole = not numbers and facts.encoder == encoder.name
            if whole and not _missing_chunks(table):
                return done
            for chunk in _missing_chunks(table) if whole else ():
                table.put("passage_vectors", chunk, pack({}, encoder.dimensions))
            with outside():
                if progress is not None:
                    progress(embedded, facts.passages, messages.say("semantic-vectors"))
            _embed_rows(table, numbers, encoder)
            table.facts = replace(facts, encoder=encoder.name, embedded=embedded + len(numbers))
            table.finish()
        done += len(numbers)
        last = numbers[-1] if numbers else last


def _embed_rows(table: RowWriter, numbers: Sequence[int], encoder: Encoder) -> None:
    documents = table.documents()
    passages = [row.passage(documents[row.document], bead) for row, bead in table.passages(numbers).values()]
    if not passages:
        return
    with outside():
        embeddings = embed(passages, encoder)
    for number, embedding in zip(numbers, embeddings, strict=True):
        table.put("sentence_vectors", number, pack(embedding.sentences, encoder.dimensions))
    _write(table, dict(zip(numbers, embeddings, strict=True)), encoder.dimensions)
