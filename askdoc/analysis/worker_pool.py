"""A pool of processes for analysis: batches of passages go in and their terms come out, each a line of JSON.

:mod:`multiprocessing` is not used: its children run the caller's main module again, which a two-line script that builds
an index does not expect. Pools that do not (loky) leave their processes behind when this one is killed; ours end with
their standard input.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Final, cast

from msgspec import json

from askdoc.model import Language, Passage

MOST: Final = 4
"""The maximum number of processes: each holds the Chinese dictionary, some 60 MB, and more would wait for the writer."""

Batch = Sequence[tuple[Passage, Mapping[Language, str]]]
"""Passages with the titles of their documents."""

PassageTerms = dict[str, dict[str, int]]
"""The terms of a passage, as of :func:`askdoc.analysis.index_terms`."""

_START: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from askdoc.analysis import worker_pool as pool; pool.main()"
"""A worker's program: it has our import path, and does not run the caller's main module."""


def processes() -> int:
    """Return the useful number of workers: the processors of this process, at most :data:`MOST`; 0 for a single one."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    # The executable of a frozen program is not a Python interpreter.
    return min(count, MOST) if count > 1 and sys.executable and not getattr(sys, "frozen", False) else 0


class Workers:
    """Processes that analyse batches of passages.

    One that cannot be started or dies is not replaced: batches that no process takes are analysed in this one.
    """

    def __init__(self, count: int) -> None:
        """Start ``count`` processes."""
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="askdoc-analysis")
        self._closed = False
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        folders = json.encode([str(Path(folder).absolute()) for folder in sys.path]).decode()
        with contextlib.suppress(OSError, ValueError):
            for _ in range(count):
                process = subprocess.Popen(
                    [sys.executable, "-P", "-c", _START, folders],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
                self._processes.append(process)
                self._idle.put(process)

    def submit(self, batch: Batch) -> Future[list[PassageTerms]]:
        """Queue a batch; the future gives the terms of its passages, or raises what the analysis raises."""
        return self._threads.submit(self._analyse, batch)

    def close(self) -> None:
        """Kill the processes at once and drop unfinished batches."""
        self._closed = True
        for process in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.communicate()  # closes the pipes and waits

    def _analyse(self, batch: Batch) -> list[PassageTerms]:
        with contextlib.suppress(Empty):
            process = self._idle.get_nowait()
            try:
                stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
                stdin.write(json.encode(batch) + b"\n")
                stdin.flush()
                terms = json.decode(stdout.readline(), type=list[PassageTerms])
            except (OSError, ValueError):  # it has ended, or the batch is no valid Unicode
                process.kill()
            else:
                self._idle.put(process)
                return terms
        return [] if self._closed else analyse(batch)


def analyse(batch: Batch) -> list[PassageTerms]:
    """Return the terms of each passage of a batch."""
    from askdoc.analysis import index_terms

    return [index_terms(passage, title) for passage, title in batch]


def main() -> None:
    """Analyse batches until standard input ends, which it also does if the parent process is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent process
    decoder = json.Decoder(list[tuple[Passage, dict[Language, str]]])
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.encode(analyse(decoder.decode(line))) + b"\n")
        sys.stdout.buffer.flush()
