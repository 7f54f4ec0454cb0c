"""A build, refresh or removal that is killed leaves the old state or the new one, and the next build works."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from askdoc.indexing.operations import build_index, check_index, remove_document
from askdoc.storage import schema
from askdoc.storage.writing import atomic_file, postings_buffer
from askdoc.storage.writing.atomic_file import RUNS
from askdoc.storage.writing.postings_buffer import PostingsBuffer
from tests.promises import standins
from tests.promises.standins import Calls, components, text

ROOT = Path(__file__).parents[2]
KILLS = 20


@pytest.fixture(scope="module")
def server() -> Iterator[subprocess.Popen[str]]:
    """A process that starts builds and kills them."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "promises" / "standins.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _crash(server: subprocess.Popen[str], seconds: float, *arguments: str) -> str:
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps([seconds, *arguments]) + "\n")
    server.stdin.flush()
    return server.stdout.readline().strip()


def _prepare(rng: random.Random, size: int) -> tuple[Path, list[str]]:
    names = [str(Path(f"{name}.txt").absolute()) for name in ("first", "second")]
    for name in names:
        Path(name).write_text(text(rng, size), encoding="utf-8")
    path = Path("x.askdoc").absolute()
    build_index(names, path, components=components())
    return path, names


def _state(path: Path) -> str:
    with Calls(path) as reader:
        return reader.generation


def test_a_killed_writer_leaves_a_whole_index(server: subprocess.Popen[str], seed: int, stress: int) -> None:
    rng = random.Random(seed)
    path, names = _prepare(rng, 40)
    took = {"build": 0.06, "rebuild": 0.06, "remove": 0.04}
    ends: Counter[str] = Counter()
    kills = rounds = 0
    while kills < KILLS * stress:
        rounds += 1
        what = rng.choice(["build", "build", "rebuild", "remove"])
        old = _state(path)
        lines = Path(names[0]).read_text(encoding="utf-8").splitlines()
        lines[rng.randrange(len(lines))] = f"edited {rng.random()}|改"
        Path(names[0]).write_text("\n".join(lines[: 40 + rng.randrange(10)]) + "\n", encoding="utf-8")
        arguments = (what, str(path), "second") if what == "remove" else (what, str(path), *names)
        # Half of the kills fall where the new state is written.
        share = rng.choice([rng.uniform(0, 1.1), rng.uniform(0.7, 1.1)])
        end = _crash(server, share * took[what], *arguments)
        ends[end] += 1
        kills += end == "killed"
        took[what] *= 1.05 if end == "killed" else 0.95
        assert end != "failed"
        if end == "killed":
            assert check_index(path, components=components()) == []
            ends["old"] += _state(path) == old
        if rounds % 4 == 0 or what == "remove":
            _next_build(path, names)
    assert rounds < 30 * KILLS * stress
    print(ends)
    # Kills after which nothing had begun, or all was done, would show nothing.
    assert ends["killed"] and ends["old"]


def _next_build(path: Path, names: list[str]) -> None:
    """The next build that writes works, and takes away what the killed one left."""
    with Path(names[1]).open("a", encoding="utf-8") as file:
        file.write("one more\n")
    build_index(names, path, components=components())
    assert check_index(path, components=components()) == []
    _nothing_left(path)


def _nothing_left(path: Path) -> None:
    assert sorted(each.name for each in path.parent.iterdir()) == ["first.txt", "second.txt", "x.askdoc"]


def test_a_killed_first_build_leaves_no_index_or_a_whole_one(server: subprocess.Popen[str], seed: int) -> None:
    rng = random.Random(seed)
    path, names = _prepare(rng, 60)
    for _ in range(6):
        path.unlink()
        _crash(server, rng.uniform(0.005, 0.08), "build", str(path), *names)
        assert not path.exists() or check_index(path, components=components()) == []
        _next_build(path, names)


STEPS = ("open", "close", "fsync", "replace", "unlink", "execute")


def _killed_at(step: int, arguments: list[str]) -> bool:
    """Do it in a child that kills itself before its ``step``-th step on the disk; whether it got there."""
    child = os.fork()
    if child == 0:
        left = step

        def count() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        _count_steps(count)
        try:
            standins.act(arguments)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _count_steps(count: object) -> None:
    """Call ``count`` before each step; runs in a child that ends by ``os._exit``, so that nothing is put back."""
    assert callable(count)

    def counted(function: object) -> object:
        def run(*values: object, **named: object) -> object:
            count()
            assert callable(function)
            return function(*values, **named)

        return run

    for name in ("open", "close", "fsync"):
        setattr(os, name, counted(getattr(os, name)))
    Path.replace = counted(Path.replace)  # type: ignore[method-assign, assignment]
    Path.unlink = counted(Path.unlink)  # type: ignore[method-assign, assignment]
    connect = schema.connect

    def traced(*values: object, **named: object) -> object:
        connection = connect(*values, **named)  # type: ignore[arg-type]
        connection.set_trace_callback(lambda statement: count() if not statement.startswith("--") else None)
        return connection

    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("askdoc.storage") and hasattr(module, "connect"):
            module.connect = traced  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", ["create", "rebuild", "refresh", "remove"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_kill_before_any_step_leaves_the_old_state_or_the_new(what: str, seed: int) -> None:
    rng = random.Random(seed)
    path, names = _prepare(rng, 12)
    Path(names[0]).write_text(text(rng, 13), encoding="utf-8")
    start = path.read_bytes()
    old = _state(path)
    arguments = ["remove", str(path), "first"] if what == "remove" else [what, str(path), *names]
    step, stride, killed = 0, 1, 0
    while True:
        path.unlink(missing_ok=True)
        if what != "create":
            path.write_bytes(start)
        if not _killed_at(step, arguments):
            break
        killed += 1
        assert (what == "create" and not path.exists()) or check_index(path, components=components()) == []
        assert not path.exists() or _state(path) == old or _settled(path, what, names)
        if killed % 10 == 0:
            build_index(names, path, rebuild=True, components=components())
            _nothing_left(path)
        # Thousands of single rows are written: after the first steps every few will do, in other places each time.
        stride = 1 if step < 12 else rng.randint(1, 40)
        step += stride
    new = _state(path)
    assert new != old
    print(what, killed, "kills up to step", step)
    assert killed > 10


def _settled(path: Path, what: str, names: list[str]) -> bool:
    """Whether the index is in the state after: nothing is left to be done."""
    before = path.read_bytes()
    if what == "remove":
        with Calls(path) as reader:
            return [each.name for each in reader.documents()] == ["second"]
    return not build_index(names, path, components=components()).changed and path.read_bytes() == before


def test_twenty_kills_leave_a_few_files_and_one_build_none(server: subprocess.Popen[str], seed: int) -> None:
    rng = random.Random(seed)
    path, names = _prepare(rng, 40)
    most = kills = 0
    while kills < 20:
        Path(names[0]).write_text(text(rng, 40 + rng.randrange(9)), encoding="utf-8")
        kills += (
            _crash(server, rng.uniform(0.005, 0.07), rng.choice(["build", "rebuild"]), str(path), *names) == "killed"
        )
        most = max(most, len(list(path.parent.iterdir())))
    print("at most", most, "files")
    # The index, its two documents; of the last writer a lock, a journal, a new file.
    assert most <= 6
    build_index(names, path, components=components())
    assert check_index(path, components=components()) == []
    _nothing_left(path)


def test_a_build_with_nothing_to_do_sweeps_as_well(server: subprocess.Popen[str], seed: int) -> None:
    """A killed rebuild changes nothing, nor does a refresh whose edit was taken back."""
    rng = random.Random(seed)
    path, names = _prepare(rng, 40)
    before = path.read_bytes()
    left: Counter[str] = Counter()
    for _ in range(8):
        _crash(server, rng.uniform(0.01, 0.05), "rebuild", str(path), *names)
        left.update(each.suffix for each in path.parent.iterdir())
        report = build_index(names, path, components=components())
        assert not report.changed and not report.added
        _nothing_left(path)
    print(left)
    assert left[".new"] or left[".lock"]
    assert path.read_bytes() == before
    # A refresh that was killed before its commit: SQLite has begun the journal with zeros.
    path.with_name(path.name + "-journal").write_bytes(bytes(512) + b"pages as they were")
    build_index(names, path, components=components())
    _nothing_left(path)


def test_the_sweep_leaves_what_is_not_of_this_index_and_what_is_under_way() -> None:
    path, names = _prepare(random.Random(1), 5)
    others = [
        ".x.askdoc.notes.new",
        ".x.askdoc.y.askdoc.0011223344556677.new",
        ".y.askdoc.0011223344556677.new",
        "x.askdoc.0011223344556677.new",
        ".x.askdoc.0011223344556677.new.txt",
        ".x.askdoc.abcd_123.runs.txt",
        "y.askdoc-journal",
        "y.askdoc.lock",
    ]
    ours = [".x.askdoc.0011223344556677.new", ".x.askdoc.0011223344556677.new-journal", ".x.askdoc.abcd_123.runs"]
    for name in (*others, *ours):
        Path(name).write_bytes(b"")
    with atomic_file.write_lock(path):
        Path(ours[0]).write_bytes(b"of the build that holds the lock")
        build_index(names, path, components=components())  # nothing to do: it neither waits nor sweeps
        assert Path(ours[0]).exists()
    remove_document(path, "second", components=components())
    assert [name for name in others if not Path(name).exists()] == []
    assert [name for name in ours if Path(name).exists()] == []
    assert not atomic_file.lock_path(path).exists()


def test_runs_have_a_name_that_is_swept_where_they_need_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without nameless files, and a kill between the making of the file and the removal of its name."""
    monkeypatch.setattr(tempfile, "_O_TMPFILE_WORKS", False)
    monkeypatch.setattr(tempfile._os, "unlink", lambda path: None)  # type: ignore[attr-defined]
    path, names = _prepare(random.Random(1), 5)
    monkeypatch.setattr(postings_buffer, "RUN", 1)
    with contextlib.closing(PostingsBuffer(("en",), path)) as postings:
        postings.change(0, {}, {"en": {"lamp": 1}})
    monkeypatch.undo()
    assert [file for file in path.parent.iterdir() if file.suffix == RUNS]
    build_index(names, path, components=components())
    _nothing_left(path)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_the_program_killed_leaves_no_worker_and_no_file_after_the_next_build(
    seed: int, stress: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    words = ["lamp", "pier", "ferry", "night", "灯", "码头", "渡船", "夜"]
    document = Path("a.txt")
    command = [sys.executable, "-m", "askdoc", "index", "--library", "library", str(document.absolute())]
    workers = 0
    for _ in range(2 * stress):
        lines = (" ".join(rng.choices(words, k=30)) for _ in range(6000))
        document.write_text("\n\n".join(lines), encoding="utf-8")
        process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        # Half of the kills fall while there are workers, where this machine has processors for them.
        patient = rng.random() < 0.5
        deadline = time.monotonic() + (20 if patient else rng.uniform(0.3, 3))
        while time.monotonic() < deadline and process.poll() is None:
            if patient and len(_of_session(process.pid)) > 1:
                time.sleep(rng.uniform(0, 0.5))
                break
            time.sleep(0.02)
        workers += len(_of_session(process.pid)) > 1
        process.kill()
        process.wait()
        deadline = time.monotonic() + 30
        while _of_session(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _of_session(process.pid)
        assert len(list(Path("library").iterdir() if Path("library").exists() else [])) <= 4
    document.write_text("The lamp burns. 灯亮着。\n", encoding="utf-8")
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, timeout=120)
    assert [file.name for file in Path("library").iterdir()] == ["default.askdoc"]
    print("killed", workers, "times while there were workers")


def _of_session(session: int) -> list[int]:
    """The processes of a session that still run."""
    processes: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                processes.append(int(status.parent.name))
    return processes


def _hot(path: Path) -> None:
    """Leave what a writer leaves that dies while it commits: pages half written, the old ones in the journal."""
    code = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE passages SET body=zeroblob(length(body))")
connection.execute("UPDATE meta SET body=zeroblob(length(body))")
os._exit(0)
"""
    before = path.read_bytes()
    subprocess.run([sys.executable, "-S", "-c", code, str(path)], check=True, timeout=60)
    journal = path.with_name(path.name + "-journal").read_bytes()
    assert path.read_bytes() != before and journal[:1] != b"\0" and len(journal) > 4096


def test_the_journal_of_a_killed_commit_is_rolled_back_by_the_next_reader(seed: int) -> None:
    path, _ = _prepare(random.Random(seed), 60)
    before = path.read_bytes()
    _hot(path)
    assert check_index(path, components=components()) == []
    assert path.read_bytes() == before
    _nothing_left(path)


@pytest.mark.parametrize("lost", ["deleted", "overwritten", "kept"])
def test_the_journal_of_a_killed_commit_never_reaches_the_file_that_takes_its_place(lost: str, seed: int) -> None:
    """SQLite plays a journal back into whatever file has its name: also into a new one, if it may."""
    rng = random.Random(seed)
    path, names = _prepare(rng, 60)
    _hot(path)
    # Other contents than the journal's pages are of: those of an equal file would do no harm.
    Path(names[0]).write_text(text(rng, 50), encoding="utf-8")
    if lost == "deleted":
        path.unlink()
    elif lost == "overwritten":
        path.write_bytes(b"junk" * 5000)
    build_index(names, path, rebuild=lost != "deleted", components=components())
    assert check_index(path, components=components()) == []
    _nothing_left(path)
