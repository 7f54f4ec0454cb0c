"""A conversation with an index: questions and their follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from msgspec.structs import replace

from askdoc.limits import DEFAULT, Limits
from askdoc.model import Answer, AnswerLanguage, Turn
from askdoc.question.follow_up import DialogueState, Follow, drop_entities, follow
from askdoc.question.query import CarriedTerms, Query, Word, joined, parse


class Askable(Protocol):
    """What a conversation asks: :class:`askdoc.index.Index`."""

    def ask(
        self,
        question: str,
        answer_language: AnswerLanguage = "auto",
        limit: int | None = 3,
        *,
        document: str | None = None,
        section: Sequence[str] | None = None,
        carried: CarriedTerms | None = None,
        own: tuple[Word, ...] = (),
    ) -> Answer:
        """See :meth:`askdoc.index.Index.ask`."""


SURE: Final = 0.5
"""A question with a pronoun or few words that is answered alone with this confidence is no follow-up."""

FURTHER: Final = 0.6
"""The share of the best score from which a passage not shown yet answers "tell me more"."""

_MORE: Final = 2
"""Passages beyond the usual number for "tell me more"."""


class Conversation:
    """Questions to an index, one after the other. Not for several threads at once."""

    def __init__(self, index: Askable, limits: Limits = DEFAULT) -> None:
        self._index = index
        self._limits = limits
        self._turns: list[Turn] = []
        self._past: DialogueState | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The exchanges so far, oldest first; the newest ``limits.turns`` of them."""
        return tuple(self._turns)

    def resume(self, turns: Sequence[Turn]) -> None:
        """Go on from the exchanges of a saved conversation."""
        self._turns = list(turns)[-self._limits.turns :]
        self._past = None
        for turn in turns[-self._limits.turns :]:
            query = parse(turn.question, self._limits)
            self._remember(query, follow(query, self._past) if turn.answer.about else Follow("alone", own=query.words))

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
        query = parse(question, self._limits)
        way = Follow("alone", own=query.words) if alone else follow(query, self._past)
        answer = self._index.ask(question, answer_language, limit, document=document, section=section)
        if way.carried is not None and not (way.follow_up_kind == "short" and self._stands(query, answer)):
            with_past, way = self._after(question, answer_language, limit, document, section, way)
            if with_past.hits or not answer.hits:
                answer = with_past
        if not answer.about:
            way = Follow("alone", own=query.words)
        self._remember(query, way)
        self._turns = [*self._turns, Turn(question, answer)][-self._limits.turns :]
        return answer

    def _after(
        self,
        question: str,
        answer_language: AnswerLanguage,
        limit: int,
        document: str | None,
        section: Sequence[str] | None,
        way: Follow,
    ) -> tuple[Answer, Follow]:
        """Return the answer with the carried terms, and the follow-up that led to it."""
        more = len(self._shown()) + _MORE if way.follow_up_kind == "more" else 0
        wide = min(limit + more, self._limits.hits)

        def asked(carried: CarriedTerms | None) -> Answer:
            return self._index.ask(
                question, answer_language, wide, document=document, section=section, carried=carried, own=way.own
            )

        answer = asked(way.carried)
        thin = (
            drop_entities(way.carried)
            if way.follow_up_kind == "fragment" and way.carried and not answer.found
            else None
        )
        if thin is not None:
            again = asked(thin)
            if again.found:
                return again, replace(way, carried=thin)
        return (self._further(answer, limit) if way.follow_up_kind == "more" else answer), way

    def _stands(self, query: Query, answer: Answer) -> bool:
        """Tell whether the document answers the question as it stands, without carried terms."""
        return answer.found and answer.confidence >= SURE and len(query.words) > 1

    def _shown(self) -> set[str]:
        """Return the passages that the last answers on the same subject showed."""
        shown: set[str] = set()
        for turn in reversed(self._turns):
            shown |= {hit.passage_id for hit in turn.answer.hits}
            if not turn.answer.about:
                break
        return shown

    def _further(self, answer: Answer, limit: int) -> Answer:
        """Keep the passages not shown yet that score nearly as high; without any, the same ones and some more."""
        shown = self._shown()
        best = answer.hits[0].score if answer.hits else 0.0
        fresh = [hit for hit in answer.hits if hit.passage_id not in shown and hit.score >= FURTHER * best]
        hits = fresh[:limit] or answer.hits[: limit + _MORE]
        return replace(answer, hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)))

    def _remember(self, query: Query, way: Follow) -> None:
        whole = query if way.carried is None else joined(query, way.carried, way.own)
        if whole.words:
            text = query.text if way.carried is None or self._past is None else f"{self._past.text} {query.text}"
            self._past = DialogueState(text[-2000:], whole.language, whole.words, whole.grams, whole.answer_type)
