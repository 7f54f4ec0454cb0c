"""The words of a question in the other language: what each may be called there, and how likely each is meant.

By the dictionary: multi-word entries first, then words, their parts and pieces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from askdoc.lexicon import Lexicon
from askdoc.model import other
from askdoc.question.query import Query, Word
from askdoc.retrieval import Statistics
from askdoc.text.similarity import likeness

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


def translations(query: Query, index: Statistics, lexicon: Lexicon) -> Sequence[Options] | None:
    """Return the translations of each word of a question, with near forms of those English words that the index lacks.

    ``None`` where it has no text of the other language, or the dictionary no word of the question.
    """
    language = other(query.language)
    if not index.field(language).passages:
        return None
    options = _to_chinese(query.words, lexicon) if language == "zh" else _to_english(query.words, lexicon)
    if not any(options):
        return None
    if language == "en":
        _widen(options, index)
    return options


def _widen(options: Sequence[dict[Translation, float]], index: Statistics) -> None:
    """Let near forms stand for single English words that the documents do not use."""
    known = index.postings("en", {term for each in options for found in each for term in found})
    absent = {
        found[0]
        for each in options
        for found in each
        if len(found) == 1 and len(found[0]) > _PREFIX and found[0] not in known
    }
    near = _near(absent, index)
    for each in options:
        for found, weight in list(each.items()):
            for form, value in near.get(found[0], ()) if len(found) == 1 else ():
                more(each, (form,), _NEAR_WORTH * value * weight)


def _near(absent: Collection[str], index: Statistics) -> dict[str, list[tuple[str, float]]]:
    """For English words that the documents do not use the like of them that they do, with how alike."""
    near: dict[str, list[tuple[str, float]]] = {}
    for prefix in {term[:_PREFIX] for term in absent}:
        vocabulary = [term for term, _ in index.terms("en", prefix)]
        for term in absent:
            if term.startswith(prefix):
                alike = ((each, likeness(term, each)) for each in vocabulary)
                near[term] = [(each, value) for each, value in alike if value >= NEAR]
    return near


def in_dictionary(word: Word, lexicon: Lexicon) -> bool:
    """Whether a dictionary knows a word of either language; a compound, where it knows all parts."""
    if word.han:
        return bool(lexicon.english(word.form))
    return bool(lexicon.chinese((word.term,))) or (
        bool(word.subterms) and all(lexicon.chinese((part,)) for part in word.subterms)
    )


def more(options: dict[Translation, float], translation: Translation, weight: float) -> None:
    """Add a translation, or raise what it counts."""
    options[translation] = max(weight, options.get(translation, 0.0))


def character_shares(options: Options) -> dict[str, float]:
    """Return for each character of a word's Chinese translations the share of their weight that it stands in."""
    total = sum(options.values())
    shares: dict[str, float] = {}
    for (han,), weight in options.items():
        for character in dict.fromkeys(han):
            shares[character] = shares.get(character, 0.0) + weight / total
    return shares


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
                    more(found[at], (han,), PHRASE * weight)
    for at, word in enumerate(words):
        if not word.han:
            for term, worth in ((word.term, 1.0), *((part, PART) for part in word.subterms)):
                for han, weight in lexicon.chinese((term,)):
                    more(found[at], (han,), worth * weight * (COVERED if covered[at] else 1))
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
                more(own, terms, PHRASE * weight)
        worth = COVERED if own else 1.0
        entry = lexicon.english(word.form)
        for terms, weight in entry or _pieces(word.form, lexicon):
            more(own, terms, worth * weight)
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
