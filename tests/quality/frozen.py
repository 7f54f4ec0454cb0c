"""Answers as they are, frozen, so that a change of the program's insides can be held to them.

    python tests/quality/frozen.py --check [--every N]     compare with tests/data/frozen.json
    python tests/quality/frozen.py --write                 freeze the answers of this tree
    python tests/quality/frozen.py --dump FILE             every answer in full, a line each, to compare two trees with diff

A set is a list of answers to judged questions: XQuAD over both versions and over one of them (by words, and by sentence
vectors as well), the questions of the real document and of the sample, and the sample's conversations. A digest covers
passage ids, spans, the texts, scores to nine decimals, evidence, ``found`` and ``confidence``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xquad

import askdoc
from askdoc.model import LANGUAGES, Answer, other

DATA = Path(__file__).parents[1] / "data"
FROZEN = DATA / "frozen.json"
SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"
LIMIT = 10
"""Hits of an answer that are frozen."""


def record(answer: Answer) -> dict[str, Any]:
    """What is held constant of an answer, as JSON values."""
    return {
        "found": answer.found,
        "confidence": f"{answer.confidence:.9f}",
        "matched": list(answer.matched),
        "missing": list(answer.missing),
        "about": list(answer.about),
        "corrected": [list(pair) for pair in answer.corrected],
        "hits": [
            {
                "id": hit.passage_id,
                "score": f"{hit.score:.9f}",
                "shown": hit.shown,
                "alignment": hit.alignment,
                "evidence": list(hit.evidence),
                "versions": {
                    language: [
                        hashlib.sha256(version.text.encode()).hexdigest()[:12],
                        version.sentence and list(version.sentence),
                        [list(span) for span in version.highlights],
                        list(version.place.lines),
                        list(version.place.span),
                        version.label,
                    ]
                    for language, version in sorted(hit.versions.items())
                },
            }
            for hit in answer.hits
        ],
    }


def digest(answer: Answer) -> str:
    """Ten hexadecimal digits that stand for a frozen answer."""
    text = json.dumps(record(answer), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _xquad(semantic: bool, every: int, offset: int) -> Iterator[tuple[str, int, Answer]]:
    for asked in LANGUAGES:
        for name, versions in (("both", LANGUAGES), ("one", (asked,)), ("other", (other(asked),))):
            if semantic and name == "one":
                continue
            index = xquad.index(xquad.passages(versions), semantic=semantic)
            title = f"xquad-{'vectors' if semantic else 'words'}-{asked}-{name}"
            for number, question in enumerate(xquad.questions()):
                if number % every == offset:
                    yield title, number, index.ask(question.text[asked], limit=LIMIT)


def _judged(title: str, document: Path, questions: Path, every: int, offset: int) -> Iterator[tuple[str, int, Answer]]:
    with askdoc.open(document.name, semantic=False) as index:
        for number, line in enumerate(questions.read_text("utf-8").splitlines()):
            if number % every == offset:
                yield title, number, index.ask(json.loads(line)["question"], limit=LIMIT)


def _conversations(every: int, offset: int) -> Iterator[tuple[str, int, Answer]]:
    number = 0
    with askdoc.open(SAMPLE.name, semantic=False) as index:
        for place, line in enumerate((DATA / "conversations.jsonl").read_text("utf-8").splitlines()):
            talk = index.conversation()
            for turn in json.loads(line)["turns"]:
                answer = talk.ask(turn["question"])
                if place % every == offset:
                    yield "conversations", number, answer
                number += 1


def _in_folder_of(document: Path, make: Callable[[], Iterator[tuple[str, int, Answer]]]) -> Iterator[Any]:
    """Ask with the document in the current folder, so that no place's path names a folder of this machine."""
    before = Path.cwd()
    os.chdir(document.parent)
    try:
        yield from make()
    finally:
        os.chdir(before)


def answers(
    shared: Path | None, every: int = 1, offset: int = 0, vectors: bool = True
) -> Iterator[tuple[str, int, Answer]]:
    """The name of the set, the number in it and the answer of each ``every``-th question from ``offset`` on.

    Without ``shared`` only the sets of this repository; without ``vectors`` only what words find. The library folder is
    the one that the environment names.
    """
    digest_questions = DATA / "digest_questions.jsonl"
    yield from _in_folder_of(SAMPLE, lambda: _judged("sample", SAMPLE, digest_questions, every, offset))
    yield from _in_folder_of(SAMPLE, lambda: _conversations(every, offset))
    if shared is None:
        return
    article = shared / "documents" / "when-ai-builds-itself.txt"
    article_questions = shared / "eval" / "article_questions.jsonl"
    yield from _in_folder_of(article, lambda: _judged("article", article, article_questions, every, offset))
    for semantic in (False, True) if vectors else (False,):
        yield from _xquad(semantic, every, offset)


def compare(shared: Path | None, every: int = 1, offset: int = 0, vectors: bool = True) -> tuple[int, list[str]]:
    """How many answers were compared with the frozen ones, and the names of those that differ."""
    frozen = json.loads(FROZEN.read_text("utf-8"))
    different = []
    count = 0
    for title, number, answer in answers(shared, every, offset, vectors):
        count += 1
        if frozen[title][number] != digest(answer):
            different.append(f"{title} {number}: {answer.question}")
    return count, different


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    if options.dump:
        options.dump = options.dump.resolve()
    shared = Path(os.environ["ASKDOC_SHARED"])
    with tempfile.TemporaryDirectory() as library:
        os.environ["ASKDOC_LIBRARY"] = library
        os.environ["ASKDOC_INTERFACE"] = "en"
        if options.check:
            count, different = compare(shared, options.every)
            print("\n".join(different[:40]))
            print(f"{count} answers compared, {len(different)} differ")
            return 1 if different else 0
        sets: dict[str, list[str]] = {}
        lines = []
        for title, number, answer in answers(shared, options.every):
            sets.setdefault(title, []).append(digest(answer))
            lines.append(
                json.dumps(
                    {"set": title, "number": number, "question": answer.question, **record(answer)}, ensure_ascii=False
                )
            )
        if options.dump:
            options.dump.write_text("\n".join(lines) + "\n", "utf-8")
        if options.write:
            FROZEN.write_text(
                json.dumps(sets, indent=0).replace('",\n"', '", "').replace('[\n"', '["').replace('"\n]', '"]') + "\n",
                "utf-8",
            )
        print(f"{len(lines)} answers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
