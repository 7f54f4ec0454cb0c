"""The bridge: words of one language find the other's text, names and numbers go over as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from askdoc.answering.opening import open_bytes, open_index
from askdoc.lexicon import installed

CHINESE = """港口报告

港口在 2024 年卸载了 412 艘船。

两台电动起重机取代了柴油起重机。

人工智能帮助工程师编写代码。
"""
ENGLISH = """The harbour report

The harbour unloaded 412 ships in 2024.

Two electric cranes replaced the diesel ones.

Artificial intelligence helps engineers to write code.
"""


def test_a_dictionary_is_installed_and_loaded_once() -> None:
    assert installed() is not None
    assert installed() is installed()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which cranes were replaced?", "起重机"),
        ("How many ships did the port unload?", "412"),
        ("What does artificial intelligence help with?", "人工智能"),
    ],
)
def test_an_english_question_finds_text_that_is_only_chinese(question: str, wanted: str) -> None:
    with open_bytes(CHINESE.encode(), "report") as index:
        answer = index.ask(question)
        assert wanted in answer.hits[0].versions["zh"].text
        assert answer.hits[0].shown == "zh"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("什么取代了柴油起重机?", "electric cranes"),
        ("港口卸载了多少艘船?", "412"),
        ("人工智能能帮工程师做什么?", "Artificial intelligence"),
    ],
)
def test_a_chinese_question_finds_text_that_is_only_english(question: str, wanted: str) -> None:
    with open_bytes(ENGLISH.encode(), "report") as index:
        answer = index.ask(question)
        assert wanted in answer.hits[0].versions["en"].text


def test_it_still_does_after_many_chinese_documents_have_joined(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(ENGLISH, "utf-8")
    paths = [tmp_path / "report.txt"]
    for number in range(20):
        path = tmp_path / f"other{number}.txt"
        path.write_text(f"公园报告 {number}\n\n公园里种了 {number} 棵树,孩子们在树下玩耍。\n", "utf-8")
        paths.append(path)
    with open_index(paths, library=tmp_path / "library") as index:
        answer = index.ask("什么取代了柴油起重机?")
        assert answer.hits[0].passage_id.startswith("report#")


def test_without_a_dictionary_everything_works_but_the_crossing(tmp_path: Path) -> None:
    from askdoc.answering.engine import Index
    from askdoc.index import index_bytes
    from askdoc.ranking.bm25 import OkapiRanker

    reader = index_bytes(CHINESE.encode())
    ranker = OkapiRanker(reader)
    with Index(reader, lambda _: ranker, lexicon=lambda: None) as index:
        assert index.ask("什么取代了柴油起重机?").found
        assert not index.ask("Which cranes were replaced?").hits


def test_suggestions_are_answered_and_in_the_language_asked_for(tmp_path: Path) -> None:
    text = "\n".join(f"{en} {zh}" for en, zh in zip(ENGLISH.split("\n\n"), CHINESE.split("\n\n"), strict=True))
    with open_bytes(text.encode(), "report") as index:
        for language in ("en", "zh"):
            questions = index.suggestions(language, 3)
            assert all(index.ask(question).found for question in questions)


def test_an_empty_index_suggests_and_completes_nothing() -> None:
    from askdoc.answering.completion import Completer

    with open_bytes(b"x\n", "report") as index:
        assert index.suggestions("en") == ()
        completer = Completer(index)
        completer.build()
        assert completer.complete("ha") == ()


def test_words_are_completed_as_they_stand_in_the_text() -> None:
    from askdoc.answering.completion import Completer

    with open_bytes((ENGLISH + CHINESE).encode(), "report") as index:
        completer = Completer(index)
        completer.build()
        assert "harbour" in completer.complete("what about the harb")
        assert "起重机" in completer.complete("什么是起重")
        assert completer.complete("zzz") == ()
