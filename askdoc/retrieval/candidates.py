"""From a question to its candidates: BM25 from the postings of its words, and which words each passage holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.lexicon import Lexicon
from askdoc.model import LANGUAGES, other
from askdoc.question.query import Query, Word
from askdoc.retrieval.bm25 import inverse_document_frequency
from askdoc.retrieval.cross_language import CrossLingualScores, cross_lingual_scores
from askdoc.retrieval.term_scores import ByPassage, TermScores
from askdoc.retrieval.translations import translations
from askdoc.retrieval.weights import FIRST_STAGE, SEMANTIC_WEIGHTS, WEIGHTS
from askdoc.storage.snapshot import Snapshot
from askdoc.text.han import HAN_RUN, character_pairs

if TYPE_CHECKING:
    from askdoc.retrieval.dense import DenseScores

PREFILTER_FROM: Final = 512
"""The largest index, in passages, of which all passages are ranked; of a larger one those that are prefiltered
(:mod:`askdoc.retrieval.prefilter`)."""


class Candidates(Struct, frozen=True):
    """The passages that hold a word of the question, and what was looked up of all that were ranked."""

    numbers: list[int]
    """Passage numbers, best first by first-stage score."""
    features: Mapping[str, Mapping[int, float]]
    """The features of :data:`askdoc.retrieval.weights.FIRST_STAGE` by passage number; absent is 0."""
    holds: Mapping[str, set[int]]
    """For each word's term the passages that hold it (or, where no passage does, a part of it)."""
    idf: Mapping[str, float]
    """The idf of each word's term."""
    gram_idf: Mapping[str, float]
    """The idf of each pair of characters."""
    unknown: frozenset[str]
    """The terms of words that occur nowhere whole: only their parts do."""
    missing: tuple[Word, ...]
    """The words that the documents never use, headings included."""
    cross_lingual: CrossLingualScores | None = None
    """Scores of the translations, where text of the other language was searched."""
    dense: DenseScores | None = None
    """Dense scores, where there are sentence vectors."""


def retrieve(
    query: Query,
    index: Snapshot,
    term_scores: type[TermScores],
    lexicon: Callable[[], Lexicon | None],
    dense: DenseScores | None = None,
    within: frozenset[int] | None = None,
    everything: bool = False,
) -> Candidates:
    """Return the passages that hold a content word of the question, best first by first-stage score.

    With ``dense`` also the nearest passages, whatever words they hold. ``within`` restricts the passages; idf and
    missing words remain those of the whole index. Of a long index the few hundred best passages are looked at, unless
    ``everything`` is asked for. Translations take part where a ``lexicon`` is installed; one counts for its word where
    the passage is in the other language alone. Call it inside one snapshot of the index.
    """
    installed = lexicon() if index.field(other(query.language)).passages else None
    options = None if installed is None else translations(query, index, installed)
    weights = (SEMANTIC_WEIGHTS if dense else WEIGHTS)[query.language]
    numbers = None
    if not everything and index.size > PREFILTER_FROM:
        from askdoc.retrieval.prefilter import prefilter

        numbers = prefilter(query, index, weights, options, dense, within)
    terms = term_scores(index, numbers)
    cross_lingual = None if options is None else cross_lingual_scores(query, terms, options)
    lookup = _Lookup(query, terms)
    evidence: Mapping[str, Collection[int]] = cross_lingual.evidence if cross_lingual else {}
    holds: dict[str, set[int]] = {}
    missing: list[Word] = []
    framing: list[Word] = []
    for word in query.words:
        holders = lookup.holds(word)
        if not holders:
            holders = lookup.holds_part(word)
            if not lookup.in_headings(word.term) and not evidence.get(word.term):
                (framing if word.weight == "light" else missing).append(word)
        holds[word.term] = holders.union(evidence.get(word.term, ()))
    idf = {word.term: lookup.idf(word) for word in query.words}
    idf |= dict.fromkeys([word.term for word in framing], 0.0)  # a frame word that stands nowhere says nothing
    if cross_lingual:  # where only a word's translations occur, theirs
        absent = [term for term in idf if idf[term] == lookup.absent and evidence.get(term)]
        idf |= {term: cross_lingual.idf[term] for term in absent}
    matches = set().union(*holds.values(), dense.near if dense else ())
    if within is not None:
        matches &= within
    features = lookup.features()
    if cross_lingual:
        features |= cross_lingual.features
    if dense:
        features |= dense.features(matches)
    score = dict.fromkeys(sorted(matches), 0.0)
    for name in FIRST_STAGE:
        weight = getattr(weights, name)
        for number, value in features.get(name, {}).items():
            if number in score:
                score[number] += weight * value
    return Candidates(
        sorted(score, key=score.__getitem__, reverse=True),
        features,
        holds,
        idf,
        {gram: terms.idf("gram", gram) for gram in query.grams},
        frozenset(word.term for word in lookup.unknown),
        tuple(missing),
        cross_lingual,
        dense,
    )


class _Lookup:
    """The scores of all terms of a question, read once a field."""

    def __init__(self, query: Query, term_scores: TermScores) -> None:
        self._query = query
        self._term_scores = term_scores
        self._forms = query.forms
        terms = {term for word in query.words for term in (word.term, *word.subterms)}
        grams = {gram for word in query.words for gram in word.grams} | set(query.grams)
        for form in {form for forms in query.forms.values() for form in forms}:
            if HAN_RUN.fullmatch(form[0]):
                grams.update(character_pairs(form[0]))
            else:
                terms.update(form)
        self._words = [term_scores.scores(name, terms) for name in LANGUAGES]
        self._headings = [term_scores.scores(f"{name}_head", terms) for name in LANGUAGES]
        self._grams = term_scores.scores("gram", grams) if grams else {}
        self.unknown = [word for word in query.words if not any(word.term in table for table in self._words)]
        """The words that occur nowhere whole."""
        self.absent = inverse_document_frequency(max(term_scores.index.field(name).passages for name in LANGUAGES), 0)
        """The idf of a word that the documents lack."""

    def in_headings(self, term: str) -> bool:
        """Tell whether a heading holds a term."""
        return any(term in table for table in self._headings)

    # --- which passages hold a word ------------------------------------------------------------------------------

    def holds(self, word: Word) -> set[int]:
        """Return the passages that hold a word: whole, as all parts of a compound, or in another form."""
        if word.han:
            holders = _all_of(self._grams, word.grams)
        else:
            holders = set().union(*(table.get(word.term, ()) for table in self._words))
            if word.subterms:
                holders.update(*(_all_of(table, word.subterms) for table in self._words))
        return holders.union(*map(self._holds_form, self._forms.get(word.term, ())))

    def holds_part(self, word: Word) -> set[int]:
        """Return the passages that hold a part of a word that occurs nowhere whole."""
        return set().union(*(table.get(part, ()) for part in word.subterms for table in self._words))

    def _holds_form(self, form: Sequence[str]) -> set[int]:
        """Return the passages that hold a form of a number: all of its terms, in one of their versions."""
        if HAN_RUN.fullmatch(form[0]):
            return _all_of(self._grams, character_pairs(form[0]))
        return set().union(*(_all_of(table, form) for table in self._words))

    # --- idf -----------------------------------------------------------------------------------------------------

    def idf(self, word: Word) -> float:
        """Return the idf of a word: the lower of the two languages', and for a number the lowest of its forms' first terms."""
        idf = self._idf_as_asked(word)
        for form in self._forms.get(word.term, ()):
            if self._holds_form(form):
                pairs = character_pairs(form[0]) if HAN_RUN.fullmatch(form[0]) else ()
                form_idfs = [self._term_scores.idf("gram", pair) for pair in pairs] or self._word_idfs(form[0])
                idf = min([idf, max(form_idfs)]) if form_idfs else idf
        return idf

    def _idf_as_asked(self, word: Word) -> float:
        idfs = self._word_idfs(word.term)
        if idfs:
            return min(idfs)
        if word.han and all(gram in self._grams for gram in word.grams):
            return max(self._term_scores.idf("gram", gram) for gram in word.grams)
        return self.absent

    def _word_idfs(self, term: str) -> list[float]:
        tables = zip(LANGUAGES, self._words, strict=True)
        return [self._term_scores.idf(name, term) for name, table in tables if term in table]

    # --- features ------------------------------------------------------------------------------------------------

    def features(self) -> dict[str, Mapping[int, float]]:
        """Return the features of the question's own words, by passage number."""
        whole = {word.term for word in self._query.words}
        # A word that occurs nowhere whole ("Huguenot-descended") is represented by its parts, which count in full.
        terms = sorted(whole | {part for word in self.unknown for part in word.subterms})
        names = [word.term for word in self._query.words if word.weight == "name"]
        return {
            "words": self._under_headings(self._total(terms, self._words), terms),
            "names": self._total(names, self._words),
            "grams": self._total(self._query.grams, [self._grams]),
            "heading": self._total(terms, self._headings),
        }

    def _under_headings(self, total: dict[int, float], terms: Iterable[str]) -> dict[int, float]:
        """Return the sums of the terms' scores, a term of a heading or title counted as if it stood below it once."""
        for term in terms:
            own = _best([table[term] for table in self._words if term in table] or [{}])
            for language, table in zip(LANGUAGES, self._headings, strict=True):
                if term not in table:
                    continue
                once = self._term_scores.idf(f"{language}_head", term)  # BM25 of one occurrence at the average length
                for number in table[term]:
                    if own.get(number, 0.0) < once:
                        total[number] = total.get(number, 0.0) + once - own.get(number, 0.0)
                own = {**own, **{number: max(once, own.get(number, 0.0)) for number in table[term]}}
        return total

    def _total(self, terms: Iterable[str], tables: Sequence[ByPassage]) -> dict[int, float]:
        """Return the sums of the terms' scores."""
        total: dict[int, float] = {}
        for term in terms:
            scores = _best([table[term] for table in tables if term in table])
            if tables is self._words and term in self._forms:
                scores = self._in_best_form(term, scores)
            for number, score in scores.items():
                total[number] = total.get(number, 0.0) + score
        return total

    def _in_best_form(self, term: str, scores: Mapping[int, float]) -> Mapping[int, float]:
        """Return the scores of a number, of which the best form counts."""
        tables = [scores]
        for form, weight in self._forms[term].items():
            if HAN_RUN.fullmatch(form[0]):
                parts = [self._grams[pair] for pair in character_pairs(form[0]) if pair in self._grams]
            else:
                parts = [table[form[0]] for table in self._words if form[0] in table]
            holders = self._holds_form(form)
            tables.append({number: weight * score for number, score in _best(parts).items() if number in holders})
        return _best(tables)


def _all_of(table: ByPassage, terms: Sequence[str]) -> set[int]:
    """Return the passages that hold all of some terms."""
    first, *rest = (table.get(term, {}) for term in terms)
    return set(first).intersection(*rest)


def _best(tables: Sequence[Mapping[int, float]]) -> Mapping[int, float]:
    """Return the highest score of each passage, so that one which matches in both versions is not counted twice."""
    if len(tables) == 1:
        return tables[0]
    best: dict[int, float] = {}
    for table in tables:
        for number, score in table.items():
            if score > best.get(number, 0.0):
                best[number] = score
    return best
