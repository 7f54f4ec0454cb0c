"""The README tells the truth: every command and script in it runs against the installed package.

The two set-up lines are run by .ci/run from a clean checkout.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
BLOCK = re.compile(r"<!-- (run|python) -->\n```\w+\n(.*?)```", re.DOTALL)
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
BLOCKS = BLOCK.findall(README)

GUIDE = {
    "guide.en.md": "# Guide\n\nPress the green button to start the pump.\n",
    "guide.zh.md": "# 指南\n\n按下绿色按钮即可启动水泵。\n",
    "manual.md": "# Manual\n\nThe filter lasts 12 months.\n",
    "手册.md": "# 手册\n\n滤芯可使用 12 个月。\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder: the blocks run in it one after the other, over one library."""
    folder = tmp_path_factory.mktemp("readme")
    for name, text in (*EXAMPLE.findall(README), *GUIDE.items()):
        (folder / name).write_text(text, "utf-8")
    return folder


def test_there_is_something_to_run() -> None:
    assert len(BLOCKS) >= 6
    assert "<!-- first-question -->" in README
    assert "<!-- tests -->" in README


@pytest.mark.parametrize(("kind", "text"), BLOCKS)
def test_every_block_of_the_readme_runs(folder: Path, kind: str, text: str) -> None:
    environment = {
        **os.environ,
        "ASKDOC_LIBRARY": str(folder / "library"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUTF8": "1",
    }
    if kind == "python":
        commands = [[sys.executable, "-c", text]]
    else:
        commands = [["bash", "-c", f"set -o pipefail; {line}"] for line in text.splitlines() if line.strip()]
    for command in commands:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert (done.stdout + done.stderr).strip()


def test_every_command_is_in_the_readme() -> None:
    from askdoc.cli.commands import NAMES

    for name in NAMES:
        assert f"askdoc {name}" in README
