"""Bytes → text: byte order marks first, then UTF-8, then what Chinese and Western files are found in.

A guess is always said. The Chinese encodings are told apart by how common the characters are that they give: GB 2312 and
Big5 both keep the common ones in a first level of their own. What is neither is left to charset-normalizer.
"""

from __future__ import annotations

import codecs
from typing import Final

from askdoc.errors import DocumentMalformed
from askdoc.model import Warning_
from askdoc.text import LINE_END

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_SAMPLE: Final = 64 * 1024
"""Bytes that an encoding is guessed from: those of lines that hold any beyond ASCII."""

_MARKS: Final = frozenset("，。！？；：、“”‘’（）《》〈〉「」『』【】…—·～％\u3000")
_NULS: Final = 8
"""As many NUL bytes may a text hold, and one in a thousand."""


def decode(data: bytes, name: str) -> tuple[str, str, tuple[Warning_, ...]]:
    """The text of bytes, its encoding, and what a person should know of it (``name`` stands in the warnings).

    The mark at the start is no part of the text. Raises :class:`DocumentMalformed` for what is no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _said(data[len(mark) :], encoding, name)
    nuls = data.count(0)
    if nuls or len(data) % 2 == 0:
        wide = _wide(data, nuls)
        if wide:
            return _said(data, wide, name)
    if nuls > max(_NULS, len(data) // 1000):
        raise DocumentMalformed("reader-binary", path=name)
    try:
        text, encoding, warnings = data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        return _said(data, "utf-8" if _mostly_utf8(data) else _narrow(data), name)
    _refuse_binary(text, name)
    return text, encoding, warnings


def _said(data: bytes, encoding: str, name: str) -> tuple[str, str, tuple[Warning_, ...]]:
    """Decode, with a warning for an encoding that is not UTF-8 and for bytes that mean nothing in it."""
    warnings: list[Warning_] = []
    if encoding != "utf-8":
        warnings.append(Warning_("reader-encoding", {"path": name, "encoding": encoding.upper().replace("_", "-")}))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        before = data[: error.start].decode(encoding, "replace")
        line = 1 + sum(1 for _ in LINE_END.finditer(before))
        count = text.count("\ufffd")
        if count > 0.3 * len(text) and count > 3:
            raise DocumentMalformed("reader-binary", path=name) from None
        warnings.append(Warning_("reader-broken", {"path": name, "count": count, "line": line}))
    _refuse_binary(text, name)
    return text, encoding, tuple(warnings)


def _refuse_binary(text: str, name: str) -> None:
    """Pictures, archives and programs are full of control characters that no text has."""
    sample = text[:_SAMPLE]
    controls = sum(char < " " and char not in "\t\n\r\f\x1b" for char in sample)
    if text.startswith(("%PDF-", "PK\x03\x04")) or controls > max(32, len(sample) // 20):
        raise DocumentMalformed("reader-binary", path=name)


def _wide(data: bytes, nuls: int) -> str | None:
    """UTF-16 or UTF-32 without a mark, where it gives a text that people write and UTF-8 does not."""
    if not nuls:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return None
    best, score = None, 0.9
    for encoding in _WIDE:
        unit = 4 if "32" in encoding else 2
        if len(data) % unit:
            continue
        sample = data[:_SAMPLE]
        text = sample.decode(encoding, "replace")
        found = _written(text)
        if found > score and (nuls or any(char in text for char in "\n，。")):
            best, score = encoding, found
    return best


def _written(text: str) -> float:
    """The share of a text that is plain ASCII, common Chinese or its marks."""
    if not text:
        return 0.0
    good = sum(" " <= char <= "~" or char in "\t\n\r" or char in _MARKS or _common(char) for char in text)
    return good / len(text)


def _mostly_utf8(data: bytes) -> bool:
    """Whether this is UTF-8 with a few broken bytes: far more of its characters beyond ASCII are whole than broken."""
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    whole = sum(char > "\x7f" for char in lenient) - broken
    return whole >= 4 * broken


def _narrow(data: bytes) -> str:
    """The likeliest of the encodings that Chinese and Western texts come in."""
    sample = _telling(data)
    scores = {encoding: _chinese(sample, encoding) for encoding in ("gb18030", "big5hkscs")}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] > 0.55:
        return "gb18030" if best == "gb18030" else "big5" if _decodes(data, "big5") else "big5hkscs"
    western = [encoding for encoding in ("cp1252", "latin_1") if _decodes(data, encoding)]
    if scores[best] < 0.25:
        return western[0]
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=[*western, "gb18030", "big5"], preemptive_behaviour=False).best()
    return found.encoding if found is not None else western[0]


def _telling(data: bytes) -> bytes:
    """Lines of the data with bytes beyond ASCII, up to the sample's size."""
    found: list[bytes] = []
    size = at = 0
    while at < len(data) and size < _SAMPLE:
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop + 1
        line = data[at : min(stop, at + _SAMPLE)]
        if not line.isascii():
            found.append(line)
            size += len(line)
        at = stop
    return b"".join(found)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _chinese(sample: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that are common Chinese ones or Chinese marks, broken ones counted."""
    beyond = [char for char in sample.decode(encoding, "replace") if char > "\x7f"]
    if not beyond:
        return 0.0
    return sum(char in _MARKS or _common(char, encoding) for char in beyond) / len(beyond)


def _common(char: str, encoding: str = "") -> bool:
    """Whether a character is in the first level of GB 2312 or Big5: the 3,755 and 5,401 most common ones."""
    if char < "\u4e00" or char > "\u9fff":
        return False
    if encoding != "big5hkscs":
        try:
            if 0xB0 <= char.encode("gb2312")[0] <= 0xD7:
                return True
        except UnicodeEncodeError:
            pass
    if encoding != "gb18030":
        try:
            return 0xA4 <= char.encode("big5")[0] <= 0xC6
        except UnicodeEncodeError:
            pass
    return False
