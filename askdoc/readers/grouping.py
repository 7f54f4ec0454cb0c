"""Which files are one document: names that differ by a language mark, or pairs that are named."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from askdoc.errors import UsageError
from askdoc.model import RECORD_ENDINGS, DocumentFiles, Language
from askdoc.readers.source_file import shown
from askdoc.text.spans import numbered

_ENGLISH: Final = r"en(?:g|glish)?(?:[-_][a-z]{2})?|英文|英语"
_CHINESE: Final = r"(?:zho?|cn|chs|cht|chi|chinese)(?:[-_](?:hans|hant|cn|tw|hk|mo|sg|chs|cht))*|hans|hant|中文|汉语|漢語|简体|繁體|繁体"
_SUFFIX: Final = re.compile(
    rf"(?P<stem>.+?)[.\-_ ][(（]?(?:(?P<en>{_ENGLISH})|(?P<zh>{_CHINESE}))[)）]?", re.IGNORECASE
)
_FOLDER: Final = re.compile(rf"(?P<en>{_ENGLISH})|(?P<zh>{_CHINESE})", re.IGNORECASE)
_LONGEST_NAME: Final = 120

_Files = tuple[tuple[Path, Language | None], ...]


class _Mark(Struct, frozen=True):
    """A language mark in a path."""

    language: Language
    stem: str
    key: str
    """The whole path without the mark, lower-case."""


def group(paths: Sequence[Path], pairs: Sequence[tuple[Path, Path]] = ()) -> list[DocumentFiles]:
    """Group files into documents, in the order given; named ``pairs`` (English, Chinese) come first, as they are.

    ``x.en.md`` and ``x.zh-CN.md``, ``en/x.md`` and ``zh/x.md`` are one document; so are ``x.md`` and ``x.zh.md``. A file
    that is named twice is one. Raises :class:`UsageError` where a file stands in two pairs, or twice in one.
    """
    taken: set[str] = set()
    documents: list[tuple[str, _Files]] = []
    for english, chinese in pairs:
        for path in (english, chinese):
            if _real(path) in taken:
                raise UsageError("group-pair-twice", path=shown(path))
            taken.add(_real(path))
        mark = _mark(english)
        documents.append((mark.stem if mark else english.stem, ((english, "en"), (chinese, "zh"))))
    free: list[Path] = []
    for path in paths:
        if _real(path) not in taken:
            taken.add(_real(path))
            free.append(path)
    partners = _partners(free)
    used: set[Path] = set()
    for path in free:
        if path in used:
            continue
        partner = partners.get(path)
        if partner is None:
            documents.append((path.stem, ((path, None),)))
            continue
        stem, english, chinese = partner
        used.update((english, chinese))
        documents.append((stem, ((english, "en"), (chinese, "zh"))))
    return _unique(documents)


def _real(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def _partners(paths: Sequence[Path]) -> dict[Path, tuple[str, Path, Path]]:
    """For each file that is half of a document: the document's name, its English and its Chinese file."""
    sides: dict[str, dict[Language, list[tuple[Path, str]]]] = {}
    plain: dict[str, Path] = {}
    for path in paths:
        if path.suffix.lower() in RECORD_ENDINGS:
            continue
        mark = _mark(path)
        if mark is None:
            plain.setdefault(_key(path.parent / path.stem, path), path)
        else:
            sides.setdefault(mark.key, {}).setdefault(mark.language, []).append((path, mark.stem))
    partners: dict[Path, tuple[str, Path, Path]] = {}
    for key, both in sides.items():
        # Of several Chinese versions (zh-CN, zh-TW) the first is the pair, the others stand alone.
        first: dict[Language, tuple[Path, str]] = {language: versions[0] for language, versions in both.items()}
        if len(first) == 1 and key in plain:  # "README.md" beside "README.zh-CN.md"
            language: Language = "en" if "zh" in first else "zh"
            first[language] = plain[key], plain[key].stem
        if len(first) == 2:
            (english, stem), (chinese, _) = first["en"], first["zh"]
            partners[english] = partners[chinese] = stem, english, chinese
    return partners


def _mark(path: Path) -> _Mark | None:
    match = _SUFFIX.fullmatch(path.stem)
    if match:
        language: Language = "en" if match["en"] else "zh"
        return _Mark(language, match["stem"], _key(path.parent / match["stem"], path))
    parts = path.parent.parts
    for index in range(len(parts) - 1, -1, -1):
        folder = _FOLDER.fullmatch(parts[index])
        if folder:
            whole = Path(*parts[:index], "*", *parts[index + 1 :], path.stem)
            return _Mark("en" if folder["en"] else "zh", path.stem, _key(whole, path))
    return None


def _key(bare: Path, path: Path) -> str:
    return f"{bare}{path.suffix}".casefold()


def _unique(documents: Sequence[tuple[str, _Files]]) -> list[DocumentFiles]:
    taken: set[str] = set()
    numbers: dict[str, int] = {}  # the last number of each name: all below it are taken
    groups = []
    for stem, files in documents:
        plain = " ".join(shown(stem).replace("\ufffd", " ").replace("#", "-").split())[:_LONGEST_NAME] or "document"
        name = numbered(plain, taken, numbers)
        taken.add(name)
        groups.append(DocumentFiles(name, files))
    return groups
