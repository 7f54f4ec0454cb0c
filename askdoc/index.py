"""Query → Answer: the one way in which every front end asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Self, get_args

from askdoc.answering import pipeline
from askdoc.answering.context import Context
from askdoc.errors import UsageError
from askdoc.lexicon import Lexicon, installed
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Answer, AnswerLanguage, DocumentSummary, Language, Places, SectionSummary, Shown, ShownPassage
from askdoc.presentation.answers import Request
from askdoc.presentation.passage_views import PassageViews
from askdoc.retrieval.term_scores import TermScores
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.conversation.dialogue import Conversation
    from askdoc.indexing.build import IndexReport
    from askdoc.question.dialogue_state import DialogueState


class Index:
    """An open index: ask it, look up its citations. May be shared by threads; close it, or use it with ``with``."""

    def __init__(
        self,
        reader: IndexReader,
        term_scores: type[TermScores] = TermScores,
        *,
        limits: Limits = DEFAULT,
        report: IndexReport | None = None,
        sample: bool = False,
        lexicon: Callable[[], Lexicon | None] = installed,
        encoder: Encoder | None = None,
    ) -> None:
        """Take a ``lexicon``, loaded for the first question to an index with text of the other language.

        ``encoder`` takes part where the index has its vectors.
        """
        self._reader = reader
        self._term_scores = term_scores
        self._limits = limits
        self._lexicon = lexicon
        self._encoder = encoder
        self.report = report
        """What was built or refreshed to open it, if anything was."""
        self.sample = sample
        """Whether this is the sample that ships."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index file."""
        self._reader.close()

    def documents(self) -> list[DocumentSummary]:
        """Return what is in the index: titles, languages, how much is paired."""
        with self._reader.snapshot() as snapshot:
            return snapshot.documents()

    def passages(self, document: str | None = None) -> Iterator[ShownPassage]:
        """Yield all passages in document order, of one document or of all, without marks."""
        for summary in self.documents():
            if document in (None, summary.name):
                yield from self.stretch(summary.name, 0, summary.passages)

    def stretch(self, document: str, first: int, count: int) -> list[ShownPassage]:
        """Return ``count`` passages of a document from its ``first`` on (0-based), without marks; fewer at its end."""
        with self._reader.snapshot() as snapshot:
            return PassageViews(snapshot).stretch(document, first, count)

    def position(self, citation: str) -> tuple[str, int]:
        """Return the document of a citation, and how many of its passages stand before the cited one.

        Raises :class:`askdoc.errors.CitationNotFound` where it leads nowhere.
        """
        with self._reader.snapshot() as snapshot:
            return PassageViews(snapshot).position(citation)

    # --- asking ------------------------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        answer_language: AnswerLanguage = "auto",
        limit: int | None = 3,
        *,
        document: str | None = None,
        section: Sequence[str] | None = None,
    ) -> Answer:
        """Ask a question in English, Chinese or a mixture of both.

        ``answer_language`` chooses the version shown (``"auto"``: the question's language; where a passage lacks it,
        the one that exists). ``limit`` is the most hits given, 1 to ``limits.hits``; ``None`` gives every passage that
        holds a content word of the question as it stands, and no others. ``document`` and ``section`` narrow
        it to the passages of a document and to those whose section path begins so in either language; idf
        remains that of the whole index.
        Raises :class:`askdoc.errors.QueryError` for a question that is empty or
        too long, :class:`askdoc.errors.UsageError` for arguments out of range, and the kinds of
        :class:`askdoc.errors.IndexError_` where the index cannot be read.
        """
        return self.reply(question, None, answer_language, limit, document=document, section=section)[0]

    def reply(
        self,
        question: str,
        state: DialogueState | None,
        answer_language: AnswerLanguage = "auto",
        limit: int | None = 3,
        *,
        document: str | None = None,
        section: Sequence[str] | None = None,
    ) -> tuple[Answer, DialogueState | None]:
        """Ask a question that may follow up earlier ones; return the answer, and the state for the next question.

        A :class:`askdoc.conversation.dialogue.Conversation` passes the ``state``. Everything else is as for :meth:`ask`.
        """
        started = time.perf_counter()
        if answer_language not in get_args(AnswerLanguage):
            raise UsageError("ask-answer-language", value=answer_language)
        if limit is not None and not 1 <= limit <= self._limits.hits:
            raise UsageError("ask-limit", value=limit, most=self._limits.hits)
        with self._reader.snapshot() as snapshot:
            within = None
            if document is not None or section is not None:
                from askdoc.browsing.outline import Outline  # here: 10 ms of a cold start that a plain question saves

                within = Outline(snapshot).within(document, section)
            request = Request(question, answer_language, limit, within, started)
            return pipeline.ask(self._context(snapshot), request, state)

    def _context(self, snapshot: Snapshot) -> Context:
        return Context(snapshot, self._term_scores, self._limits, self._lexicon, self._encoder)

    def conversation(self) -> Conversation:
        """Start a conversation, in which questions may refer to earlier ones."""
        from askdoc.conversation.dialogue import Conversation

        return Conversation(self, self._limits)

    @property
    def path(self) -> Path | None:
        """The index file; ``None`` for an index in memory."""
        return self._reader.path

    @property
    def semantic(self) -> bool:
        """Whether sentence vectors take part."""
        with self._reader.snapshot() as snapshot:
            return self._encoder is not None and snapshot.encoder == self._encoder.name

    def warm(self) -> None:
        """Load what the first question would wait for: the encoder where the index has its vectors. Takes a second."""
        if self._encoder is not None and self.semantic:
            self._encoder.encode([""])

    # --- looking around ----------------------------------------------------------------------------------------

    def places(
        self, words: str, *, exact: bool = False, document: str | None = None, section: Sequence[str] | None = None
    ) -> Places:
        """Find every passage that holds some words, in document order, with all of their places marked in both versions.

        Words in quotes (``"…"``, “…”, 「…」, 『…』, «…»), or ``exact=True``, are one phrase as it stands but for case,
        width, accents, traditional characters and blanks: as whole words where it stands so anywhere, else inside
        words too. Otherwise the passages that hold all content words of a question, in any form. ``document`` and
        ``section`` narrow it as for :meth:`ask`, and errors are the same.
        """
        from askdoc.browsing.concordance import Concordance

        with self._reader.snapshot() as snapshot:
            return Concordance(snapshot, self._limits).find(words, exact, document, section)

    def sections(self, document: str | None = None) -> tuple[SectionSummary, ...]:
        """Return the outline, of one document or of all: sections that have passages, in document order.

        Raises :class:`askdoc.errors.UsageError` for a document that is not there.
        """
        from askdoc.browsing.outline import Outline

        with self._reader.snapshot() as snapshot:
            return Outline(snapshot).outline(document)

    def section_named(self, heading: str, document: str | None = None) -> tuple[str, ...]:
        """Return the path of the section with this heading, in either language, or of the only one whose heading contains it.

        Raises :class:`askdoc.errors.UsageError`, with the nearest headings, where none or several fit.
        """
        from askdoc.browsing.outline import Outline

        with self._reader.snapshot() as snapshot:
            return Outline(snapshot).named(heading, document)

    def suggestions(self, language: Language, count: int = 5) -> tuple[str, ...]:
        """Return up to ``count`` questions to begin with, in document order, from headings, names and numbers.

        Each was asked and is answered, by a different passage. Takes as long as a few dozen questions.
        """
        from askdoc.browsing.suggestions import Suggester, answered

        with self._reader.snapshot() as snapshot:
            questions = Suggester(snapshot).questions(language)
        return answered(questions, count, self._answering)

    def related(self, answer: Answer, language: Language) -> tuple[str, ...]:
        """Return up to three headings or terms to go on with.

        They are near the passages of an answer or, where it was not found, most similar to the question's words.
        """
        from askdoc.browsing.suggestions import Suggester

        with self._reader.snapshot() as snapshot:
            suggester = Suggester(snapshot)
            suggest = suggester.near_answer if answer.found else suggester.near_words
            return suggest(answer, language)

    def texts(self, most: int) -> list[tuple[Language, str]]:
        """Return the versions of the first ``most`` passages, in document order, with their languages."""
        from askdoc.browsing.vocabulary import texts

        with self._reader.snapshot() as snapshot:
            return texts(snapshot, most)

    def _answering(self, question: str) -> str | None:
        answer = self.ask(question, limit=1)
        return answer.hits[0].passage_id if answer.found else None

    # --- citations ---------------------------------------------------------------------------------------------

    def show(self, citation: str, context: int = 2) -> Shown:
        """Return the place that a citation leads to, with ``context`` passages before and after it.

        A citation is a passage id (``document#id``) or ``document:line``. Raises
        :class:`askdoc.errors.CitationNotFound` where it leads nowhere.
        """
        with self._reader.snapshot() as snapshot:
            return PassageViews(snapshot).place(citation, context)
