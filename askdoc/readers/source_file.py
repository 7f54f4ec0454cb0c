"""A file, opened safely, decoded and cleaned, with the way back to its lines and offsets."""

from __future__ import annotations

import errno
import os
import stat
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable, LimitExceeded
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Language, Place, SourceInfo, Warning_
from askdoc.readers.decoding import decode
from askdoc.text.cleaning import CleanedText, clean, display
from askdoc.text.spans import line_spans

_BLOCK: Final = 1 << 20
_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
"""What a text that is nothing else is called blank with, besides blanks."""


class Source(Struct, frozen=True):
    """A decoded source: its text without what :func:`askdoc.text.cleaning.clean` removes, and its lines."""

    info: SourceInfo
    text: str
    cleaned: CleanedText
    line_starts: Sequence[int]
    """Offsets in the text as it was decoded at which lines begin."""
    warnings: tuple[Warning_, ...] = ()

    @property
    def name(self) -> str:
        """Its path as it may be shown."""
        return shown(self.info.path)

    def line_of(self, offset: int) -> int:
        """Return the line, 1-based, of an offset in ``text``."""
        return bisect_right(self.line_starts, self.cleaned.origins.start(offset))

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source as it was decoded (without a byte order mark)."""
        first, after = self.cleaned.origins.span(start, end)
        lines = bisect_right(self.line_starts, first), bisect_right(self.line_starts, max(first, after - 1))
        return Place(self.info.path, lines, None, (first, after))


def shown(path: str | Path) -> str:
    """Return a path as it may stand in a message: one line, nothing that drives a terminal."""
    return display(str(path)).replace("\n", "\ufffd").replace("\t", " ")


def load(path: Path, *, language: Language | None = None, limits: Limits = DEFAULT) -> Source:
    """Open, decode and clean a file.

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable` (a folder, a pipe, no permission, changed while it was
    read), :class:`LimitExceeded` or :class:`DocumentMalformed` (not text, empty).
    """
    data, status = _read(path, limits)
    facts = str(path), status.st_size, status.st_mtime_ns, status.st_ino
    return _decoded(data, facts, shown(path), language, limits)


def from_bytes(data: bytes, name: str, *, limits: Limits = DEFAULT) -> Source:
    """Do the same for bytes that are no file, such as standard input; its places have the path ``"-"``."""
    if len(data) > limits.file_bytes:
        raise LimitExceeded("reader-too-large", path=shown(name), size=len(data), limit=limits.file_bytes)
    return _decoded(data, ("-", len(data), 0, 0), shown(name), None, limits)


def _read(path: Path, limits: Limits) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a regular file, and what it was like after they were read."""
    name = shown(path)
    try:
        # Opening alone can do something (a tape winds, a pipe waits), so look first; then look at what was opened.
        _regular(os.stat(path), name)
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
        try:
            before = os.fstat(handle)
            _regular(before, name)
            data = _bytes(handle, before, name, limits)
            after = os.fstat(handle)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise _refusal(error, name) from None
    changed = (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
    if changed or len(data) != after.st_size:
        raise DocumentUnreadable("reader-changed", path=name)
    return data, after


def _regular(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise DocumentUnreadable("reader-folder", path=name)
    if not stat.S_ISREG(status.st_mode):
        raise DocumentUnreadable("reader-not-a-file", path=name)


def _bytes(handle: int, status: os.stat_result, name: str, limits: Limits) -> bytes:
    size = status.st_size
    blocks: list[bytes] = []
    total = 0
    while size <= limits.file_bytes and (block := os.read(handle, _BLOCK)):
        blocks.append(block)
        total += len(block)
        size = max(size, total)
    if size > limits.file_bytes:
        raise LimitExceeded("reader-too-large", path=name, size=size, limit=limits.file_bytes)
    return b"".join(blocks)


def _refusal(error: Exception, name: str) -> DocumentNotFound | DocumentUnreadable:
    if isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError)):  # a NUL in the name is a ValueError
        return DocumentNotFound("document-missing", path=name)
    if isinstance(error, PermissionError):
        return DocumentUnreadable("reader-permission", path=name)
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return DocumentUnreadable("reader-loop", path=name)
    if isinstance(error, OSError) and error.errno == errno.ENXIO:
        return DocumentUnreadable("reader-not-a-file", path=name)
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
    return DocumentUnreadable("reader-cannot-open", path=name, reason=reason)


def _decoded(
    data: bytes, facts: tuple[str, int, int, int], name: str, language: Language | None, limits: Limits
) -> Source:
    if not data:
        raise DocumentMalformed("reader-empty", path=name)
    text, encoding, warnings = decode(data, name)
    if len(text) > limits.document_characters:
        raise LimitExceeded("reader-too-long", path=name, length=len(text), limit=limits.document_characters)
    cleaned = clean(text)
    if all(char.isspace() or char in _INVISIBLE for char in cleaned.text):
        raise DocumentMalformed("reader-empty", path=name)
    if cleaned.removed:
        warnings = (*warnings, Warning_("reader-removed", {"path": name, "count": cleaned.removed}))
    starts = array("q", (start for start, _ in line_spans(text)))
    return Source(
        SourceInfo(*facts, sha256(data).hexdigest(), encoding, language), cleaned.text, cleaned, starts, warnings
    )
