"""Which files are one document: names that differ by a language mark, or pairs that are named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from askdoc.errors import UsageError
from askdoc.model import Language
from askdoc.text import display

_ENGLISH: Final = r"en(?:g|glish)?(?:[-_][a-z]{2})?|英文|英语"
_CHINESE: Final = r"(?:zh|cn|chs|cht|chi|chinese)(?:[-_](?:hans|hant|cn|tw|hk|sg|chs|cht))*|中文|汉语|简体|繁体"
_SUFFIX: Final = re.compile(rf"^(?P<stem>.+?)[.\-_ ]\(?(?:(?P<en>{_ENGLISH})|(?P<zh>{_CHINESE}))\)?$", re.IGNORECASE)
_FOLDER: Final = re.compile(rf"^(?:(?P<en>{_ENGLISH})|(?P<zh>{_CHINESE}))$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one document."""

    name: str
    """The document's name: the file's stem without its language mark, unique in its index by -2, -3."""
    files: tuple[tuple[Path, Language | None], ...]
    """One file, of unknown language; or two, English first."""


def group(paths: Sequence[Path], pairs: Sequence[tuple[Path, Path]] = ()) -> list[Group]:
    """Group files into documents, in the order given; named ``pairs`` (English, Chinese) come as they are.

    Raises :class:`UsageError` where a file stands in two pairs.
    """
    counted = Counter(path for pair in pairs for path in pair)
    twice = [path for path, count in counted.items() if count > 1]
    if twice:
        raise UsageError("group-pair-twice", path=display(str(twice[0])))
    paired = set(counted)
    free = list(dict.fromkeys(path for path in paths if path not in paired))
    found: list[tuple[str, tuple[tuple[Path, Language | None], ...]]] = []
    for english, chinese in pairs:
        marked = _mark(english)
        found.append((marked[1] if marked else english.stem, ((english, "en"), (chinese, "zh"))))
    sides: dict[tuple[str, str], dict[Language, Path]] = {}
    for path in free:
        mark = _mark(path)
        if mark:
            sides.setdefault((mark[2], path.suffix.lower()), {}).setdefault(mark[0], path)
    used: set[Path] = set()
    for path in free:
        if path in used:
            continue
        mark = _mark(path)
        both = sides.get((mark[2], path.suffix.lower()), {}) if mark else {}
        if mark and len(both) == 2 and path in both.values():
            used.update(both.values())
            found.append((mark[1], ((both["en"], "en"), (both["zh"], "zh"))))
        else:
            found.append((path.stem, ((path, None),)))
    return _unique(found)


def _mark(path: Path) -> tuple[Language, str, str] | None:
    """The language that a name is marked with, the name without the mark, and the whole path without it."""
    match = _SUFFIX.match(path.stem)
    if match:
        language: Language = "en" if match["en"] else "zh"
        return language, match["stem"], str(path.parent / match["stem"])
    folder = _FOLDER.match(path.parent.name)
    if folder:
        return ("en" if folder["en"] else "zh"), path.stem, str(path.parent.parent / "*" / path.stem)
    return None


def _unique(found: Sequence[tuple[str, tuple[tuple[Path, Language | None], ...]]]) -> list[Group]:
    taken: set[str] = set()
    groups = []
    for stem, files in found:
        plain = display(stem.encode("utf-8", "replace").decode()).replace("\n", " ").replace("#", "-") or "document"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name)
        groups.append(Group(name, files))
    return groups
