"""A pool of processes for analysis: batches are analysed in parallel and returned in order."""

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
"""The maximum number of processes: each holds the Chinese dictionary, some 60 MB, and more would wait for the writer."""

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from askdoc.analysis.worker_process import main; main()"
)
"""A worker's program: it has our import path, and does not run the caller's main module."""


def processes() -> int:
    """Return the useful number of workers: the processors of this process, at most :data:`MOST`; 0 for a single one."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    # The executable of a frozen program is not a Python interpreter.
    return min(count, MOST) if count > 1 and sys.executable and not getattr(sys, "frozen", False) else 0


class Workers:
    """Processes that analyse batches of passages, with the results of :func:`askdoc.analysis.index_terms`.

    A process that cannot be started or dies is not replaced: its batches are analysed in this process.
    """

    def __init__(self, count: int) -> None:
        """Plan ``count`` processes; each starts with its first batch."""
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="askdoc-analysis")
        self._local = threading.local()
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def submit(self, batch: Batch) -> Future[Columns]:
        """Queue a batch; the future gives the terms of its passages, or raises what the analysis raises."""
        return self._threads.submit(self._analyse, batch)

    def close(self) -> None:
        """Kill the processes at once and drop unfinished batches."""
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
        """Return this thread's process, started at the first call; ``None`` if it failed."""
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
                            json.dumps([str(Path(folder).absolute()) for folder in sys.path]),
                        ],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                    )
                    self._started.append(self._local.process)
        process: subprocess.Popen[bytes] | None = self._local.process
        return process
