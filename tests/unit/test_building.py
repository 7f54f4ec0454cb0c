"""An index is the same to the byte, in how many processes it is built and in how many pieces its postings are sorted."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from askdoc import build_index
from askdoc.analysis import index_terms, worker_pool
from askdoc.model import Passage, Place, Version
from askdoc.storage.writing import analysis_pipeline, postings_buffer
from askdoc.storage.writing.postings_buffer import PostingsBuffer

DIGEST = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKDOC_SEMANTIC", "0")


@pytest.fixture
def documents(tmp_path: Path) -> list[Path]:
    """Some documents with the digest's words in other orders, and odd ones."""
    chance = random.Random(8)
    words = DIGEST.read_text("utf-8").split()
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(4):
        paragraphs = [" ".join(chance.choices(words, k=60)) for _ in range(16)]
        (folder / f"d{number}.txt").write_text("\n\n".join(paragraphs), "utf-8")
    (folder / "odd.txt").write_text("𠀀𠀁 and é\n\n!!! ...\n\n\u2028 x\n\nU.S. don't 3,000 第一", "utf-8")
    return sorted(folder.iterdir())


def built(documents: list[Path], path: Path) -> bytes:
    build_index(documents, path)
    return path.read_bytes()


class Counting(worker_pool.Workers):
    """Workers that are remembered."""

    made: ClassVar[list[Counting]] = []
    batches = 0

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.made.append(self)

    def submit(self, batch: worker_pool.Batch) -> Any:
        self.batches += 1
        return super().submit(batch)


@pytest.fixture
def parallel(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Counting]]:
    """Two processes from the first few passages on."""
    Counting.made = []
    monkeypatch.setattr(worker_pool, "processes", lambda: 2)
    monkeypatch.setattr(worker_pool, "Workers", Counting)
    monkeypatch.setattr(analysis_pipeline, "FROM", 500)
    monkeypatch.setattr(analysis_pipeline, "BATCH", 300)
    monkeypatch.setattr(analysis_pipeline, "PASSAGES", 3)
    yield Counting
    for each in Counting.made:
        assert [process.poll() is not None for process in each._processes] == [True] * len(each._processes)
        assert each._closed


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "processes", lambda: 0)


def test_two_processes_build_what_one_builds(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = built(documents, tmp_path / "two.askdoc")
    (made,) = parallel.made
    assert made.batches > 10 and len(made._processes) == 2
    alone(monkeypatch)
    assert built(documents, tmp_path / "one.askdoc") == found and len(parallel.made) == 1


def test_a_refresh_by_two_processes_is_that_of_one(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built(documents, tmp_path / "two.askdoc")
    (tmp_path / "one.askdoc").write_bytes(before)
    for path in documents[:3]:
        text = path.read_text("utf-8")
        path.write_text(text.replace("the", "a", 40) + "\n\nA new paragraph. 新的一段。", "utf-8")
    after = built(documents, tmp_path / "two.askdoc")
    assert len(parallel.made) == 2 and after != before
    alone(monkeypatch)
    assert built(documents, tmp_path / "one.askdoc") == after


@pytest.mark.parametrize("when", ["start", "later"])
def test_without_its_processes_a_build_goes_on_alone(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    if when == "start":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    else:
        change = PostingsBuffer.change

        def killing(self: PostingsBuffer, *of_a_passage: Any) -> None:
            change(self, *of_a_passage)
            for process in parallel.made[0]._processes:
                process.kill()

        monkeypatch.setattr(PostingsBuffer, "change", killing)
    found = built(documents, tmp_path / "left.askdoc")
    assert parallel.made[0].batches > 10
    alone(monkeypatch)
    assert built(documents, tmp_path / "one.askdoc") == found


def test_a_cancelled_build_leaves_no_process(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, whole: int | None, name: str) -> None:
        if done > 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(documents, tmp_path / "never.askdoc", progress=stop)
    assert parallel.made and parallel.made[0]._processes
    assert not list(tmp_path.glob("never*"))


def test_what_the_analysis_raises_ends_the_build(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(batch: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    monkeypatch.setattr(worker_pool, "analyse", fail)
    with pytest.raises(ZeroDivisionError):
        build_index(documents, tmp_path / "never.askdoc")
    assert not list(tmp_path.glob("never*"))


def test_a_worker_ends_when_the_process_that_started_it_is_killed() -> None:
    program = (
        "import os, signal, sys\nfrom askdoc.analysis.worker_pool import Workers\n"
        "from askdoc.model import Passage\n"
        "workers = Workers(1)\nworkers.submit([(Passage('', {}), {})]).result()\n"
        "print(workers._processes[0].pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    if not hasattr(os, "kill") or sys.platform == "win32":
        pytest.skip("no SIGKILL")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if (
            Path(f"/proc/{pid}/stat").exists()
            and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        ):
            return
        time.sleep(0.05)
    pytest.fail("still there")


def test_workers_run_nothing_of_the_script_that_builds(documents: list[Path], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nprint('once')\nfrom askdoc.storage.writing import analysis_pipeline\n"
        "from askdoc.analysis import worker_pool\n"
        "analysis_pipeline.FROM = 500\nworker_pool.processes = lambda: 2\n"
        "import askdoc\naskdoc.build_index(sys.argv[1], sys.argv[2])\n",
        "utf-8",
    )
    arguments = [sys.executable, str(script), str(documents[0]), str(tmp_path / "x.askdoc")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("once\n", "")


def test_workers_return_the_terms_of_each_passage() -> None:
    place = Place("", (1, 1), None, (0, 1))
    texts = [
        ("The cat's cats sat.\n\u2028", "猫坐着，猫！"),
        ("", ""),
        ("cat", "第一章 \U00020000"),
        ("\ud800 dogs", ""),
    ]
    batches = [
        [
            (Passage("a", {"en": Version(en, place, ("On cats",)), "zh": Version(zh, place, ())}), {"zh": "关于猫"}),
            (Passage("b", {"zh": Version("狗", place)}), {}),
        ]
        for en, zh in texts
    ]
    workers = worker_pool.Workers(1)
    try:
        (process,) = workers._processes
        for number, batch in enumerate(batches):
            assert workers.submit(batch).result() == [index_terms(*titled) for titled in batch]
            # Half a surrogate pair has no UTF-8: this process analyses it.
            assert (process.poll() is None) == (number < 3) or process.wait(10)
    finally:
        workers.close()


@pytest.mark.parametrize("answer", ["", "x", '[{"en": {"cat', "[1]\n"])
def test_the_batch_of_a_worker_that_ends_early_is_analysed_here(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"import sys\nsys.stdin.readline()\nprint({answer!r}, end='', flush=True)"
    monkeypatch.setattr(worker_pool, "_START", program)
    workers = worker_pool.Workers(1)
    titled = Passage("", {"en": Version("Cats sleep.", Place("", (1, 1), None, (0, 1)))}), {}
    try:
        for _ in range(2):
            assert workers.submit([titled]).result() == [index_terms(*titled)]
    finally:
        workers.close()


def test_one_processor_builds_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, expected in ((1, 0), (2, 2), (64, worker_pool.MOST)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, count=processors: set(range(count)), raising=False)
        assert worker_pool.processes() == expected
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker_pool.processes() == 0


@pytest.mark.parametrize("most", [50, 700, 5000])
def test_postings_sorted_in_runs_are_those_sorted_at_once(
    documents: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    alone(monkeypatch)
    whole = built(documents, tmp_path / "whole.askdoc")
    runs = 0
    spill = PostingsBuffer._spill

    def noted(self: PostingsBuffer, path: Path) -> None:
        nonlocal runs
        runs += 1
        spill(self, path)

    monkeypatch.setattr(PostingsBuffer, "_spill", noted)
    monkeypatch.setattr(postings_buffer, "RUN", most)
    monkeypatch.setattr(postings_buffer, "_READ", 64)
    assert built(documents, tmp_path / "runs.askdoc") == whole
    assert runs, "no runs were written"
    assert {path.name for path in tmp_path.iterdir()} - {"work"} == {"documents", "runs.askdoc", "whole.askdoc"}
