"""TREC's run and qrels files, in and out, so that trec_eval and ir-measures can check our figures.

A line of a run is ``query Q0 document rank score tag``, of qrels ``query 0 document relevance``. Blanks and percent signs
in ids are percent-encoded, since blanks divide the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable
from askdoc.evaluation.judged_questions import Judged
from askdoc.evaluation.measures import DEPTH, Outcome, Ranked
from askdoc.text.han import language_of

TAG: Final = "askdoc"
"""The name of our runs."""

_SAFE: Final = "#:/!$&'()*+,;=?@[]|^`{}<>~\"\\"


def _word(text: str) -> str:
    """An id without blanks; characters beyond ASCII stay."""
    return "".join(char if char in _SAFE or (char.isprintable() and char not in " %") else quote(char) for char in text)


def run(outcomes: Iterable[Outcome]) -> str:
    """The hits of questions as a run. Scores fall with the rank: where ours are equal, trec_eval would turn them round."""
    lines = []
    for outcome in outcomes:
        last = float("inf")
        for rank, hit in enumerate(outcome.hits, start=1):
            score = min(hit.score, last - 1e-6) if hit.score >= last else hit.score
            last = score
            lines.append(f"{_word(outcome.judged.id)} Q0 {_word(hit.passage_id)} {rank} {score:.6f} {TAG}\n")
    return "".join(lines)


def qrels(outcomes: Iterable[Outcome]) -> str:
    """The judgements as qrels, in the names that the run has; questions without an answer have no line.

    A question judged by its line is judged by the hits on that line, or by a name that no hit has where none is.
    """
    lines = []
    for outcome in outcomes:
        if not outcome.judged.answerable:
            continue
        judged = {outcome.hits[rank - 1].passage_id for rank in outcome.ranks}
        short = {name.rpartition("#")[2] for name in judged}
        judged |= {name for name in outcome.judged.passages if name not in judged and name not in short}
        if not judged:
            judged = {f"line:{outcome.judged.line}"}
        lines += [f"{_word(outcome.judged.id)} 0 {_word(name)} 1\n" for name in sorted(judged)]
    return "".join(lines)


def _columns(path: str | Path, count: int) -> Iterable[tuple[int, list[str]]]:
    try:
        text = Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise DocumentNotFound("document-missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentUnreadable("eval-unreadable", path=str(path), reason=str(error)) from None
    for number, line in enumerate(text.split("\n"), start=1):
        columns = line.split()
        if columns and len(columns) != count:
            raise DocumentMalformed("eval-trec-line", path=str(path), line=number, columns=count)
        if columns:
            yield number, columns


def read_run(path: str | Path) -> dict[str, list[Ranked]]:
    """The hits of each query of a run, best first: by score as trec_eval sorts, equal ones by rank; ten at most.

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable`, or :class:`DocumentMalformed` naming the line.
    """
    found: dict[str, list[tuple[float, int, str]]] = {}
    for number, (query, _, document, rank, score, _) in _columns(path, 6):
        try:
            found.setdefault(unquote(query), []).append((-float(score), int(rank), unquote(document)))
        except ValueError:
            raise DocumentMalformed("eval-trec-line", path=str(path), line=number, columns=6) from None
    return {query: [Ranked(name, -score) for score, _, name in sorted(hits)[:DEPTH]] for query, hits in found.items()}


def read_qrels(path: str | Path) -> dict[str, frozenset[str]]:
    """The relevant documents of each query. Raises as :func:`read_run` does."""
    found: dict[str, set[str]] = {}
    for number, (query, _, document, relevance) in _columns(path, 4):
        try:
            wanted = int(relevance) > 0
        except ValueError:
            raise DocumentMalformed("eval-trec-line", path=str(path), line=number, columns=4) from None
        found.setdefault(unquote(query), set())
        if wanted:
            found[unquote(query)].add(unquote(document))
    return {query: frozenset(names) for query, names in found.items()}


def judged_by(judgements: Mapping[str, frozenset[str]]) -> list[Judged]:
    """Judged questions out of qrels: they have no text, only their ids."""
    return [Judged(query, "", None, "", names, None, {}) for query, names in judgements.items()]


def outcomes(hits: Mapping[str, Sequence[Ranked]], questions: Sequence[Judged]) -> tuple[Outcome, ...]:
    """What became of judged questions in a run of any program; a question that the run lacks found nothing."""
    found = []
    for judged in questions:
        ranked = tuple(hits.get(judged.id, ()))
        ranks = tuple(
            rank
            for rank, hit in enumerate(ranked, start=1)
            if hit.passage_id in judged.passages or hit.passage_id.rpartition("#")[2] in judged.passages
        )
        language = judged.language or language_of(judged.question) or "en"
        first = ranked[0].passage_id if ranked else ""
        found.append(
            Outcome(judged, language, bool(ranked), 0.0, min(ranks, default=None), ranks, None, first, 0.0, ranked)
        )
    return tuple(found)
