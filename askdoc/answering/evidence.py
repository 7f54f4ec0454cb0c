"""What a passage's text says for a question: its best sentence, near forms, phrases, and which characters match."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from askdoc.answering.analyzed_version import NEAR, AnalyzedVersion, Sentence
from askdoc.model import Language
from askdoc.question.answer_type import answers
from askdoc.question.query import Query, Word
from askdoc.retrieval.candidates import Candidates
from askdoc.retrieval.cross_language import MARKED
from askdoc.retrieval.translations import Options, Translation
from askdoc.text.han import HAN_RUN
from askdoc.text.similarity import likeness
from askdoc.text.spans import disjoint, occurrences

_NONE: Final[Mapping[str, Options]] = {}

_PART: Final = 0.4
"""What a sentence that holds parts of a word gets of the word's worth."""

_NEAR: Final = 0.7
"""What a near form gets of the word's worth, times its likeness."""


class SentenceWeights(Struct, frozen=True):
    """What makes a sentence the answer: shares of the question's evidence, and the kind of answer it expects.

    Fitted by softmax regression over the sentences of judged passages (tests/quality).
    """

    words: float = 1.2
    """Share of the question's words, by their rarity in the index."""
    local: float = 2.1
    """The same share, each word weighed by how few sentences of the passage hold it as well."""
    kind: float = 1.75
    """It holds the kind of thing that the question expects."""
    together: float = 2.45
    """Share of the question's words that it and the sentence before it hold: answers follow what introduces them."""
    counterpart: float = 2.2
    """Share of the question's words whose translations stand in what corresponds to it in the other version."""
    near: float = 0.0
    """How near it is to the question in meaning."""
    counterpart_near: float = 0.0
    """How near what corresponds to it in the other version is."""


SENTENCE_WEIGHTS: Final = SentenceWeights()
SEMANTIC_SENTENCE_WEIGHTS: Final = SentenceWeights(0.6, 1.8, 1.8, 2.5, 1.6, 2.4, 3.1)
"""The same where sentence vectors take part."""


class SentenceEvidence(Struct, frozen=True):
    """What one sentence says for a question."""

    shares: tuple[float, ...]
    """For each word of the question how much of it the sentence holds, 0..1."""
    words: float
    """The sum of the shares, each times the word's inverse document frequency."""
    grams: float
    """Inverse document frequencies of the question's pairs of Chinese characters that it holds."""
    kind: bool
    """Whether it holds the kind of thing that the question expects."""


class VersionEvidence(Struct, frozen=True):
    """What one version of a passage says for a question."""

    sentences: tuple[SentenceEvidence, ...]
    covered: float
    """Inverse document frequencies of the words it holds anywhere."""

    @property
    def best(self) -> float:
        """The most that one sentence says in words."""
        return max((sentence.words for sentence in self.sentences), default=0.0)

    @property
    def best_grams(self) -> float:
        """The most that one sentence says in pairs of Chinese characters."""
        return max((sentence.grams for sentence in self.sentences), default=0.0)


def score_version(
    query: Query, reading: AnalyzedVersion, found: Candidates, translations: Mapping[str, Options] = _NONE
) -> VersionEvidence:
    """Weigh a version against a question, with the question's words weighed by their rarity in the index.

    ``translations`` of a word's term count for the word: given for a version that is not in the question's language.
    """
    asked = query.text.lower()
    columns = [_column(word, reading, found, translations.get(word.term)) for word in query.words]
    worth = [0.0] * len(reading.sentences)
    for word, column in zip(query.words, columns, strict=True):
        if any(column):  # most words stand in few passages
            rarity = found.idf[word.term]
            for at, held in enumerate(column):
                worth[at] += held * rarity
    folded = reading.form.text
    grams = [gram for gram in query.grams if gram in folded]
    sentences = [
        SentenceEvidence(
            shares,
            worth[at],
            sum([found.gram_idf[gram] for gram in grams if gram in sentence.folded]) if grams else 0.0,
            answers(query.kind, sentence.holdings, query.numbers, asked),
        )
        for at, (sentence, shares) in enumerate(zip(reading.sentences, zip(*columns, strict=True), strict=True))
    ]
    whole = [
        word
        for word in query.words
        if _holds(word, reading.terms, folded)
        or any(translated(each, reading.terms, folded) for each in translations.get(word.term, ()))
    ]
    return VersionEvidence(tuple(sentences), sum(found.idf[word.term] for word in whole))


def score_versions(
    query: Query, readings: Mapping[Language, AnalyzedVersion], found: Candidates, translations: Mapping[str, Options]
) -> dict[Language, VersionEvidence]:
    """:func:`score_version` for each version of a passage.

    Beside the version in the question's language, one that holds nothing of the question is not looked at closely.
    """
    return {
        language: _nothing(len(reading.sentences), len(query.words))
        if language != query.language and query.language in readings and _silent(query, reading)
        else score_version(query, reading, found, translations)
        for language, reading in readings.items()
    }


@lru_cache(maxsize=1024)
def _nothing(sentences: int, words: int) -> VersionEvidence:
    return VersionEvidence((SentenceEvidence((0.0,) * words, 0.0, 0.0, False),) * sentences, 0.0)


def _silent(query: Query, reading: AnalyzedVersion) -> bool:
    """Whether a version holds no word of the question, no part and no near form of one, and no pair of characters."""
    if query.forms or any(gram in reading.form.text for gram in query.grams):
        return False
    return not any(_touches(word, reading) or (not word.han and _near_forms(word, reading)) for word in query.words)


def _column(word: Word, reading: AnalyzedVersion, found: Candidates, options: Options | None) -> Sequence[float]:
    """How much of a word, or of what stands for it, each sentence of a version holds, 0..1."""
    shares = _shares(word, reading, word.term in found.unknown)
    return _crossed(shares, reading, options) if options else shares


def _shares(word: Word, reading: AnalyzedVersion, unknown: bool) -> Sequence[float]:
    """How much of a word each sentence of a version holds, 0..1."""
    near = {} if word.han else _near_forms(word, reading)
    if not near and not _touches(word, reading):
        return (0.0,) * len(reading.sentences)  # most words stand in few passages
    return [_share(word, sentence, near, unknown) for sentence in reading.sentences]


def _crossed(shares: Sequence[float], reading: AnalyzedVersion, options: Options) -> Sequence[float]:
    """The shares, or what the likeliest translation that a sentence holds is worth where that is more."""
    folded = reading.form.text
    inside = [(each, worth) for each, worth in options.items() if translated(each, reading.terms, folded)]
    if not inside:
        return shares
    return [
        max(
            share,
            *(worth if translated(each, sentence.terms, sentence.folded) else 0.0 for each, worth in inside),
        )
        for share, sentence in zip(shares, reading.sentences, strict=True)
    ]


def translated(translation: Translation, terms: frozenset[str], folded: str) -> bool:
    """Tell whether a translation stands in a text: all terms of an English one, a Chinese one as it is."""
    return translation[0] in folded if HAN_RUN.fullmatch(translation[0]) else terms.issuperset(translation)


def _touches(word: Word, reading: AnalyzedVersion) -> bool:
    """Whether a version holds anything of a word."""
    if word.han:
        return any(form in reading.form.text for form in (word.form, *word.parts))
    return word.term in reading.terms or not reading.terms.isdisjoint(word.parts)


def _holds(word: Word, terms: frozenset[str], folded: str) -> bool:
    if word.han:
        return word.form in folded
    return word.term in terms or (bool(word.parts) and all(part in terms for part in word.parts))


def _holds_part(word: Word, part: str, sentence: Sentence) -> bool:
    return part in (sentence.folded if word.han else sentence.terms)


def _near_forms(word: Word, reading: AnalyzedVersion) -> dict[str, float]:
    """The words of a version that are like a word which it does not hold, each with its likeness."""
    if len(word.form) < 4 or not word.form.isascii() or word.term in reading.terms:
        return {}
    alike = {form: likeness(word.form, form) for form in reading.forms.get(word.form[0], ())}
    return {form: value for form, value in alike.items() if value >= NEAR}


def _share(word: Word, sentence: Sentence, near: Mapping[str, float], unknown: bool) -> float:
    """How much of a word a sentence holds, 0..1."""
    if _holds(word, sentence.terms, sentence.folded):
        return 1.0
    if word.parts:
        share = sum(_holds_part(word, part, sentence) for part in word.parts) / len(word.parts)
        if share:
            return share if unknown else _PART * share
    return _NEAR * max((value for form, value in near.items() if form in sentence.forms), default=0.0)


def select_sentence(
    query: Query,
    evidence: VersionEvidence,
    found: Candidates,
    counterparts: Sequence[float] = (),
    near: Sequence[tuple[float, float]] = (),
) -> int | None:
    """The number of the sentence that answers; ``None`` where none says anything.

    ``near``: how near each sentence and its counterpart are to the question in meaning, where that is known.
    """
    weights = SEMANTIC_SENTENCE_WEIGHTS if near else SENTENCE_WEIGHTS
    worth = [getattr(weights, name) for name in SentenceWeights.__struct_fields__]
    scores = [
        sum(value * weight for value, weight in zip(row, worth, strict=True))
        for row in sentence_features(query, evidence, found, counterparts, near)
    ]
    best = max(range(len(scores)), key=lambda at: scores[at], default=None)
    if best is None or not (near or evidence.sentences[best].words or evidence.sentences[best].grams):
        return None
    return best


def sentence_features(
    query: Query,
    evidence: VersionEvidence,
    found: Candidates,
    counterparts: Sequence[float] = (),
    near: Sequence[tuple[float, float]] = (),
) -> list[tuple[float, ...]]:
    """For each sentence the features that :class:`SentenceWeights` weighs, in its order, each 0..1.

    ``counterparts``: what corresponds to each sentence in the other version says, where that was asked; ``near``: how
    near it and that are to the question in meaning.
    """
    count = len(evidence.sentences)
    rarity = [found.idf[word.term] for word in query.words]
    document_frequency = [sum(sentence.shares[at] > 0 for sentence in evidence.sentences) for at in range(len(rarity))]
    local = [
        weight * math.log((count + 1) / (held + 0.5)) if held else 0.0
        for weight, held in zip(rarity, document_frequency, strict=True)
    ]
    rows: list[tuple[float, ...]] = []
    before: tuple[float, ...] = (0.0,) * len(rarity)
    for at, sentence in enumerate(evidence.sentences):
        together = tuple(map(max, sentence.shares, before))
        rows.append(
            (
                _weighted(sentence.shares, rarity),
                _weighted(sentence.shares, local),
                float(sentence.kind),
                _weighted(together, rarity),
                counterparts[at] if counterparts else 0.0,
                *(near[at] if near else (0.0, 0.0)),
            )
        )
        before = sentence.shares
    return rows


def share(query: Query, sentence: SentenceEvidence, found: Candidates) -> float:
    """The share of the question's words that a sentence holds, by their rarity; 0..1."""
    return _weighted(sentence.shares, [found.idf[word.term] for word in query.words])


def _weighted(shares: Sequence[float], weights: Sequence[float]) -> float:
    return sum(share * weight for share, weight in zip(shares, weights, strict=True)) / (sum(weights) or 1.0)


def highlights(
    query: Query, reading: AnalyzedVersion, translations: Mapping[str, Options] = _NONE
) -> tuple[tuple[int, int], ...]:
    """Where the question's words, or these translations of them, stand in a version: spans, ascending, disjoint.

    Offsets are exact through normalisation, stemming and conversion of characters, because each token and each
    character of the folded text knows its origin. A part is marked only where its whole word does not stand.
    """
    terms = {word.term for word in query.words}
    spans = [(token.start, token.end) for token in reading.tokens if token.term in terms]
    folded = reading.form.text
    for word in query.words:
        if word.han:
            forms = [word.form] if word.form in folded else list(word.parts)
            spans += [reading.form.span(*span) for form in forms for span in occurrences(folded, form)]
        elif word.term not in reading.terms:
            spans += [(token.start, token.end) for token in reading.tokens if token.term in word.parts]
        for each, worth in translations.get(word.term, {}).items():
            if worth >= MARKED and translated(each, reading.terms, folded):
                spans += _translation_spans(each, reading)
    return disjoint(spans)


def _translation_spans(translation: Translation, reading: AnalyzedVersion) -> list[tuple[int, int]]:
    if HAN_RUN.fullmatch(translation[0]):
        return [reading.form.span(*span) for span in occurrences(reading.form.text, translation[0])]
    return [(token.start, token.end) for token in reading.tokens if token.term in translation]
