"""A version of a passage, read as closely as ranking and marking need: sentences, their terms, their pairs of characters.

Reading costs a millisecond or so a version, so that the engine keeps what it has read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from askdoc.analysis import chinese, tokens
from askdoc.analysis.tokens import Token
from askdoc.model import Language
from askdoc.sentences import sentences
from askdoc.text import HAN_RUN, Normalised, normalise

PREFIX: Final = 5
"""English words that share this many letters are taken for near forms of each other ("suburb", "suburban")."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORDS: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand"
    r"|million|billion|half|third|quarter|dozen|decade|century|twice|double|months?|years?)\b"
    r"|[一二三四五六七八九十百千万亿两半]+[个年月日天次倍分点岁种位名万亿]",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?<=[^.!?\s] )[A-Z][a-z]+|[A-Z]{2,}|·|(?<=[一-鿿])[A-Z][A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a version."""

    start: int
    end: int
    terms: frozenset[str]
    grams: frozenset[str]
    prefixes: frozenset[str]
    numbers: frozenset[str]
    """The numbers in digits; ``"*"`` stands for one in words."""
    names: frozenset[str]
    """What looks like a name: capitals inside the sentence, the point of transcribed names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A version, read."""

    text: str
    form: Normalised
    tokens: tuple[Token, ...]
    """Words and their parts, in order; no stop words."""
    sentences: tuple[Sentence, ...]
    terms: frozenset[str]
    grams: frozenset[str]
    prefixes: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    """Terms of neighbouring content words."""


def read(text: str, language: Language) -> Reading:
    """Read a version of a passage."""
    form = normalise(text)
    content = tuple(token for token in tokens(text) if token.kind != "stop")
    words = [token for token in content if token.kind == "word"]
    found = tuple(_sentence(text, start, end, content) for start, end in sentences(text, language))
    return Reading(
        text,
        form,
        content,
        found,
        frozenset(token.term for token in content),
        frozenset().union(*(sentence.grams for sentence in found)),
        frozenset().union(*(sentence.prefixes for sentence in found)),
        frozenset((one.term, two.term) for one, two in zip(words, words[1:], strict=False) if two.start - one.end <= 2),
    )


def _sentence(text: str, start: int, end: int, content: tuple[Token, ...]) -> Sentence:
    piece = text[start:end]
    inside = [token for token in content if token.start >= start and token.end <= end]
    grams = frozenset(gram for run in HAN_RUN.findall(normalise(piece).text) for gram, _ in chinese.grams(run))
    prefixes = frozenset(
        folded[:PREFIX]
        for token in inside
        if token.kind == "word" and (folded := text[token.start : token.end].lower()).isascii() and len(folded) >= PREFIX
    )
    numbers = set(_NUMBER.findall(piece))
    if _NUMBER_WORDS.search(piece):
        numbers.add("*")
    return Sentence(
        start,
        end,
        frozenset(token.term for token in inside),
        grams,
        prefixes,
        frozenset(numbers),
        frozenset(_NAME.findall(piece)),
    )
