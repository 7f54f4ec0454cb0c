"""Query → Answer: the one way in which every front end asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, get_args

from askdoc.answering import confidence
from askdoc.answering.bridge import Bridged, bridge, crossing, in_dictionary
from askdoc.answering.candidates import Candidates, candidates
from askdoc.answering.evidence import VersionEvidence, highlights, weigh_all
from askdoc.answering.marking import answer_sentences
from askdoc.answering.query import Carried, Query, Word, joined, parse
from askdoc.answering.reader import Reader
from askdoc.answering.reading import Reading
from askdoc.answering.readings import Readings
from askdoc.answering.showing import Showing
from askdoc.answering.signs import answer_signs, evident, nearest_sentence, passage_features
from askdoc.errors import UsageError
from askdoc.lexicon import Lexicon, installed
from askdoc.limits import DEFAULT, Limits
from askdoc.model import (
    Answer,
    AnswerLanguage,
    DocumentSummary,
    Hit,
    Language,
    Places,
    SectionSummary,
    Shown,
    ShownPassage,
    other,
)
from askdoc.ranking import Ranker, Statistics
from askdoc.ranking.fusion import SEMANTIC_WEIGHTS, WEIGHTS, Weights, fuse, scaled

if TYPE_CHECKING:
    from pathlib import Path

    from askdoc.answering.conversation import Conversation
    from askdoc.answering.learned import Learned
    from askdoc.answering.meaning import Meant
    from askdoc.answering.places import Finder
    from askdoc.answering.sections import Sections
    from askdoc.answering.signs import Similar
    from askdoc.answering.suggestions import Suggester
    from askdoc.index import IndexReport
    from askdoc.ranking.semantic import Semantic
    from askdoc.storage.embeddings import Encoder
    from askdoc.storage.reader import StoredPassage

CANDIDATES: Final = 32
"""How many passages are read closely for a question, at least: with these the first three hits were those of reading
all, for every one of 1,224 questions over both versions and as many over one (tests/quality/depth.py)."""

CANDIDATES_BY_MEANING: Final = 24
"""The same where sentence vectors help to choose them."""

_SURE: Final = 0.9
"""From this confidence on nobody looks for typing slips."""


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
    similar: Similar | None = None
    """How near the sentences of each version are in meaning, where that is known."""


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
        encoder: Encoder | None = None,
    ) -> None:
        """``lexicon`` is asked for when a question first meets an index with text of the other language.

        ``encoder`` takes part where the index has its vectors.
        """
        self._reader = reader
        self._ranker = ranker
        self._limits = limits
        self._lexicon = lexicon
        self._encoder = encoder
        self.scales: Mapping[str, float] | None = None
        """Factors of :data:`askdoc.ranking.fusion.GROUPS` to try in place of the index's own; ``None`` for those."""
        self._showing = Showing(reader)
        self.report = report
        """What was built or refreshed to open it, if anything was."""
        self.sample = sample
        """Whether this is the sample that ships."""
        self._readings = Readings(reader)

    # What a plain question does not need is loaded when it is first used: 10 ms of a cold start.

    @cached_property
    def _sections(self) -> Sections:
        from askdoc.answering.sections import Sections

        return Sections(self._reader)

    @cached_property
    def _learned(self) -> Learned:
        from askdoc.answering.learned import Learned

        return Learned(self._reader)

    @cached_property
    def _semantic(self) -> Semantic | None:
        if self._encoder is None:
            return None
        from askdoc.ranking.semantic import Semantic

        return Semantic(self._reader, self._encoder)

    @cached_property
    def _suggester(self) -> Suggester:
        from askdoc.answering.suggestions import Suggester

        return Suggester(self._reader, self._sections, self._answering)

    @cached_property
    def _finder(self) -> Finder:
        from askdoc.answering.places import Finder

        return Finder(self._reader, self._showing, self._sections, self._limits)

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
        return self._showing.passages(document)

    def stretch(self, document: str, first: int, count: int) -> list[ShownPassage]:
        """``count`` passages of a document from its ``first`` one on (0-based), without marks; fewer at its end."""
        with self._reader.snapshot():
            return self._showing.stretch(document, first, count)

    def position(self, citation: str) -> tuple[str, int]:
        """The document of a citation, and how many of its passages stand before the cited one.

        Raises :class:`askdoc.errors.CitationNotFound` where it leads nowhere.
        """
        with self._reader.snapshot():
            return self._showing.position(citation)

    # --- asking ------------------------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        answer_language: AnswerLanguage = "auto",
        limit: int | None = 3,
        *,
        document: str | None = None,
        section: Sequence[str] | None = None,
        carried: Carried | None = None,
        own: tuple[Word, ...] = (),
    ) -> Answer:
        """Ask a question in English, Chinese or a mixture of both.

        ``answer_language`` chooses the version shown (``"auto"``: the question's language; where a passage lacks it,
        the one that exists). ``limit`` is the most hits given, 1 to ``limits.hits``; ``None`` gives every passage that
        holds a content word of the question as it stands, found by nothing else. ``document`` and ``section`` narrow
        it to the passages of a document and to those whose section path begins so in either language; how rare a word
        is stays that of the whole index.
        ``carried`` are words of an earlier question, asked along with the ``own`` ones of this: a
        :class:`askdoc.answering.conversation.Conversation` passes them.
        Raises :class:`askdoc.errors.QueryError` for a question that is empty or
        too long, :class:`askdoc.errors.UsageError` for arguments out of range, and the kinds of
        :class:`askdoc.errors.IndexError_` where the index cannot be read.
        """
        started = time.perf_counter()
        if answer_language not in get_args(AnswerLanguage):
            raise UsageError("ask-answer-language", value=answer_language)
        if limit is not None and not 1 <= limit <= self._limits.hits:
            raise UsageError("ask-limit", value=limit, most=self._limits.hits)
        query = parse(question, self._limits)
        if carried is not None:
            query = joined(query, carried, own)
        if limit is None:  # all that holds the words: as they stand
            query = replace(query, forms={})
        with self._reader.snapshot():
            within = None if document is section is None else self._sections.within(document, section)
            answer = self._ask(query, question, answer_language, limit, within, started)
            if limit is not None and carried is None and answer.confidence < _SURE:
                answer = self._respelled(answer, query, limit, within, started)
        return answer if carried is None else replace(answer, about=tuple(word.surface for word in carried.words))

    def _respelled(
        self, answer: Answer, query: Query, limit: int, within: frozenset[int] | None, started: float
    ) -> Answer:
        """The answer to the question with its typing slips put right, where it has any and that answers better."""
        absent = [word for word in query.words if word.surface in answer.missing]
        singles = sum(word.han and len(word.form) == 1 for word in query.words)
        if not absent and (singles < 2 or answer.found):
            return answer
        from askdoc.answering.spelling import corrections

        lexicon = self._lexicon()
        if lexicon is None:  # without it a word that the documents merely lack looks like a slip
            return answer
        found = corrections(
            absent,
            query,
            self._reader,
            lambda word: in_dictionary(word, lexicon),
            lambda han: bool(lexicon.english(han)),
            self._surfaces,
        )
        text = query.text
        for typed, right in found.items():
            text = text.replace(typed, right)
        if text == query.text or len(text) > self._limits.question_characters:
            return answer
        again = self._ask(parse(text, self._limits), answer.question, answer.answer_language, limit, within, started)
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
                for _, readings in self._readings.read(numbers[:4])
                for reading in readings.values()
                for token in reading.tokens
                if token.term == term
            )
        )

    def conversation(self) -> Conversation:
        """A conversation: questions that may go on from the ones before."""
        from askdoc.answering.conversation import Conversation

        return Conversation(self, self._limits)

    def _ask(
        self,
        query: Query,
        question: str,
        answer_language: AnswerLanguage,
        limit: int | None,
        within: frozenset[int] | None,
        started: float,
    ) -> Answer:
        ranker = self._ranker(self._reader)
        if not query.words or not self._reader.size:
            return self._answer(query, question, answer_language, None, [], [], started)
        meant = self._meant(query, limit)
        weights = self._weights(query, meant)
        first = query.phrase or query
        found = candidates(first, self._reader, ranker, weights, within, self._bridge(first), meant)
        if query.phrase is not None and any(held.any() for held in found.holds.values()):
            query = query.phrase
        elif query.phrase is not None:
            found = candidates(query, self._reader, ranker, weights, within, self._bridge(query), meant)
        numbers = found.numbers
        if query.must:
            held = [sum(bool(found.holds[term][number]) for term in query.must) for number in numbers.tolist()]
            most = max(held, default=0)
            numbers = numbers[[count == most for count in held]]
        least = CANDIDATES_BY_MEANING if meant else CANDIDATES
        count = len(numbers) if limit is None else max(least, limit + 8)
        ranked = self._rank(query, found, numbers[:count].tolist())
        shown = ranked if limit is None else ranked[:limit]
        return self._answer(query, question, answer_language, found, ranked, shown, started)

    def _bridge(self, query: Query) -> Bridged | None:
        """What the text of the other language says, where the index has such text and a dictionary is installed."""
        if not self._reader.field(other(query.language)).passages:
            return None
        lexicon = self._lexicon()
        if lexicon is None:
            return None
        return bridge(query, self._reader, lexicon, lambda word: self._learned.translations(word, query.language))

    @property
    def path(self) -> Path | None:
        """The index file; ``None`` for an index in memory."""
        return getattr(self._reader, "path", None)

    @property
    def semantic(self) -> bool:
        """Whether sentence vectors take part."""
        return self._semantic is not None and self._semantic.able

    def keep_scales(self, scales: Mapping[str, float]) -> None:
        """Record in the index file factors of the groups of fusion weights, for all who ask it from now on.

        An empty table takes them back. Raises :class:`askdoc.errors.UsageError` for an index in memory, and what
        writing an index raises.
        """
        from askdoc.storage.files import write_lock
        from askdoc.storage.writer import keep_scales

        if self.path is None:
            raise UsageError("eval-fit-memory")
        with write_lock(self.path, seconds=self._limits.busy_seconds):
            keep_scales(self.path, scales, limits=self._limits)
        self.scales = None

    def warm(self) -> None:
        """Load what the first question would wait for: the encoder where the index has its vectors. Takes a second."""
        if self._encoder is not None and self._semantic is not None and self._semantic.able:
            self._encoder.encode([""])

    def _meant(self, query: Query, limit: int | None) -> Meant | None:
        """What sentence vectors say, where the index has them; not where all passages that hold a word are wanted."""
        if limit is None or self._semantic is None or not self._semantic.able:
            return None
        from askdoc.answering.meaning import meant

        carried = " ".join(word.surface for word in query.words if word.surface not in query.text)
        return meant(query, f"{query.text} {carried}".strip(), self._reader, self._semantic)

    def _weights(self, query: Query, meant: Meant | None) -> Weights:
        """The weights in force: those that ship, by the factors that were fitted to this index where somebody asked."""
        shipped = (SEMANTIC_WEIGHTS if meant else WEIGHTS)[query.language]
        return scaled(shipped, self._reader.scales if self.scales is None else self.scales)

    def _rank(self, query: Query, found: Candidates, numbers: Sequence[int]) -> list[_Ranked]:
        """Read candidates closely and order them by all their evidence; ties keep the document's order."""
        ranked = []
        weights = self._weights(query, found.meant)
        similar = found.meant.similar(numbers) if found.meant else {}
        for number, (stored, readings) in zip(numbers, self._readings.read(numbers), strict=True):
            translations = crossing(query, found.bridged, readings)
            evidence = weigh_all(query, readings, found, translations)
            primary = max(
                evidence,
                key=lambda language: (
                    evidence[language].best + evidence[language].best_grams,
                    language == query.language,
                ),
            )
            alike = similar.get(number)
            if not evident(found, number, alike):
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
            signs = answer_signs(
                query,
                found,
                first.number,
                first.evidence[first.primary],
                [item.score for item in ranked[:2]],
                nearest_sentence(first.similar) if first.similar else 0.0,
            )
            kind = confidence.kind(query.language in first.readings, found.meant is not None)
            answers = confidence.chance(signs, confidence.ANSWERABLE[kind]) >= confidence.THRESHOLD[kind]
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
            answers,
            certain,
            tuple(word.surface for word in query.words if word.term not in absent),
            tuple(word.surface for word in missing),
            hits,
            (time.perf_counter() - started) * 1000,
        )

    def _hit(self, rank: int, query: Query, item: _Ranked, found: Candidates, answer_language: AnswerLanguage) -> Hit:
        passage = item.stored.passage
        sentences = answer_sentences(
            query, item.primary, item.readings, item.evidence[item.primary], found, item.similar
        )
        translations = crossing(query, found.bridged, item.readings)
        marks = {language: highlights(query, reading, translations) for language, reading in item.readings.items()}
        versions = self._showing.versions(item.stored, marks, sentences)
        wanted: Language = query.language if answer_language in ("auto", "both") else answer_language  # type: ignore[assignment]
        return Hit(
            rank,
            item.score,
            f"{item.stored.document}#{passage.id}",
            wanted if wanted in versions else other(wanted),
            passage.alignment,
            tuple(word.surface for word in query.words if found.holds[word.term][item.number]) or ("≈",),
            versions,
            item.stored.document,
        )

    # --- looking around ----------------------------------------------------------------------------------------

    def places(
        self, words: str, *, exact: bool = False, document: str | None = None, section: Sequence[str] | None = None
    ) -> Places:
        """Every passage that holds some words, in document order, with all of their places marked in both versions.

        Words in quotes (``"…"``, “…”, 「…」, 『…』, «…»), or ``exact=True``, are one phrase as it stands but for case,
        width, accents, traditional characters and blanks: as whole words where it stands so anywhere, else inside
        words too. Otherwise the passages that hold all content words of a question, in any form. ``document`` and
        ``section`` narrow it as for :meth:`ask`, and errors are the same.
        """
        with self._reader.snapshot():
            return self._finder.find(words, exact, document, section)

    def sections(self, document: str | None = None) -> tuple[SectionSummary, ...]:
        """The outline, of one document or of all: sections that have passages, in document order.

        Raises :class:`askdoc.errors.UsageError` for a document that is not there.
        """
        with self._reader.snapshot():
            return self._sections.outline(document)

    def section_named(self, heading: str, document: str | None = None) -> tuple[str, ...]:
        """The path of the section of this heading, in either language, or of the only one whose heading holds it.

        Raises :class:`askdoc.errors.UsageError`, with the nearest headings, where none or several fit.
        """
        with self._reader.snapshot():
            return self._sections.named(heading, document)

    def suggestions(self, language: Language, count: int = 5) -> tuple[str, ...]:
        """Up to ``count`` questions to begin with, in document order, from the document's headings, names and numbers.

        Every one was asked and is answered, each by another passage. Takes as long as some tens of questions.
        """
        return self._suggester.questions(language, count)

    def related(self, answer: Answer, language: Language) -> tuple[str, ...]:
        """Up to three headings or terms to go on with: near the passages of an answer or, where it was not found, those
        of the document that are most like what was asked."""
        with self._reader.snapshot():
            suggest = self._suggester.near_answer if answer.found else self._suggester.near_words
            return suggest(answer, language)

    def texts(self, most: int) -> list[tuple[Language, str]]:
        """The versions of the first ``most`` passages, in document order, with their languages."""
        from askdoc.answering.vocabulary import texts

        with self._reader.snapshot():
            return texts(self._reader, most)

    def _answering(self, question: str) -> str | None:
        answer = self.ask(question, limit=1)
        return answer.hits[0].passage_id if answer.found else None

    # --- citations ---------------------------------------------------------------------------------------------

    def show(self, citation: str, context: int = 2) -> Shown:
        """The place that a citation leads to, with ``context`` passages before and after it.

        A citation is a passage id (``document#id``) or ``document:line``. Raises
        :class:`askdoc.errors.CitationNotFound` where it leads nowhere.
        """
        with self._reader.snapshot():
            return self._showing.place(citation, context)
