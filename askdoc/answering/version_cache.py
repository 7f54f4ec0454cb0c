"""A cache of passages with their analyzed versions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from askdoc.answering.analyzed_version import AnalyzedVersion, analyze_version
from askdoc.model import Language
from askdoc.retrieval.index_access import Reader

if TYPE_CHECKING:
    from askdoc.storage.index_reader import StoredPassage

_CACHED: Final = 4096
"""How many passages are cached, at most."""


class AnalyzedVersions:
    """The analyzed passages of an index. May be shared by threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, int], tuple[StoredPassage, dict[Language, AnalyzedVersion]]] = OrderedDict()

    def read(self, numbers: Sequence[int]) -> list[tuple[StoredPassage, dict[Language, AnalyzedVersion]]]:
        """Return the passages of these numbers with their analyzed versions, from the cache where it has them."""
        generation = self._reader.generation
        with self._lock:
            passages = {
                number: self._cache[generation, number] for number in numbers if (generation, number) in self._cache
            }
        absent = [number for number in numbers if number not in passages]
        for number, stored in zip(absent, self._reader.passages(absent), strict=True):
            passages[number] = (
                stored,
                {
                    language: analyze_version(version.text, language)
                    for language, version in stored.passage.versions.items()
                },
            )
        with self._lock:
            for number in absent:
                self._cache[generation, number] = passages[number]
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return [passages[number] for number in numbers]
