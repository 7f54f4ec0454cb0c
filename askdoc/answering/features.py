"""The features of ranking and of confidence, from the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from askdoc.answering import confidence
from askdoc.answering.evidence import VersionEvidence
from askdoc.model import Language
from askdoc.question.query import Query
from askdoc.retrieval.candidates import Candidates
from askdoc.retrieval.dense import Similar
from askdoc.retrieval.weights import FIRST_STAGE, Features

FLOOR: Final = 0.35
"""The dot product from which a sentence vector alone is evidence; below it a passage needs a word of the question."""


def nearest_sentence(similar: Similar) -> float:
    """Return the mean over a passage's versions of the highest similarity of a sentence; 0 without any."""
    best = [max(similarities) for similarities in similar.values() if similarities]
    return sum(best) / len(best) if best else 0.0


def has_evidence(candidates: Candidates, number: int, similar: Similar | None) -> bool:
    """Tell whether a passage has evidence: a word of the question, or a sentence of similar meaning."""
    return any(number in holders for holders in candidates.holds.values()) or (
        similar is not None
        and max((max(similarities) for similarities in similar.values() if similarities), default=0.0) >= FLOOR
    )


def passage_features(
    query: Query,
    candidates: Candidates,
    number: int,
    evidence: Mapping[Language, VersionEvidence],
    similarity: float = 0.0,
) -> Features:
    """Return a candidate's features: those of the postings, and the better version's of each feature of the text.

    ``similarity``: :func:`nearest_sentence`.
    """
    versions = evidence.values()
    sentence = max((version.best for version in versions), default=0.0)
    alone = query.language not in evidence
    return Features(
        **{name: candidates.features.get(name, {}).get(number, 0.0) for name in FIRST_STAGE},
        sentence=0.0 if alone else sentence,
        sentence_alone=sentence if alone else 0.0,
        sentence_grams=max((version.best_grams for version in versions), default=0.0),
        meaning_sentence=0.0 if alone else similarity,
        meaning_sentence_alone=similarity if alone else 0.0,
        alone=float(alone),
    )


def confidence_features(
    query: Query,
    candidates: Candidates,
    number: int,
    evidence: VersionEvidence,
    scores: Sequence[float],
    similarity: float = 0.0,
) -> confidence.ConfidenceFeatures:
    """Return the features of the first hit (its ``number`` and ``evidence``); ``scores``: its and the second's.

    ``similarity``: :func:`nearest_sentence`.
    """
    total = sum(candidates.idf.values()) or 1.0
    grams = sum(candidates.gram_idf.values())
    absent = {word.term for word in candidates.missing}
    sentence = evidence.best / total
    return confidence.ConfidenceFeatures(
        covered=evidence.covered / total,
        sentence=sentence,
        grams=evidence.best_grams / grams if grams else sentence,
        vocabulary=sum(candidates.idf[word.term] for word in query.words if word.term not in absent) / total,
        margin=(scores[0] - scores[1]) / scores[0] if len(scores) > 1 and scores[0] > 0 else 1.0,
        words=min(len(query.words), 8) / 8,
        bridged=sum(candidates.features.get(name, {}).get(number, 0.0) for name in ("bridge", "bridge_alone")) / total,
        similarity=similarity,
    )
