"""Files whose names differ by a language mark are one document; every document has a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from askdoc.errors import UsageError
from askdoc.readers.grouping import group


@pytest.mark.parametrize(
    ("english", "chinese", "name"),
    [
        ("report.en.md", "report.zh.md", "report"),
        ("report_en.txt", "report_zh-CN.txt", "report"),
        ("report-en.txt", "report-cn.txt", "report"),
        ("report.en-US.txt", "report.zh-Hans.txt", "report"),
        ("report.EN.txt", "report.zh_TW.txt", "report"),
        ("report (en).txt", "report (zh).txt", "report"),
        ("report.english.txt", "report.chinese.txt", "report"),
        ("报告.英文.txt", "报告.中文.txt", "报告"),
        ("en/report.md", "zh/report.md", "report"),
        ("docs/en/guide/a.md", "docs/zh-cn/guide/a.md", "a"),
        ("README.md", "README.zh-CN.md", "README"),
        ("report.en.txt", "report.txt", "report"),
    ],
)
def test_language_marks_make_two_files_one_document(english: str, chinese: str, name: str) -> None:
    for paths in ([english, chinese], [chinese, english]):
        (found,) = group([Path(path) for path in paths])
        assert found.name == name
        assert found.files == ((Path(english), "en"), (Path(chinese), "zh"))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a.en.md", "b.zh.md"),
        ("a.en.md", "a.zh.txt"),
        ("x/a.en.md", "y/a.zh.md"),
        ("garden.md", "garzh.md"),
        ("a.en.jsonl", "a.zh.jsonl"),
        ("a.md", "b.md"),
        ("en/a.md", "zh/b.md"),
    ],
)
def test_other_files_are_documents_of_their_own(one: str, two: str) -> None:
    found = group([Path(one), Path(two)])
    assert [each.files for each in found] == [((Path(one), None),), ((Path(two), None),)]


def test_of_several_chinese_versions_the_first_is_the_pair() -> None:
    found = group([Path("a.en.md"), Path("a.zh-CN.md"), Path("a.zh-TW.md")])
    assert [len(each.files) for each in found] == [2, 1]
    assert found[0].files[1] == (Path("a.zh-CN.md"), "zh")


def test_a_marked_file_alone_keeps_its_whole_name() -> None:
    (found,) = group([Path("notes.zh.md")])
    assert found.name == "notes.zh"
    assert found.files == ((Path("notes.zh.md"), None),)


def test_named_pairs_come_as_they_are_and_not_again() -> None:
    found = group([Path("a.txt"), Path("b.txt"), Path("c.txt")], [(Path("a.txt"), Path("b.txt"))])
    assert [each.files for each in found] == [((Path("a.txt"), "en"), (Path("b.txt"), "zh")), ((Path("c.txt"), None),)]


def test_a_file_in_two_pairs_is_wrong_use() -> None:
    for pairs in ([(Path("a"), Path("a"))], [(Path("a"), Path("b")), (Path("c"), Path("b"))]):
        with pytest.raises(UsageError):
            group([], pairs)


def test_names_are_unique_and_a_file_named_twice_is_one() -> None:
    found = group([Path("x/a.txt"), Path("y/a.txt"), Path("z/a.md"), Path("x/a.txt"), Path("x/../x/a.txt")])
    assert [each.name for each in found] == ["a", "a-2", "a-3"]


def test_names_are_safe_to_show_and_never_empty() -> None:
    names = [
        each.name for each in group([Path("a\nb.txt"), Path("\x1b[31mc.txt"), Path("\udcff.txt"), Path("d#1.txt")])
    ]
    assert names == ["a b", "c", "document", "d-1"]
