"""The structure of a document: its sections with the passages of each, and sections by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from askdoc.analysis import unsegmented
from askdoc.answering.context import Context
from askdoc.model import LANGUAGES, Language, Section
from askdoc.question.query import Word
from askdoc.question.scope import NUMBERS
from askdoc.text.han import HAN_RUN, character_pairs
from askdoc.text.normalize import fold, normalize
from askdoc.text.similarity import dice_similarity

if TYPE_CHECKING:
    from askdoc.storage.snapshot import Snapshot, StoredPassage

Path = tuple[str, ...]

_BATCH: Final = 512
"""Passages read at a time."""

_DOCUMENTS: Final = 32
"""Documents whose headings are compared with a question, at most."""

SIMILAR: Final = 0.9
"""The Dice similarity from which a question is a heading as it stands."""

_MARKUP: Final = re.compile(r"!\[[^\]]*\](?:\([^)]*\))?|\]\([^)]*\)|<[^>]*>")
_NUMBERING: Final = re.compile(
    r"^[\W_]*(?:(?:chapter|section|part|article|appendix|step)\s+\w{1,4}\b|第\s*[\d一二三四五六七八九十百]+\s*[章节条部分篇回]+"
    r"|[\dx]+年?(?:[.\-–—\d?]|\s(?=\W))*(?!\w)|[一二三四五六七八九十]+(?=[、.．]))[\W_]*"
)
_NUMBER: Final = re.compile(
    r"[\W_]*(?:chapter|section|part|article|appendix|step|第)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2}|one|two|three|four|five)\s*(?:[.、:：\s章节条部]|$)"
)
_PARTS: Final = re.compile(r"\s[/|–—-]\s|[/／:：|｜]")
_ARTICLE: Final = re.compile(r"^(?:the|an?)\s")
_SIGNS: Final = re.compile(r"[\W_]+")


def plain_heading(heading: str) -> str:
    """Return a heading as a reader sees it, without markup."""
    return " ".join(re.sub(r"[*`\[\]]|^#+\s", "", _MARKUP.sub("", heading)).split())


def key(text: str) -> str:
    """Return what is compared of a heading: its letters and digits, folded."""
    return _SIGNS.sub("", _ARTICLE.sub("", fold(text).strip()))


def keys(heading: str) -> tuple[str, ...]:
    """Return the keys of a heading, the fullest first: as it stands, without its number, each of its parts."""
    text = fold(plain_heading(heading)).strip()
    bare = _NUMBERING.sub("", text, count=1)
    parts = [_NUMBERING.sub("", part.strip(), count=1) for part in _PARTS.split(bare)]
    return tuple(dict.fromkeys(form for form in map(key, (text, bare, *parts)) if len(form) > 1))


_USUAL: Final = (
    "epilogue 尾声 后记",
    "prologue 序 序章 楔子 引子",
    "introduction 引言 前言 简介 绪论 导言",
    "conclusion conclusions 结论 结语 总结 小结",
    "summary 摘要 小结 总结",
    "abstract 摘要",
    "appendix 附录",
    "references 参考文献",
    "background 背景",
)
"""Names of sections that are said in one language and stand in the other."""


class Structure:
    """One document of an index: its title, its sections, the passages of each."""

    def __init__(self, snapshot: Snapshot, document: str, title: Mapping[Language, str]) -> None:
        self._snapshot = snapshot
        self.document = document
        self.title = title

    @cached_property
    def numbers(self) -> Sequence[int]:
        """Its passages, in its order."""
        return self._snapshot.numbers(self.document)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Its sections, in its order; the path of what stands before the first heading is empty."""
        return self._snapshot.sections(self.document)

    @cached_property
    def headed(self) -> list[int]:
        """The sections that have a heading."""
        return [number for number, section in enumerate(self.sections) if any(section.path.values())]

    @property
    def _own(self) -> list[list[int]]:
        """For each section the numbers of the passages right below its heading, cached for the index's present state."""
        return self._snapshot.cached(("section passages", self.document), self._assign)

    def _assign(self) -> list[list[int]]:
        rows: list[list[int]] = [[] for _ in self.sections]
        by_path: dict[tuple[Language, Path], list[int]] = {}
        for number, section in enumerate(self.sections):
            for language in LANGUAGES:
                by_path.setdefault((language, section.path.get(language, ())), []).append(number)
        current = 0
        for start in range(0, len(self.numbers), _BATCH):
            for stored in self._snapshot.passages(self.numbers[start : start + _BATCH]):
                current = _section_of(stored, by_path, current)
                if current < len(rows):
                    rows[current].append(stored.number)
        return rows

    def passages(self, section: int) -> list[int]:
        """Return the numbers of the passages in a section, those of the sections below it included."""
        numbers = list(self._own[section])
        for below in range(section + 1, len(self.sections)):
            if not _extends(self.sections[below].path, self.sections[section].path):
                break
            numbers += self._own[below]
        return numbers

    def top(self) -> list[int]:
        """Return the sections of the highest level that has more than one."""
        for depth in range(1, 4):
            level = [number for number in self.headed if _depth(self.sections[number]) == depth]
            if len(level) > 1:
                return level
        return self.headed

    def titled(self, text: str) -> bool:
        """Tell whether a text is the document's title as it stands."""
        asked = key(text)
        return any(asked in keys(title) for title in self.title.values())

    def numbered(self, section: int, number: int) -> bool:
        """Tell whether a section's heading has this number."""
        for path in self.sections[section].path.values():
            match = _NUMBER.match(fold(path[-1]).strip()) if path else None
            if match and NUMBERS.get(match.group(1)) == number:
                return True
        return False

    def named(self, name: str, *, exactly: bool) -> list[int]:
        """Return the sections whose heading is ``name``; else, unless ``exactly``, the nearest that contains its words."""
        usual = (word for words in map(str.split, _USUAL) if key(name) in words for word in words)
        asked_keys = dict.fromkeys((*keys(name)[:2], *(() if exactly else usual)))
        titles = [key(title) for title in self.title.values()]
        matches: list[tuple[int, int]] = []
        for section in self.headed:
            headings = {path[-1] for path in self.sections[section].path.values() if path}
            for own in (form for heading in headings for form in keys(heading)):
                for rank, asked in enumerate(asked_keys):
                    bare = next(
                        (asked.removeprefix(title) for title in titles if title and asked.startswith(title)), ""
                    )
                    if own in (asked, bare) or (len(own) > 7 and dice_similarity(own, asked) >= SIMILAR):
                        matches.append((rank, section))
        if matches:
            best = min(rank for rank, _ in matches)
            return list(dict.fromkeys(section for rank, section in matches if rank == best))
        if exactly:
            return []
        asked_stems = _stems(name)
        overlaps = []
        for section in self.headed:
            for path in self.sections[section].path.values():
                own_stems = _stems(path[-1]) if path else set()
                if asked_stems and asked_stems <= own_stems:
                    overlaps.append((len(own_stems), section))
        return [min(overlaps)[1]] if overlaps else []


def _section_of(stored: StoredPassage, by_path: Mapping[tuple[Language, Path], Sequence[int]], current: int) -> int:
    """Return the section of a passage: the first with its paths from the current one on, else the current one."""
    rows = [set(by_path.get((language, version.section), ())) for language, version in stored.passage.versions.items()]
    fitting = sorted(set.intersection(*rows)) if rows else []
    return next((number for number in fitting if number >= current), fitting[-1] if fitting else current)


def _depth(section: Section) -> int:
    return max(map(len, section.path.values()), default=0)


def _extends(path: Mapping[Language, Path], above: Mapping[Language, Path]) -> bool:
    """Tell whether a section's path lies below another's."""
    return any(
        head and len(path.get(name, ())) > len(head) and path[name][: len(head)] == head for name, head in above.items()
    )


def _stems(text: str) -> set[str]:
    """Return the content words of a heading or of a name for one: stems, and of Chinese its pairs of characters."""
    plain = plain_heading(text)
    form = normalize(plain)
    words = {token.term for token in unsegmented(plain, form) if token.kind == "word"}
    return words.union(*(character_pairs(run) for run in HAN_RUN.findall(form.text)))


def structures(snapshot: Snapshot, within: frozenset[int] | None) -> list[Structure]:
    """Return the documents of an index, those of ``within`` where it narrows them."""
    documents = [Structure(snapshot, summary.name, summary.title) for summary in snapshot.documents()]
    if within is None:
        return documents
    return [document for document in documents if not within.isdisjoint(document.numbers)]


def with_headings(context: Context, words: Iterable[Word], within: frozenset[int] | None) -> Sequence[Structure]:
    """Return the documents that have a heading or a title with all of some words."""
    holders = context.in_headings(words)
    if within is not None:
        holders &= within
    matching = [
        structure for structure in structures(context.snapshot, within) if not holders.isdisjoint(structure.numbers)
    ]
    return matching[:_DOCUMENTS]
