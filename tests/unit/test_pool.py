"""Ranking among a pool of the best passages gives what ranking among all of them gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import askdoc
from askdoc.index import Index
from askdoc.indexing.plan import default_components
from askdoc.model import Answer, Document, Passage, Place, SourceInfo, Version
from askdoc.retrieval import candidates, prefilter
from askdoc.retrieval.term_scores import TermScores
from askdoc.storage.writing.memory_index import MemoryIndex

SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"
QUESTIONS = (
    "How much faster is training code on the newest model?",
    "What share of merged code did Claude write in May 2026?",
    "Which benchmark measures the length of a task?",
    "Who won the football match in 1904?",
    "eight times as much code",
    "What is recursive self-improvement?",
    "什么是递归自我改进？",
    "工程师合并了多少代码？",
    "2026 年 5 月",
    "八倍",
    "模型能做多长的任务？",
    "Mythos Preview 的成绩如何？",
    "SWE-bench",
    "代码",
)


def passages(count: int, kinds: str, seed: int) -> tuple[Passage, ...]:
    """Passages of random sentences of the sample; ``kinds``: which versions the passages have, in turn."""
    chance = random.Random(seed)
    with askdoc.open(SAMPLE) as index:
        given = [each.versions for each in index.passages() if len(each.versions) == 2]
    found = []
    for at in range(count):
        chosen = chance.sample(given, 2)
        languages = {"b": ("en", "zh"), "e": ("en",), "z": ("zh",)}[kinds[at % len(kinds)]]
        versions = {}
        for language in languages:
            text = " ".join(each[language].text for each in chosen)
            section = ("First",) if at % 3 else ("Second",)
            versions[language] = Version(text, Place("x", (at + 1, at + 1), None, (0, len(text))), section)
        found.append(Passage(f"{at:05d}", versions, "paired" if len(versions) == 2 else "none", "1:1", 1.0))
    return tuple(found)


def opened(given: tuple[Passage, ...], encoder: object = None) -> Index:
    document = Document("x", {}, (), given, (SourceInfo("x", 0, 0, 0, "", "utf-8"),))
    return Index(MemoryIndex([document], default_components().analyzer, encoder=encoder), encoder=encoder)


def seen(answer: Answer) -> object:
    hits = [(hit.passage_id, hit.score, hit.evidence, hit.shown, hit.versions) for hit in answer.hits]
    return hits, answer.found, answer.confidence, answer.missing, answer.corrected


@pytest.fixture(params=["b", "e", "z", "ez", "bez"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    with opened(passages(600, request.param, 3)) as found:
        yield found


def both(index: Index, monkeypatch: pytest.MonkeyPatch, question: str, **arguments: object) -> tuple[Answer, Answer]:
    monkeypatch.setattr(candidates, "PREFILTER_FROM", 10**9)
    whole = index.ask(question, **arguments)
    monkeypatch.setattr(candidates, "PREFILTER_FROM", 0)
    return whole, index.ask(question, **arguments)


def test_answers_among_a_pool_are_those_among_all(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    monkeypatch.setattr(prefilter, "SIZE", 128)
    plain = prefilter.prefilter
    monkeypatch.setattr(
        prefilter, "prefilter", lambda *arguments: (sizes.append(len(among := plain(*arguments))), among)[1]
    )
    for question in QUESTIONS:
        whole, among = both(index, monkeypatch, question)
        assert seen(whole) == seen(among), question
    assert sizes and max(sizes) < 600  # it was among fewer


def test_within_a_section_or_a_document_too(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefilter, "SIZE", 64)
    for question in QUESTIONS:
        for narrowed in ({"section": ("Second",)}, {"document": "x"}):
            whole, among = both(index, monkeypatch, question, **narrowed)
            assert seen(whole) == seen(among), question
    hits = index.ask(QUESTIONS[0], section=("Second",)).hits
    assert all(int(hit.passage_id[-5:]) % 3 == 0 for hit in hits)


def test_every_passage_that_holds_a_word_is_still_given_where_all_are_wanted(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefilter, "SIZE", 8)
    whole, among = both(index, monkeypatch, "代码 code", limit=None)
    assert len(whole.hits) > 100 and seen(whole) == seen(among)


def test_what_the_documents_never_use_is_missing_and_what_they_use_once_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a word that only a passage far from the best holds is not called missing."""
    given = passages(700, "b", 5)
    text = "An aardvark slept."
    lone = Passage("lone", {"en": Version(text, Place("x", (9999, 9999), None, (0, len(text))))}, "none", "", 1.0)
    question = "How much code did Claude write about aardvark and zyzzyva on model tasks?"
    with opened((*given, lone)) as index:
        monkeypatch.setattr(prefilter, "SIZE", 4)
        whole, among = both(index, monkeypatch, question)
    assert whole.missing == among.missing == ("zyzzyva",)


def test_follow_ups_keep_the_passages_with_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(passages(600, "b", 7)) as index:
        answers = []
        for pool_from in (10**9, 0):
            monkeypatch.setattr(candidates, "PREFILTER_FROM", pool_from)
            talk = index.conversation()
            answers.append([seen(talk.ask(each)) for each in ("How much code was merged?", "And in 2026?", "为什么?")])
    assert answers[0] == answers[1]


class Letters:
    """Sentence vectors of sorts: how often each letter occurs."""

    name = "letters"
    dimensions = 32

    def encode(self, texts: list[str]) -> np.ndarray:
        found = np.zeros((len(texts), 32), np.float32)
        for at, text in enumerate(texts):
            found[at] = np.bincount([ord(each) % 32 for each in text] or [0], minlength=32)
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_the_nearest_in_meaning_are_in_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefilter, "SIZE", 64)
    monkeypatch.setattr(prefilter, "BY_MEANING", 128)
    with opened(passages(600, "bez", 9), Letters()) as index:
        for question in QUESTIONS:
            whole, among = both(index, monkeypatch, question)
            assert seen(whole) == seen(among), question


def test_scores_of_some_passages_are_those_of_all() -> None:
    with opened(passages(600, "bez", 11)) as index, index._reader.snapshot() as reader:
        numbers = np.array(sorted(random.Random(1).sample(range(600), 40)))
        some, whole = TermScores(reader, numbers), TermScores(reader)
        terms = [term for term, _ in reader.terms("en")][:80]
        chosen = set(numbers.tolist())

        def among(by_number: dict[int, float]) -> dict[int, float]:
            return {number: value for number, value in by_number.items() if number in chosen}

        for method in ("scores", "counts"):
            expected = getattr(whole, method)("en", terms)
            computed = getattr(some, method)("en", [*terms, "absent"])
            assert computed == {term: pytest.approx(among(by_number)) for term, by_number in expected.items()}
        assert [some.idf("en", term) for term in terms] == [whole.idf("en", term) for term in terms]
        assert some.alone("en", "zh") == {number for number in whole.alone("en", "zh") if number in chosen} != set()
        norms = whole.norms("en")
        assert some.norms("en") == pytest.approx({number: norms[number] for number in chosen})


def test_a_long_index_answers_as_if_all_passages_were_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a hundred questions to 5,120 passages: words of theirs, in both languages, and what is asked above."""
    chance = random.Random(13)
    given = passages(5120, "bez", 13)
    questions = list(QUESTIONS)
    for _ in range(90):
        language, version = chance.choice(sorted(chance.choice(given).versions.items()))
        first, size = chance.randrange(len(version.text) // 2), 60 if language == "en" else 16
        questions.append(version.text[first : first + size])
    with opened(given) as index:
        monkeypatch.setattr(candidates, "PREFILTER_FROM", 10**9)
        whole = [index.ask(question) for question in questions]
        monkeypatch.setattr(candidates, "PREFILTER_FROM", 0)
        for question, answer in zip(questions, whole, strict=True):
            among = index.ask(question)
            assert [hit.passage_id for hit in among.hits] == [hit.passage_id for hit in answer.hits], question
            assert [hit.score for hit in among.hits] == pytest.approx([hit.score for hit in answer.hits], abs=1e-9)
            assert among.confidence == pytest.approx(answer.confidence, abs=1e-9) and among.missing == answer.missing
    assert len(questions) > 100
