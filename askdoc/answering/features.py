"""What the evidence comes to: the features that rank a passage, the signs that tell whether it answers."""

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
"""From this dot product of a sentence on, meaning alone is evidence: a passage below it needs a word of the question."""


def nearest_sentence(similar: Similar) -> float:
    """The mean over a passage's versions of the nearest sentence of each; 0 without any."""
    best = [max(each) for each in similar.values() if each]
    return sum(best) / len(best) if best else 0.0


def has_evidence(found: Candidates, number: int, similar: Similar | None) -> bool:
    """Whether there is evidence for a passage: a word of the question, or a sentence that is near in meaning."""
    place = found.place(number)
    return any(held[place] for held in found.holds.values()) or (
        similar is not None and max((max(each) for each in similar.values() if each), default=0.0) >= FLOOR
    )


def passage_features(
    query: Query, found: Candidates, number: int, evidence: Mapping[Language, VersionEvidence], near: float = 0.0
) -> Features:
    """The features of a candidate: the postings' and, for each kind of evidence in the text, its better version's.

    ``near``: its nearest sentences' similarity to the question.
    """
    given = evidence.values()
    place = found.place(number)
    sentence = max((each.best for each in given), default=0.0)
    alone = query.language not in evidence
    return Features(
        **{name: float(found.features[name][place]) for name in FIRST_STAGE},
        sentence=0.0 if alone else sentence,
        sentence_alone=sentence if alone else 0.0,
        sentence_grams=max((each.best_grams for each in given), default=0.0),
        meaning_sentence=0.0 if alone else near,
        meaning_sentence_alone=near if alone else 0.0,
        alone=float(alone),
    )


def confidence_features(
    query: Query,
    found: Candidates,
    number: int,
    evidence: VersionEvidence,
    scores: Sequence[float],
    near: float = 0.0,
) -> confidence.ConfidenceFeatures:
    """What the first hit (its ``number`` and ``evidence``) covers of the question; ``scores``: its and the second's.

    ``near``: its nearest sentences' similarity to the question.
    """
    whole = sum(found.idf.values()) or 1.0
    place = found.place(number)
    grams = sum(found.gram_idf.values())
    absent = {word.term for word in found.missing}
    sentence = evidence.best / whole
    return confidence.ConfidenceFeatures(
        covered=evidence.covered / whole,
        sentence=sentence,
        grams=evidence.best_grams / grams if grams else sentence,
        known=sum(found.idf[word.term] for word in query.words if word.term not in absent) / whole,
        margin=(scores[0] - scores[1]) / scores[0] if len(scores) > 1 and scores[0] > 0 else 1.0,
        words=min(len(query.words), 8) / 8,
        bridged=float(found.features["bridge"][place] + found.features["bridge_alone"][place]) / whole,
        near=near,
    )
