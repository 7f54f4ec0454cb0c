"""``askdoc eval … --fit``: weights fitted to a document, shown, and kept where they surely help."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import to_builtins

from askdoc import messages
from askdoc.cli.asking import opened
from askdoc.cli.exits import Exit
from askdoc.cli.managing import scales_text
from askdoc.cli.screen import Screen
from askdoc.errors import UsageError

if TYPE_CHECKING:
    from askdoc.answering.engine import Index
    from askdoc.evaluation.fitting import Rank

LEAST: Final = 20
"""Questions that a fit needs."""


def fit(
    path: str | None,
    documents: Sequence[str],
    *,
    name: str | None,
    library: str | None,
    semantic: bool | None,
    form: str,
) -> int:
    """Fit on the judged questions of a file, or without one on the document's own pairs."""
    from askdoc import wire
    from askdoc.evaluation.fitting import fit as fitted
    from askdoc.ranking.fusion import GROUPS

    with opened(documents, name, library, semantic, quiet=form == "json") as index:
        if index.path is None:
            raise UsageError("eval-fit-memory")
        count, rank = _judged(index, path) if path is not None else _itself(index)
        if count < LEAST:
            raise UsageError("eval-fit-few", least=LEAST, count=count)
        groups = [group for group in GROUPS if group != "meaning" or index.semantic]
        found = fitted(count, rank, groups)
        if found.worth_keeping:
            index.keep_scales(found.scales)
    screen = Screen(sys.stdout)
    if form == "json":
        screen.data(wire.dumps({"schema": 1, "fit": {**to_builtins(found), "kept": found.worth_keeping}}, indent=1))
        return Exit.DONE
    screen.text(messages.say("eval-fit-title", fitted=found.fitted_on, held=found.read_off))
    low, high = found.interval
    gain = {
        "before": f"{found.before:.4f}",
        "after": f"{found.after:.4f}",
        "low": f"{low:+.4f}",
        "high": f"{high:+.4f}",
    }
    screen.text("  " + messages.say("eval-fit-gain", None, **gain))
    if found.scales:
        screen.text("  " + messages.say("eval-fit-scales", scales=scales_text(found.scales)))
    screen.text(messages.say("eval-fit-kept" if found.worth_keeping else "eval-fit-none"))
    return Exit.DONE


def _judged(index: Index, path: str) -> tuple[int, Rank]:
    from askdoc.evaluation import read_questions
    from askdoc.evaluation.asking import ask

    questions = [judged for judged in read_questions(path) if judged.answerable]

    def rank(at: int, scales: Mapping[str, float]) -> int | None:
        index.try_scales(scales)
        return ask(index, questions[at]).rank

    return len(questions), rank


def _itself(index: Index) -> tuple[int, Rank]:
    from askdoc.answering.opening import one_language
    from askdoc.evaluation.itself import questions
    from askdoc.evaluation.measures import DEPTH
    from askdoc.model import LANGUAGES

    alone = {language: one_language(index, language) for language in LANGUAGES}
    probes = questions(index.passages())

    def rank(at: int, scales: Mapping[str, float]) -> int | None:
        probe, text = probes[at]
        asked = index if probe.language == text else alone[text]
        asked.try_scales(scales)
        return next((hit.rank for hit in asked.ask(probe.text, limit=DEPTH).hits if probe.right(hit)), None)

    return len(probes), rank
