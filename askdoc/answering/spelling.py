"""Typing slips: a word of a question that stands nowhere, and that is nearly a word of the documents.

A word is put right only where it stands nowhere at all and no dictionary knows it, and one word of the documents alone
comes into question. Latin words: optimal string alignment (Damerau 1964; Oommen and Loke 1997), one edit for four to
seven letters, two for more. Chinese words: one character written for another of the same sound (改近 for 改进), tones aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from askdoc.lexicon import Lexicon
from askdoc.question.query import Query, Word
from askdoc.retrieval import Statistics
from askdoc.retrieval.translations import in_dictionary
from askdoc.text.han import character_pairs

_LEAST: Final = 4
"""Letters of the shortest word that is put right."""

_LONG: Final = 8
"""From this length on two edits are allowed."""

_SWAPPED: Final = 6
"""From this length on the first two letters may be the slip."""

_SCANNED: Final = 50_000
"""Terms that are looked at for a word."""

_VERIFIED: Final = 12
"""Terms whose forms in the documents are compared."""

_CLEARLY: Final = 2.0
"""How many times more passages a word must have than another that is as near."""

Surfaces = Callable[[str], Sequence[str]]
"""The forms, as they stand in the documents, of a term of the English or Chinese field."""


def corrections(
    words: Sequence[Word],
    query: Query,
    reader: Statistics,
    lexicon: Lexicon,
    surfaces: Surfaces,
) -> dict[str, str]:
    """For words that the index does not hold: what is typed → the form in the documents to ask instead.

    Words that the dictionary knows are no slips, and only to one of its words a Chinese word is put right. Words without
    a clear correction are left out.
    """
    found: dict[str, str] = {}
    for word in words:
        if in_dictionary(word, lexicon):
            continue
        right = _chinese(word.form, reader, lexicon) if word.han else _latin(word, reader, surfaces)
        if right is not None:
            found[word.surface] = right
    for typed in _broken(query):
        if typed not in found and not lexicon.english(typed):
            right = _chinese(typed, reader, lexicon)
            if right is not None:
                found[typed] = right
    return found


# --- Latin words ---------------------------------------------------------------------------------------------------


def _latin(word: Word, reader: Statistics, surfaces: Surfaces) -> str | None:
    typed = word.form
    letters = sum(char.isalpha() for char in typed)
    if letters < _LEAST or any(char.isdigit() for char in typed) or not typed.isascii():
        return None
    bare = "".join(char for char in typed if char.isalpha())
    most = 1 if letters < _LONG else 2
    nearest: list[tuple[int, int, str]] = []
    vocabulary: dict[str, int] = {}
    for term, document_frequency in _vocabulary(reader, bare, most):
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


def _vocabulary(reader: Statistics, bare: str, most: int) -> Iterator[tuple[str, int]]:
    """The terms that may be meant: of the same first letter, or of the second where those two may be exchanged."""
    letters = set(bare)
    firsts = dict.fromkeys((bare[0], bare[1]) if len(bare) >= _SWAPPED else bare[:1])
    scanned = 0
    for field in ("en", "zh"):
        for first in firsts:
            for term, document_frequency in reader.terms(field, first):
                scanned += 1
                if scanned > _SCANNED:
                    return
                if 3 <= len(term) <= len(bare) + most and term.isalpha() and len(set(term) - letters) <= most:
                    yield term, document_frequency


def edits(one: str, two: str, most: int) -> int:
    """The optimal string alignment distance of two words: edits, exchanges of neighbours among them; ``most`` + 1 where
    it is more than ``most``."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for at, left in enumerate(one, start=1):
        last, row_before = row, before
        row = [at]
        for place, right in enumerate(two, start=1):
            cost = min(last[place] + 1, row[place - 1] + 1, last[place - 1] + (left != right))
            if row_before and place > 1 and left == two[place - 2] and right == one[at - 2]:
                cost = min(cost, row_before[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return min(row[-1], most + 1)


# --- Chinese words -------------------------------------------------------------------------------------------------


def _broken(query: Query) -> Iterator[str]:
    """Neighbouring single characters of a question: what jieba makes of a word that it does not know."""
    for one, two in zip(query.words, query.words[1:], strict=False):
        if one.han and two.han and len(one.form) == len(two.form) == 1 and one.form + two.form in query.text:
            yield one.form + two.form


def _chinese(typed: str, reader: Statistics, lexicon: Lexicon) -> str | None:
    """The only word of the documents that differs from this one in a character of the same sound."""
    if not 2 <= len(typed) <= 6:
        return None
    pairs = set(character_pairs(typed))
    if len(reader.postings("gram", pairs)) == len(pairs):
        return None
    wanted: dict[str, tuple[str, ...]] = {}
    for at, char in enumerate(typed):
        for other in lexicon.homophones(char):
            right = typed[:at] + other + typed[at + 1 :]
            if other != char:
                wanted[right] = character_pairs(right)
    found = reader.postings("gram", {pair for each in wanted.values() for pair in each})
    whole = {
        right: min(len(found[pair].passages) for pair in each)
        for right, each in wanted.items()
        if all(pair in found for pair in each) and lexicon.english(right)
    }
    ordered = sorted(whole, key=lambda right: (-whole[right], right))
    if not ordered or (len(ordered) > 1 and whole[ordered[0]] < _CLEARLY * whole[ordered[1]]):
        return None
    return ordered[0]
