"""A standard stream that is closed or full ends no command in a traceback; a closed output is exit code 141, quietly."""

from __future__ import annotations

import os
import random
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from askdoc.cli.exit_codes import Exit

TEXT = """The harbour report
港口报告
The harbour unloaded 412 ships in 2024. 2024 年港口卸载了 412 艘船。
Two electric cranes replaced the diesel ones. 两台电动起重机取代了柴油起重机。
"""

COMMANDS: dict[str, Exit] = {
    "ask 'How many ships?' --name harbour": Exit.DONE,
    "ask zebras": Exit.NOT_FOUND,
    "ask - --name harbour": Exit.DONE,
    "ask --everywhere ships --name harbour --format json": Exit.DONE,
    "index report.txt --name harbour --rebuild": Exit.DONE,
    "list": Exit.DONE,
    "show report:3 --name harbour": Exit.DONE,
    "check --name harbour": Exit.DONE,
    "remove zebras --name harbour": Exit.USAGE,
    "eval --self --name harbour": Exit.DONE,
    "verify quotes.md --name harbour": Exit.DONE,
    "--plain --name harbour": Exit.DONE,
    "--help": Exit.DONE,
    "--version": Exit.DONE,
    "--completion bash": Exit.DONE,
}
"""Commands and the exit code with all streams open."""

SILENT = ("index", "remove")
"""Commands that print no data: a closed output is nothing to them."""

Shell = Callable[[str, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("streams")


@pytest.fixture
def shell(folder: Path) -> Shell:
    """Run a command line of askdoc with redirections of the shell; what is not redirected is seen."""
    environment = {**os.environ, "ASKDOC_LIBRARY": str(folder / "library")}

    def run(words: str, redirections: str) -> subprocess.CompletedProcess[str]:
        line = f"{shlex.quote(sys.executable)} -m askdoc {words} {redirections}"
        return subprocess.run(
            ["bash", "-c", line],
            input="How many ships?\n",
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment,
            check=False,
        )

    if not (folder / "library").exists():
        (folder / "report.txt").write_text(TEXT, "utf-8")
        (folder / "quotes.md").write_text("# Nothing is quoted by askdoc here.\n", "utf-8")
        assert run("index report.txt --name harbour", "").returncode == Exit.DONE
    return run


@pytest.mark.parametrize("words", COMMANDS)
def test_a_closed_stream_ends_no_command_in_a_traceback(shell: Shell, words: str) -> None:
    code = COMMANDS[words]
    closed = code if words.startswith(SILENT) else Exit.CLOSED
    done = shell(words, ">&-")
    assert (done.returncode, done.stdout) == (closed, "")
    assert "Traceback" not in done.stderr
    assert not done.stderr or words.startswith(SILENT)
    done = shell(words, "<&- 2>&-")
    assert (done.returncode, done.stderr) == (code, "")


def test_no_stream_at_all_ends_no_command_otherwise(shell: Shell, seed: int, stress: int) -> None:
    for words in random.Random(seed).sample(sorted(COMMANDS), min(4 * stress, len(COMMANDS))):
        # Without questions there are no answers to be written.
        silent = words.startswith((*SILENT, "ask - ", "--plain"))
        assert shell(words, "<&- >&- 2>&-").returncode == (COMMANDS[words] if silent else Exit.CLOSED), words


def test_no_stream_closed_is_what_the_table_says(shell: Shell) -> None:
    for words in ("ask zebras", "remove zebras --name harbour", "--plain --name harbour"):
        assert shell(words, "").returncode == COMMANDS[words]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", ["ask ships", "list", "ask - --name harbour", "--help"])
def test_a_full_disk_under_the_output_is_said_in_a_sentence(shell: Shell, words: str) -> None:
    done = shell(words, ">/dev/full")
    assert done.returncode == Exit.OUTPUT
    assert done.stderr.startswith("askdoc: The result cannot be written (")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_errors_changes_no_exit_code(shell: Shell) -> None:
    assert shell("ask ''", "2>/dev/full").returncode == Exit.USAGE
