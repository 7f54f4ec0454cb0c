"""Small files are put in place whole; what killed writers left is swept by the next, what is being written is not."""

from __future__ import annotations

import os
import random
import signal
import stat
import threading
import time
from pathlib import Path

import pytest

from askdoc import settings
from askdoc.storage import private_files
from askdoc.storage.private_files import put_in_place


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_whole_private_and_alone() -> None:
    path = Path("folder/a.json")
    put_in_place(path, b"one")
    put_in_place(path, b"two", sync=True)
    assert path.read_bytes() == b"two" and _names(path.parent) == ["a.json"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_is_left_of_a_file_that_cannot_be_put_in_place() -> None:
    Path("folder/a.json").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        put_in_place(Path("folder/a.json"), b"x")
    assert _names(Path("folder")) == ["a.json"]


def test_the_next_writer_sweeps_the_folder_and_leaves_what_is_not_ours_or_under_way() -> None:
    folder = Path("folder")
    put_in_place(folder / "a.json", b"one")
    left = [".a.json.0011223344556677.new", ".gone.json.8899aabbccddeeff.new"]
    others = [".a.json.new", "a.json.0011223344556677.new", ".notes.0011.new", ".a.json.0011223344556677.new.txt"]
    for name in (*left, *others):
        (folder / name).write_bytes(b"half")
    handle, under_way = private_files._create(folder / "b.json")
    put_in_place(folder / "a.json", b"two")
    assert _names(folder) == sorted(["a.json", under_way.name, *others])
    os.close(handle)  # as the system does for a process that dies
    put_in_place(folder / "a.json", b"three")
    assert _names(folder) == sorted(["a.json", *others])


def test_writers_at_once_do_not_sweep_each_other() -> None:
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(150):
                put_in_place(Path("folder") / name, str(number).encode())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "a", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and _names(Path("folder")) == ["a", "b", "c"]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_twenty_killed_writers_leave_nothing_that_grows(
    seed: int,
) -> None:
    rng = random.Random(seed)
    folder = settings.config_folder()
    most = 0
    for _ in range(20):
        before = _changed(folder)
        process = os.fork()
        if process == 0:
            try:
                while True:
                    settings.keep(theme="x" * 500_000)
            finally:
                os._exit(1)
        deadline = time.monotonic() + 30
        while _changed(folder) == before and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.02))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        most = max(most, len(_names(folder)))
    print("at most", most, "files")
    assert most <= 2
    settings.keep(theme="nord")
    assert settings.load().theme == "nord" and _names(folder) == ["settings.json"]


def _changed(folder: Path) -> int:
    return folder.stat().st_mtime_ns if folder.exists() else 0
