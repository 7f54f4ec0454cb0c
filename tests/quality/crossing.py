"""Across the languages: ``ASKDOC_SHARED=… python tests/quality/crossing.py [--semantic]``.

- The real document with one version taken out, asked in that language (recall@1 of article_questions.jsonl).
- A library of passages in one language each, half English and half Chinese: recall@1 beside that of the same questions
  where all passages are in the language of the judged one. The drop tells whether one language crowds the other out.
- In an index with both languages, how often the first hit is shown in the language asked for.
- A Chinese question of English passages, before and after many Chinese passages join (ragflow#7376, ragflow#11499).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import xquad
from msgspec.structs import replace

from askdoc import open as open_index
from askdoc.evaluation import Judged, evaluate, read_questions
from askdoc.index import Index
from askdoc.model import LANGUAGES, Language, Passage, other

SEMANTIC = "--semantic" in sys.argv


def judged_article() -> tuple[list[Judged], list[Passage]]:
    """The judged questions of the real document, and its passages."""
    shared = Path(os.environ["ASKDOC_SHARED"])
    questions = read_questions(shared / "eval" / "article_questions.jsonl")
    with open_index(shared / "documents" / "when-ai-builds-itself.txt", semantic=False) as opened:
        [summary] = opened.documents()
        with opened._reader.snapshot() as snapshot:
            passages = [stored.passage for stored in snapshot.passages(snapshot.numbers(summary.name))]
    return questions, passages


def without(passages: list[Passage], language: Language) -> list[Passage]:
    """The passages with one version taken out."""
    return [
        replace(
            passage,
            versions={each: version for each, version in passage.versions.items() if each != language},
            alignment="none",
            bead="",
            confidence=0.0,
        )
        for passage in passages
    ]


def article(asked: Language) -> tuple[int, int]:
    """How many questions of a language find their passage first in the document without it, and how many there are."""
    questions, passages = judged_article()
    own = [each for each in questions if each.language == asked and each.answerable]
    report = evaluate(xquad.index(without(passages, asked), semantic=SEMANTIC), own)
    return sum(outcome.rank == 1 for outcome in report.outcomes), len(own)


def _first(index: Index, asked: Language, inside: frozenset[int]) -> float:
    questions = [each for each in xquad.questions() if each.passage in inside]
    right = 0
    for question in questions:
        hits = index.ask(question.text[asked], limit=1).hits
        right += bool(hits) and hits[0].passage_id == f"xquad#{question.passage}"
    return right / len(questions)


def mixed(asked: Language, held: Language) -> tuple[float, float]:
    """Recall@1 of the passages in ``held``: where all passages are in it, and where every second one is in the other."""
    every = xquad.passages((held,))
    others = xquad.passages((other(held),))
    library = [one if at % 2 == 0 else two for at, (one, two) in enumerate(zip(every, others, strict=True))]
    inside = frozenset(int(passage.id) for at, passage in enumerate(every) if at % 2 == 0)
    alone = _first(xquad.index(every, semantic=SEMANTIC), asked, inside)
    return alone, _first(xquad.index(library, semantic=SEMANTIC), asked, inside)


def shown(asked: Language) -> float:
    """The share of hits that are shown in the language asked for, of an index with both."""
    index = xquad.index(xquad.passages(), semantic=SEMANTIC)
    hits = [hit for question in xquad.questions()[::4] for hit in index.ask(question.text[asked]).hits]
    return sum(hit.shown == asked for hit in hits) / len(hits)


def joined() -> tuple[float, float]:
    """Recall@5 of Chinese questions of the English passages of 3 articles, alone and with all others in Chinese."""
    articles = sorted({question.article for question in xquad.questions()})
    inside, outside = articles[:3], articles[3:]
    english = xquad.passages(("en",), without=outside)
    chinese = xquad.passages(("zh",), without=inside)
    found = []
    for passages in (english, [*english, *chinese]):
        index = xquad.index(passages, semantic=SEMANTIC)
        questions = [question for question in xquad.questions() if question.article in inside]
        right = [
            f"xquad#{question.passage}" in {hit.passage_id for hit in index.ask(question.text["zh"], limit=5).hits}
            for question in questions
        ]
        found.append(sum(right) / len(right))
    return found[0], found[1]


if __name__ == "__main__":
    for language in LANGUAGES:
        print(f"{language} questions of the document without {language}: {article(language)}", flush=True)
    for language in LANGUAGES:
        for text in LANGUAGES:
            one, two = mixed(language, text)
            print(
                f"{language} questions of {text} passages: alone {one:.4f}, in the mixed library {two:.4f}", flush=True
            )
        print(f"{language}: shown in the language asked {shown(language):.4f}", flush=True)
    before, after = joined()
    print(f"zh questions of English passages, recall@5: alone {before:.4f}, after Chinese ones join {after:.4f}")
