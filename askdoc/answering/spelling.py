"""Spelling correction: a word of a question that the index lacks, and that is nearly a word of the documents.

A word is corrected only where neither the index nor the dictionary has it, and a single word of the documents is the clear
candidate. Latin words: optimal string alignment (Damerau 1964; Oommen and Loke 1997), one edit for four to
seven letters, two for more. Chinese words: one character written for another of the same sound (改近 for 改进), tones aside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from askdoc.answering.analyzed_version import analyzed_passages
from askdoc.answering.context import Context
from askdoc.lexicon import Lexicon
from askdoc.model import LANGUAGES
from askdoc.question.query import Query, Word, parse
from askdoc.retrieval.translations import in_dictionary
from askdoc.storage.snapshot import Snapshot
from askdoc.text.han import character_pairs

_LEAST: Final = 4
"""Letters of the shortest word that is corrected."""

_LONG: Final = 8
"""The length from which two edits are allowed."""

_SWAPPED: Final = 6
"""The length from which the first two letters may be transposed."""

_SCANNED: Final = 50_000
"""Terms that are scanned for a word, at most."""

_VERIFIED: Final = 12
"""Terms whose forms in the documents are compared, at most."""

_CLEARLY: Final = 2.0
"""The least ratio of a word's document frequency to that of another candidate of equal distance."""

Surfaces = Callable[[str], Sequence[str]]
"""The forms, as they stand in the documents, of a term of the English or Chinese field."""


def respell(context: Context, query: Query, missing: Collection[Word], found: bool) -> Query | None:
    """Return a question with its spelling corrected; ``None`` where nothing is, or no dictionary is installed.

    ``missing`` are the words that the documents never use; ``found``: they answer the question as it stands.
    """
    surfaces = {word.surface for word in missing}
    absent = [word for word in query.words if word.surface in surfaces]
    singles = sum(word.han and len(word.form) == 1 for word in query.words)
    if not absent and (singles < 2 or found):
        return None
    lexicon = context.lexicon()
    if lexicon is None:  # without it a word that the documents merely lack looks misspelled
        return None
    corrected = corrections(absent, query, context.snapshot, lexicon, partial(_surfaces, context))
    text = query.text
    for typed, right in corrected.items():
        text = text.replace(typed, right)
    if text == query.text or len(text) > context.limits.question_characters:
        return None
    return replace(parse(text, context.limits), corrected=tuple(corrected.items()))


def _surfaces(context: Context, term: str) -> list[str]:
    """Return the forms of a Latin word's term in the first passages that hold it."""
    numbers: list[int] = []
    for field in LANGUAGES:
        postings = context.snapshot.postings(field, [term]).get(term)
        numbers += [] if postings is None else [int(number) for number in postings.passages[:3]]
    return list(
        dict.fromkeys(
            version.text[token.start : token.end]
            for _, versions in analyzed_passages(context.snapshot, numbers[:4])
            for version in versions.values()
            for token in version.tokens
            if token.term == term
        )
    )


def corrections(
    words: Sequence[Word],
    query: Query,
    snapshot: Snapshot,
    lexicon: Lexicon,
    surfaces: Surfaces,
) -> dict[str, str]:
    """Return for words that the index lacks: what is typed → the form in the documents to ask instead.

    Words of the dictionary are not misspelled, and a Chinese word is corrected only to a word of the dictionary. Words
    without a clear correction are left out.
    """
    corrected: dict[str, str] = {}
    for word in words:
        if in_dictionary(word, lexicon):
            continue
        right = _chinese(word.form, snapshot, lexicon) if word.han else _latin(word, snapshot, surfaces)
        if right is not None:
            corrected[word.surface] = right
    for typed in _broken(query):
        if typed not in corrected and not lexicon.english(typed):
            right = _chinese(typed, snapshot, lexicon)
            if right is not None:
                corrected[typed] = right
    return corrected


# --- Latin words ---------------------------------------------------------------------------------------------------


def _latin(word: Word, snapshot: Snapshot, surfaces: Surfaces) -> str | None:
    typed = word.form
    letters = sum(char.isalpha() for char in typed)
    if letters < _LEAST or any(char.isdigit() for char in typed) or not typed.isascii():
        return None
    bare = "".join(char for char in typed if char.isalpha())
    most = 1 if letters < _LONG else 2
    nearest: list[tuple[int, int, str]] = []
    vocabulary: dict[str, int] = {}
    for term, document_frequency in _vocabulary(snapshot, bare, most):
        vocabulary[term] = max(document_frequency, vocabulary.get(term, 0))
    for term, document_frequency in vocabulary.items():
        # A term is a stem: it may end before the word does.
        sizes = {min(max(len(term) + more, 1), len(bare)) for more in range(-most, most + 1)}
        distance = min(edits(bare[:size], term, most) for size in sizes)
        if distance <= most:
            nearest.append((distance, -document_frequency, term))
    candidates: list[tuple[int, int, str, str]] = []
    for _, document_frequency, term in sorted(nearest)[:_VERIFIED]:
        forms = {form: edits(bare, _letters(form), most) for form in surfaces(term)}
        best = min(forms, key=lambda form: (forms[form], form), default=None)
        if (
            best is not None
            and 0 < forms[best] <= most
            and _letters(best)[0] in bare[: 2 if letters >= _SWAPPED else 1]
        ):
            candidates.append((forms[best], document_frequency, term, best))
    candidates.sort()
    if not candidates:
        return None
    first = candidates[0]
    if len(candidates) > 1 and candidates[1][0] == first[0] and -first[1] < _CLEARLY * -candidates[1][1]:
        return None
    return first[3]


def _letters(form: str) -> str:
    return "".join(char for char in form.lower() if char.isalpha()) or form.lower()


def _vocabulary(snapshot: Snapshot, bare: str, most: int) -> Iterator[tuple[str, int]]:
    """Yield the candidate terms: of the same first letter, or of the second where those two may be transposed."""
    letters = set(bare)
    firsts = dict.fromkeys((bare[0], bare[1]) if len(bare) >= _SWAPPED else bare[:1])
    scanned = 0
    for field in ("en", "zh"):
        for first in firsts:
            for term, document_frequency in snapshot.terms(field, first):
                scanned += 1
                if scanned > _SCANNED:
                    return
                if 3 <= len(term) <= len(bare) + most and term.isalpha() and len(set(term) - letters) <= most:
                    yield term, document_frequency


def edits(first: str, second: str, most: int) -> int:
    """Return the optimal string alignment distance of two words; ``most`` + 1 where it is more than ``most``."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    previous: list[int] = []
    row = list(range(len(second) + 1))
    for line, char in enumerate(first, start=1):
        before_previous, previous, row = previous, row, [line]
        for column, other in enumerate(second, start=1):
            cost = min(previous[column] + 1, row[column - 1] + 1, previous[column - 1] + (char != other))
            if before_previous and column > 1 and char == second[column - 2] and other == first[line - 2]:
                cost = min(cost, before_previous[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


# --- Chinese words -------------------------------------------------------------------------------------------------


def _broken(query: Query) -> Iterator[str]:
    """Yield neighbouring single characters of a question: so jieba cuts a word that it does not know."""
    for first, second in zip(query.words, query.words[1:], strict=False):
        if (
            first.han
            and second.han
            and len(first.form) == len(second.form) == 1
            and first.form + second.form in query.text
        ):
            yield first.form + second.form


def _chinese(typed: str, snapshot: Snapshot, lexicon: Lexicon) -> str | None:
    """Return the clear candidate of the documents that differs from this word in a character of the same sound."""
    if not 2 <= len(typed) <= 6:
        return None
    pairs = set(character_pairs(typed))
    if len(snapshot.postings("gram", pairs)) == len(pairs):
        return None
    candidates: dict[str, tuple[str, ...]] = {}
    for position, char in enumerate(typed):
        for other in lexicon.homophones(char):
            right = typed[:position] + other + typed[position + 1 :]
            if other != char:
                candidates[right] = character_pairs(right)
    postings = snapshot.postings("gram", {pair for grams in candidates.values() for pair in grams})
    frequencies = {
        right: min(len(postings[pair].passages) for pair in grams)
        for right, grams in candidates.items()
        if all(pair in postings for pair in grams) and lexicon.english(right)
    }
    ordered = sorted(frequencies, key=lambda right: (-frequencies[right], right))
    if not ordered or (len(ordered) > 1 and frequencies[ordered[0]] < _CLEARLY * frequencies[ordered[1]]):
        return None
    return ordered[0]
