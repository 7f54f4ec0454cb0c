"""Analysis in a process of its own: batches of passages come in as JSON, a line each, and their terms go out in columns.

Not :mod:`multiprocessing`: its children run the caller's main module again, which a script that asks two lines for a
build does not expect.
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
    """The terms of some passages in one field: what a process has to take apart once a term, not once an occurrence."""

    terms: list[str]
    """Each different term."""
    sizes: bytes
    """How many terms each passage has (u32 in the machine's order, as the two below)."""
    ids: bytes
    """Their places in ``terms``, passage after passage."""
    counts: bytes
    """How often each occurs."""


Columns = dict[str, Column]
"""For each field that any of the passages has, its column."""

_NOWHERE: Final = Place("", (1, 1), None, (0, 1))


def columns(batch: Batch) -> Columns:
    """The terms of some passages: what :func:`askdoc.analysis.index_terms` gives for each, in columns."""
    from askdoc.analysis import index_terms

    found = [index_terms(passage, title) for passage, title in batch]
    made: Columns = {}
    for field in dict.fromkeys(field for each in found for field in each):
        ids: dict[str, int] = {}
        parts = [each.get(field, {}) for each in found]
        sizes, places, counts = array("I", map(len, parts)), array("I"), array("I")
        for part in parts:
            places.extend([ids.setdefault(term, len(ids)) for term in part])
            counts.extend(part.values())
        made[field] = Column(list(ids), sizes.tobytes(), places.tobytes(), counts.tobytes())
    return made


def encode_batch(batch: Batch) -> bytes:
    """A line for the worker: of each passage what its terms depend on."""
    given = [
        [{language: [version.text, version.section] for language, version in passage.versions.items()}, dict(title)]
        for passage, title in batch
    ]
    # Half surrogate pairs may come from stand-ins for readers. JSON has no line ends of its own.
    return json.dumps(given, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def decode_batch(line: bytes) -> Batch:
    """What :func:`encode_batch` was given, as far as terms depend on it."""
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


def write_columns(answers: IO[bytes], made: Columns) -> None:
    """A line that says what follows, and the columns."""
    head = [[field, column.terms, *map(len, column[1:])] for field, column in made.items()]
    line = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    answers.write(b"".join([line, *(part for column in made.values() for part in column[1:])]))
    answers.flush()


def read_columns(answers: IO[bytes]) -> Columns:
    """What :func:`write_columns` wrote. Raises ValueError for anything else, as for a process that has ended."""
    made: Columns = {}
    for field, terms, *lengths in json.loads(answers.readline().decode("utf-8", "surrogatepass")):
        sizes, ids, counts = (answers.read(length) for length in lengths)
        if [*map(len, (sizes, ids, counts))] != lengths:
            message = "the answer ends early"
            raise ValueError(message)
        made[field] = Column(terms, sizes, ids, counts)
    return made


def serve(given: IO[bytes], answers: IO[bytes]) -> None:
    """Answer batches until there are no more."""
    for line in given:
        write_columns(answers, columns(decode_batch(line)))


def main() -> None:
    """What a worker process does; it ends with its standard input, also where the other process was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    serve(sys.stdin.buffer, sys.stdout.buffer)
