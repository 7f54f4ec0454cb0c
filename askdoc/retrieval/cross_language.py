"""Cross-lingual retrieval: each word of a question as the distribution of its translations in the other language.

A word's translations are one synonym group: their term frequencies, weighted by translation probability, add up to one,
and so do their document frequencies; BM25 scores them as a single word (probabilistic structured queries: Darwish and
Oard 2003, after Pirkola 1998). So ten translations do not count ten times, and one that the documents never use takes
no part. English words are also matched by single characters, because Chinese compounds of one meaning share them
(增长, 增加) where the dictionary has only one of the compounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct

from askdoc.model import Language, other
from askdoc.question.query import Query
from askdoc.retrieval.bm25 import bm25, inverse_document_frequency
from askdoc.retrieval.term_scores import TermScores
from askdoc.retrieval.translations import Options, Translation, character_shares

LEAST_CHARACTER: Final = 0.1
"""The least share of a word's translations in which a character must occur to be looked up."""

LIGHT: Final = 0.5
"""The weight of a frame word."""

LEAST: Final = 0.05
"""The least weight of a translation that is evidence, as a share of the largest in use."""

MARKED: Final = 0.3
"""The least share from which a translation is marked in the text."""


class CrossLingualScores(Struct, frozen=True):
    """Scores of a question's translations in text of the other language, of the passages that are looked at.

    A passage that also has the question's language is judged by that: there, translations only order what the
    question's own words match. Where a passage is in the other language alone, they are its evidence.
    """

    language: Language
    """The language of that text."""
    features: Mapping[str, Mapping[int, float]]
    """The features of :data:`askdoc.retrieval.weights.BRIDGE` by passage number; absent is 0."""
    translations: Mapping[str, Options]
    """For each word's term its translations that the documents use, weights as shares of the heaviest."""
    evidence: Mapping[str, Collection[int]]
    """For each of these terms the passages in the other language alone that hold a translation; absent is none."""
    idf: Mapping[str, float]
    """For each of these terms the joint idf of its translations."""


# --- scores --------------------------------------------------------------------------------------------------------


def cross_lingual_scores(query: Query, terms: TermScores, options: Sequence[Options]) -> CrossLingualScores:
    """Score text of the other language by the translations of the question's words; ``options``: of each word."""
    language = other(query.language)
    lookup = _TranslationLookup(terms, language, options)
    alone = terms.alone(query.language, language)
    scores: dict[int, float] = {}
    translations: dict[str, Options] = {}
    evidence: dict[str, Collection[int]] = {}
    idf: dict[str, float] = {}
    for word, word_options in zip(query.words, options, strict=True):
        used = {
            translation: share
            for translation, share in word_options.items()
            if not lookup.counts.keys().isdisjoint(translation)
        }
        if not used:
            continue
        weight = LIGHT if word.weight == "light" else 1.0
        word_scores, joint_idf = lookup.score(used)
        for number, score in word_scores.items():
            scores[number] = scores.get(number, 0.0) + weight * score
        complete = {translation: share for translation, share in used.items() if lookup.document_frequency(translation)}
        top = max(complete.values(), default=0.0)
        evident = {translation: share / top for translation, share in complete.items() if share >= LEAST * top}
        if evident:
            translations[word.term], idf[word.term] = evident, joint_idf
            if alone:
                evidence[word.term] = alone.intersection(set().union(*map(lookup.term_counts, evident)))
    features = {
        "bridge": {number: score for number, score in scores.items() if number not in alone},
        "bridge_alone": {number: score for number, score in scores.items() if number in alone},
        "characters_alone": _characters(query, terms, options, alone) if language == "zh" and alone else {},
    }
    return CrossLingualScores(language, features, translations, evidence, idf)


class _TranslationLookup:
    """A question's translations looked up in the field of one language."""

    def __init__(self, terms: TermScores, language: Language, options: Sequence[Options]) -> None:
        self._terms, self._language = terms, language
        self._norms = terms.norms(language)
        self._passages = terms.index.field(language).passages
        self.counts = terms.counts(
            language, {term for word_options in options for translation in word_options for term in translation}
        )
        """For each term that the index holds its counts by passage number."""
        self._of_phrases = terms.scores(
            language,
            {term for used in options for phrase in used if len(phrase) > 1 for term in phrase if term in self.counts},
        )

    def term_counts(self, translation: Translation) -> Mapping[int, int]:
        """Return how often each passage holds a translation; a phrase occurs as often as its least frequent word."""
        if len(translation) == 1:
            return self.counts.get(translation[0], {})
        tables = [self.counts.get(term, {}) for term in translation]
        return {number: min([table[number] for table in tables]) for number in set(tables[0]).intersection(*tables[1:])}

    def document_frequency(self, translation: Translation) -> int:
        """Return how many passages of the whole index hold a translation."""
        if any(term not in self.counts for term in translation):
            return 0
        return self._terms.together(self._language, translation)

    def score(self, used: Options) -> tuple[dict[int, float], float]:
        """Return BM25 of translations as one word, and its inverse document frequency.

        A phrase of which a passage holds some words counts by their share, where that is more.
        """
        total, top = sum(used.values()), max(used.values())
        counts: dict[int, float] = {}
        partial: dict[int, float] = {}
        document_frequency = 0.0
        for translation, weight in used.items():
            share = weight / total
            for number, count in self.term_counts(translation).items():
                counts[number] = counts.get(number, 0.0) + share * count
            document_frequency += share * self.document_frequency(translation)
            if len(translation) > 1:
                for number, score in self._partial(translation).items():
                    partial[number] = max(partial.get(number, 0.0), weight / top * score)
        idf = inverse_document_frequency(self._passages, min(max(document_frequency, 1.0), self._passages))
        norms = self._norms
        scores = {number: bm25(idf, count, norms[number]) for number, count in counts.items()}
        for number, score in partial.items():
            scores[number] = max(score, scores.get(number, 0.0))
        return scores, idf

    def _partial(self, phrase: Translation) -> dict[int, float]:
        """Return the mean BM25 of a phrase's words, times the share of them that a passage holds."""
        shared: dict[int, int] = {}
        sums: dict[int, float] = {}
        for term in phrase:
            for number, score in self._of_phrases.get(term, {}).items():
                shared[number] = shared.get(number, 0) + 1
                sums[number] = sums.get(number, 0.0) + score
        size = len(phrase)
        return {number: shared[number] / size * score / size for number, score in sums.items()}


def _characters(
    query: Query, terms: TermScores, options: Sequence[Options], alone: Collection[int]
) -> dict[int, float]:
    """Return BM25 of the characters of each word's translations, by the share of the weight in which each occurs."""
    word_shares: list[dict[str, float]] = []
    for word, word_options in zip(query.words, options, strict=True):
        weight = LIGHT if word.weight == "light" else 1.0
        shares = {character: weight * share for character, share in character_shares(word_options).items()}
        word_shares.append({character: share for character, share in shares.items() if share >= LEAST_CHARACTER})
    by_character = terms.scores("gram", {character for shares in word_shares for character in shares})
    scores: dict[int, float] = {}
    for shares in word_shares:
        for character, share in shares.items():
            for number, score in by_character.get(character, {}).items():
                if number in alone:
                    scores[number] = scores.get(number, 0.0) + share * score
    return scores
