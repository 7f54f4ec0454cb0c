"""The sample that ships and its judged questions: the layout holds, the answers are literal, the wording is its own."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from askdoc.text.cleaning import clean
from askdoc.text.han import HAN, HAN_RUN

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "index" / "when-ai-builds-itself-digest.txt"
QUESTIONS = ROOT / "tests" / "data" / "digest_questions.jsonl"
TITLE_LINES = 3
END = re.compile(r"[.?!][”’\")]?$")
END_INSIDE = re.compile(r"[.?!][”’\")]? ")
KINDS = ("direct", "paraphrase", "mixed", "none")

LINES = SAMPLE.read_text(encoding="utf-8").split("\n")[:-1]
ROWS: list[dict[str, Any]] = [json.loads(row) for row in QUESTIONS.read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if row["kind"] != "none"]


def splits(line: str) -> list[int]:
    """The spaces at which finished English sentences end and a Chinese sentence begins."""
    places = []
    for match in re.finditer(" ", line):
        left, right = line[: match.start()], line[match.end() :]
        first = HAN.search(right)
        if first and END.search(left) and not HAN.search(left) and not END_INSIDE.search(right[: first.start()]):
            places.append(match.start())
    return places


BODY = {number: line for number, line in enumerate(LINES, 1) if number > TITLE_LINES and splits(line)}
HEADINGS = [number for number in range(TITLE_LINES + 1, len(LINES) + 1) if number not in BODY]


def halves(number: int) -> dict[str, str]:
    line = LINES[number - 1]
    (place,) = splits(line)
    return {"en": line[:place], "zh": line[place + 1 :]}


def test_the_file_is_plain_text_without_blank_lines() -> None:
    data = SAMPLE.read_bytes()
    assert data.endswith(b"\n") and b"\r" not in data and not data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8")
    assert unicodedata.normalize("NFC", text) == text
    assert clean(text).removed == 0
    assert all(line and line == line.strip() and "  " not in line for line in LINES)


def test_the_title_stands_in_both_languages_with_the_english_one_twice() -> None:
    assert LINES[0] == LINES[1]
    assert not HAN.search(LINES[0])
    assert HAN.search(LINES[2])
    assert not any(splits(line) for line in LINES[:TITLE_LINES])


def test_headings_alternate_an_english_line_then_a_chinese_line() -> None:
    english, chinese = HEADINGS[::2], HEADINGS[1::2]
    assert 6 <= len(english) == len(chinese) <= 8
    assert [number + 1 for number in english] == chinese
    assert not any(HAN.search(LINES[number - 1]) for number in english)
    assert all(HAN.search(LINES[number - 1]) for number in chinese)
    assert all(number + 1 in BODY for number in chinese)


def test_a_body_line_splits_at_exactly_one_place() -> None:
    assert 24 <= len(BODY) <= 30
    for number, line in BODY.items():
        assert len(splits(line)) == 1, number
        english, chinese = halves(number).values()
        assert not HAN.search(english), number
        assert chinese.endswith("。"), number
        assert all(HAN.search(sentence) for sentence in re.findall("[^。]+。", chinese)), number
        assert not re.search(r"(?:[A-Za-z]+ ){6}", chinese), number
        name = HAN.split(chinese)[0].split("(")[0].strip()
        assert name in english, number


def test_both_versions_of_a_body_line_hold_the_same_arabic_numbers() -> None:
    months = {"March 2024": {"2024", "3"}, "May 2026": {"2026", "5"}, "February 2025": {"2025", "2"}}
    for number in BODY:
        english, chinese = (set(re.findall(r"\d+(?:\.\d+)?", half)) for half in halves(number).values())
        for month, digits in months.items():
            if month in halves(number)["en"]:
                english |= digits
        assert english == chinese, number


def test_the_layout_exercises_the_reader() -> None:
    chinese = [halves(number)["zh"] for number in BODY]
    assert sum(bool(re.match("[A-Za-z]", half)) for half in chinese) >= 8, "Chinese that begins with a Latin name"
    assert sum("," in half for half in chinese) >= 8, "half-width commas"
    assert sum("，" in half for half in chinese) >= 8, "full-width commas"
    assert any("," in half and "。" in half and "（" in half for half in chinese), "both widths in one paragraph"


def test_the_source_is_named_in_the_last_section() -> None:
    last = LINES[HEADINGS[-1] :]
    for part in ("When AI Builds Itself", "The Anthropic Institute"):
        assert last[0].count(part) == 2


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_judged_question_is_well_formed_and_its_answer_is_literal(row: dict[str, Any]) -> None:
    assert list(row) == ["id", "kind", "language", "question", "line", "answer"]
    assert row["kind"] in KINDS and row["language"] in ("en", "zh")
    assert row["id"].startswith(row["kind"]) and row["id"].endswith(row["language"])
    if row["language"] == "zh" or row["kind"] == "mixed":
        assert HAN.search(row["question"])
    if row["language"] == "en" or row["kind"] == "mixed":
        assert re.search("[A-Za-z]", row["question"])
    if row["language"] == "en" and row["kind"] != "mixed":
        assert not HAN.search(row["question"])
    if row["kind"] == "none":
        assert row["line"] is None and row["answer"] is None
        return
    assert row["line"] in BODY
    assert set(row["answer"]) == {"en", "zh"}
    for language, version in halves(row["line"]).items():
        assert row["answer"][language].strip() and row["answer"][language] in version


def test_there_are_enough_questions_of_each_kind() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({row["question"] for row in ROWS}) == len(ROWS)
    for language in ("en", "zh"):
        count = Counter(row["kind"] for row in ROWS if row["language"] == language)
        assert count.total() - count["none"] >= 20
        assert min(count["direct"], count["paraphrase"]) >= 8
        assert (count["mixed"], count["none"]) == (2, 6)
        assert sum(row["id"].startswith("none-near") for row in ROWS if row["language"] == language) == 3


def test_the_questions_reach_every_section() -> None:
    starts = [TITLE_LINES, *HEADINGS[1::2]]
    asked = {max(start for start in starts if start < row["line"]) for row in ANSWERABLE}
    assert asked == set(starts)


@pytest.mark.shared
def test_no_wording_is_taken_from_the_article(shared: Path) -> None:
    article = (shared / "documents" / "when-ai-builds-itself.txt").read_text(encoding="utf-8")
    digest = SAMPLE.read_text(encoding="utf-8")

    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+(?:['’.-][a-z0-9]+)*", text.lower())

    def han(text: str) -> list[str]:
        return list("".join(HAN_RUN.findall(text)))

    def runs(units: list[str], length: int) -> set[tuple[str, ...]]:
        return {tuple(units[at : at + length]) for at in range(len(units) - length + 1)}

    assert not runs(words(article), 8) & runs(words(digest), 8)
    assert not runs(han(article), 10) & runs(han(digest), 10)
    assert not set(article.splitlines()) & set(digest.splitlines())
