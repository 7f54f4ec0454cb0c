"""Chinese characters and Latin words: what they are, and which language a text is in."""

from __future__ import annotations

import re
from typing import Final

from askdoc.model import Language

_HAN_CLASS: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f"


HAN: Final = re.compile(f"[{_HAN_CLASS}]")
"""One Chinese character."""


HAN_RUN: Final = re.compile(f"[{_HAN_CLASS}]+")
"""A run of Chinese characters."""


LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’.\-][A-Za-z\u00c0-\u024f]+)*")
"""A word in Latin letters, inner apostrophes, points and hyphens included."""


def language_of(text: str) -> Language | None:
    """English or Chinese, by the share of Chinese characters; ``None`` where there are neither letters nor any.

    Latin names inside a Chinese sentence do not make it English, nor does a Chinese word an English sentence Chinese.
    """
    han = sum(len(run) for run in HAN_RUN.findall(text))
    latin = len(LATIN_WORD.findall(text))
    if not han:
        return "en" if latin else None
    return "zh" if han >= 0.6 * latin else "en"


def may_be(language: Language, text: str) -> bool:
    """Whether a text may have been taken for one in this language: it has its letters, or none of the other's.

    Holds for every block that :func:`language_of` and :mod:`askdoc.bitext` give a language; marks, numbers and other
    scripts go with their neighbours.
    """
    han, latin = bool(HAN.search(text)), bool(LATIN_WORD.search(text))
    return (han or not latin) if language == "zh" else (latin or not han)


def character_pairs(han: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters of a Chinese string, or its one character: together they prove it."""
    return tuple(han[start : start + 2] for start in range(max(len(han) - 1, 1)))
