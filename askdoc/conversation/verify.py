"""Check whether the quotes of a saved transcript or export are still in the documents, word for word.

Reads what askdoc writes: transcripts and answers in JSON (also one a line), Markdown and HTML. The words that a reader
sees in the file are checked, so that a quote edited by hand is detected too. Blanks and line ends do not count.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from msgspec import Struct, convert

from askdoc.conversation.transcript import RECORD, Transcript, read_file
from askdoc.errors import AskdocError, DocumentMalformed
from askdoc.model import LANGUAGES, SCHEMA, Answer, AnswerLanguage, Language, ShownPassage
from askdoc.presentation.emphasis import shown
from askdoc.text import json_text

State = Literal["same", "moved", "changed", "gone"]

ALIKE: Final = 0.5
"""A passage counts as the quoted one, changed, from this similarity on (``difflib``'s ratio over words)."""

STEPS: Final = 2_000_000
"""Pairs of equal words that a comparison visits, in a third of a second; prose needs a tenth of them at most. Rows of
one character have far more: the rest is then compared by its rare words, and finally from its ends."""

_RARE: Final = 8
"""The most occurrences of a word that is rare in a text."""

_AGAIN: Final = 8
"""Equal words that end a change, where only the ends are compared."""

_SHIFTS: Final = [
    (old, new)
    for most in range(1, 17)
    for old in range(most, -1, -1)
    for new in range(most, -1, -1)
    if most in (old, new)
]
"""Lengths of such a change in the old and in the new text, the shortest first, equal ones before others."""

_RECORDS: Final = 50
"""Records of one footnote that its quote is compared with; an export has two at most, one a language."""

_COMMENT: Final = re.compile(r"<!-- " + RECORD + r" (\S+) \{")
_COMMENT_END: Final = "} -->"
_NOTE: Final = re.compile(r"\[\^(a\d+-\d+)\]")
_CITED: Final = re.compile(r"^— \[\d+\] .*\(`([^`]*)`\)$")
_WORD: Final = re.compile(r"[A-Za-z0-9'’.%-]+|\S")


class Quote(Struct, frozen=True):
    """A quote of a file."""

    text: str
    passage_id: str = ""
    """Where it stood; empty where the file does not say."""
    language: Language | None = None
    line: int | None = None


class Checked(Struct, frozen=True):
    """A quote, and what became of it."""

    quote: Quote
    state: State
    """In its place; elsewhere now; changed; or nothing like it is left."""
    passage_id: str = ""
    """Where it, or what became of it, stands now."""
    line: int | None = None
    differences: tuple[tuple[str, str], ...] = ()
    """Words of the quote and what stands for them now; either may be empty."""


class VerifyReport(Struct, frozen=True):
    """What became of the quotes of a file, in its order."""

    path: str
    quotes: tuple[Checked, ...]

    @property
    def good(self) -> bool:
        """Whether every quote is still in the documents, word for word."""
        return all(checked.state in ("same", "moved") for checked in self.quotes)

    def count(self, state: State) -> int:
        """Count the quotes in a state."""
        return sum(checked.state == state for checked in self.quotes)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as ``--format json`` prints it."""
        return {
            "schema": SCHEMA,
            "file": self.path,
            "good": self.good,
            "quotes": [
                {
                    "state": checked.state,
                    "text": checked.quote.text,
                    "was": {"passage_id": checked.quote.passage_id, "line": checked.quote.line},
                    "now": {"passage_id": checked.passage_id, "line": checked.line},
                    "differences": [list(pair) for pair in checked.differences],
                }
                for checked in self.quotes
            ],
        }


class Verifiable(Protocol):
    """What quotes are looked for in: :class:`askdoc.index.Index`."""

    def passages(self, document: str | None = None) -> Iterator[ShownPassage]:
        """See :meth:`askdoc.index.Index.passages`."""

    def ask(self, question: str, answer_language: AnswerLanguage = "auto", limit: int | None = 3) -> Answer:
        """See :meth:`askdoc.index.Index.ask`."""


def verify(path: str | Path, index: Verifiable) -> VerifyReport:
    """Look for every quote of a file in an index.

    Raises the kinds of :class:`askdoc.errors.DocumentError` for a file that cannot be read or holds no quote of ours,
    and those of :class:`askdoc.errors.IndexError_`.
    """
    quotes = list(dict.fromkeys(read_quotes(read_file(path), str(path))))
    passages = _Passages(index)
    return VerifyReport(str(path), tuple(passages.check(quote) for quote in quotes))


# --- reading quotes --------------------------------------------------------------------------------------------------


def read_quotes(text: str, path: str = "-") -> list[Quote]:
    """Return the quotes of a transcript, an answer or an export. Raises :class:`DocumentMalformed` for another file."""
    start = text.lstrip()[:200].lower()
    if start.startswith("{"):
        return _json_quotes(text, path)
    if start.startswith(("<!doctype html", "<html")):
        page = _Page()
        page.feed(text)
        quotes = page.quotes
    else:
        quotes = list(_markdown_quotes(text))
    if not quotes and "askdoc" not in text and not re.search(r"^# ", text, re.MULTILINE):
        raise DocumentMalformed("verify-malformed", path=path)
    return quotes


def _json_quotes(text: str, path: str) -> list[Quote]:
    try:
        try:
            values = [json_text.loads(text, dict[str, Any])]
        except ValueError:
            values = [json_text.loads(line, dict[str, Any]) for line in text.splitlines() if line.strip()]
        answers: list[Answer] = []
        for value in values:
            if "turns" in value:
                answers += [turn.answer for turn in convert(value, Transcript).turns]
            elif "error" not in value:
                answers.append(convert(value, Answer))
    except ValueError:
        raise DocumentMalformed("verify-malformed", path=path) from None
    return [
        Quote(version.text, hit.passage_id, language, version.place.lines[0])
        for answer in answers
        for hit in answer.hits
        for language, version in hit.versions.items()
    ]


def _markdown_quotes(text: str) -> Iterator[Quote]:
    records: dict[str, list[dict[str, Any]]] = {}
    for label, value in _comments(text):
        parsed = _record(value)
        if parsed is not None:
            records.setdefault(label, []).append(parsed)
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith(">"):
            block.append(line[2:] if line.startswith("> ") else line[1:])
            continue
        if block:
            yield from _block(block, records)
        block = []


def _comments(text: str) -> Iterator[tuple[str, str]]:
    """Yield the records in comments: the label and the JSON, which ends in its line.

    A single pattern would scan to the end of the line from each of many comments that are never closed.
    """
    start = 0
    while opening := _COMMENT.search(text, start):
        begin = opening.end() - 1
        line_end = text.find("\n", begin)
        line_end = len(text) if line_end < 0 else line_end
        end = text.find(_COMMENT_END, begin + 1, line_end)
        if end < 0:
            start = line_end  # no other record of this line is closed either
        else:
            yield opening.group(1), text[begin : end + 1]
            start = end + len(_COMMENT_END)


def _block(lines: list[str], records: dict[str, list[dict[str, Any]]]) -> Iterator[Quote]:
    cited = _CITED.match(lines[-1])
    if cited:  # ``askdoc ask --format markdown``: the quote, a blank line, the citation
        yield Quote(shown("\n".join(lines[:-1])).strip(), cited.group(1))
        return
    last = lines[-1].rstrip()
    mark = max(last.rfind("[^a"), 0)
    note = _NOTE.fullmatch(last, mark)
    if note is None:
        return
    seen = shown("\n".join([*lines[:-1], last[:mark]])).strip()
    yield _quote(seen, _nearest_record(records.get(note.group(1), []), seen))


def _nearest_record(records: list[dict[str, Any]], seen: str) -> dict[str, Any]:
    """Return the record with a quote's text, else the most similar one of the first :data:`_RECORDS`."""
    same = next((record for record in records if record.get("text") == seen), None)
    if same is not None or len(records) < 2:
        return same or next(iter(records), {})
    matcher = difflib.SequenceMatcher(None, "", seen)

    def similarity(record: dict[str, Any]) -> float:
        matcher.set_seq1(str(record.get("text")))
        return matcher.quick_ratio()

    return max(records[:_RECORDS], key=similarity)


def _record(text: str) -> dict[str, Any] | None:
    try:
        return json_text.loads(text, dict[str, Any])
    except ValueError:
        return None


def _quote(seen: str, record: dict[str, Any]) -> Quote:
    passage_id, line = record.get("passage_id"), record.get("line")
    language = next((language for language in LANGUAGES if language == record.get("language")), None)
    return Quote(
        seen, passage_id if isinstance(passage_id, str) else "", language, line if isinstance(line, int) else None
    )


class _Page(HTMLParser):
    """The quotes of an exported HTML page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: list[Quote] = []
        self._record: dict[str, Any] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        value = dict(attrs).get(f"data-{RECORD}")
        if tag == "blockquote" and value is not None:
            self._record, self._text = _record(value) or {}, []

    def handle_data(self, data: str) -> None:
        if self._record is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self._record is not None:
            self.quotes.append(_quote("".join(self._text), self._record))
            self._record = None


# --- looking for them ------------------------------------------------------------------------------------------------


def _flat(text: str) -> str:
    return " ".join(text.split())


class _Passages:
    """The passages of an index by their words."""

    def __init__(self, index: Verifiable) -> None:
        self._index = index
        self._by_text: dict[str, list[tuple[ShownPassage, Language]]] = {}
        self._by_id: dict[str, ShownPassage] = {}
        for passage in index.passages():
            self._by_id[passage.passage_id] = passage
            for language, version in passage.versions.items():
                self._by_text.setdefault(_flat(version.text), []).append((passage, language))

    def check(self, quote: Quote) -> Checked:
        """Tell what became of a quote."""
        words = _flat(quote.text)
        if not words:
            return Checked(quote, "gone")
        matches = self._by_text.get(words) or [
            place for text, places in self._by_text.items() if words in text for place in places
        ]
        if matches:
            passage, language = next(
                (place for place in matches if place[0].passage_id == quote.passage_id), matches[0]
            )
            line = passage.versions[language].place.lines[0]
            there = quote.passage_id in ("", passage.passage_id) and quote.line in (None, line)
            return Checked(quote, "same" if there else "moved", passage.passage_id, line)
        near = self._nearest(quote)
        if near is None:
            return Checked(quote, "gone")
        passage, language = near
        version = passage.versions[language]
        return Checked(
            quote, "changed", passage.passage_id, version.place.lines[0], differences(quote.text, version.text)
        )

    def _nearest(self, quote: Quote) -> tuple[ShownPassage, Language] | None:
        """Return the passage most similar to a quote: the one of its id, or one that its words find."""
        near = {quote.passage_id} if quote.passage_id in self._by_id else set()
        with contextlib.suppress(AskdocError):
            near |= {hit.passage_id for hit in self._index.ask(quote.text[:400], limit=5).hits}
        best: tuple[float, ShownPassage, Language] | None = None
        asked = _WORD.findall(quote.text)
        for passage_id in sorted(near):
            passage = self._by_id.get(passage_id)
            for language, version in passage.versions.items() if passage else ():
                matcher = _Matcher(asked, _WORD.findall(version.text))
                least = best[0] if best else 0.0
                if best is not None and matcher.quick_ratio() <= least:  # it is never less than the ratio
                    continue
                similarity = matcher.ratio()
                if passage and (best is None or similarity > best[0]):
                    best = similarity, passage, language
        return (best[1], best[2]) if best and best[0] >= ALIKE else None


class _Matcher(difflib.SequenceMatcher[str]):
    """``difflib``'s comparison of words, with bounded cost.

    Where words repeat, ``difflib`` visits every pair of equal ones again for every block that it finds: two rows of 2,000
    bars with 100 changes took it 13 s. Here the steps are counted in advance. Up to :data:`STEPS` of them the result is
    ``difflib``'s own.
    """

    b2j: dict[str, list[int]]

    def __init__(self, old: list[str], new: list[str], steps: int = STEPS) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.steps = 0
        """Steps taken so far, at most."""
        self._most = steps
        self._old, self._new = old, new
        rare = {word: places for word, places in self.b2j.items() if len(places) <= _RARE}
        self._tables = [(places, self._costs(places)) for places in (self.b2j, rare)]

    def _costs(self, places: dict[str, list[int]]) -> list[int]:
        """Return for each position of the old text the steps for all words before it: sums would be quadratic."""
        return list(accumulate((1 + len(places.get(word, ())) for word in self._old), initial=0))

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> difflib.Match:
        """Return the longest block that two ranges share; a long one where the longest would cost too much."""
        ahi, bhi = len(self._old) if ahi is None else ahi, len(self._new) if bhi is None else bhi
        for number, (places, costs) in enumerate(self._tables):
            cost = costs[ahi] - costs[alo]
            if self.steps + cost <= self._most:
                self.steps += cost
                self.b2j = places
                longest = super().find_longest_match(alo, ahi, blo, bhi)
                if longest.size or not number:
                    return longest
        return self._ends(alo, ahi, blo, bhi)

    def _ends(self, alo: int, ahi: int, blo: int, bhi: int) -> difflib.Match:
        """Return the block that two ranges share at their start, else at their end, else soon after a change."""
        old, new = self._old, self._new
        size = self._shared(alo, ahi, blo, bhi)
        if size:
            return difflib.Match(alo, blo, size)
        most = min(ahi - alo, bhi - blo)
        size = next((place for place in range(most) if old[ahi - 1 - place] != new[bhi - 1 - place]), most)
        if size:
            return difflib.Match(ahi - size, bhi - size, size)
        for old_shift, new_shift in _SHIFTS:
            a, b = alo + old_shift, blo + new_shift
            if min(ahi - a, bhi - b) >= _AGAIN and old[a : a + _AGAIN] == new[b : b + _AGAIN]:
                return difflib.Match(a, b, self._shared(a, ahi, b, bhi))
        return difflib.Match(alo, blo, 0)

    def _shared(self, alo: int, ahi: int, blo: int, bhi: int) -> int:
        """Count the words that two ranges share at their start."""
        most = min(ahi - alo, bhi - blo)
        return next((place for place in range(most) if self._old[alo + place] != self._new[blo + place]), most)


def differences(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the words of a text that changed: the old ones, and the new ones in their place.

    They are the fewest that ``difflib`` finds; beyond :data:`STEPS` the differences may be longer than necessary.
    """
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    return tuple(
        (_joined(old_words[a:b]), _joined(new_words[c:d]))
        for operation, a, b, c, d in _Matcher(old_words, new_words).get_opcodes()
        if operation != "equal"
    )


def _joined(words: list[str]) -> str:
    pieces: list[str] = []
    for word in words:
        if pieces and pieces[-1][-1].isascii() and word[0].isascii() and word[0].isalnum():
            pieces.append(" ")
        pieces.append(word)
    return "".join(pieces)
