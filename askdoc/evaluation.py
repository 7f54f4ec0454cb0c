"""Judged questions → how good the answers are: recall, rank, answer sentences, honest refusals, time.

The measures are the field's: recall@k (a judged passage among the first k), mean reciprocal rank at 10, nDCG at 10 with
binary gains (Järvelin and Kekäläinen 2002), the area under the ROC curve of ``confidence`` as a judge of whether the
document answers at all, precision and recall of ``found``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from askdoc.errors import AskdocError, DocumentMalformed, DocumentNotFound, DocumentUnreadable
from askdoc.model import LANGUAGES, Answer, AnswerLanguage, Hit, Language, other

DEPTH: Final = 10
"""How many hits are looked at for a question."""


class Asked(Protocol):
    """What can be evaluated: an open index, or anything that answers like one."""

    def ask(self, question: str, answer_language: AnswerLanguage = "auto", limit: int | None = 3) -> Answer:
        """Ask a question."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its judgement."""

    id: str
    question: str
    language: Language | None
    kind: str
    passages: frozenset[str]
    line: int | None
    answer: dict[Language, str]

    @property
    def answerable(self) -> bool:
        """False where the document is judged not to answer it."""
        return bool(self.passages) or self.line is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one judged question."""

    judged: Judged
    language: Language
    found: bool
    confidence: float
    rank: int | None
    """The rank of the first judged passage among ten, 1-based."""
    ranks: tuple[int, ...]
    """The ranks of all judged passages among ten."""
    sentence: bool | None
    """Whether the marked sentence of the first hit holds the judged answer; ``None`` where no answer is judged."""
    first: str
    """The passage id of the first hit."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures over a set of outcomes; ``None`` where there is nothing to measure."""

    questions: int
    answerable: int
    recall_at_1: float | None
    recall_at_5: float | None
    mrr_at_10: float | None
    ndcg_at_10: float | None
    answer_sentence_at_1: float | None
    no_answer_auroc: float | None
    found_precision: float | None
    found_recall: float | None
    milliseconds_p50: float | None
    milliseconds_p95: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures for each language and together, and what each is made of."""

    measures: dict[str, Measures]
    """Keys ``"en"``, ``"zh"`` and ``"all"``."""
    outcomes: tuple[Outcome, ...]

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """The answerable questions whose judged passage is not first, and the unanswerable ones that were answered."""
        return tuple(
            outcome
            for outcome in self.outcomes
            if (outcome.judged.answerable and outcome.rank != 1) or (not outcome.judged.answerable and outcome.found)
        )


def read_questions(path: str | Path) -> list[Judged]:
    """Read a file of judged questions (CONTRACT's ``.jsonl``).

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable`, or :class:`DocumentMalformed` naming the line.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise DocumentNotFound("document-missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentUnreadable("eval-unreadable", path=str(path), reason=str(error)) from None
    questions = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                questions.append(_judged(json.loads(line), number))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                raise DocumentMalformed("eval-line", path=str(path), line=number) from None
    if not questions:
        raise DocumentMalformed("eval-empty", path=str(path))
    return questions


def _judged(row: dict[str, Any], number: int) -> Judged:
    question = row["question"]
    passage = row.get("passage")
    line = row.get("line")
    answer = row.get("answer") or {}
    language = row.get("language")
    wanted = [passage] if isinstance(passage, (str, int)) else list(passage or [])
    well_formed = (
        isinstance(question, str)
        and (line is None or (isinstance(line, int) and line > 0))
        and (language is None or language in LANGUAGES)
        and all(isinstance(value, str) for value in answer.values())
    )
    if not well_formed:
        raise ValueError(number)
    return Judged(
        str(row.get("id", number)),
        question,
        language,
        str(row.get("kind", "")),
        frozenset(str(each) for each in wanted),
        line,
        {each: answer[each] for each in LANGUAGES if answer.get(each)},
    )


def evaluate(index: Asked, questions: Iterable[Judged]) -> Report:
    """Ask every question, ten hits each, and measure. Raises what ``index.ask`` raises."""
    outcomes = tuple(_ask(index, judged) for judged in questions)
    measures = {"all": measure(outcomes)}
    for language in LANGUAGES:
        own = [outcome for outcome in outcomes if outcome.language == language]
        if own:
            measures[language] = measure(own)
    return Report(measures, outcomes)


def _ask(index: Asked, judged: Judged) -> Outcome:
    try:
        answer = index.ask(judged.question, limit=DEPTH)
    except AskdocError as error:
        error.add_note(f"question {judged.id}")
        raise
    ranks = tuple(hit.rank for hit in answer.hits if _is_judged(hit, judged))
    return Outcome(
        judged,
        judged.language or answer.language,
        answer.found,
        answer.confidence,
        min(ranks, default=None),
        ranks,
        _sentence_holds(answer, judged),
        answer.hits[0].passage_id if answer.hits else "",
        answer.milliseconds,
    )


def _is_judged(hit: Hit, judged: Judged) -> bool:
    if judged.line is not None:
        return any(version.place.lines[0] <= judged.line <= version.place.lines[1] for version in hit.versions.values())
    return hit.passage_id in judged.passages or hit.passage_id.rpartition("#")[2] in judged.passages


def _sentence_holds(answer: Answer, judged: Judged) -> bool | None:
    """Whether the marked sentence of the first hit, in the version shown where it is judged, holds the answer."""
    if not judged.answer:
        return None
    if not answer.hits:
        return False
    hit = answer.hits[0]
    language = hit.shown if hit.shown in judged.answer else other(hit.shown)
    version = hit.versions.get(language)
    if version is None or version.sentence is None or language not in judged.answer:
        return False
    return judged.answer[language] in version.text[slice(*version.sentence)]


def measure(outcomes: Sequence[Outcome]) -> Measures:
    """The figures over outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.judged.answerable]
    with_answer = [outcome for outcome in answerable if outcome.sentence is not None]
    found = [outcome for outcome in outcomes if outcome.found]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return Measures(
        len(outcomes),
        len(answerable),
        _mean([outcome.rank == 1 for outcome in answerable]),
        _mean([outcome.rank is not None and outcome.rank <= 5 for outcome in answerable]),
        _mean([1 / outcome.rank if outcome.rank else 0.0 for outcome in answerable]),
        _mean([_ndcg(outcome) for outcome in answerable]),
        _mean([bool(outcome.sentence) for outcome in with_answer]),
        auroc(
            [outcome.confidence for outcome in answerable],
            [outcome.confidence for outcome in outcomes if not outcome.judged.answerable],
        ),
        _mean([outcome.judged.answerable for outcome in found]),
        _mean([outcome.found for outcome in answerable]),
        _percentile(times, 0.50),
        _percentile(times, 0.95),
    )


def _ndcg(outcome: Outcome) -> float:
    wanted = min(max(len(outcome.judged.passages), 1), DEPTH)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, wanted + 1))
    return sum(1 / math.log2(rank + 1) for rank in outcome.ranks[:wanted]) / ideal


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties half (Mann and Whitney 1947); ``None`` without both."""
    if not positives or not negatives:
        return None
    ordered = sorted([(score, True) for score in positives] + [(score, False) for score in negatives])
    ranks = 0.0
    at = 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(positive for _, positive in ordered[at:end])
        at = end
    count = len(positives)
    return (ranks - count * (count + 1) / 2) / (count * len(negatives))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of ascending values."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def to_json(report: Report) -> dict[str, Any]:
    """The report as JSON: the measures, and the questions that went wrong."""
    from dataclasses import asdict

    return {
        "schema": 1,
        "measures": {name: asdict(measures) for name, measures in report.measures.items()},
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
            }
            for outcome in report.misses
        ],
    }
