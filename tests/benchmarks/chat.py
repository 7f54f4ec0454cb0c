"""The chat's speed through a real pseudo-terminal: start to first paint, Enter to the answer, memory over questions.

    python tests/benchmarks/chat.py [--python EXECUTABLE] [--questions 500] [DOCUMENT]

Prints a table. ``EXECUTABLE`` has askdoc installed; without a document the sample is asked. The index is built
beforehand, in a folder of its own. First paint is the first screen that shows the prompt; an answer is there when the
screen shows its verdict. Memory is the process's resident set. POSIX only.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

QUESTIONS = (
    "What is recursive self-improvement?",
    "How much code does Claude write?",
    "Which benchmarks are saturated?",
    "什么是递归自我改进?",
    "智能体能独立工作多久?",
)


class Terminal:
    """A process on a pseudo-terminal of 120 columns and 40 rows."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.started = time.perf_counter()
        self.process, self.handle = pty.fork()
        if self.process == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def until(self, wanted: bytes, seconds: float = 20) -> float:
        """Read until the output holds some bytes; gives the time since the start. Raises TimeoutError."""
        seen = b""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if select.select([self.handle], [], [], 0.05)[0]:
                seen += os.read(self.handle, 65536)
                if wanted in seen:
                    return time.perf_counter() - self.started
        raise TimeoutError(f"{wanted!r} did not come; the end of what came: {seen[-500:]!r}")

    def drain(self, seconds: float) -> None:
        """Read what comes for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.handle], [], [], left)[0]:
                try:
                    os.read(self.handle, 65536)
                except OSError:  # it has ended
                    return

    def send(self, text: str) -> None:
        """Type."""
        os.write(self.handle, text.encode())

    def resident(self) -> float:
        """Resident memory in MB."""
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(self.process)])) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="*")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--questions", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "ASKDOC_LIBRARY": f"{folder}/library",
            "ASKDOC_CONFIG": f"{folder}/config",
            "TERM": "xterm-256color",
            "ASKDOC_INTERFACE": "en",
        }
        command = [given.python, "-m", "askdoc", *given.documents]
        subprocess.run([given.python, "-m", "askdoc", "ask", "x", *(f"--in={each}" for each in given.documents)],
                       env=environment, capture_output=True, check=False)  # fmt: skip
        bare = [_timed([given.python, "-c", "import textual.app"], environment) for _ in range(5)]
        paints, answers = [], []
        for _ in range(5):
            terminal = Terminal(command, environment)
            paints.append(terminal.until(b"sk in English"))
            terminal.drain(2)
            terminal.send(QUESTIONS[0])
            terminal.drain(0.3)
            begin = time.perf_counter()
            terminal.send("\r")
            terminal.until(b"document")
            answers.append(time.perf_counter() - begin)
            terminal.send("\x11")
            terminal.drain(0.5)
            os.close(terminal.handle)
            os.waitpid(terminal.process, 0)
        print(f"import textual.app alone            median {statistics.median(bare) * 1000:7.0f} ms")
        print(f"start to first paint                median {statistics.median(paints) * 1000:7.0f} ms   (goal 500)")
        print(f"Enter to the answer on the screen   median {statistics.median(answers) * 1000:7.0f} ms   (goal 50)")
        terminal = Terminal(command, environment)
        terminal.until(b"sk in English")
        terminal.drain(2)
        for number in range(60):
            terminal.send(QUESTIONS[number % len(QUESTIONS)] + "\r")
            terminal.drain(0.12)
        terminal.drain(2)
        before = terminal.resident()
        for number in range(given.questions):
            terminal.send(QUESTIONS[number % len(QUESTIONS)] + f" {number}\r")
            terminal.drain(0.12)
        terminal.drain(3)
        after = terminal.resident()
        print(f"resident after 60 questions {before:.1f} MB, after {given.questions} more {after:.1f} MB:"
              f" growth {after - before:+.1f} MB   (goal 20)")  # fmt: skip
        terminal.send("\x11")


def _timed(command: list[str], environment: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
