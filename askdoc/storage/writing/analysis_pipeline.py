"""The first layer of a build, passages → terms: in this process, or by the analyzer's workers once there is enough of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from askdoc.model import Language, Passage
from askdoc.storage.writing.postings_buffer import Terms

if TYPE_CHECKING:
    from concurrent.futures import Future

FROM: Final = 300_000
"""Characters from which on workers pay: one takes half a second to start."""

BATCH: Final = 16_000
"""Characters per batch: some 50 ms of work."""

PASSAGES: Final = 64
"""Most passages of a batch."""

AHEAD: Final = 3
"""Pending batches per worker; beyond them the reading of passages waits."""

Titled = tuple[Passage, Mapping[Language, str]]
"""A passage with the title of its document."""


class Analyzer(Protocol):
    """The analysis that produces the terms of an index. One with a method ``workers`` may return a :class:`Pool`."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields."""

    @property
    def fingerprint(self) -> str:
        """Identification of everything that the terms depend on."""

    def terms(self, passage: Passage, title: Mapping[Language, str]) -> Terms:
        """Return the terms of a passage: for each field that has any, each term's count."""


class Pool(Protocol):
    """Workers that do the analyzer's work in parallel."""

    @property
    def count(self) -> int:
        """Number of workers."""

    def submit(self, batch: Sequence[Titled]) -> Future[Sequence[Terms]]:
        """Start the analysis of a batch."""

    def close(self) -> None:
        """Stop the workers at once."""


class Change(NamedTuple):
    """A passage to be analysed."""

    number: int
    old: Terms
    """The terms that it had."""
    titled: Titled

    @property
    def characters(self) -> int:
        """The length of its text in all languages."""
        return sum(len(version.text) for version in self.titled[0].versions.values())


def analysed(analyzer: Analyzer, changes: Iterable[Change]) -> Generator[tuple[Change, Terms], None, None]:
    """Yield changes in their order, each with the terms that the passage has now. Closing it stops the workers."""
    changes = iter(changes)
    first, characters = [], 0
    for change in changes:
        first.append(change)
        characters += change.characters
        if characters >= FROM:
            break
    start = getattr(analyzer, "workers", None)
    pool: Pool | None = start() if start is not None and characters >= FROM else None
    changes = chain(first, changes)
    if pool is None:
        for change in changes:
            yield change, analyzer.terms(*change.titled)
        return
    pending: deque[tuple[list[Change], Future[Sequence[Terms]]]] = deque()
    with closing(pool):
        for batch in _batches(changes):
            pending.append((batch, pool.submit([change.titled for change in batch])))
            if len(pending) > AHEAD * pool.count:
                batch, terms = pending.popleft()
                yield from zip(batch, terms.result(), strict=True)
        for batch, terms in pending:
            yield from zip(batch, terms.result(), strict=True)


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    batch: list[Change] = []
    characters = 0
    for change in changes:
        batch.append(change)
        characters += change.characters
        if characters >= BATCH or len(batch) == PASSAGES:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
