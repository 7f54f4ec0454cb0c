"""Builds the SQLite file from the dictionary's entries: weighted translations in both directions, and sounds."""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import json

from askdoc.analysis import chinese, english
from askdoc.lexicon.cedict import Translation, entries, sounds, translations
from askdoc.lexicon.irregular import FORMS
from askdoc.storage.private_files import put_in_place

LATER_SENSE: Final = 0.8
"""The weight of each further sense of an entry, relative to the sense before."""

_PARTIAL_GLOSS: Final = 0.2
"""The weight of a gloss of several words for a single one ("drive car" for "drive"), divided by their number."""

MOST: Final = 32
"""The maximum Chinese words for an English one: the likeliest by weight and frequency."""

_LONGEST_PARTIAL_GLOSS: Final = 3
"""The maximum terms of such a gloss."""

_SCHEMA: Final = """
CREATE TABLE source (key TEXT NOT NULL);
CREATE TABLE chinese (terms TEXT PRIMARY KEY, words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE english (han TEXT PRIMARY KEY, glosses TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sounds (sound TEXT, han TEXT, PRIMARY KEY (sound, han)) WITHOUT ROWID;
CREATE INDEX sounds_of ON sounds (han);
"""
"""Stems, or a simplified word → translations with weights, as JSON; and the characters of each sound."""


def build(source: Path, key: str) -> sqlite3.Connection:
    """Make the dictionary's database in memory. Raises what reading the dictionary raises."""
    lines = list(entries(source))
    senses = [sense for entry in lines for sense in translations(entry)]
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(_SCHEMA)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO source VALUES (?)", (key,))
    connection.executemany("INSERT INTO chinese VALUES (?, ?)", sorted(_to_chinese(senses)))
    connection.executemany("INSERT INTO english VALUES (?, ?)", sorted(_to_english(senses)))
    pairs = {(sound, char) for entry in lines for char, sound in sounds(entry)}
    connection.executemany("INSERT INTO sounds VALUES (?, ?)", sorted(pairs))
    connection.execute("COMMIT")
    return connection


def save(connection: sqlite3.Connection, path: Path) -> None:
    """Save the database atomically in a private folder; do nothing if the folder cannot be written."""
    with contextlib.suppress(OSError):
        put_in_place(path, connection.serialize(), sync=True)


def _row(word: str, meanings: Iterable[tuple[str | tuple[str, ...], float]]) -> tuple[str, str]:
    rounded = [(meaning, max(1, round(weight * 1000)) / 1000) for meaning, weight in meanings]
    return word, json.encode(rounded).decode()


def _to_english(senses: Iterable[Translation]) -> Iterator[tuple[str, str]]:
    table: defaultdict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
    for sense in senses:
        glosses = table[sense.han]
        glosses[sense.terms] = max(LATER_SENSE**sense.rank, glosses.get(sense.terms, 0.0))
    for han, glosses in table.items():
        yield _row(han, sorted(glosses.items(), key=lambda gloss: -gloss[1]))


def _to_chinese(senses: Iterable[Translation]) -> Iterator[tuple[str, str]]:
    table: defaultdict[str, dict[str, float]] = defaultdict(dict)

    def add(terms: str, han: str, weight: float) -> None:
        table[terms][han] = max(weight, table[terms].get(han, 0.0))

    for sense in senses:
        weight = LATER_SENSE**sense.rank
        add(" ".join(sense.terms), sense.han, weight)
        if 1 < len(sense.terms) <= _LONGEST_PARTIAL_GLOSS:
            for term in set(sense.terms):
                add(term, sense.han, _PARTIAL_GLOSS * weight / len(sense.terms))
    for base, forms in FORMS.items():
        words = table.get(english.stem(base), {})
        for form in forms:
            for han, weight in list(words.items()):
                add(english.stem(form), han, weight)
    frequencies = _frequencies()
    for terms, words in table.items():
        ranked = sorted(words.items(), key=lambda word: (-word[1] * math.log(2 + frequencies.get(word[0], 0)), word[0]))
        yield _row(terms, ranked[:MOST])


def _frequencies() -> dict[str, int]:
    """Return the frequencies of Chinese words in jieba's packaged dictionary; empty without jieba."""
    path = chinese.dictionary_file()
    if path is None:
        return {}
    with path.open(encoding="utf-8") as lines:
        return {word: int(count) for word, count, _ in (line.split(" ") for line in lines)}
