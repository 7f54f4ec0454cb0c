"""Analysis in several processes at once: batches go out in order, and come back in order."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from askdoc.analysis.worker_process import Batch, Columns, columns, encode_batch, read_columns

MOST: Final = 4
"""Processes at most: each holds the Chinese dictionary, some 60 MB, and more of them wait for the one that writes."""

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from askdoc.analysis.worker_process import main; main()"
)
"""What a worker runs: with our own path, so that it finds the same packages; nothing of the caller's is run again."""


def processes() -> int:
    """How many workers pay here: as many as there are processors for this process; 0 where there is only one."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    # A frozen program's executable is no Python.
    return min(count, MOST) if count > 1 and sys.executable and not getattr(sys, "frozen", False) else 0


class Workers:
    """Processes that analyse batches of passages. What they give is what :func:`askdoc.analysis.index_terms` gives.

    A process that cannot be started or dies is not replaced: its batches are analysed here.
    """

    def __init__(self, count: int) -> None:
        """``count`` processes, started with their first batches."""
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="askdoc-analysis")
        self._local = threading.local()
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def submit(self, batch: Batch) -> Future[Columns]:
        """Have a batch analysed; the future gives its passages' terms. Raises what the analysis raises."""
        return self._threads.submit(self._analyse, batch)

    def close(self) -> None:
        """End the processes, at once; batches that are under way are of no use any more."""
        with self._lock:
            self._closed = True
            started = list(self._started)
        for process in started:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in started:
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()

    def _analyse(self, batch: Batch) -> Columns:
        process = self._process()
        if process is not None and process.stdin is not None and process.stdout is not None:
            try:
                process.stdin.write(encode_batch(batch))
                process.stdin.flush()
                return read_columns(process.stdout)
            except (OSError, ValueError):
                self._local.process = None
                process.kill()
        return {} if self._closed else columns(batch)

    def _process(self) -> subprocess.Popen[bytes] | None:
        """This thread's process; ``None`` where there is none, or no longer."""
        if not hasattr(self._local, "process"):
            self._local.process = None
            with self._lock, contextlib.suppress(OSError, ValueError):
                if not self._closed:
                    self._local.process = subprocess.Popen(
                        [
                            sys.executable,
                            "-P",
                            "-c",
                            _START,
                            json.dumps([str(Path(each).absolute()) for each in sys.path]),
                        ],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                    )
                    self._started.append(self._local.process)
        process: subprocess.Popen[bytes] | None = self._local.process
        return process
