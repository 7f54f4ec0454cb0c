"""From a question to the passages worth reading: BM25 from the postings of its words, and which words each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

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

_FIELDS: Final = ("en", "zh")


class Candidates(Struct, frozen=True):
    """The passages that hold a word of the question."""

    numbers: NDArray[np.int64]
    """Passage numbers, best first by the evidence of the postings."""
    features: dict[str, NDArray[np.float64]]
    """The features of :data:`askdoc.retrieval.weights.FIRST_STAGE`, one value a :meth:`place`."""
    holds: dict[str, NDArray[np.bool_]]
    """For each word's term, which places hold it (or, where no passage does, a part of it)."""
    idf: dict[str, float]
    """For each word's term how rare it is."""
    gram_idf: dict[str, float]
    """For each pair of characters how rare it is."""
    unknown: frozenset[str]
    """The terms of words that stand nowhere whole: their parts are all there is of them."""
    missing: tuple[Word, ...]
    """The words that the documents never use, headings included."""
    bridged: CrossLingualScores | None = None
    """What the text of the other language says, where it was asked."""
    meant: DenseScores | None = None
    """What sentence vectors say, where there are any."""
    part: IndexSubset | None = None
    """The passages that were looked at, if not all."""

    def place(self, number: int) -> int:
        """Where the values of a passage stand in :attr:`features` and :attr:`holds`: at its number, if all passages
        were looked at."""
        return number if self.part is None else self.part.place(number)


class _Lookup:
    """The postings of all terms of a question, read once a field."""

    def __init__(self, query: Query, index: Statistics, ranker: Ranker) -> None:
        self.size = index.size
        self.kit = kit(index.lengths(query.language))
        self.ranker = ranker
        self.zero = self.kit.zeros(self.size)
        """What a feature is where nothing speaks for it; one for all, not to be written to."""
        terms = {term for word in query.words for term in (word.term, *word.subterms)}
        grams = {gram for word in query.words for gram in word.grams} | set(query.grams)
        self.forms = query.forms
        for form in {form for forms in query.forms.values() for form in forms}:
            if HAN_RUN.fullmatch(form[0]):
                grams.update(character_pairs(form[0]))
            else:
                terms.update(form)
        self.words: dict[str, Scored] = {name: ranker.score(name, terms) for name in _FIELDS}
        self.both: tuple[Scored, ...] = tuple(self.words.values())
        self.heads: dict[str, Scored] = {name: ranker.score(f"{name}_head", terms) for name in _FIELDS}
        self.grams: Scored = ranker.score("gram", grams) if grams else {}
        self.absent = inverse_document_frequency(max(index.field(name).passages for name in _FIELDS), 0)

    def dense(self, tables: Iterable[Scored], term: str) -> NDArray[np.float64]:
        """A term's scores, the better field's where several hold it: a passage is not counted twice.

        A number counts in its best form.
        """
        scores = self._plain(tables, term)
        if tables is not self.both:
            return scores
        for form, worth in self.forms.get(term, {}).items():
            held = self.form(form)
            if held.any():
                scores = self.kit.maximum(scores, held * worth * self._form_scores(form))
        return scores

    def form(self, form: tuple[str, ...]) -> NDArray[np.bool_]:
        """The passages that hold a form of a number: all of its terms, in one of their versions."""
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
        held = self.kit.truth(self.size, False)
        if term in table:
            held[table[term][0]] = True
        return held

    def all_of(self, table: Scored, terms: Iterable[str]) -> NDArray[np.bool_]:
        held = self.kit.truth(self.size, True)
        for term in terms:
            held &= self.mask(table, term)
        return held

    def holds(self, word: Word) -> NDArray[np.bool_]:
        """The passages that hold a word: whole, all of the parts that a compound is also written as, or another form."""
        held = self._holds_as_asked(word)
        for form in self.forms.get(word.term, ()):
            held = held | self.form(form)
        return held

    def _holds_as_asked(self, word: Word) -> NDArray[np.bool_]:
        if word.han:
            return self.all_of(self.grams, word.grams)
        held = self.mask(self.words["en"], word.term) | self.mask(self.words["zh"], word.term)
        if word.subterms:
            for table in self.words.values():
                held |= self.all_of(table, word.subterms)
        return held

    def holds_part(self, word: Word) -> NDArray[np.bool_]:
        """The passages that hold a part of a word that stands nowhere whole."""
        held = self.kit.truth(self.size, False)
        for part in word.subterms:
            for table in self.words.values():
                held |= self.mask(table, part)
        return held

    def idf(self, word: Word) -> float:
        """How rare a word is: where both languages use it, by the one that uses it more; a number in any form as rare
        as the commonest of its forms' first terms."""
        rarity = self._idf(word)
        for form in self.forms.get(word.term, ()):
            if self.form(form).any():
                first = character_pairs(form[0]) if HAN_RUN.fullmatch(form[0]) else ()
                found = [self.ranker.idf("gram", pair) for pair in first] or [
                    self.ranker.idf(name, form[0]) for name in _FIELDS if form[0] in self.words[name]
                ]
                rarity = min([rarity, max(found)]) if found else rarity
        return rarity

    def _idf(self, word: Word) -> float:
        found = [self.ranker.idf(name, word.term) for name in _FIELDS if word.term in self.words[name]]
        if found:
            return min(found)
        if word.han and all(gram in self.grams for gram in word.grams):
            return max(self.ranker.idf("gram", gram) for gram in word.grams)
        return self.absent


def candidates(
    query: Query,
    index: Statistics,
    ranker: Ranker,
    weights: Weights,
    within: frozenset[int] | None = None,
    bridged: CrossLingualScores | None = None,
    meant: DenseScores | None = None,
    part: IndexSubset | None = None,
) -> Candidates:
    """The passages that hold a content word of the question, best first by what the postings tell.

    With ``meant`` also those nearest in meaning, whatever words they hold.

    ``within`` are the only passages wanted, if not all; what is rare and what is missing is the whole index's.
    With ``bridged``, a translation counts for the word where the passage is in the other language alone. With ``part``,
    which is ``index`` and ``ranker`` then and which the other arguments are of, its passages are all there is.
    """
    if part is not None and within is not None:
        within = part.places(within)
    lookup = _Lookup(query, index, ranker)
    holds: dict[str, NDArray[np.bool_]] = {}
    missing = []
    for word in query.words:
        held = lookup.holds(word)
        if not held.any():
            held = lookup.holds_part(word)
            heads = any(word.term in table for table in lookup.heads.values())
            if not heads and not (bridged and (bridged.evidence(word.term)).any()):
                missing.append(word)
        if bridged:
            held = held | bridged.evidence(word.term)
        holds[word.term] = held
    features = _features(query, lookup)
    features |= bridged.features if bridged else dict.fromkeys(BRIDGE, lookup.zero)
    features |= meant.features if meant else dict.fromkeys(MEANING, lookup.zero)
    score = lookup.kit.zeros(lookup.size)
    for name in FIRST_STAGE:
        if features[name] is not lookup.zero:
            score = score + getattr(weights, name) * features[name]
    numbers = lookup.kit.ranked(score, [*holds.values(), *([meant.near] if meant else ())], within)
    return Candidates(
        numbers if part is None else part.numbers[numbers],
        features,
        holds,
        {word.term: _rarity(word, lookup, bridged) for word in query.words},
        {gram: ranker.idf("gram", gram) for gram in query.grams},
        frozenset(word.term for word in query.words if not any(word.term in table for table in lookup.words.values())),
        tuple(missing),
        bridged,
        meant,
        part,
    )


def _rarity(word: Word, lookup: _Lookup, bridged: CrossLingualScores | None) -> float:
    """How rare a word is; one that only its translations stand for, as rare as they."""
    own = lookup.idf(word)
    if own == lookup.absent and bridged and bridged.evidence(word.term).any():
        return bridged.idf[word.term]
    return own


def _features(query: Query, lookup: _Lookup) -> dict[str, NDArray[np.float64]]:
    def total(terms: Iterable[str], tables: Sequence[Scored]) -> NDArray[np.float64]:
        found = [term for term in terms if any(term in table for table in tables) or term in lookup.forms]
        if not found:
            return lookup.zero
        scores = lookup.kit.zeros(lookup.size)
        for term in found:
            held = [table[term] for table in tables if term in table]
            if len(held) == 1 and term not in lookup.forms:
                numbers, values = held[0]  # only as many as hold it, not as many as there are
                scores[numbers] += values
            else:
                scores += lookup.dense(tables, term)
        return scores

    both = lookup.both
    whole = {word.term for word in query.words}
    # The parts of a word that stands nowhere whole ("Huguenot-descended") are all there is of it, and count in full.
    unknown = [word for word in query.words if not any(word.term in table for table in both)]
    instead = {part for word in unknown for part in word.subterms} - whole
    return {
        "words": total(sorted(whole | instead), both),
        "names": total([word.term for word in query.words if word.weight == "name"], both),
        "grams": total(query.grams, (lookup.grams,)),
        "heading": total(sorted(whole | instead), tuple(lookup.heads.values())),
    }
