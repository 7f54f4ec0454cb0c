"""Parsed question → answer: candidates, evidence in their text, fusion, and the confidence in the first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from askdoc.answering import confidence
from askdoc.answering.analyzed_version import AnalyzedVersion
from askdoc.answering.evidence import VersionEvidence, highlights, score_versions
from askdoc.answering.features import confidence_features, has_evidence, nearest_sentence, passage_features
from askdoc.answering.select import answer_sentences
from askdoc.answering.version_cache import AnalyzedVersions
from askdoc.lexicon import Lexicon
from askdoc.limits import Limits
from askdoc.model import Answer, AnswerLanguage, Hit, Language, other
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Query, parse
from askdoc.retrieval.candidates import Candidates, retrieve
from askdoc.retrieval.cross_language import translations_for
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.term_scores import TermScores
from askdoc.retrieval.weights import SEMANTIC_WEIGHTS, WEIGHTS, fuse

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.dense import Semantic, Similar
    from askdoc.storage.index_reader import StoredPassage

CANDIDATES: Final = 32
"""The least number of passages that are reranked by their text: with these the first three hits were those of reranking
all, for each of 1,224 questions over both versions and over one."""

CANDIDATES_BY_MEANING: Final = 24
"""The same with sentence vectors."""

_CONFIDENT: Final = 0.9
"""Skip spelling correction above this confidence."""


class _Ranked(Struct, frozen=True):
    """A passage that was reranked for a question."""

    number: int
    stored: StoredPassage
    score: float
    versions: Mapping[Language, AnalyzedVersion]
    evidence: Mapping[Language, VersionEvidence]
    primary: Language
    """The version with most evidence."""
    similar: Similar | None = None
    """The semantic similarities of each version's sentences to the question, if any."""


class Searcher:
    """Answers questions from one open index. May be shared by threads."""

    def __init__(
        self,
        reader: Reader,
        term_scores: type[TermScores],
        views: PassageViews,
        limits: Limits,
        lexicon: Callable[[], Lexicon | None],
        encoder: Encoder | None,
    ) -> None:
        """Take the arguments of :class:`askdoc.index.Index`."""
        self._reader = reader
        self._term_scores = term_scores
        self._views = views
        self._limits = limits
        self._lexicon = lexicon
        self.encoder = encoder
        self.analyzed = AnalyzedVersions(reader)
        """The analyzed passages."""

    @cached_property
    def semantic(self) -> Semantic | None:
        """The sentence vectors, with an encoder; they may still be another encoder's."""
        if self.encoder is None:
            return None
        from askdoc.retrieval.dense import Semantic

        return Semantic(self._reader, self.encoder)

    def ask(
        self,
        query: Query,
        question: str,
        answer_language: AnswerLanguage,
        limit: int | None,
        within: frozenset[int] | None,
        started: float,
    ) -> Answer:
        """Answer a parsed question inside a snapshot of the index; the arguments are those of :meth:`askdoc.index.Index.ask`.

        ``within``: the only passages to search, if not all; ``started``: when the question came.
        """
        if not query.words or not self._reader.size:
            return self._answer(query, question, answer_language, None, [], [], started)
        dense = self.semantic.scores(query) if limit is not None and self.semantic and self.semantic.able else None

        def candidates_of(variant: Query) -> Candidates:
            return retrieve(
                variant, self._reader, self._term_scores, self._lexicon, dense, within, everything=limit is None
            )

        candidates = candidates_of(query.phrase or query)
        if query.phrase is not None and any(candidates.holds.values()):
            query = query.phrase
        elif query.phrase is not None:
            candidates = candidates_of(query)
        numbers = candidates.numbers
        if query.must:
            counts = [sum(number in candidates.holds[term] for term in query.must) for number in numbers]
            highest = max(counts, default=0)
            numbers = [number for number, count in zip(numbers, counts, strict=True) if count == highest]
        least = CANDIDATES_BY_MEANING if dense else CANDIDATES
        count = len(numbers) if limit is None else max(least, limit + 8)
        ranked = self._rank(query, candidates, numbers[:count])
        shown = ranked if limit is None else ranked[:limit]
        return self._answer(query, question, answer_language, candidates, ranked, shown, started)

    def respelled(
        self, answer: Answer, query: Query, limit: int, within: frozenset[int] | None, started: float
    ) -> Answer:
        """Return the answer to the question with corrected spelling, where that answers better, else ``answer``."""
        if answer.confidence >= _CONFIDENT:
            return answer
        absent = [word for word in query.words if word.surface in answer.missing]
        singles = sum(word.han and len(word.form) == 1 for word in query.words)
        if not absent and (singles < 2 or answer.found):
            return answer
        from askdoc.answering.spelling import corrections

        lexicon = self._lexicon()
        if lexicon is None:  # without it a word that the documents merely lack looks misspelled
            return answer
        corrected = corrections(absent, query, self._reader, lexicon, self._surfaces)
        text = query.text
        for typed, right in corrected.items():
            text = text.replace(typed, right)
        if text == query.text or len(text) > self._limits.question_characters:
            return answer
        again = self.ask(parse(text, self._limits), answer.question, answer.answer_language, limit, within, started)
        if not again.found or (answer.found and again.confidence <= answer.confidence):
            return answer
        return replace(again, corrected=tuple(corrected.items()))

    def _surfaces(self, term: str) -> list[str]:
        """Return the forms of a Latin word's term in the first passages that hold it."""
        numbers: list[int] = []
        for field in ("en", "zh"):
            postings = self._reader.postings(field, [term]).get(term)
            numbers += [] if postings is None else [int(number) for number in postings.passages[:3]]
        return list(
            dict.fromkeys(
                version.text[token.start : token.end]
                for _, versions in self.analyzed.read(numbers[:4])
                for version in versions.values()
                for token in version.tokens
                if token.term == term
            )
        )

    def _rank(self, query: Query, candidates: Candidates, numbers: Sequence[int]) -> list[_Ranked]:
        """Rerank candidates by all their evidence; ties keep the document's order."""
        ranked = []
        weights = (SEMANTIC_WEIGHTS if candidates.dense else WEIGHTS)[query.language]
        similar = candidates.dense.similar(numbers) if candidates.dense else {}
        for number, (stored, versions) in zip(numbers, self.analyzed.read(numbers), strict=True):
            translations = translations_for(query, candidates.cross_lingual, versions)
            evidence = score_versions(query, versions, candidates, translations)
            primary = max(
                evidence,
                key=lambda language: (
                    evidence[language].best + evidence[language].best_grams,
                    language == query.language,
                ),
            )
            similarities = similar.get(number)
            if not has_evidence(candidates, number, similarities):
                continue
            similarity = nearest_sentence(similarities) if similarities else 0.0
            score = fuse(passage_features(query, candidates, number, evidence, similarity), weights)
            ranked.append(_Ranked(number, stored, score, versions, evidence, primary, similarities))
        ranked.sort(key=lambda item: (-item.score, item.number))
        return ranked

    def _answer(
        self,
        query: Query,
        question: str,
        answer_language: AnswerLanguage,
        candidates: Candidates | None,
        ranked: Sequence[_Ranked],
        shown: Sequence[_Ranked],
        started: float,
    ) -> Answer:
        missing = candidates.missing if candidates else query.words
        absent = {word.term for word in missing}
        answered, certain = False, 0.0
        if candidates and ranked:
            first = ranked[0]
            features = confidence_features(
                query,
                candidates,
                first.number,
                first.evidence[first.primary],
                [item.score for item in ranked[:2]],
                nearest_sentence(first.similar) if first.similar else 0.0,
            )
            case = confidence.calibration_case(query.language in first.versions, candidates.dense is not None)
            answered = confidence.chance(features, confidence.ANSWERABLE[case]) >= confidence.THRESHOLD[case]
            certain = confidence.chance(features, confidence.CONFIDENCE[case])
        hits = tuple(
            self._hit(rank, query, item, candidates, answer_language)
            for rank, item in enumerate(shown, start=1)
            if candidates is not None
        )
        return Answer(
            question=question,
            language=query.language,
            answer_language=answer_language,
            found=answered,
            confidence=certain,
            matched=tuple(word.surface for word in query.words if word.term not in absent),
            missing=tuple(word.surface for word in missing),
            hits=hits,
            milliseconds=(time.perf_counter() - started) * 1000,
        )

    def _hit(
        self, rank: int, query: Query, item: _Ranked, candidates: Candidates, answer_language: AnswerLanguage
    ) -> Hit:
        passage = item.stored.passage
        sentences = answer_sentences(
            query, item.primary, item.versions, item.evidence[item.primary], candidates, item.similar
        )
        translations = translations_for(query, candidates.cross_lingual, item.versions)
        marks = {language: highlights(query, version, translations) for language, version in item.versions.items()}
        views = self._views.versions(item.stored, marks, sentences)
        display_language: Language = query.language if answer_language in ("auto", "both") else answer_language  # type: ignore[assignment]
        return Hit(
            rank,
            item.score,
            f"{item.stored.document}#{passage.id}",
            display_language if display_language in views else other(display_language),
            passage.alignment,
            tuple(word.surface for word in query.words if item.number in candidates.holds[word.term]) or ("≈",),
            views,
        )
