"""What an analyzer gives: tokens with their terms and their places in the text as it was given."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal["word", "part", "stop"]

MAX_TERM: Final = 64
"""Longer words are cut to this many characters: nobody asks for them, and one must not fill an index."""


class Token(NamedTuple):
    """A term and where it stands.

    ``kind`` is ``"word"`` for a content word, ``"part"`` for a piece of one ("bench" of "SWE-bench", 智能 of 人工智能;
    it follows its word and lies inside it), ``"stop"`` for a word without content (its term is never looked up).
    """

    term: str
    start: int
    end: int
    kind: Kind
