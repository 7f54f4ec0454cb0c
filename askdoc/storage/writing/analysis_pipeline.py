"""Passages on their way to their terms: analysed here, or by an analyzer's own workers once there is much to analyse."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from askdoc.model import Language, Passage

if TYPE_CHECKING:
    from concurrent.futures import Future

    from askdoc.storage.writing.index_writer import Analyzer
    from askdoc.storage.writing.postings_buffer import PostingsBuffer, Terms

FROM: Final = 300_000
"""Characters from which on there are workers; fewer are analysed here: a worker starts in half a second."""

BATCH: Final = 16_000
"""Characters of a batch: some 50 ms of work."""

PASSAGES: Final = 64
"""Passages of a batch at most."""

AHEAD: Final = 3
"""Batches for each worker that are under way at once; beyond them the reading of passages waits."""

Titled = tuple[Passage, Mapping[Language, str]]
"""A passage with the title of its document."""


Columns = Mapping[str, tuple[Sequence[str], bytes, bytes, bytes]]
"""For each field: the different terms of some passages; as u32 in the machine's order, how many each passage has, their
places among the terms, passage after passage, and their counts."""


class Pool(Protocol):
    """Workers that analyse in parallel what the analyzer would."""

    @property
    def count(self) -> int:
        """How many there are."""

    def submit(self, batch: Sequence[Titled]) -> Future[Columns]:
        """Start the analysis of a batch."""

    def close(self) -> None:
        """Stop the workers at once."""


class Pipeline:
    """Has the terms of passages gathered in the order in which the passages are put."""

    def __init__(self, analyzer: Analyzer, postings: PostingsBuffer) -> None:
        """Use the analyzer's own workers where its method ``workers`` returns a :class:`Pool` and not ``None``."""
        self._analyzer = analyzer
        self._postings = postings
        self._pool: Pool | None = None
        self._start_pool: Callable[[], Pool | None] | None = getattr(analyzer, "workers", None)
        self._size = 0
        self._batch: list[Titled] = []
        self._before: list[tuple[int, Terms]] = []
        self._pending: deque[tuple[list[tuple[int, Terms]], Future[Columns]]] = deque()

    def put(self, number: int, old: Terms, passage: Passage, title: Mapping[Language, str]) -> None:
        """Add a passage that had the terms ``old``."""
        if self._start_pool is None and self._pool is None:
            self._postings.change(number, old, self._analyzer.terms(passage, title))
            return
        self._batch.append((passage, title))
        self._before.append((number, old))
        self._size += sum(len(version.text) for version in passage.versions.values())
        if self._size >= (FROM if self._pool is None else BATCH):
            self._flush()

    def drain(self) -> None:
        """Wait for all pending batches."""
        self._start_pool = None  # what is left is no work for processes that are not there yet
        self._flush()
        while self._pending:
            self._take()

    def close(self) -> None:
        """Stop the workers, whatever is pending."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _flush(self) -> None:
        """Analyse the passages collected so far."""
        if self._start_pool is not None:
            self._pool, self._start_pool = self._start_pool(), None
        passages = list(zip(self._before, self._batch, strict=True))
        self._before, self._batch, self._size = [], [], 0
        if self._pool is None:
            for (number, old), (passage, title) in passages:
                self._postings.change(number, old, self._analyzer.terms(passage, title))
            return
        for start in range(0, len(passages), PASSAGES):
            part = passages[start : start + PASSAGES]
            self._pending.append(([before for before, _ in part], self._pool.submit([titled for _, titled in part])))
            while len(self._pending) > AHEAD * self._pool.count:
                self._take()

    def _take(self) -> None:
        before, future = self._pending.popleft()
        self._postings.change_all(before, future.result())
