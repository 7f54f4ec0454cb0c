"""The words of a document as they stand in it: names, English words, Chinese words, numbers with what they count."""

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
    from askdoc.retrieval.index_access import Reader
    from askdoc.storage.index_reader import StoredPassage

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
"""Characters of the longest word or name that is kept."""


def names(text: str) -> Iterator[str]:
    """The names in a text, in order: words with a capital that do not begin a sentence, with those that follow; words
    with a capital or a digit inside wherever they stand ("SWE-bench", "METR")."""
    for match in _NAME.finditer(text):
        found = match.group()
        first, _, rest = found.partition(" ")
        begins = _SENTENCE.search(text[max(0, match.start() - 3) : match.start()])
        if begins and not _INNER.match(first[1:]):
            # "Longer tasks" is no name, "Claude Opus" is: what begins a sentence counts with what follows it only.
            found = found if rest and rest[0].isupper() and not _plain(first) else rest if rest[:1].isupper() else ""
        if 2 <= len(found) <= LONGEST and not _plain(found):
            yield found


def _plain(word: str) -> bool:
    return word.lower() in english.STOP_WORDS and not (word.isupper() and len(word) > 1)


def words(text: str) -> Iterator[str]:
    """The English words of four letters or more in a text, as they stand; no stop words."""
    for match in _WORD.finditer(text):
        found = match.group().removesuffix("'s").removesuffix("’s")
        if 4 <= len(found) <= LONGEST and found.lower() not in english.STOP_WORDS:
            yield found


def chinese_words(text: str) -> tuple[list[str], list[str]]:
    """The Chinese words of two to six characters in a text, as they stand, and what two neighbours make together: no
    words of the language, but names of the document where they come again."""
    found: list[str] = []
    together: list[str] = []
    end, before = -1, ""
    for token in tokens(text) if HAN.search(text) else ():
        word = text[token.start : token.end]
        if token.kind == "part":
            continue
        if token.kind == "stop" or not HAN_RUN.fullmatch(word) or not 2 <= len(word) <= 6:
            end, before = -1, ""
            continue
        found.append(word)
        if end == token.start and len(before + word) <= 6:
            together.append(before + word)
        end, before = token.end, word
    return found, together


def numbers(text: str) -> list[str]:
    """The numbers in a text that count something, with what they count: "16 hours", "20%", "12 小时"; not "Opus 3"."""
    taken = {at for match in _NAME.finditer(text) for at in range(*match.span())}
    return [" ".join(match.group().split()) for match in _NUMBER.finditer(text) if match.start() not in taken]


class Vocabulary(Struct):
    """Words with how often they stand in some texts; one entry for a word in all its capitals."""

    _surfaces: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, found: Iterable[str]) -> None:
        """Count words."""
        for word in found:
            surface = " ".join(word.split())
            self._surfaces.setdefault(fold(surface), Counter())[surface] += 1

    def most_common(self, most: int) -> list[tuple[str, str, int]]:
        """The words that are counted most: folded, as they stand most often, how often; most frequent first."""
        counted = ((key, forms.total()) for key, forms in self._surfaces.items())
        ordered = sorted(counted, key=lambda each: (-each[1], each[0]))[:most]
        return [(key, self._surfaces[key].most_common(1)[0][0], count) for key, count in ordered]


def sample(reader: Reader, most: int) -> list[StoredPassage]:
    """At most ``most`` passages, spread evenly over the index, in document order."""
    everything = [number for each in reader.documents() for number in reader.numbers(each.name)]
    if len(everything) > most:
        everything = [everything[at * len(everything) // most] for at in range(most)]
    return reader.passages(everything)


def texts(reader: Reader, most: int) -> list[tuple[Language, str]]:
    """The versions of the first ``most`` passages, in document order, with their languages."""
    everything = [number for each in reader.documents() for number in reader.numbers(each.name)]
    return [
        (language, version.text)
        for stored in reader.passages(everything[:most])
        for language, version in stored.passage.versions.items()
    ]
