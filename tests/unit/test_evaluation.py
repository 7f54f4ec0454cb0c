"""Evaluations: the figures are the field's, files go out and come back, a document can ask itself."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from askdoc.errors import DocumentMalformed, DocumentNotFound, UsageError
from askdoc.evaluation import (
    Judged,
    Outcome,
    Ranked,
    auroc,
    calibration,
    evaluate,
    interval,
    intervals,
    read_questions,
    reliability,
    summed,
    to_json,
    trec,
)
from askdoc.evaluation.reliability_diagram import svg
from askdoc.evaluation.self_test import ask_itself
from askdoc.opening import one_language, open_index

TEXT = """Traffic
交通
The harbour unloaded 412 ships in 2024, more than ever. 2024 年港口卸载了 412 艘船,超过以往任何一年。
Most ships came from the north in spring. 大多数船只在春天从北方驶来。

Machines
机器
Two electric cranes replaced the diesel ones. 两台电动起重机取代了柴油起重机。
The mayor praised the new lighthouse keeper. 市长称赞了新的灯塔看守人。
"""


def _outcome(name: str, hits: list[tuple[str, float]], judged: set[str], confidence: float = 0.5) -> Outcome:
    ranked = tuple(Ranked(id_, score) for id_, score in hits)
    ranks = tuple(rank for rank, hit in enumerate(ranked, start=1) if hit.passage_id in judged)
    question = Judged(name, f"question {name}", "en", "", frozenset(judged), None, {})
    return Outcome(question, "en", ranked, ranks, True, confidence, milliseconds=1.0, languages="en")


OUTCOMES = (
    _outcome("a", [("d#1", 3.0), ("d#2", 2.0), ("d#3", 1.0)], {"d#1"}, 0.95),
    _outcome("b", [("d#1", 3.0), ("d#2", 3.0), ("d#3", 3.0)], {"d#3"}, 0.85),
    _outcome("c", [("d#9", 1.0)], {"d#1", "d#2"}, 0.15),
    _outcome("d d", [(f"d#{at}", 20.0 - at) for at in range(10)], {"d#4", "d#7", "far"}, 0.45),
    _outcome("e", [("d#1", 2.0)], set(), 0.05),
    _outcome("f", [], {"d#1"}, 0.0),
)


# --- files ---------------------------------------------------------------------------------------------------------


def test_our_figures_are_those_of_ir_measures_on_our_run_and_qrels() -> None:
    ir_measures = pytest.importorskip("ir_measures", reason="needs ir-measures")
    run = list(ir_measures.read_trec_run(trec.run(OUTCOMES)))
    qrels = list(ir_measures.read_trec_qrels(trec.qrels(OUTCOMES)))
    wanted = [ir_measures.parse_measure(name) for name in ("Success@1", "Success@5", "RR@10", "nDCG@10")]
    theirs = ir_measures.calc_aggregate(wanted, qrels, run)
    ours = summed(OUTCOMES).measures["all"]
    assert [theirs[measure] for measure in wanted] == pytest.approx(
        [ours.recall_at_1, ours.recall_at_5, ours.mrr_at_10, ours.ndcg_at_10], abs=1e-9
    )


def test_a_run_and_its_qrels_come_back_as_they_went_out(tmp_path: Path) -> None:
    run, qrels = tmp_path / "a.run", tmp_path / "a.qrels"
    run.write_text(trec.run(OUTCOMES), "utf-8")
    qrels.write_text(trec.qrels(OUTCOMES), "utf-8")
    back = summed(trec.outcomes(trec.read_run(run), trec.read_qrels(qrels)))
    ours = summed([outcome for outcome in OUTCOMES if outcome.judged.answerable])
    for name in ("recall_at_1", "recall_at_5", "mrr_at_10", "ndcg_at_10"):
        assert getattr(back.measures["all"], name) == getattr(ours.measures["all"], name)


def test_blanks_and_percent_signs_in_ids_survive_a_run(tmp_path: Path) -> None:
    outcome = _outcome("50 % of\tit", [("my report#a b", 1.0), ("报告#c", 0.5)], {"报告#c"})
    path = tmp_path / "x.run"
    path.write_text(trec.run([outcome]), "utf-8")
    assert trec.read_run(path) == {"50 % of\tit": (Ranked("my report#a b", 1.0), Ranked("报告#c", 0.5))}


def test_equal_scores_keep_their_order_for_programs_that_sort_by_score() -> None:
    scores = [float(line.split()[4]) for line in trec.run([OUTCOMES[1]]).splitlines()]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == 3


@pytest.mark.parametrize("line", ["a Q0 d 1 x tag", "a Q0 d one 1.0 tag", "a Q0 d 1 1.0", "a b"])
def test_a_line_that_is_no_run_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.run"
    path.write_text(f"a Q0 d 1 1.0 tag\n{line}\n", "utf-8")
    with pytest.raises(DocumentMalformed, match="Line 2"):
        trec.read_run(path)


def test_a_run_that_is_not_there_is_said() -> None:
    with pytest.raises(DocumentNotFound):
        trec.read_run("missing.run")


# --- figures -------------------------------------------------------------------------------------------------------


def test_the_bins_tell_how_sure_and_how_often_rightly() -> None:
    error, table = reliability(OUTCOMES)
    assert [(each.low, each.count) for each in table] == [(0.0, 2), (0.1, 1), (0.4, 1), (0.8, 1), (0.9, 1)]
    assert [each.right for each in table] == [0.0, 0.0, 0.0, 0.0, 1.0]
    gaps = [2 * 0.025, 0.15, 0.45, 0.85, 0.05]
    assert error == pytest.approx(sum(gaps) / 6)
    assert calibration([], []) == (0.0, ())


def test_the_area_under_the_curve_counts_ties_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 3.5 / 4
    assert auroc([0.2], [0.8]) == 0.0 and auroc([], [0.1]) is None and auroc([0.1], []) is None


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    low, high = interval([1.0] * 30 + [0.0] * 10)
    assert low < 0.75 < high and (low, high) == interval([1.0] * 30 + [0.0] * 10)
    assert interval([1.0] * 5) == (1.0, 1.0)
    assert set(intervals(OUTCOMES)) == {"recall_at_1", "recall_at_5", "mrr_at_10", "no_answer_auroc"}


def test_misses_name_what_was_ranked_above() -> None:
    misses = {miss["id"]: miss for miss in to_json(summed(OUTCOMES))["misses"]}
    assert [above["passage_id"] for above in misses["b"]["above"]] == ["d#1", "d#2"]
    assert misses["b"]["rank"] == 3 and misses["c"]["rank"] is None


def test_the_diagram_is_well_formed_and_holds_every_bin() -> None:
    root = ET.fromstring(svg(*reliability(OUTCOMES)))
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 5
    assert ET.fromstring(svg(0.0, ())).tag.endswith("svg")


# --- a document's own pairs ----------------------------------------------------------------------------------------


def test_a_document_asks_itself_across_the_languages(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    with open_index(path) as index:
        alone = one_language(index, "zh")
        assert [set(passage.versions) for passage in alone.passages()] == [{"zh"}] * 4
        ids = [passage.passage_id for passage in index.passages()]
        assert [passage.passage_id for passage in alone.passages()] == ids
        found = ask_itself(index.passages(), index, lambda language: one_language(index, language))
    figures = {(each.kind, each.asked, each.text): each for each in found}
    assert set(figures) == {
        ("sentence", "en", "zh"),
        ("heading", "en", "zh"),
        ("sentence", "zh", "en"),
        ("heading", "zh", "en"),
        ("partial", "en", "en"),
        ("partial", "zh", "zh"),
    }
    assert figures["sentence", "en", "zh"].probes == 4 and figures["sentence", "en", "zh"].recall_at_1 >= 0.75
    assert figures["partial", "zh", "zh"].recall_at_1 == 1.0
    assert all(each.interval[0] <= each.recall_at_1 <= each.interval[1] for each in found)


def test_a_document_without_pairs_cannot_ask_itself(tmp_path: Path) -> None:
    path = tmp_path / "alone.txt"
    path.write_text("Only English stands here.\n\nAnd here as well.\n", "utf-8")
    with open_index(path) as index, pytest.raises(UsageError, match="--self"):
        ask_itself(index.passages(), index, lambda language: one_language(index, language))


def test_judged_questions_are_grouped_by_direction_and_kind(tmp_path: Path) -> None:
    path, questions = tmp_path / "report.txt", tmp_path / "q.jsonl"
    path.write_text(TEXT, "utf-8")
    rows = [
        {"question": "How many ships were unloaded?", "line": 3, "kind": "number", "answer": {"en": "412 ships"}},
        {"question": "什么取代了柴油起重机?", "line": 8, "kind": "thing"},
        {"question": "Where do bananas grow?", "line": None},
    ]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with open_index(path) as index:
        report = evaluate(index, read_questions(questions))
    assert set(report.directions) == {"en → both", "zh → both"} and set(report.kinds) == {"number", "thing"}
    assert report.measures["all"].recall_at_1 == 1.0 and report.misses == ()
