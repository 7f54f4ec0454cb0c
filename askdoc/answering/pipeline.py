"""A question's whole path: parse → rewrite → retrieve → rank → select → calibrate → present.

Each stage is a function over one :class:`~askdoc.answering.context.Context`. What is asked again in other words, as a
follow-up or with corrected spelling, is a :class:`~askdoc.answering.variants.Variant`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from askdoc.answering.calibrate import calibrate
from askdoc.answering.context import Context
from askdoc.answering.evidence import Scorer
from askdoc.answering.rank import RankedPassage, rank
from askdoc.answering.select import select
from askdoc.answering.variants import VARIANTS, Asked, Outcome
from askdoc.model import Answer
from askdoc.presentation.answers import MarkedPassage, Request, present
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.dialogue_state import DialogueState, remember
from askdoc.question.query import FollowUpKind, Query, parse
from askdoc.retrieval.candidates import retrieve

FURTHER: Final = 0.6
"""The share of the best score from which a passage not shown yet answers "tell me more"."""

MEANING: Final = ("≈",)
"""The evidence of a passage that was found by its meaning alone."""

MORE: Final = 2
"""Passages beyond the usual number for "tell me more"."""


def ask(context: Context, request: Request, state: DialogueState | None = None) -> tuple[Answer, DialogueState | None]:
    """Answer a question after the turns of ``state``; return the answer and the state after it.

    Raises :class:`askdoc.errors.QueryError` for a question that is empty or too long.
    """
    query = parse(request.question, context.limits)
    if request.limit is None:  # all passages that hold the words: as they stand
        query = replace(query, forms={})
    asked = Asked(request, query, query, frozenset())
    if state is not None:
        from askdoc.question.follow_up import (
            rewrite,  # its patterns take 10 ms, which a single question need not wait for
        )

        asked = Asked(request, query, rewrite(query, state), state.shown)
    outcome: Outcome | None = None
    for variant in VARIANTS:
        wording = variant.propose(context, asked, outcome)
        if wording is not None:
            attempt = search(context, asked, wording)
            if outcome is None or variant.accepts(outcome, attempt):
                outcome = attempt
    assert outcome is not None
    answer = _answer(context, asked, outcome)
    searched = outcome.query if outcome.query.carried else query
    return answer, remember(state, searched, [hit.passage_id for hit in answer.hits])


def search(context: Context, asked: Asked, query: Query) -> Outcome:
    """Apply the stages from retrieval to confidence to one wording of a question."""
    request = asked.request
    if query.phrase is not None:
        outcome = search(context, asked, query.phrase)
        if any(outcome.scorer.candidates.holds.values()):
            return outcome
    everything = request.limit is None
    semantic = None if everything else context.semantic
    dense = semantic.scores(query) if semantic else None
    scorer = Scorer(
        query,
        retrieve(query, context.snapshot, context.term_scores, context.lexicon, dense, request.within, everything),
    )
    ranked = rank(scorer, context.snapshot, query.must, _most(context, asked, query.follow_up_kind))
    return Outcome(query, scorer, ranked, calibrate(scorer, ranked))


def _answer(context: Context, asked: Asked, outcome: Outcome) -> Answer:
    scorer, words = outcome.scorer, outcome.query.words
    holds = scorer.candidates.holds
    marked = [
        MarkedPassage(
            passage.id,
            passage.stored,
            passage.score,
            tuple(word.surface for word in words if passage.number in holds[word.term]) or MEANING,
            select(scorer, passage),
            scorer.highlights(passage.versions),
        )
        for passage in _page(asked, outcome, _most(context, asked, outcome.query.follow_up_kind))
    ]
    return present(
        PassageViews(context.snapshot),
        asked.request,
        outcome.query,
        scorer.candidates.missing,
        *outcome.verdict,
        marked,
    )


def _most(context: Context, asked: Asked, kind: FollowUpKind) -> int | None:
    """Return the most passages that may be shown; ``None`` for no limit."""
    limit = asked.request.limit
    if limit is None or kind != "more":
        return limit
    return min(limit + len(asked.shown) + MORE, context.limits.hits)


def _page(asked: Asked, outcome: Outcome, most: int | None) -> Sequence[RankedPassage]:
    """Return the passages to show; for "tell me more" those not shown yet that score nearly as high, if any."""
    ranked, limit = outcome.ranked[:most], asked.request.limit
    if limit is None or limit == most:
        return ranked
    fresh = [
        passage for passage in ranked if passage.id not in asked.shown and passage.score >= FURTHER * ranked[0].score
    ]
    return fresh[:limit] or ranked[: limit + MORE]
