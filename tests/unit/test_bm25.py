"""askdoc.retrieval: the scores are rank_bm25's, whether they come from a collection in memory or from postings.

A score is above zero exactly where a term of the query occurs; ties keep their order.
"""

from __future__ import annotations

import contextlib
import math
import random
from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np
import pytest
import rank_bm25

from askdoc.retrieval.bm25 import K1, B, Okapi
from askdoc.retrieval.term_scores import OkapiScores, TermScores
from askdoc.storage.bounded_cache import BoundedCache
from askdoc.storage.posting_blocks import Postings
from askdoc.storage.snapshot import FieldStatistics


class Collected:
    """An index of one field, as small as can be."""

    def __init__(self, corpus: list[list[str]]) -> None:
        self.corpus = [Counter(terms) for terms in corpus]
        self.size = len(corpus)
        self.memo = BoundedCache()

    def snapshot(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def field(self, name: str) -> FieldStatistics:
        return FieldStatistics(sum(bool(terms) for terms in self.corpus), sum(terms.total() for terms in self.corpus))

    def postings(self, field: str, terms: Collection[str]) -> dict[str, Postings]:
        found = {}
        for term in terms:
            numbers = [at for at, counts in enumerate(self.corpus) if term in counts]
            if numbers:
                found[term] = Postings(np.array(numbers), np.array([self.corpus[at][term] for at in numbers]))
        return found

    def lengths(self, field: str) -> np.ndarray:
        return np.array([terms.total() for terms in self.corpus])

    def terms(self, field: str) -> Iterator[tuple[str, int]]:
        for term in sorted(set().union(*self.corpus)):
            yield term, sum(term in counts for counts in self.corpus)


def reference(corpus: list[list[str]], query: list[str]) -> list[float]:
    """BM25 written out from its definition."""
    average = sum(map(len, corpus)) / len(corpus)
    scores = []
    for terms in corpus:
        score = 0.0
        for term in query:
            document_frequency = sum(term in other for other in corpus)
            idf = math.log(1 + (len(corpus) - document_frequency + 0.5) / (document_frequency + 0.5))
            count = terms.count(term)
            score += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(terms) / average))
        scores.append(score)
    return scores


def test_scores_are_those_of_rank_bm25_and_of_the_definition(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    vocabulary = [f"t{number}" for number in range(12)]
    for _ in range(2_000 * stress):
        corpus = [chance.choices(vocabulary, k=chance.randrange(1, 9)) for _ in range(chance.randrange(1, 9))]
        query = chance.sample([*vocabulary, "absent"], k=chance.randrange(1, 5))
        stock = rank_bm25.BM25Okapi(corpus, k1=K1, b=B)
        for term, document_frequency in Counter(term for terms in corpus for term in set(terms)).items():
            stock.idf[term] = math.log(1 + (len(corpus) - document_frequency + 0.5) / (document_frequency + 0.5))
        expected = stock.get_scores(query)
        okapi = Okapi(corpus).get_scores(query)
        index = Collected(corpus)
        numbers = np.array(sorted(chance.sample(range(len(corpus)), chance.randrange(1, len(corpus) + 1))))
        whole = TermScores(index).scores("f", query)
        for other in (
            OkapiScores(index).scores("f", query),
            TermScores(index, np.arange(len(corpus))).scores("f", query),
        ):
            assert other.keys() == whole.keys() and all(other[term] == pytest.approx(whole[term]) for term in whole)
        for scores_of in (TermScores, OkapiScores):
            some = scores_of(index, numbers).scores("f", query)
            assert some.keys() == whole.keys()
            for term in whole:
                among = {number: score for number, score in whole[term].items() if number in numbers}
                assert some[term] == pytest.approx(among, abs=1e-9)
        from_postings = np.zeros(len(corpus))
        for by_number in whole.values():
            for number, score in by_number.items():
                from_postings[number] += score
        for scores in (okapi, from_postings, reference(corpus, query)):
            assert np.allclose(scores, expected, rtol=0, atol=1e-9)
        for terms, score in zip(corpus, from_postings, strict=True):
            assert (score > 0) == bool(set(terms) & set(query))


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_nothing_to_rank_is_no_error(corpus: list[list[str]]) -> None:
    assert list(Okapi(corpus).get_scores(["a"])) == [0.0] * len(corpus)


def test_a_string_is_refused_as_a_query() -> None:
    with pytest.raises(TypeError, match="list of terms"):
        Okapi([["a"]]).get_scores("a")


def test_a_term_in_every_passage_still_scores() -> None:
    assert all(Okapi([["a"], ["a", "b"]]).get_scores(["a"]) > 0)


def test_the_rarity_of_a_term_is_the_same_in_both() -> None:
    index = Collected([["a", "b"], ["a"], ["c"]])
    for term in ("a", "b", "absent"):
        expected = OkapiScores(index).idf("f", term)
        for numbers in (None, np.array([2])):
            assert TermScores(index, numbers).idf("f", term) == pytest.approx(expected)
