"""Embeds the passages of an index that have no sentence vectors, one transaction per batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from askdoc import messages
from askdoc.analysis.sentence_encoder import Encoder
from askdoc.model import LANGUAGES, Passage
from askdoc.storage.embeddings import CHUNK, pack, passage_chunk, quantised
from askdoc.storage.schema import outside
from askdoc.storage.writing.row_writer import RowWriter
from askdoc.text.sentences import sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH: Final = 64
"""Passages embedded and written per transaction: what a killed build loses."""


class Embedding(NamedTuple):
    """The vectors of one passage."""

    sentences: NDArray[np.int8]
    """Those of its English sentences, then those of its Chinese ones."""
    english: int
    """The number of its English sentences."""
    whole: NDArray[np.int8]
    """The mean of those of its versions as wholes, shape ``(dimensions,)``."""


def embed(passages: Sequence[Passage], encoder: Encoder) -> list[Embedding]:
    """Return the vectors of passages."""
    texts: list[str] = []
    bounds: list[tuple[int, int, int, int]] = []
    for passage in passages:
        start = english = len(texts)
        versions = [
            (language, passage.versions[language].text) for language in LANGUAGES if language in passage.versions
        ]
        for language, text in versions:
            texts += [text[first:end] for first, end in sentences(text, language)]
            english = len(texts) if language == "en" else english
        bounds.append((start, english, len(texts), len(texts) + len(versions)))
        texts += [text for _, text in versions]
    vectors = encoder.encode(texts)
    return [
        Embedding(
            quantised(vectors[start:middle]), english - start, quantised(vectors[middle:end].mean(axis=0)[None])[0]
        )
        for start, english, middle, end in bounds
    ]


def forget(rows: RowWriter, numbers: Sequence[int]) -> None:
    """Remove the vectors of passages that are gone or changed."""
    taken = [number for number in numbers if rows.entry("sentence_vectors", number)]
    for number in taken:
        rows.remove("sentence_vectors", number)
    _put(rows, dict.fromkeys(taken))
    rows.facts = replace(rows.facts, embedded=rows.facts.embedded - len(taken))


def _put(rows: RowWriter, wholes: Mapping[int, NDArray[np.int8] | None]) -> None:
    """Put vectors of whole passages into the matrix; ``None`` removes one."""
    import numpy as np

    for chunk, numbers in groupby(sorted(wholes), key=lambda number: number // CHUNK):
        old = passage_chunk(rows, chunk)
        new = {number % CHUNK: wholes[number] for number in numbers}
        dimensions = max(old.shape[1], *(0 if vector is None else len(vector) for vector in new.values()))
        values = np.zeros((CHUNK, dimensions), np.int8)
        if len(old):
            values[: len(old)] = old
        for row, vector in new.items():
            values[row] = 0 if vector is None else vector
        used = np.flatnonzero(values.any(axis=1))
        if len(used):
            rows.put("passage_vectors", chunk, pack(values[: used[-1] + 1]))
        else:
            rows.remove("passage_vectors", chunk)


def fill(
    transaction: Callable[[], AbstractContextManager[RowWriter]],
    encoder: Encoder,
    *,
    progress: Callable[[int, int | None, str], None] | None = None,
    batch: int = BATCH,
) -> None:
    """Embed the passages of an index that have no vectors of this encoder.

    Vectors of another encoder are deleted first. Every batch of so many passages is a transaction: a stopped build
    resumes where it was. The caller holds the right to write the index. Raises the kinds of
    :class:`askdoc.errors.IndexError_`, and whatever ``progress`` raises.
    """
    last = -1
    while True:
        with transaction() as rows:
            facts = rows.facts
            if facts.encoder != encoder.name:
                for table in ("sentence_vectors", "passage_vectors"):
                    for key in rows.keys(table):
                        rows.remove(table, key)
            query = (
                "SELECT id FROM passages WHERE id>? AND NOT EXISTS"
                " (SELECT 1 FROM sentence_vectors WHERE sentence_vectors.id=passages.id) ORDER BY id LIMIT ?"
            )
            numbers = [number for (number,) in rows.fetch(query, last, batch)]
            if not numbers and facts.encoder == encoder.name:
                return
            embedded = facts.embedded if facts.encoder == encoder.name else 0
            with outside():
                if progress is not None:
                    progress(embedded, facts.passages, messages.say("semantic-vectors"))
            _embed_rows(rows, numbers, encoder)
            rows.facts = replace(facts, encoder=encoder.name, embedded=embedded + len(numbers))
            rows.finish()
        last = numbers[-1] if numbers else last


def _embed_rows(rows: RowWriter, numbers: Sequence[int], encoder: Encoder) -> None:
    documents = rows.documents()
    stored = rows.passages(numbers)
    passages = [row.passage(documents[row.document], bead) for row, bead in stored.values()]
    with outside():
        embeddings = dict(zip(stored, embed(passages, encoder) if passages else (), strict=True))
    for number, embedding in embeddings.items():
        rows.put("sentence_vectors", number, pack(embedding.sentences, embedding.english))
    _put(rows, {number: embedding.whole for number, embedding in embeddings.items()})
