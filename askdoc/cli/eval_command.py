"""``askdoc eval``: judged questions, a document's own pairs, or another program's run, as figures and files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import to_builtins

from askdoc import messages
from askdoc.cli.ask_command import opened
from askdoc.cli.exit_codes import Exit
from askdoc.cli.screen import Screen
from askdoc.errors import DocumentUnreadable, UsageError
from askdoc.text.wrap import Run, columns

if TYPE_CHECKING:
    from askdoc.evaluation import Judged, Outcome, Report
    from askdoc.evaluation.self_test import Direction

_MISSES: Final = 20
"""Misses that are printed; JSON has all of them."""

_ABOVE: Final = 2
"""Hits above a miss that are printed."""


def evaluate(
    path: str | None,
    documents: Sequence[str],
    *,
    name: str | None,
    library: str | None,
    semantic: bool | None,
    form: str,
    itself: bool = False,
    svg: str | None = None,
    run: str | None = None,
    qrels: str | None = None,
    from_run: str | None = None,
    from_qrels: str | None = None,
) -> int:
    """Measure, print the figures, and write the files that were asked for."""
    if itself:
        if any((path, svg, run, qrels, from_run, from_qrels)):
            raise UsageError("eval-either")
        return _itself(documents, name, library, semantic, form)
    if from_run is not None:
        report = _of_run(from_run, path, from_qrels)
    elif path is None:
        raise UsageError("eval-run-judgements" if from_qrels else "eval-what")
    else:
        report = _asked(path, documents, name, library, semantic, form)
    _files(report, svg, run, qrels)
    screen = Screen(sys.stdout)
    if form == "json":
        from askdoc import evaluation
        from askdoc.text import json_text

        screen.data(json_text.dumps(evaluation.to_json(report), indent=1))
    else:
        _print(report, screen, timed=from_run is None)
    return Exit.DONE


def _asked(
    path: str, documents: Sequence[str], name: str | None, library: str | None, semantic: bool | None, form: str
) -> Report:
    from askdoc import evaluation

    questions = evaluation.read_questions(path)
    with opened(documents, name, library, semantic, quiet=form == "json") as index:
        return evaluation.evaluate(index, questions)


def _of_run(run: str, path: str | None, qrels: str | None) -> Report:
    from askdoc import evaluation
    from askdoc.evaluation import trec

    questions: list[Judged]
    if qrels is not None:
        questions = trec.read_qrels(qrels)
    elif path is not None:
        questions = evaluation.read_questions(path)
        for judged in questions:
            if judged.line is not None:
                raise UsageError("eval-line-run", id=judged.id)
    else:
        raise UsageError("eval-run-judgements")
    return evaluation.summed(trec.outcomes(trec.read_run(run), questions))


def _files(report: Report, svg: str | None, run: str | None, qrels: str | None) -> None:
    from askdoc.evaluation import reliability

    if svg is not None:
        from askdoc.evaluation.reliability_diagram import svg as drawn

        _write(svg, drawn(*reliability(report.outcomes)))
    if run is not None or qrels is not None:
        from askdoc.evaluation import trec

        if run is not None:
            _write(run, trec.run(report.outcomes))
        if qrels is not None:
            _write(qrels, trec.qrels(report.outcomes))


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentUnreadable("eval-unwritable", path=path, reason=reason) from None
    Screen(sys.stderr).text(messages.say("eval-written", path=path))


# --- tables --------------------------------------------------------------------------------------------------------


def _print(report: Report, screen: Screen, *, timed: bool) -> None:
    from askdoc.evaluation import intervals, reliability

    names = [name for name in ("en", "zh", "all") if name in report.measures]
    rows = {name: to_builtins(report.measures[name]) for name in names}
    draws = {name: intervals(report.of(name)) for name in names}
    table = [["", *names]]
    for measure in rows[names[0]]:
        if not timed and measure not in _OF_RUNS:
            continue
        table.append([measure, *(_number(rows[name][measure]) for name in names)])
        if any(measure in draws[name] for name in names):
            table.append(["", *(_interval(draws[name].get(measure)) for name in names)])
    _table(table, screen)
    for title, groups in (("eval-direction", report.directions), ("eval-kind", report.kinds)):
        if len(groups) > 1:
            screen.text()
            head = [messages.say(title), messages.say("eval-count"), "recall@1", "recall@5", "mrr@10"]
            lines = [
                [group, str(row.questions), *map(_number, (row.recall_at_1, row.recall_at_5, row.mrr_at_10))]
                for group, row in groups.items()
            ]
            _table([head, *lines], screen)
    if timed:
        error, bins = reliability(report.outcomes)
        screen.text()
        screen.text(messages.say("eval-calibration", error=f"{error:.3f}"))
        for part in bins:
            percent = {key: round(100 * getattr(part, key)) for key in ("low", "high", "right")}
            line = messages.say("eval-bin", count=part.count, sure=round(100 * part.confidence), **percent)
            screen.text("  " + line)
    _misses(report.misses, screen)


_OF_RUNS: Final = ("questions", "answerable", "recall_at_1", "recall_at_5", "mrr_at_10", "ndcg_at_10")
"""The measures that a run of another program has."""


def _misses(misses: Sequence[Outcome], screen: Screen) -> None:
    if not misses:
        return
    screen.text()
    screen.text(messages.say("eval-misses", count=len(misses)))
    for outcome in misses[:_MISSES]:
        judged = outcome.judged
        if not judged.answerable:
            place = messages.say("eval-miss-answered")
        elif outcome.rank:
            place = messages.say("eval-miss-rank", rank=outcome.rank)
        else:
            place = messages.say("eval-miss-none")
        screen.text(f"  {judged.id}  {judged.question}  ({place}; {round(100 * outcome.confidence)} %)")
        for hit in outcome.above[:_ABOVE]:
            fields: dict[str, Any] = {
                "label": hit.label or hit.passage_id,
                "id": hit.passage_id,
                "score": f"{hit.score:.2f}",
            }
            screen.text("      " + messages.say("eval-above", **fields))
    if len(misses) > _MISSES:
        screen.text("  " + messages.say("eval-more", count=len(misses) - _MISSES))


def _table(rows: Sequence[Sequence[str]], screen: Screen) -> None:
    """Print columns as wide as their cells, Chinese counted as two; the first aligned left, the others right."""
    sizes = [max(map(_columns, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = [row[0] + " " * (sizes[0] - _columns(row[0]))]
        cells += [" " * (size - _columns(cell)) + cell for cell, size in zip(row[1:], sizes[1:], strict=True)]
        screen.text("  ".join(cells).rstrip())


def _columns(text: str) -> int:
    return columns([Run(text)])


def _number(value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _interval(bounds: tuple[float, float] | None) -> str:
    return "" if bounds is None else f"{bounds[0]:.2f}-{bounds[1]:.2f}"


# --- a document's own pairs ----------------------------------------------------------------------------------------


def _itself(documents: Sequence[str], name: str | None, library: str | None, semantic: bool | None, form: str) -> int:
    from askdoc.evaluation.self_test import ask_itself, to_json
    from askdoc.opening import one_language
    from askdoc.text import json_text

    with opened(documents, name, library, semantic, quiet=form == "json") as index:
        directions = ask_itself(index.passages(), index, lambda language: one_language(index, language))
    screen = Screen(sys.stdout)
    if form == "json":
        screen.data(json_text.dumps(to_json(directions), indent=1))
    else:
        _print_itself(directions, screen)
    return Exit.DONE


def _print_itself(directions: Sequence[Direction], screen: Screen) -> None:
    screen.text(messages.say("eval-self-title"))
    head = ["", messages.say("eval-self-probes"), "recall@1", messages.say("eval-interval"), "recall@5", "mrr@10"]
    lines = [
        [
            f"{direction.asked} → {direction.text}  {messages.say(f'eval-self-{direction.kind}')}",
            str(direction.probes),
            _number(direction.recall_at_1),
            _interval(direction.interval),
            _number(direction.recall_at_5),
            _number(direction.mrr_at_10),
        ]
        for direction in directions
    ]
    _table([head, *lines], screen)
    screen.text()
    screen.text(messages.say("eval-self-note"))
