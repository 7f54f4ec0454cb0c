"""Questions as people type them, judged by what stands on the screen first.

    python tests/quality/natural.py [--semantic] [--half fitted|held|all] [--misses DOCUMENT…] [--each]

A question that its document does not answer is right where it is refused; any other where the answer is found and its
marked stretch, in the versions together, holds a string of each group that a reader would accept. ``natural/`` holds the
questions and the documents that were written for them; those of ``$ASKDOC_SHARED`` take part where it is set. The documents
are split by name: those of :data:`HELD` were never looked at, question by question, while anything was fitted.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

import askdoc
from askdoc.evaluation import auroc
from askdoc.model import Answer

NATURAL = Path(__file__).with_name("natural")
HELD = frozenset(
    {"minutes", "manual", "policy", "handbook", "essay", "vue-introduction", "system-design-primer", "kcp"}
)
_MARKUP = re.compile(r"\]\([^)]*\)|\{[^}]*\}|[*_`\[\]#>|]|<[^>]*>")


class Natural(Struct, frozen=True):
    """A question with what a person would accept."""

    id: str
    document: str
    language: str
    kind: str
    layman: bool
    question: str
    answerable: bool
    accept: tuple[tuple[str, ...], ...]


class Judged(Struct, frozen=True):
    """A question, its answer, and whether that is right."""

    question: Natural
    answer: Answer
    right: bool


def questions() -> list[Natural]:
    """All questions, in the file's order."""
    import msgspec

    lines = (NATURAL / "questions.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Natural) for line in lines]


def files(document: str) -> dict[str, Any]:
    """The arguments of :func:`askdoc.open` for a document; empty where it is not at hand."""
    own = NATURAL / "documents"
    if document == "recipes":
        return {"documents": sorted((own / "recipes").iterdir())}
    for folder in (
        own,
        *(
            Path(os.environ["ASKDOC_SHARED"]) / "documents" / name
            for name in ("", "pairs")
            if "ASKDOC_SHARED" in os.environ
        ),
    ):
        stem = {"article": "when-ai-builds-itself", "release": "release-notes"}.get(document, document)
        pair = [folder / f"{stem}.{language}.md" for language in ("en", "zh")]
        if all(path.exists() for path in pair):
            return {"pairs": [tuple(pair)]}
        for path in (folder / f"{stem}{ending}" for ending in (".md", ".txt", ".en.txt", ".zh.md")):
            if path.exists():
                return {"documents": path}
    return {}


def plain(text: str) -> str:
    """A text as a reader compares it: without markup and capitals, with single blanks."""
    return " ".join(_MARKUP.sub(" ", text).casefold().split())


def shown(answer: Answer) -> Iterator[str]:
    """What stands on the screen first, as a reader compares it: the marked stretch of the first hit.

    Of an answer about the whole document all of its marked stretches, the titles and the headings that it lists.
    """
    for hit in answer.hits if answer.kind == "document" else answer.hits[:1]:
        for version in hit.versions.values():
            if version.sentence:
                yield plain(version.text[slice(*version.sentence)])
    for overview in answer.overview:
        yield from map(plain, overview.title.values())
        for line in overview.headings:
            yield from map(plain, line.text.values())


def accepted(question: Natural, answer: Answer) -> bool:
    """Whether the answer is right."""
    if not question.answerable:
        return not answer.found
    if not answer.found or not answer.hits:
        return False
    marked = " ".join(shown(answer))
    return all(any(" ".join(string.casefold().split()) in marked for string in group) for group in question.accept)


def asked(only: Iterable[str], semantic: bool) -> Iterator[Judged]:
    """Ask the questions of these documents."""
    every = questions()
    with tempfile.TemporaryDirectory() as library:
        for document in only:
            arguments = files(document)
            if not arguments:
                continue
            paths = arguments.pop("documents", None)
            with askdoc.open(paths, library=library, semantic=semantic, **arguments) as index:
                for question in every:
                    if question.document == document:
                        answer = index.ask(question.question)
                        yield Judged(question, answer, accepted(question, answer))


def line(name: str, judged: list[Judged]) -> str:
    """A row of the report."""
    answerable = [item for item in judged if item.question.answerable]
    absent = [item for item in judged if not item.question.answerable]
    share = lambda items, test: sum(map(test, items)) / len(items) if items else float("nan")  # noqa: E731
    area = auroc([item.answer.confidence for item in answerable], [item.answer.confidence for item in absent])
    return (
        f"{name:22} {len(judged):5}  right {share(judged, lambda item: item.right):.3f}"
        f"  answered {share(answerable, lambda item: item.right):.3f}"
        f"  refused of answerable {share(answerable, lambda item: not item.answer.found):.3f}"
        f"  of near misses {share(absent, lambda item: item.right):.3f}  AUROC {area:.3f}"
    )


def interval(first: list[bool], second: list[bool]) -> tuple[float, float]:
    """The paired bootstrap's 95 % interval of the difference of two shares, 10,000 draws."""
    chance = np.random.default_rng(0)
    one, two = np.array(first, float), np.array(second, float)
    draws = chance.integers(0, len(one), (10_000, len(one)))
    low, high = np.percentile(two[draws].mean(1) - one[draws].mean(1), [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--half", choices=("fitted", "held", "all"), default="all")
    parser.add_argument("--misses", nargs="*", default=[])
    parser.add_argument("--write", type=Path, help="write which questions are right, for --beside")
    parser.add_argument("--beside", type=Path, help="compare with what --write wrote")
    options = parser.parse_args()
    names = list(dict.fromkeys(question.document for question in questions()))
    if options.half != "all":
        names = [name for name in names if (name in HELD) == (options.half == "held")]
    results = list(asked(options.misses or names, options.semantic))
    for name in names:
        part = [item for item in results if item.question.document == name]
        if part:
            print(line(name, part), flush=True)
    for key in ("language", "kind"):
        print()
        for value in sorted({getattr(item.question, key) for item in results}):
            print(line(value, [item for item in results if getattr(item.question, key) == value]))
    print()
    documents = {item.question.document for item in results}
    print(line("layman's words", [item for item in results if item.question.layman]))
    print(line("all", results))
    shares = [np.mean([item.right for item in results if item.question.document == name]) for name in documents]
    print(f"mean of {len(documents)} documents {np.mean(shares):.3f}, the lowest {min(shares):.3f}")
    kinds = Counter(item.question.kind for item in results if not item.right)
    print("wrong by kind", dict(kinds.most_common()))
    if options.write:
        options.write.write_text(json.dumps({item.question.id: item.right for item in results}))
    if options.beside:
        before = json.loads(options.beside.read_text())
        both = [(before[item.question.id], item.right) for item in results if item.question.id in before]
        low, high = interval([old for old, _ in both], [new for _, new in both])
        gain = np.mean([new for _, new in both]) - np.mean([old for old, _ in both])
        print(f"beside {options.beside.name}: {gain:+.3f} [{low:+.3f}, {high:+.3f}] on {len(both)} questions")
    for name in options.misses:
        for item in results:
            if item.question.document == name and not item.right:
                hit = item.answer.hits[0] if item.answer.hits else None
                marked = {
                    language: version.text[slice(*version.sentence)] if version.sentence else ""
                    for language, version in (hit.versions.items() if hit else ())
                }
                print(
                    f"\n{item.question.id} {item.question.kind} found {item.answer.found} {item.answer.confidence:.2f}"
                    f"\n  {item.question.question}\n  accepts {item.question.accept}\n  {marked}"
                )
