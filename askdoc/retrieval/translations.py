"""Translations of a question's words, with their weights.

From the dictionary: multi-word entries first, then words, their parts and pieces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from askdoc.lexicon import Lexicon
from askdoc.model import other
from askdoc.question.query import Query, Word
from askdoc.storage.snapshot import Snapshot
from askdoc.text.similarity import dice_similarity

Translation = tuple[str, ...]
"""A translation as the other field's terms: one Chinese word, or the stems of an English phrase."""

Options = Mapping[Translation, float]
"""Translations of a word with their weights."""

PHRASE: Final = 3.0
"""The weight of a phrase's translation, relative to a word's."""

COVERED: Final = 0.3
"""The weight of a word's own translation where a phrase contains the word."""

PIECE: Final = 0.6
"""The weight of a translated piece, two characters or more, of a Chinese word that is not in the dictionary."""

CHARACTER: Final = 0.2
"""The same for single characters."""

PART: Final = 0.6
"""The weight of the translation of a compound's part."""

NEAR: Final = 0.5
"""The least similarity of an English word that replaces a translation which the documents do not use ("septicaemia")."""

_NEAR_WEIGHT: Final = 0.7
_PREFIX: Final = 4
_PHRASE_WORDS: Final = 4
_LONGEST: Final = 8
"""Characters of the longest Chinese entry."""


def translations(query: Query, index: Snapshot, lexicon: Lexicon) -> Sequence[Options] | None:
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


def _widen(options: Sequence[dict[Translation, float]], index: Snapshot) -> None:
    """Add near forms of single English words that the documents do not use."""
    postings = index.postings(
        "en", {term for word_options in options for translation in word_options for term in translation}
    )
    absent = {
        translation[0]
        for word_options in options
        for translation in word_options
        if len(translation) == 1 and len(translation[0]) > _PREFIX and translation[0] not in postings
    }
    near = _near(absent, index)
    for word_options in options:
        for translation, weight in list(word_options.items()):
            for form, value in near.get(translation[0], ()) if len(translation) == 1 else ():
                add_translation(word_options, (form,), _NEAR_WEIGHT * value * weight)


def _near(absent: Collection[str], index: Snapshot) -> dict[str, list[tuple[str, float]]]:
    """Return for each absent English word the similar words of the documents, with their similarities."""
    memo = index.memo
    near: dict[str, list[tuple[str, float]]] = {}
    for term in absent:
        forms = memo.get(("near", term))
        if forms is None:
            alike = ((form, dice_similarity(term, form)) for form, _ in index.terms("en", term[:_PREFIX]))
            forms = [(form, similarity) for form, similarity in alike if similarity >= NEAR]
            memo.put(("near", term), forms, 200 + 150 * len(forms))
        near[term] = forms
    return near


def in_dictionary(word: Word, lexicon: Lexicon) -> bool:
    """Tell whether a dictionary has a word of either language; of a compound, the whole or all parts."""
    if word.han:
        return bool(lexicon.english(word.form))
    return bool(lexicon.chinese((word.term,))) or (
        bool(word.subterms) and all(lexicon.chinese((part,)) for part in word.subterms)
    )


def add_translation(options: dict[Translation, float], translation: Translation, weight: float) -> None:
    """Add a translation, or raise its weight."""
    options[translation] = max(weight, options.get(translation, 0.0))


def character_shares(options: Options) -> dict[str, float]:
    """Return for each character of a word's Chinese translations the share of their weight in which it occurs."""
    total = sum(options.values())
    shares: dict[str, float] = {}
    for (han,), weight in options.items():
        for character in dict.fromkeys(han):
            shares[character] = shares.get(character, 0.0) + weight / total
    return shares


def _to_chinese(words: Sequence[Word], lexicon: Lexicon) -> list[dict[Translation, float]]:
    """Return the Chinese translations of each word: of the phrases that hold it, of itself, of its parts."""
    options: list[dict[Translation, float]] = [{} for _ in words]
    covered = [False] * len(words)
    for size in range(min(_PHRASE_WORDS, len(words)), 1, -1):
        for start in range(len(words) - size + 1):
            whole = tuple(word.term for word in words[start : start + size])
            for han, weight in lexicon.chinese(whole):
                for position in range(start, start + size):
                    covered[position] = True
                    add_translation(options[position], (han,), PHRASE * weight)
    for position, word in enumerate(words):
        if not word.han:
            for term, term_weight in ((word.term, 1.0), *((part, PART) for part in word.subterms)):
                for han, weight in lexicon.chinese((term,)):
                    add_translation(
                        options[position], (han,), term_weight * weight * (COVERED if covered[position] else 1)
                    )
    return options


def _to_english(words: Sequence[Word], lexicon: Lexicon) -> list[dict[Translation, float]]:
    """Return the English translations of each word: of entries that it forms with neighbours, of itself, of its pieces."""
    options: list[dict[Translation, float]] = []
    for position, word in enumerate(words):
        own: dict[Translation, float] = {}
        options.append(own)
        if not word.han:
            continue
        before = words[position - 1].form if position and words[position - 1].han else ""
        after = words[position + 1].form if position + 1 < len(words) and words[position + 1].han else ""
        for whole in {before + word.form, word.form + after, before + word.form + after} - {word.form}:
            for terms, weight in lexicon.english(whole):
                add_translation(own, terms, PHRASE * weight)
        own_weight = COVERED if own else 1.0
        entry = lexicon.english(word.form)
        for terms, weight in entry or _pieces(word.form, lexicon):
            add_translation(own, terms, own_weight * weight)
    return options


def _pieces(form: str, lexicon: Lexicon) -> Iterator[tuple[Translation, float]]:
    """Yield the translations of the longest entries, from the left, within a word that is not an entry."""
    start = 0
    while start < len(form):
        for size in range(min(_LONGEST, len(form) - start), 0, -1):
            entry = lexicon.english(form[start : start + size])
            if entry:
                piece_weight = PIECE if size > 1 else CHARACTER
                yield from ((terms, piece_weight * weight) for terms, weight in entry)
                break
        start += size
