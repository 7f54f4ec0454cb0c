"""A version of a passage, read as closely as ranking and marking need: its sentences, their terms and characters.

Chinese stays a text, not words: whether a word stands there is known without segmenting, and an English question never
waits for jieba. The engine keeps what it has read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from askdoc.analysis import unsegmented
from askdoc.analysis.tokens import Token
from askdoc.model import Language
from askdoc.question.answer_type import AnswerTypeSpans
from askdoc.text.normalize import NormalizedText, fold, normalize
from askdoc.text.sentences import sentences

NEAR: Final = 0.4
"""English words whose likeness is at least this are near forms of each other ("suburbs", "suburban")."""


class Sentence(Struct, frozen=True):
    """One sentence of a version."""

    start: int
    end: int
    terms: frozenset[str]
    folded: str
    """Its text in the form for matching."""
    forms: frozenset[str]
    """English words of four letters or more, folded, as they stand."""
    holdings: AnswerTypeSpans
    """What it holds that could answer one kind of question or another."""


class AnalyzedVersion(Struct, frozen=True):
    """A version, read."""

    text: str
    form: NormalizedText
    tokens: tuple[Token, ...]
    """Words and their parts, in order; neither stop words nor Chinese ones."""
    sentences: tuple[Sentence, ...]
    terms: frozenset[str]
    forms: Mapping[str, tuple[str, ...]]
    """The forms of all sentences by their first letter."""


def read(text: str, language: Language) -> AnalyzedVersion:
    """Read a version of a passage."""
    form = normalize(text)
    content = tuple(token for token in unsegmented(text, form) if token.kind != "stop")
    ordered = sorted(content, key=lambda token: token.start)
    starts = [token.start for token in ordered]
    found = tuple(
        _sentence(text, start, end, ordered[bisect_left(starts, start) : bisect_left(starts, end)])
        for start, end in sentences(text, language)
    )
    return AnalyzedVersion(
        text,
        form,
        content,
        found,
        frozenset(token.term for token in content),
        _by_initial(frozenset().union(*(sentence.forms for sentence in found))),
    )


def _sentence(text: str, start: int, end: int, beginning: Iterable[Token]) -> Sentence:
    """The sentence of a span; ``beginning``: the tokens that begin in it."""
    piece = text[start:end]
    inside = [token for token in beginning if token.end <= end]
    forms = frozenset(
        folded
        for token in inside
        if token.kind == "word" and (folded := text[token.start : token.end].lower()).isascii() and len(folded) > 3
    )
    return Sentence(
        start,
        end,
        frozenset(token.term for token in inside),
        fold(piece),
        forms,
        AnswerTypeSpans(piece),
    )


def _by_initial(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for form in sorted(forms):
        table.setdefault(form[0], []).append(form)
    return {initial: tuple(found) for initial, found in table.items()}
