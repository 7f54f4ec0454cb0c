"""Atomic replacement of an index file: a lock for writers; new files are private, synced and renamed into place.

Comments name the failure that each step prevents.
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

_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_POLL: Final = 0.05
"""Seconds between two attempts to lock."""

RUNS: Final = ".runs"
"""Ending of the name of a file of runs, while it has one; eight letters and digits precede it."""


def lock_path(path: Path) -> Path:
    """Return the path of an index's lock file."""
    return path.with_name(path.name + ".lock")


@contextmanager
def write_lock(path: Path, *, seconds: float = DEFAULT.busy_seconds) -> Iterator[None]:
    """Hold the right to write an index; one process at a time, for a whole build. Removes leftovers of killed writers.

    The system releases the lock of a process that dies. Raises :class:`IndexLocked` after ``seconds``,
    :class:`IndexUnwritable` where the folder cannot be written or the lock file is a link.
    """
    with writing(path):
        if path.is_symlink():
            raise IndexUnwritable("index-link", path=str(path))
        end = time.monotonic() + seconds
        while (handle := _acquire(lock_path(path))) is None:
            if time.monotonic() >= end:
                raise IndexLocked("index-locked", path=str(path))
            time.sleep(_POLL)
    try:
        for left in _leftovers(path):
            with contextlib.suppress(OSError):
                left.unlink()
        yield
    finally:
        # Removed under the lock: whoever waits for it then finds that the path names another file, and retries.
        with contextlib.suppress(OSError):
            lock_path(path).unlink()
        os.close(handle)


def _acquire(name: Path) -> int | None:
    """Return the locked file of a name; ``None`` where another process holds it or has just removed it."""
    handle = os.open(name, os.O_RDWR | os.O_CREAT | _NO_LINK | getattr(os, "O_CLOEXEC", 0), 0o600)
    locked = False
    try:
        with contextlib.suppress(FileNotFoundError):
            # The path may name a file that was made after ours was removed.
            locked = _lock(handle) and os.path.samestat(os.fstat(handle), name.lstat())
    finally:
        if not locked:
            os.close(handle)
    return handle if locked else None


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is Windows' word for it
        return False
    return True


def sweep(path: Path) -> None:
    """Remove leftovers of killed writers unless somebody is writing; for a build that takes no lock itself."""
    if lock_path(path).exists() or _leftovers(path):
        with contextlib.suppress(IndexLocked, IndexUnwritable), write_lock(path, seconds=0):
            pass  # taking the lock sweeps


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
    return [*leftovers, journal] if _is_cold(journal) else leftovers


def _is_cold(journal: Path) -> bool:
    """Tell whether a journal was not yet in force when its writer was killed: it then begins with zeros or is empty.

    Readers ignore it and the next transaction overwrites it, but a build with nothing to do would leave it there. The
    next reader rolls back one that is in force.
    """
    flags = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(journal, "rb", opener=lambda name, _: os.open(name, flags)) as file:
            return stat.S_ISREG(os.fstat(file.fileno()).st_mode) and file.read(1) in (b"", b"\0")
    except OSError:
        return False


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """Create a private file in the same folder, which replaces ``path`` when the body succeeds.

    After an error nothing is left of it and the old file stands. Raises :class:`IndexUnwritable`.
    """
    # In the same folder, since a rename is atomic only within one file system; the name cannot be
    # guessed, and O_EXCL with O_NOFOLLOW refuses whatever is planted there.
    new = path.with_name(f".{path.name}.{os.urandom(8).hex()}.new")
    with writing(path):
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_BINARY", 0), 0o600))
    try:
        yield new
        with writing(path):
            _sync(new, os.O_RDWR | _NO_LINK)  # else a power loss after the replacement could leave an empty file
            # Else SQLite would play the journal of a killed refresh of the old file back into the new one. Before the
            # replacement, so that no reader finds both. The old file no longer needs it: whoever replaces the file has
            # opened it, which rolls the journal back, or knows that it is lost.
            for ending in ("-journal", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            new.replace(path)
            if sys.platform != "win32":  # folders cannot be opened there
                _sync(path.parent, os.O_RDONLY)  # else a power loss could undo the replacement after we reported it
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _sync(path: Path, mode: int) -> None:
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> None:
    """Make a folder for indexes, private if it is new. Raises :class:`IndexUnwritable`."""
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not folder.is_dir():
            raise IndexUnwritable("index-unwritable", path=str(folder), reason="not a folder")
