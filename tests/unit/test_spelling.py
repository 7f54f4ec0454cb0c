"""Typing slips are put right where one word of the documents alone can be meant, and never otherwise."""

from __future__ import annotations

import pytest
from msgspec import convert

from askdoc.answering.spelling import edits
from askdoc.index import Index
from askdoc.model import Answer
from askdoc.opening import open_bytes

TEXT = """This is called recursive self-improvement, and it worries the harbour master.
这叫做递归自我改进,港务长为此担忧。

Engineers measure the programs with SWE-bench and ship the improved versions every quarter.
工程师用 SWE-bench 衡量程序,每季度交付改进的版本。

The lighthouse keeper painted the lanterns. The weather was terrible.
灯塔看守人粉刷了灯笼。天气很糟糕。
"""


@pytest.fixture(scope="module")
def index():
    with open_bytes(TEXT.encode(), "report.txt") as opened:
        yield opened


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [
        ("bnech", "bench", 1),
        ("recursiv", "recursive", 1),
        ("lighhouse", "lighthouse", 1),
        ("lanternns", "lanterns", 1),
        ("weethar", "weather", 2),
        ("harbour", "harbour", 0),
        ("abc", "xyz", 3),
        ("a", "abcd", 3),
    ],
)
def test_edits_count_exchanges_as_one(one: str, two: str, distance: int) -> None:
    assert edits(one, two, 2) == min(distance, 3)
    assert edits(two, one, 2) == min(distance, 3)


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("What is recursiv self-improvement?", (("recursiv", "recursive"),)),
        ("What do engineers measure with SWE-bnech?", (("SWE-bnech", "SWE-bench"),)),
        ("Who painted the lantenrs?", (("lantenrs", "lanterns"),)),
        ("Who is the lighhouse keeper?", (("lighhouse", "lighthouse"),)),
        ("What did the engneers measure?", (("engneers", "Engineers"),)),
        ("What do engineers mesure every qaurter?", (("mesure", "measure"), ("qaurter", "quarter"))),
        ("什么是弟归自我改进?", (("弟归", "递归"),)),
        ("什么是递归自我改近?", (("改近", "改进"),)),
        ("谁粉刷了登笼?", (("登笼", "灯笼"),)),
    ],
)
def test_a_slip_is_put_right_and_said(index: Index, question: str, corrected: tuple[tuple[str, str], ...]) -> None:
    answer = index.ask(question)
    assert answer.found
    assert answer.corrected == corrected
    assert answer.question == question
    assert not {typed for typed, _ in corrected} & set(answer.missing)


@pytest.mark.parametrize(
    "question",
    [
        "What is recursive self-improvement?",
        "Where is France?",
        "Where do bananas grow?",
        "What did GPT-5 say?",
        "Who is Bo?",
        "What is a zzyzx?",
        "什么是香蕉?",
        "谁是奥巴马?",
        "灯塔在哪里?",
    ],
)
def test_a_word_that_is_known_or_like_nothing_stays(index: Index, question: str) -> None:
    assert index.ask(question).corrected == ()


def test_two_words_that_are_as_near_are_not_chosen_between() -> None:
    with open_bytes(b"The blorking started early.\n\nThe clorking ended late.\n", "two.txt") as opened:
        assert opened.ask("When did the zlorking start?").corrected == ()
        assert opened.ask("When did the blorkng start?").corrected in ((), (("blorkng", "blorking"),))


def test_a_question_of_all_passages_is_taken_as_it_stands(index: Index) -> None:
    assert index.ask("recursiv", limit=None).hits == ()


def test_json_tells_it_only_where_there_is_any(index: Index) -> None:
    plain = index.ask("What is recursive self-improvement?").to_dict()
    assert "corrected" not in plain
    told = index.ask("What is recursiv self-improvement?").to_dict()
    assert told["corrected"] == [["recursiv", "recursive"]]
    assert convert(told, Answer).corrected == (("recursiv", "recursive"),)
