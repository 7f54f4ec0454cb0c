"""Asking one language's text with the other's words: each word of a question as the distribution of its translations.

A word's translations are one synonym group, not many words: their frequencies in a passage, weighed by how likely each
is meant, add up to one frequency, and their document frequencies to one, which BM25 then scores as if it were one
word (probabilistic structured queries: Darwish and Oard 2003, after Pirkola 1998). So ten translations do not count ten
times, and one that the documents never use takes no part. English words are also bridged to single characters,
because Chinese compounds of one meaning share them (增长, 增加) where the dictionary knows only one of the compounds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from askdoc.answering.query import Query, Word
from askdoc.answering.reading import likeness
from askdoc.lexicon import Lexicon
from askdoc.model import Language, other
from askdoc.ranking import Postings, Statistics
from askdoc.ranking.bm25 import K1, B, inverse_document_frequency
from askdoc.shapes import dataclass
from askdoc.vectors import kit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Translation = tuple[str, ...]
"""A translation as the other field's terms: one Chinese word, or the stems of an English phrase."""

Options = Mapping[Translation, float]
"""Translations of a word with their weights."""

PHRASE: Final = 3.0
"""What a phrase's translation is worth more than a word's."""

COVERED: Final = 0.3
"""What a word's own translation is worth where a phrase holds the word."""

PIECE: Final = 0.6
"""What the translation of a piece is worth where a Chinese word is not in the dictionary, two characters or more."""

CHARACTER: Final = 0.2
"""The same for single characters."""

PART: Final = 0.6
"""What the translation of a compound's part is worth."""

NEAR: Final = 0.5
"""From this likeness on an English word stands for a translation that the documents do not use ("septicaemia")."""

_NEAR_WORTH: Final = 0.7
_PREFIX: Final = 4
_PHRASE_WORDS: Final = 4
_LONGEST: Final = 8
"""Characters of the longest Chinese entry."""

_LEAST_CHARACTER: Final = 0.1
"""The share of a word's translations that a character must stand in to be looked for."""

_LIGHT: Final = 0.5
"""What a frame word counts."""

LEAST: Final = 0.05
"""From this weight on, as a share of the heaviest in use, a translation is evidence."""

MARKED: Final = 0.3
"""From this share on it is marked in the text."""


@dataclass(frozen=True, slots=True)
class Bridged:
    """What the other language's text says for a question.

    A passage that has the question's language as well is judged by that: there, translations only order what the
    question's own words found. Where a passage is in the other language alone, they are its evidence.
    """

    language: Language
    """The language of that text."""
    features: Mapping[str, NDArray[np.float64]]
    """The features of :data:`askdoc.ranking.fusion.BRIDGE`, one value a passage number."""
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


def bridge(
    query: Query, index: Statistics, lexicon: Lexicon, learned: Callable[[Word], Options] = lambda word: {}
) -> Bridged | None:
    """Ask the other language's text; ``None`` where the index has none, or the dictionary no word of the question.

    ``learned`` gives translations of words that the dictionary does not know.
    """
    language = other(query.language)
    if not index.field(language).passages:
        return None
    options = _to_chinese(query.words, lexicon) if language == "zh" else _to_english(query.words, lexicon)
    for word, own in zip(query.words, options, strict=True):
        if not (lexicon.english(word.form) if word.han else own):
            for translation, weight in learned(word).items():
                _more(own, translation, weight)
    if not any(options):
        return None
    return _Asked(query, index, language, options).bridged()


def crossing(query: Query, bridged: Bridged | None, versions: Collection[Language]) -> Mapping[str, Options]:
    """What counts as the question's words in a passage of these versions: other forms of its numbers and, where it
    lacks the question's language, translations."""
    translations = bridged.translations if bridged and query.language not in versions else {}
    if not query.forms:
        return translations
    return {
        term: {**translations.get(term, {}), **query.forms.get(term, {})}
        for term in (*translations, *(term for term in query.forms if term not in translations))
    }


def in_dictionary(word: Word, lexicon: Lexicon) -> bool:
    """Whether a dictionary knows a word of either language; a compound, where it knows all parts."""
    if word.han:
        return bool(lexicon.english(word.form))
    return bool(lexicon.chinese((word.term,))) or (
        bool(word.parts) and all(lexicon.chinese((part,)) for part in word.parts)
    )


# --- translations --------------------------------------------------------------------------------------------------


def _to_chinese(words: Sequence[Word], lexicon: Lexicon) -> list[dict[Translation, float]]:
    """The Chinese translations of each word: of the phrases that hold it, of itself, of its parts."""
    found: list[dict[Translation, float]] = [{} for _ in words]
    covered = [False] * len(words)
    for size in range(min(_PHRASE_WORDS, len(words)), 1, -1):
        for start in range(len(words) - size + 1):
            whole = tuple(word.term for word in words[start : start + size])
            for han, weight in lexicon.chinese(whole):
                for at in range(start, start + size):
                    covered[at] = True
                    _more(found[at], (han,), PHRASE * weight)
    for at, word in enumerate(words):
        if not word.han:
            for term, worth in ((word.term, 1.0), *((part, PART) for part in word.parts)):
                for han, weight in lexicon.chinese((term,)):
                    _more(found[at], (han,), worth * weight * (COVERED if covered[at] else 1))
    return found


def _to_english(words: Sequence[Word], lexicon: Lexicon) -> list[dict[Translation, float]]:
    """The English translations of each word: of the entries that it and its neighbours make, of itself, of its pieces."""
    found: list[dict[Translation, float]] = []
    for at, word in enumerate(words):
        own: dict[Translation, float] = {}
        found.append(own)
        if not word.han:
            continue
        before = words[at - 1].form if at and words[at - 1].han else ""
        after = words[at + 1].form if at + 1 < len(words) and words[at + 1].han else ""
        for whole in {before + word.form, word.form + after, before + word.form + after} - {word.form}:
            for terms, weight in lexicon.english(whole):
                _more(own, terms, PHRASE * weight)
        worth = COVERED if own else 1.0
        entry = lexicon.english(word.form)
        for terms, weight in entry or _pieces(word.form, lexicon):
            _more(own, terms, worth * weight)
    return found


def _pieces(form: str, lexicon: Lexicon) -> Iterator[tuple[Translation, float]]:
    """The translations of the longest entries, from the left, that a word which is none is made of."""
    at = 0
    while at < len(form):
        for size in range(min(_LONGEST, len(form) - at), 0, -1):
            entry = lexicon.english(form[at : at + size])
            if entry:
                worth = PIECE if size > 1 else CHARACTER
                yield from ((terms, worth * weight) for terms, weight in entry)
                break
        at += size


def _more(options: dict[Translation, float], translation: Translation, weight: float) -> None:
    options[translation] = max(weight, options.get(translation, 0.0))


# --- scores --------------------------------------------------------------------------------------------------------


class _Asked:
    """A question's translations looked up in the field of one language."""

    def __init__(
        self, query: Query, index: Statistics, language: Language, options: Sequence[dict[Translation, float]]
    ) -> None:
        self.query, self.index, self.language, self.options = query, index, language, options
        self.kit = kit(index.lengths(language))
        self.zero = self.kit.zeros(index.size)
        self.postings = index.postings(language, {term for each in options for found in each for term in found})
        if language == "en":
            self._widen()
        self._norms: dict[str, NDArray[np.floating]] = {}
        self._tables: dict[str, NDArray[np.float64]] = {}

    def _widen(self) -> None:
        """Let near forms stand for single words that the documents do not use."""
        near: dict[str, list[tuple[str, float]]] = {}
        absent = {
            found[0]
            for each in self.options
            for found in each
            if len(found) == 1 and len(found[0]) > _PREFIX and found[0] not in self.postings
        }
        for prefix in {term[:_PREFIX] for term in absent}:
            vocabulary = [term for term, _ in self.index.terms(self.language, prefix)]
            for term in absent:
                if term.startswith(prefix):
                    alike = ((each, likeness(term, each)) for each in vocabulary)
                    near[term] = [(each, value) for each, value in alike if value >= NEAR]
        for each in self.options:
            for found, weight in list(each.items()):
                for form, value in near.get(found[0], ()) if len(found) == 1 else ():
                    _more(each, (form,), _NEAR_WORTH * value * weight)
        forms = {form for found in near.values() for form, _ in found}
        self.postings = {**self.postings, **self.index.postings(self.language, forms)}

    def bridged(self) -> Bridged:
        """The scores of all words together."""
        words = self.zero.copy()
        translations: dict[str, Options] = {}
        holds: dict[str, NDArray[np.bool_]] = {}
        idf: dict[str, float] = {}
        for word, options in zip(self.query.words, self.options, strict=True):
            worth = _LIGHT if word.weight == "light" else 1.0
            used = {found: weight for found, weight in options.items() if not self.postings.keys().isdisjoint(found)}
            if used:
                score, rarity = self._score(used)
                words += worth * score
                whole = {found: weight for found, weight in used.items() if self._held(found).any()}
                top = max(whole.values(), default=0.0)
                evident = {found: weight / top for found, weight in whole.items() if weight >= LEAST * top}
                if evident:
                    translations[word.term], idf[word.term] = evident, rarity
                    holds[word.term] = sum((self._held(found) for found in evident), self.zero) > 0
        alone = (self.index.lengths(self.query.language) == 0) & (self.index.lengths(self.language) > 0)
        characters = self._characters() if self.language == "zh" and alone.any() else self.zero
        features = {"bridge": words * ~alone, "bridge_alone": words * alone, "characters_alone": characters * alone}
        return Bridged(self.language, features, alone, translations, holds, idf)

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
        holding = 0.0
        for found, weight in used.items():
            held = self._held(found)
            counts += weight / total * held
            holding += weight / total * float((held > 0).sum())
            if len(found) > 1:
                partly = self.kit.maximum(partly, weight / top * self._partly(found))
        whole, rarity = self._bm25(self.language, counts, max(holding, 1.0))
        return self.kit.maximum(whole, partly), rarity

    def _partly(self, phrase: Translation) -> NDArray[np.float64]:
        """The mean BM25 of a phrase's words, times the share of them that a passage holds."""
        terms = [self._dense(self.postings.get(term)) for term in phrase]
        share = sum((counts > 0 for counts in terms), self.zero) / len(terms)
        return share * sum((self._bm25(self.language, counts)[0] for counts in terms), self.zero) / len(terms)

    def _bm25(
        self, field: str, counts: NDArray[np.float64], holding: float | None = None
    ) -> tuple[NDArray[np.float64], float]:
        statistics = self.index.field(field)
        if field not in self._norms:
            average = statistics.total / statistics.passages if statistics.passages else 1.0
            self._norms[field] = K1 * (1 - B + B * self.index.lengths(field) / average)
        if holding is None:
            holding = float((counts > 0).sum())
        rarity = inverse_document_frequency(statistics.passages, min(holding, statistics.passages))
        return rarity * (counts * (K1 + 1) / (counts + self._norms[field])), rarity

    def _characters(self) -> NDArray[np.float64]:
        """BM25 of the characters of each word's translations, by the share of their weight that each stands in."""
        found: list[dict[str, float]] = []
        for word, options in zip(self.query.words, self.options, strict=True):
            total = sum(options.values()) * (1 if word.weight != "light" else 1 / _LIGHT)
            shares: dict[str, float] = {}
            for (han,), weight in options.items():
                for character in dict.fromkeys(han):
                    shares[character] = shares.get(character, 0.0) + weight / total
            found.append({character: share for character, share in shares.items() if share >= _LEAST_CHARACTER})
        postings = self.index.postings("gram", {character for each in found for character in each})
        score = self.zero.copy()
        for shares in found:
            for character, share in shares.items():
                if character in postings:
                    score += share * self._bm25("gram", self._dense(postings[character]))[0]
        return score
