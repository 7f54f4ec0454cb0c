"""The floors under quality: what was reached stays reached. The figures are in README.md beside."""

from __future__ import annotations

from pathlib import Path

import conversations
import pairs
import pytest
import retrieval

import askdoc
from askdoc.evaluation import evaluate, read_questions

DATA = Path(__file__).parents[1] / "data"
SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"


def test_every_question_of_the_real_document_is_answered_or_refused_rightly(shared: Path) -> None:
    with askdoc.open(shared / "documents" / "when-ai-builds-itself.txt") as index:
        report = evaluate(index, read_questions(shared / "eval" / "article_questions.jsonl"))
    for language in ("en", "zh"):
        measures = report.measures[language]
        assert measures.recall_at_1 >= 15 / 16
        assert measures.answer_sentence_at_1 >= 0.80
        assert measures.found_recall == 1.0
        assert measures.found_precision == 1.0


def test_the_sample_answers_its_own_questions() -> None:
    with askdoc.open(SAMPLE) as index:
        report = evaluate(index, read_questions(DATA / "digest_questions.jsonl"))
    measures = report.measures["all"]
    assert measures.recall_at_1 >= 0.85
    assert measures.recall_at_5 >= 0.98
    assert measures.no_answer_auroc >= 0.80


def test_follow_ups_find_what_they_go_on_from_and_questions_that_stand_stay_as_they_are() -> None:
    found = conversations.measure()
    held, tuned = found["held", "all"], found["tune", "all"]
    assert held.talk / held.follows >= 0.72
    assert tuned.talk / tuned.follows >= 0.90
    assert held.talk > max(held.alone, held.naive)
    assert (held.taken, tuned.taken) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "recall", "sentence"), [("en", 0.943, 0.770), ("zh", 0.928, 0.775)])
def test_retrieval_over_xquad_holds_its_floor(shared: Path, language: str, recall: float, sentence: float) -> None:
    figures = retrieval.measure(language)
    assert figures.recall_at_1 >= recall
    assert figures.sentence_at_1 >= sentence
    assert figures.auroc >= 0.965


@pytest.mark.parametrize("by_article", [False, True])
def test_two_texts_are_aligned(shared: Path, by_article: bool) -> None:
    tally = pairs.measure(range(100, 106), by_article)
    assert tally.f1 >= 0.945
    assert tally.wrong_share <= 0.02
