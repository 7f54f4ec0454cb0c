"""Which stretch of a passage is marked, and which passage comes first: chosen together.

A stretch's score is a weighted sum of its features, fitted as a softmax over all stretches of a question's best passages
(the chance that it is the shortest that answers). Those passages then follow their best stretches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import Final

from msgspec.structs import astuple, replace

from askdoc.answering.analyzed_version import AnalyzedVersion, analyze_version
from askdoc.answering.evidence import Scorer, holds, holds_translation
from askdoc.answering.fitted import stretch_weights
from askdoc.answering.rank import RankedPassage
from askdoc.answering.stretches import HeadingEvidence, Stretch, StretchFeatures, counterparts, stretches
from askdoc.model import Language, Passage, other
from askdoc.question.query import Word
from askdoc.retrieval.translations import Options, Translation
from askdoc.text.spans import Span

READ: Final = 5
"""The passages among whose stretches the answer is chosen."""

Titles = Callable[[str], Mapping[Language, str]]
"""The title of a document in its languages, by the document's name."""


def choose(scorer: Scorer, ranked: Sequence[RankedPassage], titles: Titles) -> list[RankedPassage]:
    """Return the passages with the stretches of the first ones, these ordered by them; ties keep their order.

    A passage that comes forward takes the score of the one that it overtakes, so that scores still descend.
    """
    best_score = ranked[0].score if ranked else 0.0
    read = [
        replace(passage, stretch=stretch, stretch_score=score, ranked_score=passage.score)
        for passage in ranked[:READ]
        for score, stretch in [select(scorer, passage, best_score, titles)]
    ]
    read.sort(key=lambda passage: -passage.stretch_score)
    lowest = 0.0
    for place in range(len(read) - 1, -1, -1):
        lowest = max(lowest, read[place].score)
        read[place] = replace(read[place], score=lowest)
    return [*read, *ranked[READ:]]


def select(scorer: Scorer, passage: RankedPassage, best_score: float, titles: Titles) -> tuple[float, Stretch]:
    """Return the best stretch of a passage with its score; ``best_score`` is the highest of a passage."""
    weights = stretch_weights("vectors" if scorer.candidates.dense else "words", StretchFeatures.__struct_fields__)
    options = stretches(scorer, passage, headings(scorer, passage, titles), best_score)
    return max(
        ((sum(map(mul, weights, astuple(option.features))), option) for option in options), key=lambda item: item[0]
    )


def headings(scorer: Scorer, passage: RankedPassage, titles: Titles) -> HeadingEvidence:
    """Return what the headings above a passage hold of the question."""
    cross_lingual = scorer.candidates.cross_lingual
    translations = cross_lingual.translations if cross_lingual else {}
    return heading_evidence(scorer.words, translations, passage.stored.passage, titles(passage.stored.document))


def spans(passage: RankedPassage, stretch: Stretch) -> dict[Language, Span]:
    """Return the span of a stretch in each version of its passage."""
    sentences = passage.versions[passage.primary].sentences
    marked = {passage.primary: (sentences[stretch.first].start, sentences[stretch.last].end)}
    second = passage.versions.get(other(passage.primary))
    if second is not None and second.sentences:
        table = counterparts(passage.primary, passage.versions)[stretch.first : stretch.last + 1]
        first, last = min(first for first, _ in table), max(last for _, last in table)
        marked[other(passage.primary)] = second.sentences[first].start, second.sentences[last].end
    return marked


# --- headings ------------------------------------------------------------------------------------------------------


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
