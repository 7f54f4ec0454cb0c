"""A full, read-only or broken disk is reported as such; the old index stands, nothing is left, all can go on."""

from __future__ import annotations

import errno
import os
import random
import resource
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from askdoc.errors import AskdocError, IndexUnwritable
from askdoc.indexing.operations import build_index, check_index, remove_document
from askdoc.storage.writing import index_file
from tests.promises.standins import Calls, components, text

ACTS: dict[str, Callable[[], object]] = {
    "create": lambda: build_index(["first.txt", "second.txt"], "new.askdoc", components=components()),
    "rebuild": lambda: build_index(["first.txt"], "x.askdoc", rebuild=True, components=components()),
    "refresh": lambda: build_index(["first.txt", "second.txt"], "x.askdoc", components=components()),
    "remove": lambda: remove_document("x.askdoc", "first", components=components()),
}
NAMES = ["first.txt", "second.txt", "x.askdoc"]


@pytest.fixture
def before(seed: int) -> bytes:
    rng = random.Random(seed)
    for name in ("first", "second"):
        Path(f"{name}.txt").write_text(text(rng, 15), encoding="utf-8")
    build_index(["first.txt"], "x.askdoc", components=components())
    Path("first.txt").write_text(text(rng, 25), encoding="utf-8")
    return Path("x.askdoc").read_bytes()


def _stands(before: bytes) -> None:
    assert sorted(path.name for path in Path().iterdir()) == NAMES
    assert Path("x.askdoc").read_bytes() == before


@contextmanager
def _failing(monkeypatch: pytest.MonkeyPatch, step: int, code: int, *, ever: bool) -> Iterator[list[int]]:
    """From the ``step``-th call of the system on, or for that one alone, calls fail."""
    calls = [0]

    def broken(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any, **named: Any) -> Any:
            calls[0] += 1
            if calls[0] == step or (ever and calls[0] > step):
                raise OSError(code, os.strerror(code))
            return function(*values, **named)

        return run

    with monkeypatch.context() as patch:
        for name in ("open", "fsync"):
            patch.setattr(os, name, broken(getattr(os, name)))
        patch.setattr(Path, "replace", broken(Path.replace))
        yield calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("what", ACTS)
def test_an_error_at_any_call_of_the_system_is_harmless(
    what: str, code: int, before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = 0
    while True:
        step += 1
        for ever in (False, True):
            Path("x.askdoc").write_bytes(before)
            Path("new.askdoc").unlink(missing_ok=True)
            with _failing(monkeypatch, step, code, ever=ever) as calls:
                try:
                    ACTS[what]()
                    done = True
                except IndexUnwritable as error:
                    assert os.strerror(code) in str(error)
                    done = False
            if done:
                break
            replaced = Path("x.askdoc").read_bytes() != before or Path("new.askdoc").exists()
            # The folder is synced last: then the new file is there, and it is not sure to outlive a power loss.
            assert not replaced or what in ("create", "rebuild")
            if not replaced:
                _stands(before)
        if calls[0] < step:
            break
    assert step > 1


def _pages(path: str) -> int:
    connection = sqlite3.connect(path)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    return int(pages)


@pytest.mark.parametrize("what", ["create", "rebuild", "refresh"])
def test_a_database_that_may_not_grow_is_harmless_at_any_size(
    what: str, before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = index_file.connect
    refused = 0
    for most in [*range(1, 40, 5), *range(40, 400, 50)]:
        Path("x.askdoc").write_bytes(before)
        Path("new.askdoc").unlink(missing_ok=True)

        def small(*values: Any, most: int = most, **named: Any) -> sqlite3.Connection:
            connection = connect(*values, **named)
            connection.execute(f"PRAGMA max_page_count={most}").close()
            return connection

        with monkeypatch.context() as patch:
            patch.setattr(index_file, "connect", small)
            try:
                ACTS[what]()
            except IndexUnwritable as error:
                refused += 1
                assert "full" in str(error)
                _stands(before)
    assert refused
    ACTS[what]()
    assert check_index("x.askdoc", components=components()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("what", ["create", "rebuild", "refresh"])
def test_a_limit_on_the_size_of_files_is_harmless(what: str, before: bytes, seed: int) -> None:
    rng = random.Random(seed)
    outcomes = set()
    for turn in range(5):
        Path("x.askdoc").write_bytes(before)
        Path("new.askdoc").unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            size = rng.randrange(len(before) * 2 if turn else len(before) // 2)  # one is surely too small
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            try:
                ACTS[what]()
            except IndexUnwritable:
                os._exit(3)
            except BaseException:
                os._exit(4)
            os._exit(0)
        rng.random()
        _, status = os.waitpid(child, 0)
        outcomes.add(os.WEXITSTATUS(status))
        assert os.WIFEXITED(status) and os.WEXITSTATUS(status) in (0, 3)
        if os.WEXITSTATUS(status) == 3:
            # The limit may have kept SQLite from undoing the transaction too: then the next one to open it does.
            with Calls("x.askdoc") as reader:
                assert reader.documents()
            _stands(before)
    print(outcomes)
    assert 3 in outcomes


@pytest.mark.parametrize("what", ["create", "rebuild"])
def test_a_new_file_is_synced_before_it_is_put_in_place_and_its_folder_after(
    what: str, before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power loss could leave an empty file in the place of the old one."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"file of {os.fstat(handle).st_size}")
        fsync(handle)

    def replaced(path: Path, target: Path) -> Path:
        steps.append(f"replace by {path.stat().st_size}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    ACTS[what]()
    size = Path("new.askdoc" if what == "create" else "x.askdoc").stat().st_size
    assert steps == [f"file of {size}", f"replace by {size}", "folder"]


def test_a_folder_that_cannot_be_written_is_named(before: bytes) -> None:
    Path("file").write_text("no folder", encoding="utf-8")
    for path in ("missing/x.askdoc", "file/x.askdoc", "/proc/x.askdoc", "n" * 300 + ".askdoc"):
        with pytest.raises(AskdocError) as caught:
            build_index(["first.txt"], path, components=components())
        assert caught.value.kind in ("IndexUnwritable", "IndexMissing") and path[:50] in str(caught.value)
    Path("file").unlink()
    _stands(before)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_keeps_answering(before: bytes) -> None:
    Path("folder").mkdir()
    Path("folder/x.askdoc").write_bytes(before)
    Path("folder").chmod(0o500)
    try:
        with pytest.raises(IndexUnwritable):
            build_index(["first.txt"], "folder/x.askdoc", components=components())
        assert check_index("folder/x.askdoc", components=components()) == []
    finally:
        Path("folder").chmod(0o700)


@pytest.mark.parametrize("planted", ["x.askdoc.lock", "x.askdoc-journal", "x.askdoc"])
def test_nothing_is_written_through_a_link(planted: str, before: bytes) -> None:
    target = Path("target.txt")
    target.write_text("somebody's own", encoding="utf-8")
    Path(planted).unlink(missing_ok=True)
    Path(planted).symlink_to(target.absolute())
    with pytest.raises(AskdocError):
        build_index(["first.txt", "second.txt"], "x.askdoc", components=components())
    assert target.read_text(encoding="utf-8") == "somebody's own"


def test_no_temporary_folder_is_needed(before: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, "/nonexistent")
    for act in ACTS.values():
        act()
