"""What is remembered comes back, stays private, and never stops the program."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from askdoc import settings


@pytest.fixture
def folder() -> Path:
    return settings.config_folder()


def test_the_folder_is_the_users_own_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.config_folder() == tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("ASKDOC_CONFIG")
    assert settings.config_folder().name == "askdoc"
    assert os.name == "nt" or tmp_path in settings.config_folder().parents


def test_choices_come_back_and_unknown_keys_stay(folder: Path) -> None:
    assert settings.load() == settings.Settings()
    settings.keep(theme="nord", answer_language="both")
    path = folder / "settings.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "later": 1}))
    settings.keep(interface="zh")
    assert settings.load() == settings.Settings("nord", "zh", "both")
    assert json.loads(path.read_text())["later"] == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 100_000, "\x00\xff"])
def test_a_damaged_file_is_set_aside(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "settings.json").write_text(text)
    assert settings.load() == settings.Settings()
    settings.keep(theme="nord")
    assert settings.load().theme == "nord"
    assert (folder / "settings.damaged").exists()


def test_values_of_the_wrong_kind_count_as_never_chosen(folder: Path) -> None:
    folder.mkdir()
    wrong = {"theme": 3, "interface": "fr", "answer_language": [], "recent": {"a": 1}, "keys": [1]}
    (folder / "settings.json").write_text(json.dumps(wrong))
    assert settings.load() == settings.Settings()


def test_recent_documents_are_the_newest_first_each_once(tmp_path: Path) -> None:
    for number in range(30):
        settings.opened([str(tmp_path / f"{number % 25}.txt")])
    recent = settings.load().recent
    assert len(recent) == settings.RECENT
    assert [Path(each).name for each in recent[:3]] == ["4.txt", "3.txt", "2.txt"]


def test_a_history_is_one_index_s_and_keeps_lines(folder: Path) -> None:
    one, other = settings.History("a"), settings.History("b")
    for text in ("first\nline", "第二", "\x1b]0;x\x07", "\ud800"):
        one.add(text)
    other.add("else")
    assert settings.History("a").load() == ["first\nline", "第二", "\x1b]0;x\x07", "\ud800"]
    assert other.load() == ["else"]


def test_a_long_history_is_cut(folder: Path) -> None:
    history = settings.History("a")
    for number in range(2 * settings.HISTORY + 10):
        history.add(str(number))
    assert len(history.load()) == settings.HISTORY
    assert history.load()[-1] == str(2 * settings.HISTORY + 9)


def test_damaged_lines_of_a_history_are_left_out(folder: Path) -> None:
    history = settings.History("a")
    history.add("one")
    path = next((folder / "history").iterdir())
    path.write_bytes(path.read_bytes() + b'{"x"\n17\n\xff\xfe\n')
    history.add("two")
    assert history.load() == ["one", "two"]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_files_are_private(folder: Path) -> None:
    settings.keep(theme="nord")
    settings.History("a").add("secret")
    settings.save_conversation(settings.conversation_path(), "{}")
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert len(files) == 3
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "O_NOFOLLOW"), reason="links are POSIX's")
def test_a_link_at_the_history_s_place_is_not_followed(folder: Path, tmp_path: Path) -> None:
    settings.History("a").add("x")
    path = next((folder / "history").iterdir())
    path.unlink()
    target = tmp_path / "target"
    path.symlink_to(target)
    settings.History("a").add("y")
    assert not target.exists()


def test_nothing_is_raised_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("ASKDOC_CONFIG", str(blocked))
    settings.keep(theme="nord")
    settings.History("a").add("x")
    assert settings.load() == settings.Settings()
    assert settings.History("a").load() == []
    assert not settings.save_conversation(settings.conversation_path(), "{}")
    assert settings.saved_conversations() == []


def test_saved_conversations_are_listed_newest_first_and_others_left_out(folder: Path) -> None:
    for at, question in enumerate(("first?", "second?")):
        path = settings.conversation_path()
        settings.save_conversation(path, json.dumps({"turns": [{"question": question}]}))
        os.utime(path, (1_000_000 + at, 1_000_000 + at))
    (folder / "conversations" / "other.json").write_text("[]")
    assert [(each.title, each.turns) for each in settings.saved_conversations()] == [("second?", 1), ("first?", 1)]
