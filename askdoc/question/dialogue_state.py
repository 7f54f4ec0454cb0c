"""What a conversation remembers of its questions, for the next one to refer to."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from askdoc.model import Answer, Language
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
    last: str = ""
    """The id of the first passage that the last answer showed."""


def remember(state: DialogueState | None, query: Query, answer: Answer) -> DialogueState | None:
    """Return the state after a question as it was searched for, with its answer.

    What was not found leaves nothing behind, nor does a question about the whole document, nor a greeting.
    """
    if not (query.words and answer.found and answer.kind == "passage"):
        return state
    shown = frozenset(hit.passage_id for hit in answer.hits)
    before = state if query.carried else None
    return DialogueState(
        f"{before.text} {query.text}"[-_REMEMBERED:] if before else query.text[-_REMEMBERED:],
        query.language,
        query.words,
        query.grams,
        query.answer_type,
        shown | (before.shown if before else frozenset()),
        answer.hits[0].passage_id if answer.hits else "",
    )
