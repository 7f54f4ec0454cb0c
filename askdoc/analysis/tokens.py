"""Tokens: the output of an analyzer, terms with their offsets in the original text."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal["word", "part", "stop"]

MAX_TERM: Final = 64
"""Longer words are cut to this many characters: nobody asks for them, and a single word must not fill an index."""


class Token(NamedTuple):
    """A term and its offsets.

    ``kind`` is ``"word"`` for a content word, ``"part"`` for a piece of one ("bench" of "SWE-bench", 智能 of 人工智能;
    it follows its word and lies inside it), ``"stop"`` for a word without content (its term is never looked up).
    """

    term: str
    start: int
    end: int
    kind: Kind
