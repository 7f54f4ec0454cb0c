"""From a question to its candidates: BM25 from the postings of its words, and which words each passage holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from askdoc.model import LANGUAGES
from askdoc.question.query import Query, Word
from askdoc.retrieval import Ranker, Scored, Statistics
from askdoc.retrieval.bm25 import inverse_document_frequency
from askdoc.retrieval.cross_language import CrossLingualScores
from askdoc.retrieval.weights import BRIDGE, FIRST_STAGE, MEANING, Weights
from askdoc.storage.vectors import kit
from askdoc.text.han import HAN_RUN, character_pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.retrieval.dense import DenseScores
    from askdoc.retrieval.index_subset import IndexSubset


class Candidates(Struct, frozen=True):
    """The passages that hold a word of the question."""

    numbers: NDArray[np.int64]
    """Passage numbers, best first by first-stage score."""
    features: dict[str, NDArray[np.float64]]
    """The features of :data:`askdoc.retrieval.weights.FIRST_STAGE`, one value a :meth:`place`."""
    holds: dict[str, NDArray[np.bool_]]
    """For each word's term, which places hold it (or, where no passage does, a part of it)."""
    idf: dict[str, float]
    """The idf of each word's term."""
    gram_idf: dict[str, float]
    """The idf of each pair of characters."""
    unknown: frozenset[str]
    """The terms of words that occur nowhere whole: only their parts do."""
    missing: tuple[Word, ...]
    """The words that the documents never use, headings included."""
    cross_lingual: CrossLingualScores | None = None
    """Scores of the translations, where text of the other language was searched."""
    dense: DenseScores | None = None
    """Dense scores, where there are sentence vectors."""
    subset: IndexSubset | None = None
    """The passages that were ranked, if not all."""

    def place(self, number: int) -> int:
        """Return the position of a passage in :attr:`features` and :attr:`holds`: its number, if all were ranked."""
        return number if self.subset is None else self.subset.place(number)


class _Lookup:
    """The scores of all terms of a question, read once a field."""

    def __init__(self, query: Query, index: Statistics, ranker: Ranker) -> None:
        self.size = index.size
        self.kit = kit(index.lengths(query.language))
        self.ranker = ranker
        self.zero = self.kit.zeros(self.size)
        """The value of a feature without evidence; shared, not to be written to."""
        terms = {term for word in query.words for term in (word.term, *word.subterms)}
        grams = {gram for word in query.words for gram in word.grams} | set(query.grams)
        self.forms = query.forms
        for form in {form for forms in query.forms.values() for form in forms}:
            if HAN_RUN.fullmatch(form[0]):
                grams.update(character_pairs(form[0]))
            else:
                terms.update(form)
        self.words: dict[str, Scored] = {name: ranker.score(name, terms) for name in LANGUAGES}
        self.both: tuple[Scored, ...] = tuple(self.words.values())
        self.heads: dict[str, Scored] = {name: ranker.score(f"{name}_head", terms) for name in LANGUAGES}
        self.grams: Scored = ranker.score("gram", grams) if grams else {}
        self.absent = inverse_document_frequency(max(index.field(name).passages for name in LANGUAGES), 0)

    def dense(self, tables: Iterable[Scored], term: str) -> NDArray[np.float64]:
        """Return a term's scores, the maximum over the fields, so that a passage is not counted twice.

        A number counts in its best form.
        """
        scores = self._plain(tables, term)
        if tables is not self.both:
            return scores
        for form, weight in self.forms.get(term, {}).items():
            holds = self.form(form)
            if holds.any():
                scores = self.kit.maximum(scores, holds * weight * self._form_scores(form))
        return scores

    def form(self, form: tuple[str, ...]) -> NDArray[np.bool_]:
        """Tell which passages hold a form of a number: all of its terms, in one of their versions."""
        if HAN_RUN.fullmatch(form[0]):
            return self.all_of(self.grams, character_pairs(form[0]))
        return self.all_of(self.words["en"], form) | self.all_of(self.words["zh"], form)

    def _form_scores(self, form: tuple[str, ...]) -> NDArray[np.float64]:
        if not HAN_RUN.fullmatch(form[0]):
            return self._plain(self.both, form[0])
        scores = self.kit.zeros(self.size)
        for pair in character_pairs(form[0]):
            scores = self.kit.maximum(scores, self._plain((self.grams,), pair))
        return scores

    def _plain(self, tables: Iterable[Scored], term: str) -> NDArray[np.float64]:
        scores = self.kit.zeros(self.size)
        for table in tables:
            if term in table:
                numbers, values = table[term]
                scores[numbers] = self.kit.maximum(scores[numbers], values)
        return scores

    def mask(self, table: Scored, term: str) -> NDArray[np.bool_]:
        mask = self.kit.truth(self.size, False)
        if term in table:
            mask[table[term][0]] = True
        return mask

    def all_of(self, table: Scored, terms: Iterable[str]) -> NDArray[np.bool_]:
        mask = self.kit.truth(self.size, True)
        for term in terms:
            mask &= self.mask(table, term)
        return mask

    def holds(self, word: Word) -> NDArray[np.bool_]:
        """Tell which passages hold a word: whole, as all parts of a compound, or in another form."""
        mask = self._holds_as_asked(word)
        for form in self.forms.get(word.term, ()):
            mask = mask | self.form(form)
        return mask

    def _holds_as_asked(self, word: Word) -> NDArray[np.bool_]:
        if word.han:
            return self.all_of(self.grams, word.grams)
        mask = self.mask(self.words["en"], word.term) | self.mask(self.words["zh"], word.term)
        if word.subterms:
            for table in self.words.values():
                mask |= self.all_of(table, word.subterms)
        return mask

    def holds_part(self, word: Word) -> NDArray[np.bool_]:
        """Tell which passages hold a part of a word that occurs nowhere whole."""
        mask = self.kit.truth(self.size, False)
        for part in word.subterms:
            for table in self.words.values():
                mask |= self.mask(table, part)
        return mask

    def idf(self, word: Word) -> float:
        """Return the idf of a word: the lower of the two languages', and for a number the lowest of its forms' first terms."""
        idf = self._idf(word)
        for form in self.forms.get(word.term, ()):
            if self.form(form).any():
                pairs = character_pairs(form[0]) if HAN_RUN.fullmatch(form[0]) else ()
                form_idfs = [self.ranker.idf("gram", pair) for pair in pairs] or [
                    self.ranker.idf(name, form[0]) for name in LANGUAGES if form[0] in self.words[name]
                ]
                idf = min([idf, max(form_idfs)]) if form_idfs else idf
        return idf

    def _idf(self, word: Word) -> float:
        idfs = [self.ranker.idf(name, word.term) for name in LANGUAGES if word.term in self.words[name]]
        if idfs:
            return min(idfs)
        if word.han and all(gram in self.grams for gram in word.grams):
            return max(self.ranker.idf("gram", gram) for gram in word.grams)
        return self.absent


def candidates(
    query: Query,
    index: Statistics,
    ranker: Ranker,
    weights: Weights,
    within: frozenset[int] | None = None,
    cross_lingual: CrossLingualScores | None = None,
    dense: DenseScores | None = None,
    subset: IndexSubset | None = None,
) -> Candidates:
    """Return the passages that hold a content word of the question, best first by first-stage score.

    With ``dense`` also the nearest passages, whatever words they hold. ``within`` restricts the passages; idf and
    missing words remain those of the whole index. With ``cross_lingual``, a translation counts for the word where the
    passage is in the other language alone. With ``subset``, which is then also ``index`` and ``ranker``, only its passages
    are ranked; ``cross_lingual`` and ``dense`` are then of the subset.
    """
    if subset is not None and within is not None:
        within = subset.places(within)
    lookup = _Lookup(query, index, ranker)
    holds: dict[str, NDArray[np.bool_]] = {}
    missing = []
    for word in query.words:
        mask = lookup.holds(word)
        if not mask.any():
            mask = lookup.holds_part(word)
            heads = any(word.term in table for table in lookup.heads.values())
            if not heads and not (cross_lingual and cross_lingual.evidence(word.term).any()):
                missing.append(word)
        if cross_lingual:
            mask = mask | cross_lingual.evidence(word.term)
        holds[word.term] = mask
    features = _features(query, lookup)
    features |= cross_lingual.features if cross_lingual else dict.fromkeys(BRIDGE, lookup.zero)
    features |= dense.features if dense else dict.fromkeys(MEANING, lookup.zero)
    score = lookup.kit.zeros(lookup.size)
    for name in FIRST_STAGE:
        if features[name] is not lookup.zero:
            score = score + getattr(weights, name) * features[name]
    numbers = lookup.kit.ranked(score, [*holds.values(), *([dense.near] if dense else ())], within)
    return Candidates(
        numbers if subset is None else subset.numbers[numbers],
        features,
        holds,
        {word.term: _word_idf(word, lookup, cross_lingual) for word in query.words},
        {gram: ranker.idf("gram", gram) for gram in query.grams},
        frozenset(word.term for word in query.words if not any(word.term in table for table in lookup.words.values())),
        tuple(missing),
        cross_lingual,
        dense,
        subset,
    )


def _word_idf(word: Word, lookup: _Lookup, cross_lingual: CrossLingualScores | None) -> float:
    """Return the idf of a word, or of its translations where only they occur."""
    idf = lookup.idf(word)
    if idf == lookup.absent and cross_lingual and cross_lingual.evidence(word.term).any():
        return cross_lingual.idf[word.term]
    return idf


def _features(query: Query, lookup: _Lookup) -> dict[str, NDArray[np.float64]]:
    def total(terms: Iterable[str], tables: Sequence[Scored]) -> NDArray[np.float64]:
        present = [term for term in terms if any(term in table for table in tables) or term in lookup.forms]
        if not present:
            return lookup.zero
        scores = lookup.kit.zeros(lookup.size)
        for term in present:
            entries = [table[term] for table in tables if term in table]
            if len(entries) == 1 and term not in lookup.forms:
                numbers, values = entries[0]  # touches only the passages that hold the term
                scores[numbers] += values
            else:
                scores += lookup.dense(tables, term)
        return scores

    both = lookup.both
    whole = {word.term for word in query.words}
    # A word that occurs nowhere whole ("Huguenot-descended") is represented by its parts, which count in full.
    unknown = [word for word in query.words if not any(word.term in table for table in both)]
    substitutes = {part for word in unknown for part in word.subterms} - whole
    return {
        "words": total(sorted(whole | substitutes), both),
        "names": total([word.term for word in query.words if word.weight == "name"], both),
        "grams": total(query.grams, (lookup.grams,)),
        "heading": total(sorted(whole | substitutes), tuple(lookup.heads.values())),
    }
