"""Answers about the document as a whole, about its sections, and to greetings: the document's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import askdoc
from askdoc.model import Answer
from askdoc.text.centrality import lexrank

LEASE = """# Tenancy agreement

Party A lets the flat at 4 Mill Lane to Party B for a term of two years. It replaces the agreement of 2019.

## 1. The flat

The flat has two bedrooms, a kitchen and a bathroom. The bicycle cellar belongs to the flat.

## 2. Rent and payment

The rent is due on the fifth of each month. Party B pays it by bank transfer. Late rent costs a fee.

The rent includes heating. Party A may raise the rent once a year.

## 3. Deposit

Party B pays a deposit of two months' rent. Party A returns the deposit within fourteen days.

## 4. Can I keep pets?

One cat is allowed.

Written by the housing office of Millbrook.

Last updated: 4 February 2025.
"""
RECIPE = """# {dish}的做法

这是一道家常菜，味道很好。

## 操作

1. 把材料洗净。
2. 大火煮{minutes}分钟，然后关火。
"""

Open = Callable[..., askdoc.Index]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    indexes = []

    def open_texts(**texts: str) -> askdoc.Index:
        for name, text in texts.items():
            (tmp_path / f"{name}.md").write_text(text, "utf-8")
        paths = [tmp_path / f"{name}.md" for name in texts]
        index = askdoc.open(paths, library=tmp_path / "library", semantic=False)
        indexes.append(index)
        return index

    yield open_texts
    for index in indexes:
        index.close()


def marked(answer: Answer) -> list[str]:
    versions = [version for hit in answer.hits for version in hit.versions.values()]
    return [version.text[slice(*version.sentence)] for version in versions if version.sentence]


def test_what_it_is_about_is_told_by_title_lead_and_central_passages_in_order(opened: Open) -> None:
    for question in ("what is this contract about", "总结一下", "tldr"):
        answer = opened(lease=LEASE).ask(question)
        assert (answer.kind, answer.found, answer.matched, answer.missing) == ("document", True, (), ())
        (overview,) = answer.overview
        assert overview.title == {"en": "Tenancy agreement"}
        assert [line.text["en"] for line in overview.headings][1:3] == ["2. Rent and payment", "3. Deposit"]
        assert marked(answer)[0].startswith("Party A lets the flat")
        places = [hit.versions["en"].place.lines[0] for hit in answer.hits]
        assert (len(places), places) == (3, sorted(places))
        assert all(len(text) <= 320 for text in marked(answer))


def test_the_limit_is_that_of_the_hits(opened: Open) -> None:
    assert len(opened(lease=LEASE).ask("what is this contract about", limit=1).hits) == 1


def test_the_contents_are_the_headings_with_their_lines(opened: Open) -> None:
    (overview,) = opened(lease=LEASE).ask("how many sections are there").overview
    assert overview.sections == 4
    assert next((line.text["en"], line.level, line.line) for line in overview.headings) == ("1. The flat", 1, 5)


def test_length_and_languages(opened: Open) -> None:
    (overview,) = opened(lease=LEASE).ask("how long is this contract").overview
    assert 80 < overview.length["en"] < 130
    assert set(opened(lease=LEASE).ask("which language is this in").overview[0].languages) == {"en"}


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("who wrote this contract", "Written by the housing office of Millbrook."),
        ("when was this contract last updated", "Last updated: 4 February 2025."),
    ],
)
def test_author_and_date_are_the_lines_that_name_them(opened: Open, question: str, line: str) -> None:
    answer = opened(lease=LEASE).ask(question)
    assert (answer.kind, answer.found, marked(answer)) == ("document", True, [line])


@pytest.mark.parametrize(
    "question", ["who wrote this recipe", "作者是谁", "when was this recipe published", "什么时候发表的? 作者是谁"]
)
def test_an_author_or_date_that_is_not_named_is_absent(opened: Open, question: str) -> None:
    answer = opened(soup=RECIPE.format(dish="酸辣汤", minutes=9)).ask(question)
    assert not answer.found
    assert answer.confidence < 0.5


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("Rent and payment", "The rent is due on the fifth"),
        ("2. rent and payment", "The rent is due on the fifth"),
        ("can i keep pets", "One cat is allowed."),
        ("what does the part about deposits say", "Party B pays a deposit"),
        ("what does section 1 say", "The flat has two bedrooms"),
        ("what does the last section say", "One cat is allowed."),
    ],
)
def test_a_heading_leads_to_its_section_s_beginning(opened: Open, question: str, beginning: str) -> None:
    answer = opened(lease=LEASE).ask(question)
    assert (answer.kind, answer.found) == ("passage", True)
    assert marked(answer)[0].startswith(beginning)


def test_a_section_that_is_not_there_is_refused(opened: Open) -> None:
    answer = opened(lease=LEASE).ask("what does chapter 7 say")
    assert (answer.found, answer.hits) == (False, ())
    assert not opened(lease=LEASE).ask("the part about parking").found


def test_a_question_that_only_shares_words_with_a_heading_is_answered_by_its_passage(opened: Open) -> None:
    answer = opened(lease=LEASE).ask("When is the rent due?")
    assert "fifth of each month" in marked(answer)[0]


def test_several_documents_are_told_of_one_by_one(opened: Open) -> None:
    index = opened(
        soup=RECIPE.format(dish="酸辣汤", minutes=9),
        stew=RECIPE.format(dish="番茄牛腩", minutes=90),
        noodles=RECIPE.format(dish="葱油拌面", minutes=3),
    )
    answer = index.ask("which recipes are there")
    titles = [overview.title["zh"] for overview in answer.overview]
    assert titles == ["酸辣汤的做法", "番茄牛腩的做法", "葱油拌面的做法"]
    assert [hit.document for hit in answer.hits] == ["soup", "stew", "noodles"]
    assert index.ask("有哪些菜", document="stew").overview[0].document == "stew"


def test_a_title_counts_for_each_passage_under_it(opened: Open) -> None:
    index = opened(
        soup=RECIPE.format(dish="酸辣汤", minutes=9),
        stew=RECIPE.format(dish="番茄牛腩", minutes=90),
        noodles=RECIPE.format(dish="葱油拌面", minutes=3),
    )
    for dish, minutes in (("番茄牛腩", "90"), ("葱油拌面", "3")):
        hits = index.ask(f"{dish}大火煮几分钟").hits
        assert f"煮{minutes}分钟" in hits[0].versions["zh"].text


@pytest.mark.parametrize("question", ["hi", "thanks", "你好", "谢谢!"])
def test_a_greeting_is_no_question(opened: Open, question: str) -> None:
    answer = opened(lease=LEASE).ask(question)
    assert (answer.kind, answer.found, answer.hits, answer.overview) == ("greeting", False, (), ())


def test_an_answer_s_json_tells_its_kind(opened: Open) -> None:
    index = opened(lease=LEASE)
    assert index.ask("when is the rent due").to_dict()["kind"] == "passage"
    whole = index.ask("contents").to_dict()
    assert (whole["kind"], whole["overview"][0]["headings"][2]["text"]) == ("document", {"en": "3. Deposit"})
    assert "overview" not in index.ask("when is the rent due").to_dict()


def test_the_most_central_text_says_what_the_others_say() -> None:
    ranks = lexrank([["ship", "crane", "quay"], ["ship", "crane"], ["ship", "quay"], ["soup"]])
    assert max(ranks) == ranks[0]
    assert min(ranks) == ranks[3]
    assert sum(ranks) == pytest.approx(1)
    assert lexrank([]) == []
