"""Where a text holds a phrase as it is written, or words in any inflection."""

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

# Variants of quotes, apostrophes and hyphens. One character each, so that offsets stay.
_SAME: Final = str.maketrans("‘’‛“”„‟«»「」『』‐‑–−", "'''" + '"' * 10 + "----")
_WORD: Final = "a-z0-9\u00c0-\u024f\u0370-\u052f"
"""Letters and digits, folded, of scripts that separate words by blanks."""


def quoted(words: str) -> str | None:
    """Return the text inside the quotes around ``words``; ``None`` where quotes do not enclose all of it."""
    match = _QUOTED.fullmatch(words)
    return next((group for group in match.groups() if group is not None), None) if match else None


def squeeze(text: str) -> str:
    """Normalize a text for comparing phrases: folded, with uniform quotes and hyphens and single blanks."""
    return " ".join(fold(text).translate(_SAME).split())


def patterns(phrase: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a squeezed phrase for :func:`phrase_marks`: as whole words, and inside words as well."""
    inside = r"\s+".join(re.escape(word) for word in phrase.split(" "))
    before = f"(?<![{_WORD}])" if re.match(f"[{_WORD}]", phrase) else ""
    after = f"(?![{_WORD}])" if re.search(f"[{_WORD}]\\Z", phrase) else ""
    return re.compile(before + inside + after), re.compile(inside)


def phrase_marks(pattern: re.Pattern[str], forms: Mapping[Language, NormalizedText]) -> Marks:
    """Return the spans of a phrase in each normalized version; a version without it is left out."""
    marks: Marks = {}
    for language, form in forms.items():
        spans = [form.span(*match.span()) for match in pattern.finditer(form.text.translate(_SAME))]
        if spans:
            marks[language] = disjoint(spans)
    return marks


def certain_terms(phrase: str) -> Iterator[str]:
    """Yield the terms that are in the postings of every text with this squeezed phrase.

    They come from words with a blank or a Chinese character on both sides: the phrase's ends may lie inside longer
    words, and hyphens and quotes vary.
    """
    for stretch in HAN_RUN.split(f"\0{phrase}\0"):
        for piece in stretch.split(" "):
            if piece and not set(piece) & set("\0'\"-"):
                yield from (token.term for token in english.words(piece) if token.kind == "word")


def word_marks(words: Sequence[Word], texts: Mapping[Language, str], loose: frozenset[str] = frozenset()) -> Marks:
    """Return the spans of words in each version, in any inflection; empty where a word is in no version.

    ``loose`` are the terms of Chinese words that match by all their subterms, in any position.
    """
    spans: dict[Language, list[Span]] = {}
    missing = set(range(len(words)))
    for language, text in texts.items():
        form = normalize(text)
        tokens = [token for token in unsegmented(text, form) if token.kind != "stop"]
        for number, word in enumerate(words):
            if not word.han:
                word_spans = _latin_spans(word, tokens)
            elif word.term in loose:
                subterm_spans = [list(occurrences(form.text, subterm)) for subterm in word.subterms]
                word_spans = (
                    [form.span(*span) for occurring in subterm_spans for span in occurring]
                    if all(subterm_spans)
                    else []
                )
            else:
                word_spans = [form.span(*span) for span in occurrences(form.text, word.form)]
            if word_spans:
                missing.discard(number)
                spans.setdefault(language, []).extend(word_spans)
    return {} if missing else {language: disjoint(language_spans) for language, language_spans in spans.items()}


def _latin_spans(word: Word, tokens: Sequence[Token]) -> list[Span]:
    """Return the spans of a word, and of a compound's subterms in sequence ("12 hours" for "12-hour")."""
    spans = [(token.start, token.end) for token in tokens if token.term == word.term]
    if len(word.subterms) > 1:
        for number, token in enumerate(tokens):
            if token.term == word.subterms[0]:
                end = _follow(tokens, number, word.subterms[1:])
                if end:
                    spans.append((token.start, end))
    return spans


def _follow(tokens: Sequence[Token], number: int, subterms: Sequence[str]) -> int:
    """Return the end of the subterms that follow the token ``number`` in sequence; 0 where they do not."""
    end = tokens[number].end
    for subterm in subterms:
        number += 1
        # A compound precedes its own subterms: skip it.
        while number < len(tokens) and tokens[number].start < end:
            number += 1
        start = tokens[number].start if number < len(tokens) else 0
        while number < len(tokens) and tokens[number].term != subterm and tokens[number].start == start:
            number += 1
        if number >= len(tokens) or tokens[number].term != subterm or tokens[number].start != start:
            return 0
        end = tokens[number].end
    return end
