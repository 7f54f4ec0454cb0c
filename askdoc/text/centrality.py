"""Which of several texts say most of what all of them say: LexRank (Erkan and Radev 2004)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

THRESHOLD: Final = 0.1
"""The least cosine of two texts that are linked (the paper's)."""

DAMPING: Final = 0.85
"""The share of a text's rank that comes from the texts it is linked with."""

_ROUNDS: Final = 50
_ENOUGH: Final = 1e-4


def lexrank(texts: Sequence[Iterable[str]]) -> list[float]:
    """Return the centrality of each text, given as its terms; they sum to 1. Takes quadratic time at worst.

    The texts are vectors of tf × idf over themselves; a text's rank is its part of a random walk along cosines.
    """
    size = len(texts)
    if not size:
        return []
    counts = [Counter(terms) for terms in texts]
    frequency = Counter(term for count in counts for term in count)
    vectors = []
    for count in counts:
        vector = {term: tf * math.log(1 + size / frequency[term]) for term, tf in count.items()}
        norm = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vectors.append({term: weight / norm for term, weight in vector.items()})
    holders: dict[str, list[tuple[int, float]]] = {}
    links: list[dict[int, float]] = [{} for _ in texts]
    for number, vector in enumerate(vectors):
        cosines: dict[int, float] = {}
        for term, weight in vector.items():
            for other, other_weight in holders.get(term, ()):
                cosines[other] = cosines.get(other, 0.0) + weight * other_weight
            if frequency[term] > 1:
                holders.setdefault(term, []).append((number, weight))
        for other, cosine in cosines.items():
            if cosine >= THRESHOLD:
                links[number][other] = links[other][number] = cosine
    totals = [sum(row.values()) for row in links]
    ranks = [1 / size] * size
    for _ in range(_ROUNDS):
        lone = sum(rank for rank, total in zip(ranks, totals, strict=True) if not total) / size
        after = [
            (1 - DAMPING) / size
            + DAMPING * (lone + sum(ranks[other] * cosine / totals[other] for other, cosine in row.items()))
            for row in links
        ]
        moved = sum(abs(new - old) for new, old in zip(after, ranks, strict=True))
        ranks = after
        if moved < _ENOUGH:
            break
    return ranks
