"""The close look: candidates ranked by the evidence in their text beside that of the postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.answering.analyzed_version import AnalyzedVersion, analyzed_passages
from askdoc.answering.evidence import Scorer, VersionEvidence
from askdoc.model import Language
from askdoc.retrieval.candidates import Candidates
from askdoc.retrieval.weights import FIRST_STAGE, SEMANTIC_WEIGHTS, WEIGHTS, Features, fuse

if TYPE_CHECKING:
    from askdoc.answering.stretches import Stretch
    from askdoc.retrieval.dense import Similar
    from askdoc.storage.snapshot import Snapshot, StoredPassage

DEPTH: Final = 32
"""The least number of passages that are reranked by their text: with these the first three hits were those of reranking
all, for each of 1,224 questions over both versions and over one."""

SEMANTIC_DEPTH: Final = 24
"""The same with sentence vectors."""

HEADED: Final = 12
"""How many passages are reranked because of their headings alone."""

FLOOR: Final = 0.35
"""The dot product from which a sentence vector alone is evidence; below it a passage needs a word of the question."""


class RankedPassage(Struct, frozen=True):
    """A passage that was ranked for a question."""

    number: int
    stored: StoredPassage
    score: float
    features: Features
    versions: Mapping[Language, AnalyzedVersion]
    evidence: Mapping[Language, VersionEvidence]
    primary: Language
    """The version with most evidence."""
    similarities: Similar
    """The semantic similarities of each version's sentences to the question; empty without vectors."""
    stretch: Stretch | None = None
    """What is marked, where that was chosen."""
    stretch_score: float = 0.0
    """The score of that."""
    ranked_score: float = 0.0
    """``score`` before it followed the stretches."""

    @property
    def similarity(self) -> float:
        """The mean over the versions of the highest similarity of a sentence; 0 without any."""
        return _nearest(self.similarities)


def rank(
    scorer: Scorer,
    snapshot: Snapshot,
    must: Sequence[str] = (),
    limit: int | None = None,
    within: frozenset[int] | None = None,
) -> list[RankedPassage]:
    """Return the candidates that hold evidence, best first; ties keep the document's order.

    Enough of them for ``limit`` hits are read; all of them without a limit. Only those that hold most of the terms
    ``must`` are.
    """
    candidates = scorer.candidates
    numbers = candidates.numbers
    if must:
        counts = [sum(number in candidates.holds[term] for term in must) for number in numbers]
        highest = max(counts, default=0)
        numbers = [number for number, count in zip(numbers, counts, strict=True) if count == highest]
    headed: set[int] = set()
    if limit is not None:
        numbers = numbers[: max(SEMANTIC_DEPTH if candidates.dense else DEPTH, limit + 8)]
        headed = _headed(candidates, within).difference(numbers) if numbers and not must else set()
        numbers = [*numbers, *sorted(headed)]
    weights = (SEMANTIC_WEIGHTS if candidates.dense else WEIGHTS)[scorer.language]
    similar = candidates.dense.similar(numbers) if candidates.dense else {}
    ranked = []
    for number, (stored, versions) in zip(numbers, analyzed_passages(snapshot, numbers), strict=True):
        similarities = similar.get(number, {})
        matched = number in headed or any(number in holders for holders in candidates.holds.values())
        if not matched and max(map(max, filter(None, similarities.values())), default=0.0) < FLOOR:
            continue
        evidence = scorer.score(versions)
        features = _features(candidates, number, evidence, scorer.language not in versions, similarities)
        primary = max(
            evidence, key=lambda name: (evidence[name].best + evidence[name].best_grams, name == scorer.language)
        )
        ranked.append(
            RankedPassage(number, stored, fuse(features, weights), features, versions, evidence, primary, similarities)
        )
    ranked.sort(key=lambda passage: (-passage.score, passage.number))
    return ranked


def _headed(candidates: Candidates, within: frozenset[int] | None) -> set[int]:
    """Return the passages under the headings that hold most of the question; headings alone make no hit."""
    scores = candidates.features.get("heading", {})
    numbers = [number for number in scores if within is None or number in within]
    return set(sorted(numbers, key=lambda number: (-scores[number], number))[:HEADED])


def _features(
    candidates: Candidates,
    number: int,
    evidence: Mapping[Language, VersionEvidence],
    alone: bool,
    similarities: Similar,
) -> Features:
    """Return a candidate's features: those of the postings, and the better version's of each feature of the text.

    ``alone``: it lacks the question's language.
    """
    sentence = max((version.best for version in evidence.values()), default=0.0)
    similarity = _nearest(similarities)
    return Features(
        **{name: candidates.features.get(name, {}).get(number, 0.0) for name in FIRST_STAGE},
        sentence=0.0 if alone else sentence,
        sentence_alone=sentence if alone else 0.0,
        sentence_grams=max((version.best_grams for version in evidence.values()), default=0.0),
        meaning_sentence=0.0 if alone else similarity,
        meaning_sentence_alone=similarity if alone else 0.0,
        alone=float(alone),
    )


def _nearest(similarities: Similar) -> float:
    best = [max(values) for values in similarities.values() if values]
    return sum(best) / len(best) if best else 0.0
