"""A small index gives tuples, and the same answers as with arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import askdoc
from askdoc.storage import posting_blocks, rows

SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"
QUESTIONS = (
    "What is recursive self-improvement?",
    "How many percent of the code did Claude write in 2026?",
    "Who won the football match?",
    "什么是递归自我改进?",
    "代码合并了多少行?",
    "Why does 递归 matter?",
)


@pytest.mark.parametrize("mixed", [False, True])
def test_answers_are_the_same_with_lists_and_with_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mixed: bool
) -> None:
    documents: list[str | Path] = [SAMPLE]
    if mixed:  # text of one language alone, so that the bridge gives evidence
        for name, text in (
            ("en.txt", "Rivers carry water to the sea.\n"),
            ("zh.txt", "人工智能改变软件开发的速度。\n"),
        ):
            (tmp_path / name).write_text(text, "utf-8")
            documents.append(tmp_path / name)
    askdoc.build_index(documents, tmp_path / "x.askdoc")

    def answers(kind: type) -> list[object]:
        with askdoc.open(tmp_path / "x.askdoc") as index:
            with index._reader.snapshot() as snapshot:
                assert isinstance(snapshot.lengths("en"), kind)
            found = [index.ask(question, limit=limit) for question in QUESTIONS for limit in (3, None)]
        return [(each.found, each.confidence, each.matched, each.missing, each.hits) for each in found]

    listed = answers(tuple)
    monkeypatch.setattr(posting_blocks, "SMALL", -1)
    monkeypatch.setattr(rows, "SMALL", -1)
    assert answers(np.ndarray) == listed
