"""`askdoc index`: pairs are taken the right way round or refused before anything is written; what cannot be read says
what to name."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from askdoc.cli.exit_codes import Exit
from askdoc.indexing.library import index_names, index_path
from askdoc.indexing.operations import check_index
from askdoc.opening import open_index

ENGLISH = "# The harbour\n\nThe harbour unloaded 412 ships in 2024. Two electric cranes replaced the diesel ones.\n"
OTHER = "# The cranes\n\nThe cranes are electric and quiet. They lift nine hundred tonnes a day.\n"
CHINESE = "# 港口\n\n2024 年港口卸载了 412 艘船。两台电动起重机取代了柴油起重机。\n"
MIXED = "# 港口 Harbour Report\n\n2024 年港口卸载 (unloaded) 了 412 艘船 ships。两台 electric 起重机取代了 diesel 起重机。\n"
MANUAL = (
    "# 手册\n\n运行 these commands in the shell one after the other and then wait for the prompt.\n"
    + "make all\n\n" * 20
)


@pytest.fixture(autouse=True)
def files() -> None:
    for name, text in {
        "one.md": ENGLISH,
        "two.md": OTHER,
        "中.md": CHINESE,
        "二.md": CHINESE.replace("412", "413"),
        "mixed.md": MIXED,
        "manual.md": MANUAL,
        "numbers.md": "1 2 3\n\n4 5 6\n",
    }.items():
        Path(name).write_text(text, "utf-8")


@pytest.mark.parametrize("interface", ["en", "zh"])
def test_two_files_of_one_language_are_no_pair_and_nothing_is_written(askdoc, interface: str) -> None:
    for first, second, said in (("one.md", "two.md", "both English"), ("中.md", "二.md", "both Chinese")):
        code, _, err = askdoc("index", "--pair", first, second, "--interface", interface)
        assert code == Exit.DOCUMENT
        assert first in err and second in err
        assert said in err or interface == "zh"
        assert index_names() == []


@pytest.mark.parametrize("chinese", ["中.md", "mixed.md"])
def test_a_swapped_pair_is_turned_and_said(askdoc, chinese: str) -> None:
    code, _, err = askdoc("index", "--pair", chinese, "one.md")
    assert code == Exit.DONE
    assert f"one.md is English and {chinese} is Chinese" in err
    assert check_index(index_path()) == []
    with open_index() as index:
        (summary,) = index.documents()
        assert [(source.path, source.language) for source in summary.sources] == [("one.md", "en"), (chinese, "zh")]
        (hit,) = index.ask("How many ships were unloaded?").hits
        assert hit.alignment == "paired"
        assert hit.versions["en"].place.path == "one.md"
        assert hit.versions["zh"].place.path == chinese
    code, _, err = askdoc("index", "--pair", "one.md", chinese)
    assert (code, "1 unchanged" in err) == (Exit.DONE, True)
    assert askdoc("index", "--rebuild")[0] == Exit.DONE
    assert askdoc("check")[0] == Exit.DONE


def test_files_that_are_marked_with_each_others_language_are_turned(askdoc) -> None:
    Path("x.en.md").write_text(CHINESE, "utf-8")
    Path("x.zh.md").write_text(ENGLISH, "utf-8")
    code, _, err = askdoc("index", "x.en.md", "x.zh.md")
    assert code == Exit.DONE
    assert "x.zh.md is English and x.en.md is Chinese" in err


def test_a_pair_that_is_only_odd_is_kept_with_a_warning(askdoc) -> None:
    code, _, err = askdoc("index", "--pair", "one.md", "manual.md")
    assert code == Exit.DONE
    assert "manual.md was named as a Chinese file and hardly seems to be one" in err
    code, _, err = askdoc("index", "--pair", "中.md", "mixed.md", "--name", "odd")
    assert code == Exit.DONE
    assert "中.md was named as an English file and hardly seems to be one" in err
    code, _, err = askdoc("index", "--pair", "one.md", "numbers.md", "--name", "numbers")
    assert code == Exit.DONE
    assert err.count("\n") == 2


def test_the_sources_of_an_index_need_not_be_named_to_build_it_again(askdoc) -> None:
    assert askdoc("index", "one.md", "two.md", "--name", "harbour")[0] == Exit.DONE
    Path("two.md").unlink()
    code, _, err = askdoc("index", "--rebuild", "--name", "harbour")
    assert code == Exit.DONE
    assert "The source of two is gone" in err
    assert "2 passages" in err
    assert askdoc("index", "--rebuild", "--name", "nothing")[0] == Exit.INDEX
    assert askdoc("index", "--name", "harbour")[0] == Exit.USAGE


def test_an_index_of_an_older_format_says_that_its_documents_must_be_named(askdoc) -> None:
    assert askdoc("index", "one.md", "--name", "harbour")[0] == Exit.DONE
    path = index_path("harbour")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    before = path.read_bytes()
    for words in (["ask", "ships"], ["index", "--rebuild"], ["index", "one.md"], ["check"], ["remove", "one"]):
        code, _, err = askdoc(*words, "--name", "harbour")
        assert code == Exit.INDEX
        assert "has format 1" in err
        assert "name them all: `askdoc index DOCUMENT... --name harbour --rebuild`" in err
        assert path.read_bytes() == before
    assert "列出所有文档" in askdoc("ask", "ships", "--name", "harbour", "--interface", "zh")[2]
    assert askdoc("index", "one.md", "--name", "harbour", "--rebuild")[0] == Exit.DONE
    assert askdoc("ask", "ships", "--name", "harbour")[0] == Exit.DONE
