"""Passages as people read them: with their labels; and from a citation back to its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from askdoc.errors import CitationNotFound
from askdoc.model import AnsweredVersion, Language, Shown, ShownPassage
from askdoc.presentation.citations import label, parse_citation
from askdoc.storage.snapshot import Snapshot, StoredPassage
from askdoc.text.spans import Span

_NO_MARKS: Final[Mapping[Language, tuple[Span, ...]]] = {}
_NO_SENTENCES: Final[Mapping[Language, Span]] = {}


class PassageViews:
    """Passages of a snapshot with their labels."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def title(self, document: str) -> Mapping[Language, str]:
        """Return the title of a document in its languages; empty where it has none."""
        summary = self._snapshot.summary(document)
        return {} if summary is None else summary.title

    def versions(
        self,
        stored: StoredPassage,
        highlights: Mapping[Language, tuple[Span, ...]] = _NO_MARKS,
        sentences: Mapping[Language, Span] = _NO_SENTENCES,
    ) -> dict[Language, AnsweredVersion]:
        """Return the versions of a passage, each with its label and its marks."""
        title = self.title(stored.document)
        return {
            language: AnsweredVersion(
                version.text,
                sentences.get(language),
                highlights.get(language, ()),
                version.section,
                label(stored.document, title, version, language),
                version.place,
            )
            for language, version in stored.passage.versions.items()
        }

    def place(self, citation: str, context: int) -> Shown:
        """Return the place that a citation leads to, with ``context`` passages before and after it.

        Raises :class:`CitationNotFound` where it leads nowhere.
        """
        document, cited = self._cited(citation)
        numbers = sorted({near for number in cited for near in self._snapshot.around(number, context, context)})
        passages = tuple(
            self._shown(stored, cited=number in cited)
            for number, stored in zip(numbers, self._snapshot.passages(numbers), strict=True)
        )
        return Shown(document, self.title(document), passages)

    def stretch(self, document: str, first: int, count: int) -> list[ShownPassage]:
        """Return ``count`` passages of a document from its ``first`` one on (0-based); fewer at its end."""
        first = max(first, 0)
        numbers = list(self._snapshot.numbers(document)[first : first + max(count, 0)])
        return [self._shown(stored, cited=False) for stored in self._snapshot.passages(numbers)]

    def position(self, citation: str) -> tuple[str, int]:
        """Return the document of a citation and the cited passage's position in it (0-based).

        Raises :class:`CitationNotFound` where it leads nowhere.
        """
        document, cited = self._cited(citation)
        return document, self._snapshot.numbers(document).index(cited[0])

    def _cited(self, citation: str) -> tuple[str, list[int]]:
        names = [summary.name for summary in self._snapshot.documents()]
        document, passage_id, line = parse_citation(citation, names)
        if passage_id is not None:
            number = self._snapshot.find(document, passage_id)
            cited = [] if number is None else [number]
        else:
            cited = list(self._snapshot.at_line(document, line))
        if not cited:
            raise CitationNotFound("citation-nowhere", citation=citation, document=document)
        return document, cited

    def _shown(self, stored: StoredPassage, *, cited: bool) -> ShownPassage:
        return ShownPassage(stored.citation, cited, stored.passage.alignment, self.versions(stored))
