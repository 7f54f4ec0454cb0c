"""Bytes → text: byte order marks first, then UTF-8, then what charset-normalizer makes of the rest.

A guess is always said. Where nothing can be guessed, the text is read as GB18030, or refused where that breaks it.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Final

from askdoc.errors import DocumentMalformed
from askdoc.model import Warning_
from askdoc.text.spans import LINE_END

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = ("utf_32_le", "utf_32_be", "utf_16_le", "utf_16_be")
_NARROW: Final = ("gb18030", "big5hkscs", "cp1252")
_SAMPLE: Final = 64 * 1024
"""Bytes that an encoding is guessed from."""
_ENOUGH: Final = 2500
"""Bytes that charset-normalizer needs to be sure; a shorter text is repeated, for it gives most short Chinese to Big5."""
_NULS: Final = 8
"""As many NUL bytes may a text hold, and one in a thousand."""


def decode(data: bytes, name: str) -> tuple[str, str, tuple[Warning_, ...]]:
    """Return the text of bytes, its encoding, and what a person should know of it (``name`` stands in the warnings).

    The mark at the start is no part of the text. Raises :class:`DocumentMalformed` for what is no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, name)
    binary = data.count(0) > max(_NULS, len(data) // 1000)
    if not binary and _mostly_utf8(data):
        return _decode_as(data, "utf-8", name)
    guess = _guess(data[:_SAMPLE], _WIDE) if 0 in data else None
    if guess is None and binary:
        raise DocumentMalformed("reader-binary", path=name)
    return _decode_as(data, guess or _guess(_beyond_ascii(data), _NARROW) or "gb18030", name)


def _decode_as(data: bytes, encoding: str, name: str) -> tuple[str, str, tuple[Warning_, ...]]:
    """Decode, with a warning for an encoding that is not UTF-8 and for bytes that mean nothing in it."""
    encoding = encoding.replace("_", "-")
    warnings: list[Warning_] = []
    if encoding != "utf-8":
        warnings.append(Warning_("reader-encoding", {"path": name, "encoding": encoding.upper()}))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        before = data[: error.start].decode(encoding, "replace")
        line = 1 + len(LINE_END.findall(before))
        count = text.count("\ufffd")
        if count > 0.3 * len(text) and count > 3:
            raise DocumentMalformed("reader-binary", path=name) from None
        warnings.append(Warning_("reader-broken", {"path": name, "count": count, "line": line}))
    # Pictures, archives and programs are full of control characters that no text has.
    sample = text[:_SAMPLE]
    controls = sum(char < " " and char not in "\t\n\r\f\x1b" for char in sample)
    if text.startswith(("%PDF-", "PK\x03\x04")) or controls > max(32, len(sample) // 20):
        raise DocumentMalformed("reader-binary", path=name)
    return text, encoding, tuple(warnings)


def _mostly_utf8(data: bytes) -> bool:
    """Return whether this is UTF-8, maybe with a few broken bytes: far more characters beyond ASCII whole than broken."""
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd") - data.count("\ufffd".encode())
    return not broken or sum(char > "\x7f" for char in lenient) >= 5 * broken


def _guess(sample: bytes, encodings: Sequence[str]) -> str | None:
    """Return the likeliest of some encodings; ``None`` where none gives a text. A few broken bytes rule none out."""
    from charset_normalizer import CharsetMatch, from_bytes

    matches: list[CharsetMatch] = []
    for encoding in encodings:
        text = sample.decode(encoding, "replace")
        whole = text.replace("\ufffd", "").encode(encoding)
        if whole and text.count("\ufffd") <= max(2, len(text) // 20):
            repeated = whole * (1 + _ENOUGH // len(whole))
            matches += from_bytes(repeated, cp_isolation=[encoding], preemptive_behaviour=False, threshold=0.6)
    return min(matches).encoding if matches else None


def _beyond_ascii(data: bytes) -> bytes:
    """Return the first lines that hold bytes beyond ASCII: English before the first Chinese tells nothing."""
    return b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
