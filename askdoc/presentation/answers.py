"""The last stage of a question: its answer as a value, from the marked passages."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from askdoc.model import Answer, AnswerKind, AnswerLanguage, Hit, Language, Overview, other
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Query, Word
from askdoc.text.spans import Span

if TYPE_CHECKING:
    from askdoc.storage.snapshot import StoredPassage


class Request(Struct, frozen=True):
    """A question as it was asked."""

    question: str
    answer_language: AnswerLanguage
    limit: int | None
    """The most hits; ``None`` for every passage that holds a content word."""
    within: frozenset[int] | None
    """The only passages to search, if not all."""
    started: float
    """When it came, by :func:`time.perf_counter`."""


class MarkedPassage(Struct, frozen=True):
    """A passage of an answer, with its marks."""

    stored: StoredPassage
    score: float
    evidence: tuple[str, ...]
    """The question's words that it holds."""
    answer_spans: Mapping[Language, Span]
    highlights: Mapping[Language, tuple[Span, ...]]


def present(
    views: PassageViews,
    request: Request,
    query: Query,
    missing: Sequence[Word],
    found: bool,
    confidence: float,
    passages: Sequence[MarkedPassage],
    *,
    kind: AnswerKind = "passage",
    overview: tuple[Overview, ...] = (),
) -> Answer:
    """Return the answer to a request as it was searched for; ``missing``: the words that no document uses.

    Words are neither matched nor missing in an answer of another kind than "passage".
    """
    auto = request.answer_language in ("auto", "both")
    display_language: Language = query.language if auto else request.answer_language  # type: ignore[assignment]
    hits = []
    for rank, passage in enumerate(passages, start=1):
        versions = views.versions(passage.stored, passage.highlights, passage.answer_spans)
        hits.append(
            Hit(
                rank,
                passage.score,
                passage.stored.citation,
                display_language if display_language in versions else other(display_language),
                passage.stored.passage.alignment,
                passage.evidence,
                versions,
                passage.stored.passage.kind,
            )
        )
    absent = {word.term for word in missing}
    return Answer(
        question=request.question,
        language=query.language,
        answer_language=request.answer_language,
        found=found,
        confidence=confidence,
        kind=kind,
        matched=tuple(word.surface for word in query.words if kind == "passage" and word.term not in absent),
        missing=tuple(word.surface for word in missing),
        about=tuple(word.surface for word in query.carried),
        corrected=query.corrected,
        overview=overview,
        hits=tuple(hits),
        milliseconds=(time.perf_counter() - request.started) * 1000,
    )
