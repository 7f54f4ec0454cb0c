"""Cross-lingual retrieval: each word of a question as the distribution of its translations in the other language.

A word's translations are one synonym group: their term frequencies, weighted by translation probability, add up to one,
and so do their document frequencies; BM25 scores them as a single word (probabilistic structured queries: Darwish and
Oard 2003, after Pirkola 1998). So ten translations do not count ten times, and one that the documents never use takes
no part. English words are also matched by single characters, because Chinese compounds of one meaning share them
(增长, 增加) where the dictionary has only one of the compounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.model import Language, other
from askdoc.question.query import Query
from askdoc.retrieval import Postings, Statistics
from askdoc.retrieval.bm25 import K1, B, inverse_document_frequency
from askdoc.retrieval.translations import Options, Translation, character_shares
from askdoc.storage.vectors import kit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_CHARACTER: Final = 0.1
"""The least share of a word's translations in which a character must occur to be looked up."""

LIGHT: Final = 0.5
"""The weight of a frame word."""

LEAST: Final = 0.05
"""The least weight of a translation that is evidence, as a share of the largest in use."""

MARKED: Final = 0.3
"""The least share from which a translation is marked in the text."""


class CrossLingualScores(Struct, frozen=True):
    """Scores of a question's translations in text of the other language.

    A passage that also has the question's language is judged by that: there, translations only order what the
    question's own words match. Where a passage is in the other language alone, they are its evidence.
    """

    language: Language
    """The language of that text."""
    features: Mapping[str, NDArray[np.float64]]
    """The features of :data:`askdoc.retrieval.weights.BRIDGE`, one value a passage number."""
    alone: NDArray[np.bool_]
    """The passages that are in that language alone."""
    translations: Mapping[str, Options]
    """For each word's term its translations that the documents use, weights as shares of the heaviest."""
    holds: Mapping[str, NDArray[np.bool_]]
    """For each of these terms the passages that hold a translation."""
    idf: Mapping[str, float]
    """For each of these terms the joint idf of its translations."""

    def evidence(self, term: str) -> NDArray[np.bool_]:
        """Tell which passages in the other language alone hold a translation of a word."""
        return self.holds[term] & self.alone if term in self.holds else self.alone & False


def cross_lingual_scores(query: Query, index: Statistics, options: Sequence[Options]) -> CrossLingualScores:
    """Score text of the other language by the translations of the question's words."""
    return _TranslationLookup(query, index, other(query.language), options).scores()


def translations_for(
    query: Query, cross_lingual: CrossLingualScores | None, versions: Collection[Language]
) -> Mapping[str, Options]:
    """Return what matches the question's words in a passage of these versions.

    That is other forms of its numbers and, where it lacks the question's language, translations.
    """
    translations = cross_lingual.translations if cross_lingual and query.language not in versions else {}
    if not query.forms:
        return translations
    return {
        term: {**translations.get(term, {}), **query.forms.get(term, {})}
        for term in (*translations, *(term for term in query.forms if term not in translations))
    }


# --- scores --------------------------------------------------------------------------------------------------------


class _TranslationLookup:
    """A question's translations looked up in the field of one language."""

    def __init__(self, query: Query, index: Statistics, language: Language, options: Sequence[Options]) -> None:
        self.query, self.index, self.language, self.options = query, index, language, options
        self.kit = kit(index.lengths(language))
        self.zero = self.kit.zeros(index.size)
        self.postings = index.postings(
            language, {term for word_options in options for translation in word_options for term in translation}
        )
        self._document_frequencies: dict[str, int] = {}
        self._norms: dict[str, NDArray[np.floating]] = {}
        self._phrase_counts: dict[str, NDArray[np.float64]] = {}

    def scores(self) -> CrossLingualScores:
        """Return the scores of all words together."""
        words = self.zero.copy()
        translations: dict[str, Options] = {}
        holds: dict[str, NDArray[np.bool_]] = {}
        idf: dict[str, float] = {}
        for word, options in zip(self.query.words, self.options, strict=True):
            weight = LIGHT if word.weight == "light" else 1.0
            used = {
                translation: share
                for translation, share in options.items()
                if not self.postings.keys().isdisjoint(translation)
            }
            if used:
                score, joint_idf = self._score(used)
                words += weight * score
                complete = {
                    translation: share for translation, share in used.items() if self._document_frequency(translation)
                }
                top = max(complete.values(), default=0.0)
                evident = {translation: share / top for translation, share in complete.items() if share >= LEAST * top}
                if evident:
                    translations[word.term], idf[word.term] = evident, joint_idf
                    holds[word.term] = sum((self._term_counts(translation) for translation in evident), self.zero) > 0
        alone = (self.index.lengths(self.query.language) == 0) & (self.index.lengths(self.language) > 0)
        characters = self._characters() if self.language == "zh" and alone.any() else self.zero
        features = {"bridge": words * ~alone, "bridge_alone": words * alone, "characters_alone": characters * alone}
        return CrossLingualScores(self.language, features, alone, translations, holds, idf)

    def _dense(self, postings: Postings | None) -> NDArray[np.float64]:
        if postings is None:
            return self.zero
        counts = self.zero.copy()
        counts[postings.passages] = postings.counts
        return counts

    def _term_counts(self, translation: Translation) -> NDArray[np.float64]:
        """Return how often each passage holds a translation; a phrase occurs as often as its least frequent word."""
        key = " ".join(translation)
        if key not in self._phrase_counts:
            counts = [self._dense(self.postings.get(term)) for term in translation]
            least = counts[0]
            for other_counts in counts[1:]:
                least = self.kit.minimum(least, other_counts)
            self._phrase_counts[key] = least
        return self._phrase_counts[key]

    def _score(self, used: Options) -> tuple[NDArray[np.float64], float]:
        """Return BM25 of translations as one word, and its inverse document frequency.

        A phrase of which a passage holds some words counts by their share, where that is more.
        """
        total, top = sum(used.values()), max(used.values())
        counts = self.zero.copy()
        partial = self.zero
        document_frequency = 0.0
        for translation, weight in used.items():
            translation_counts = self._term_counts(translation)
            counts += weight / total * translation_counts
            document_frequency += weight / total * self._document_frequency(translation)
            if len(translation) > 1:
                partial = self.kit.maximum(partial, weight / top * self._partial(translation))
        whole, idf = self._bm25(self.language, counts, max(document_frequency, 1.0))
        return self.kit.maximum(whole, partial), idf

    def _partial(self, phrase: Translation) -> NDArray[np.float64]:
        """Return the mean BM25 of a phrase's words, times the share of them that a passage holds."""
        postings = [self.postings[term] for term in phrase if term in self.postings]
        terms = [(self._dense(posting), posting.document_frequency) for posting in postings]
        share = sum((counts > 0 for counts, _ in terms), self.zero) / len(phrase)
        return share * sum((self._bm25(self.language, *posting)[0] for posting in terms), self.zero) / len(phrase)

    def _document_frequency(self, translation: Translation) -> int:
        """Return how many passages of the whole index hold a translation."""
        if len(translation) == 1:
            return self.postings[translation[0]].document_frequency if translation[0] in self.postings else 0
        key = " ".join(translation)
        if key not in self._document_frequencies:
            self._document_frequencies[key] = self.index.together(self.language, translation)
        return self._document_frequencies[key]

    def _bm25(
        self, field: str, counts: NDArray[np.float64], document_frequency: float
    ) -> tuple[NDArray[np.float64], float]:
        statistics = self.index.field(field)
        if field not in self._norms:
            average = statistics.total / statistics.passages if statistics.passages else 1.0
            self._norms[field] = K1 * (1 - B + B * self.index.lengths(field) / average)
        idf = inverse_document_frequency(statistics.passages, min(document_frequency, statistics.passages))
        return idf * (counts * (K1 + 1) / (counts + self._norms[field])), idf

    def _characters(self) -> NDArray[np.float64]:
        """Return BM25 of the characters of each word's translations, by the share of the weight in which each occurs."""
        word_shares: list[dict[str, float]] = []
        for word, options in zip(self.query.words, self.options, strict=True):
            weight = LIGHT if word.weight == "light" else 1.0
            shares = {character: weight * share for character, share in character_shares(options).items()}
            word_shares.append({character: share for character, share in shares.items() if share >= LEAST_CHARACTER})
        postings = self.index.postings("gram", {character for shares in word_shares for character in shares})
        score = self.zero.copy()
        for shares in word_shares:
            for character, share in shares.items():
                if character in postings:
                    posting = postings[character]
                    score += share * self._bm25("gram", self._dense(posting), posting.document_frequency)[0]
        return score
