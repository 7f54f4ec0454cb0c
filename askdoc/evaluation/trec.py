"""TREC's run and qrels files, read and written, so that trec_eval and ir-measures can check our figures.

A line of a run is ``query Q0 document rank score tag``, of qrels ``query 0 document relevance``. Blanks and percent signs
in ids are percent-encoded, since blanks separate the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from askdoc.errors import DocumentMalformed
from askdoc.evaluation.judged_questions import Judged, read_text
from askdoc.evaluation.measures import DEPTH, Outcome, Ranked
from askdoc.evaluation.runner import names
from askdoc.text.han import language_of

TAG: Final = "askdoc"
"""The name of our runs."""


def _word(text: str) -> str:
    """Percent-encode the blanks and percent signs of an id; characters beyond ASCII stay."""
    return "".join(char if char.isprintable() and char not in " %" else quote(char) for char in text)


def run(outcomes: Iterable[Outcome]) -> str:
    """Return the hits of questions as a run.

    Scores decrease strictly with the rank: trec_eval would reorder equal ones.
    """
    lines = []
    for outcome in outcomes:
        score = float("inf")
        for rank, hit in enumerate(outcome.hits, start=1):
            score = min(hit.score, score - 1e-6)
            lines.append(f"{_word(outcome.judged.id)} Q0 {_word(hit.passage_id)} {rank} {score:.6f} {TAG}\n")
    return "".join(lines)


def qrels(outcomes: Iterable[Outcome]) -> str:
    """Return the judgements as qrels, with the passage ids of the run; questions without an answer have no line.

    A question judged by a line of the document gets the hits on that line, or if there are none an id that no hit has.
    """
    lines = []
    for outcome in outcomes:
        judged = {outcome.hits[rank - 1].passage_id for rank in outcome.ranks}
        judged |= outcome.judged.passages - {name.rpartition("#")[2] for name in judged}
        if not judged and outcome.judged.answerable:
            judged = {f"line:{outcome.judged.line}"}
        lines += [f"{_word(outcome.judged.id)} 0 {_word(name)} 1\n" for name in sorted(judged)]
    return "".join(lines)


def _rows(path: str | Path, columns: Sequence[Callable[[str], Any]]) -> Iterator[list[Any]]:
    """Parse the lines of a file, each column by its function."""
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        try:
            if words := line.split():
                yield [column(word) for column, word in zip(columns, words, strict=True)]
        except ValueError:
            raise DocumentMalformed("eval-trec-line", path=str(path), line=number, columns=len(columns)) from None


def read_run(path: str | Path) -> dict[str, tuple[Ranked, ...]]:
    """Return the hits of each query of a run, best first: by score as trec_eval sorts, equal ones by rank; ten at most.

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable`, or :class:`DocumentMalformed` naming the line.
    """
    queries: dict[str, list[tuple[float, int, str]]] = {}
    for query, _, document, rank, score, _ in _rows(path, (unquote, str, unquote, int, float, str)):
        queries.setdefault(query, []).append((-score, rank, document))
    return {
        query: tuple(Ranked(document, -score) for score, _, document in sorted(hits)[:DEPTH])
        for query, hits in queries.items()
    }


def read_qrels(path: str | Path) -> list[Judged]:
    """Return the judgements of a qrels file as questions that have no text, only their ids. Raises as :func:`read_run`."""
    queries: dict[str, set[str]] = {}
    for query, _, document, relevance in _rows(path, (unquote, str, unquote, int)):
        queries.setdefault(query, set()).update([document] if relevance > 0 else [])
    return [Judged(query, "", None, "", frozenset(documents), None, {}) for query, documents in queries.items()]


def outcomes(run: Mapping[str, tuple[Ranked, ...]], questions: Sequence[Judged]) -> list[Outcome]:
    """Return the outcomes of judged questions in a run of any program; a question missing in the run has no hits."""
    return [
        Outcome(
            judged,
            judged.language or language_of(judged.question) or "en",
            hits := run.get(judged.id, ()),
            tuple(rank for rank, hit in enumerate(hits, start=1) if names(judged, hit.passage_id)),
            bool(hits),
        )
        for judged in questions
    ]
