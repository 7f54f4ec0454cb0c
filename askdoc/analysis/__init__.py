"""Text analysis: the same terms for indexing and for asking, and a fingerprint of the analysis for the index.

In reading order: :mod:`tokens` defines a token; :mod:`english` and :mod:`chinese` make tokens from normalized text;
this module splits a text by script, so that Latin names inside Chinese and Chinese words inside English are found too,
and counts the terms of the index's fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from askdoc.analysis import chinese, english
from askdoc.analysis.tokens import Token
from askdoc.model import Language, Passage
from askdoc.text.han import HAN_RUN
from askdoc.text.normalize import NormalizedText, fold, normalize

__all__ = ["FIELDS", "Token", "fingerprint", "index_terms", "tokens", "unsegmented"]

FIELDS: Final[tuple[str, ...]] = ("en", "zh", "gram", "en_head", "zh_head")
"""The fields of an index: the words of the English and of the Chinese versions, the Chinese characters and their pairs
of both, and the words of the headings and the title above (context: they never make a hit alone)."""


def tokens(text: str, *, asking: bool = False) -> list[Token]:
    """Return the tokens of a text in any mixture of scripts, in order, with offsets in the original text."""
    return _placed(normalize(text), text, asking, segmented=True)


def unsegmented(text: str, form: NormalizedText) -> list[Token]:
    """Return the tokens of a text without its Chinese words, which need jieba; ``form`` is the normalized text.

    This is enough where Chinese is matched by characters, at a tenth of the cost.
    """
    return _placed(form, text, asking=False, segmented=False)


def _placed(form: NormalizedText, text: str, asking: bool, *, segmented: bool) -> list[Token]:
    placed: list[Token] = []
    capitals = text.isupper()  # once per text: once per stop word would be quadratic for a text in capitals
    for token in _tokens(form, asking, segmented):
        if token.end > token.start:
            start, end = form.span(token.start, token.end)
            kind = token.kind
            if kind == "stop" and not capitals and _is_acronym(text[start:end]):
                kind = "word"
            placed.append(Token(token.term, start, end, kind))
    return placed


def _tokens(form: NormalizedText, asking: bool, segmented: bool) -> Iterable[Token]:
    start = 0
    for run in HAN_RUN.finditer(form.text):
        yield from english.words(form.text[start : run.start()], start, asking=asking)
        if segmented:
            yield from chinese.words(run.group(), run.start(), asking=asking)
        start = run.end()
    yield from english.words(form.text[start:], start, asking=asking)


def _is_acronym(word: str) -> bool:
    """Tell whether a word is an acronym ("US", "IT", "WHO") in a text that is not all capitals, which the caller checks."""
    return 2 <= len(word) <= 5 and word.isascii() and word.isupper()


def index_terms(passage: Passage, title: Mapping[Language, str]) -> dict[str, dict[str, int]]:
    """Return the term frequencies of a passage for each field of :data:`FIELDS` that has terms."""
    fields: dict[str, Counter[str]] = {}
    for language, version in passage.versions.items():
        counts = fields.setdefault(language, Counter())
        grams = fields.setdefault("gram", Counter())
        _count(version.text, counts, grams)
        context = fields.setdefault(f"{language}_head", Counter())
        for heading in (title.get(language, ""), *version.section):
            context.update(_context_terms(heading))
    return {name: dict(counts) for name, counts in fields.items() if counts}


def _count(text: str, words: Counter[str], grams: Counter[str]) -> None:
    """Count the terms of a text (the :func:`tokens` that are no stop words) and its Chinese unigrams and bigrams.

    The offsets are left out: an index does not need them, and they are most of the cost of :func:`tokens`.
    """
    folded = fold(text)
    form: NormalizedText | None = None
    capitals = text.isupper()
    start = 0
    latin: list[tuple[int, str]] = []
    runs: list[str] = []
    ngrams: list[str] = []
    for run in HAN_RUN.finditer(folded):
        between = folded[start : run.start()]
        if len(between) > 1 or between.isalnum():  # most are a comma or a full stop
            latin.append((start, between))
        han = run.group()
        runs.append(han)
        ngrams += han
        ngrams += map(str.__add__, han, han[1:])
        start = run.end()
    latin.append((start, folded[start:]))
    if runs:
        grams.update(ngrams)
        words.update(chinese.term_counts(runs))
    for base, piece in latin:
        for token in english.words(piece, base):
            if token.kind == "stop":
                if capitals or not 2 <= token.end - token.start <= 5:
                    continue
                if form is None:
                    form = normalize(text)
                start, end = form.span(token.start, token.end)
                if not _is_acronym(text[start:end]):
                    continue
            if token.end > token.start:
                words[token.term] += 1


@lru_cache(maxsize=4096)
def _context_terms(heading: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(heading) if token.kind != "stop")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a digest of what the terms depend on: this package's revisions, jieba, the stop lists, the stemmer."""
    parts = (
        "analysis-1",
        english.version(),
        chinese.version(),
        *sorted(english.STOP_WORDS),
        *sorted(chinese.STOP_WORDS),
    )
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
