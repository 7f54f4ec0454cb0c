"""A conversation with an index: questions and their follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askdoc.limits import DEFAULT, Limits
from askdoc.model import Answer, AnswerLanguage, Turn
from askdoc.question.dialogue_state import DialogueState, remember
from askdoc.question.follow_up import rewrite
from askdoc.question.query import parse


class Askable(Protocol):
    """What a conversation asks: :class:`askdoc.index.Index`."""

    def reply(
        self,
        question: str,
        state: DialogueState | None,
        answer_language: AnswerLanguage = "auto",
        limit: int | None = 3,
        *,
        document: str | None = None,
        section: Sequence[str] | None = None,
    ) -> tuple[Answer, DialogueState | None]:
        """See :meth:`askdoc.index.Index.reply`."""


class Conversation:
    """Questions to an index, one after the other. Not for several threads at once."""

    def __init__(self, index: Askable, limits: Limits = DEFAULT) -> None:
        self._index = index
        self._limits = limits
        self._turns: list[Turn] = []
        self._state: DialogueState | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The exchanges so far, oldest first; the newest ``limits.turns`` of them."""
        return tuple(self._turns)

    def resume(self, turns: Sequence[Turn]) -> None:
        """Go on from the exchanges of a saved conversation."""
        self._turns = list(turns)[-self._limits.turns :]
        self._state = None
        for turn in self._turns:
            query = parse(turn.question, self._limits)
            searched = rewrite(query, self._state) if turn.answer.about else query
            self._state = remember(self._state, searched, [hit.passage_id for hit in turn.answer.hits])

    def ask(
        self,
        question: str,
        answer_language: AnswerLanguage = "auto",
        limit: int = 3,
        *,
        alone: bool = False,
        document: str | None = None,
        section: Sequence[str] | None = None,
    ) -> Answer:
        """Ask a question; a follow-up carries over terms of the questions before.

        ``answer.about`` holds the terms carried over; ``alone=True`` carries none. Everything else is as for
        :meth:`askdoc.index.Index.ask`, which names the errors.
        """
        before = None if alone else self._state
        answer, after = self._index.reply(question, before, answer_language, limit, document=document, section=section)
        self._state = after or self._state
        self._turns = [*self._turns, Turn(question, answer)][-self._limits.turns :]
        return answer
