"""askdoc.retrieval.top_k: the best passages are those of adding everything up, whatever is skipped on the way."""

from __future__ import annotations

import random
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from askdoc.model import Document, Passage, Place, SourceInfo, Version
from askdoc.retrieval import bm25, top_k
from askdoc.retrieval.bm25 import inverse_document_frequency
from askdoc.retrieval.top_k import Scores, best, scored, top
from askdoc.storage.bounded_cache import BoundedCache
from askdoc.storage.writing.index_file import create, update
from askdoc.storage.writing.index_writer import DocumentWrite
from tests.promises.standins import Calls, MemoryCalls


class Spaces:
    """An analyzer whose terms are what stands between spaces."""

    fields = ("en",)
    fingerprint = "spaces-1"

    def terms(self, passage: Passage, title: object) -> dict[str, dict[str, int]]:
        return {"en": dict(Counter(passage.versions["en"].text.split()))}


def document(lines: list[str], name: str = "d") -> Document:
    passages = tuple(
        Passage(f"{at:010x}", {"en": Version(line, Place(name, (at + 1, at + 1), None, (0, len(line))))})
        for at, line in enumerate(lines)
    )
    return Document(name, {}, (), passages, (SourceInfo(name, 0, 0, 0, "0" * 64, "utf-8"),))


def zipf_lines(chance: random.Random, count: int, vocabulary: int = 400) -> list[str]:
    words = [f"t{at}" for at in range(vocabulary)]
    weights = [1 / (at + 2) for at in range(vocabulary)]
    return [" ".join(chance.choices(words, weights, k=chance.randrange(3, 30))) for _ in range(count)]


def exhaustive(lists: list[Scores], size: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    sums = np.zeros(size)
    for each in lists:
        sums[each.passages] += each.scores
    held = np.flatnonzero(sums)
    ranked = held[np.lexsort((held, -sums[held]))][:k]
    return ranked, sums[ranked]


def same(found: tuple[np.ndarray, np.ndarray], expected: tuple[np.ndarray, np.ndarray]) -> None:
    assert found[1] == pytest.approx(expected[1], rel=1e-12)
    apart = found[0] != expected[0]
    # Sums taken in another order may differ in the last digit, and with it who of two equals comes first.
    assert all(np.isclose(expected[1], expected[1][at], rtol=1e-12).sum() > 1 for at in np.flatnonzero(apart))
    assert len(set(found[0].tolist())) == len(found[0])


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("k", [1, 3, 10, 40, 5000])
def test_the_best_are_those_of_adding_up_everything(
    k: int, long: bool, seed: int, stress: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(top_k, "SHARED", 1 if k % 2 else 4096)
    if long:
        monkeypatch.setattr(top_k, "TABLES", 100)
        monkeypatch.setattr(top_k, "_ORDERED", 200)
    chance = random.Random(seed * 7 + k)
    index = MemoryCalls([document(zipf_lines(chance, 3000))], Spaces())
    for _ in range(120 * stress):
        terms = [f"t{int(400 * chance.random() ** chance.choice((1, 2, 4)))}" for _ in range(chance.randrange(1, 9))]
        lists = list(scored(index, "en", dict.fromkeys(terms)).values())
        same(top(index, "en", terms, k), exhaustive(lists, index.size, k))
    assert all(not spare.any() for spare in index.memo.spare)


@pytest.mark.parametrize("long", [False, True])
def test_lists_of_any_scores_are_added_up_exactly(
    long: bool, seed: int, stress: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bounds hold for scores that BM25 would never give: equal ones, tiny beside huge, one list alone."""
    if long:
        monkeypatch.setattr(top_k, "TABLES", 10)
        monkeypatch.setattr(top_k, "_ORDERED", 100)
    chance = np.random.default_rng(seed)
    memo = BoundedCache()
    for _ in range(300 * stress):
        size = int(chance.integers(20, 4000))
        lists = []
        for _ in range(chance.integers(1, 7)):
            held = np.sort(chance.choice(size, chance.integers(1, size), replace=False))
            kind = chance.integers(0, 4)
            scores = (
                np.ones(len(held)) if kind == 0
                else chance.integers(1, 4, len(held)).astype(float) if kind == 1
                else 10 ** chance.uniform(-6, 3, len(held)) if kind == 2
                else chance.random(len(held)) + 1e-3
            )  # fmt: skip
            lists.append(Scores(held, scores))
        k = int(chance.integers(1, 30))
        memo.spare.clear()  # arrays are as long as one index
        same(best(lists, size, k, memo), exhaustive(lists, size, k))
        assert not memo.spare[0].any()


def test_scores_that_many_passages_share_are_those_of_each(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(top_k, "SHARED", 1)
    chance = random.Random(seed)
    index = MemoryCalls([document(zipf_lines(chance, 1500, 600))], Spaces())
    lengths, statistics = np.asarray(index.lengths("en")), index.field("en")
    shared = 0
    for term, each in scored(index, "en", [term for term, _ in index.terms("en")]).items():
        postings = index.postings("en", [term])[term]
        passages, counts = np.asarray(postings.passages), np.asarray(postings.counts)
        length = bm25.K1 * (1 - bm25.B + bm25.B * lengths[passages] / (statistics.total / statistics.passages))
        idf = inverse_document_frequency(statistics.passages, len(passages))
        wanted = idf * (counts * (bm25.K1 + 1) / (counts + length))
        assert each.passages.tolist() == passages.tolist() and each.scores.tolist() == wanted.tolist()
        everywhere = np.arange(index.size)
        dense = np.zeros(index.size)
        dense[passages] = wanted
        assert each.scores_of(everywhere).tolist() == dense.tolist()
        impacts = each.quantized_impacts(index.size, BoundedCache())
        assert (impacts * (each.best[0] / 255) >= dense * (1 - 1e-12)).all() and (impacts[dense == 0] == 0).all()
        mask = everywhere % 3 == 0
        if mask[passages].any():
            part = each.within(mask[each.passages])
            assert part.passages.tolist() == passages[mask[passages]].tolist()
            assert part.scores.tolist() == wanted[mask[passages]].tolist()
        if each._distinct_scores is not None:
            shared += 1
            assert each.weight < 16 * len(passages) + 600 + 2 * index.size + 8 * each._distinct_scores.size
    assert 3 <= shared < 300


def test_terms_that_are_not_there_and_no_terms_give_nothing() -> None:
    index = MemoryCalls([document(["a b", "a c"])], Spaces())
    for terms in ([], ["absent"], ["absent", "missing"]):
        numbers, scores = top(index, "en", terms, 5)
        assert len(numbers) == len(scores) == 0
    assert top(index, "en", ["b", "absent", "b"], 5)[0].tolist() == [0]
    assert top(index, "no such field", ["b"], 5)[0].tolist() == []
    assert len(top(index, "en", ["a"], 0)[0]) == 0


def test_equal_passages_come_by_number() -> None:
    index = MemoryCalls([document(["x y"] * 700 + ["x"] * 700)], Spaces())
    assert top(index, "en", ["x", "y"], 12)[0].tolist() == list(range(12))
    assert top(index, "en", ["x"], 12)[0].tolist() == list(range(700, 712))


def test_frequent_terms_alone_find_their_best_passages() -> None:
    """No list is rare: what is looked at are the leading parts of the frequent ones."""
    lines = ["a b c d"] * 40 + ["a e f g h"] * 500 + ["b e f g h"] * 500
    index = MemoryCalls([document(lines)], Spaces())
    lists = list(scored(index, "en", ["a", "b"]).values())
    assert all(len(each.passages) * top_k.FREQUENT > index.size for each in lists)
    assert top(index, "en", ["a", "b"], 40)[0].tolist() == list(range(40))


def test_what_is_kept_is_of_one_state(tmp_path: Path) -> None:
    path = tmp_path / "index.askdoc"
    lines = zipf_lines(random.Random(1), 900)
    create(path, [DocumentWrite(document(lines), ("",))], Spaces())
    with Calls(path) as reader:
        before = top(reader, "en", ["t3", "t90"], 5)
        assert [each.tolist() for each in top(reader, "en", ["t3", "t90"], 5)] == [each.tolist() for each in before]
        lines[5] = "t3 t90 t90 t90"
        update(path, [DocumentWrite(document(lines), ("",))], Spaces())
        after = top(reader, "en", ["t3", "t90"], 5)
        assert after[0][0] == 5
        same(after, top(MemoryCalls([document(lines)], Spaces()), "en", ["t3", "t90"], 5))
        with reader.snapshot():
            lines[6] = "t3 t90 t90 t90 t90"
            assert top(reader, "en", ["t3", "t90"], 1)[0].tolist() == [5]


def test_threads_do_not_share_what_they_work_with(tmp_path: Path) -> None:
    path = tmp_path / "index.askdoc"
    create(path, [DocumentWrite(document(zipf_lines(random.Random(2), 2000)), ("",))], Spaces())
    questions = [[f"t{at}", f"t{3 * at}", "t0", "t1"] for at in range(1, 60)]
    with Calls(path) as reader:
        expected = [top(reader, "en", terms, 7)[0].tolist() for terms in questions]
        wrong = []

        def ask(shift: int) -> None:
            for at in range(3 * len(questions)):
                place = (at * shift) % len(questions)
                if top(reader, "en", questions[place], 7)[0].tolist() != expected[place]:
                    wrong.append(place)

        threads = [threading.Thread(target=ask, args=(shift,)) for shift in (1, 3, 5, 7)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_what_is_kept_stays_under_its_bound() -> None:
    memo = BoundedCache(1000)
    for at in range(50):
        memo.put(at, str(at), 90)
        assert memo.weight <= 1000
    assert memo.get(49) == "49" and memo.get(0) is None
    memo.put(49, "grown", 600)
    assert memo.get(49) == "grown" and memo.weight <= 1000
    memo.put("too large", "kept alone", 5000)
    assert memo.get("too large") == "kept alone" and memo.weight == 5000


def test_what_was_used_again_is_kept_longer_than_what_passes_through() -> None:
    memo = BoundedCache(1000)
    often = Scores(np.array([1]), np.array([1.0]), "often")
    memo.put("often", often, 90)
    for at in range(100):
        memo.put(at, str(at), 90)
        held = memo.get("often")
        assert held is often, at
        held.used = True
        assert memo.weight <= 1000
    for at in range(30):  # nobody asks for it any more
        memo.put(at, str(at), 90)
    assert memo.get("often") is None and memo.weight <= 1000


def test_a_memo_of_which_all_was_used_lets_go_all_the_same() -> None:
    memo = BoundedCache(1000)
    for at in range(50):
        each = Scores(np.array([1]), np.array([1.0]))
        memo.put(at, each, 90)
        each.used = True
        assert memo.weight <= 1000 and memo.get(at) is each
