"""Which sentences of a passage's other version say what each of its sentences says."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache

from askdoc.answering.analyzed_version import AnalyzedVersion
from askdoc.bitext.align import align
from askdoc.model import LANGUAGES, Bead, Language, other


@lru_cache(maxsize=2048)
def _aligned(en: tuple[str, ...], zh: tuple[str, ...]) -> tuple[Bead, ...]:
    """Align the sentences of a passage; cached, as it takes two milliseconds."""
    return tuple(align(en, zh))


def counterparts(language: Language, versions: Mapping[Language, AnalyzedVersion]) -> list[tuple[int, int]]:
    """Return the first and last counterpart of each sentence: by alignment, else by its position in the text."""
    texts = {
        side: tuple(versions[side].text[sentence.start : sentence.end] for sentence in versions[side].sentences)
        for side in LANGUAGES
    }
    table: list[tuple[int, int] | None] = [None] * len(versions[language].sentences)
    for bead in _aligned(texts["en"], texts["zh"]):
        mine, theirs = (bead.en, bead.zh) if language == "en" else (bead.zh, bead.en)
        if theirs[0] < theirs[1]:
            for number in range(*mine):
                table[number] = theirs[0], theirs[1] - 1
    return [aligned or _by_place(language, versions, number) for number, aligned in enumerate(table)]


def _by_place(language: Language, versions: Mapping[Language, AnalyzedVersion], number: int) -> tuple[int, int]:
    """Return the sentence of the other version whose middle is nearest, by the share of the text before it."""
    own, others = versions[language].sentences, versions[other(language)].sentences
    middle = (own[number].start + own[number].end) / 2 / max(len(versions[language].text), 1)
    position = middle * len(versions[other(language)].text)
    # Sentences are disjoint and in order, so that their middles ascend: of equal ones the first is the nearest.
    following = bisect_left(others, position, key=lambda sentence: (sentence.start + sentence.end) / 2)
    around = range(max(following - 1, 0), min(following + 1, len(others)))
    nearest = min(around, key=lambda index: abs((others[index].start + others[index].end) / 2 - position))
    return nearest, nearest
