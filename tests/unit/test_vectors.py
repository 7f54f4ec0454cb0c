"""askdoc.storage.vectors: lists compute what numpy computes, to the last bit, and a question gives the same answer with both."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import askdoc
from askdoc.storage import posting_blocks, rows
from askdoc.storage.vectors import Fixed, Vector, kit

SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"
QUESTIONS = (
    "What is recursive self-improvement?",
    "How many percent of the code did Claude write in 2026?",
    "Who won the football match?",
    "什么是递归自我改进?",
    "代码合并了多少行?",
    "Why does 递归 matter?",
)


def test_vectors_compute_as_arrays_do() -> None:
    rng = random.Random(7)
    one, two = ([rng.uniform(-2, 2) for _ in range(40)] for _ in range(2))
    places, flags = sorted(rng.sample(range(40), 9)), [rng.random() < 0.5 for _ in range(40)]
    for a, b, at, t in (
        (Vector(one), Vector(two), Vector(places), Vector(flags)),
        (np.array(one), np.array(two), np.array(places), np.array(flags)),
    ):
        tools = kit(a)
        changed = a.copy()
        changed[at] = b[at]
        changed += 2 * b
        found = [
            [*(1.2 * (1 - 0.75 + 0.75 * a / 3.7) + b - a * b), *(0.5 + changed / b), *-a],
            [*tools.maximum(a, b), *tools.minimum(a, b), *(a * ~t), *a[t], *a[3:7]],
            [*(a > b), *(a == a), *(a != b), *(t & (a > 0)), *(t | (b > 0)), (a > 0).sum(), t.any()],
            [*tools.ranked((a > 0) * 1.0, [t, a > 1], None), *tools.ranked(b, [t], [1, 2, 3, 30]), *tools.zeros(3)],
        ]
        found = [[float(each) for each in row] for row in found]
        if isinstance(a, Vector):
            first = found
    assert found == first


def test_a_vector_that_is_shared_cannot_be_written_to() -> None:
    shared = Fixed([1, 2, 3])
    with pytest.raises(ValueError, match="read-only"):
        shared[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        shared += 1


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
            assert isinstance(index._reader.lengths("en"), kind)
            found = [index.ask(question, limit=limit) for question in QUESTIONS for limit in (3, None)]
        return [(each.found, each.confidence, each.matched, each.missing, each.hits) for each in found]

    listed = answers(Vector)
    monkeypatch.setattr(posting_blocks, "SMALL", -1)
    monkeypatch.setattr(rows, "SMALL", -1)
    assert answers(np.ndarray) == listed
