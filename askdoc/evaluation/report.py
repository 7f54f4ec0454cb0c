"""The report of an evaluation: figures for each language, direction and kind of question; JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from askdoc.evaluation.measures import Measures, Outcome, intervals, measure, reliability


class Report(Struct, frozen=True):
    """The figures for each language and together, and what each is made of."""

    measures: dict[str, Measures]
    """Keys ``"en"``, ``"zh"`` and ``"all"``."""
    outcomes: tuple[Outcome, ...]
    directions: dict[str, Measures]
    """For each direction that occurs, as ``"en → zh"``: a question's language, and that of the judged passage (``both``
    where it has both)."""
    kinds: dict[str, Measures]
    """For each kind of question that the judgements name."""

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """The answerable questions whose judged passage is not first, and the unanswerable ones that were answered."""
        return tuple(outcome for outcome in self.outcomes if outcome.missed)

    def of(self, name: str) -> list[Outcome]:
        """Return the outcomes behind ``measures[name]``."""
        return [outcome for outcome in self.outcomes if name in ("all", outcome.language)]


def summed(outcomes: Sequence[Outcome]) -> Report:
    """Return the report over outcomes."""
    return Report(
        {"all": measure(outcomes), **_by(outcomes, lambda outcome: outcome.language)},
        tuple(outcomes),
        _by(outcomes, lambda outcome: outcome.languages and f"{outcome.language} → {outcome.languages}"),
        _by(outcomes, lambda outcome: outcome.judged.kind),
    )


def _by(outcomes: Sequence[Outcome], name: Callable[[Outcome], str]) -> dict[str, Measures]:
    names = sorted({name(outcome) for outcome in outcomes} - {""})
    return {group: measure([outcome for outcome in outcomes if name(outcome) == group]) for group in names}


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON: the measures, and the questions that went wrong with what was ranked above."""
    return {
        "schema": 1,
        "measures": to_builtins(report.measures),
        "intervals": {name: intervals(report.of(name)) for name in report.measures},
        "directions": to_builtins(report.directions),
        "kinds": to_builtins(report.kinds),
        "reliability": to_builtins(reliability(report.outcomes)[1]),
        "misses": [
            {
                "id": outcome.judged.id,
                "question": outcome.judged.question,
                "language": outcome.language,
                "kind": outcome.judged.kind,
                "rank": outcome.rank,
                "found": outcome.found,
                "confidence": round(outcome.confidence, 4),
                "first": outcome.hits[0].passage_id if outcome.hits else "",
                "above": to_builtins(outcome.above),
            }
            for outcome in report.misses
        ],
    }
