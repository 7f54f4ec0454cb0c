"""The versions of passages, analyzed for ranking and marking: their sentences, terms and characters. The index caches them.

Chinese stays a text, not words: matching needs no segmentation, and an English question never waits for jieba.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from askdoc.analysis import unsegmented
from askdoc.analysis.tokens import Token
from askdoc.model import Language
from askdoc.question.answer_type import AnswerTypeSpans
from askdoc.storage.snapshot import Snapshot, StoredPassage
from askdoc.text.normalize import NormalizedText, fold, normalize
from askdoc.text.sentences import sentences

_CACHED: Final = 4096
"""How many passages are cached, at most."""

NEAR: Final = 0.4
"""English words of at least this Dice similarity are near forms of each other ("suburbs", "suburban")."""


class Sentence(Struct, frozen=True):
    """One sentence of a version."""

    start: int
    end: int
    terms: frozenset[str]
    folded: str
    """Its normalized text."""
    forms: frozenset[str]
    """English words of four letters or more, folded, as they stand."""
    answer_type_spans: AnswerTypeSpans
    """What it holds of each answer type."""


class AnalyzedVersion(Struct, frozen=True):
    """An analyzed version of a passage."""

    text: str
    form: NormalizedText
    tokens: tuple[Token, ...]
    """Words and their subterms, in order; neither stop words nor Chinese words."""
    sentences: tuple[Sentence, ...]
    terms: frozenset[str]
    forms: Mapping[str, tuple[str, ...]]
    """The forms of all sentences by their first letter."""


def analyze_version(text: str, language: Language) -> AnalyzedVersion:
    """Analyze a version of a passage."""
    form = normalize(text)
    content = tuple(token for token in unsegmented(text, form) if token.kind != "stop")
    ordered = sorted(content, key=lambda token: token.start)
    starts = [token.start for token in ordered]
    analyzed = tuple(
        _sentence(text, start, end, ordered[bisect_left(starts, start) : bisect_left(starts, end)])
        for start, end in sentences(text, language)
    )
    return AnalyzedVersion(
        text,
        form,
        content,
        analyzed,
        frozenset(token.term for token in content),
        _by_initial(frozenset().union(*(sentence.forms for sentence in analyzed))),
    )


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


def _sentence(text: str, start: int, end: int, tokens: Iterable[Token]) -> Sentence:
    """Return the sentence of a span; ``tokens`` begin in it."""
    piece = text[start:end]
    contained = [token for token in tokens if token.end <= end]
    forms = frozenset(
        folded
        for token in contained
        if token.kind == "word" and (folded := text[token.start : token.end].lower()).isascii() and len(folded) > 3
    )
    return Sentence(
        start,
        end,
        frozenset(token.term for token in contained),
        fold(piece),
        forms,
        AnswerTypeSpans(piece),
    )


def _by_initial(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for form in sorted(forms):
        table.setdefault(form[0], []).append(form)
    return {initial: tuple(group) for initial, group in table.items()}
