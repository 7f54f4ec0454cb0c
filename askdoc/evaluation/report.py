"""The report of an evaluation: figures for each language, direction and kind of question; JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, field, to_builtins

from askdoc.evaluation.measures import Bin, Measures, Outcome, intervals, measure, reliability
from askdoc.model import LANGUAGES


class Report(Struct, frozen=True):
    """The figures for each language and together, and what each is made of."""

    measures: dict[str, Measures]
    """Keys ``"en"``, ``"zh"`` and ``"all"``."""
    outcomes: tuple[Outcome, ...]
    directions: dict[str, Measures] = field(default_factory=dict)
    """For each direction that occurs, as ``"en → zh"``: a question's language, and that of the judged passage (``both``
    where it has both)."""
    kinds: dict[str, Measures] = field(default_factory=dict)
    """For each kind of question that the judgements name."""

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """The answerable questions whose judged passage is not first, and the unanswerable ones that were answered."""
        return tuple(
            outcome
            for outcome in self.outcomes
            if (outcome.judged.answerable and outcome.rank != 1) or (not outcome.judged.answerable and outcome.found)
        )


def summed(outcomes: Sequence[Outcome]) -> Report:
    """The report over outcomes."""
    measures = {"all": measure(outcomes)}
    for language in LANGUAGES:
        own = [outcome for outcome in outcomes if outcome.language == language]
        if own:
            measures[language] = measure(own)
    directions = _by(outcomes, lambda outcome: f"{outcome.language} → {outcome.held}" if outcome.held else "")
    return Report(measures, tuple(outcomes), directions, _by(outcomes, lambda outcome: outcome.judged.kind))


def _by(outcomes: Sequence[Outcome], name: Callable[[Outcome], str]) -> dict[str, Measures]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if name(outcome):
            groups.setdefault(name(outcome), []).append(outcome)
    return {each: measure(groups[each]) for each in sorted(groups)}


def of(report: Report, name: str) -> list[Outcome]:
    """The outcomes behind ``report.measures[name]``."""
    return [outcome for outcome in report.outcomes if name in ("all", outcome.language)]


def bins(report: Report) -> tuple[Bin, ...]:
    """The reliability table of all questions."""
    return reliability(report.outcomes)


def to_json(report: Report) -> dict[str, Any]:
    """The report as JSON: the measures, and the questions that went wrong with what was ranked above."""
    return {
        "schema": 1,
        "measures": {name: to_builtins(measures) for name, measures in report.measures.items()},
        "intervals": {name: intervals(of(report, name)) for name in report.measures},
        "directions": {name: to_builtins(measures) for name, measures in report.directions.items()},
        "kinds": {name: to_builtins(measures) for name, measures in report.kinds.items()},
        "reliability": [to_builtins(each) for each in bins(report)],
        "misses": [
            {
                "id": outcome.judged.id,
                "question": outcome.judged.question,
                "language": outcome.language,
                "kind": outcome.judged.kind,
                "rank": outcome.rank,
                "found": outcome.found,
                "confidence": round(outcome.confidence, 4),
                "first": outcome.first,
                "above": [to_builtins(each) for each in outcome.above],
            }
            for outcome in report.misses
        ],
    }
