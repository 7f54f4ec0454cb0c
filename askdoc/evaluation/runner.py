"""The runner: asks judged questions of an index and collects the outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from askdoc.errors import AskdocError
from askdoc.evaluation.judged_questions import Judged
from askdoc.evaluation.measures import DEPTH, Outcome, Ranked
from askdoc.evaluation.report import Report, summed
from askdoc.model import Answer, AnswerLanguage, Hit, other


class Asked(Protocol):
    """What can be evaluated: an open index, or an object that answers like an index."""

    def ask(self, question: str, answer_language: AnswerLanguage = "auto", limit: int | None = 3) -> Answer:
        """Ask a question."""


def evaluate(index: Asked, questions: Iterable[Judged]) -> Report:
    """Ask every question, with ten hits each, and measure. Raises what ``index.ask`` raises."""
    return summed([_ask(index, judged) for judged in questions])


def _ask(index: Asked, judged: Judged) -> Outcome:
    try:
        answer = index.ask(judged.question, limit=DEPTH)
    except AskdocError as error:
        error.add_note(f"question {judged.id}")
        raise
    right = [hit for hit in answer.hits if _is_judged(hit, judged)]
    return Outcome(
        judged,
        judged.language or answer.language,
        tuple(Ranked(hit.passage_id, hit.score, hit.label) for hit in answer.hits),
        tuple(hit.rank for hit in right),
        answer.found,
        answer.confidence,
        _sentence_holds(answer, judged),
        answer.milliseconds,
        ("both" if len(right[0].versions) > 1 else next(iter(right[0].versions))) if right else "",
    )


def names(judged: Judged, passage_id: str) -> bool:
    """Tell whether a judgement names a passage, with its document or without."""
    return passage_id in judged.passages or passage_id.rpartition("#")[2] in judged.passages


def _is_judged(hit: Hit, judged: Judged) -> bool:
    if judged.line is None:
        return names(judged, hit.passage_id)
    return any(version.place.lines[0] <= judged.line <= version.place.lines[1] for version in hit.versions.values())


def _sentence_holds(answer: Answer, judged: Judged) -> bool | None:
    """Tell whether the marked sentence of the first hit contains the answer, in the shown version if that is judged."""
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
