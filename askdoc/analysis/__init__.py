"""Text → terms: one way for indexing and asking, and a fingerprint of it for the index.

In reading order: :mod:`tokens` says what a token is; :mod:`english` and :mod:`chinese` make them from normalised text;
this module splits a text by script, so that Latin names inside Chinese and Chinese words inside English are found too,
and fills the index's fields.
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
    """The tokens of a text in any mixture of scripts, in order, with offsets in the text as given."""
    return _placed(normalize(text), text, asking, segmented=True)


def unsegmented(text: str, form: NormalizedText) -> list[Token]:
    """The tokens of a text but for its Chinese words, which need jieba; ``form`` is the text normalised.

    Enough where Chinese is looked for by its characters, at a tenth of the cost.
    """
    return _placed(form, text, asking=False, segmented=False)


def _placed(form: NormalizedText, text: str, asking: bool, *, segmented: bool) -> list[Token]:
    found: list[Token] = []
    capitals = text.isupper()  # looked at once: for each stop word it would be the square of a text in capitals
    for token in _tokens(form, asking, segmented):
        if token.end > token.start:
            start, end = form.span(token.start, token.end)
            kind = token.kind
            if kind == "stop" and not capitals and _is_acronym(text[start:end]):
                kind = "word"
            found.append(Token(token.term, start, end, kind))
    return found


def _tokens(form: NormalizedText, asking: bool, segmented: bool) -> Iterable[Token]:
    at = 0
    for run in HAN_RUN.finditer(form.text):
        yield from english.words(form.text[at : run.start()], at, asking=asking)
        if segmented:
            yield from chinese.words(run.group(), run.start(), asking=asking)
        at = run.end()
    yield from english.words(form.text[at:], at, asking=asking)


def _is_acronym(word: str) -> bool:
    """ "US", "IT" and "WHO" are names where the text is not written in capitals as a whole, which the caller knows."""
    return 2 <= len(word) <= 5 and word.isascii() and word.isupper()


def index_terms(passage: Passage, title: Mapping[Language, str]) -> dict[str, dict[str, int]]:
    """The terms of a passage: for each field of :data:`FIELDS` that has any, each term's count."""
    fields: dict[str, Counter[str]] = {}
    for language, version in passage.versions.items():
        counts = fields.setdefault(language, Counter())
        pairs = fields.setdefault("gram", Counter())
        _count(version.text, counts, pairs)
        above = fields.setdefault(f"{language}_head", Counter())
        for heading in (title.get(language, ""), *version.section):
            above.update(_context_terms(heading))
    return {name: dict(counts) for name, counts in fields.items() if counts}


def _count(text: str, words: Counter[str], pairs: Counter[str]) -> None:
    """Count the terms of a text, those of :func:`tokens` that are no stop words, and its characters and their pairs.

    Without their places, which an index does not need and which are most of the cost of :func:`tokens`.
    """
    folded = fold(text)
    form: NormalizedText | None = None
    capitals = text.isupper()
    at = 0
    latin: list[tuple[int, str]] = []
    runs: list[str] = []
    found: list[str] = []
    for run in HAN_RUN.finditer(folded):
        between = folded[at : run.start()]
        if len(between) > 1 or between.isalnum():  # most are a comma or a full stop
            latin.append((at, between))
        han = run.group()
        runs.append(han)
        found += han
        found += map(str.__add__, han, han[1:])
        at = run.end()
    latin.append((at, folded[at:]))
    if runs:
        pairs.update(found)
        words.update(chinese.counted(runs))
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
    """What the terms depend on: this package's revisions, jieba, the stop lists, the stemmer."""
    parts = (
        "analysis-1",
        english.version(),
        chinese.version(),
        *sorted(english.STOP_WORDS),
        *sorted(chinese.STOP_WORDS),
    )
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
