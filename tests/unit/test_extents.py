"""Which consecutive sentences may be marked: an answer stands by itself."""

from __future__ import annotations

import pytest

from askdoc.answering.extents import CHARACTERS, extents
from askdoc.text.sentences import sentences


def marked(text: str, language: str) -> set[str]:
    spans = sentences(text, language)  # type: ignore[arg-type]
    return {text[spans[e.start][0] : spans[e.last][1]] for e in extents(text, language)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The crane is electric. It lifts forty tonnes.", "en"),
        ("The crane is electric. This saves fuel.", "en"),
        ("起重机是电动的。它能吊起四十吨。", "zh"),
        ("起重机是电动的。其功率很大。", "zh"),
    ],
)
def test_a_sentence_that_refers_back_takes_along_what_it_refers_to(text: str, language: str) -> None:
    assert marked(text, language) == {text, text[: sentences(text, language)[0][1]]}  # type: ignore[arg-type]


def test_what_is_too_long_to_be_taken_along_is_left_out_and_said() -> None:
    text = f"The crane {'very ' * 70}slowly turns. It lifts forty tonnes."
    assert len(text) > CHARACTERS["en"]
    (alone,) = [extent for extent in extents(text, "en") if extent.first == 1]
    assert alone.start == 1 and alone.refers


@pytest.mark.parametrize(
    ("text", "language", "barred"),
    [
        ("Who pays the fee? The tenant pays it within a week.", "en", "Who pays"),
        ("谁付费?租客在一周内付费。", "zh", "谁付费"),
        ("The harbour has rules. Ships must do the following:", "en", "following"),
        ("港口有规定。船只须遵守下列各项:", "zh", "下列"),
        ("**Fees**\n\nThe tenant pays a fee.", "en", "**"),
        ("| Fee | Amount |\n|---|---|\n| Key | 50 |", "en", "---"),
    ],
)
def test_no_question_bare_title_or_announcement_is_marked(text: str, language: str, barred: str) -> None:
    stretches = marked(text, language)
    assert stretches and not any(barred in stretch for stretch in stretches)


def test_an_announcement_is_marked_with_what_it_announces() -> None:
    text = "Ships must do the following:\n- slow down\n- sound the horn"
    assert "Ships must do the following:\n- slow down" in marked(text, "en")


def test_a_text_that_is_nothing_else_is_marked_as_it_is() -> None:
    assert marked("Who pays the fee?", "en") == {"Who pays the fee?"}


def test_no_extent_has_more_than_three_sentences() -> None:
    text = "One ship. It left. Two ships. Three ships. Four ships. Five ships."
    assert max(extent.last - extent.start for extent in extents(text, "en")) == 2
