"""Asking one language's text with the other's words: each word of a question as the distribution of its translations.

A word's translations are one synonym group, not many words: their frequencies in a passage, weighed by how likely each
is meant, add up to one frequency, and their document frequencies to one, which BM25 then scores as if it were one
word (probabilistic structured queries: Darwish and Oard 2003, after Pirkola 1998). So ten translations do not count ten
times, and one that the documents never use takes no part. English words are also bridged to single characters,
because Chinese compounds of one meaning share them (增长, 增加) where the dictionary knows only one of the compounds.
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
"""The share of a word's translations that a character must stand in to be looked for."""

LIGHT: Final = 0.5
"""What a frame word counts."""

LEAST: Final = 0.05
"""From this weight on, as a share of the heaviest in use, a translation is evidence."""

MARKED: Final = 0.3
"""From this share on it is marked in the text."""


class CrossLingualScores(Struct, frozen=True):
    """What the other language's text says for a question.

    A passage that has the question's language as well is judged by that: there, translations only order what the
    question's own words found. Where a passage is in the other language alone, they are its evidence.
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
    """For each of these terms how rare its translations are together."""

    def evidence(self, term: str) -> NDArray[np.bool_]:
        """The passages in the other language alone that hold a translation of a word."""
        return self.holds[term] & self.alone if term in self.holds else self.alone & False


def bridge(query: Query, index: Statistics, options: Sequence[Options]) -> CrossLingualScores:
    """Ask the other language's text with the :func:`translations` of the question's words."""
    return _Asked(query, index, other(query.language), options).bridged()


def translations_for(
    query: Query, bridged: CrossLingualScores | None, versions: Collection[Language]
) -> Mapping[str, Options]:
    """What counts as the question's words in a passage of these versions: other forms of its numbers and, where it
    lacks the question's language, translations."""
    translations = bridged.translations if bridged and query.language not in versions else {}
    if not query.forms:
        return translations
    return {
        term: {**translations.get(term, {}), **query.forms.get(term, {})}
        for term in (*translations, *(term for term in query.forms if term not in translations))
    }


# --- scores --------------------------------------------------------------------------------------------------------


class _Asked:
    """A question's translations looked up in the field of one language."""

    def __init__(self, query: Query, index: Statistics, language: Language, options: Sequence[Options]) -> None:
        self.query, self.index, self.language, self.options = query, index, language, options
        self.kit = kit(index.lengths(language))
        self.zero = self.kit.zeros(index.size)
        self.postings = index.postings(language, {term for each in options for found in each for term in found})
        self._counts: dict[str, int] = {}
        self._norms: dict[str, NDArray[np.floating]] = {}
        self._tables: dict[str, NDArray[np.float64]] = {}

    def bridged(self) -> CrossLingualScores:
        """The scores of all words together."""
        words = self.zero.copy()
        translations: dict[str, Options] = {}
        holds: dict[str, NDArray[np.bool_]] = {}
        idf: dict[str, float] = {}
        for word, options in zip(self.query.words, self.options, strict=True):
            worth = LIGHT if word.weight == "light" else 1.0
            used = {found: weight for found, weight in options.items() if not self.postings.keys().isdisjoint(found)}
            if used:
                score, rarity = self._score(used)
                words += worth * score
                whole = {found: weight for found, weight in used.items() if self._holding(found)}
                top = max(whole.values(), default=0.0)
                evident = {found: weight / top for found, weight in whole.items() if weight >= LEAST * top}
                if evident:
                    translations[word.term], idf[word.term] = evident, rarity
                    holds[word.term] = sum((self._held(found) for found in evident), self.zero) > 0
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

    def _held(self, translation: Translation) -> NDArray[np.float64]:
        """How often each passage holds a translation; a phrase as often as its rarest word, all of them needed."""
        key = " ".join(translation)
        if key not in self._tables:
            counts = [self._dense(self.postings.get(term)) for term in translation]
            least = counts[0]
            for each in counts[1:]:
                least = self.kit.minimum(least, each)
            self._tables[key] = least
        return self._tables[key]

    def _score(self, used: Options) -> tuple[NDArray[np.float64], float]:
        """BM25 of translations as one word, and its inverse document frequency.

        A phrase of which a passage holds some words counts with their share, where that is more.
        """
        total, top = sum(used.values()), max(used.values())
        counts = self.zero.copy()
        partly = self.zero
        document_frequency = 0.0
        for found, weight in used.items():
            held = self._held(found)
            counts += weight / total * held
            document_frequency += weight / total * self._holding(found)
            if len(found) > 1:
                partly = self.kit.maximum(partly, weight / top * self._partly(found))
        whole, rarity = self._bm25(self.language, counts, max(document_frequency, 1.0))
        return self.kit.maximum(whole, partly), rarity

    def _partly(self, phrase: Translation) -> NDArray[np.float64]:
        """The mean BM25 of a phrase's words, times the share of them that a passage holds."""
        found = [self.postings[term] for term in phrase if term in self.postings]
        terms = [(self._dense(each), each.document_frequency) for each in found]
        share = sum((counts > 0 for counts, _ in terms), self.zero) / len(phrase)
        return share * sum((self._bm25(self.language, *each)[0] for each in terms), self.zero) / len(phrase)

    def _holding(self, translation: Translation) -> int:
        """How many passages of the whole index hold a translation."""
        if len(translation) == 1:
            return self.postings[translation[0]].document_frequency if translation[0] in self.postings else 0
        key = " ".join(translation)
        if key not in self._counts:
            self._counts[key] = self.index.together(self.language, translation)
        return self._counts[key]

    def _bm25(
        self, field: str, counts: NDArray[np.float64], document_frequency: float
    ) -> tuple[NDArray[np.float64], float]:
        statistics = self.index.field(field)
        if field not in self._norms:
            average = statistics.total / statistics.passages if statistics.passages else 1.0
            self._norms[field] = K1 * (1 - B + B * self.index.lengths(field) / average)
        rarity = inverse_document_frequency(statistics.passages, min(document_frequency, statistics.passages))
        return rarity * (counts * (K1 + 1) / (counts + self._norms[field])), rarity

    def _characters(self) -> NDArray[np.float64]:
        """BM25 of the characters of each word's translations, by the share of their weight that each stands in."""
        found: list[dict[str, float]] = []
        for word, options in zip(self.query.words, self.options, strict=True):
            worth = LIGHT if word.weight == "light" else 1.0
            shares = {character: worth * share for character, share in character_shares(options).items()}
            found.append({character: share for character, share in shares.items() if share >= LEAST_CHARACTER})
        postings = self.index.postings("gram", {character for each in found for character in each})
        score = self.zero.copy()
        for shares in found:
            for character, share in shares.items():
                if character in postings:
                    held = postings[character]
                    score += share * self._bm25("gram", self._dense(held), held.document_frequency)[0]
        return score
