"""The sections of an index: its outline, the passages of each section, and sections by their headings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Final

from msgspec import Struct, field

from askdoc.browsing.matching import squeeze
from askdoc.errors import UsageError
from askdoc.model import LANGUAGES, Language, Section, SectionCount, SectionSummary
from askdoc.presentation.citations import no_document
from askdoc.storage.snapshot import Snapshot, StoredPassage

Path = tuple[str, ...]
Paths = Mapping[Language, Path]

_BATCH: Final = 512
"""Passages read at a time."""


class _Row(Struct):
    """A section and its passages."""

    section: Section
    numbers: list[int] = field(default_factory=list)
    first: str = ""
    """The id of its first passage, if any."""
    line: int = 1
    """That passage's first line."""


class _Headings:
    """The sections of one document, and the section of each passage."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self.sections = list(sections)
        self._by_path: dict[tuple[Language, Path], list[int]] = {}
        # For the paths of a passage's versions: the sections that have all of them, and for each the least first line of it
        # and those after it. Trying all sections for each passage takes quadratic time in a document of equal headings.
        self._sections_with: dict[tuple[tuple[Language, Path], ...], tuple[list[int], list[int]]] = {}
        for number, section in enumerate(self.sections):
            for language in LANGUAGES:
                self._by_path.setdefault((language, section.path.get(language, ())), []).append(number)

    def of(self, stored: StoredPassage) -> int:
        """Return the number of a passage's section; where several have its path, the last that begins before it."""
        versions = stored.passage.versions
        paths = tuple((language, version.section) for language, version in versions.items())
        if paths not in self._sections_with:
            numbers = sorted(set.intersection(*(set(self._by_path.get(path, ())) for path in paths)))
            if not numbers:  # no reader of documents makes this; another program may
                self.sections.append(Section(dict(paths)))
                for path in paths:
                    self._by_path.setdefault(path, []).append(len(self.sections) - 1)
                return len(self.sections) - 1
            lines = accumulate((self.sections[number].lines[0] for number in reversed(numbers)), min)
            self._sections_with[paths] = numbers, list(lines)[::-1]
        numbers, lines_from = self._sections_with[paths]
        line = min(version.place.lines[0] for version in versions.values())
        return numbers[max(bisect_right(lines_from, line) - 1, 0)]


class Outline:
    """The sections of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def outline(self, document: str | None = None) -> tuple[SectionSummary, ...]:
        """Return the outline: :meth:`askdoc.index.Index.sections`."""
        summaries = []
        for name in self._names(document):
            rows = self._rows(name)
            for position, row in enumerate(rows):
                below = [row, *_below(rows, position)]
                count = sum(len(section_row.numbers) for section_row in below)
                if count:
                    first = next(section_row for section_row in below if section_row.numbers)
                    line = row.section.lines[0] if any(row.section.path.values()) else first.line
                    summaries.append(SectionSummary(name, row.section.path, count, line, f"{name}#{first.first}"))
        return tuple(summaries)

    def within(self, document: str | None, section: Sequence[str] | None) -> frozenset[int] | None:
        """Return the numbers of the passages in a document and in sections whose path begins so; ``None`` for all.

        Raises :class:`UsageError` for a document or a section that the index does not have.
        """
        path = tuple(section or ())
        if document is None and not path:
            return None
        names = self._names(document)
        if not path:
            return frozenset(number for name in names for number in self._snapshot.numbers(name))
        rows = [
            row
            for name in names
            for row in self._rows(name)
            if any(own[: len(path)] == path for own in row.section.path.values())
        ]
        if not rows:
            raise self._unknown(" › ".join(path), names)
        return frozenset(number for row in rows for number in row.numbers)

    def named(self, text: str, document: str | None = None) -> Path:
        """Return the path of the section whose heading is ``text`` or is the only one that contains it, in either language.

        Ignores case and width. Raises :class:`UsageError` where no section or several match.
        """
        key = squeeze(text)
        names = self._names(document)
        paths = self._paths(names)
        exact = [path for path in paths if key in (squeeze(path[-1]), squeeze(" › ".join(path)))]
        for fitting in (exact, [path for path in paths if key in squeeze(path[-1])]):
            matches = {tuple(sorted(paths[path].items())): path for path in fitting if key}
            if len(matches) == 1:
                return next(iter(matches.values()))
            if matches:
                several = ", ".join(" › ".join(path) for path in list(matches.values())[:5])
                raise UsageError("section-several", section=text, several=several)
        raise self._unknown(text, names)

    def position(self, stored: StoredPassage) -> tuple[str, int]:
        """Return a passage's document, and the number of its section there."""
        return stored.document, self._headings(stored.document).of(stored)

    def path(self, position: tuple[str, int]) -> Paths:
        """Return the path of a section in its languages; ``position`` is one that :meth:`position` returns."""
        document, number = position
        return self._headings(document).sections[number].path

    def counts(self, passages: Iterable[StoredPassage]) -> tuple[SectionCount, ...]:
        """Count the passages in each section, in their order."""
        table: dict[tuple[str, int], int] = {}
        for stored in passages:
            key = self.position(stored)
            table[key] = table.get(key, 0) + 1
        return tuple(SectionCount(key[0], self.path(key), count) for key, count in table.items())

    # --- what is cached -----------------------------------------------------------------------------------------

    def _names(self, document: str | None) -> list[str]:
        names = [summary.name for summary in self._snapshot.documents()]
        if document is None:
            return names
        if document not in names:
            raise no_document(UsageError, document, names)
        return [document]

    def _headings(self, document: str) -> _Headings:
        return self._snapshot.cached(("headings", document), lambda: _Headings(self._snapshot.sections(document)))

    def _paths(self, names: Iterable[str]) -> dict[Path, Paths]:
        sections = [section for name in names for section in self._headings(name).sections]
        return {path: section.path for section in sections for path in section.path.values() if path}

    def _rows(self, document: str) -> list[_Row]:
        return self._snapshot.cached(("outline", document), lambda: self._read_rows(document))

    def _read_rows(self, document: str) -> list[_Row]:
        headings = self._headings(document)
        numbers = self._snapshot.numbers(document)
        rows: dict[int, _Row] = {}
        for start in range(0, len(numbers), _BATCH):
            for stored in self._snapshot.passages(numbers[start : start + _BATCH]):
                key = headings.of(stored)
                row = rows.setdefault(key, _Row(headings.sections[key]))
                if not row.numbers:
                    row.first = stored.passage.id
                    row.line = min(version.place.lines[0] for version in stored.passage.versions.values())
                row.numbers.append(stored.number)
        return [rows.get(number) or _Row(section) for number, section in enumerate(headings.sections)]

    def _unknown(self, text: str, names: Iterable[str]) -> UsageError:
        """Return the error for an unknown section; it names the headings most similar to ``text``."""
        headings: dict[str, str] = {}
        for path in self._paths(names):
            headings.setdefault(squeeze(path[-1]), path[-1])
        from difflib import get_close_matches

        similar = get_close_matches(squeeze(text), headings, n=3, cutoff=0.3) or list(headings)[:3]
        if not similar:
            return UsageError("section-none", section=text)
        return UsageError("section-unknown", section=text, near=", ".join(headings[title] for title in similar))


def _below(rows: Sequence[_Row], position: int) -> list[_Row]:
    """Return the rows of the sections inside a row's section: those that follow it and whose paths extend its own."""
    paths = rows[position].section.path
    below: list[_Row] = []
    for row in rows[position + 1 :]:
        if not all(
            path
            and len(row.section.path.get(language, ())) > len(path)
            and row.section.path[language][: len(path)] == path
            for language, path in paths.items()
        ):
            break
        below.append(row)
    return below
