"""Readers see whole states only while others write; one writes at a time; nobody meets "database is locked"."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from askdoc.errors import IndexLocked
from askdoc.indexing.operations import build_index
from askdoc.limits import DEFAULT
from askdoc.storage.writing import atomic_file
from askdoc.storage.writing.atomic_file import lock_path, write_lock
from tests.promises.standins import Calls, components

ROOT = Path(__file__).parents[2]
QUICK = replace(DEFAULT, busy_seconds=0.1)

READ = """
import sys
from tests.promises.standins import Calls
reader = Calls("x.askdoc")
seen = set()
for at in range(int(sys.argv[1])):
    if at % 2:
        reader.close()
        reader = Calls("x.askdoc")
    with reader.snapshot():
        term, = [term for term, _ in reader.terms("en", "mark")]
        found = reader.postings("en", [term, "always"])
        numbers = list(found[term].passages)
        stored = reader.passages(numbers)
        assert [each.number for each in stored] == numbers == list(found["always"].passages)
        assert all(each.passage.versions["en"].text.endswith(term) for each in stored), term
        assert len(numbers) == reader.documents()[0].passages == reader.field("en").passages
        assert sum(length > 0 for length in reader.lengths("en")) == len(numbers)
        seen.add(reader.generation)
print(len(seen))
"""


def _write(mark: int) -> None:
    Path("a.txt").write_text(
        "".join(f"line {at} always here and mark{mark}\n" for at in range(20 + mark % 7)), encoding="utf-8"
    )


def test_readers_see_whole_generations_through_refreshes_and_rebuilds(stress: int) -> None:
    _write(0)
    build_index(["a.txt"], "x.askdoc", components=components())
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    readers = [
        subprocess.Popen([sys.executable, "-c", READ, "250"], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    mark = 0
    while mark < 50 * stress or any(reader.poll() is None for reader in readers):
        mark += 1
        _write(mark)
        build_index(["a.txt"], "x.askdoc", rebuild=mark % 3 == 0, components=components())
        if mark > 2000 * stress:
            break
    generations = []
    for reader in readers:
        output, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0
        generations.append(int(output))
    print(mark, "writes;", generations, "generations seen")
    assert max(generations) > 3


def test_a_second_writer_is_told_that_the_index_is_locked() -> None:
    _write(0)
    build_index(["a.txt"], "x.askdoc", components=components())
    _write(1)
    with write_lock(Path("x.askdoc")), pytest.raises(IndexLocked):
        build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK)
    assert build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK).changed == ("a",)
    assert not lock_path(Path("x.askdoc")).exists()


def test_what_needs_no_writing_needs_no_lock() -> None:
    _write(0)
    build_index(["a.txt"], "x.askdoc", components=components())
    with write_lock(Path("x.askdoc")):
        assert build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK).unchanged == ("a",)
        with Calls("x.askdoc") as reader:
            assert reader.size == 20


def test_writers_wait_for_each_other_and_lose_nothing() -> None:
    names = [f"{number}.txt" for number in range(6)]
    for name in names:
        Path(name).write_text(f"only in {name}\n", encoding="utf-8")
    wrong: list[BaseException] = []

    def work(name: str) -> None:
        try:
            build_index([name], "x.askdoc", components=components())
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    with Calls("x.askdoc") as reader:
        assert sorted(each.name for each in reader.documents()) == [Path(name).stem for name in names]


def test_a_killed_writer_leaves_no_stuck_lock() -> None:
    _write(0)
    code = "import time; from pathlib import Path; from askdoc.storage.writing.atomic_file import write_lock\n"
    code += "with write_lock(Path('x.askdoc')): print('held', flush=True); time.sleep(60)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(IndexLocked):
            build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK)
        holder.kill()
        holder.wait()
        assert build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK).added == ("a",)
    assert not lock_path(Path("x.askdoc")).exists()


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one before removes its lock file when it is done; who waited for that file must take the next one."""
    name = lock_path(Path("x.askdoc"))
    lock, removed = atomic_file._lock, []

    def late(handle: int) -> bool:
        if not removed:
            removed.append(name.unlink())
        return lock(handle)

    monkeypatch.setattr(atomic_file, "_lock", late)
    with write_lock(Path("x.askdoc")):
        assert removed and name.exists()
        with pytest.raises(IndexLocked), write_lock(Path("x.askdoc"), seconds=0):
            pass


def test_a_writer_waits_for_a_question_and_a_long_one_is_named() -> None:
    _write(0)
    build_index(["a.txt"], "x.askdoc", components=components())
    _write(1)
    with Calls("x.askdoc") as reader:
        with reader.snapshot(), pytest.raises(IndexLocked):
            build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK)
        # Between calls nothing is held.
        reader.postings("en", ["mark0"])
        started = time.monotonic()
        build_index(["a.txt"], "x.askdoc", components=components(), limits=QUICK)
        assert time.monotonic() - started < 5
        assert "mark1" in reader.postings("en", ["mark1"])
