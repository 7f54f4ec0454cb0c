"""Whether words stand in a text, and where: a phrase as it is, or words in any form of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from askdoc.analysis import english, unsegmented
from askdoc.analysis.tokens import Token
from askdoc.model import Language
from askdoc.question.query import Word
from askdoc.text.han import HAN_RUN
from askdoc.text.normalize import NormalizedText, fold, normalize
from askdoc.text.spans import Span, disjoint, occurrences

Marks = dict[Language, tuple[Span, ...]]

_QUOTED: Final = re.compile(
    r"\s*(?:\"([^\"]*)\"|“([^“”]*)”|„([^„“”]*)[“”]|「([^「」]*)」|『([^『』]*)』|«([^«»]*)»)\s*"
)
"""Words in quotes, and nothing else."""

# What is typed one way and printed another: quotes, apostrophes, hyphens. One character each, so that offsets stay.
_SAME: Final = str.maketrans("‘’‛“”„‟«»「」『』‐‑–−", "'''" + '"' * 10 + "----")
_WORD: Final = "a-z0-9\u00c0-\u024f\u0370-\u052f"
"""Letters and digits, folded, of scripts that part words by blanks."""


def quoted(words: str) -> str | None:
    """What stands in the quotes around ``words``; ``None`` where no quotes stand around all of it."""
    match = _QUOTED.fullmatch(words)
    return next((group for group in match.groups() if group is not None), None) if match else None


def squeeze(text: str) -> str:
    """A text as phrases are compared: folded, quotes and hyphens of one kind, blanks collapsed."""
    return " ".join(fold(text).translate(_SAME).split())


def patterns(phrase: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A squeezed phrase to be looked for with :func:`phrase_marks`: as whole words, and inside words as well."""
    inside = r"\s+".join(re.escape(word) for word in phrase.split(" "))
    before = f"(?<![{_WORD}])" if re.match(f"[{_WORD}]", phrase) else ""
    after = f"(?![{_WORD}])" if re.search(f"[{_WORD}]\\Z", phrase) else ""
    return re.compile(before + inside + after), re.compile(inside)


def phrase_marks(pattern: re.Pattern[str], forms: Mapping[Language, NormalizedText]) -> Marks:
    """Where a phrase stands in each version, given normalised; a version without it is left out."""
    marks: Marks = {}
    for language, form in forms.items():
        spans = [form.span(*match.span()) for match in pattern.finditer(form.text.translate(_SAME))]
        if spans:
            marks[language] = disjoint(spans)
    return marks


def certain_terms(phrase: str) -> Iterator[str]:
    """The terms that every text with this squeezed phrase has in its postings.

    They come from words with a blank or a Chinese character on both sides: what stands at the phrase's ends may be
    the rest of a longer word, and hyphens and quotes are of many kinds.
    """
    for stretch in HAN_RUN.split(f"\0{phrase}\0"):
        for piece in stretch.split(" "):
            if piece and not set(piece) & set("\0'\"-"):
                yield from (token.term for token in english.words(piece) if token.kind == "word")


def word_marks(words: Sequence[Word], texts: Mapping[Language, str], loose: frozenset[str] = frozenset()) -> Marks:
    """Where words stand in each version, in any form; empty where one of them stands in none.

    ``loose`` are the terms of Chinese words for which all of their parts do, wherever they stand.
    """
    spans: dict[Language, list[Span]] = {}
    missing = set(range(len(words)))
    for language, text in texts.items():
        form = normalize(text)
        tokens = [token for token in unsegmented(text, form) if token.kind != "stop"]
        for at, word in enumerate(words):
            if not word.han:
                places = _latin_spans(word, tokens)
            elif word.term in loose:
                parts = [list(occurrences(form.text, part)) for part in word.subterms]
                places = [form.span(*span) for stretch in parts for span in stretch] if all(parts) else []
            else:
                places = [form.span(*span) for span in occurrences(form.text, word.form)]
            if places:
                missing.discard(at)
                spans.setdefault(language, []).extend(places)
    return {} if missing else {language: disjoint(found) for language, found in spans.items()}


def _latin_spans(word: Word, tokens: Sequence[Token]) -> list[Span]:
    """The whole word, and for a compound its parts where they stand next to one another ("12 hours" for "12-hour")."""
    found = [(token.start, token.end) for token in tokens if token.term == word.term]
    if len(word.subterms) > 1:
        for at, token in enumerate(tokens):
            if token.term == word.subterms[0]:
                end = _follow(tokens, at, word.subterms[1:])
                if end:
                    found.append((token.start, end))
    return found


def _follow(tokens: Sequence[Token], at: int, parts: Sequence[str]) -> int:
    """Where the last of the parts ends that follow the token ``at`` one by one; 0 where they do not."""
    end = tokens[at].end
    for part in parts:
        at += 1
        # A compound comes before its own parts: it is stepped over, the parts decide.
        while at < len(tokens) and tokens[at].start < end:
            at += 1
        here = tokens[at].start if at < len(tokens) else 0
        while at < len(tokens) and tokens[at].term != part and tokens[at].start == here:
            at += 1
        if at >= len(tokens) or tokens[at].term != part or tokens[at].start != here:
            return 0
        end = tokens[at].end
    return end
