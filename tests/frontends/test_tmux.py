"""The chat in a real tmux: three questions are typed, and the screen is read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_chat import TEXT

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")


class Tmux:
    """A tmux server of its own with the chat in a window."""

    def __init__(self, folder: Path, document: Path) -> None:
        self._socket = str(folder / "tmux.sock")
        variables = {
            "ASKDOC_LIBRARY": str(folder / "library"),
            "ASKDOC_CONFIG": str(folder / "config"),
            "ASKDOC_INTERFACE": "en",
            "LC_ALL": "C.UTF-8",
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", ""),
        }
        given = [f"{name}={value}" for name, value in variables.items()]
        command = ["env", *given, sys.executable, "-m", "askdoc", str(document)]
        self.run("new-session", "-d", "-x", "100", "-y", "30", *command)

    def run(self, *words: str) -> str:
        """A command of tmux."""
        done = subprocess.run(
            ["tmux", "-S", self._socket, "-f", "/dev/null", *words], capture_output=True, text=True, check=True
        )
        return done.stdout

    def until(self, text: str, seconds: float = 30) -> str:
        """Read the screen until it shows a text; blanks and line ends do not count."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            screen = self.run("capture-pane", "-p")
            if "".join(text.split()) in "".join(screen.split()):
                return screen
            time.sleep(0.1)
        raise AssertionError(f"{text!r} did not come:\n{screen}")

    def ask(self, question: str) -> None:
        """Type a question and press Enter."""
        self.run("send-keys", "-l", question)
        self.run("send-keys", "Enter")


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    held = Tmux(tmp_path, path)
    yield held
    subprocess.run(["tmux", "-S", str(tmp_path / "tmux.sock"), "kill-server"], capture_output=True, check=False)


def test_three_questions_are_answered_on_the_screen(tmux: Tmux) -> None:
    tmux.until("4 passages in 2 sections")
    tmux.ask("How many ships were unloaded?")
    tmux.until("The harbour unloaded 412 ships in 2024, more than in any year before. [1]")
    tmux.ask("起重机取代了什么?")
    tmux.until("两台电动起重机取代了柴油起重机。 [1]")
    tmux.ask("Where do bananas grow in Brazil?")
    tmux.until("Not in this document.")
    tmux.run("send-keys", "F7")
    tmux.until("of 4 [x]")
