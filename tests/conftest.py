"""Fixtures of all tests: hermetic folders, the shared folder where it is there, the random seed."""

from __future__ import annotations

import io
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from askdoc import messages
from askdoc.cli import _guarded


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests that take minutes")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as there are processors: about half of the time a test waits, for a child or a key."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + (processors + 1) // 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="takes minutes; run with --slow")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for all tests and their processes: what is made once takes seconds."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "cache"


@pytest.fixture(autouse=True)
def hermetic(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees or changes the user's own library, settings, locale or current folder, nor another's interface."""
    library = tmp_path / "library"
    monkeypatch.setenv("ASKDOC_LIBRARY", str(library))
    monkeypatch.setenv("ASKDOC_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("ASKDOC_INTERFACE", "en")
    monkeypatch.setenv("ASKDOC_SEMANTIC", "0")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    yield
    messages.set_interface(None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder that $ASKDOC_SHARED names; the test is skipped where there is none."""
    name = os.environ.get("ASKDOC_SHARED", "")
    if not name or not Path(name).is_dir():
        pytest.skip("needs $ASKDOC_SHARED")
    return Path(name)


@pytest.fixture
def askdoc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """Run a command line in this process, with bytes on standard input: exit code, standard output, standard error."""

    def run(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            code = _guarded(list(words))
        finally:
            messages.set_interface(None)
        return int(code), *capsys.readouterr()

    return run


@pytest.fixture
def seed() -> int:
    """The random seed: $ASKDOC_SEED, or a new one; printed, so that a failure can be had again."""
    value = int(os.environ.get("ASKDOC_SEED") or random.SystemRandom().randrange(2**32))
    print(f"ASKDOC_SEED={value}")
    return value


@pytest.fixture
def stress() -> int:
    """What the counts of random tests are multiplied by: $ASKDOC_STRESS, 1 unless set."""
    return int(os.environ.get("ASKDOC_STRESS") or 1)
