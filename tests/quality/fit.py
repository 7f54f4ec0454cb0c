"""Fits the weights, and says what each kind of evidence adds: ``ASKDOC_SHARED=… python tests/quality/fit.py``.

With ``--semantic`` the same with sentence vectors.

Passages: softmax regression over all passages of a question, weights fitted on seven folds and read off on the eighth,
articles left out; differences with a paired bootstrap interval. Sentences: the same over the sentences of the judged
passage. Confidence: logistic regression over each question with and without its article.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import xquad
from msgspec.structs import astuple
from numpy.typing import NDArray

from askdoc.answering import calibrate, pipeline
from askdoc.answering.select import SentenceFeatures, select, sentence_features
from askdoc.answering.variants import Asked, Outcome
from askdoc.evaluation import auroc, calibration
from askdoc.index import Index
from askdoc.model import LANGUAGES, Language, other
from askdoc.presentation.answers import Request
from askdoc.question.query import parse
from askdoc.retrieval.weights import Features

NAMES = list(Features.__struct_fields__)
Array = NDArray[np.float64]
SEMANTIC = "--semantic" in sys.argv


def searched(index: Index, text: str, limit: int | None) -> Outcome:
    """The stages that the program itself applies to a question, from retrieval to confidence."""
    request = Request(text, "auto", limit, None, 0.0)
    query = parse(text)
    with index._reader.snapshot() as snapshot:
        return pipeline.search(index._context(snapshot), Asked(request, query, query, frozenset()), query)


def passage_features(
    language: Language, versions: Sequence[Language] = LANGUAGES
) -> tuple[Array, list[Array | None], list[list[int]]]:
    """Features of each question's passages; of its judged passage's sentences; which of those hold the answer."""
    index = xquad.index(xquad.passages(versions), semantic=SEMANTIC)
    with index._reader.snapshot() as snapshot:
        size = snapshot.size
    questions = xquad.questions()
    table = np.zeros((len(questions), size, len(NAMES)))
    rows: list[Array | None] = []
    right: list[list[int]] = []
    for number, question in enumerate(questions):
        outcome = searched(index, question.text[language], size)
        judged = None
        for passage in outcome.ranked:
            table[number, passage.number] = astuple(passage.features)
            if passage.stored.passage.id == str(question.passage):
                judged = passage
        if judged is None:
            rows.append(None)
            right.append([])
            continue
        rows.append(np.array([astuple(row) for row in sentence_features(outcome.scorer, judged)]))
        version = judged.versions[judged.primary]
        right.append(
            [
                place
                for place, sentence in enumerate(version.sentences)
                if question.answer[judged.primary] in version.text[sentence.start : sentence.end]
            ]
        )
    return table, rows, right


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


def fit_sentences(language: Language, rows: list[Array | None], right: list[list[int]]) -> None:
    """Print how often the sentence is right on the judged passage, and the weights."""
    names = list(SentenceFeatures.__struct_fields__)
    folds = [question.fold for question in xquad.questions()]
    use = [at for at, row in enumerate(rows) if row is not None and right[at]]
    most = max(len(rows[at]) for at in use)
    table = np.zeros((len(use), most, len(names)))
    absent = np.full((len(use), most), -1e9)
    wanted = np.zeros((len(use), most))
    for place, at in enumerate(use):
        table[place, : len(rows[at])] = rows[at]
        absent[place, : len(rows[at])] = 0
        wanted[place, right[at]] = 1

    def train(inside: NDArray[np.bool_]) -> Array:
        def gradient(weights: Array) -> Array:
            scores = table[inside] @ weights + absent[inside]
            chances = np.exp(scores - scores.max(1, keepdims=True))
            chances /= chances.sum(1, keepdims=True)
            target = chances * wanted[inside]
            target /= target.sum(1, keepdims=True) + 1e-12
            return np.einsum("qn,qnd->d", chances - target, table[inside]) / inside.sum() + 1e-3 * weights

        return descend(gradient, len(names), step=0.1)

    fold = np.array([folds[at] for at in use])
    hits = 0
    weights = []
    for each in range(xquad.FOLDS):
        fitted = train(fold != each)
        weights.append(fitted)
        best = (table[fold == each] @ fitted + absent[fold == each]).argmax(1)
        hits += int(wanted[fold == each][np.arange(len(best)), best].sum())
    print(
        f"{language}  sentence right on the judged passage {hits / len(rows):.4f} (possible {len(use) / len(rows):.4f})"
    )
    print(f"{language}  weights", dict(zip(names, np.round(np.mean(weights, 0), 2).tolist(), strict=True)))


def confidence_rows(
    alone: bool,
) -> tuple[Array, NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64], list[Language]]:
    """The confidence features of each question with and without its article; whether it is answerable; answered; its fold.

    ``alone``: of an index of the other language's text alone.
    """
    rows, answerable, answered, folds, languages = [], [], [], [], []
    for language in LANGUAGES:
        text_language = other(language) if alone else language
        versions = (text_language,) if alone else LANGUAGES
        full = xquad.index(xquad.passages(versions), semantic=SEMANTIC)
        for article in sorted({question.article for question in xquad.questions()}):
            rest = xquad.index(xquad.passages(versions, without=(article,)), semantic=SEMANTIC)
            for question in xquad.questions():
                if question.article != article:
                    continue
                for opened, inside in ((full, True), (rest, False)):
                    outcome = searched(opened, question.text[language], 1)
                    features, right = (0.0,) * len(calibrate.ConfidenceFeatures.__struct_fields__), False
                    if outcome.ranked:
                        first = outcome.ranked[0]
                        features = astuple(calibrate.confidence_features(outcome.scorer, outcome.ranked))
                        span = select(outcome.scorer, first).get(text_language)
                        right = bool(
                            span and question.answer[text_language] in first.versions[text_language].text[slice(*span)]
                        )
                    rows.append(features)
                    answerable.append(inside)
                    answered.append(inside and right)
                    folds.append(question.fold)
                    languages.append(language)
    return np.array(rows), np.array(answerable), np.array(answered), np.array(folds), languages


def logistic(table: Array, outcomes: NDArray[np.bool_]) -> Array:
    """Logistic regression by Newton's method, lightly regularised; the constant comes first."""
    table = np.c_[np.ones(len(table)), table]
    weights = np.zeros(table.shape[1])
    for _ in range(60):
        chances = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chances - outcomes) / len(table) + 1e-3 * np.r_[0, weights[1:]]
        curve = (table * (chances * (1 - chances))[:, None]).T @ table / len(table) + 1e-3 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def fit_confidence(alone: bool) -> None:
    """Print how well the two chances tell what they should, articles left out, and their weights."""
    table, answerable, answered, folds, languages = confidence_rows(alone)
    print("the other language alone" if alone else "both languages")
    spoken = np.array(languages)
    shipped = calibrate.THRESHOLD[calibrate.calibration_case(not alone, SEMANTIC)]
    for name, outcomes in (("answerable", answerable), ("confidence", answered)):
        chances = np.zeros(len(table))
        for fold in range(xquad.FOLDS):
            inside = folds != fold
            weights = logistic(table[inside], outcomes[inside])
            chances[~inside] = 1 / (1 + np.exp(-np.c_[np.ones((~inside).sum()), table[~inside]] @ weights))
        for language in LANGUAGES:
            own = spoken == language
            area = auroc(chances[own & answerable].tolist(), chances[own & ~answerable].tolist())
            kept = (chances[own & answerable] >= shipped).mean()
            refused = (chances[own & ~answerable] < shipped).mean()
            if name == "answerable":
                for threshold in (0.20, 0.25, 0.30, 0.35, 0.40):
                    kept_at = (chances[own & answerable] >= threshold).mean()
                    refused_at = (chances[own & ~answerable] < threshold).mean()
                    print(f"      from {threshold:.2f} on: kept {kept_at:.3f}  refused {refused_at:.3f}")
            error, _ = calibration(chances[own].tolist(), outcomes[own].tolist())
            print(
                f"{language}  {name:10} no-answer AUROC {area:.4f}  kept {kept:.3f}  refused {refused:.3f}"
                f"  calibration error {error:.3f}"
            )
        every = logistic(table, outcomes)
        names = ["constant", *calibrate.ConfidenceFeatures.__struct_fields__]
        print("   ", name, "weights", dict(zip(names, np.round(every, 2).tolist(), strict=True)))


if __name__ == "__main__":
    for spoken_language in LANGUAGES:
        features, sentence_rows, sentence_right = passage_features(spoken_language)
        fit_passages(spoken_language, features)
        fit_sentences(spoken_language, sentence_rows, sentence_right)
        features, sentence_rows, sentence_right = passage_features(spoken_language, (other(spoken_language),))
        print(f"{spoken_language}, the other language alone")
        fit_passages(spoken_language, features, ALONE)
        fit_sentences(spoken_language, sentence_rows, sentence_right)
    for only in (False, True):
        fit_confidence(only)
