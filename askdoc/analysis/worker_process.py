"""Analysis in a separate process: it reads batches of passages as lines of JSON and writes their terms in columns.

:mod:`multiprocessing` is not used: its children run the caller's main module again, which a two-line script that builds
an index does not expect.
"""

from __future__ import annotations

import json
import signal
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import IO, Final, NamedTuple

from askdoc.model import LANGUAGES, Language, Passage, Place, Version

Batch = Sequence[tuple[Passage, Mapping[Language, str]]]
"""Passages with the titles of their documents."""


class Column(NamedTuple):
    """The terms of several passages in a single field; each different term is transferred once, not per occurrence."""

    terms: list[str]
    """Each different term."""
    sizes: bytes
    """The number of terms of each passage (u32 in native byte order, as the two below)."""
    ids: bytes
    """Their indexes in ``terms``, passage after passage."""
    counts: bytes
    """Their frequencies in the passage."""


Columns = dict[str, Column]
"""The column of each field that any of the passages has."""

_NOWHERE: Final = Place("", (1, 1), None, (0, 1))


def columns(batch: Batch) -> Columns:
    """Return the :func:`askdoc.analysis.index_terms` of several passages in columns."""
    from askdoc.analysis import index_terms

    passages = [index_terms(passage, title) for passage, title in batch]
    by_field: Columns = {}
    for field in dict.fromkeys(field for fields in passages for field in fields):
        index: dict[str, int] = {}
        frequencies = [fields.get(field, {}) for fields in passages]
        sizes, ids, counts = array("I", map(len, frequencies)), array("I"), array("I")
        for terms in frequencies:
            ids.extend([index.setdefault(term, len(index)) for term in terms])
            counts.extend(terms.values())
        by_field[field] = Column(list(index), sizes.tobytes(), ids.tobytes(), counts.tobytes())
    return by_field


def encode_batch(batch: Batch) -> bytes:
    """Encode a batch as a line for the worker: what the terms of each passage depend on."""
    rows = [
        [{language: [version.text, version.section] for language, version in passage.versions.items()}, dict(title)]
        for passage, title in batch
    ]
    # Lone surrogates may come from custom readers. JSON without indentation has no line breaks.
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def decode_batch(line: bytes) -> Batch:
    """Decode a line of :func:`encode_batch`."""
    return [
        (
            Passage(
                "",
                {
                    language: Version(versions[language][0], _NOWHERE, tuple(versions[language][1]))
                    for language in LANGUAGES
                    if language in versions
                },
            ),
            title,
        )
        for versions, title in json.loads(line.decode("utf-8", "surrogatepass"))
    ]


def write_columns(output: IO[bytes], by_field: Columns) -> None:
    """Write a header line with the terms and lengths, then the columns' numbers."""
    header = [[field, column.terms, *map(len, column[1:])] for field, column in by_field.items()]
    line = json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    output.write(b"".join([line, *(part for column in by_field.values() for part in column[1:])]))
    output.flush()


def read_columns(source: IO[bytes]) -> Columns:
    """Read what :func:`write_columns` wrote. Raises ValueError for anything else, also if the process has ended."""
    by_field: Columns = {}
    for field, terms, *lengths in json.loads(source.readline().decode("utf-8", "surrogatepass")):
        sizes, ids, counts = (source.read(length) for length in lengths)
        if [*map(len, (sizes, ids, counts))] != lengths:
            message = "the answer ends early"
            raise ValueError(message)
        by_field[field] = Column(terms, sizes, ids, counts)
    return by_field


def main() -> None:
    """Analyse batches until standard input ends, which it also does if the parent process is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent process
    for line in sys.stdin.buffer:
        write_columns(sys.stdout.buffer, columns(decode_batch(line)))
