"""What the chat talks to, without a screen: the open index, the conversation, what is remembered and kept.

Everything here may be called from worker threads; nothing here knows Textual.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from askdoc.errors import AskdocError

if TYPE_CHECKING:
    from askdoc.answering.engine import Index
    from askdoc.model import Answer, DocumentSummary, Places, SectionSummary

WARMING: Final = "预热分词词典"
"""Chinese text that is analysed in the background, so that the first Chinese question does not wait for jieba."""


class Cancelled(Exception):
    """A person stopped a build."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the chat was started with, or opened since."""

    documents: tuple[str, ...] = ()
    name: str | None = None
    library: str | None = None

    def with_documents(self, more: Sequence[str]) -> Named:
        """These documents and some more, each once."""
        return Named(tuple(dict.fromkeys((*self.documents, *more))), None, self.library)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is."""

    document: str
    done: int
    total: int | None
    rate: float
    """Passages a second."""
    left: float | None
    """Seconds, where the total is known."""


class Session:
    """An open index with what the chat asks of it."""

    def __init__(self, named: Named) -> None:
        self.named = named
        self.index: Index | None = None
        self.summaries: tuple[DocumentSummary, ...] = ()
        self.section: tuple[str, ...] | None = None
        self._stop = threading.Event()
        self._asking = threading.Lock()

    # --- opening -----------------------------------------------------------------------------------------------

    def open(self, named: Named, follow: Callable[[Progress], None]) -> Index:
        """Open other documents in place of these; the old index stays open where that fails.

        ``follow`` is told how a build goes. Raises :class:`AskdocError`, and :class:`Cancelled` after :meth:`cancel`.
        """
        from askdoc.answering.opening import open_index

        self._stop.clear()
        started = time.monotonic()
        last = 0.0

        def told(done: int, total: int | None, document: str) -> None:
            nonlocal last
            if self._stop.is_set():
                raise Cancelled
            now = time.monotonic()
            if now - last >= 0.1 or done == total:
                last = now
                rate = done / max(now - started, 1e-3)
                left = (total - done) / rate if total is not None and rate > 0 else None
                follow(Progress(document, done, total, rate, left))

        index = open_index(list(named.documents) or None, name=named.name, library=named.library, progress=told)
        old, self.index, self.named = self.index, index, named
        self.summaries = tuple(index.documents())
        self.section = None
        self._begin(index)
        if old is not None:
            old.close()
        return index

    def add(self, paths: Sequence[str], follow: Callable[[Progress], None]) -> Index:
        """Ask more documents together with these: a new index of them all, or the named index grown by them."""
        index = self.index
        if index is None or index.sample or self.named.documents:
            before = Named((), None, self.named.library) if index is None or index.sample else self.named
            return self.open(before.with_documents(paths), follow)
        from askdoc.index import build_index
        from askdoc.library import DEFAULT_NAME, index_path

        build_index(list(paths), index_path(self.named.name or DEFAULT_NAME, self.named.library))
        return self.open(self.named, follow)

    def cancel(self) -> None:
        """Stop a build at its next step; the index stays as it was."""
        self._stop.set()

    def close(self) -> None:
        """Close the index, and stop a build."""
        self.cancel()
        if self.index is not None:
            self.index.close()

    def warm(self) -> None:
        """Load what the first Chinese question needs."""
        from askdoc.analysis import tokens

        tokens(WARMING)

    def changed(self) -> tuple[str, ...]:
        """The sources of the index that are not as they were read: size, time or file differ. Missing ones are not."""
        found = []
        for summary in self.summaries:
            for source in summary.sources:
                try:
                    state = Path(source.path).stat()
                except OSError:
                    continue
                if (state.st_size, state.st_mtime_ns, state.st_ino) != (source.size, source.mtime_ns, source.inode):
                    found.append(source.path)
        return tuple(found)

    # --- asking ------------------------------------------------------------------------------------------------

    def _begin(self, index: Index) -> None:
        self._talk = index.conversation() if hasattr(index, "conversation") else index

    def ask(self, question: str, *, alone: bool = False, limit: int = 3) -> Answer:
        """Ask the next question of the conversation. Raises :class:`AskdocError`."""
        with self._asking:
            return self._talk.ask(question, limit=limit, section=self.section)

    def related(self, answer: Answer) -> tuple[str, ...]:
        """What to ask next, or instead."""
        try:
            return () if not hasattr(self.index, "related") else self.index.related(answer)
        except AskdocError:
            return ()

    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin with."""
        from askdoc import messages

        try:
            return () if not hasattr(self.index, "suggestions") else self.index.suggestions(messages.interface(), 4)
        except AskdocError:
            return ()

    def places(self, words: str) -> Places:
        """Every place of some words. Raises :class:`AskdocError`."""
        if self.index is None:
            message = "no index is open"
            raise RuntimeError(message)
        return self.index.places(words, section=self.section)

    # --- stubs until the rooms behind them are merged ---

    @property
    def turns(self) -> list[object]:
        return []

    def history(self) -> list[str]:
        return []

    def remember(self, text: str) -> None:
        return

    def keep(self, **choices: object) -> None:
        return

    def learn(self) -> None:
        return

    def complete(self, line: str) -> list[str]:
        return []

    def settings(self):
        from types import SimpleNamespace

        return SimpleNamespace(theme="textual-dark", answer_language="auto")

    def save(self) -> None:
        return

    def begin(self) -> None:
        if self.index:
            self._begin(self.index)

    def saved(self):
        return []

    def recent(self):
        return []

    def sections(self) -> tuple[SectionSummary, ...]:
        """The outline of the documents."""
        return () if self.index is None else self.index.sections()
