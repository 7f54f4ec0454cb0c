"""What a conversation remembers of its questions, for the next one to refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from askdoc.model import Language
from askdoc.question.answer_type import AnswerType
from askdoc.question.query import Query, Word

_REMEMBERED: Final = 2000
"""The characters of earlier questions that are remembered."""


class DialogueState(Struct, frozen=True):
    """What a follow-up can refer to: the questions before on the same subject."""

    text: str
    language: Language
    words: tuple[Word, ...] = ()
    """The words that were searched for: the question's own and those carried over."""
    grams: tuple[str, ...] = ()
    answer_type: AnswerType | None = None
    shown: frozenset[str] = frozenset()
    """The ids of the passages that the answers showed."""


def remember(state: DialogueState | None, query: Query, shown: Iterable[str]) -> DialogueState | None:
    """Return the state after a question as it was searched for, whose answer showed these passages."""
    if not query.words:
        return state
    before = state if query.carried else None
    return DialogueState(
        f"{before.text} {query.text}"[-_REMEMBERED:] if before else query.text[-_REMEMBERED:],
        query.language,
        query.words,
        query.grams,
        query.answer_type,
        frozenset(shown) | (before.shown if before else frozenset()),
    )
