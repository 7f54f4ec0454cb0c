"""How long a question takes from nothing: whole processes of an installed askdoc, over the sample's built index.

    python tests/benchmarks/cold.py /path/to/venv/bin/python [RUNS]

The interpreter named has askdoc installed from a wheel, with its bytecode (without $PYTHONDONTWRITEBYTECODE). Prints
the median of each program, in milliseconds, and how many times a bare interpreter's start that is; programs take
turns, so that what else the machine does falls on all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

ASK = "import sys; from askdoc.cli import main; main(['ask', sys.argv[1]])"
PROGRAMS = {
    "python -c pass": ["-c", "pass"],
    "import jieba; jieba.initialize()": ["-c", "import jieba; jieba.initialize()"],
    "askdoc ask, English": ["-c", ASK, "What is recursive self-improvement?"],
    "askdoc ask, Chinese": ["-c", ASK, "什么是递归自我改进?"],
}


def measure(python: str, runs: int) -> dict[str, list[float]]:
    """Seconds of each run of each program, after one of each that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as library:
        environment = {**os.environ, "ASKDOC_LIBRARY": library}
        for variable in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH"):
            environment.pop(variable, None)
        for run in range(runs + 1):
            for name, arguments in PROGRAMS.items():
                started = time.perf_counter()
                done = subprocess.run([python, *arguments], cwd=library, env=environment, capture_output=True)
                if run:
                    taken[name].append(time.perf_counter() - started)
                if done.returncode:
                    sys.exit(f"{name}: exit code {done.returncode}\n{done.stderr.decode()}")
    return taken


def main() -> None:
    """Print the table."""
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    taken = measure(python, int(sys.argv[2]) if len(sys.argv) > 2 else 20)
    bare = statistics.median(taken["python -c pass"])
    print(f"{'program':34} {'median ms':>9} {'fastest':>8} {'× bare':>7}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:34} {1000 * median:9.0f} {1000 * min(times):8.0f} {median / bare:7.1f}")


if __name__ == "__main__":
    main()
