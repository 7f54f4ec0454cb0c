"""How good retrieval is as it ships: ``ASKDOC_SHARED=… python tests/quality/retrieval.py [--semantic]``.

Recall@1, recall@5, MRR@10, answer sentence@1 over both versions, all questions of a language over all passages; then each
question once more without its article, for the AUROC of ``confidence`` and what ``found`` lets through. The shipped
weights were fitted on these questions too; fit.py and fit_answers.py read them off with articles left out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import xquad

from askdoc.evaluation import auroc, calibration
from askdoc.model import LANGUAGES, Language, other


@dataclass
class Figures:
    """What one language gives."""

    recall_at_1: float
    recall_at_5: float
    mrr_at_10: float
    sentence_at_1: float
    auroc: float
    found_of_answerable: float
    refused_of_unanswerable: float
    calibration_error: float


def measure(language: Language, versions: Sequence[Language] = LANGUAGES, *, semantic: bool = False) -> Figures:
    """Ask everything in one language, of the passages in these."""
    held = language if language in versions else versions[0]
    full = xquad.index(xquad.passages(versions), semantic=semantic)
    questions = xquad.questions()
    ranks: list[int | None] = []
    sentences: list[bool] = []
    with_article: list[float] = []
    without_article: list[float] = []
    found: list[bool] = []
    refused: list[bool] = []
    for question in questions:
        answer = full.ask(question.text[language], limit=10)
        wanted = f"xquad#{question.passage}"
        ranks.append(next((hit.rank for hit in answer.hits if hit.passage_id == wanted), None))
        version = answer.hits[0].versions[held] if answer.hits else None
        span = version.sentence if version else None
        sentences.append(bool(version and span and question.answer[held] in version.text[slice(*span)]))
        with_article.append(answer.confidence)
        found.append(answer.found)
    for article in sorted({question.article for question in questions}):
        rest = xquad.index(xquad.passages(versions, without=(article,)), semantic=semantic)
        for question in questions:
            if question.article == article:
                answer = rest.ask(question.text[language], limit=1)
                without_article.append(answer.confidence)
                refused.append(not answer.found)
    count = len(questions)
    right = [*sentences, *([False] * count)]
    return Figures(
        sum(rank == 1 for rank in ranks) / count,
        sum(rank is not None and rank <= 5 for rank in ranks) / count,
        sum(1 / rank for rank in ranks if rank) / count,
        sum(sentences) / count,
        auroc(with_article, without_article) or 0.0,
        sum(found) / count,
        sum(refused) / count,
        calibration([*with_article, *without_article], right)[0],
    )


if __name__ == "__main__":
    for each in LANGUAGES:
        for title, kept in ((f"{each}, both versions", LANGUAGES), (f"{each}, the other alone", (other(each),))):
            for name, value in vars(measure(each, kept, semantic="--semantic" in sys.argv)).items():
                print(f"{title:22} {name:24} {value:.4f}", flush=True)
