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
from askdoc.analysis import index_terms, worker_pool, worker_process
from askdoc.indexing.plan import TextAnalyzer
from askdoc.model import Passage, Place, Version
from askdoc.storage.writing import analysis_pipeline, postings_buffer, sorted_runs
from askdoc.storage.writing.postings_buffer import PostingsBuffer
from askdoc.storage.writing.sorted_runs import Runs

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

    def submit(self, batch: worker_process.Batch) -> Any:
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
        assert [process.poll() is not None for process in each._started] == [True] * len(each._started)
        assert each._closed


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "processes", lambda: 0)


def test_two_processes_build_what_one_builds(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = built(documents, tmp_path / "two.askdoc")
    (made,) = parallel.made
    assert made.batches > 10 and len(made._started) == 2
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
        take = analysis_pipeline.Pipeline._take

        def killing(self: analysis_pipeline.Pipeline) -> None:
            take(self)
            for process in parallel.made[0]._started:
                process.kill()

        monkeypatch.setattr(analysis_pipeline.Pipeline, "_take", killing)
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
    assert parallel.made and parallel.made[0]._started
    assert not list(tmp_path.glob("never*"))


def test_what_the_analysis_raises_ends_the_build(
    documents: list[Path], tmp_path: Path, parallel: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(batch: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    monkeypatch.setattr(worker_pool, "columns", fail)
    with pytest.raises(ZeroDivisionError):
        build_index(documents, tmp_path / "never.askdoc")
    assert not list(tmp_path.glob("never*"))


def test_a_worker_ends_when_the_process_that_started_it_is_killed() -> None:
    program = (
        "import os, signal, sys\nfrom askdoc.analysis.worker_pool import Workers\n"
        "from askdoc.model import Passage\n"
        "workers = Workers(1)\nworkers.submit([(Passage('', {}), {})]).result()\n"
        "print(workers._started[0].pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
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
        "import sys\nprint('once')\nfrom askdoc.storage.writing import analysis_pipeline\nfrom askdoc.analysis import worker_pool\n"
        "analysis_pipeline.FROM = 500\nworker_pool.processes = lambda: 2\n"
        "import askdoc\naskdoc.build_index(sys.argv[1], sys.argv[2])\n",
        "utf-8",
    )
    arguments = [sys.executable, str(script), str(documents[0]), str(tmp_path / "x.askdoc")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("once\n", "")


def test_columns_are_the_terms_of_each_passage() -> None:
    place = Place("", (1, 1), None, (0, 1))
    texts = [("The cat's cats sat. \ud800", "猫坐着，猫！"), ("", ""), ("cat", "第一章 \U00020000")]
    batch = [
        (Passage(str(at), {"en": Version(en, place, ("On cats",)), "zh": Version(zh, place, ())}), {"zh": "关于猫"})
        for at, (en, zh) in enumerate(texts)
    ]
    read = worker_process.decode_batch(worker_process.encode_batch(batch))
    assert worker_process.columns(read) == worker_process.columns(batch)
    one, two = PostingsBuffer(TextAnalyzer().fields), PostingsBuffer(TextAnalyzer().fields)
    for number, (passage, title) in enumerate(batch):
        one.change(number, {}, index_terms(passage, title))
    two.change_all([(number, {}) for number in range(3)], worker_process.columns(batch))
    for field in one.fields:
        for first, second in zip(one.changes(field), two.changes(field), strict=True):
            assert (first.term, first.passages.tolist(), first.counts.tolist()) == (
                second.term,
                second.passages.tolist(),
                second.counts.tolist(),
            )
        assert [each.tolist() for each in one.lengths(field)] == [each.tolist() for each in two.lengths(field)]
    assert (one.totals, one.passages) == (two.totals, two.passages)


@pytest.mark.parametrize("cut", [0, 1, 10, -1])
def test_an_answer_that_ends_early_is_none(tmp_path: Path, cut: int) -> None:
    place = Place("", (1, 1), None, (0, 1))
    path = tmp_path / "answer"
    with path.open("wb") as answers:
        worker_process.write_columns(
            answers, worker_process.columns([(Passage("", {"en": Version("Cats sleep.", place, ())}), {})])
        )
    path.write_bytes(path.read_bytes()[:cut])
    with path.open("rb") as answers, pytest.raises(ValueError):
        worker_process.read_columns(answers)


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
    written: list[str] = []
    write = Runs.write

    def noted(self: Runs, field: str, entries: Any) -> None:
        written.append(field)
        write(self, field, entries)

    monkeypatch.setattr(Runs, "write", noted)
    monkeypatch.setattr(postings_buffer, "RUN", most)
    monkeypatch.setattr(sorted_runs, "_READ", 64)
    assert built(documents, tmp_path / "runs.askdoc") == whole
    assert len(written) > 5, "no runs were written"
    assert {path.name for path in tmp_path.iterdir()} - {"work"} == {"documents", "runs.askdoc", "whole.askdoc"}
