"""A question without options goes past click, and comes to the same."""

from __future__ import annotations

from typing import Any

import pytest

from askdoc.cli import asking, plainly, run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    calls: list[tuple[Any, Any]] = []

    def ask(*given: Any, **options: Any) -> int:
        calls.append((given, options))
        return 1

    monkeypatch.setattr(asking, "ask", ask)
    return calls


@pytest.mark.parametrize(
    "words", [["Why?"], ["什么是", "递归?"], [""], ["ask"], ["a-b", "c--d", "@file", "~", "*", "a  b"]]
)
def test_a_plain_question_is_asked_as_click_asks_it(
    words: list[str], asked: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["ask", *words]) == 1
    monkeypatch.setattr(plainly, "is_plain", lambda given: False)
    assert run(["ask", *words]) == 1
    one, other = asked
    assert one == other
    assert {name: type(value) for name, value in one[1].items()} == {n: type(v) for n, v in other[1].items()}


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["ask"],
        ["ask", "-"],
        ["ask", "--limit", "1", "x"],
        ["ask", "x", "--help"],
        ["ask", "--", "x"],
        ["list"],
        ["x"],
    ],
)
def test_anything_else_is_click_s(line: list[str]) -> None:
    assert not plainly.is_plain(line)
