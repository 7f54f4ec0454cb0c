"""Fits which stretch is marked and whether the document answers: ``ASKDOC_SHARED=… python tests/quality/fit_answers.py``.

On the fitted half of the natural questions (``natural/``) and on XQuAD, over both versions and over the other language
alone, with and without the question's article; by words and with sentence vectors. It reads both models off with documents
(of XQuAD: articles) left out in eight folds, prints the figures, and writes ``askdoc/answering/fitted.json``, which the program
reads. ``--reuse FILE`` keeps what the questions gave: fitting alone takes a minute, asking ten.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import natural
import numpy as np
import xquad
from msgspec import Struct
from msgspec.structs import astuple, replace
from numpy.typing import NDArray

import askdoc
from askdoc.answering import pipeline
from askdoc.answering.calibrate import AnswerFeatures, answer_features, question_facts
from askdoc.answering.rank import RankedPassage
from askdoc.answering.select import READ, headings, spans
from askdoc.answering.stretches import StretchFeatures, stretches
from askdoc.answering.variants import Asked
from askdoc.evaluation import auroc
from askdoc.index import Index
from askdoc.model import LANGUAGES, Language, other
from askdoc.presentation.answers import Request
from askdoc.presentation.passage_views import PassageViews
from askdoc.question.query import named_only, parse
from askdoc.text.spans import Span

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

STRETCH = StretchFeatures.__struct_fields__
ANSWER = AnswerFeatures.__struct_fields__
WRITTEN = Path(askdoc.__file__).parent / "answering" / "fitted.json"

SHARES = {"natural": 0.4, "both": 0.4, "alone": 0.2}
"""How much each set counts in the fit of stretches."""

ANSWER_SHARES = {"natural": 0.4, "both": 0.3, "alone": 0.2, "far": 0.05}
"""How much each set counts in the fit of confidence."""

ANSWERED = 0.55
"""The share of right answers that each set counts as having: with fewer, as they have, half of what is there is refused."""

LEADER = {"words": 0.8, "vectors": 0.7}
"""The weight of the passage of the highest score, set by hand: fitted it is less, and costs XQuAD a question or two."""

LONGER = 0.3
"""Added to the weight of a second sentence: of equals the longer stretch, while the mean length allows it."""

UNUSED = ("alone",)
"""Features that tell stretches of one question nothing; they are for confidence."""


class Case(Struct, frozen=True):
    """A question with the stretches of its first passages."""

    id: str
    set: str
    language: Language
    fold: int
    answerable: bool
    rows: list[Array]
    """For each passage the features of its stretches."""
    right: list[Mask]
    """Which of them answer."""
    lengths: list[Array]
    """Their characters, in the language that is read."""
    judged: int | None
    """The place of the judged passage among them."""
    best: float
    facts: tuple[float, bool]


def ask(index: Index, text: str, judge: Callable[[RankedPassage, Mapping[Language, Span]], bool]) -> Any:
    """The stretches of the first passages of a question; ``None`` where it is about the document as a whole."""
    with index._reader.snapshot() as snapshot:
        context = index._context(snapshot)
        request = Request(text, "auto", 3, None, 0.0)
        query = parse(text)
        if pipeline._whole(context, request, query) is not None:
            return None
        query = named_only(query, context.limits)
        outcome = pipeline.search(context, Asked(request, query, query, frozenset()), query)
        scorer = outcome.scorer
        read = sorted((p for p in outcome.ranked if p.stretch), key=lambda p: -fused(p))
        best = fused(read[0]) if read else 0.0
        rows, right, lengths = [], [], []
        for passage in read[:READ]:
            passage = replace(passage, score=fused(passage))
            options = stretches(scorer, passage, headings(scorer, passage, PassageViews(context.snapshot).title), best)
            marked = [spans(passage, option) for option in options]
            shown = scorer.language if scorer.language in passage.versions else passage.primary
            rows.append(np.array([astuple(option.features) for option in options]))
            right.append(np.array([judge(passage, by_language) for by_language in marked]))
            lengths.append(np.array([float(np.diff(by_language.get(shown, (0, 0)))[0]) for by_language in marked]))
        return read, rows, right, lengths, best, question_facts(scorer)


def fused(passage: RankedPassage) -> float:
    """The score that a passage had before its stretches were looked at."""
    return passage.ranked_score


def natural_right(question: natural.Natural, passage: RankedPassage, marked: Mapping[Language, Span]) -> bool:
    """Whether a stretch answers."""
    texts = " ".join(natural.plain(passage.versions[name].text[slice(*span)]) for name, span in marked.items())
    groups = ([" ".join(string.casefold().split()) for string in group] for group in question.accept)
    return question.answerable and all(any(string in texts for string in group) for group in groups)


def xquad_right(
    question: xquad.Question, language: Language, passage: RankedPassage, marked: Mapping[Language, Span]
) -> bool:
    """Whether a stretch answers in a language."""
    text = passage.versions[language].text[slice(*marked[language])] if language in marked else ""
    return passage.stored.passage.id == str(question.passage) and question.answer[language] in text


def natural_cases(semantic: bool, far: bool) -> Iterator[Case]:
    """The fitted half of the natural questions; a document is a fold.

    ``far``: those of the next document instead, which this one does not answer: what is asked about is not there at all.
    """
    every = [question for question in natural.questions() if question.document not in natural.HELD]
    documents = sorted({question.document for question in every})
    for fold, document in enumerate(documents):
        source = documents[(fold + 1) % len(documents)] if far else document
        arguments = natural.files(document)
        paths = arguments.pop("documents", None)
        with (
            tempfile.TemporaryDirectory() as library,
            askdoc.open(paths, library=library, semantic=semantic, **arguments) as index,
        ):
            for question in every:
                if question.document == source:
                    question = replace(question, answerable=question.answerable and not far)
                    asked = ask(index, question.question, partial(natural_right, question))
                    if asked:
                        _, rows, right, lengths, best, facts = asked
                        language: Language = "zh" if question.language == "zh" else "en"
                        yield Case(
                            question.id,
                            "far" if far else "natural",
                            language,
                            fold % 8,
                            question.answerable,
                            rows,
                            right,
                            lengths,
                            None,
                            best,
                            facts,
                        )


def xquad_cases(semantic: bool, alone: bool) -> Iterator[Case]:
    """XQuAD, each question with and without its article, of both versions or of the other language ``alone``."""
    for language in LANGUAGES:
        versions = (other(language),) if alone else LANGUAGES
        read_in = versions[0] if alone else language
        full = xquad.index(xquad.passages(versions), semantic=semantic)
        for article in sorted({question.article for question in xquad.questions()}):
            rest = xquad.index(xquad.passages(versions, without=(article,)), semantic=semantic)
            for question in xquad.questions():
                if question.article != article:
                    continue
                for index in (full, rest):
                    asked = ask(index, question.text[language], partial(xquad_right, question, read_in))
                    if asked:
                        read, rows, right, lengths, best, facts = asked
                        numbers = [passage.stored.passage.id for passage in read]
                        gold = numbers.index(str(question.passage)) if str(question.passage) in numbers else None
                        yield Case(
                            question.id,
                            "alone" if alone else "both",
                            language,
                            question.fold,
                            index is full,
                            rows,
                            right,
                            lengths,
                            gold,
                            best,
                            facts,
                        )


# --- stretches -------------------------------------------------------------------------------------------------------


class Table:
    """The stretches of many questions as one array, for the softmax over each question's."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = [case for case in cases if case.answerable and any(part.any() for part in case.right)]
        self.rows = np.vstack([row for case in self.cases for row in case.rows])
        sizes = [sum(map(len, case.right)) for case in self.cases]
        self.question = np.repeat(np.arange(len(self.cases)), sizes)
        right = np.concatenate([part for case in self.cases for part in case.right])
        longer = self.rows[:, STRETCH.index("two")] + self.rows[:, STRETCH.index("three")]
        fewest = np.full(len(self.cases), 9.0)
        np.minimum.at(fewest, self.question[right], longer[right])
        self.right = right & (longer == fewest[self.question])
        self.neutral = right & ~self.right
        self.fold = np.array([case.fold for case in self.cases])
        shares = {name: sum(case.set == name for case in self.cases) for name in SHARES}
        self.weight = np.array([SHARES[case.set] / shares[case.set] for case in self.cases])

    def fit(self, used: Mask, leader: float) -> Array:
        """Softmax regression by Adam (Kingma and Ba 2015); columns are scaled to a spread of one."""
        spread = self.rows.std(0) + 1e-6
        rows, count = self.rows / spread, len(self.cases)
        free = np.array([name not in (*UNUSED, "leader") for name in STRETCH])
        weights = np.zeros(len(STRETCH))
        weights[STRETCH.index("leader")] = leader * spread[STRETCH.index("leader")]
        mean, square = np.zeros(len(STRETCH)), np.zeros(len(STRETCH))
        importance = (self.weight * used)[self.question]
        importance /= self.weight[used].sum()
        for turn in range(1, 121):
            scores = np.where(self.neutral, -1e9, rows @ weights)
            highest = np.full(count, -1e9)
            np.maximum.at(highest, self.question, scores)
            chances = np.exp(scores - highest[self.question])
            chances /= np.bincount(self.question, chances, count)[self.question]
            target = chances * self.right
            target /= np.bincount(self.question, target, count)[self.question] + 1e-300
            slope = (rows.T @ (importance * (chances - target)) + 1e-3 * weights) * free
            mean = 0.9 * mean + 0.1 * slope
            square = 0.99 * square + 0.01 * slope**2
            weights -= 0.1 * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-9)
        weights = weights / spread
        weights[STRETCH.index("two")] += LONGER
        return weights


class Chosen(Struct, frozen=True):
    """What a case's first hit is with some weights."""

    features: Array
    right: bool
    passage_right: bool
    length: float


def chosen(case: Case, weights: Array) -> Chosen | None:
    """Choose as :func:`askdoc.answering.select.choose` does."""
    if not case.rows:
        return None
    scores = [rows @ weights for rows in case.rows]
    best = [int(np.argmax(part)) for part in scores]
    tops = [float(part[place]) for part, place in zip(scores, best, strict=True)]
    first = int(np.argmax(tops))
    features = answer_features(
        StretchFeatures(*case.rows[first][best[first]].tolist()),
        [tops[first], *tops[:first], *tops[first + 1 :]],
        case.best,
        *case.facts,
    )
    passage_right = case.judged == first if case.judged is not None else bool(case.right[first].any())
    return Chosen(
        np.array(astuple(features)),
        bool(case.answerable and case.right[first][best[first]]),
        case.answerable and passage_right,
        float(case.lengths[first][best[first]]),
    )


# --- confidence ------------------------------------------------------------------------------------------------------


def logistic(table: Array, outcomes: Mask, importance: Array) -> Array:
    """Logistic regression by Newton's method, lightly regularised; the intercept comes first."""
    table = np.c_[np.ones(len(table)), table]
    importance = importance / importance.sum()
    weights = np.zeros(table.shape[1])
    for _ in range(40):
        chances = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (importance * (chances - outcomes)) + 3e-3 * np.r_[0, weights[1:]]
        curve = (table * (importance * chances * (1 - chances))[:, None]).T @ table + 3e-3 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def fit(cases: Sequence[Case], evidence: str) -> tuple[dict[str, float], dict[str, float], dict[str, Any]]:
    """Fit both models; return their weights and what they reach with documents left out."""
    table = Table(cases)
    folds = np.array([case.fold for case in cases])
    first: list[Chosen | None] = [None] * len(cases)
    for fold in range(xquad.FOLDS):
        weights = table.fit(table.fold != fold, LEADER[evidence])
        for place in np.flatnonzero(folds == fold):
            first[place] = chosen(cases[place], weights)
    stretch = table.fit(np.ones(len(table.cases), bool), LEADER[evidence])
    read = np.array([item is not None for item in first])
    features = np.array([item.features if item else np.zeros(len(ANSWER)) for item in first])
    right = np.array([bool(item and item.right) for item in first])
    answerable = np.array([case.answerable for case in cases])
    importance = (read & (right | ~answerable)).astype(float)  # an answer that is there, but not marked, says neither
    for name, share in ANSWER_SHARES.items():
        inside = np.array([case.set == name for case in cases])
        for part, part_share in ((inside & right, ANSWERED), (inside & ~right, 1 - ANSWERED)):
            if part.any():
                importance[part] *= share * part_share / importance[part].sum()
    chances = np.zeros(len(cases))
    for fold in range(xquad.FOLDS):
        used = (folds != fold) & read
        weights = logistic(features[used], right[used], importance[used])
        rest = (folds == fold) & read
        chances[rest] = 1 / (1 + np.exp(-np.c_[np.ones(rest.sum()), features[rest]] @ weights))
    answer = logistic(features[read], right[read], importance[read])
    figures = {}
    for name in ANSWER_SHARES:
        for language in ("all",) if name in ("natural", "far") else LANGUAGES:
            places = [p for p, case in enumerate(cases) if case.set == name and language in ("all", case.language)]
            figures[f"{name} {language}"] = read_off(
                [cases[p] for p in places], [first[p] for p in places], chances[places]
            )
            print(evidence, name, language, figures[f"{name} {language}"], flush=True)
    rounded = lambda names, values: {name: round(float(value), 3) for name, value in zip(names, values, strict=True)}  # noqa: E731
    return rounded(STRETCH, stretch), rounded(("intercept", *ANSWER), answer), figures


def read_off(cases: Sequence[Case], first: Sequence[Chosen | None], chances: Array) -> dict[str, float]:
    """What a set reaches."""
    answerable = np.array([case.answerable for case in cases])
    right = np.array([bool(item and item.right) for item in first])
    passage = np.array([bool(item and item.passage_right) for item in first])
    lengths = [item.length for item, asked in zip(first, answerable, strict=True) if item and asked]
    found = chances >= 0.5
    if not answerable.any():
        return {"questions": len(cases), "refused of others": round(float(1 - found.mean()), 4)}
    figures = {
        "questions": len(cases),
        "passage first": passage[answerable].mean(),
        "stretch right": right[answerable].mean(),
        "characters": np.mean(lengths),
        "AUROC": auroc(chances[answerable].tolist(), chances[~answerable].tolist()),
        "right": np.where(answerable, found & right, ~found).mean(),
        "refused of answerable": 1 - found[answerable].mean(),
        "refused of others": 1 - found[~answerable].mean(),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reuse", type=Path, help="a file for what the questions gave, read where it is there")
    options = parser.parse_args()
    fits = {}
    for evidence, semantic in (("words", False), ("vectors", True)):
        kept = options.reuse.with_suffix(f".{evidence}") if options.reuse else None
        if kept and kept.exists():
            cases = pickle.loads(kept.read_bytes())
        else:
            cases = [
                *natural_cases(semantic, False),
                *natural_cases(semantic, True),
                *xquad_cases(semantic, False),
                *xquad_cases(semantic, True),
            ]
            if kept:
                kept.write_bytes(pickle.dumps(cases))
        fits[evidence] = fit(cases, evidence)
    written = {
        "data": {
            "natural": "the fitted half of tests/quality/natural/questions.jsonl, a document a fold",
            "far": "the same questions, each asked of the next document",
            "both": "XQuAD, 612 questions a language, both versions, with and without the article, articles left out",
            "alone": "the same over the other language's text alone",
            "shares": {"stretch": SHARES, "answer": ANSWER_SHARES},
            "seed": "none: both fits start from zero",
        },
        "figures": {evidence: figures for evidence, (_, _, figures) in fits.items()},
        "stretch": {evidence: stretch for evidence, (stretch, _, _) in fits.items()},
        "answer": {evidence: answer for evidence, (_, answer, _) in fits.items()},
    }
    WRITTEN.write_bytes(msgspec.json.format(msgspec.json.encode(written), indent=1) + b"\n")
