"""Query → Answer: the one way in which every front end asks."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self, get_args

from askdoc.answering import confidence
from askdoc.answering.bridge import Bridged, Options, bridge
from askdoc.answering.candidates import Candidates, candidates
from askdoc.answering.citations import label, parse_citation
from askdoc.answering.evidence import VersionEvidence, choose, highlights, share, weigh
from askdoc.answering.query import Query, parse
from askdoc.answering.reading import Reading, read
from askdoc.bitext.align import align
from askdoc.errors import CitationNotFound, UsageError
from askdoc.lexicon import Lexicon, installed
from askdoc.limits import DEFAULT, Limits
from askdoc.model import (
    LANGUAGES,
    Answer,
    AnsweredVersion,
    AnswerLanguage,
    Bead,
    DocumentSummary,
    Hit,
    Language,
    Passage,
    Shown,
    ShownPassage,
    other,
)
from askdoc.ranking import Ranker, Statistics
from askdoc.ranking.fusion import FIRST_STAGE, WEIGHTS, Features, fuse

if TYPE_CHECKING:
    from askdoc.index import IndexReport
    from askdoc.storage.reader import StoredPassage

CANDIDATES: Final = 24
"""How many passages are read closely for a question, at least."""

_KEPT: Final = 4096
"""How many readings of versions an open index keeps."""


class Reader(Statistics, Protocol):
    """What the engine needs of an index, on disk or in memory."""

    @property
    def generation(self) -> str:
        """Changes with every write of the index."""

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """The passages of these numbers, in their order."""

    def documents(self) -> list[DocumentSummary]:
        """What is in the index."""

    def find(self, document: str, passage_id: str) -> int | None:
        """The number of a passage."""

    def at_line(self, document: str, line: int) -> list[int]:
        """The numbers of the passages at a line of a document's source."""

    def around(self, number: int, before: int, after: int) -> list[int]:
        """The numbers of a passage and its neighbours in its document's order."""

    def numbers(self, document: str) -> Sequence[int]:
        """The numbers of a document's passages, in its order."""

    def snapshot(self) -> AbstractContextManager[object]:
        """Within it every call sees the same state of the index."""

    def close(self) -> None:
        """Release what the index holds."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A passage that was read for a question."""

    number: int
    stored: StoredPassage
    score: float
    readings: Mapping[Language, Reading]
    evidence: Mapping[Language, VersionEvidence]
    primary: Language
    """The version that says most for the question."""


class Index:
    """An open index: ask it, look up its citations. May be shared by threads; close it, or use it with ``with``."""

    def __init__(
        self,
        reader: Reader,
        ranker: Callable[[Statistics], Ranker],
        *,
        limits: Limits = DEFAULT,
        report: IndexReport | None = None,
        sample: bool = False,
        lexicon: Callable[[], Lexicon | None] = installed,
    ) -> None:
        """``lexicon`` is asked when a question first meets text of the other language."""
        self._reader = reader
        self._ranker = ranker
        self._limits = limits
        self._lexicon = lexicon
        self.report = report
        """What was built or refreshed to open it, if anything was."""
        self.sample = sample
        """Whether this is the sample that ships."""
        self._lock = threading.Lock()
        self._readings: OrderedDict[tuple[str, int], tuple[StoredPassage, dict[Language, Reading]]] = OrderedDict()
        self._titles: tuple[str, dict[str, Mapping[Language, str]]] = ("", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index file."""
        self._reader.close()

    def documents(self) -> list[DocumentSummary]:
        """What is in the index: titles, languages, how much is paired."""
        return self._reader.documents()

    def passages(self, document: str | None = None) -> Iterator[ShownPassage]:
        """All passages in document order, of one document or of all, without marks."""
        for summary in self._reader.documents():
            if document in (None, summary.name):
                for stored in self._reader.passages(list(self._reader.numbers(summary.name))):
                    yield self._show(stored, cited=False)

    # --- asking ------------------------------------------------------------------------------------------------

    def ask(self, question: str, answer_language: AnswerLanguage = "auto", limit: int | None = 3) -> Answer:
        """Ask a question in English, Chinese or a mixture of both.

        ``answer_language`` chooses the version shown (``"auto"``: the question's language; where a passage lacks it,
        the one that exists). ``limit`` is the most hits given, 1 to ``limits.hits``; ``None`` gives every passage that
        holds a content word of the question. Raises :class:`askdoc.errors.QueryError` for a question that is empty or
        too long, :class:`askdoc.errors.UsageError` for arguments out of range, and the kinds of
        :class:`askdoc.errors.IndexError_` where the index cannot be read.
        """
        started = time.perf_counter()
        if answer_language not in get_args(AnswerLanguage):
            raise UsageError("ask-answer-language", value=answer_language)
        if limit is not None and not 1 <= limit <= self._limits.hits:
            raise UsageError("ask-limit", value=limit, most=self._limits.hits)
        query = parse(question, self._limits)
        with self._reader.snapshot():
            return self._ask(query, question, answer_language, limit, started)

    def _ask(
        self, query: Query, question: str, answer_language: AnswerLanguage, limit: int | None, started: float
    ) -> Answer:
        ranker = self._ranker(self._reader)
        if not query.words or not self._reader.size:
            return self._answer(query, question, answer_language, None, [], [], started)
        weights = WEIGHTS[query.language]
        found = candidates(query.phrase or query, self._reader, ranker, weights, self._bridge(query.phrase or query))
        if query.phrase is not None and len(found.numbers):
            query = query.phrase
        elif query.phrase is not None:
            found = candidates(query, self._reader, ranker, weights, self._bridge(query))
        count = len(found.numbers) if limit is None else max(CANDIDATES, limit + 8)
        ranked = self._rank(query, found, found.numbers[:count].tolist())
        shown = ranked if limit is None else ranked[:limit]
        return self._answer(query, question, answer_language, found, ranked, shown, started)

    def _bridge(self, query: Query) -> Bridged | None:
        """What the text of the other language says, where the index has such text and a dictionary is installed."""
        if not self._reader.field(other(query.language)).passages:
            return None
        lexicon = self._lexicon()
        return None if lexicon is None else bridge(query, self._reader, lexicon)

    def _rank(self, query: Query, found: Candidates, numbers: Sequence[int]) -> list[_Ranked]:
        """Read candidates closely and order them by all their evidence; ties keep the document's order."""
        ranked = []
        for number, (stored, readings) in zip(numbers, self._read(numbers), strict=True):
            evidence = {
                language: weigh(query, reading, found, crossing(query, found, readings))
                for language, reading in readings.items()
            }
            primary = max(
                evidence,
                key=lambda language: (
                    evidence[language].best + evidence[language].best_grams,
                    language == query.language,
                ),
            )
            score = fuse(passage_features(query, found, number, evidence), WEIGHTS[query.language])
            ranked.append(_Ranked(number, stored, score, readings, evidence, primary))
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
        total = sum(found.idf.values()) if found else 0.0
        missing = found.missing if found else query.words
        absent = {word.term for word in missing}
        answerable = certain = 0.0
        if found and ranked:
            signs = answer_signs(query, found, ranked[:2], total)
            kind: confidence.Kind = "alone" if query.language not in ranked[0].readings else "own"
            answerable = confidence.chance(signs, confidence.ANSWERABLE[kind])
            certain = confidence.chance(signs, confidence.CONFIDENCE[kind])
        hits = tuple(
            self._hit(rank, query, item, found, answer_language)
            for rank, item in enumerate(shown, start=1)
            if found is not None
        )
        return Answer(
            question,
            query.language,
            answer_language,
            answerable >= confidence.THRESHOLD,
            certain,
            tuple(word.surface for word in query.words if word.term not in absent),
            tuple(word.surface for word in missing),
            hits,
            (time.perf_counter() - started) * 1000,
        )

    def _hit(self, rank: int, query: Query, item: _Ranked, found: Candidates, answer_language: AnswerLanguage) -> Hit:
        passage = item.stored.passage
        sentences = _answer_sentences(query, item, found)
        title = self._title(item.stored.document)
        versions = {
            language: AnsweredVersion(
                version.text,
                sentences.get(language),
                highlights(query, item.readings[language], crossing(query, found, passage.versions)),
                version.place,
                version.section,
                label(item.stored.document, title, version, language),
            )
            for language, version in passage.versions.items()
        }
        wanted: Language = query.language if answer_language in ("auto", "both") else answer_language  # type: ignore[assignment]
        return Hit(
            rank,
            item.score,
            f"{item.stored.document}#{passage.id}",
            wanted if wanted in versions else other(wanted),
            passage.alignment,
            tuple(word.surface for word in query.words if found.holds[word.term][item.number]),
            versions,
            item.stored.document,
        )

    # --- citations ---------------------------------------------------------------------------------------------

    def show(self, citation: str, context: int = 2) -> Shown:
        """The place that a citation leads to, with ``context`` passages before and after it.

        A citation is a passage id (``document#id``) or ``document:line``. Raises
        :class:`askdoc.errors.CitationNotFound` where it leads nowhere.
        """
        with self._reader.snapshot():
            return self._place(citation, context)

    def _place(self, citation: str, context: int) -> Shown:
        names = [summary.name for summary in self._reader.documents()]
        document, passage_id, line = parse_citation(citation, names)
        if passage_id is not None:
            number = self._reader.find(document, passage_id)
            cited = [] if number is None else [number]
        else:
            cited = list(self._reader.at_line(document, line))
        if not cited:
            raise CitationNotFound("citation-nowhere", citation=citation, document=document)
        numbers = sorted({near for number in cited for near in self._reader.around(number, context, context)})
        passages = tuple(
            self._show(stored, cited=number in cited)
            for number, stored in zip(numbers, self._reader.passages(numbers), strict=True)
        )
        return Shown(document, self._title(document), passages)

    def _show(self, stored: StoredPassage, *, cited: bool) -> ShownPassage:
        title = self._title(stored.document)
        versions = {
            language: AnsweredVersion(
                version.text, None, (), version.place, version.section, label(stored.document, title, version, language)
            )
            for language, version in stored.passage.versions.items()
        }
        return ShownPassage(f"{stored.document}#{stored.passage.id}", versions, stored.passage.alignment, cited)

    # --- what is kept ------------------------------------------------------------------------------------------

    def _title(self, document: str) -> Mapping[Language, str]:
        generation = self._reader.generation
        if self._titles[0] != generation:
            self._titles = generation, {summary.name: summary.title for summary in self._reader.documents()}
        return self._titles[1].get(document, {})

    def _read(self, numbers: Sequence[int]) -> list[tuple[StoredPassage, dict[Language, Reading]]]:
        """The passages of these numbers with their readings, most of them kept from earlier questions."""
        generation = self._reader.generation
        with self._lock:
            known = {
                number: self._readings[generation, number]
                for number in numbers
                if (generation, number) in self._readings
            }
        wanted = [number for number in numbers if number not in known]
        for number, stored in zip(wanted, self._reader.passages(wanted), strict=True):
            known[number] = stored, _readings(stored.passage)
        with self._lock:
            for number in wanted:
                self._readings[generation, number] = known[number]
            while len(self._readings) > _KEPT:
                self._readings.popitem(last=False)
        return [known[number] for number in numbers]


def _readings(passage: Passage) -> dict[Language, Reading]:
    return {language: read(version.text, language) for language, version in passage.versions.items()}


def crossing(query: Query, found: Candidates, versions: Collection[Language]) -> Mapping[str, Options]:
    """The translations that count as the question's words in a passage of these versions: it must lack its language."""
    return found.bridged.translations if found.bridged and query.language not in versions else {}


def passage_features(
    query: Query, found: Candidates, number: int, evidence: Mapping[Language, VersionEvidence]
) -> Features:
    """The features of a candidate: the postings' and, for each kind of evidence in the text, its better version's."""
    given = evidence.values()
    sentence = max((each.best for each in given), default=0.0)
    alone = query.language not in evidence
    return Features(
        **{name: float(found.features[name][number]) for name in FIRST_STAGE},
        sentence=0.0 if alone else sentence,
        sentence_alone=sentence if alone else 0.0,
        sentence_grams=max((each.best_grams for each in given), default=0.0),
    )


def answer_signs(query: Query, found: Candidates, best: Sequence[_Ranked], total: float) -> confidence.Signs:
    """What the first hit covers of the question; ``best`` holds it and the second, if any; ``total``: all rarities."""
    first = best[0]
    evidence = first.evidence[first.primary]
    whole = total or 1.0
    grams = sum(found.gram_idf.values())
    absent = {word.term for word in found.missing}
    sentence = evidence.best / whole
    return confidence.Signs(
        covered=evidence.covered / whole,
        sentence=sentence,
        grams=evidence.best_grams / grams if grams else sentence,
        known=sum(found.idf[word.term] for word in query.words if word.term not in absent) / whole,
        margin=(first.score - best[1].score) / first.score if len(best) > 1 and first.score > 0 else 1.0,
        words=min(len(query.words), 8) / 8,
        bridged=float(found.features["bridge"][first.number] + found.features["bridge_alone"][first.number]) / whole,
    )


def _answer_sentences(query: Query, item: _Ranked, found: Candidates) -> dict[Language, tuple[int, int]]:
    """The answer sentence in the version that says most, and what it corresponds to in the other one."""
    reading = item.readings[item.primary]
    at = choose(query, item.evidence[item.primary], found, counterparts(query, item.readings, item.primary, found))
    if at is None:
        return {}
    spans = {item.primary: (reading.sentences[at].start, reading.sentences[at].end)}
    second = item.readings.get(other(item.primary))
    if second is not None and second.sentences:
        first, last = counterpart(item.primary, item.readings, at)
        spans[other(item.primary)] = second.sentences[first].start, second.sentences[last].end
    return spans


def counterparts(
    query: Query, readings: Mapping[Language, Reading], language: Language, found: Candidates
) -> list[float]:
    """For each sentence of a version: the share of the question whose translations its counterpart holds, 0..1.

    Empty where the other version is not the one that the dictionary was asked for.
    """
    second = readings.get(other(language))
    if found.bridged is None or second is None or not second.sentences or language != query.language:
        return []
    crossed = weigh(query, second, found, found.bridged.translations)
    shares = [share(query, sentence, found) for sentence in crossed.sentences]
    spans = (counterpart(language, readings, at) for at in range(len(readings[language].sentences)))
    return [max(shares[first : last + 1]) for first, last in spans]


@lru_cache(maxsize=2048)
def _aligned(en: tuple[str, ...], zh: tuple[str, ...]) -> tuple[Bead, ...]:
    """The sentences of a passage aligned: two milliseconds, which a hit that comes back need not cost again."""
    return tuple(align(en, zh))


def counterpart(language: Language, readings: Mapping[Language, Reading], at: int) -> tuple[int, int]:
    """The first and last sentence of the other version that correspond to sentence ``at`` of this one.

    By alignment; where that leaves the sentence alone, by its place in the text.
    """
    texts = {
        each: tuple(readings[each].text[sentence.start : sentence.end] for sentence in readings[each].sentences)
        for each in LANGUAGES
    }
    for bead in _aligned(texts["en"], texts["zh"]):
        mine, theirs = (bead.en, bead.zh) if language == "en" else (bead.zh, bead.en)
        if mine[0] <= at < mine[1] and theirs[0] < theirs[1]:
            return theirs[0], theirs[1] - 1
    own, others = readings[language].sentences, readings[other(language)].sentences
    middle = (own[at].start + own[at].end) / 2 / max(len(readings[language].text), 1)
    place = middle * len(readings[other(language)].text)
    nearest = min(range(len(others)), key=lambda each: abs((others[each].start + others[each].end) / 2 - place))
    return nearest, nearest
