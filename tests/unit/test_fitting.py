"""Weights fitted to a document: chosen on one half of the questions, kept only where the other half surely gains."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from askdoc import messages
from askdoc.answering.opening import open_index
from askdoc.cli import main
from askdoc.cli.exits import Exit
from askdoc.evaluation.fitting import FACTORS, fit
from askdoc.index import build_index
from askdoc.ranking.fusion import GROUPS, WEIGHTS, scaled


@pytest.fixture(autouse=True)
def _interface():
    yield
    messages.set_interface(None)


def test_a_factor_that_helps_is_found_and_worth_keeping() -> None:
    def rank(at: int, scales: Mapping[str, float]) -> int | None:
        return 1 if scales.get("bridge", 1.0) >= 2 or at % 7 == 0 else 3

    found = fit(80, rank, ("characters", "bridge"))
    assert dict(found.scales) == {"bridge": 2.0}
    assert found.before < found.after == 1.0
    assert found.interval[0] > 0 and found.worth_keeping
    assert (found.fitted_on, found.read_off) == (40, 40)


def test_what_helps_only_the_questions_that_were_fitted_on_is_not_kept() -> None:
    def rank(at: int, scales: Mapping[str, float]) -> int | None:
        return 1 if at % 2 == 0 and scales.get("bridge") == 4.0 else 2

    found = fit(60, rank, ("bridge",))
    assert dict(found.scales) == {"bridge": 4.0}
    assert found.before == found.after and not found.worth_keeping


def test_where_nothing_helps_nothing_changes() -> None:
    found = fit(40, lambda at, scales: None, tuple(GROUPS))
    assert dict(found.scales) == {} and not found.worth_keeping


def test_progress_ends_at_its_total() -> None:
    told: list[tuple[int, int]] = []
    fit(4, lambda at, scales: 1, ("bridge",), lambda done, total: told.append((done, total)))
    assert told and all(done <= total for done, total in told)
    assert len(told) >= len(FACTORS) - 1


def test_factors_multiply_the_weights_of_their_group_and_no_others() -> None:
    weights = WEIGHTS["en"]
    changed = scaled(weights, {"bridge": 2.0})
    assert changed.bridge_alone == 2 * weights.bridge_alone
    assert changed.words == weights.words and changed.grams == weights.grams
    assert scaled(weights, {}) is weights


TEXT = "".join(f"Crane number {at} stands on pier {at * 3}. {at} 号起重机在 {at * 3} 号码头。\n" for at in range(1, 16))


def test_kept_factors_live_in_the_index_through_a_refresh_and_a_rebuild_forgets_them() -> None:
    Path("report.txt").write_text(TEXT, "utf-8")
    build_index(["report.txt"], "x.askdoc")
    with open_index("x.askdoc") as index:
        plain = index.ask("crane on pier 9").hits[0].score
        index.keep_scales({"bridge": 4.0})
        assert index.ask("crane on pier 9").hits[0].score != plain
    Path("report.txt").write_text(TEXT + "A new crane came. 新起重机来了。\n", "utf-8")
    build_index(["report.txt"], "x.askdoc")
    with open_index("x.askdoc") as index:
        assert index._reader.scales == {"bridge": 4.0}
    build_index(["report.txt"], "x.askdoc", rebuild=True)
    with open_index("x.askdoc") as index:
        assert index._reader.scales == {}


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return left.value.code if isinstance(left.value.code, int) else 0


def test_the_command_fits_and_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    Path("report.txt").write_text(TEXT, "utf-8")
    assert _run("eval", "--self", "--fit", "--in", "report.txt", "--format", "json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)["fit"]
    assert found["fitted_on"] + found["read_off"] >= 40 and found["kept"] in (True, False)
    Path("q.jsonl").write_text('{"question": "Which crane?", "line": 1}\n', "utf-8")
    assert _run("eval", "q.jsonl", "--fit", "--in", "report.txt") == Exit.USAGE
    assert "at least 20" in capsys.readouterr().err
    assert _run("eval", "--fit", "--in", "report.txt") == Exit.USAGE
