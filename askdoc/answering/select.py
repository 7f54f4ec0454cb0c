"""The answer in both versions: the answer sentence, and its counterpart by alignment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from askdoc.answering.analyzed_version import AnalyzedVersion
from askdoc.answering.evidence import VersionEvidence, score_version, select_sentence, share
from askdoc.bitext.align import align
from askdoc.model import LANGUAGES, Bead, Language, other
from askdoc.question.query import Query
from askdoc.retrieval.candidates import Candidates

if TYPE_CHECKING:
    from askdoc.retrieval.dense import Similar


def answer_sentences(
    query: Query,
    primary: Language,
    versions: Mapping[Language, AnalyzedVersion],
    evidence: VersionEvidence,
    candidates: Candidates,
    similar: Similar | None = None,
) -> dict[Language, tuple[int, int]]:
    """Return the spans of the answer sentence in the ``primary`` version and of its counterpart in the other one.

    ``similar``: the semantic similarities of each version's sentences to the question, if any.
    """
    version = versions[primary]
    number = select_sentence(
        query,
        evidence,
        candidates,
        counterparts(query, versions, primary, candidates),
        sentence_similarities(versions, primary, similar),
    )
    if number is None:
        return {}
    spans = {primary: (version.sentences[number].start, version.sentences[number].end)}
    second = versions.get(other(primary))
    if second is not None and second.sentences:
        first, last = _by_alignment(primary, versions)[number] or _by_place(primary, versions, number)
        spans[other(primary)] = second.sentences[first].start, second.sentences[last].end
    return spans


def counterparts(
    query: Query, versions: Mapping[Language, AnalyzedVersion], language: Language, candidates: Candidates
) -> list[float]:
    """Return for each sentence of a version the share of the question whose translations its counterpart holds, 0..1.

    Empty where the question was not translated into the other version's language.
    """
    second = versions.get(other(language))
    if candidates.cross_lingual is None or second is None or not second.sentences or language != query.language:
        return []
    translated = score_version(query, second, candidates, candidates.cross_lingual.translations)
    shares = [share(query, sentence, candidates) for sentence in translated.sentences]
    spans = _counterparts(language, versions)
    return [max(shares[first : last + 1]) for first, last in spans]


def sentence_similarities(
    versions: Mapping[Language, AnalyzedVersion], language: Language, similar: Similar | None
) -> list[tuple[float, float]]:
    """Return the semantic similarity of each sentence of a version, and of its counterpart, to the question.

    Empty without sentence vectors.
    """
    own = similar.get(language, ()) if similar else ()
    if not own or len(own) != len(versions[language].sentences):
        return []
    second = versions.get(other(language))
    others = similar.get(other(language), ()) if similar else ()
    if second is None or not others or len(others) != len(second.sentences):
        return [(value, value) for value in own]
    spans = _counterparts(language, versions)
    return [(value, max(others[first : last + 1])) for value, (first, last) in zip(own, spans, strict=True)]


@lru_cache(maxsize=2048)
def _aligned(en: tuple[str, ...], zh: tuple[str, ...]) -> tuple[Bead, ...]:
    """Align the sentences of a passage; cached, as it takes two milliseconds."""
    return tuple(align(en, zh))


def _counterparts(language: Language, versions: Mapping[Language, AnalyzedVersion]) -> Iterator[tuple[int, int]]:
    """Yield the first and last counterpart of each sentence: by alignment, else by its position in the text."""
    for number, aligned in enumerate(_by_alignment(language, versions)):
        yield aligned or _by_place(language, versions, number)


def _by_alignment(language: Language, versions: Mapping[Language, AnalyzedVersion]) -> list[tuple[int, int] | None]:
    """Return for each sentence of a version the first and last of the other that it is aligned with, if any."""
    texts = {
        side: tuple(versions[side].text[sentence.start : sentence.end] for sentence in versions[side].sentences)
        for side in LANGUAGES
    }
    table: list[tuple[int, int] | None] = [None] * len(versions[language].sentences)
    for bead in _aligned(texts["en"], texts["zh"]):
        mine, theirs = (bead.en, bead.zh) if language == "en" else (bead.zh, bead.en)
        if theirs[0] < theirs[1]:
            for number in range(*mine):
                table[number] = theirs[0], theirs[1] - 1
    return table


def _by_place(language: Language, versions: Mapping[Language, AnalyzedVersion], number: int) -> tuple[int, int]:
    """Return the sentence of the other version whose middle is nearest, by the share of the text before it."""
    own, others = versions[language].sentences, versions[other(language)].sentences
    middle = (own[number].start + own[number].end) / 2 / max(len(versions[language].text), 1)
    position = middle * len(versions[other(language)].text)
    # Sentences are disjoint and in order, so that their middles ascend: of equal ones the first is the nearest.
    following = bisect_left(others, position, key=lambda sentence: (sentence.start + sentence.end) / 2)
    around = range(max(following - 1, 0), min(following + 1, len(others)))
    nearest = min(around, key=lambda index: abs((others[index].start + others[index].end) / 2 - position))
    return nearest, nearest
