"""How good alignment is: ``ASKDOC_SHARED=… python tests/quality/pairs.py [SEEDS]``.

XQuAD's articles as two texts, each passage a paragraph, with 5 % of the paragraphs dropped on either side, 5 % merged
with the next and 5 % split at a sentence end, on either side by itself. Gold: which paragraphs share text. Two readings:
all articles as one text without headings, and article by article as headings would cut it. Seeds below 100 were fitted
on.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import xquad

from askdoc.bitext import align as aligner
from askdoc.model import LANGUAGES, Language
from askdoc.text.sentences import sentences

Unit = tuple[str, set[int]]
Span = tuple[tuple[int, int], tuple[int, int]]
RATE = 0.05


def disturb(chance: random.Random, passages: list[dict], language: Language) -> list[Unit]:
    """One side's paragraphs, each with the passages that it holds text of."""
    units: list[Unit] = []
    at = 0
    while at < len(passages):
        text, number = passages[at]["text"][language], passages[at]["id"]
        draw = chance.random()
        at += 1
        if draw < RATE:
            continue
        if draw < 2 * RATE and at < len(passages):
            joint = " " if language == "en" else ""
            units.append((text + joint + passages[at]["text"][language], {number, passages[at]["id"]}))
            at += 1
            continue
        spans = sentences(text, language)
        if draw < 3 * RATE and len(spans) > 1:
            cut = spans[len(spans) // 2][0]
            units += [(text[:cut].strip(), {number}), (text[cut:], {number})]
            continue
        units.append((text, {number}))
    return units


def gold(english: list[Unit], chinese: list[Unit]) -> set[Span]:
    """The beads with two sides: paragraphs that share text, directly or through others."""
    owner: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while owner.setdefault(node, node) != node:
            node = owner[node]
        return node

    for i, (_, one) in enumerate(english):
        for j, (_, two) in enumerate(chinese):
            if one & two:
                owner[root(("en", i))] = root(("zh", j))
    groups: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for node in list(owner):
        groups.setdefault(root(node), []).append(node)
    spans: set[Span] = set()
    for nodes in groups.values():
        left = sorted(place for side, place in nodes if side == "en")
        right = sorted(place for side, place in nodes if side == "zh")
        spans.add(((left[0], left[-1] + 1), (right[0], right[-1] + 1)))
    return spans


@dataclass
class Tally:
    """What was found and what was there."""

    right: int = 0
    found: int = 0
    there: int = 0
    sure: int = 0
    wrong_sure: int = 0
    chances: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall over exact beads with two sides."""
        return 2 * self.right / (self.found + self.there)

    @property
    def wrong_share(self) -> float:
        """The share of beads shown as paired that are wrong."""
        return self.wrong_sure / max(self.sure, 1)


def measure(seeds: Iterable[int], by_article: bool) -> Tally:
    """Disturb, align and compare, for each seed."""
    passages = sorted(xquad.load()["passages"], key=lambda passage: (passage["article"], passage["id"]))
    groups = [passages]
    if by_article:
        articles = sorted({passage["article"] for passage in passages})
        groups = [[passage for passage in passages if passage["article"] == article] for article in articles]
    tally = Tally()
    for seed in seeds:
        chance = random.Random(seed)
        for group in groups:
            english, chinese = (disturb(chance, group, language) for language in LANGUAGES)
            wanted = gold(english, chinese)
            beads = aligner.align([text for text, _ in english], [text for text, _ in chinese])
            tally.there += len(wanted)
            for bead in beads:
                if bead.en[0] < bead.en[1] and bead.zh[0] < bead.zh[1]:
                    exact = (bead.en, bead.zh) in wanted
                    tally.found += 1
                    tally.right += exact
                    tally.chances.append((bead.confidence, exact))
                    if bead.confidence >= aligner.SURE:
                        tally.sure += 1
                        tally.wrong_sure += not exact
    return tally


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    for by_article in (False, True):
        result = measure(range(100, 100 + count), by_article)
        print("with headings" if by_article else "without headings", f"({count} seeds)")
        precision, recall = result.right / result.found, result.right / result.there
        print(f"  bead F1 {result.f1:.4f}, precision {precision:.4f}, recall {recall:.4f}")
        print(f"  shown as paired {result.sure}, of them wrong {result.wrong_share:.4f}")
        for low, high in ((0.0, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
            held = [exact for chance, exact in result.chances if low <= chance < high]
            if held:
                print(
                    f"  confidence {low:.2f}-{min(high, 1):.2f}: {len(held)} beads, {sum(held) / len(held):.3f} right"
                )
