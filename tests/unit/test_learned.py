"""Pairs teach words that no dictionary has: a name known from a paired text is found in text of one language alone."""

from __future__ import annotations

import pytest

from askdoc.answering.engine import Index
from askdoc.answering.learned import Learned
from askdoc.answering.query import parse
from askdoc.model import Document, Passage, Place, SourceInfo, Version
from askdoc.planning import default_rooms
from askdoc.ranking.postings import PostingRanker
from askdoc.storage.memory import MemoryIndex

PAIRED = [
    {"en": "The Zorvex drives the northern pump.", "zh": "佐维克斯驱动北边的水泵。"},
    {"en": "Every Zorvex is oiled in spring.", "zh": "每台佐维克斯都在春天上油。"},
    {"en": "A broken Zorvex was sold.", "zh": "一台坏掉的佐维克斯被卖掉了。"},
    {"en": "The lighthouse was painted white.", "zh": "灯塔被漆成白色。"},
    {"en": "Ships came from the north.", "zh": "船只从北方驶来。"},
]


def _index(*others: dict[str, str], alignment: str = "paired") -> Index:
    passages = []
    for at, texts in enumerate([*PAIRED, *others]):
        both = len(texts) == 2
        versions = {
            language: Version(text, Place("x", (at + 1, at + 1), None, (0, len(text))))
            for language, text in texts.items()
        }
        kind = alignment if both else "none"
        passages.append(Passage(str(at), versions, kind, "1:1" if both else "", 1.0 if both else 0.0))
    document = Document("x", {}, (), tuple(passages), (SourceInfo("x", 0, 0, 0, "", "utf-8"),))
    return Index(MemoryIndex([document], default_rooms().analyzer), PostingRanker)


def _learned(index: Index, word: str) -> dict[tuple[str, ...], float]:
    [asked] = parse(word).words
    return Learned(index._reader).translations(asked, "en" if word.isascii() else "zh")


CHINESE = {"zh": "佐维克斯的保修期是十年。"}
ENGLISH = {"en": "The Zorvex has a warranty of ten years."}


def test_an_english_question_finds_an_invented_name_in_chinese_text_alone() -> None:
    index = _index(CHINESE)
    answer = index.ask("Zorvex warranty", limit=10)
    alone = next(hit for hit in answer.hits if hit.passage_id == "x#5")
    assert "Zorvex" in alone.evidence and "Zorvex" not in answer.missing
    spans = alone.versions["zh"].highlights
    marked = {alone.versions["zh"].text[slice(*span)] for span in spans}
    assert any(text in "佐维克斯" for text in marked)


def test_a_chinese_question_finds_the_name_in_english_text_alone() -> None:
    answer = _index(ENGLISH).ask("佐维克斯的保修", limit=10)
    assert any(hit.passage_id == "x#5" for hit in answer.hits)


def test_what_is_learned_is_the_name_and_not_its_neighbours() -> None:
    found = _learned(_index(CHINESE), "Zorvex")
    assert found and all(set(term) <= set("佐维克斯") for (term,) in found)
    assert all(0.7 <= weight <= 1 for weight in found.values())
    assert found == _learned(_index(CHINESE), "Zorvex")


@pytest.mark.parametrize("alignment", ["none", "weak"])
def test_nothing_is_learned_from_passages_that_are_not_surely_paired(alignment: str) -> None:
    assert _learned(_index(CHINESE, alignment=alignment), "Zorvex") == {}


def test_nothing_is_learned_where_all_passages_have_both_languages() -> None:
    assert _learned(_index(), "Zorvex") == {}


def test_a_word_that_stands_in_one_pair_alone_teaches_nothing() -> None:
    assert _learned(_index(CHINESE), "lighthouse") == {}
