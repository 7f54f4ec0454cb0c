"""A question that cannot be asked stops no batch, and a long batch leaves memory and file handles as they were.

What a process keeps is bounded: jieba's dictionary is loaded by the first characters of words, at most all of it, which a
warm-up with every common character does; words and readings are remembered in caches of fixed size.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import askdoc

QUESTIONS = 500
WARM = 300
SLACK = 24 * 1024
"""Kilobytes that a batch may add to a warm process: caches of words that no question had before fill up to their bounds."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc")


def memory(process: str = "self") -> int:
    """Kilobytes of a process that are in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def handles(process: str = "self") -> int:
    return len(os.listdir(f"/proc/{process}/fd"))


def characters() -> Iterator[str]:
    """Questions that hold every common Chinese character, so that the whole dictionary is there."""
    for start in range(0x4E00, 0x9FA6, 900):
        yield "".join(map(chr, range(start, min(start + 900, 0x9FA6))))


def questions(rng: random.Random, texts: list[str]) -> Iterator[str]:
    """Questions that differ: of the document's words and of no words, in both languages, and some that are none."""
    words = [word for text in texts for word in text.split()]

    def word() -> str:
        return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randrange(3, 9)))

    def han(size: int) -> str:
        return "".join(chr(rng.randrange(0x4E00, 0x9FA6)) for _ in range(size))

    makers = [
        lambda: " ".join(rng.sample(words, 5)) + "?",
        lambda: " ".join(rng.sample(words, 3)) + " " + word(),
        lambda: (text := rng.choice(texts))[(start := rng.randrange(len(text))) : start + 20] + "?",
        lambda: rng.choice(texts)[:12] + han(3),
        lambda: han(12),
        lambda: f"{rng.randrange(10**9)}% “{word()} {han(2)}”?",
        lambda: "x" * rng.randrange(1_001, 3_000),
        lambda: " \u3000\t" * rng.randrange(4),
        lambda: "\x1b[2J\x00\x07\u202e" + word(),
        lambda: "\udc80\ud800 " + word(),
    ]
    while True:
        yield rng.choice(makers)()


def test_a_long_batch_in_python_keeps_nothing(seed: int, stress: int) -> None:
    errors = 0
    with askdoc.open() as index:
        asked = questions(random.Random(seed), [v.text for each in index.passages() for v in each.versions.values()])
        for question in characters():
            index.ask(question)
        for _ in range(WARM):
            try:
                index.ask(next(asked))
            except askdoc.AskdocError as error:
                assert error.kind == "QueryError"
        gc.collect()
        before, open_files = memory(), handles()
        for _ in range(QUESTIONS * stress):
            try:
                index.ask(next(asked))
            except askdoc.AskdocError as error:
                assert error.kind == "QueryError"
                errors += 1
        gc.collect()
        print(f"python: {QUESTIONS * stress} questions, {errors} refused, {memory() - before:+} kB of {before} kB")
        assert handles() == open_files
        assert memory() - before < SLACK * min(stress, 3)
        assert errors > QUESTIONS * stress / 20
        assert index.ask("What is SWE-bench?").found


def test_a_long_batch_on_standard_input_keeps_nothing_and_goes_on(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    with askdoc.open() as index:
        asked = questions(rng, [v.text for each in index.passages() for v in each.versions.values()])
    process = subprocess.Popen(
        [sys.executable, "-m", "askdoc", "ask", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    name = str(process.pid)

    def ask(line: bytes) -> dict[str, object]:
        process.stdin.write(line + b"\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        return json.loads(process.stdout.readline())  # type: ignore[union-attr]

    def lines() -> Iterator[bytes]:
        for question in asked:
            line = question.replace("\n", " ").encode("utf-8", "surrogatepass")
            if rng.random() < 0.05:
                line = b"\xff\xfe\x80 " + line
            if line.decode("utf-8", "replace").strip():  # a blank line is no question
                yield line

    batch = lines()
    for question in characters():
        ask(question.encode())
    for _ in range(WARM):
        ask(next(batch))
    before, open_files, errors = memory(name), handles(name), 0
    for _ in range(QUESTIONS * stress):
        value = ask(next(batch))
        if "error" in value:
            errors += 1
        else:
            assert "hits" in value
    after = memory(name)
    print(f"ask -: {QUESTIONS * stress} questions, {errors} refused, {after - before:+} kB of {before} kB")
    assert handles(name) == open_files
    assert after - before < SLACK * min(stress, 3)
    assert errors > QUESTIONS * stress / 30
    assert ask("什么是 SWE-bench?".encode())["found"]
    rest, said = process.communicate()
    assert (rest, said, process.returncode) == (b"", b"", 2)
