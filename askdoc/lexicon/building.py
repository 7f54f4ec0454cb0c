"""From the dictionary's translations to the table's entries: both directions, weighed, the unlikely left out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from askdoc.analysis import english
from askdoc.lexicon.cedict import Translation, translations
from askdoc.lexicon.irregular import FORMS

LATER_SENSE: Final = 0.8
"""What each further sense of an entry is worth of the one before."""

HELD: Final = 0.2
"""What a gloss of several words is worth for one of them ("drive car" for "drive"), divided by their number."""

MOST: Final = 32
"""The most Chinese words kept for an English one: the likeliest by weight and by how common they are."""

_LONGEST_HELD: Final = 3


def entries(source: Path) -> dict[str, str]:
    """The table: keys are ``e`` and stems, or ``z`` and a Chinese word. Raises what reading the dictionary raises."""
    found = list(translations(source))
    table = {"z" + han: _line(pairs) for han, pairs in _to_english(found).items()}
    common = frequencies()
    for terms, words in _to_chinese(found).items():
        ranked = sorted(words.items(), key=lambda each: (-each[1] * math.log(2 + common.get(each[0], 0)), each[0]))
        table["e" + terms] = _line(ranked[:MOST])
    return table


def _line(pairs: Iterable[tuple[str, float]]) -> str:
    return ",".join(f"{word}:{max(1, round(weight * 1000))}" for word, weight in pairs)


def _clean(terms: tuple[str, ...]) -> bool:
    return not any(mark in term for term in terms for mark in ",:\t\n ")


def _to_english(found: Iterable[Translation]) -> dict[str, list[tuple[str, float]]]:
    table: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for each in found:
        if _clean(each.terms):
            gloss, weight = " ".join(each.terms), LATER_SENSE**each.rank
            table[each.han][gloss] = max(weight, table[each.han].get(gloss, 0.0))
    return {han: sorted(glosses.items(), key=lambda pair: -pair[1]) for han, glosses in table.items()}


def _to_chinese(found: Iterable[Translation]) -> dict[str, dict[str, float]]:
    table: defaultdict[str, dict[str, float]] = defaultdict(dict)

    def add(terms: str, han: str, weight: float) -> None:
        table[terms][han] = max(weight, table[terms].get(han, 0.0))

    for each in found:
        if not _clean(each.terms):
            continue
        weight = LATER_SENSE**each.rank
        add(" ".join(each.terms), each.han, weight)
        if 1 < len(each.terms) <= _LONGEST_HELD:
            for term in set(each.terms):
                add(term, each.han, HELD * weight / len(each.terms))
    for base, forms in FORMS.items():
        meant = table.get(english.stem(base), {})
        for form in forms:
            for han, weight in list(meant.items()):
                add(english.stem(form), han, weight)
    return table


def frequencies() -> dict[str, int]:
    """How common Chinese words are, by jieba's packaged dictionary; empty where that is not found."""
    spec = find_spec("jieba")
    table = {}
    for place in (spec.submodule_search_locations or ()) if spec else ():
        with Path(place, "dict.txt").open(encoding="utf-8") as lines:
            for line in lines:
                word, count, _ = line.split(" ")
                table[word] = int(count)
    return table
