"""A question that is parsed → its answer: candidates, a close look at them, fusion, and what is said of the first."""

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
from askdoc.retrieval import Ranker
from askdoc.retrieval.candidates import Candidates, candidates
from askdoc.retrieval.cross_language import CrossLingualScores, cross_lingual_scores, translations_for
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.translations import Options, translations
from askdoc.retrieval.weights import SEMANTIC_WEIGHTS, WEIGHTS, Weights, fuse

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.retrieval.dense import DenseScores, Similar
    from askdoc.retrieval.sentence_vectors import Semantic
    from askdoc.storage.index_reader import StoredPassage

CANDIDATES: Final = 32
"""How many passages are read closely for a question, at least: with these the first three hits were those of reading
all, for every one of 1,224 questions over both versions and as many over one (tests/quality/depth.py)."""

CANDIDATES_BY_MEANING: Final = 24
"""The same where sentence vectors help to choose them."""

POOL_FROM: Final = 8192
"""Passages of an index from which on a question is ranked among a pool of the best (:mod:`askdoc.retrieval.prefilter`): in a
shorter one to look at all passages costs less than to choose."""

_SURE: Final = 0.9
"""From this confidence on nobody looks for typing slips."""


class _Ranked(Struct, frozen=True):
    """A passage that was read for a question."""

    number: int
    stored: StoredPassage
    score: float
    readings: Mapping[Language, AnalyzedVersion]
    evidence: Mapping[Language, VersionEvidence]
    primary: Language
    """The version that says most for the question."""
    similar: Similar | None = None
    """How near the sentences of each version are in meaning, where that is known."""


class Searcher:
    """Asks one open index. May be shared by threads."""

    def __init__(
        self,
        reader: Reader,
        ranker: Callable[[Reader], Ranker],
        showing: PassageViews,
        limits: Limits,
        lexicon: Callable[[], Lexicon | None],
        encoder: Encoder | None,
    ) -> None:
        """As for :class:`askdoc.index.Index`."""
        self._reader = reader
        self._ranker = ranker
        self._showing = showing
        self._limits = limits
        self._lexicon = lexicon
        self.encoder = encoder
        self.readings = AnalyzedVersions(reader)
        """The passages, read closely."""

    @cached_property
    def semantic(self) -> Semantic | None:
        """The vectors, where there is an encoder; they may still not be of it."""
        if self.encoder is None:
            return None
        from askdoc.retrieval.sentence_vectors import Semantic

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
        """Ask a question that is parsed; the arguments are those of :meth:`askdoc.index.Index.ask`, ``within``
        the only passages wanted, if not all, and ``started`` when the question came. Inside a snapshot of the index."""
        ranker = self._ranker(self._reader)
        if not query.words or not self._reader.size:
            return self._answer(query, question, answer_language, None, [], [], started)
        meant = self.meant(query, limit)
        weights = (SEMANTIC_WEIGHTS if meant else WEIGHTS)[query.language]
        first = query.phrase or query
        found = self._candidates(first, ranker, weights, limit, within, meant)
        if query.phrase is not None and any(held.any() for held in found.holds.values()):
            query = query.phrase
        elif query.phrase is not None:
            found = self._candidates(query, ranker, weights, limit, within, meant)
        numbers = found.numbers
        if query.must:
            places = [found.place(number) for number in numbers.tolist()]
            held = [sum(bool(found.holds[term][place]) for term in query.must) for place in places]
            most = max(held, default=0)
            numbers = numbers[[count == most for count in held]]
        least = CANDIDATES_BY_MEANING if meant else CANDIDATES
        count = len(numbers) if limit is None else max(least, limit + 8)
        ranked = self._rank(query, found, numbers[:count].tolist())
        shown = ranked if limit is None else ranked[:limit]
        return self._answer(query, question, answer_language, found, ranked, shown, started)

    def _candidates(
        self,
        query: Query,
        ranker: Ranker,
        weights: Weights,
        limit: int | None,
        within: frozenset[int] | None,
        meant: DenseScores | None,
    ) -> Candidates:
        """The passages worth reading: chosen among all of them or, in a long index, among a pool of the best."""
        options = self._translations(query)
        if limit is None or self._reader.size < POOL_FROM:
            bridged = None if options is None else cross_lingual_scores(query, self._reader, options)
            return candidates(query, self._reader, ranker, weights, within, bridged, meant)
        from askdoc.retrieval.index_subset import IndexSubset
        from askdoc.retrieval.prefilter import prefilter

        part = IndexSubset(self._reader, prefilter(query, self._reader, weights, options, meant, within))
        bridged = None if options is None else cross_lingual_scores(query, part, options)
        near = None if meant is None else meant.of(part)
        return candidates(query, part, part, weights, within, bridged, near, part)

    def respelled(
        self, answer: Answer, query: Query, limit: int, within: frozenset[int] | None, started: float
    ) -> Answer:
        """The answer to the question with its typing slips put right, where it has any and that answers better."""
        if answer.confidence >= _SURE:
            return answer
        absent = [word for word in query.words if word.surface in answer.missing]
        singles = sum(word.han and len(word.form) == 1 for word in query.words)
        if not absent and (singles < 2 or answer.found):
            return answer
        from askdoc.answering.spelling import corrections

        lexicon = self._lexicon()
        if lexicon is None:  # without it a word that the documents merely lack looks like a slip
            return answer
        found = corrections(absent, query, self._reader, lexicon, self._surfaces)
        text = query.text
        for typed, right in found.items():
            text = text.replace(typed, right)
        if text == query.text or len(text) > self._limits.question_characters:
            return answer
        again = self.ask(parse(text, self._limits), answer.question, answer.answer_language, limit, within, started)
        if not again.found or (answer.found and again.confidence <= answer.confidence):
            return answer
        return replace(again, corrected=tuple(found.items()))

    def _surfaces(self, term: str) -> list[str]:
        """The forms of a Latin word's term in the first passages that hold it."""
        numbers: list[int] = []
        for field in ("en", "zh"):
            postings = self._reader.postings(field, [term]).get(term)
            numbers += [] if postings is None else [int(number) for number in postings.passages[:3]]
        return list(
            dict.fromkeys(
                reading.text[token.start : token.end]
                for _, readings in self.readings.read(numbers[:4])
                for reading in readings.values()
                for token in reading.tokens
                if token.term == term
            )
        )

    def bridge(self, query: Query) -> CrossLingualScores | None:
        """What the text of the other language says, where the index has such text and a dictionary is installed."""
        options = self._translations(query)
        return None if options is None else cross_lingual_scores(query, self._reader, options)

    def _translations(self, query: Query) -> Sequence[Options] | None:
        if not self._reader.field(other(query.language)).passages:
            return None
        lexicon = self._lexicon()
        if lexicon is None:
            return None
        return translations(query, self._reader, lexicon)

    def meant(self, query: Query, limit: int | None) -> DenseScores | None:
        """What sentence vectors say, where the index has them; not where all passages that hold a word are wanted."""
        if limit is None or self.semantic is None or not self.semantic.able:
            return None
        from askdoc.retrieval.dense import dense_scores

        carried = " ".join(word.surface for word in query.words if word.surface not in query.text)
        return dense_scores(query, f"{query.text} {carried}".strip(), self._reader, self.semantic)

    def _rank(self, query: Query, found: Candidates, numbers: Sequence[int]) -> list[_Ranked]:
        """Read candidates closely and order them by all their evidence; ties keep the document's order."""
        ranked = []
        weights = (SEMANTIC_WEIGHTS if found.dense else WEIGHTS)[query.language]
        similar = found.dense.similar(numbers) if found.dense else {}
        for number, (stored, readings) in zip(numbers, self.readings.read(numbers), strict=True):
            translations = translations_for(query, found.cross_lingual, readings)
            evidence = score_versions(query, readings, found, translations)
            primary = max(
                evidence,
                key=lambda language: (
                    evidence[language].best + evidence[language].best_grams,
                    language == query.language,
                ),
            )
            alike = similar.get(number)
            if not has_evidence(found, number, alike):
                continue
            near = nearest_sentence(alike) if alike else 0.0
            score = fuse(passage_features(query, found, number, evidence, near), weights)
            ranked.append(_Ranked(number, stored, score, readings, evidence, primary, alike))
        ranked.sort(key=lambda item: (-item.score, item.number))
        return ranked

    def _answer(
        self,
        query: Query,
        question: str,
        answer_language: AnswerLanguage,
        found: Candidates | None,
        ranked: Sequence[_Ranked],
        shown: Sequence[_Ranked],
        started: float,
    ) -> Answer:
        missing = found.missing if found else query.words
        absent = {word.term for word in missing}
        answers, certain = False, 0.0
        if found and ranked:
            first = ranked[0]
            signs = confidence_features(
                query,
                found,
                first.number,
                first.evidence[first.primary],
                [item.score for item in ranked[:2]],
                nearest_sentence(first.similar) if first.similar else 0.0,
            )
            kind = confidence.kind(query.language in first.readings, found.dense is not None)
            answers = confidence.chance(signs, confidence.ANSWERABLE[kind]) >= confidence.THRESHOLD[kind]
            certain = confidence.chance(signs, confidence.CONFIDENCE[kind])
        hits = tuple(
            self._hit(rank, query, item, found, answer_language)
            for rank, item in enumerate(shown, start=1)
            if found is not None
        )
        return Answer(
            question=question,
            language=query.language,
            answer_language=answer_language,
            found=answers,
            confidence=certain,
            matched=tuple(word.surface for word in query.words if word.term not in absent),
            missing=tuple(word.surface for word in missing),
            hits=hits,
            milliseconds=(time.perf_counter() - started) * 1000,
        )

    def _hit(self, rank: int, query: Query, item: _Ranked, found: Candidates, answer_language: AnswerLanguage) -> Hit:
        passage = item.stored.passage
        place = found.place(item.number)
        sentences = answer_sentences(
            query, item.primary, item.readings, item.evidence[item.primary], found, item.similar
        )
        translations = translations_for(query, found.cross_lingual, item.readings)
        marks = {language: highlights(query, reading, translations) for language, reading in item.readings.items()}
        versions = self._showing.versions(item.stored, marks, sentences)
        wanted: Language = query.language if answer_language in ("auto", "both") else answer_language  # type: ignore[assignment]
        return Hit(
            rank,
            item.score,
            f"{item.stored.document}#{passage.id}",
            wanted if wanted in versions else other(wanted),
            passage.alignment,
            tuple(word.surface for word in query.words if found.holds[word.term][place]) or ("≈",),
            versions,
        )
