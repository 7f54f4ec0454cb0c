"""A question that goes on from the one before takes its words over; one that stands on its own takes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from askdoc.index import Index
from askdoc.opening import open_index
from askdoc.question.dialogue_state import DialogueState, remember
from askdoc.question.follow_up import drop_entities, rewrite
from askdoc.question.query import parse

TEXT = """The harbour report
港口报告

Traffic
交通
The harbour unloaded 412 ships in 2024, more than in any year before. 2024 年港口卸载了 412 艘船,超过以往任何一年。
In 2025 the harbour unloaded 390 ships because the quay was closed. 2025 年港口卸载了 390 艘船,因为码头关闭了。
Most of the ships came from the north in spring. 大多数船只在春天从北方驶来。

Machines
机器
Two electric cranes replaced the diesel ones. 两台电动起重机取代了柴油起重机。
The crane Goliath lifts 900 tonnes. 起重机 Goliath 能吊起 900 吨。
The crane Samson lifts 400 tonnes. 起重机 Samson 能吊起 400 吨。
"""


@pytest.fixture
def index(tmp_path: Path):
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    with open_index(path, library=tmp_path / "library") as opened:
        yield opened


def after(question: str) -> DialogueState:
    state = remember(None, parse(question), [])
    assert state is not None
    return state


ENGLISH = "How many ships did the harbour unload in 2024?"
CHINESE = "2024 年港口卸载了多少艘船?"


@pytest.mark.parametrize(
    ("question", "follow_up_kind"),
    [
        ("why?", "bare"),
        ("Why is that?", "bare"),
        ("And in 2025?", "fragment"),
        ("What about the cranes?", "fragment"),
        ("how about spring", "fragment"),
        ("tell me more", "more"),
        ("Can you tell me more about it?", "more"),
        ("more details please", "more"),
        ("What else?", "more"),
        ("Is it enough?", "pronoun"),
        ("Where did they come from?", "pronoun"),
        ("Compared with which year?", "pronoun"),
        ("为什么?", "bare"),
        ("那 2025 年呢?", "fragment"),
        ("起重机呢?", "fragment"),
        ("更详细一点", "more"),
        ("详细说说", "more"),
        ("还有呢?", "more"),
        ("继续", "more"),
        ("举个例子", "more"),
        ("它们从哪里来?", "pronoun"),
        ("跟哪一年相比?", "pronoun"),
    ],
)
def test_each_sign_of_a_follow_up_is_seen(question: str, follow_up_kind: str) -> None:
    for first in (ENGLISH, CHINESE):
        assert rewrite(parse(question), after(first)).follow_up_kind == follow_up_kind


@pytest.mark.parametrize(
    "question",
    [
        "What is SWE-bench?",
        "And what is recursive self-improvement?",
        "How many electric cranes replaced the diesel ones?",
        "What does the model get when it fails?",
        "Which tonnes does the crane Goliath lift?",
        "How much did that company in the north of the country pay?",
        "这篇文章是谁写的?",
        "哪台起重机取代了柴油起重机?",
        "那篇关于港口交通的报告是谁写的?",
        "SWE-bench 是什么?",
        "其他国家的港口情况怎么样?",
    ],
)
def test_a_question_that_stands_on_its_own_takes_nothing_over(question: str) -> None:
    for first in (ENGLISH, CHINESE):
        assert rewrite(parse(question), after(first)).follow_up_kind == "alone"


@pytest.mark.parametrize(
    ("first", "then", "taken_over", "must"),
    [
        (ENGLISH, "And in 2025?", "ships harbour unload", "2025"),
        (ENGLISH, "in 2025?", "ships harbour unload", "2025"),
        (CHINESE, "那 2025 年呢?", "港口 卸载 艘 船", "2025 年"),
        ("How many ships came in March?", "And in April?", "ships came", "april"),
        ("What did the first crane lift?", "And the second?", "crane lift", "second"),
        ("What did crane 7 lift?", "And 12?", "crane lift", "12"),
        ("What does Goliath 4.6 lift?", "And Samson?", "lift", "samson"),
        ("How many ships came from the north?", "And from the south?", "ships came", ""),
    ],
)
def test_a_fragment_takes_over_all_but_what_it_replaces(first: str, then: str, taken_over: str, must: str) -> None:
    query = rewrite(parse(then), after(first))
    assert [word.form for word in query.carried] == taken_over.split()
    assert {word.weight for word in query.carried} == {"light"}
    assert query.must == tuple(must.split())
    assert query.answer_type == after(first).answer_type


@pytest.mark.parametrize(("then", "kind"), [("tell me more", "number"), ("Tell me more", "number"), ("why?", "reason")])
def test_more_is_the_same_question_and_why_is_another_about_the_same(then: str, kind: str | None) -> None:
    query = rewrite(parse(then), after("How many ships did Goliath lift in 2024?"))
    assert [word.form for word in query.words] == ["ships", "goliath", "lift", "2024"]
    assert (query.carried, query.answer_type, query.must) == (query.words, kind, ())


def test_characters_of_what_is_replaced_are_not_taken_over() -> None:
    query = rewrite(parse("那起重机呢?"), after("2024 年港口卸载了多少艘船?"))
    taken_over = [gram for gram in query.grams if gram not in parse("那起重机呢?").grams]
    assert all(any(gram in word.form for word in query.carried) for gram in taken_over)
    assert "港口" in taken_over


def test_what_is_taken_over_grows_thinner_by_its_names_and_numbers_alone() -> None:
    thin = drop_entities(rewrite(parse("why?"), after("How many ships did Goliath lift in 2024?")))
    assert thin is not None
    assert [word.form for word in thin.words] == ["ships", "lift", "2024"]
    assert drop_entities(thin) is None


def test_own_words_stay_when_what_is_taken_over_grows_thinner() -> None:
    thin = drop_entities(rewrite(parse("And in 2025?"), after("How many ships did Goliath lift in 2024?")))
    assert thin is not None
    assert [word.form for word in thin.words] == ["2025", "ships", "lift"]
    assert thin.numbers == {"2025"}


@pytest.mark.parametrize(
    "question",
    [
        "And the old rusty cranes, barges, ropes and lamps",
        "Did it carry coal, barley, timber and ropes?",
        "Samson?",
    ],
)
def test_a_question_with_words_enough_of_its_own_stands_alone(question: str) -> None:
    assert rewrite(parse(question), after(ENGLISH)).follow_up_kind == "alone"


def test_the_first_question_has_nothing_to_go_on_from(index: Index) -> None:
    talk = index.conversation()
    answer = talk.ask("And in 2025?")
    assert answer.about == ()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("How many ships did the harbour unload in 2024?", "And in 2025?"),
        ("2024 年港口卸载了多少艘船?", "那 2025 年呢?"),
        ("How many ships did the harbour unload in 2024?", "那 2025 年呢?"),
        ("2024 年港口卸载了多少艘船?", "And in 2025?"),
    ],
)
def test_another_year_takes_the_place_of_the_first_in_either_language(index: Index, first: str, then: str) -> None:
    talk = index.conversation()
    assert "412" in talk.ask(first).hits[0].versions["en"].text
    answer = talk.ask(then)
    assert "390" in answer.hits[0].versions["en"].text
    assert answer.question == then
    assert answer.about
    assert "2024" not in answer.about


def test_another_name_takes_the_place_of_the_first(index: Index) -> None:
    talk = index.conversation()
    talk.ask("How much does the crane Goliath lift?")
    answer = talk.ask("And Samson?")
    assert "400 tonnes" in answer.hits[0].versions["en"].text
    assert "Goliath" not in answer.about
    third = talk.ask("And Goliath?")
    assert "900 tonnes" in third.hits[0].versions["en"].text


def test_alone_takes_nothing_over(index: Index) -> None:
    talk = index.conversation()
    talk.ask("How many ships did the harbour unload in 2024?")
    assert talk.ask("And in 2025?", alone=True).about == ()


def test_a_change_of_subject_drags_nothing_along(index: Index) -> None:
    talk = index.conversation()
    talk.ask("How many ships did the harbour unload in 2024?")
    answer = talk.ask("Which cranes replaced the diesel ones?")
    assert answer.about == ()
    assert "electric cranes" in answer.hits[0].versions["en"].text


def test_a_question_of_no_content_is_asked_of_the_subject(index: Index) -> None:
    talk = index.conversation()
    talk.ask("How many ships did the harbour unload in 2025?")
    answer = talk.ask("why?")
    assert "because the quay was closed" in answer.hits[0].versions["en"].text


def test_more_gives_passages_and_never_nothing(index: Index) -> None:
    talk = index.conversation()
    talk.ask("How many ships did the harbour unload in 2025?", limit=1)
    for _ in range(4):
        assert talk.ask("tell me more", limit=1).hits


def test_turns_are_kept_up_to_the_limit(index: Index) -> None:
    talk = index.conversation()
    for number in range(60):
        talk.ask(f"How many ships in {number}?")
    assert len(talk.turns) == 50
    assert talk.turns[-1].question == "How many ships in 59?"


def test_a_conversation_is_resumed_where_it_was(index: Index) -> None:
    talk = index.conversation()
    talk.ask("How many ships did the harbour unload in 2024?")
    talk.ask("And in 2025?")
    other = index.conversation()
    other.resume(talk.turns)
    assert other.ask("why?").about == talk.ask("why?").about
