"""``askdoc eval`` as people and scripts use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askdoc.cli.exit_codes import Exit

TEXT = """Harbour
港口
The harbour unloaded 412 ships in 2024, more than ever. 2024 年港口卸载了 412 艘船,超过以往任何一年。
Two electric cranes replaced the diesel ones. 两台电动起重机取代了柴油起重机。
"""


@pytest.fixture
def report() -> Path:
    Path("report.txt").write_text(TEXT, "utf-8")
    rows = [
        {"id": "q1", "question": "How many ships were unloaded?", "line": 3},
        {"id": "q2", "question": "Which mayor was pleased with the quay?", "line": 4},
        {"id": "q3", "question": "Where do bananas grow?", "line": None},
    ]
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return Path("report.txt")


def test_the_table_has_intervals_calibration_and_misses(askdoc, report: Path) -> None:
    code, out, _ = askdoc("eval", "q.jsonl", "--in", str(report))
    assert code == Exit.DONE
    assert "recall_at_1" in out and "expected calibration error" in out and "q2  Which mayor" in out
    assert max(map(len, out.splitlines())) <= 120


def test_files_are_written_and_a_run_is_measured_again(askdoc, report: Path) -> None:
    files = ("--svg", "r.svg", "--run", "a.run", "--qrels", "a.qrels")
    asked = json.loads(askdoc("eval", "q.jsonl", "--in", str(report), "--format", "json", *files)[1])
    assert Path("r.svg").read_text("utf-8").startswith("<svg")
    again = json.loads(askdoc("eval", "--from-run", "a.run", "--from-qrels", "a.qrels", "--format", "json")[1])
    assert again["measures"]["all"]["mrr_at_10"] == asked["measures"]["all"]["mrr_at_10"]


def test_a_document_asks_itself(askdoc, report: Path) -> None:
    code, out, _ = askdoc("eval", "--self", "--in", str(report), "--interface", "zh")
    assert code == Exit.DONE
    assert "en → zh" in out and "一句话" in out
    assert (
        json.loads(askdoc("eval", "--self", "--in", str(report), "--format", "json")[1])["self"][0]["kind"]
        == "sentence"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["eval"], "--self"),
        (["eval", "q.jsonl", "--self"], "--self"),
        (["eval", "--from-run", "a.run"], "--from-qrels"),
        (["eval", "--from-run", "missing.run", "--from-qrels", "missing.qrels"], "missing"),
        (["eval", "q.jsonl", "--in", "report.txt", "--svg", "nowhere/r.svg"], "nowhere"),
        (["eval", "--from-run", "a.run", "q.jsonl"], "line"),
    ],
)
def test_what_cannot_be_done_is_said(askdoc, words: list[str], said: str, report: Path) -> None:
    code, out, err = askdoc(*words)
    assert code in (Exit.USAGE, Exit.DOCUMENT)
    assert said in err and out == "" and "Traceback" not in err
