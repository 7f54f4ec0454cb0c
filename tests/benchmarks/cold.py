"""How long a question takes from nothing: whole processes of an installed askdoc, over indexes that are built already.

    python tests/benchmarks/cold.py PYTHON [OTHER_PYTHON] [--runs N]

The interpreters named have askdoc installed from a wheel, with its bytecode (without $PYTHONDONTWRITEBYTECODE). Prints
the median of each program, in milliseconds, and how many times a bare interpreter's start that is; with two, also the
first one's median over the other's. Programs take turns, so that what else the machine does falls on all of them alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

ASK = "import sys; from askdoc.cli import main; main(['ask', sys.argv[1]])"
PROGRAMS = {
    "python -c pass": ["-c", "pass"],
    "import jieba; jieba.initialize()": ["-c", "import jieba; jieba.initialize()"],
    "askdoc ask, English": ["-c", ASK, "What is recursive self-improvement?"],
    "askdoc ask, Chinese": ["-c", ASK, "什么是递归自我改进?"],
    "askdoc ask, 1,000 passages": [
        "-c",
        ASK.replace("sys.argv[1]", "*sys.argv[1:]"),
        "Which keeper painted lighthouse 700?",
        "--in",
        "log.txt",
    ],
}
LOG = "".join(
    f"In year {number} the {('old', 'new', 'second', 'last')[number % 4]} keeper painted lighthouse {number * 7 % 1000}"
    f" {('red', 'white', 'green')[number % 3]}.\n{number} 年,守塔人把 {number * 7 % 1000} 号灯塔漆成了新的颜色。\n\n"
    for number in range(1000)
)
"""A document of 1,000 passages; the first run of a program, which does not count, builds its index."""


def measure(pythons: Sequence[str], runs: int) -> list[dict[str, list[float]]]:
    """Measure the seconds of each run of each program, by interpreter, after one of each that does not count."""
    seconds: list[dict[str, list[float]]] = [{name: [] for name in PROGRAMS} for _ in pythons]
    with ExitStack() as folders:
        libraries = [folders.enter_context(tempfile.TemporaryDirectory()) for _ in pythons]
        for library in libraries:
            Path(library, "log.txt").write_text(LOG, "utf-8")
        for run in range(runs + 1):
            for name, arguments in PROGRAMS.items():
                for python, library, table in zip(pythons, libraries, seconds, strict=True):
                    environment = {**os.environ, "ASKDOC_LIBRARY": library}
                    for variable in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH"):
                        environment.pop(variable, None)
                    started = time.perf_counter()
                    process = subprocess.run([python, *arguments], cwd=library, env=environment, capture_output=True)
                    if run:
                        table[name].append(time.perf_counter() - started)
                    if process.returncode:
                        sys.exit(f"{name}: exit code {process.returncode}\n{process.stderr.decode()}")
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable])
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    seconds = measure(options.pythons[:2], options.runs)
    for python, table in zip(options.pythons, seconds, strict=False):
        bare = statistics.median(table["python -c pass"])
        print(f"{python}\n{'program':34} {'median ms':>9} {'fastest':>8} {'× bare':>7}")
        for name, times in table.items():
            median = statistics.median(times)
            print(f"{name:34} {1000 * median:9.0f} {1000 * min(times):8.0f} {median / bare:7.1f}")
    if len(seconds) == 2:
        for name in PROGRAMS:
            print(f"{name:34} {statistics.median(seconds[0][name]) / statistics.median(seconds[1][name]):9.2f} ×")


if __name__ == "__main__":
    main()
