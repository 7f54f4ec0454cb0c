"""What the program remembers of its user: choices, recent documents, what was asked, conversations.

All of it lies in one private folder: ``$ASKDOC_CONFIG``, else the platform's user configuration folder. Nothing here
ever stops the program: a damaged file is set aside, a failed write is ignored.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Final

from msgspec import Meta, Struct, ValidationError, convert, field

from askdoc import environment
from askdoc.model import AnswerLanguage, Language
from askdoc.text import json_text

RECENT: Final = 20
"""Recent documents that are remembered."""

HISTORY: Final = 1_000
"""Questions that are remembered for an index."""

THEME: Final = "textual-dark"
"""The colours to begin with."""

_TOO_LARGE: Final = 8 * 1024 * 1024
"""The largest file that is read, in bytes; the program writes far smaller ones."""


class Settings(Struct, frozen=True):
    """The user's choices."""

    theme: str = THEME
    """The name of the colours."""
    interface: Language | None = None
    """``None`` for the locale's."""
    answer_language: AnswerLanguage = "auto"
    """The language answers are shown in."""
    recent: Annotated[tuple[str, ...], Meta(max_length=RECENT)] = ()
    """Documents that were opened, newest first, at most :data:`RECENT`."""
    keys: dict[str, str] = field(default_factory=dict)
    """Keys set by the user: an action's id and its keys, separated by commas."""
    semantic: bool = True
    """Whether sentence vectors take part where the extra ``askdoc[semantic]`` is installed."""


def config_folder() -> Path:
    """Return the folder of settings; it need not exist."""
    folder = environment.config()
    if folder and "\0" not in folder:
        return Path(folder).expanduser()
    import platformdirs

    return platformdirs.user_config_path("askdoc", appauthor=False)


# --- choices ---------------------------------------------------------------------------------------------------------


def load() -> Settings:
    """Return the choices; missing and invalid ones have their defaults."""
    choices = {}
    for name, value in _object(config_folder() / "settings.json").items():
        with contextlib.suppress(ValidationError):
            convert({name: value}, Settings)
            choices[name] = value
    return convert(choices, Settings)


def semantic_wanted() -> bool:
    """Tell whether sentence vectors are wanted: as ``$ASKDOC_SEMANTIC`` says (``0``, ``off`` and ``no`` are no), else as chosen."""
    semantic = environment.semantic()
    return load().semantic if semantic is None else semantic


def keep(**choices: Any) -> None:
    """Remember choices by the names of :class:`Settings`' fields; the rest of the file stays."""
    path = config_folder() / "settings.json"
    _write(path, json_text.dumps(_object(path) | choices, indent=1) + "\n")


def opened(documents: Sequence[str]) -> None:
    """Remember the documents opened last."""
    paths = [str(Path(document).expanduser().absolute()) for document in documents if "\0" not in document]
    if paths:
        keep(recent=tuple(dict.fromkeys((*paths, *load().recent)))[:RECENT])


def _object(path: Path) -> dict[str, Any]:
    text = _read(path)
    if text is None:
        return {}
    try:
        return json_text.loads(text, dict[str, Any])
    except ValueError:
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".damaged"))
        return {}


# --- questions asked -------------------------------------------------------------------------------------------------


class History:
    """The questions that were asked of an index, oldest first, in a file of their own."""

    def __init__(self, key: str) -> None:
        """Open the history of the index ``key``: its path, or ``"stdin"``."""
        digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        self._path = config_folder() / "history" / f"{digest}.jsonl"

    def load(self) -> list[str]:
        """Return the questions, at most :data:`HISTORY`, without damaged lines."""
        questions = []
        for line in (_read(self._path) or "").splitlines():
            with contextlib.suppress(ValueError):
                questions.append(json_text.loads(line, str))
        if len(questions) > 2 * HISTORY:
            _write(self._path, "".join(json_text.dumps(text) + "\n" for text in questions[-HISTORY:]))
        return questions[-HISTORY:]

    def add(self, text: str) -> None:
        """Remember a question. A line is appended in one write, so that two programs may do so."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            handle = os.open(self._path, flags, 0o600)
            try:
                os.write(handle, (json_text.dumps(text) + "\n").encode())
            finally:
                os.close(handle)
        except (OSError, ValueError):
            return


# --- conversations ---------------------------------------------------------------------------------------------------


class Saved(Struct, frozen=True):
    """A saved conversation."""

    path: Path
    title: str
    """Its first question."""
    turns: int
    when: str
    """When it was last saved: local time, ``2026-05-01 12:30``."""


def conversation_path() -> Path:
    """Return a path for a new conversation, where no file exists yet."""
    folder = config_folder() / "conversations"
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{stamp}-{os.getpid()}.json"


def save_conversation(path: Path, text: str) -> bool:
    """Save a conversation, replacing the file; return whether that succeeded."""
    return _write(path, text)


def saved_conversations(most: int = 200) -> list[Saved]:
    """Return the saved conversations, newest first, without files that are none."""
    with contextlib.suppress(OSError):
        paths = sorted((config_folder() / "conversations").glob("*.json"), key=_changed, reverse=True)
        return [saved for path in paths[:most] if (saved := _saved(path)) is not None]
    return []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


class _Turn(Struct):
    question: str


class _Transcript(Struct):
    """The part of a saved conversation that the list shows."""

    turns: Annotated[list[_Turn], Meta(min_length=1)]


def _saved(path: Path) -> Saved | None:
    try:
        turns = json_text.loads(_read(path) or "", _Transcript).turns
    except ValueError:
        return None
    when = datetime.fromtimestamp(_changed(path)).strftime("%Y-%m-%d %H:%M")
    return Saved(path, " ".join(turns[0].question.split())[:120], len(turns), when)


# --- files -----------------------------------------------------------------------------------------------------------


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > _TOO_LARGE:
            return None
        return path.read_text("utf-8", errors="replace")
    except (OSError, ValueError):
        return None


def _write(path: Path, text: str) -> bool:
    """Replace a file atomically, readable for its owner alone; return whether that succeeded."""
    from askdoc.storage.private_files import put_in_place  # here: what only reads settings need not load it

    try:
        put_in_place(path, text.encode("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return False
    return True
