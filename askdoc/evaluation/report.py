"""The report of an evaluation: measures by language, direction and kind of question; JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from askdoc.evaluation.measures import Measures, Outcome, intervals, measure, reliability


class Report(Struct, frozen=True):
    """The measures by language and together, and the outcomes behind them."""

    measures: dict[str, Measures]
    """Keys ``"en"``, ``"zh"`` and ``"all"``."""
    outcomes: tuple[Outcome, ...]
    directions: dict[str, Measures]
    """Measures by direction, as ``"en → zh"``: a question's language, and the judged passage's (``both`` if it has both)."""
    kinds: dict[str, Measures]
    """Measures by the kind of question that the judgements name."""

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
    """Return the report as JSON: the measures, and the misses with the hits ranked above."""
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
                "found": outcome.answered,
                "confidence": round(outcome.confidence, 4),
                "first": outcome.hits[0].passage_id if outcome.hits else "",
                "above": to_builtins(outcome.above),
            }
            for outcome in report.misses
        ],
    }
