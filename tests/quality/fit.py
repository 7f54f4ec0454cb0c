"""Fits the weights of passages, and says what each kind of evidence adds: ``ASKDOC_SHARED=… python tests/quality/fit.py``.

With ``--semantic`` the same with sentence vectors. Softmax regression over all passages of a question, weights fitted on
seven folds and read off on the eighth, articles left out; differences with a paired bootstrap interval. fit_answers.py fits
which stretch is marked and whether the document answers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import xquad
from msgspec.structs import astuple
from numpy.typing import NDArray

from askdoc.answering import pipeline
from askdoc.answering.variants import Asked, Outcome
from askdoc.index import Index
from askdoc.model import LANGUAGES, Language, other
from askdoc.presentation.answers import Request
from askdoc.question.query import parse
from askdoc.retrieval.weights import Features

NAMES = list(Features.__struct_fields__)
Array = NDArray[np.float64]
SEMANTIC = "--semantic" in sys.argv


def searched(index: Index, text: str, limit: int | None) -> Outcome:
    """The stages that the program itself applies to a question."""
    request = Request(text, "auto", limit, None, 0.0)
    query = parse(text)
    with index._reader.snapshot() as snapshot:
        return pipeline.search(index._context(snapshot), Asked(request, query, query, frozenset()), query)


def passage_features(language: Language, versions: Sequence[Language] = LANGUAGES) -> Array:
    """Features of each question's passages, shape ``(questions, passages, features)``."""
    index = xquad.index(xquad.passages(versions), semantic=SEMANTIC)
    with index._reader.snapshot() as snapshot:
        size = snapshot.size
    questions = xquad.questions()
    table = np.zeros((len(questions), size, len(NAMES)))
    for number, question in enumerate(questions):
        for passage in searched(index, question.text[language], size).ranked:
            table[number, passage.number] = astuple(passage.features)
    return table


def descend(gradient, size: int, rounds: int = 300, step: float = 0.05) -> Array:
    """Adam (Kingma and Ba 2015), enough for a dozen weights."""
    weights = np.zeros(size)
    mean, square = np.zeros(size), np.zeros(size)
    for turn in range(1, rounds + 1):
        slope = gradient(weights)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        weights -= step * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-9)
    return weights


def softmax_weights(table: Array, judged: NDArray[np.int64]) -> Array:
    """Weights that make the judged passages likely; columns of ``table`` are scaled by the caller."""

    def gradient(weights: Array) -> Array:
        scores = table @ weights
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        wanted = table[np.arange(len(judged)), judged].sum(0)
        return (np.einsum("qn,qnd->d", chances, table) - wanted) / len(judged) + 1e-3 * weights

    return descend(gradient, table.shape[2])


def read_off(table: Array, names: Sequence[str]) -> tuple[NDArray[np.bool_], Array, Array]:
    """Which questions have their passage first, reciprocal ranks, and the mean weights over the folds."""
    folds = np.array([question.fold for question in xquad.questions()])
    judged = np.array([question.passage for question in xquad.questions()])
    columns = table[:, :, [NAMES.index(name) for name in names]]
    spread = columns.std((0, 1)) + 1e-9
    columns = columns / spread
    first = np.zeros(len(judged), dtype=np.bool_)
    reciprocal = np.zeros(len(judged))
    weights = []
    for fold in range(xquad.FOLDS):
        inside = folds != fold
        fitted = softmax_weights(columns[inside], judged[inside])
        weights.append(fitted / spread)
        scores = columns[~inside] @ fitted
        own = scores[np.arange(len(scores)), judged[~inside]]
        rank = 1 + (scores > own[:, None]).sum(1)
        rank = np.where(own > 0, rank, 10**6)
        first[~inside] = rank == 1
        reciprocal[~inside] = 1 / rank
    return first, reciprocal, np.mean(weights, 0)


def interval(one: NDArray[np.bool_], two: NDArray[np.bool_]) -> tuple[float, float]:
    """The paired bootstrap's 95 % interval of the difference in means, 10,000 draws."""
    chance = np.random.default_rng(0)
    draws = chance.integers(0, len(one), (10_000, len(one)))
    differences = two[draws].mean(1) - one[draws].mean(1)
    low, high = np.percentile(differences, [2.5, 97.5])
    return float(low), float(high)


STEPS: tuple[tuple[str, ...], ...] = (
    ("words",),
    ("words", "grams"),
    ("words", "grams", "sentence"),
    ("words", "grams", "sentence", "sentence_grams"),
    ("words", "grams", "sentence", "sentence_grams", "names"),
    ("words", "grams", "sentence", "sentence_grams", "names", "bridge"),
)

ALONE: tuple[tuple[str, ...], ...] = (
    ("words", "names"),
    ("words", "names", "bridge_alone"),
    ("words", "names", "bridge_alone", "characters_alone"),
    ("words", "names", "bridge_alone", "characters_alone", "sentence_alone"),
)
"""The steps for an index of the other language alone."""

if SEMANTIC:
    STEPS = (STEPS[-1], (*STEPS[-1], "meaning"), (*STEPS[-1], "meaning", "meaning_sentence"))
    ALONE = (
        ALONE[-1],
        (*ALONE[-1], "meaning_alone"),
        (*ALONE[-1], "meaning_alone", "meaning_sentence_alone"),
    )


def fit_passages(language: Language, table: Array, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Print what each step adds, and the weights."""
    before: NDArray[np.bool_] | None = None
    weights: Array = np.zeros(0)
    for names in steps:
        first, reciprocal, weights = read_off(table, names)
        said = ""
        if before is not None:
            low, high = interval(before, first)
            said = f"  {first.mean() - before.mean():+.4f} [{low:+.4f}, {high:+.4f}]"
        print(f"{language}  + {names[-1]:16} recall@1 {first.mean():.4f}  MRR {reciprocal.mean():.4f}{said}")
        before = first
    print(
        f"{language}  weights", {name: round(float(value), 3) for name, value in zip(steps[-1], weights, strict=True)}
    )


if __name__ == "__main__":
    for spoken_language in LANGUAGES:
        fit_passages(spoken_language, passage_features(spoken_language))
        print(f"{spoken_language}, the other language alone")
        fit_passages(spoken_language, passage_features(spoken_language, (other(spoken_language),)), ALONE)
