"""A refresh gives what a build from scratch gives, reads only what changed, and writes only what differs."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from askdoc.errors import DocumentUnreadable
from askdoc.indexing import plan
from askdoc.indexing.operations import build_index, check_index, refresh, remove_document
from askdoc.indexing.plan import Components, settle
from askdoc.limits import Limits
from askdoc.model import Document, DocumentFiles
from tests.promises.standins import Calls, components, facts, read, text

NAMES = ("first", "second", "third")


class Watched:
    """Components that write down which files are read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.components = replace(components(), read=self._read)

    def _read(self, named: DocumentFiles, limits: Limits) -> Document:
        self.read += [path.name for path, _ in named.files]
        return read(named, limits)


def _write(seed: int, lines: int = 25) -> random.Random:
    rng = random.Random(seed)
    for name in NAMES:
        Path(f"{name}.txt").write_text(text(rng, lines), encoding="utf-8")
    return rng


def _edit(rng: random.Random, name: str) -> None:
    path = Path(f"{name}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines) + 1)
        new = text(rng, 2).splitlines()[-rng.randint(1, 3) :]
        lines[at : at + rng.choice([0, 0, 1, 1, 1, 5])] = rng.choice([new, []])
    path.write_text("\n".join(lines or ["left"]) + "\n", encoding="utf-8")


def _same(one: str, two: str) -> None:
    with Calls(one) as first, Calls(two) as second:
        assert facts(first) == facts(second)


def test_any_chain_of_edits_ends_where_a_build_from_scratch_does(seed: int, stress: int) -> None:
    rng = _write(seed)
    present = list(NAMES)
    build_index([f"{name}.txt" for name in present], "x.askdoc", components=components())
    for _ in range(8 * stress):
        act = rng.choice(["edit", "edit", "edit", "remove", "two"])
        if act == "remove" and len(present) > 1:
            name = rng.choice(present)
            present.remove(name)
            remove_document("x.askdoc", name, components=components())
        else:
            present += [name for name in NAMES if name not in present]
            for name in rng.sample(NAMES, 1 if act == "edit" else 2):
                _edit(rng, name)
            build_index([f"{name}.txt" for name in NAMES], "x.askdoc", components=components())
        assert check_index("x.askdoc", components=components()) == []
    Path("y.askdoc").unlink(missing_ok=True)
    build_index([f"{name}.txt" for name in present], "y.askdoc", components=components())
    _same("x.askdoc", "y.askdoc")


def test_unchanged_sources_are_neither_read_nor_written(seed: int) -> None:
    _write(seed)
    watched = Watched()
    files = [f"{name}.txt" for name in NAMES]
    build_index(files, "x.askdoc", components=watched.components)
    assert watched.read == files
    before = Path("x.askdoc").read_bytes(), Path("x.askdoc").stat()
    report = build_index(files, "x.askdoc", components=watched.components)
    assert watched.read == files and report.unchanged == NAMES and not report.changed
    after = Path("x.askdoc").read_bytes(), Path("x.askdoc").stat()
    assert before == after or (before[0] == after[0] and before[1].st_mtime_ns == after[1].st_mtime_ns)


def test_a_file_with_new_times_and_the_same_contents_is_not_read_as_a_document(seed: int) -> None:
    _write(seed)
    watched = Watched()
    build_index(["first.txt", "second.txt"], "x.askdoc", components=watched.components)
    os.utime("first.txt", ns=(1, 1))
    report = build_index(["first.txt", "second.txt"], "x.askdoc", components=watched.components)
    assert watched.read == ["first.txt", "second.txt"] and report.unchanged == ("first", "second")
    with Calls("x.askdoc") as reader:
        assert reader.documents()[0].sources[0].mtime_ns == 1
        generation = reader.generation
        build_index(["first.txt", "second.txt"], "x.askdoc", components=watched.components)
        assert reader.generation == generation
    assert check_index("x.askdoc", components=components()) == []


def test_an_edit_that_keeps_the_size_and_comes_at_once_is_seen() -> None:
    for round_ in range(5):
        Path("a.txt").write_text(f"word{round_} alone\n", encoding="utf-8")
        build_index(["a.txt"], "x.askdoc", components=components())
        with Calls("x.askdoc") as reader:
            assert f"word{round_}" in reader.postings("en", [f"word{round_}"])


def test_reading_waits_until_a_later_write_gets_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes within a tick of the clock may get one time, and the second would never be seen."""
    waits: list[float] = []
    monkeypatch.setattr(plan.time, "sleep", waits.append)
    Path("a.txt").write_text("just now\n", encoding="utf-8")
    now = time.time()
    for age, wait in ((0.0, True), (0.01, True), (1.0, False), (-100.0, False)):
        waits.clear()
        monkeypatch.setattr(plan.time, "time", lambda age=age: now + age)
        os.utime("a.txt", (now, now))
        settle(DocumentFiles("a", ((Path("a.txt"), None), (Path("missing.txt"), None))))
        assert bool(waits) is wait and all(0.01 <= seconds < 1 for seconds in waits)


def test_a_file_replaced_by_another_of_the_same_size_and_time_is_seen() -> None:
    Path("a.txt").write_text("before here\n", encoding="utf-8")
    os.utime("a.txt", ns=(10**18, 10**18))
    build_index(["a.txt"], "x.askdoc", components=components())
    Path("b.txt").write_text("behind here\n", encoding="utf-8")
    os.utime("b.txt", ns=(10**18, 10**18))
    Path("b.txt").replace("a.txt")
    assert build_index(["a.txt"], "x.askdoc", components=components()).changed == ("a",)


def test_editing_one_passage_writes_few_blocks_and_renumbers_nothing(seed: int) -> None:
    rng = _write(seed, 400)
    build_index(["first.txt"], "x.askdoc", components=components())
    with Calls("x.askdoc") as reader:
        numbers = reader.numbers("first")
    before = _bodies("x.askdoc")
    lines = Path("first.txt").read_text(encoding="utf-8").splitlines()
    lines[200] = "quite another passage|另一段"
    Path("first.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build_index(["first.txt"], "x.askdoc", components=components())
    after = _bodies("x.askdoc")
    changed = {table: sum(before[table].get(key) != body for key, body in after[table].items()) for table in after}
    print(changed, {table: len(rows) for table, rows in after.items()}, rng.random())
    with Calls("x.askdoc") as reader:
        assert list(reader.numbers("first")) == list(numbers)
    assert changed["passages"] == 1 and changed["lengths"] <= 3
    assert changed["blocks"] < len(after["blocks"])
    assert check_index("x.askdoc", components=components()) == []


def _bodies(path: str) -> dict[str, dict[int, bytes]]:
    connection = sqlite3.connect(path)
    tables = ("passages", "blocks", "lengths", "directory")
    found = {table: dict(connection.execute(f"SELECT id, body FROM {table}").fetchall()) for table in tables}
    connection.close()
    return found


def test_numbers_stay_in_the_order_of_the_document(seed: int) -> None:
    rng = _write(seed)
    build_index(["first.txt", "second.txt"], "x.askdoc", components=components())
    for _ in range(6):
        _edit(rng, "first")
        build_index(["first.txt", "second.txt"], "x.askdoc", components=components())
        with Calls("x.askdoc") as reader:
            for name in ("first", "second"):
                numbers = list(reader.numbers(name))
                assert numbers == sorted(set(numbers))
                lines = [
                    min(version.place.lines[0] for version in each.passage.versions.values())
                    for each in reader.passages(numbers)
                ]
                assert lines == sorted(lines)


def test_an_index_full_of_unused_numbers_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askdoc.indexing.build._UNUSED_NUMBERS", 10)
    for round_ in range(8):
        Path("a.txt").write_text("".join(f"line {at} {round_}\n" for at in range(round_ + 5)), encoding="utf-8")
        build_index(["a.txt"], "x.askdoc", components=components())
        with Calls("x.askdoc") as reader:
            assert reader.size <= 2 * (round_ + 5) + 10 + 5
    assert check_index("x.askdoc", components=components()) == []


def test_an_error_of_a_reader_or_of_progress_leaves_the_index_as_it_was(seed: int) -> None:
    _write(seed)
    build_index(["first.txt"], "x.askdoc", components=components())
    before = Path("x.askdoc").read_bytes()
    _edit(random.Random(seed), "first")

    def broken(named: DocumentFiles, limits: Limits) -> Document:
        if named.name == "second":
            raise DocumentUnreadable("document-missing", path="second.txt")
        return read(named, limits)

    def cancel(done: int, total: int | None, name: str) -> None:
        if done:
            raise OSError("the terminal is gone")

    for rebuild in (False, True):
        with pytest.raises(DocumentUnreadable):
            build_index(
                ["first.txt", "second.txt"],
                "x.askdoc",
                rebuild=rebuild,
                components=Components(components().group, broken, components().analyzer),
            )
        with pytest.raises(OSError, match="terminal"):
            build_index(
                ["first.txt", "second.txt"], "x.askdoc", rebuild=rebuild, components=components(), progress=cancel
            )
    assert Path("x.askdoc").read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == [*(f"{name}.txt" for name in NAMES), "x.askdoc"]


def test_progress_counts_to_all_passages(seed: int) -> None:
    _write(seed, 100)
    seen: list[tuple[int, str]] = []
    report = build_index(
        ["first.txt", "second.txt"],
        "x.askdoc",
        components=components(),
        progress=lambda done, total, name: seen.append((done, name)),
    )
    assert seen[0] == (0, "first") and seen[-1] == (report.passages, "second")
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_refresh_reads_what_changed_and_keeps_what_lost_its_source(seed: int) -> None:
    _write(seed)
    build_index([f"{name}.txt" for name in NAMES], "x.askdoc", components=components())
    Path("first.txt").write_text("all new\n", encoding="utf-8")
    Path("second.txt").unlink()
    watched = Watched()
    report = refresh("x.askdoc", components=watched.components)
    assert watched.read == ["first.txt"] and report.changed == ("first",) and report.unchanged == ("third",)
    assert [each.name for each in report.documents] == list(NAMES)
