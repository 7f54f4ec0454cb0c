"""What the headings above a passage and its document's title hold of a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from askdoc.answering.analyzed_version import AnalyzedVersion, analyze_version
from askdoc.answering.evidence import holds, holds_translation
from askdoc.model import Language, Passage
from askdoc.question.query import Word
from askdoc.retrieval.translations import Options, Translation


class HeadingEvidence(Struct, frozen=True):
    """The evidence in the headings of one passage."""

    section: tuple[bool, ...]
    """For each word of the question whether a heading above the passage holds it."""
    title: tuple[bool, ...]
    """Whether the document's title holds it."""
    precision: float
    """The share of the nearest heading's words that the question holds, 0..1, the better version's."""


def heading_evidence(
    words: Sequence[Word],
    translations: Mapping[str, Options],
    passage: Passage,
    title: Mapping[Language, str],
) -> HeadingEvidence:
    """Return the evidence of the headings of a passage, its versions together; a word's translations count for it."""
    versions = passage.versions.items()
    sections = [_analyzed(heading, language) for language, version in versions for heading in version.section]
    nearest = [_analyzed(version.section[-1], language) for language, version in versions if version.section]
    titles = [_analyzed(text, language) for language, text in title.items() if text]

    def held_by(headings: Sequence[AnalyzedVersion]) -> tuple[bool, ...]:
        return tuple(
            any(_holds(word, translations.get(word.term, ()), heading) for heading in headings) for word in words
        )

    return HeadingEvidence(
        held_by(sections),
        held_by(titles),
        max((_precision(words, heading) for heading in nearest), default=0.0),
    )


@lru_cache(maxsize=4096)
def _analyzed(heading: str, language: Language) -> AnalyzedVersion:
    return analyze_version(heading, language)


def _holds(word: Word, translations: Iterable[Translation], heading: AnalyzedVersion) -> bool:
    terms, folded = heading.terms, heading.form.text
    return holds(word, terms, folded) or any(holds_translation(option, terms, folded) for option in translations)


def _precision(words: Sequence[Word], heading: AnalyzedVersion) -> float:
    """Return the share of a heading's letters and characters that the question's words cover."""
    folded = heading.form.text
    terms = {word.term for word in words} | {subterm for word in words for subterm in word.subterms}
    matched = sum(len(word.form) for word in words if word.han and word.form in folded)
    total = sum("一" <= character <= "鿿" for character in folded)
    for token in heading.tokens:
        total += token.end - token.start
        matched += (token.end - token.start) * (token.term in terms)
    return min(matched / total, 1.0) if total else 0.0
