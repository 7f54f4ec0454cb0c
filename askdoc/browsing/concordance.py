"""Every place that holds some words: a phrase as it stands, or words in any form of theirs.

The postings give the passages that can hold them at all; the text of each then decides. A phrase whose words tell
nothing (stop words, punctuation, the inside of a word) is looked for in all texts, whose folded forms are kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from askdoc.browsing.matching import Marks, certain_terms, patterns, phrase_marks, quoted, squeeze, word_marks
from askdoc.browsing.outline import Outline
from askdoc.errors import QueryError
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Find, Places
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Query, Word, parse
from askdoc.retrieval.index_access import Reader
from askdoc.text.cleaning import clean
from askdoc.text.han import HAN_RUN, character_pairs
from askdoc.text.normalize import normalize

if TYPE_CHECKING:
    from askdoc.storage.index_reader import StoredPassage

_KEPT: Final = 16_000_000
"""Characters of folded text that an open index keeps."""

_BATCH: Final = 512
"""Passages read at a time."""

Found = list[tuple["StoredPassage", Marks]]


class Concordance:
    """Looks for every place of some words in an index. May be shared by threads."""

    def __init__(self, reader: Reader, showing: PassageViews, sections: Outline, limits: Limits = DEFAULT) -> None:
        self._reader = reader
        self._showing = showing
        self._sections = sections
        self._limits = limits
        self._lock = threading.Lock()
        self._kept: tuple[str, dict[int, tuple[str, ...]]] = ("", {})
        self._size = 0

    def find(self, words: str, exact: bool, document: str | None, section: Sequence[str] | None) -> Places:
        """See :meth:`askdoc.index.Index.places`."""
        inner = quoted(words)
        text = clean(words if inner is None else inner).text
        phrase = squeeze(text)
        if not phrase:
            raise QueryError("places-empty")
        if len(text) > self._limits.question_characters:
            raise QueryError("question-long", limit=self._limits.question_characters, length=len(text))
        within = self._sections.within(document, section)
        query = None if exact or inner is not None else parse(text, self._limits)
        if query is None or not query.words:
            found = self._phrase(phrase, within)
        else:
            found = (self._words(query.phrase, within) if query.phrase else []) or self._words(query, within)
        return self._places(words, query is None or not query.words, found)

    def _places(self, words: str, exact: bool, found: Found) -> Places:
        order = {summary.name: at for at, summary in enumerate(self._reader.documents())}
        found.sort(key=lambda each: (order[each[0].document], each[0].number))
        finds = tuple(
            Find(
                f"{stored.document}#{stored.passage.id}",
                max(len(spans) for spans in marks.values()),
                stored.passage.alignment,
                self._showing.versions(stored, marks),
            )
            for stored, marks in found
        )
        return Places(words, exact, finds, self._sections.counts([stored for stored, _ in found]))

    def _passages(self, numbers: Sequence[int]) -> Iterable[StoredPassage]:
        for at in range(0, len(numbers), _BATCH):
            yield from self._reader.passages(numbers[at : at + _BATCH])

    # --- a phrase ----------------------------------------------------------------------------------------------

    def _phrase(self, phrase: str, within: frozenset[int] | None) -> Found:
        """The passages that hold a phrase: as whole words where it stands so anywhere, else inside words."""
        numbers = sorted(self._possible(phrase) if within is None else self._possible(phrase) & within)
        document_frequency = [
            (stored, {language: normalize(version.text) for language, version in stored.passage.versions.items()})
            for stored in self._passages(self._containing(phrase, numbers))
        ]
        for pattern in patterns(phrase):
            found = [(stored, marks) for stored, forms in document_frequency if (marks := phrase_marks(pattern, forms))]
            if found:
                return found
        return []

    def _possible(self, phrase: str) -> frozenset[int]:
        """The passages that can hold a phrase by the postings; all where the postings cannot tell."""
        sets = [
            self._holding(("gram",), gram)
            for gram in dict.fromkeys(gram for run in HAN_RUN.findall(phrase) for gram in character_pairs(run))
        ]
        sets += [self._holding(("en", "zh"), term) for term in dict.fromkeys(certain_terms(phrase))]
        if sets:
            return frozenset.intersection(*sets)
        return frozenset(number for each in self._reader.documents() for number in self._reader.numbers(each.name))

    def _containing(self, phrase: str, numbers: Sequence[int]) -> list[int]:
        """Those of the passages whose squeezed text holds a phrase."""
        generation = self._reader.generation
        with self._lock:
            if self._kept[0] != generation:
                self._kept, self._size = (generation, {}), 0
            kept = self._kept[1]
            known = {number: kept[number] for number in numbers if number in kept}
        for stored in self._passages([number for number in numbers if number not in known]):
            texts = tuple(squeeze(version.text) for version in stored.passage.versions.values())
            known[stored.number] = texts
            with self._lock:
                self._size += sum(map(len, texts))
                if self._size <= _KEPT:
                    kept[stored.number] = texts
        return [number for number in numbers if any(phrase in text for text in known[number])]

    # --- words in any form -------------------------------------------------------------------------------------

    def _words(self, query: Query, within: frozenset[int] | None) -> Found:
        """The passages that hold all words of a query, each in either version."""
        held = {word.term: self._word(word) for word in query.words}
        loose = frozenset(
            word.term for word in query.words if word.han and not held[word.term] and _covered(word.form, word.subterms)
        )
        sets = [self._parts(word) if word.term in loose else held[word.term] for word in query.words]
        numbers = frozenset.intersection(*sets)
        found = []
        for stored in self._passages(sorted(numbers if within is None else numbers & within)):
            texts = {language: version.text for language, version in stored.passage.versions.items()}
            marks = word_marks(query.words, texts, loose)
            if marks:
                found.append((stored, marks))
        return found

    def _word(self, word: Word) -> frozenset[int]:
        """The passages that can hold a word by the postings: whole, or the parts that a compound is also written as."""
        if word.han:
            return frozenset.intersection(*(self._holding(("gram",), gram) for gram in word.grams))
        found = self._holding(("en", "zh"), word.term)
        for field in ("en", "zh") if len(word.subterms) > 1 else ():
            found |= frozenset.intersection(*(self._holding((field,), part) for part in word.subterms))
        return found

    def _parts(self, word: Word) -> frozenset[int]:
        grams = {gram for part in word.subterms for gram in character_pairs(part)}
        return frozenset.intersection(*(self._holding(("gram",), gram) for gram in grams))

    def _holding(self, fields: Iterable[str], term: str) -> frozenset[int]:
        found: set[int] = set()
        for field in fields:
            postings = self._reader.postings(field, [term]).get(term)
            if postings is not None:
                found.update(postings.passages.tolist())
        return frozenset(found)


def _covered(form: str, parts: Sequence[str]) -> bool:
    """Whether a Chinese word is nothing but its parts (人工 and 智能, but not 研究 for 研究所)."""
    places = {at + each for part in parts if (at := form.find(part)) >= 0 for each in range(len(part))}
    return bool(parts) and len(places) == len(form)
