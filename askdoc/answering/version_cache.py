"""Passages with their versions read closely, kept from one question to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from askdoc.answering.analyzed_version import AnalyzedVersion, read
from askdoc.model import Language
from askdoc.retrieval.index_access import Reader

if TYPE_CHECKING:
    from askdoc.storage.index_reader import StoredPassage

_KEPT: Final = 4096
"""How many passages an open index keeps read."""


class AnalyzedVersions:
    """The passages of an index, read. May be shared by threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[StoredPassage, dict[Language, AnalyzedVersion]]] = OrderedDict()

    def read(self, numbers: Sequence[int]) -> list[tuple[StoredPassage, dict[Language, AnalyzedVersion]]]:
        """The passages of these numbers with their readings, most of them kept from earlier questions."""
        generation = self._reader.generation
        with self._lock:
            known = {number: self._kept[generation, number] for number in numbers if (generation, number) in self._kept}
        wanted = [number for number in numbers if number not in known]
        for number, stored in zip(wanted, self._reader.passages(wanted), strict=True):
            known[number] = (
                stored,
                {language: read(version.text, language) for language, version in stored.passage.versions.items()},
            )
        with self._lock:
            for number in wanted:
                self._kept[generation, number] = known[number]
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return [known[number] for number in numbers]
