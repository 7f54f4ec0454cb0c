"""The disk around an index file: a lock for writers, new files that are private, synced and put in place at once.

Comments say which failure each step prevents.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from askdoc.errors import IndexLocked, IndexUnwritable
from askdoc.limits import DEFAULT
from askdoc.storage.schema import writing

_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_LOCK: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_POLL: Final = 0.05
"""Seconds between two tries for the lock."""

RUNS: Final = ".runs"
"""How the name of a file of runs ends, while it has one; eight letters and digits stand before."""


def lock_path(path: Path) -> Path:
    """Return the path of an index's lock file."""
    return path.with_name(path.name + ".lock")


@contextmanager
def write_lock(path: Path, *, seconds: float = DEFAULT.busy_seconds) -> Iterator[None]:
    """Hold the right to write an index; one process at a time, for a whole build.

    The system lets go of the lock of a process that dies. Raises :class:`IndexLocked` after ``seconds``,
    :class:`IndexUnwritable` where the folder cannot be written or the lock file is a link.
    """
    with writing(path):
        if path.is_symlink():
            raise IndexUnwritable("index-link", path=str(path))
        handle = _acquire(path, seconds)
    try:
        _sweep(path)
        yield
    finally:
        # Removed while it is held: whoever waits for it then finds that the path names another file, and tries anew.
        with contextlib.suppress(OSError):
            lock_path(path).unlink()
        os.close(handle)


def _acquire(path: Path, seconds: float) -> int:
    name = lock_path(path)
    end = time.monotonic() + seconds
    while True:
        handle = os.open(name, _LOCK, 0o600)
        try:
            if _lock(handle) and _names(name, handle):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if time.monotonic() >= end:
            raise IndexLocked("index-locked", path=str(path))
        time.sleep(_POLL)


def _names(name: Path, handle: int) -> bool:
    """Tell whether the path still names the open file, and not one made after ours was removed."""
    try:
        there = name.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    here = os.fstat(handle)
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def _lock(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sweep(path: Path) -> None:
    """Remove leftovers of killed writers unless somebody is writing; for a build that takes no lock itself."""
    if lock_path(path).exists() or _leftovers(path):
        with contextlib.suppress(IndexLocked, IndexUnwritable), write_lock(path, seconds=0):
            pass  # taking the lock sweeps


def _sweep(path: Path) -> None:
    """Remove leftovers of killed writers of this index; the lock excludes live ones."""
    for left in _leftovers(path):
        with contextlib.suppress(OSError):
            left.unlink()


def _leftovers(path: Path) -> list[Path]:
    """Return new files of this index, runs of its postings, and a journal that is never rolled back."""
    # The whole name must be one of ours: ``.x.askdoc.y.askdoc.….new`` is of another index, which may be under way.
    ours = re.compile(
        rf"\.{re.escape(path.name)}\.(?:[0-9a-f]{{16}}\.new(?:-journal)?|[a-z0-9_]{{8}}{re.escape(RUNS)})"
    )
    leftovers: list[Path] = []
    with contextlib.suppress(OSError):
        leftovers = [file for file in path.parent.iterdir() if ours.fullmatch(file.name)]
    journal = path.with_name(path.name + "-journal")
    if _is_cold(journal):
        leftovers.append(journal)
    return leftovers


def _is_cold(journal: Path) -> bool:
    """Tell whether a journal was not yet in force when its writer was killed: it then begins with zeros or is empty.

    Readers pass it over and the next transaction writes over it, but a build with nothing to do would leave it there.
    One in force is the next reader's to roll back.
    """
    try:
        handle = os.open(journal, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return stat.S_ISREG(os.fstat(handle).st_mode) and os.read(handle, 1) in (b"", b"\0")
    except OSError:
        return False
    finally:
        os.close(handle)


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """Create a private file in the same folder, which replaces ``path`` when the body succeeds.

    After an error nothing is left of it and the old file stands. Raises :class:`IndexUnwritable`.
    """
    # In the same folder, since a file is put in place in one step within a file system only; the name cannot be
    # guessed, and O_EXCL with O_NOFOLLOW refuses whatever is planted there.
    import secrets

    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    with writing(path):
        os.close(os.open(new, _NEW, 0o600))
    try:
        yield new
        with writing(path):
            _sync(new)  # else a power loss after the replacement could leave an empty file
            _drop_journals(path)
            new.replace(path)
            _sync_folder(path.parent)  # else a power loss could undo the replacement after we reported it
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _drop_journals(path: Path) -> None:
    """Remove journals that SQLite would play back into the new file: that of a killed refresh is of the old one.

    To be called before the replacement, so that no reader meets the new file beside it. The old file needs it no more:
    whoever replaces it has opened it, which rolls the journal back, or has found that it is lost.
    """
    for ending in ("-journal", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # folders cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> None:
    """Make a folder for indexes, private if it is new. Raises :class:`IndexUnwritable`."""
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise IndexUnwritable("index-unwritable", path=str(folder), reason="not a folder")
