"""Questions to begin with, and words to go on with: the document's own headings, names and numbers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc import messages
from askdoc.browsing.matching import squeeze
from askdoc.browsing.outline import Outline
from askdoc.browsing.vocabulary import chinese_words, names, numbers, sample, words
from askdoc.errors import QueryError
from askdoc.model import Answer, Language, other
from askdoc.presentation.citations import shorten
from askdoc.retrieval.index_access import Reader
from askdoc.text.cleaning import display
from askdoc.text.han import HAN, HAN_RUN, character_pairs
from askdoc.text.similarity import likeness

if TYPE_CHECKING:
    from askdoc.storage.index_reader import StoredPassage

SAMPLE: Final = 240
"""How many passages are read for suggestions, at most."""

_TRIES: Final = 6
"""How many questions are tried for one that is given, at most."""

_ALIKE: Final = 0.45
"""Words of at least this likeness may be what was meant."""

_HEADING: Final = 60
"""Columns of the longest heading that is put into a question."""

_NUMBERED: Final = re.compile(r"^(?:[\d.]+[.)、]?|第.{1,4}[章节]|[一二三四五六七八九十]+、)\s+")


class _Part(Struct):
    """A section and what may be asked about it, the most telling first."""

    heading: list[str]
    terms: list[str]
    figures: list[str]


class Suggester:
    """Makes questions and words from an index. May be shared by threads."""

    def __init__(self, reader: Reader, sections: Outline, found: Callable[[str], str | None]) -> None:
        """``found`` asks a question, and gives the id of the passage that answers, or ``None``."""
        self._reader = reader
        self._sections = sections
        self._found = found
        self._kept: tuple[str, list[StoredPassage]] = ("", [])

    def _sample(self) -> list[StoredPassage]:
        generation = self._reader.generation
        if self._kept[0] != generation:
            self._kept = generation, sample(self._reader, SAMPLE)
        return self._kept[1]

    # --- questions to begin with -------------------------------------------------------------------------------

    def questions(self, language: Language, count: int) -> tuple[str, ...]:
        """See :meth:`askdoc.index.Index.suggestions`."""
        parts = list(self._parts(language).values())
        chosen: dict[str, int] = {}
        passages: set[str] = set()
        tries = _TRIES * count
        for at, question in _turns(parts, language):
            if len(chosen) >= count or not tries:
                break
            tries -= 1
            passage = self._try(question)
            if passage is not None and passage not in passages and question not in chosen:
                passages.add(passage)
                chosen[question] = at
        return tuple(sorted(chosen, key=chosen.__getitem__))

    def _try(self, question: str) -> str | None:
        try:
            return self._found(question)
        except QueryError:
            return None

    def _parts(self, language: Language) -> dict[tuple[str, int], _Part]:
        places: dict[tuple[str, int], list[str]] = {}
        for stored in self._sample():
            version = stored.passage.versions.get(language) or stored.passage.versions[other(language)]
            places.setdefault(self._sections.position(stored), []).append(version.text)
        spread = Counter(
            term for found in places.values() for term in {each for text in found for each in _terms(text)}
        )
        parts = {}
        for key, found in places.items():
            often = Counter(term for text in found for term in _terms(text))
            # What stands in every section tells nothing of this one; the sum keeps an order where all is one section.
            rare = {
                term: min(count, 3) * (math.log(len(places) / spread[term]) + 0.05) for term, count in often.items()
            }
            path = self._sections.path(key).get(language, ())
            heading = [_bare(path[-1])] if path and len(display(path[-1])) <= _HEADING else []
            terms = sorted(rare, key=lambda term: (-rare[term], term))[:4]
            parts[key] = _Part([each for each in heading if each], terms, _figures(found, language))
        return parts

    # --- words to go on with -----------------------------------------------------------------------------------

    def near_answer(self, answer: Answer, language: Language) -> tuple[str, ...]:
        """Up to three headings and terms of and around the passages that answer, none of them asked already."""
        asked = squeeze(answer.question)
        headings: list[str] = []
        terms: list[str] = []
        for hit in answer.hits[:3]:
            version = hit.versions.get(language) or hit.versions[hit.shown]
            headings += [_bare(heading) for heading in reversed(version.section[-2:])]
            terms += [term for term, _ in Counter(_terms(version.text)).most_common(3)]
        headings += self._beside(answer, language)
        given = [each for pair in zip_longest(headings, terms, fillvalue="") for each in pair]
        return _fresh(given, asked)

    def _beside(self, answer: Answer, language: Language) -> list[str]:
        """The headings after and before the section of the first hit."""
        for hit in answer.hits[:1]:
            paths = [section.path for section in self._reader.sections(hit.document)]
            at = next((at for at, each in enumerate(paths) if hit.versions[hit.shown].section in each.values()), None)
            near = [] if at is None else [*paths[at + 1 : at + 2], *paths[max(at - 1, 0) : at]]
            return [_bare(path[language][-1]) for path in near if path.get(language)]
        return []

    def near_words(self, answer: Answer, language: Language) -> tuple[str, ...]:
        """Up to three headings and words of the document that are most like what was asked, likest first."""
        wanted = [squeeze(word) for word in (*answer.missing, *answer.matched)]
        known = dict.fromkeys(self._words(language, any(HAN.search(word) for word in wanted)))
        liking = {each: max((_alike(word, squeeze(each)) for word in wanted), default=0.0) for each in known}
        likest = sorted((each for each in liking if liking[each] >= _ALIKE), key=lambda each: (-liking[each], each))
        nearest = (hit.versions.get(language) or hit.versions[hit.shown] for hit in answer.hits[:3])
        headings = [_bare(version.section[-1]) for version in nearest if version.section]
        return _fresh([*likest, *headings], squeeze(answer.question))

    def _words(self, language: Language, han: bool) -> Iterator[str]:
        for summary in self._reader.documents():
            for section in self._reader.sections(summary.name):
                yield from (_bare(heading) for heading in section.path.get(language, ())[-1:])
        for stored in self._sample():
            for version in stored.passage.versions.values():
                yield from names(version.text)
                yield from words(version.text)
                if han:
                    yield from chinese_words(version.text)[0]


def _terms(text: str) -> list[str]:
    """The names in a text, and its Chinese words of three characters or more; where there is neither, its long words."""
    found = [" ".join(name.split()) for name in names(text)]
    found += [word for word in chinese_words(text)[0] if len(word) > 2]
    return found or [word for word in words(text) if len(word) > 6]


def _figures(texts: Iterable[str], language: Language) -> list[str]:
    """Names with numbers that stand in one sentence with them, to be asked about together."""
    found = []
    for text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。!?!?])", text):
            counted, named = numbers(sentence), list(names(sentence))
            if counted and named:
                pair = (messages.say("suggest-quoted", language, word=word) for word in (named[0], counted[0]))
                found.append(messages.say("suggest-and", language).join(pair))
    return found


def _turns(parts: Sequence[_Part], language: Language) -> Iterator[tuple[int, str]]:
    """Questions with the place of their section, from all over the document and of all kinds in turn."""
    golden = (math.sqrt(5) - 1) / 2
    order = sorted(range(len(parts)), key=lambda at: (at * golden) % 1)
    for turn in range(4):
        for step, at in enumerate(order):
            kinds = (
                _ask_heading(parts[at], language),
                _ask_terms(parts[at], language),
                _ask_figures(parts[at], language),
            )
            kind = kinds[(0, 1, 0, 2)[(step + turn) % 4]]
            rest = [question for each in kinds for question in each]
            given = kind or rest[turn : turn + 1]
            yield from ((at, question) for question in given[:1])


def _ask_heading(part: _Part, language: Language) -> list[str]:
    return [heading if heading.endswith(("?", "?")) else _about(heading, language) for heading in part.heading]


def _ask_terms(part: _Part, language: Language) -> list[str]:
    return [_about(term, language) for term in part.terms]


def _ask_figures(part: _Part, language: Language) -> list[str]:
    return [messages.say("suggest-about", language, words=pair) for pair in part.figures[:2]]


def _about(term: str, language: Language) -> str:
    return messages.say("suggest-about", language, words=messages.say("suggest-quoted", language, word=term))


def _bare(heading: str) -> str:
    """A heading without its number, in one line, cut where it is long."""
    return shorten(_NUMBERED.sub("", " ".join(heading.split())), _HEADING)


def _fresh(given: Iterable[str], asked: str) -> tuple[str, ...]:
    """The first three that are different and were not asked already."""
    found: dict[str, str] = {}
    for each in given:
        key = squeeze(each)
        if key and key not in asked and key not in found:
            found[key] = display(each)
    return tuple(found.values())[:3]


def _alike(word: str, known: str) -> float:
    """How much a squeezed word is like the likest word of some squeezed text; 0..1."""
    if HAN_RUN.fullmatch(word):
        cut = character_pairs if len(word) > 1 else tuple
        pairs = set(cut(word))
        held = {gram for run in HAN_RUN.findall(known) for gram in cut(run)}
        # A heading is longer than a word: that it holds the word counts more than what else it holds.
        return 0.8 * len(pairs & held) / len(pairs) + 0.2 * len(pairs & held) / len(held) if held else 0.0
    return max((likeness(word, each) for each in known.split() if each[:1].isascii()), default=0.0)
