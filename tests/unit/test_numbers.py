"""Numbers in any form: a question that says one finds the passage that says another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.analysis.numbers import expressions, in_numerals, in_words, numeral_value, words_value
from askdoc.index import Index
from askdoc.indexing.plan import default_components
from askdoc.model import Document, Language, Passage, Place, SourceInfo, Version
from askdoc.storage.writing.memory_index import MemoryIndex
from askdoc.text.han import language_of


@given(st.integers(0, 10**15 - 1))
def test_english_words_of_a_number_have_its_value(value: int) -> None:
    assert words_value(in_words(value)) == value


@given(st.integers(1, 10**12 - 1))
def test_chinese_numerals_of_a_number_have_its_value(value: int) -> None:
    assert numeral_value(in_numerals(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("二〇二六", 2026), ("两千零三", 2003), ("一亿零五万", 100_050_000), ("三点五", Decimal("3.5")), ("十", 10)],
)
def test_numerals_are_read_as_people_write_them(text: str, value: Decimal) -> None:
    assert numeral_value(text) == value


@pytest.mark.parametrize(
    "text", ["seven eleven", "twenty thirty", "million", "hundred hundred", "two thousand six million"]
)
def test_words_that_make_no_number_have_no_value(text: str) -> None:
    assert words_value(text) is None


def _index(*texts: str) -> Index:
    passages = []
    for at, text in enumerate(texts):
        language: Language = language_of(text) or "en"
        place = Place("x", (at + 1, at + 1), None, (0, len(text)))
        passages.append(Passage(str(at), {language: Version(text, place)}, "none", "", 0.0))
    document = Document("x", {}, (), tuple(passages), (SourceInfo("x", 0, 0, 0, "", "utf-8"),))
    return Index(MemoryIndex([document], default_components().analyzer), lexicon=lambda: None)


OTHERS = ("The lighthouse stands on the eastern pier.", "灯塔立在东边的码头上。")

PAIRS = [
    ("8x", "Engineers ship eight times as much."),
    ("8x", "Engineers ship 8 times as much."),
    ("8x", "工程师交付了八倍的代码。"),
    ("8x", "工程师交付了 8 倍的代码。"),
    ("8 times", "An 8x gain was seen."),
    ("eight times", "An 8x gain was seen."),
    ("eightfold", "An 8x gain was seen."),
    ("8 倍", "An eightfold gain was seen."),
    ("八倍", "An 8x gain was seen."),
    ("八倍", "增长了 8 倍。"),
    ("八倍", "Engineers ship eight times as much."),
    ("80%", "Eighty percent of ships came late."),
    ("80%", "百分之八十的船晚到。"),
    ("80 percent", "百分之八十的船晚到。"),
    ("eighty percent", "80% of ships came late."),
    ("eighty percent", "80 percent of ships came late."),
    ("百分之八十", "80% of ships came late."),
    ("百分之八十", "Eighty percent of ships came late."),
    ("百分之八十", "80% 的船晚到。"),
    ("12-hour", "They work twelve hours."),
    ("12-hour", "They work 12 hours."),
    ("12-hour", "他们工作十二小时。"),
    ("12-hour", "他们工作十二个小时。"),
    ("12-hour", "他们工作 12 小时。"),
    ("twelve hours", "A 12-hour shift."),
    ("十二小时", "A 12-hour shift."),
    ("十二小时", "他们工作 12 个小时。"),
    ("12 小时", "They work twelve hours."),
    ("两小时", "They rest 2 hours."),
    ("two hours", "他们休息两小时。"),
    ("three years", "过了三年。"),
    ("三年", "It took three years."),
    ("March 2026", "报告写于 2026 年 3 月。"),
    ("March 2026", "报告写于二〇二六年三月。"),
    ("2026 年 3 月", "It was written in March 2026."),
    ("2026年3月", "二〇二六年三月写成。"),
    ("二〇二六年三月", "It was written in March 2026."),
    ("May 2026", "报告写于 2026 年 5 月。"),
    ("3 million", "It cost 3,000,000 crowns."),
    ("3 million", "花了三百万。"),
    ("3 million", "花了 300 万。"),
    ("three million", "It cost 3000000 crowns."),
    ("三百万", "It cost 3 million crowns."),
    ("300 万", "It cost three million crowns."),
    ("3,000,000", "It cost three million crowns."),
    ("1.5 billion", "花了 15 亿。"),
    ("15 亿", "It cost 1.5 billion crowns."),
    ("twenty-five", "There were 25 cranes."),
    ("25", "There were twenty-five cranes."),
    ("二十五", "There were 25 cranes."),
]


@pytest.mark.parametrize(("asked", "text"), PAIRS)
def test_a_number_is_found_in_another_form(asked: str, text: str) -> None:
    index = _index(*OTHERS, text)
    answer = index.ask(asked)
    assert [hit.passage_id for hit in answer.hits][:1] == ["x#2"]
    assert not set(answer.missing) & set(answer.matched)
    version = next(iter(answer.hits[0].versions.values()))
    assert version.highlights


STRANGERS = [
    ("8x", "There were 9 cranes."),
    ("8 times", "There were nine cranes in May."),
    ("八倍", "增长了九倍。"),
    ("80%", "Eighteen percent of ships came late."),
    ("百分之八十", "Eighteen percent of ships came late."),
    ("80%", "百分之八的船晚到。"),
    ("12-hour", "他们工作二十小时。"),
    ("十二小时", "A 22-hour shift."),
    ("March 2026", "报告写于 2025 年 3 月。"),
    ("2026 年 3 月", "It was written in April 2025."),
    ("3 million", "花了三十万。"),
    ("三百万", "It cost 3 billion crowns."),
    ("15 亿", "It cost 1.5 million crowns."),
    ("一天", "There was 1 crane."),
    ("one", "这里有一台起重机。"),
    ("两", "There were 2 cranes."),
    ("千万", "It cost 10 million crowns."),
    ("万一", "There were 10001 cranes."),
    ("十分", "There were ten minutes left."),
    ("三明治", "There were 3 cranes."),
    ("一般", "There was 1 crane."),
    ("2026", "两千零二十六台起重机。"),
    ("4.6", "There were four cranes."),
    ("GPT-4", "There were four cranes."),
    ("x86", "There were eighty-six cranes."),
    ("555-1234", "There were one thousand two hundred thirty-four cranes."),
    ("twenty-five", "There were 20 cranes and 5 ships."),
]


@pytest.mark.parametrize(("asked", "text"), STRANGERS)
def test_another_number_or_none_is_not_found(asked: str, text: str) -> None:
    hits = _index(*OTHERS, text).ask(asked).hits
    assert all(hit.passage_id != "x#2" for hit in hits), hits


@pytest.mark.parametrize(
    ("asked", "text", "marked"),
    [
        ("8x", "工程师交付了八倍的代码。", "八倍"),
        ("百分之八十", "Eighty percent of ships came late.", "Eighty percent"),
        ("March 2026", "报告写于二〇二六年三月。", "二〇二六年三月"),
        ("二十五", "There were 25 cranes.", "25"),
    ],
)
def test_the_number_is_marked_as_it_stands(asked: str, text: str, marked: str) -> None:
    version = next(iter(_index(*OTHERS, text).ask(asked).hits[0].versions.values()))
    spans = version.highlights
    assert version.text[spans[0][0] : spans[-1][1]] == marked


@pytest.mark.parametrize(
    "text", ["Where is the lighthouse? 灯塔在哪里?", "In 1999 it closed.", "1999 年关闭了。", "1 小时", "two", "十百台"]
)
def test_a_text_without_numbers_has_none(text: str) -> None:
    assert expressions(text) == []


@pytest.mark.parametrize("text", ["十百", "百千", "万", "三万亿万", "三点十"])
def test_numerals_in_no_order_have_no_value(text: str) -> None:
    assert numeral_value(text) is None


def test_and_says_nothing_within_a_number() -> None:
    assert words_value("three hundred and five") == 305


def test_the_unit_alone_stands_for_forms_that_have_it() -> None:
    (expression,) = expressions("twelve hours")
    assert ("12",) in expression.of("twelve")
    assert set(expression.of("hours")) < set(expression.of("twelve"))
    assert ("12",) not in expression.of("hours")
    assert ("12hour",) in expression.of("hours")


def test_expressions_are_disjoint_and_in_order() -> None:
    found = expressions("In March 2026 eighty percent, 8x, 三百万 and 12-hour shifts")
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(one.end <= two.start for one, two in zip(found, found[1:], strict=False))
    assert len(found) == 5
