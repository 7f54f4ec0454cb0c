"""The bridge: words of one language find the other's text, names and numbers go over as they are."""

from __future__ import annotations

import contextlib
import gzip
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from askdoc import lexicon
from askdoc.lexicon import building, installed
from askdoc.opening import open_bytes, open_index

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
    ("text", "question", "answer"),
    [
        (CHINESE, "Which cranes were replaced?", "起重机"),
        (CHINESE, "How many ships did the port unload?", "412"),
        (CHINESE, "What does artificial intelligence help with?", "人工智能"),
        (ENGLISH, "什么取代了柴油起重机?", "electric cranes"),
        (ENGLISH, "港口卸载了多少艘船?", "412"),
        (ENGLISH, "人工智能能帮工程师做什么?", "Artificial intelligence"),
    ],
)
def test_a_question_finds_text_that_is_only_in_the_other_language(text: str, question: str, answer: str) -> None:
    with open_bytes(text.encode(), "report") as index:
        hit = index.ask(question).hits[0]
        assert hit.shown == ("zh" if text is CHINESE else "en")
        assert answer in hit.versions[hit.shown].text


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
    from askdoc.index import Index
    from askdoc.indexing.operations import index_bytes
    from askdoc.retrieval.term_scores import OkapiScores

    reader = index_bytes(CHINESE.encode())
    with Index(reader, OkapiScores, lexicon=lambda: None) as index:
        assert index.ask("什么取代了柴油起重机?").found
        assert not index.ask("Which cranes were replaced?").hits


def test_suggestions_are_answered_and_in_the_language_asked_for(tmp_path: Path) -> None:
    text = "\n".join(f"{en} {zh}" for en, zh in zip(ENGLISH.split("\n\n"), CHINESE.split("\n\n"), strict=True))
    with open_bytes(text.encode(), "report") as index:
        for language in ("en", "zh"):
            questions = index.suggestions(language, 3)
            assert all(index.ask(question).found for question in questions)


def test_an_empty_index_suggests_and_completes_nothing() -> None:
    from askdoc.browsing.completion import Completer

    with open_bytes(b"x\n", "report") as index:
        assert index.suggestions("en") == ()
        completer = Completer(index)
        completer.build()
        assert completer.complete("ha") == ()


def test_words_are_completed_as_they_stand_in_the_text() -> None:
    from askdoc.browsing.completion import Completer

    with open_bytes((ENGLISH + CHINESE).encode(), "report") as index:
        completer = Completer(index)
        completer.build()
        assert "harbour" in completer.complete("what about the harb")
        assert "起重机" in completer.complete("什么是起重")
        assert completer.complete("zzz") == ()


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of its own with a dictionary of three entries instead of the installed one."""
    source = tmp_path / "cedict.txt.gz"
    lines = "起重機 起重机 [qi3 zhong4 ji1] /crane/\n船 船 [chuan2] /boat/ship/\n港口 港口 [gang3 kou3] /port/harbor/\n"
    source.write_bytes(gzip.compress(lines.encode(), mtime=0))
    monkeypatch.setattr(lexicon, "_data_file", lambda: source)
    monkeypatch.setattr(building, "_frequencies", dict)  # half a second
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *names, **options: tmp_path / "cache")
    lexicon._installed.cache_clear()
    yield tmp_path / "cache" / "cedict.sqlite"
    lexicon._installed.cache_clear()


def reopened() -> lexicon.Lexicon:
    """What the next process opens."""
    lexicon._installed.cache_clear()
    opened = installed()
    assert opened is not None
    return opened


def test_the_file_is_private_made_once_and_read_only(cached: Path) -> None:
    calls: list[None] = []
    lexicon.announce(lambda: calls.append(None))
    first, second = reopened(), reopened()
    lexicon.announce(lambda: None)
    assert calls == [None]
    assert first.chinese(("ship",)) == second.chinese(("ship",)) == (("船", 0.8),)
    assert first.english("港口") == second.english("港口") == ((("port",), 1.0), (("harbor",), 0.8))
    assert first.english("\ud800") == first.chinese(()) == first.homophones("\ud800") == ()
    assert stat.S_IMODE(cached.stat().st_mode) == 0o600
    assert [path.name for path in cached.parent.iterdir()] == [cached.name]
    with pytest.raises(sqlite3.OperationalError):
        second._connection.execute("DELETE FROM chinese")


@pytest.mark.parametrize("damage", ["nothing", "text", "half", "foreign", "older"])
def test_a_damaged_or_foreign_file_is_made_anew(cached: Path, damage: str) -> None:
    reopened()
    whole = cached.read_bytes()
    cached.unlink()
    if damage in ("foreign", "older"):
        with contextlib.closing(sqlite3.connect(cached)) as connection, connection:
            connection.execute("CREATE TABLE source (key TEXT)" if damage == "older" else "CREATE TABLE x (y)")
    else:
        cached.write_bytes({"nothing": b"", "text": b"not a database", "half": whole[: len(whole) // 2]}[damage])
    assert reopened().english("船")
    assert reopened()._path == cached
    assert cached.read_bytes() == whole


def test_damage_met_later_costs_the_word_and_the_next_process_makes_the_file_anew(cached: Path) -> None:
    reopened()
    opened = reopened()
    with cached.open("r+b") as file:
        file.seek(4096)  # behind the first page, which holds the schema
        file.write(b"\xff" * (cached.stat().st_size - 4096))
    opened._connection.execute("PRAGMA shrink_memory")
    assert opened.english("船") == ()
    assert reopened().english("船")


def test_where_the_cache_folder_cannot_be_written_it_lives_in_the_process(cached: Path) -> None:
    cached.parent.write_bytes(b"")  # a file where the folder should be
    assert reopened().english("船")
    assert reopened()._path is None


def test_a_package_with_damaged_data_is_done_without(cached: Path) -> None:
    (cached.parents[1] / "cedict.txt.gz").write_bytes(b"no archive")
    lexicon._installed.cache_clear()
    assert installed() is None


def test_characters_of_the_same_sound_are_found_whatever_their_tone() -> None:
    dictionary = installed()
    assert dictionary is not None
    assert {"近", "进", "金"} <= set(dictionary.homophones("进"))
    assert {"银", "行", "航"} & set(dictionary.homophones("行")) == {"行", "航"}
    assert "路" not in dictionary.homophones("旅")
    assert "率" in dictionary.homophones("绿")
    assert dictionary.homophones("x") == dictionary.homophones("港口") == ()


def test_threads_share_it(cached: Path) -> None:
    reopened()
    opened = reopened()
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(lambda _: opened.english("起重机"), range(400)))
    assert answers == {((("crane",), 1.0),)}


def test_processes_that_make_it_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom askdoc import lexicon\nfrom askdoc.lexicon import building\n"
        "source, path = map(Path, sys.argv[1:])\n"
        "building._frequencies = dict\nfor _ in range(20):\n    building.save(building.build(source, 'key'), path)\n"
        "    assert lexicon._open(path, 'key').english('船')\n"
    )
    source, path = tmp_path / "cedict.txt.gz", tmp_path / "cache" / "cedict.sqlite"
    source.write_bytes(gzip.compress("船 船 [chuan2] /boat/ship/\n".encode()))
    command = [sys.executable, "-c", program, str(source), str(path)]
    makers = [subprocess.Popen(command) for _ in range(3)]
    assert [maker.wait() for maker in makers] == [0, 0, 0]
    assert [left.name for left in path.parent.iterdir()] == [path.name]
