"""Ranking among a pool beside ranking all: ``ASKDOC_SHARED=… python tests/quality/pool.py [--semantic] [--passages N]``.

The share of questions whose first three hits, verdict and missing words are the same whether a question looks at all
passages or at a pool (:mod:`askdoc.retrieval.prefilter`). The XQuAD passages lie among ``N`` (default 10,000) made of four
of their sentences at random, seeded: every word of a question stands in hundreds of passages. Over both versions, over
one language each, and over a library that is half one language alone, half the other.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence

import xquad

from askdoc.index import Index
from askdoc.model import LANGUAGES, Answer, Language, Passage, Place, Version
from askdoc.retrieval import candidates, prefilter
from askdoc.text.sentences import sentences


def noise(count: int, seed: int = 5) -> list[Passage]:
    """Passages of four random sentences of XQuAD's, in both languages."""
    chance = random.Random(seed)
    pieces: dict[Language, list[str]] = {
        language: [
            passage.versions[language].text[start:end]
            for passage in xquad.passages()
            for start, end in sentences(passage.versions[language].text, language)
        ]
        for language in LANGUAGES
    }
    return [
        Passage(
            f"n{at}",
            {
                language: Version(
                    (" " if language == "en" else "").join(chance.choices(pieces[language], k=4)),
                    Place("noise", (1, 1), None, (0, 1)),
                )
                for language in LANGUAGES
            },
            "paired",
            "1:1",
            1.0,
        )
        for at in range(count)
    ]


def kept(passages: Sequence[Passage], languages: Callable[[int], Sequence[Language]]) -> list[Passage]:
    """The passages with some of their versions each."""
    return [
        Passage(each.id, {language: each.versions[language] for language in languages(at)}, "paired", "1:1", 1.0)
        for at, each in enumerate(passages)
    ]


LIBRARIES: dict[str, Callable[[int], Sequence[Language]]] = {
    "both versions": lambda at: LANGUAGES,
    "English alone": lambda at: ("en",),
    "Chinese alone": lambda at: ("zh",),
    "half each": lambda at: ("en",) if at % 2 else ("zh",),
}


def ask(index: Index, text: str, pool_from: int) -> tuple[Answer, float]:
    """The answer with pools for indexes of so many passages, and its milliseconds."""
    candidates.PREFILTER_FROM = pool_from
    started = time.perf_counter()
    answer = index.ask(text)
    return answer, 1000 * (time.perf_counter() - started)


def seen(answer: Answer) -> object:
    """What must be the same."""
    return [hit.passage_id for hit in answer.hits], answer.found, answer.missing, answer.corrected


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=10**6)
    options = parser.parse_args()
    passages = xquad.passages() + noise(options.passages)
    same = count = 0
    for name, languages in LIBRARIES.items():
        index = xquad.index(kept(passages, languages), semantic=options.semantic)
        for language in LANGUAGES:
            texts = [question.text[language] for question in xquad.questions()][: options.questions]
            alike, times = 0, ([], [])
            for text in texts:
                whole, took = ask(index, text, 10**9)
                times[0].append(took)
                among, took = ask(index, text, 0)
                times[1].append(took)
                alike += seen(whole) == seen(among)
            same, count = same + alike, count + len(texts)
            medians = " / ".join(f"{statistics.median(each):.1f}" for each in times)
            print(
                f"{name}, {language} questions: {alike} of {len(texts)} the same; ms all / pool {medians}", flush=True
            )
    print(f"{same} of {count} the same: {same / count:.4f}; pools of {prefilter.SIZE}, {len(passages)} passages")
