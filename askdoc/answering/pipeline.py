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
from askdoc.answering.select import Titles, choose, headings, select, spans
from askdoc.answering.variants import VARIANTS, Asked, Outcome
from askdoc.model import Answer
from askdoc.presentation.answers import MarkedPassage, Request, present
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.dialogue_state import DialogueState, remember
from askdoc.question.query import FollowUpKind, Query, named_only, parse
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
    if request.limit is not None:
        whole = _whole(context, request, query)
        if whole is not None:
            return whole, remember(state, query, whole)
        query = named_only(query, context.limits)
    else:  # all passages that hold the words: as they stand
        query = replace(query, forms={})
    asked = Asked(request, query, query)
    if state is not None:
        # Here: its patterns take 10 ms, which a single question need not wait for.
        from askdoc.question.follow_up import rewrite

        asked = Asked(request, query, rewrite(query, state), state.shown, state.last)
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
    return answer, remember(state, searched, answer)


def _whole(context: Context, request: Request, query: Query) -> Answer | None:
    """Return the answer to a question about the whole document or a section of it; ``None`` for any other."""
    if query.scope is None and not context.in_headings(query.words):
        return None
    from askdoc.answering.overview import ask_whole  # few questions need it

    return ask_whole(context, request, query)


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
    ranked = rank(scorer, context.snapshot, query.must, _most(context, asked, query.follow_up_kind), request.within)
    chosen = choose(scorer, ranked, PassageViews(context.snapshot).title)
    return Outcome(query, scorer, chosen, calibrate(scorer, chosen))


def _answer(context: Context, asked: Asked, outcome: Outcome) -> Answer:
    views = PassageViews(context.snapshot)
    page = _page(asked, outcome, _most(context, asked, outcome.query.follow_up_kind))
    marked = [_marked(views.title, outcome, passage) for passage in page]
    if _goes_on(asked, outcome, page):
        from askdoc.answering.overview import following

        on = following(context, asked.last, asked.shown, asked.request)
        # The reason may stand where the answer stood: that passage stays in front.
        marked = on if on and outcome.query.follow_up_kind == "next" else [*marked[:1], *on][: asked.request.limit]
    return present(views, asked.request, outcome.query, outcome.scorer.candidates.missing, *outcome.verdict, marked)


def _marked(titles: Titles, outcome: Outcome, passage: RankedPassage) -> MarkedPassage:
    scorer = outcome.scorer
    stretch = passage.stretch or select(scorer, passage, outcome.ranked[0].score, titles)[1]
    holds = scorer.candidates.holds
    evidence = tuple(word.surface for word in scorer.words if passage.number in holds[word.term])
    if not evidence:
        above = headings(scorer, passage, titles)
        holders = zip(scorer.words, above.section, above.title, strict=True)
        evidence = tuple(word.surface for word, section, title in holders if section or title)
    return MarkedPassage(
        passage.stored,
        passage.score,
        evidence or MEANING,
        spans(passage, stretch),
        scorer.highlights(passage.versions),
    )


def _goes_on(asked: Asked, outcome: Outcome, page: Sequence[RankedPassage]) -> bool:
    """Tell whether a follow-up is answered by what comes next: nothing else does, or no reason stands where one is asked."""
    if not page or page[0].stored.citation not in asked.shown or asked.request.limit is None:
        return False
    query = outcome.query
    if query.follow_up_kind == "bare" and query.answer_type == "reason":
        return not any(sentence.answer_type for sentence in page[0].evidence[page[0].primary].sentences)
    return query.follow_up_kind == "next"


def _most(context: Context, asked: Asked, kind: FollowUpKind) -> int | None:
    """Return the most passages that may be shown; ``None`` for no limit."""
    limit = asked.request.limit
    if limit is None or kind not in ("more", "next"):
        return limit
    return min(limit + len(asked.shown) + MORE, context.limits.hits)


def _page(asked: Asked, outcome: Outcome, most: int | None) -> Sequence[RankedPassage]:
    """Return the passages to show; for "tell me more" those not shown yet that score nearly as high, if any."""
    ranked, limit = outcome.ranked[:most], asked.request.limit
    if limit is None or outcome.query.follow_up_kind not in ("more", "next"):
        return ranked
    fresh = [
        passage
        for passage in ranked
        if passage.stored.citation not in asked.shown and passage.score >= FURTHER * ranked[0].score
    ]
    return fresh[:limit] or ranked[: limit + MORE]
