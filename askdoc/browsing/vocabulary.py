"""The surface words of a document: names, English words, Chinese words, numbers with what they count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from askdoc.analysis import english, tokens
from askdoc.model import Language
from askdoc.text.han import HAN, HAN_RUN
from askdoc.text.normalize import fold

if TYPE_CHECKING:
    from askdoc.storage.snapshot import Snapshot, StoredPassage

_WORD: Final = re.compile(
    r"(?<![A-Za-z0-9\u00c0-\u024f])[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9]*(?:[-.'’][A-Za-z0-9\u00c0-\u024f]+)*"
)
_LETTER: Final = "A-Za-z0-9\u00c0-\u024f"
_CAPITAL: Final = f"[A-Z\u00c0-\u00de][{_LETTER}-]*"
_NAME: Final = re.compile(
    rf"(?<![{_LETTER}-]){_CAPITAL}(?:\.[{_LETTER}]+)*"
    rf"(?:[ \u00a0](?:(?:of|the|de|von) )?(?:{_CAPITAL}|\d+(?:\.\d+)*)(?![{_LETTER}-])){{0,3}}",
)
_SENTENCE: Final = re.compile(r"(?:^|[.!?。！？:：;；\n]|[\"'“‘(（])\s*\Z")
_INNER: Final = re.compile(r".*[A-Z0-9]|.*\d", re.DOTALL)
_NUMBER: Final = re.compile(
    r"\d+(?:[.,]\d+)*(?:\s?%|[ -][a-z]{2,11}s\b|\s?(?:个月|个百分点|万|亿|小时|分钟|公里|倍|年|天|岁|元|艘|人|台|次|名|项))"
)

LONGEST: Final = 40
"""Characters of the longest word or name."""


def names(text: str) -> Iterator[str]:
    """Yield the names in a text, in order.

    They are capitalized words that do not begin a sentence, with those that follow; and, anywhere, words with a capital
    or a digit inside ("SWE-bench", "METR").
    """
    for match in _NAME.finditer(text):
        name = match.group()
        first, _, rest = name.partition(" ")
        begins = _SENTENCE.search(text[max(0, match.start() - 3) : match.start()])
        if begins and not _INNER.match(first[1:]):
            # "Longer tasks" is no name, "Claude Opus" is: a word that begins a sentence counts only with what follows it.
            name = name if rest and rest[0].isupper() and not _plain(first) else rest if rest[:1].isupper() else ""
        if 2 <= len(name) <= LONGEST and not _plain(name):
            yield name


def _plain(word: str) -> bool:
    return word.lower() in english.STOP_WORDS and not (word.isupper() and len(word) > 1)


def words(text: str) -> Iterator[str]:
    """Yield the surface forms of a text's English words of four letters or more; no stop words."""
    for match in _WORD.finditer(text):
        word = match.group().removesuffix("'s").removesuffix("’s")
        if 4 <= len(word) <= LONGEST and word.lower() not in english.STOP_WORDS:
            yield word


def chinese_words(text: str) -> tuple[list[str], list[str]]:
    """Return a text's Chinese words of two to six characters, and the joined pairs of adjacent ones.

    Where a pair recurs, it is a name in the document.
    """
    single: list[str] = []
    adjacent: list[str] = []
    end, previous = -1, ""
    for token in tokens(text) if HAN.search(text) else ():
        word = text[token.start : token.end]
        if token.kind == "part":
            continue
        if token.kind == "stop" or not HAN_RUN.fullmatch(word) or not 2 <= len(word) <= 6:
            end, previous = -1, ""
            continue
        single.append(word)
        if end == token.start and len(previous + word) <= 6:
            adjacent.append(previous + word)
        end, previous = token.end, word
    return single, adjacent


def numbers(text: str) -> list[str]:
    """Return a text's numbers with what they count: "16 hours", "20%", "12 小时"; not "Opus 3"."""
    in_names = {position for match in _NAME.finditer(text) for position in range(*match.span())}
    return [" ".join(match.group().split()) for match in _NUMBER.finditer(text) if match.start() not in in_names]


class Vocabulary(Struct):
    """Word counts, case-insensitive, with the surface forms of each word."""

    _surfaces: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, phrases: Iterable[str]) -> None:
        """Count words."""
        for phrase in phrases:
            surface = " ".join(phrase.split())
            self._surfaces.setdefault(fold(surface), Counter())[surface] += 1

    def most_common(self, most: int) -> list[tuple[str, str, int]]:
        """Return the most frequent words, in order: folded, in the most frequent surface form, and the count."""
        counted = ((key, forms.total()) for key, forms in self._surfaces.items())
        ordered = sorted(counted, key=lambda entry: (-entry[1], entry[0]))[:most]
        return [(key, self._surfaces[key].most_common(1)[0][0], count) for key, count in ordered]


def sample(snapshot: Snapshot, most: int) -> list[StoredPassage]:
    """Return at most ``most`` passages, spread evenly over the index, in document order."""
    numbers = [number for document in snapshot.documents() for number in snapshot.numbers(document.name)]
    if len(numbers) > most:
        numbers = [numbers[position * len(numbers) // most] for position in range(most)]
    return snapshot.passages(numbers)


def texts(snapshot: Snapshot, most: int) -> list[tuple[Language, str]]:
    """Return the versions of the first ``most`` passages, in document order, with their languages."""
    numbers = [number for document in snapshot.documents() for number in snapshot.numbers(document.name)]
    return [
        (language, version.text)
        for stored in snapshot.passages(numbers[:most])
        for language, version in stored.passage.versions.items()
    ]
