"""Answers about the document as a whole, and about one of its sections, from the document's own words.

What it is about is told by its title, its first passage of prose and the passages that are most central to it
(:func:`askdoc.text.centrality.lexrank`), in the document's order; what a section says, by the section's beginning. Author
and date count only where the document names them near its beginning or end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from askdoc.answering.analyzed_version import AnalyzedVersion, analyzed_passages
from askdoc.answering.context import Context
from askdoc.answering.extents import CHARACTERS, LONGEST
from askdoc.answering.structure import Structure, plain_heading, structures, with_headings
from askdoc.model import Answer, HeadingLine, Language, Overview
from askdoc.presentation.answers import MarkedPassage, Request, present
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import Query, parse
from askdoc.question.scope import Asks
from askdoc.text.bylines import names_author, names_date, names_languages, names_update
from askdoc.text.centrality import lexrank
from askdoc.text.han import HAN_RUN, character_pairs
from askdoc.text.sentences import sentences
from askdoc.text.spans import Span

if TYPE_CHECKING:
    from askdoc.storage.snapshot import StoredPassage

CONFIDENCE: Final[Mapping[str, float]] = {"subject": 0.8, "author": 0.75, "date": 0.75, "section": 0.85}
"""The share of right answers among those given, by what is asked; 0.9 for the others."""

ABSENT: Final = 0.1
"""The confidence where the document does not name its author or date, or has no section of that number."""

_CENTRAL: Final = 96
"""Passages that are compared with one another, spread over a longer document."""

_LEADING: Final = 12
"""Passages from a beginning on among which the first one of prose is looked for."""

_SCANNED: Final = 256
"""Passages from a document's end on that may say which languages it is in."""

_LISTED: Final = 200
"""Documents that are told of, at most."""

_PROSE: Final = re.compile(r"^[\W_]{0,3}[^\W_].{14,}[.。!！?？:：;；…”\"’)）*](?:\s|$)", re.DOTALL)
_MARKUP: Final = re.compile(r"^\s*(?:<|\||#|!?\[|:\w+:|```|[-*+]\s+\[|---)")
_SUMMARY: Final = re.compile(
    r"^\W*(?:summary|abstract|tl;?dr|conclusions?|in short|overview|key (?:points|takeaways)|at a glance|executive summary"
    r"|小结|总结|摘要|结论|概述|概要|要点|内容提要|结语)\W*$",
    re.IGNORECASE,
)
_UPDATES: Final = re.compile(r"updat|revis|modif|更新|修订|修改", re.IGNORECASE)


def ask_whole(context: Context, request: Request, query: Query) -> Answer | None:
    """Return the answer to a question about the whole document or a section, or to a greeting; ``None`` for any other."""
    asks = query.scope.asks if query.scope else None
    if asks in ("greeting", "thanks"):
        return present(PassageViews(context.snapshot), request, query, (), False, 0.0, (), kind="greeting")
    headed = _section(context, request, query)
    if headed is not None or query.scope is None or asks == "section":
        return headed
    documents = structures(context.snapshot, request.within)
    if not documents:
        return None
    return _Whole(context, request, query, documents).answer(query.scope.asks)


def following(context: Context, last: str, shown: frozenset[str], request: Request) -> list[MarkedPassage]:
    """Return the passages that follow the one with the id ``last`` in its document and were not shown yet."""
    document, _, passage_id = last.partition("#")
    number = context.snapshot.find(document, passage_id)
    if number is None:
        return []
    after = context.snapshot.passages(context.snapshot.around(number, 0, _LEADING)[1:])
    fresh = [
        stored
        for stored in after
        if stored.citation not in shown
        and not _is_markup(stored)
        and (request.within is None or stored.number in request.within)
    ]
    return [_marked(stored, _first) for stored in fresh[: request.limit]]


# --- sections --------------------------------------------------------------------------------------------------------


def _section(context: Context, request: Request, query: Query) -> Answer | None:
    """Return the beginning of the section that a question names, or is the heading of; ``None`` without one."""
    scope = query.scope
    named = scope.section if scope and scope.asks == "section" else ""
    if named.startswith("#"):
        return _numbered(context, request, query, int(named[1:]))
    documents = structures(context.snapshot, request.within)
    if len(documents) > 1 or not named:
        words = parse(named, context.limits).words if named else query.words
        documents = list(with_headings(context, words, request.within))
    beginnings = []
    for document in documents:
        sections = document.named(named or query.text, exactly=not named)
        if sections:
            beginnings += [document.passages(section) for section in sections]
        elif not named and document.titled(query.text):
            beginnings.append(list(document.numbers[:_LEADING]))
    return _beginning(context, request, query, [numbers for numbers in beginnings if numbers])


def _numbered(context: Context, request: Request, query: Query, number: int) -> Answer | None:
    """Return the beginning of the section of a number, ``-1`` for the last; refused where the document has fewer."""
    (document, *others) = structures(context.snapshot, request.within) or (None,)
    if document is None or others:
        return None
    level = document.top()
    if not level:
        return None
    by_number = [section for section in level if document.numbered(section, number)]
    if not by_number and number <= len(level) and not any(document.numbered(section, 1) for section in level):
        by_number = [level[number - 1 if number > 0 else number]]
    if number < 0:
        by_number = [level[-1]]
    if not by_number:
        return present(PassageViews(context.snapshot), request, query, (), False, ABSENT, ())
    return _beginning(context, request, query, [document.passages(by_number[0])])


def _beginning(context: Context, request: Request, query: Query, sections: Sequence[Sequence[int]]) -> Answer | None:
    """Return the first passages of a section; of several the first prose of each."""
    if not sections:
        return None
    limit = request.limit or 1
    if len(sections) == 1:
        stored = context.snapshot.passages(sections[0][: _LEADING + limit])
        start = next((position for position, passage in enumerate(stored) if not _is_markup(passage)), 0)
        chosen = stored[start : start + limit]
    else:
        chosen = [_lead(context.snapshot.passages(numbers[:_LEADING])) for numbers in sections[:limit]]
    marked = [_marked(passage, _first) for passage in chosen]
    return present(PassageViews(context.snapshot), request, query, (), True, CONFIDENCE["section"], marked)


# --- the whole document ----------------------------------------------------------------------------------------------


class _Whole:
    """A question about one document or several as a whole."""

    def __init__(self, context: Context, request: Request, query: Query, documents: Sequence[Structure]) -> None:
        self._context = context
        self._request = request
        self._query = query
        self._documents = documents
        self._limit = request.limit or 1

    def answer(self, asks: Asks) -> Answer:
        """Return the answer to what is asked."""
        names = self._recognizer(asks)
        hits = self._lines(names, _SCANNED if asks == "languages" else 3) if names else self._passages(asks)
        if not hits and asks == "languages":
            hits = self._passages(asks)
        confidence = CONFIDENCE.get(asks, 0.9) if hits else ABSENT
        overview = tuple(self._overview(structure, asks) for structure in self._documents[: _LISTED if hits else 0])
        return present(
            PassageViews(self._context.snapshot),
            self._request,
            self._query,
            (),
            bool(hits),
            confidence,
            hits,
            kind="document",
            overview=overview,
        )

    def _passages(self, asks: Asks) -> list[MarkedPassage]:
        document, *others = self._documents
        if others or asks == "documents":
            return [_marked(self._lead(structure), _first) for structure in self._documents[: self._limit]]
        if asks == "ending":
            last = [stored for stored in self._read(document.numbers[-_LEADING:]) if not _is_markup(stored)]
            return [_marked(stored, _last) for stored in last[-1:]]
        if asks == "contents":
            beginnings = [numbers for section in document.top() if (numbers := document.passages(section))]
            return [
                _marked(_lead(self._read(numbers[:_LEADING])), _first) for numbers in beginnings[: self._limit]
            ] or [_marked(self._lead(document), _first)]
        if asks == "subject":
            return [_marked(stored, _first) for stored in self._summary(document)]
        return [_marked(self._lead(document), _first)]

    def _summary(self, document: Structure) -> list[StoredPassage]:
        """Return the first passage of prose, that of a summary if there is one, and the most central ones, in order."""
        lead = self._lead(document)
        chosen = {lead.number: lead}
        for section in document.headed:
            names = (path[-1] for path in document.sections[section].path.values() if path)
            if any(_SUMMARY.match(plain_heading(name)) for name in names):
                for stored in map(_lead, filter(None, [self._read(document.passages(section)[:_LEADING])])):
                    chosen.setdefault(stored.number, stored)
        for stored in self._central(document):
            if len(chosen) >= self._limit:
                break
            chosen.setdefault(stored.number, stored)
        return [chosen[number] for number in sorted(list(chosen)[: self._limit])]

    def _central(self, document: Structure) -> Sequence[StoredPassage]:
        """Return the passages of prose by their centrality, cached for the index's present state."""
        snapshot = self._context.snapshot
        numbers = snapshot.numbers(document.document)

        def make() -> list[int]:
            step = max(len(numbers) / _CENTRAL, 1)
            spread = [numbers[int(position * step)] for position in range(min(len(numbers), _CENTRAL))]
            prose = [stored.number for stored in snapshot.passages(spread) if _is_prose(stored)]
            ranks = lexrank([_bag(versions) for _, versions in analyzed_passages(snapshot, prose)])
            return [prose[place] for place in sorted(range(len(prose)), key=lambda place: -ranks[place])]

        within = self._request.within
        central = snapshot.cached(("central", document.document), make)
        return snapshot.passages(
            [number for number in central if within is None or number in within][: self._limit + 2]
        )

    def _lead(self, document: Structure) -> StoredPassage:
        return _lead(self._read(document.numbers[:_LEADING]))

    def _read(self, numbers: Sequence[int]) -> list[StoredPassage]:
        return self._context.snapshot.passages(numbers)

    # --- author and date -------------------------------------------------------------------------------------------

    def _recognizer(self, asks: Asks) -> Callable[[str], bool] | None:
        """Return what tells the sentences that answer, where single sentences do."""
        if asks == "date":
            return names_update if _UPDATES.search(self._query.text) else names_date
        return {"author": names_author, "languages": names_languages}.get(asks)

    def _lines(self, names: Callable[[str], bool], last: int) -> list[MarkedPassage]:
        """Return for each document the first passage, of its first six and its ``last``, that has such a line."""
        hits = []
        for document in self._documents[: self._limit]:
            numbers = document.numbers
            ends = [*numbers[:6], *numbers[max(len(numbers) - last, 6) :]]
            for stored in self._context.snapshot.passages(ends):
                spans = {
                    language: span
                    for language, version in stored.passage.versions.items()
                    for span in sentences(version.text, language)[:12]
                    if names(version.text[slice(*span)])
                }
                if spans:
                    hits.append(MarkedPassage(stored, 1.0, (), spans, {}))
                    break
            else:
                hits += [_marked(stored, _first) for stored in self._headed(document, names)]
        return hits

    def _headed(self, document: Structure, names: Callable[[str], bool]) -> Iterator[StoredPassage]:
        """Yield the first passage of the first section whose heading is such a line ("By …")."""
        for section in document.headed[:6]:
            paths = document.sections[section].path.values()
            if any(names(plain_heading(path[-1])) for path in paths if path) and document.passages(section):
                yield _lead(self._read(document.passages(section)[:_LEADING]))
                return

    # --- what the document says of itself --------------------------------------------------------------------------

    def _overview(self, document: Structure, asks: Asks) -> Overview:
        alone = len(self._documents) == 1
        summary = next(item for item in self._context.snapshot.documents() if item.name == document.document)
        headings = tuple(
            HeadingLine(
                {
                    language: plain_heading(path[-1])
                    for language, path in section.path.items()
                    if path and summary.languages.get(language)
                },
                max(map(len, section.path.values())),
                section.lines[0],
            )
            for section in (document.sections[number] for number in document.headed)
            if alone
        )
        return Overview(
            document.document,
            document.title,
            headings,
            len(document.top()),
            summary.passages,
            {language: count for language, count in summary.languages.items() if count},
            self._length(document) if asks == "length" else {},
        )

    def _length(self, document: Structure) -> dict[Language, int]:
        """Count the English words and the Chinese characters of a document."""
        counts: dict[Language, int] = {}
        for start in range(0, len(document.numbers), 512):
            for stored in self._context.snapshot.passages(document.numbers[start : start + 512]):
                for language, version in stored.passage.versions.items():
                    han = sum(map(len, HAN_RUN.findall(version.text)))
                    count = han if language == "zh" else len(version.text.split())
                    counts[language] = counts.get(language, 0) + count
        return counts


# --- passages --------------------------------------------------------------------------------------------------------


def _is_markup(stored: StoredPassage) -> bool:
    """Tell whether a passage is markup, links or a picture."""
    return all(_MARKUP.match(version.text) for version in stored.passage.versions.values())


def _is_prose(stored: StoredPassage) -> bool:
    """Tell whether a passage is a paragraph with at least one whole sentence."""
    return stored.passage.kind == "prose" and any(
        _PROSE.search(version.text) and not _MARKUP.match(version.text) for version in stored.passage.versions.values()
    )


def _lead(passages: Sequence[StoredPassage]) -> StoredPassage:
    """Return the first passage of prose; else the first that is no markup; else the first."""
    for fits in (_is_prose, lambda stored: not _is_markup(stored)):
        for stored in passages:
            if fits(stored):
                return stored
    return passages[0]


def _bag(versions: Mapping[Language, AnalyzedVersion]) -> list[str]:
    """Return the terms of a passage: stems, and of Chinese its pairs of characters."""
    terms: list[str] = []
    for version in versions.values():
        terms += [token.term for token in version.tokens]
        for run in HAN_RUN.findall(version.form.text):
            terms += character_pairs(run)
    return terms


def _marked(stored: StoredPassage, mark: Callable[[Sequence[Span], int], Span]) -> MarkedPassage:
    spans = {
        language: mark(parts, CHARACTERS[language])
        for language, version in stored.passage.versions.items()
        if (parts := sentences(version.text, language))
    }
    return MarkedPassage(stored, 1.0, (), spans, {})


def _first(parts: Sequence[Span], most: int) -> Span:
    """Return the stretch of the first sentences of at most ``most`` characters."""
    start, end = parts[0]
    for _, sentence_end in parts[1:LONGEST]:
        if sentence_end - start <= most:
            end = sentence_end
    return start, end


def _last(parts: Sequence[Span], most: int) -> Span:
    """Return the stretch of the last sentences of at most ``most`` characters."""
    start, end = parts[-1]
    for sentence_start, _ in parts[-2 : -LONGEST - 1 : -1]:
        if end - sentence_start <= most:
            start = sentence_start
    return start, end
