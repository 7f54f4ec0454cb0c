"""All occurrences of a phrase as it is written, or of words in any inflection.

The postings give the candidate passages; the text of each then decides. A phrase without indexed terms (stop words,
punctuation, the inside of a word) is searched for in all texts, whose folded forms are cached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from askdoc.browsing.matching import Marks, certain_terms, patterns, phrase_marks, quoted, squeeze, word_marks
from askdoc.browsing.outline import Outline
from askdoc.errors import QueryError
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Find, Places
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Query, Word, parse
from askdoc.storage.snapshot import Snapshot, StoredPassage
from askdoc.text.cleaning import clean
from askdoc.text.han import HAN_RUN, character_pairs
from askdoc.text.normalize import normalize

_BATCH: Final = 512
"""Passages read at once."""

Matches = list[tuple[StoredPassage, Marks]]


class Concordance:
    """Finds all occurrences of words in a snapshot."""

    def __init__(self, snapshot: Snapshot, limits: Limits = DEFAULT) -> None:
        self._snapshot = snapshot
        self._views = PassageViews(snapshot)
        self._outline = Outline(snapshot)
        self._limits = limits

    def find(self, words: str, exact: bool, document: str | None, section: Sequence[str] | None) -> Places:
        """Find all occurrences: :meth:`askdoc.index.Index.places`."""
        quoted_text = quoted(words)
        text = clean(words if quoted_text is None else quoted_text).text
        phrase = squeeze(text)
        if not phrase:
            raise QueryError("places-empty")
        if len(text) > self._limits.question_characters:
            raise QueryError("question-long", limit=self._limits.question_characters, length=len(text))
        within = self._outline.within(document, section)
        query = None if exact or quoted_text is not None else parse(text, self._limits)
        if query is None or not query.words:
            matches = self._with_phrase(phrase, within)
        else:
            matches = self._with_words(query.phrase, within) if query.phrase else []
            matches = matches or self._with_words(query, within)
        return self._places(words, query is None or not query.words, matches)

    def _places(self, words: str, exact: bool, matches: Matches) -> Places:
        order = {summary.name: position for position, summary in enumerate(self._snapshot.documents())}
        matches.sort(key=lambda match: (order[match[0].document], match[0].number))
        finds = tuple(
            Find(
                stored.citation,
                max(len(spans) for spans in marks.values()),
                stored.passage.alignment,
                self._views.versions(stored, marks),
            )
            for stored, marks in matches
        )
        return Places(words, exact, finds, self._outline.counts([stored for stored, _ in matches]))

    def _passages(self, numbers: Sequence[int]) -> Iterable[StoredPassage]:
        for start in range(0, len(numbers), _BATCH):
            yield from self._snapshot.passages(numbers[start : start + _BATCH])

    # --- a phrase ----------------------------------------------------------------------------------------------

    def _with_phrase(self, phrase: str, within: frozenset[int] | None) -> Matches:
        """Return the passages with a phrase: as whole words where any passage has it so, else inside words."""
        numbers = sorted(self._candidates(phrase) if within is None else self._candidates(phrase) & within)
        normalized = [
            (stored, {language: normalize(version.text) for language, version in stored.passage.versions.items()})
            for stored in self._passages(self._containing(phrase, numbers))
        ]
        for pattern in patterns(phrase):
            matches = [(stored, marks) for stored, forms in normalized if (marks := phrase_marks(pattern, forms))]
            if matches:
                return matches
        return []

    def _candidates(self, phrase: str) -> frozenset[int]:
        """Return the passages that may hold a phrase by the postings; all where the postings cannot tell."""
        sets = [
            self._matching(("gram",), gram)
            for gram in dict.fromkeys(gram for run in HAN_RUN.findall(phrase) for gram in character_pairs(run))
        ]
        sets += [self._matching(("en", "zh"), term) for term in dict.fromkeys(certain_terms(phrase))]
        if sets:
            return frozenset.intersection(*sets)
        return frozenset().union(*(self._snapshot.numbers(summary.name) for summary in self._snapshot.documents()))

    def _containing(self, phrase: str, numbers: Sequence[int]) -> list[int]:
        """Return those of the passages whose squeezed text holds a phrase."""
        memo = self._snapshot.memo
        texts_of: dict[int, tuple[str, ...] | None] = {number: memo.get(("squeezed", number)) for number in numbers}
        for stored in self._passages([number for number in numbers if texts_of[number] is None]):
            texts = tuple(squeeze(version.text) for version in stored.passage.versions.values())
            texts_of[stored.number] = texts
            memo.put(("squeezed", stored.number), texts, 200 + 2 * sum(map(len, texts)))
        return [number for number in numbers if any(phrase in text for text in texts_of[number] or ())]

    # --- words in any form -------------------------------------------------------------------------------------

    def _with_words(self, query: Query, within: frozenset[int] | None) -> Matches:
        """Return the passages that hold all words of a query, each in either version."""
        matching = {word.term: self._with_word(word) for word in query.words}
        loose = frozenset(word.term for word in query.words if word.han and not matching[word.term] and _covered(word))
        sets = [self._with_subterms(word) if word.term in loose else matching[word.term] for word in query.words]
        numbers = frozenset.intersection(*sets)
        matches = []
        for stored in self._passages(sorted(numbers if within is None else numbers & within)):
            texts = {language: version.text for language, version in stored.passage.versions.items()}
            marks = word_marks(query.words, texts, loose)
            if marks:
                matches.append((stored, marks))
        return matches

    def _with_word(self, word: Word) -> frozenset[int]:
        """Return the passages that may hold a word by the postings: the whole word, or all subterms of a compound."""
        if word.han:
            return frozenset.intersection(*(self._matching(("gram",), gram) for gram in word.grams))
        passages = self._matching(("en", "zh"), word.term)
        for field in ("en", "zh") if len(word.subterms) > 1 else ():
            passages |= frozenset.intersection(*(self._matching((field,), subterm) for subterm in word.subterms))
        return passages

    def _with_subterms(self, word: Word) -> frozenset[int]:
        grams = {gram for subterm in word.subterms for gram in character_pairs(subterm)}
        return frozenset.intersection(*(self._matching(("gram",), gram) for gram in grams))

    def _matching(self, fields: Iterable[str], term: str) -> frozenset[int]:
        passages: set[int] = set()
        for field in fields:
            postings = self._snapshot.postings(field, [term]).get(term)
            if postings is not None:
                passages.update(map(int, postings.passages))
        return frozenset(passages)


def _covered(word: Word) -> bool:
    """Tell whether subterms make up a Chinese word (人工 and 智能, but not 研究 for 研究所)."""
    spans = [(start, start + len(part)) for part in word.subterms if (start := word.form.find(part)) >= 0]
    return bool(spans) and len({position for span in spans for position in range(*span)}) == len(word.form)
