"""Whole questions as people type them, each engine with its usual analysis: ``ASKDOC_SHARED=… python tests/benchmarks/whole.py``.

    [--passages 10000] [--questions 200]

XQuAD's passages among others made of four of their sentences at random, in both languages, stored. askdoc reads the
best passages, picks a sentence, judges whether it answers and marks words; tantivy (stemmed English, default tokens for
Chinese) and SQLite FTS5 (Porter; trigrams for Chinese) give ten passages that hold any word. *right* is how often the
passage that answers is the first. There is no goal: the figures say what a whole answer costs and what it is worth.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "quality"))
os.environ["ASKDOC_SEMANTIC"] = "0"  # words alone, as the others

import pool as pools
import xquad

import askdoc
from askdoc.model import LANGUAGES, Language, Passage

Ask = Callable[[str], str]
"""The id of the first passage for a question; empty without any."""


def askdoc_engine(folder: Path, passages: Sequence[Passage], language: Language) -> Ask:
    """Ours, over both versions of every passage in one index."""
    source, index = folder / "passages.jsonl", folder / "x.askdoc"
    if not index.exists():
        lines = ({"id": each.id, **{name: each.versions[name].text for name in LANGUAGES}} for each in passages)
        source.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        askdoc.build_index(source, index)
    opened = askdoc.open(index, semantic=False)

    def ask(question: str) -> str:
        hits = opened.ask(question).hits
        return hits[0].passage_id.partition("#")[2] if hits else ""

    return ask


def fts5(folder: Path, passages: Sequence[Passage], language: Language) -> Ask:
    """SQLite's, over the versions in the question's language."""
    tokens = "porter unicode61" if language == "en" else "trigram"
    connection = sqlite3.connect(folder / f"{language}.sqlite")
    connection.execute(f"CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, text, tokenize='{tokens}')")
    rows = ((each.id, each.versions[language].text) for each in passages)
    connection.executemany("INSERT INTO passages VALUES (?, ?)", rows)
    connection.commit()

    def ask(question: str) -> str:
        words = re.findall(r"\w+", question)
        if language == "zh":
            words = [run[at : at + 3] for run in words for at in range(max(len(run) - 2, 1))]
        wanted = " OR ".join(f'"{word}"' for word in words)
        sql = "SELECT id FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 10"
        found = connection.execute(sql, (wanted,)).fetchall()
        return found[0][0] if found else ""

    return ask


def tantivy_engine(folder: Path, passages: Sequence[Passage], language: Language) -> Ask:
    """tantivy's, over the versions in the question's language."""
    tantivy: Any = importlib.import_module("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    schema.add_text_field("text", tokenizer_name="en_stem" if language == "en" else "default")
    index = tantivy.Index(schema.build())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for each in passages:
        writer.add_document(tantivy.Document(id=each.id, text=each.versions[language].text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> str:
        query = index.parse_query(re.sub(r"[^\w\s]", " ", question), ["text"])
        found = searcher.search(query, 10).hits
        return str(searcher.doc(found[0][1])["id"][0]) if found else ""

    return ask


ENGINES: dict[str, Callable[[Path, Sequence[Passage], Language], Ask]] = {
    "askdoc": askdoc_engine,
    "tantivy": tantivy_engine,
    "FTS5": fts5,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Whole questions, beside other engines.")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    if not os.environ.get("ASKDOC_SHARED"):
        sys.exit("This needs the judged questions: name their folder in $ASKDOC_SHARED.")
    judged = xquad.passages()
    passages = [*judged, *pools.noise(given.passages)]
    questions = xquad.questions()[:: max(len(xquad.questions()) // given.questions, 1)][: given.questions]
    print(f"{len(passages)} passages in both languages, {len(questions)} questions a language")
    print(f"{'':10} {'':3} {'build s':>8} {'first ms':>9} {'p50 ms':>8} {'p95 ms':>8} {'right':>7}")
    for name, make in ENGINES.items():
        if name == "tantivy" and importlib.util.find_spec("tantivy") is None:
            print(f"{name:10} not installed")
            continue
        with tempfile.TemporaryDirectory() as place:
            for language in LANGUAGES:
                started = time.perf_counter()
                ask = make(Path(place), passages, language)
                built = time.perf_counter() - started
                rounds: list[list[float]] = []
                right = 0
                for _ in range(2):
                    taken, right = [], 0
                    for question in questions:
                        started = time.perf_counter()
                        found = ask(question.text[language])
                        taken.append(time.perf_counter() - started)
                        right += found == judged[question.passage].id
                    rounds.append(taken)
                first, again = (sorted(each) for each in rounds)
                print(
                    f"{name:10} {language:3} {built:8.2f} {1000 * statistics.median(first):9.2f}"
                    f" {1000 * statistics.median(again):8.2f} {1000 * again[len(again) * 95 // 100]:8.2f}"
                    f" {right / len(questions):7.3f}"
                )


if __name__ == "__main__":
    main()
