"""A cache of passages with their analyzed versions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from askdoc.answering.analyzed_version import AnalyzedVersion, analyze_version
from askdoc.model import Language
from askdoc.storage.snapshot import Snapshot, StoredPassage

_CACHED: Final = 4096
"""How many passages are cached, at most."""

AnalyzedPassage = tuple[StoredPassage, dict[Language, AnalyzedVersion]]


def analyzed_passages(snapshot: Snapshot, numbers: Sequence[int]) -> list[AnalyzedPassage]:
    """Return the passages of these numbers with their analyzed versions, from the cache where it has them."""
    cache: OrderedDict[int, AnalyzedPassage] = snapshot.cached("analyzed", OrderedDict)
    absent = [number for number in numbers if number not in cache]
    for number, stored in zip(absent, snapshot.passages(absent), strict=True):
        versions = stored.passage.versions.items()
        cache[number] = stored, {name: analyze_version(version.text, name) for name, version in versions}
    passages = [cache[number] for number in numbers]
    while len(cache) > _CACHED:
        cache.popitem(last=False)
    return passages
