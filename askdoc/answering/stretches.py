"""The stretches of a passage that may be marked, and their features."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.answering.analyzed_version import AnalyzedVersion
from askdoc.answering.evidence import Scorer
from askdoc.answering.extents import Extent, extents
from askdoc.bitext.align import align
from askdoc.model import LANGUAGES, Bead, Language, other

if TYPE_CHECKING:
    from askdoc.answering.rank import RankedPassage

AMPLE: Final = 4
"""The number of words that is ample evidence."""

GAP: Final = 10.0
"""The difference of two passages' scores from which on a larger one says no more."""

_DEFINES: Final = re.compile(
    r"\b(?:is|are|was|were) (?:an?|the|any|one|what|when|where|how|those|every|all|used|defined)\b"
    r"|\b(?:means?|refers? to|stands? for|describes?|denotes?|defined as)\b"
    r"|(?<![不非])是(?:指|一|一种|一个)|指的?是|意味着|意思|定义"
)
"""What follows a word that is being defined."""

_SAYS: Final = re.compile(
    r"\b(?:is|are|was|were)\b(?! (?:not|never|no longer|also|still|only|likely|already|being|often|usually)\b)"
    r"|(?<![不非])是(?!否|不是|因为|由于)|即"
)
"""What follows a word of which something is said; that may define it."""

_SAID: Final = 0.4
"""How much of a definition that is."""

_NEAR: Final = 24
"""The most characters between the two."""

_NAMES: Final = re.compile(r"\b(?:called|known as|termed|dubbed)\b|称为|称作|称之为|叫做|叫作|名为|所谓|这就是")
"""What stands before a word that has just been defined: "This is called …"."""

_PATTERNED: Final = frozenset({"date", "percent", "duration", "number", "person", "place", "reason"})
"""The answer types that a pattern shows a sentence to hold."""


class StretchFeatures(Struct, frozen=True):
    """Features of a stretch that may be marked, each 0..1; shares are of the question's words, weighted by idf."""

    leader: float
    """1 in the passage of the highest score."""
    gap: float
    """How far the passage's score is behind the highest, as a share of :data:`GAP`, at most 1."""
    evidence: float
    """The passage's score, as a share of twice the idf of the question's words, at most 1."""
    passage: float
    """Share that the passage and the headings above it hold."""
    section: float
    """Share that the headings above it hold."""
    title: float
    """Share that the document's title holds."""
    amount: float
    """How many words the passage and its headings hold, as a share of :data:`AMPLE`, at most 1."""
    unnamed: float
    """1 where a name or number of the question stands in neither."""
    alone: float
    """1 where the passage lacks the question's language."""
    bridged: float
    """BM25 of the question's translations, as a share of twice the idf of its words, at most 1."""
    code: float
    """1 in code."""
    table: float
    """1 in a table."""
    list_kind: float
    """1 in a list or table where a list is asked for."""
    manner_kind: float
    """1 in a list or code where it is asked how to do something."""
    untyped: float
    """1 where no sentence of the passage holds the expected answer type."""
    together: float
    """Share that the stretch and the headings hold."""
    counted: float
    """The same, each word counted alike."""
    local: float
    """Share that the stretch holds, each word weighted by its inverse sentence frequency in the passage as well."""
    grams: float
    """Share of the question's pairs of Chinese characters that its best sentence holds."""
    before: float
    """Share that the stretch or the sentence before it holds: answers follow what introduces them."""
    counterpart: float
    """Share whose translations its counterpart in the other version holds."""
    answer_type: float
    """1 where it holds the expected answer type."""
    definition: float
    """Where a definition is asked for, how far a sentence defines a word of the question: "means", 是指, or just "is"."""
    lead: float
    """The share of the nearest heading that the question holds, where the stretch begins the passage."""
    two: float
    """1 with two sentences or more."""
    three: float
    """1 with three."""
    refers: float
    """1 where it refers back to a sentence that is left out."""
    similarity: float = 0.0
    """The highest semantic similarity of its sentences to the question."""
    counterpart_similarity: float = 0.0
    """The same of its counterpart's."""
    meaning: float = 0.0
    """The semantic similarity of the whole passage."""


class HeadingEvidence(Struct, frozen=True):
    """The evidence in the headings of one passage."""

    section: tuple[bool, ...]
    """For each word of the question whether a heading above the passage holds it."""
    title: tuple[bool, ...]
    """Whether the document's title holds it."""
    precision: float
    """The share of the nearest heading's words that the question holds, 0..1, the better version's."""


class Stretch(Struct, frozen=True):
    """Some consecutive sentences of a passage's primary version that may be marked."""

    first: int
    """The number of its first sentence."""
    last: int
    """The number of its last sentence."""
    features: StretchFeatures


def stretches(scorer: Scorer, ranked: RankedPassage, headings: HeadingEvidence, best_score: float) -> list[Stretch]:
    """Return the stretches of a passage, in the order of its text; ``best_score`` is the highest of a passage."""
    reading = _Reading(scorer, ranked, headings, best_score)
    return [
        Stretch(extent.start, extent.last, reading.features(extent))
        for extent in extents(ranked.versions[ranked.primary].text, ranked.primary)
    ]


class _Reading:
    """A passage read for a question: what its stretches have in common, and what each of its sentences holds."""

    def __init__(self, scorer: Scorer, ranked: RankedPassage, headings: HeadingEvidence, best_score: float) -> None:
        self._idf = idf = scorer.idf
        self._sentences = sentences = ranked.evidence[ranked.primary].sentences
        self._shares = [sentence.shares for sentence in sentences]
        self._local = _local(self._shares, idf)
        self._total, self._local_total = sum(idf) or 1.0, sum(self._local) or 1.0
        self._grams = sum(scorer.candidates.gram_idf.values()) or 1.0
        self._precision = headings.precision
        self._above = list(map(max, headings.section, headings.title))
        self._counterparts = _counterpart_shares(scorer, ranked)
        self._similarities = _similarities(ranked)
        expected, kind = scorer.answer_type, ranked.stored.passage.kind
        defines = expected == "definition"
        version = ranked.versions[ranked.primary]
        self._definitions = [_definition(scorer, sentence.folded) if defines else 0.0 for sentence in version.sentences]
        covered = [max(column) for column in zip(*self._shares, self._above, strict=True)]
        self._common = {
            "leader": float(ranked.score >= best_score),
            "gap": min((best_score - ranked.score) / GAP, 1.0),
            "evidence": min(ranked.score / (sum(idf) or 1.0) / 2, 1.0),
            "passage": _share(covered, idf),
            "section": _share(headings.section, idf),
            "title": _share(headings.title, idf),
            "amount": min(sum(covered) / AMPLE, 1.0),
            "unnamed": float(
                any(word.weight == "name" and not share for word, share in zip(scorer.words, covered, strict=True))
            ),
            "alone": float(scorer.language not in ranked.versions),
            "bridged": min(_feature(scorer, ranked, "bridge", "bridge_alone") / (sum(idf) or 1.0) / 2, 1.0),
            "code": float(kind == "code"),
            "table": float(kind == "table"),
            "list_kind": float(kind in ("list", "table") and expected == "list"),
            "manner_kind": float(kind in ("list", "code") and expected == "manner"),
            "untyped": float(expected in _PATTERNED and not any(sentence.answer_type for sentence in sentences)),
            "meaning": _feature(scorer, ranked, "meaning", "meaning_alone"),
        }

    def features(self, extent: Extent) -> StretchFeatures:
        """Return the features of a stretch; a sentence that is only taken along adds none."""
        inside = slice(extent.first, extent.last + 1)
        sentences, similarities = self._sentences[inside], self._similarities[inside]
        shares = list(map(max, *self._shares[inside])) if extent.last > extent.first else self._shares[extent.first]
        with_above = list(map(max, shares, self._above))
        with_before = list(map(max, shares, self._shares[extent.first - 1])) if extent.first else shares
        return StretchFeatures(
            **self._common,
            together=sum(map(mul, with_above, self._idf)) / self._total,
            counted=sum(with_above) / (len(with_above) or 1),
            local=sum(map(mul, shares, self._local)) / self._local_total,
            grams=max(sentence.grams for sentence in sentences) / self._grams,
            before=sum(map(mul, with_before, self._idf)) / self._total,
            counterpart=max(self._counterparts[inside], default=0.0),
            answer_type=float(any(sentence.answer_type for sentence in sentences)),
            definition=max(self._definitions[inside]),
            lead=self._precision if extent.start == 0 else 0.0,
            two=float(extent.last > extent.first),
            three=float(extent.last > extent.first + 1),
            refers=float(extent.refers),
            similarity=max((own for own, _ in similarities), default=0.0),
            counterpart_similarity=max((theirs for _, theirs in similarities), default=0.0),
        )


def _feature(scorer: Scorer, ranked: RankedPassage, *names: str) -> float:
    """Return the sum of a passage's features of these names from the first stage."""
    return sum(scorer.candidates.features.get(name, {}).get(ranked.number, 0.0) for name in names)


def _share(shares: Sequence[float], weights: Sequence[float]) -> float:
    products: Iterable[float] = map(mul, shares, weights)
    return sum(products) / (sum(weights) or 1.0)


def _local(shares: Sequence[Sequence[float]], idf: Sequence[float]) -> list[float]:
    """Return each word's idf times its inverse sentence frequency; 0 for a word that no sentence holds."""
    frequencies = [sum(sentence[word] > 0 for sentence in shares) for word in range(len(idf))]
    return [
        weight * math.log((len(shares) + 1) / (frequency + 0.5)) if frequency else 0.0
        for weight, frequency in zip(idf, frequencies, strict=True)
    ]


def _definition(scorer: Scorer, folded: str) -> float:
    """Return how far a sentence says, close to a word of the question, what it is or what is called so; 0..1."""
    best = 0.0
    for word in scorer.words:
        start = folded.find(word.form)
        end = start + len(word.form)
        if start < 0:
            continue
        if _DEFINES.search(folded, end, end + _NEAR) or _NAMES.search(folded, max(start - _NEAR, 0), start):
            return 1.0
        if _SAYS.search(folded, end, end + _NEAR):
            best = _SAID
    return best


def _counterpart_shares(scorer: Scorer, ranked: RankedPassage) -> list[float]:
    """Return for each sentence the share of the question whose translations its counterpart holds, 0..1.

    Empty where the question was not translated into the other version's language.
    """
    second = ranked.versions.get(other(ranked.primary))
    if not (second and second.sentences) or ranked.primary != scorer.language:
        return []
    translated = scorer.score_translated(second)
    if translated is None:
        return []
    shares = [_share(sentence.shares, scorer.idf) for sentence in translated.sentences]
    return [max(shares[first : last + 1]) for first, last in counterparts(ranked.primary, ranked.versions)]


def _similarities(ranked: RankedPassage) -> list[tuple[float, float]]:
    """Return the semantic similarity of each sentence, and of its counterpart, to the question; empty without vectors."""
    similarities, versions = ranked.similarities, ranked.versions
    own, others = (similarities.get(language, ()) for language in (ranked.primary, other(ranked.primary)))
    if not own or len(own) != len(versions[ranked.primary].sentences):
        return []
    second = versions.get(other(ranked.primary))
    if second is None or not others or len(others) != len(second.sentences):
        return [(value, value) for value in own]
    spans = counterparts(ranked.primary, versions)
    return [(value, max(others[first : last + 1])) for value, (first, last) in zip(own, spans, strict=True)]


# --- counterparts --------------------------------------------------------------------------------------------------


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
