"""The same inputs give the same bytes, whatever the process, its hash seed, locale, time zone and folder."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from askdoc.indexing.operations import build_index
from tests.promises.standins import components, text

ROOT = Path(__file__).parents[2]


def test_builds_from_scratch_are_byte_equal(seed: int) -> None:
    rng = random.Random(seed)
    names = [Path(f"{name}.txt").absolute() for name in ("first", "second")]
    for name in names:
        name.write_text(text(rng, 80), encoding="utf-8")
    build_index(names, "here.askdoc", components=components())
    right = Path("here.askdoc").read_bytes()
    worlds = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
    ]
    started = []
    for number, world in enumerate(worlds):
        folder = Path(f"world{number}")
        folder.mkdir()
        command = [sys.executable, str(ROOT / "tests/promises/standins.py"), "build", "x.askdoc", *map(str, names)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **world}
        started.append((subprocess.Popen(command, cwd=folder, env=environment), folder))
    for process, folder in started:
        assert process.wait(timeout=60) == 0
        assert (folder / "x.askdoc").read_bytes() == right


def test_a_rebuild_gives_the_bytes_of_a_first_build(seed: int) -> None:
    rng = random.Random(seed)
    for name in ("first", "second"):
        Path(f"{name}.txt").write_text(text(rng, 40), encoding="utf-8")
    build_index(["first.txt", "second.txt"], "x.askdoc", components=components())
    build_index(["second.txt"], "y.askdoc", components=components())
    Path("second.txt").write_text(text(rng, 30), encoding="utf-8")
    build_index(["first.txt", "second.txt"], "x.askdoc", components=components())
    build_index(["first.txt", "second.txt"], "x.askdoc", rebuild=True, components=components())
    build_index(["first.txt", "second.txt"], "z.askdoc", components=components())
    assert Path("x.askdoc").read_bytes() == Path("z.askdoc").read_bytes()
