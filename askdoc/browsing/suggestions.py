"""Suggestions: questions to begin with and terms to continue with, from the document's headings, names and numbers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final

from msgspec import Struct

from askdoc import messages
from askdoc.browsing.matching import squeeze
from askdoc.browsing.outline import Outline
from askdoc.browsing.vocabulary import chinese_words, names, numbers, sample, words
from askdoc.errors import QueryError
from askdoc.model import Answer, Language, other
from askdoc.presentation.citations import shorten
from askdoc.storage.snapshot import Snapshot, StoredPassage
from askdoc.text.cleaning import display
from askdoc.text.han import HAN, HAN_RUN, character_pairs
from askdoc.text.similarity import dice_similarity

SAMPLE: Final = 240
"""How many passages are sampled for suggestions, at most."""

_TRIES: Final = 6
"""How many questions are tried for each suggestion, at most."""

_SIMILAR: Final = 0.45
"""The least similarity of a suggested word."""

_HEADING: Final = 60
"""Columns of the longest heading in a question."""

_NUMBERED: Final = re.compile(r"^(?:[\d.]+[.)、]?|第.{1,4}[章节]|[一二三四五六七八九十]+、)\s+")


class _Part(Struct):
    """A section and what may be asked about it, the most specific first."""

    heading: list[str]
    terms: list[str]
    figures: list[str]


class Suggester:
    """Suggests questions and words from a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._outline = Outline(snapshot)

    def _sample(self) -> list[StoredPassage]:
        return self._snapshot.cached("sample", lambda: sample(self._snapshot, SAMPLE))

    # --- questions to begin with -------------------------------------------------------------------------------

    def questions(self, language: Language) -> list[tuple[int, str]]:
        """Return questions to try, each with the number of its section, from all sections in turn."""
        return list(_turns(list(self._parts(language).values()), language))

    def _parts(self, language: Language) -> dict[tuple[str, int], _Part]:
        texts_of: dict[tuple[str, int], list[str]] = {}
        for stored in self._sample():
            version = stored.passage.versions.get(language) or stored.passage.versions[other(language)]
            texts_of.setdefault(self._outline.position(stored), []).append(version.text)
        terms_of = {key: Counter(term for text in texts for term in _terms(text)) for key, texts in texts_of.items()}
        section_counts = Counter(term for counts in terms_of.values() for term in counts)
        parts = {}
        for key, counts in terms_of.items():
            # Inverse section frequency; the sum keeps an order where all is one section.
            weights = {
                term: min(count, 3) * (math.log(len(texts_of) / section_counts[term]) + 0.05)
                for term, count in counts.items()
            }
            path = self._outline.path(key).get(language, ())
            heading = [_bare(path[-1])] if path and len(display(path[-1])) <= _HEADING else []
            terms = sorted(weights, key=lambda term: (-weights[term], term))[:4]
            parts[key] = _Part([title for title in heading if title], terms, _figures(texts_of[key], language))
        return parts

    # --- words to go on with -----------------------------------------------------------------------------------

    def near_answer(self, answer: Answer, language: Language) -> tuple[str, ...]:
        """Return up to three headings and terms in and around the answering passages that are not in the question."""
        asked = squeeze(answer.question)
        headings: list[str] = []
        terms: list[str] = []
        for hit in answer.hits[:3]:
            version = hit.versions.get(language) or hit.versions[hit.shown]
            headings += [_bare(heading) for heading in reversed(version.section[-2:])]
            terms += [term for term, _ in Counter(_terms(version.text)).most_common(3)]
        headings += self._beside(answer, language)
        alternating = [phrase for pair in zip_longest(headings, terms, fillvalue="") for phrase in pair]
        return _first_new(alternating, asked)

    def _beside(self, answer: Answer, language: Language) -> list[str]:
        """Return the headings after and before the section of the first hit."""
        for hit in answer.hits[:1]:
            paths = [section.path for section in self._snapshot.sections(hit.document)]
            section = hit.versions[hit.shown].section
            position = next((number for number, path in enumerate(paths) if section in path.values()), None)
            beside = (
                []
                if position is None
                else [*paths[position + 1 : position + 2], *paths[max(position - 1, 0) : position]]
            )
            return [_bare(path[language][-1]) for path in beside if path.get(language)]
        return []

    def near_words(self, answer: Answer, language: Language) -> tuple[str, ...]:
        """Return up to three headings and words of the document that are most similar to the question's, best first."""
        asked = [squeeze(word) for word in (*answer.missing, *answer.matched)]
        vocabulary = dict.fromkeys(self._words(language, any(HAN.search(word) for word in asked)))
        scores = {
            phrase: max((_similarity(word, squeeze(phrase)) for word in asked), default=0.0) for phrase in vocabulary
        }
        similar = [phrase for phrase in scores if scores[phrase] >= _SIMILAR]
        similar.sort(key=lambda phrase: (-scores[phrase], phrase))
        nearest = (hit.versions.get(language) or hit.versions[hit.shown] for hit in answer.hits[:3])
        headings = [_bare(version.section[-1]) for version in nearest if version.section]
        return _first_new([*similar, *headings], squeeze(answer.question))

    def _words(self, language: Language, han: bool) -> Iterator[str]:
        for summary in self._snapshot.documents():
            for section in self._snapshot.sections(summary.name):
                yield from (_bare(heading) for heading in section.path.get(language, ())[-1:])
        for stored in self._sample():
            for version in stored.passage.versions.values():
                yield from names(version.text)
                yield from words(version.text)
                if han:
                    yield from chinese_words(version.text)[0]


def answered(
    questions: Iterable[tuple[int, str]], count: int, answering_passage: Callable[[str], str | None]
) -> tuple[str, ...]:
    """Return up to ``count`` of some questions that different passages answer, in the document's order.

    ``answering_passage`` returns the id of the passage that answers a question, or ``None``.
    """
    chosen: dict[str, int] = {}
    passages: set[str] = set()
    for position, question in islice(questions, _TRIES * count):
        if len(chosen) >= count:
            break
        try:
            passage = answering_passage(question)
        except QueryError:
            continue
        if passage is not None and passage not in passages and question not in chosen:
            passages.add(passage)
            chosen[question] = position
    return tuple(sorted(chosen, key=chosen.__getitem__))


def _terms(text: str) -> list[str]:
    """Return the names in a text and its Chinese words of three characters or more; without either, its long words."""
    terms = [" ".join(name.split()) for name in names(text)]
    terms += [word for word in chinese_words(text)[0] if len(word) > 2]
    return terms or [word for word in words(text) if len(word) > 6]


def _figures(texts: Iterable[str], language: Language) -> list[str]:
    """Return names with numbers of the same sentence, to be asked about together."""
    pairs = []
    for text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。!?!?])", text):
            quantities, named = numbers(sentence), list(names(sentence))
            if quantities and named:
                pair = (messages.say("suggest-quoted", language, word=word) for word in (named[0], quantities[0]))
                pairs.append(messages.say("suggest-and", language).join(pair))
    return pairs


def _turns(parts: Sequence[_Part], language: Language) -> Iterator[tuple[int, str]]:
    """Yield questions with the number of their section, from all parts of the document and of all kinds in turn."""
    golden = (math.sqrt(5) - 1) / 2
    order = sorted(range(len(parts)), key=lambda position: (position * golden) % 1)
    for turn in range(4):
        for step, position in enumerate(order):
            part = parts[position]
            by_kind = (
                [title if title.endswith(("?", "？")) else _about(title, language) for title in part.heading],
                [_about(term, language) for term in part.terms],
                [messages.say("suggest-about", language, words=pair) for pair in part.figures[:2]],
            )
            preferred = by_kind[(0, 1, 0, 2)[(step + turn) % 4]]
            others = [question for questions in by_kind for question in questions]
            choices = preferred or others[turn : turn + 1]
            yield from ((position, question) for question in choices[:1])


def _about(term: str, language: Language) -> str:
    return messages.say("suggest-about", language, words=messages.say("suggest-quoted", language, word=term))


def _bare(heading: str) -> str:
    """Return a heading without its number, in one line, shortened."""
    return shorten(_NUMBERED.sub("", " ".join(heading.split())), _HEADING)


def _first_new(phrases: Iterable[str], asked: str) -> tuple[str, ...]:
    """Return the first three distinct phrases that are not in the question."""
    distinct: dict[str, str] = {}
    for phrase in phrases:
        key = squeeze(phrase)
        if key and key not in asked and key not in distinct:
            distinct[key] = display(phrase)
    return tuple(distinct.values())[:3]


def _similarity(word: str, text: str) -> float:
    """Return the similarity of a squeezed word to the most similar word of a squeezed text; 0..1."""
    if HAN_RUN.fullmatch(word):
        split = character_pairs if len(word) > 1 else tuple
        grams = set(split(word))
        text_grams = {gram for run in HAN_RUN.findall(text) for gram in split(run)}
        # A heading is longer than a word: recall counts more than precision.
        shared = len(grams & text_grams)
        return 0.8 * shared / len(grams) + 0.2 * shared / len(text_grams) if text_grams else 0.0
    return max((dice_similarity(word, candidate) for candidate in text.split() if candidate[:1].isascii()), default=0.0)
