"""Small files of the program's own, put in place whole: settings, conversations, the dictionary's table.

A process that is killed meanwhile leaves its new file behind. The next writer of the same folder removes it: whoever
still writes holds a lock on its file, which the system lets go of when the process dies.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from pathlib import Path
from typing import Final

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_OLD: Final = 60.0
"""Seconds after which a new file is taken for left over on Windows, where the lock ends before the replacement."""


def put_in_place(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Write a file that only its owner can read, all of it or nothing, in a private folder. Raises OSError, ValueError.

    With ``sync`` the data is on the disk before the file has its name.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(path.parent)
    handle, new = _create(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())  # else a power loss could leave an empty file under the final name
            if sys.platform != "win32":
                new.replace(path)  # while the lock is held: nobody takes the new file for left over
        if sys.platform == "win32":
            new.replace(path)  # an open file cannot be renamed there
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _create(path: Path) -> tuple[int, Path]:
    """Create a file beside ``path`` and lock it; return its handle and path."""
    while True:
        new = path.with_name(f".{path.name}.{os.urandom(8).hex()}.new")
        handle = os.open(new, _NEW, 0o600)
        _lock(handle, wait=True)
        if os.fstat(handle).st_nlink or sys.platform == "win32":
            return handle, new
        os.close(handle)  # somebody took it for left over before it was locked


def _sweep(folder: Path) -> None:
    """Remove the new files of writers that were killed."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if re.fullmatch(r"\..+\.[0-9a-f]{16}\.new", path.name):
                with contextlib.suppress(OSError):
                    _remove_abandoned(path)


def _remove_abandoned(path: Path) -> None:
    if sys.platform == "win32":
        if time.time() - path.stat().st_mtime > _OLD:
            path.unlink()
        return
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if _lock(handle, wait=False):
            path.unlink()
    finally:
        os.close(handle)


def _lock(handle: int, *, wait: bool) -> bool:
    """Lock a file until it is closed; return false where another process holds the lock, or there are no such locks."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
