"""A file, opened safely, decoded and cleaned, with the way back to its lines and offsets."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import stat
from bisect import bisect_right
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable, LimitExceeded
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Language, Place, SourceInfo, Warning_
from askdoc.text import LINE_END, Cleaned, clean, display

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK: Final = 1 << 20
_SAMPLE: Final = 256 * 1024
"""As much of a file as its encoding is guessed from."""


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded source: its text without what :func:`askdoc.text.clean` removes, and its lines."""

    info: SourceInfo
    text: str
    cleaned: Cleaned
    line_starts: tuple[int, ...]
    """Offsets in ``text`` at which lines begin."""
    warnings: tuple[Warning_, ...] = ()

    def line_of(self, offset: int) -> int:
        """The line, 1-based, of an offset in ``text``."""
        return bisect_right(self.line_starts, offset)

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source as it was decoded."""
        span = self.cleaned.original_span(start, end)
        return Place(self.info.path, (self.line_of(start), self.line_of(max(start, end - 1))), None, span)


def load(path: Path, *, language: Language | None = None, limits: Limits = DEFAULT) -> Source:
    """Open, decode and clean a file.

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable` (a folder, a pipe, no permission, changed while it was
    read), :class:`LimitExceeded` or :class:`DocumentMalformed` (not text, empty).
    """
    name = str(path)
    data, found = _read(path, limits)
    info = SourceInfo(
        name, found.st_size, found.st_mtime_ns, found.st_ino, hashlib.sha256(data).hexdigest(), "utf-8", language
    )
    return _decoded(data, info, limits)


def from_bytes(data: bytes, name: str, *, limits: Limits = DEFAULT) -> Source:
    """The same for bytes that are no file, such as standard input."""
    if len(data) > limits.file_bytes:
        raise LimitExceeded("reader-too-large", path=name, size=len(data), limit=limits.file_bytes)
    return _decoded(data, SourceInfo("-", len(data), 0, 0, hashlib.sha256(data).hexdigest(), "utf-8"), limits)


def _read(path: Path, limits: Limits) -> tuple[bytes, os.stat_result]:
    name = display(str(path)).encode("utf-8", "replace").decode()
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        raise DocumentNotFound("document-missing", path=name) from None
    except (OSError, ValueError) as error:
        reason = "reader-folder" if isinstance(error, IsADirectoryError) else "reader-cannot-open"
        raise DocumentUnreadable(reason, path=name, reason=_reason(error)) from None
    try:
        before = os.fstat(handle)
        if stat.S_ISDIR(before.st_mode):
            raise DocumentUnreadable("reader-folder", path=name, reason="")
        if not stat.S_ISREG(before.st_mode):
            raise DocumentUnreadable("reader-not-a-file", path=name)
        if before.st_size > limits.file_bytes:
            raise LimitExceeded("reader-too-large", path=name, size=before.st_size, limit=limits.file_bytes)
        blocks: list[bytes] = []
        size = 0
        while block := os.read(handle, _BLOCK):
            size += len(block)
            if size > limits.file_bytes:
                raise LimitExceeded("reader-too-large", path=name, size=size, limit=limits.file_bytes)
            blocks.append(block)
        after = os.fstat(handle)
    except OSError as error:
        raise DocumentUnreadable("reader-cannot-open", path=name, reason=_reason(error)) from None
    finally:
        os.close(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        raise DocumentUnreadable("reader-changed", path=name)
    return b"".join(blocks), after


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number) if isinstance(number, int) and number in errno.errorcode else type(error).__name__


def _decoded(data: bytes, info: SourceInfo, limits: Limits) -> Source:
    name = display(info.path).encode("utf-8", "replace").decode()
    text, encoding, warnings = _decode(data, name)
    if len(text) > limits.document_characters:
        raise LimitExceeded("reader-too-long", path=name, length=len(text), limit=limits.document_characters)
    cleaned = clean(text)
    if not cleaned.text.strip("\ufeff\u200b \t\r\n\u3000\u00a0\x85\u2028\u2029"):
        raise DocumentMalformed("reader-empty", path=name)
    if cleaned.removed:
        warnings = (*warnings, Warning_("reader-removed", {"path": name, "count": cleaned.removed}))
    starts = (0, *(match.end() for match in LINE_END.finditer(cleaned.text)))
    return Source(replace(info, encoding=encoding), cleaned.text, cleaned, starts, warnings)


def _decode(data: bytes, name: str) -> tuple[str, str, tuple[Warning_, ...]]:
    """The text of bytes, the encoding, and what a person should know about it."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            plain = encoding.removesuffix("-sig")
            text = data.decode(encoding, "replace")
            said = () if plain == "utf-8" else (Warning_("reader-encoding", {"path": name, "encoding": plain.upper()}),)
            return text, plain, said
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(data, name, error)
    if text.count("\x00") > len(text) / 8:
        return _guess(data, name, None)
    return text, "utf-8", ()


def _guess(data: bytes, name: str, error: UnicodeDecodeError | None) -> tuple[str, str, tuple[Warning_, ...]]:
    wide = _wide(data)
    if wide:
        return (
            data.decode(wide, "replace"),
            wide,
            (Warning_("reader-encoding", {"path": name, "encoding": wide.upper()}),),
        )
    if data.count(b"\x00") > len(data) / 1000 or error is None:
        raise DocumentMalformed("reader-binary", path=name)
    # A UTF-8 text with a few broken bytes is a broken UTF-8 text, whatever else those bytes could be.
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    good = sum(char > "\x7f" for char in lenient[:_SAMPLE]) - lenient[:_SAMPLE].count("\ufffd")
    if broken * 20 <= max(good, 1) or (broken <= 3 and good == 0 and len(data) > 2000 and data[error.start] > 0xF4):
        line = data[: error.start].count(b"\n") + 1
        return lenient, "utf-8", (Warning_("reader-broken", {"path": name, "count": broken, "line": line}),)
    encoding = _best(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    return text, encoding, (Warning_("reader-encoding", {"path": name, "encoding": encoding.upper()}),)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin text, line ends and blanks is zero."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(even, odd) < len(sample) / 100 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _best(data: bytes) -> str:
    """The most likely of the encodings that Chinese and Western texts come in."""
    from charset_normalizer import from_bytes as guess

    sample = data[:_SAMPLE]
    candidates = [encoding for encoding in ("gb18030", "big5", "cp1252", "latin_1") if _decodes(sample, encoding)]
    chinese = [encoding for encoding in candidates if encoding in ("gb18030", "big5")]
    scores = {encoding: _chinese_share(sample.decode(encoding, "ignore")) for encoding in chinese}
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    if best is not None and scores[best] > 0.6:
        return best
    found = guess(sample, cp_isolation=candidates or ["latin_1"]).best()
    return str(found.encoding) if found is not None else "latin_1"


def _decodes(sample: bytes, encoding: str) -> bool:
    for cut in range(4):  # a sample may end inside a character
        try:
            sample[: len(sample) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _chinese_share(text: str) -> float:
    """How much of a text's characters beyond ASCII are Chinese as people write it: common characters and marks."""
    beyond = [char for char in text if char > "\x7f"]
    if not beyond:
        return 0.0
    common = sum(_is_common(char) for char in beyond)
    return common / len(beyond)


def _is_common(char: str) -> bool:
    if char in "，。！？；：、“”‘’（）《》「」『』…—·　":
        return True
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        try:
            traditional = char.encode("big5")
        except UnicodeEncodeError:
            return False
        return 0xA4 <= traditional[0] <= 0xC6  # Big5's level of common characters
    return 0xB0 <= code[0] <= 0xD7  # GB 2312's level of common characters
