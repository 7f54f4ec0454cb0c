"""Variants of a question: other wordings to ask, each with a rule that accepts its outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from askdoc.answering.calibrate import Verdict
from askdoc.answering.context import Context
from askdoc.answering.evidence import Scorer
from askdoc.answering.rank import RankedPassage
from askdoc.presentation.answers import Request
from askdoc.question.query import Query

STANDS: Final = 0.5
"""A question of few words that is answered alone with this confidence is no follow-up."""

CONFIDENT: Final = 0.9
"""Skip spelling correction from this confidence on."""


class Asked(Struct, frozen=True):
    """A question in its conversation."""

    request: Request
    query: Query
    follow_up: Query
    """The question with what it takes over from the turns before; ``query`` where it stands alone."""
    shown: frozenset[str]
    """The ids of the passages that answers on the same subject showed."""


class Outcome(Struct, frozen=True):
    """What the stages give for one wording of a question."""

    query: Query
    scorer: Scorer
    """The question's words with their candidates."""
    ranked: Sequence[RankedPassage]
    verdict: Verdict


class Variant(NamedTuple):
    """Another wording of a question."""

    propose: Callable[[Context, Asked, Outcome | None], Query | None]
    """Return the wording to ask after the outcome so far, if any."""
    accepts: Callable[[Outcome, Outcome], bool]
    """Tell whether the outcome of that wording replaces the one so far."""


def _follow_up(_: Context, asked: Asked, outcome: Outcome | None) -> Query | None:
    """Propose a follow-up, unless it may stand alone."""
    return asked.follow_up if asked.follow_up.follow_up_kind not in ("alone", "short") else None


def _without_entities(_: Context, asked: Asked, outcome: Outcome | None) -> Query | None:
    """Propose a fragment without the names and numbers that it takes over, where it was not answered."""
    unanswered = outcome is not None and not outcome.verdict.found and outcome.query.follow_up_kind == "fragment"
    if not unanswered:
        return None
    from askdoc.question.follow_up import drop_entities

    return drop_entities(asked.follow_up)


def _as_asked(_: Context, asked: Asked, outcome: Outcome | None) -> Query | None:
    """Propose the question as it stands, where no follow-up led to a passage."""
    return None if outcome and outcome.ranked else asked.query


def _respelled(context: Context, asked: Asked, outcome: Outcome | None) -> Query | None:
    """Propose the question with corrected spelling, where doubt remains."""
    if outcome is None or outcome.query.carried or asked.request.limit is None:
        return None
    if outcome.verdict.confidence >= CONFIDENT:
        return None
    from askdoc.answering.spelling import respell

    return respell(context, asked.query, outcome.scorer.candidates.missing, outcome.verdict.found)


def _better(before: Outcome, after: Outcome) -> bool:
    if not after.verdict.found:
        return False
    return not before.verdict.found or after.verdict.confidence > before.verdict.confidence


def _short_follow_up(_: Context, asked: Asked, outcome: Outcome | None) -> Query | None:
    """Propose a question of few words as a follow-up, unless the documents answer it as it stands."""
    if outcome is None or asked.follow_up.follow_up_kind != "short":
        return None
    stands = outcome.verdict.found and outcome.verdict.confidence >= STANDS and len(asked.query.words) > 1
    return None if stands else asked.follow_up


VARIANTS: Final = (
    Variant(_follow_up, lambda before, after: True),
    Variant(_without_entities, lambda before, after: after.verdict.found),
    Variant(_as_asked, lambda before, after: bool(after.ranked)),
    Variant(_respelled, _better),
    Variant(_short_follow_up, lambda before, after: bool(after.ranked) or not before.ranked),
)
"""The variants, in the order in which they are tried."""
