"""What a passage's text says for a question: its best sentence, near forms, phrases, and which characters match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from askdoc.answering.query import Query, Word
from askdoc.answering.reading import PREFIX, Reading, Sentence

_PART: Final = 0.4
"""What a sentence that holds parts of a word gets of the word's worth."""

_NEAR: Final = 0.5
"""What a near form gets of the word's worth."""


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """What makes a sentence the answer: shares of the question's evidence, and what kind of answer it expects.

    Fitted by softmax regression over the sentences of the judged passages (tests/quality).
    """

    words: float = 6.0
    grams: float = 3.0
    kind: float = 0.8
    before: float = 0.5
    """Evidence of the sentence before it: answers follow what introduces them."""
    length: float = 0.0


SENTENCE_WEIGHTS: Final = SentenceWeights()


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """What one sentence says for a question, in sums of inverse document frequencies."""

    words: float
    grams: float
    kind: bool


@dataclass(frozen=True, slots=True)
class VersionEvidence:
    """What one version of a passage says for a question."""

    sentences: tuple[SentenceEvidence, ...]
    near: float
    phrase: float
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

    @property
    def best_of_kind(self) -> float:
        """The most that a sentence with the expected kind of answer says in words."""
        return max((sentence.words for sentence in self.sentences if sentence.kind), default=0.0)


def weigh(query: Query, reading: Reading, idf: Mapping[str, float], gram_idf: Mapping[str, float]) -> VersionEvidence:
    """Weigh a version against a question, with the question's words weighed by their rarity in the index."""
    numbers = frozenset(word.form for word in query.words if word.form[:1].isdigit())
    asked = query.text.lower()
    found = tuple(
        SentenceEvidence(
            sum(idf[word.term] * _share(word, sentence) for word in query.words),
            sum(gram_idf[gram] for gram in query.grams if gram in sentence.grams),
            _of_kind(query, sentence, numbers, asked),
        )
        for sentence in reading.sentences
    )
    whole = [word for word in query.words if _holds(word, reading.terms, reading.grams)]
    held = {word.term for word in whole}
    near = sum(
        idf[word.term] for word in query.words if word.term not in held and word.form[:PREFIX] in reading.prefixes
    )
    phrase = sum(
        (idf[one] + idf[two]) / 2 for one, two in query.pairs if (one, two) in reading.pairs and one in idf and two in idf
    )
    return VersionEvidence(found, near, phrase, sum(idf[word.term] for word in whole))


def _holds(word: Word, terms: frozenset[str], grams: frozenset[str]) -> bool:
    if word.han:
        return all(gram in grams for gram in word.grams)
    return word.term in terms or (bool(word.parts) and all(part in terms for part in word.parts))


def _share(word: Word, sentence: Sentence) -> float:
    """How much of a word a sentence holds, 0..1."""
    if _holds(word, sentence.terms, sentence.grams):
        return 1.0
    if word.parts:
        share = sum(part in sentence.terms for part in word.parts) / len(word.parts)
        if share:
            return _PART * share
    if not word.han and word.form[:PREFIX] in sentence.prefixes:
        return _NEAR
    return 0.0


def _of_kind(query: Query, sentence: Sentence, numbers: frozenset[str], asked: str) -> bool:
    """Whether a sentence holds what the question expects and does not itself say."""
    if query.kind == "number":
        return bool(sentence.numbers - numbers)
    if query.kind == "name":
        return any(name.lower() not in asked for name in sentence.names)
    return False


def choose(
    query: Query, reading: Reading, evidence: VersionEvidence, total: float, weights: SentenceWeights = SENTENCE_WEIGHTS
) -> int | None:
    """The number of the sentence that answers; ``None`` where none says anything. ``total``: the question's whole idf."""
    scores = sentence_scores(query, reading, evidence, total, weights)
    best = max(range(len(scores)), key=lambda at: scores[at], default=None)
    if best is None or not (evidence.sentences[best].words or evidence.sentences[best].grams):
        return None
    return best


def sentence_features(query: Query, reading: Reading, evidence: VersionEvidence, total: float) -> list[tuple[float, ...]]:
    """For each sentence the features that :class:`SentenceWeights` weighs, in its order."""
    grams = max((sentence.grams for sentence in evidence.sentences), default=0.0) or 1.0
    whole = total or 1.0
    rows: list[tuple[float, ...]] = []
    for at, sentence in enumerate(evidence.sentences):
        before = evidence.sentences[at - 1].words if at else 0.0
        size = (reading.sentences[at].end - reading.sentences[at].start) / max(len(reading.text), 1)
        rows.append((sentence.words / whole, sentence.grams / grams, float(sentence.kind), before / whole, size))
    return rows


def sentence_scores(
    query: Query, reading: Reading, evidence: VersionEvidence, total: float, weights: SentenceWeights = SENTENCE_WEIGHTS
) -> list[float]:
    """One score a sentence: higher answers better."""
    worth = (weights.words, weights.grams, weights.kind, weights.before, weights.length)
    return [
        sum(value * weight for value, weight in zip(row, worth, strict=True))
        for row in sentence_features(query, reading, evidence, total)
    ]


def highlights(query: Query, reading: Reading) -> tuple[tuple[int, int], ...]:
    """Where the question's words stand in a version: spans of its text, ascending, disjoint.

    Offsets are exact through normalisation, stemming and conversion of characters, because each token and each character
    of the folded text knows its origin. A part is marked only where its whole word does not stand.
    """
    terms = {word.term for word in query.words}
    spans = [(token.start, token.end) for token in reading.tokens if token.term in terms]
    folded = reading.form.text
    for word in query.words:
        if word.han:
            whole = [reading.form.span(at, at + len(word.form)) for at in _occurrences(folded, word.form)]
        else:
            whole = [(token.start, token.end) for token in reading.tokens if token.term == word.term]
        spans += whole
        if not whole:
            spans += [(token.start, token.end) for token in reading.tokens if token.term in word.parts]
    return _merge(spans)


def _occurrences(text: str, word: str) -> list[int]:
    found = []
    at = text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + len(word))
    return found


def _merge(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        elif end > start:
            merged.append((start, end))
    return tuple(merged)
