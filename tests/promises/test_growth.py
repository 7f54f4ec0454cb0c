"""Time grows in proportion to the text, whatever it holds: through readers, analyzers, the aligner, questions, verifying.

Each entry point is given texts that repeat one pattern, at two sizes of which one is four times the other. Linear work
takes four times as long, quadratic work sixteen times; more than nine times fails. Ratios of processor time are
compared, not seconds, and what takes a few milliseconds is not looked at. ``ASKDOC_STRESS`` (2 or more) adds larger
sizes.
"""

from __future__ import annotations

import difflib
import gc
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from random import Random
from types import ModuleType
from typing import Any, Final

import pytest
from msgspec.structs import replace

from askdoc import analysis
from askdoc.analysis import numbers
from askdoc.answering import analyzed_version
from askdoc.bitext import align, languages
from askdoc.browsing import matching
from askdoc.conversation import transcript, verify
from askdoc.errors import AskdocError
from askdoc.limits import Limits
from askdoc.question import answer_type, query
from askdoc.readers import decoding, jsonl, passage_records, read_bytes, tabular, tmx
from askdoc.readers.source_file import Source, from_bytes
from askdoc.text import sentences, wrap
from askdoc.text.cleaning import clean, display
from askdoc.text.normalize import fold, normalize

STEPS: Final = min(max(int(os.environ.get("ASKDOC_STRESS", "1")), 1), 3)
"""How often the size is made four times as large."""
MOST: Final = 9.0
"""Times as long for four times the text: between 4 for linear and 16 for quadratic work."""
FLOOR: Final = 0.008
"""Seconds below which nothing is said: other things than the text's size decide there."""
STOP: Final = 30.0
"""Seconds after which one call is stopped: nothing here takes a hundredth of it. Of the clock, since a timer of
processor time would make ``process_time`` count in steps of 4 ms."""
RAISED: Final = Limits(question_characters=10**7, record_characters=10**7)

PATTERNS: Final = [
    "a", "A", "中", "1", "a ", "中 ", "中a", "a 中 ", "word\n", "中\n", "This is it. 这是它。\n", "人工智能", "US ", "U.S. ",
    "3 月", "3 月 ", "2026 年 3 月 ", "第一章", "第一章\n", "一", "百万", "百分之五 ", "1,000,000 ", "12:30 ", "five million ", "5% ",
    "March 2026 ", "3.5.", "1-", "A-", "a'", "a.b.c.", "how many ", "什么", "|", "| a ", "| a |\n", "|-",
    "👨\u200d👩\u200d", "\u200b", "a\u0301", "\u0301", "Ａ", "電", "㍿", "ا", "\ufffd", " ", "\t", "\u3000", "\n", "\r\n",
    "\x85", "\u2028", "\n\n中", "\x1b[31m", "\x90", "\x1b]", "\x00", "*", "**", "_a", "[", "](", "[a](", "[^a1", "`",
    "` ", "~~~\n", "#", "# a\n", "- ", "- a\n", "> ", ">", "1. ", "1. a\n", "<", "<a ", "<!--", "</", "&amp;", "&",
    "http://a.b/", "\\", "\\*", "a\tb\n", '"\t', '""', '"a",b\n', "{", '{"a":', "(", "（a", ")", '"', '"a" ', "'",
    "“a”", "《", "「中」", "Mr. ", "e.g. ", "...", ". ", "。", "。”", "?!", ",", "；", "[1]",
]  # fmt: skip
"""What texts repeat."""


def repeated(pattern: str, size: int) -> str:
    """A text of a size that repeats a pattern."""
    return (pattern * (size // len(pattern) + 1))[:size]


def source(content: str) -> Source:
    """A source that holds a text."""
    return from_bytes(content.encode("utf-8"), "text", limits=RAISED)


def altered(content: str) -> str:
    """A text with a change in its middle."""
    middle = len(content) // 2
    return f"{content[:middle]}X{content[middle + 3 :]}"


def question(content: str) -> None:
    query.parse(content, RAISED)


def kind_of_answer(content: str) -> None:
    answer_type.expected_answer_type(content)
    spans = answer_type.AnswerTypeSpans(content)
    for kind in ("date", "percent", "number", "person", "reason"):
        answer_type.has_answer_type(kind, spans, frozenset(), "")  # type: ignore[arg-type]


def phrase(content: str) -> None:
    words = matching.squeeze(content)[:500].strip()  # a phrase is as long as a question at most
    matching.quoted(content)
    for pattern in matching.patterns(words) if words else ():
        matching.phrase_marks(pattern, {"en": normalize(content)})


def aligned(content: str) -> None:
    align.align([content, content], [content])


def records(form: ModuleType, content: str, ending: str) -> None:
    text = source(content)
    text = replace(text, info=replace(text.info, path=f"text{ending}"))
    passage_records.document(form.parse(text, RAISED), "name", text, RAISED)


def rows(content: str) -> None:
    records(tabular, f"en\tzh\n{content}", ".tsv")


def cells(content: str) -> None:
    records(tabular, f"en,zh\n{content}", ".csv")


def objects(content: str) -> None:
    line = json.dumps({"en": content, "zh": "中"})
    records(jsonl, f"{line}\n{line}\n{content}", ".jsonl")


def translations(content: str) -> None:
    records(tmx, f'<tmx><tu><tuv xml:lang="en"><seg>{content}', ".tmx")


def quoted_markdown(content: str) -> None:
    record = json.dumps({"text": content})
    lines = content.replace("\r", "\n").replace("\n", "\n> ")
    verify.read_quotes(f"# askdoc\n{content}\n> {lines} x [^a1-1]\n> {lines}\n\n<!-- askdoc-quote a1-1 {record} -->")


def quoted_page(content: str) -> None:
    verify.read_quotes(f"<!doctype html><blockquote data-askdoc-quote='{{}}'>{content}</blockquote>{content}")


def quoted_json(content: str) -> None:
    verify.read_quotes("{" + content)
    verify.read_quotes(json.dumps({"hits": [{"versions": {"en": {"text": content}}}]}))


ENTRIES: Final[dict[str, tuple[Callable[[str], Any], int]]] = {
    "normalize": (normalize, 2_000),
    "fold": (fold, 2_000),
    "clean": (clean, 2_000),
    "display": (display, 2_000),
    "wrap": (lambda content: wrap.wrap([wrap.Run(content)], 80), 1_000),
    "sentences": (sentences.sentences, 2_000),
    "decode": (lambda content: decoding.decode(b"\xd6\xd0" + content.encode("gb18030", "replace"), "name"), 1_000),
    "plain text": (lambda content: read_bytes(content.encode(), "name", limits=RAISED), 1_500),
    "Markdown": (lambda content: read_bytes(content.encode(), "name.md", limits=RAISED), 1_500),
    "rows": (rows, 1_000),
    "cells": (cells, 1_000),
    "JSON lines": (objects, 1_000),
    "translation memory": (translations, 2_000),
    "tokens": (lambda content: analysis.tokens(content, asking=True), 1_000),
    "index terms": (lambda content: analysis._count(content, Counter(), Counter()), 1_000),
    "numbers": (numbers.expressions, 1_000),
    "languages of a line": (lambda content: languages.split(f"The cat 中文{content} 中文 word"), 1_000),
    "aligner": (aligned, 1_000),
    "question": (question, 1_000),
    "kind of answer": (kind_of_answer, 1_000),
    "reading": (lambda content: analyzed_version.analyze_version(content, "en"), 1_000),
    "phrase": (phrase, 1_000),
    "quotes of Markdown": (quoted_markdown, 2_000),
    "quotes of a page": (quoted_page, 2_000),
    "quotes of JSON": (quoted_json, 2_000),
    "export": (transcript.plain, 2_000),
}
"""What is called, and the smallest size: of documents one that is cut into passages."""


@contextmanager
def stopped() -> Iterator[None]:
    """Fail what takes far too long, which may be hours for quadratic work."""

    def stop(*_: object) -> None:
        pytest.fail(f"stopped after {STOP:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, STOP)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def seconds(entry: Callable[[str], Any], content: str, repeats: int = 1) -> float:
    """Processor time of one call, the best of some; a refusal of the text is a result as well."""
    best = float("inf")
    for _ in range(repeats):
        with stopped():
            start = time.process_time()
            with suppress(AskdocError):
                entry(content)
            best = min(best, time.process_time() - start)
    return best


def growth(entry: Callable[[str], Any], make: Callable[[int], str], smallest: int) -> float:
    """How many times as long four times the text takes, at worst; 0 where all is fast."""
    worst = 0.0
    for size in [smallest * 4**step for step in range(STEPS)]:
        small = large = float("inf")
        ratio = 0.0
        # A busy machine or a cold cache may make it look slow: it is so only where it stays so, at the best of all.
        for repeats in (1, 3, 9):
            large = min(large, seconds(entry, make(4 * size), repeats))
            if large >= FLOOR:
                small = min(small, seconds(entry, make(size), 2 * repeats))
            ratio = large / max(small, FLOOR / 16) if large >= FLOOR else 0.0
            if ratio <= MOST:
                break
        worst = max(worst, ratio)
    return worst


def too_slow(entry: Callable[[str], Any], smallest: int, patterns: Sequence[str]) -> list[tuple[str, float]]:
    """The patterns that an entry point takes more than linear time for, with their ratios."""
    ratios = [(pattern, growth(entry, partial(repeated, pattern), smallest)) for pattern in patterns]
    return [(pattern, round(ratio, 1)) for pattern, ratio in ratios if ratio > MOST]


@pytest.fixture(autouse=True)
def _without_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", ENTRIES)
def test_time_grows_with_the_text(name: str) -> None:
    entry, smallest = ENTRIES[name]
    with suppress(AskdocError):
        entry("The lamp burns at 3 o'clock. 灯亮着。")  # what is loaded at first use is no part of the work
    assert not too_slow(entry, smallest, PATTERNS)


@pytest.mark.parametrize("name", ["normalize", "fold", "tokens", "index terms", "plain text", "question", "reading"])
def test_a_run_of_line_ends_between_chinese_characters_is_looked_at_once(name: str) -> None:
    entry, smallest = ENTRIES[name]
    assert not too_slow(lambda content: entry(f"中文{content}中文"), smallest, ["\n", "\r", "\r\n"])


def test_comparing_a_changed_quote_takes_bounded_work() -> None:
    """Below the bound it grows with the square, as ``difflib`` does; beyond it with the text."""
    patterns = ["|", "| a ", "👨\u200d👩\u200d", "word ", "中", "3 月", "This is it. 这是它。\n"]
    for change in (altered, lambda content: content[::-1]):
        assert not too_slow(lambda content: verify.differences(content, change(content)), 6_000, patterns)  # noqa: B023
    for pattern in patterns:
        content = repeated(pattern, 2_000)
        words = verify._WORD.findall(content), verify._WORD.findall(altered(content))
        matcher = verify._Matcher(*words)
        assert matcher.ratio() > 0.9
        assert matcher.steps <= verify.STEPS


def test_reading_a_footnote_takes_no_longer_for_blanks_before_it() -> None:
    def read(content: str) -> None:
        verify.read_quotes(f"# askdoc\n> Words{content}and words [^a1-1]\n")

    assert not too_slow(read, 5_000, [" ", "\u3000", " \t", "[^a1-1] ", "**", "\\*"])


def test_unclosed_records_are_read_once() -> None:
    def read(content: str) -> None:
        verify.read_quotes(f"# askdoc\n{content}")

    assert not too_slow(read, 20_000, ["<!-- askdoc-quote a {", "<!-- askdoc-quote ", "<!-- askdoc-quote a {} "])


def test_aligning_takes_steps_in_proportion_to_the_units(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Counter[int]()
    score = align._Model.score

    def counted(model: align._Model, *place: int) -> float:
        steps[size] += 1
        return score(model, *place)

    monkeypatch.setattr(align._Model, "score", counted)
    for size in (100, 400):
        align.align([f"The lamp {number} burns." for number in range(size)], ["灯亮着。"] * size)
    assert steps[400] < MOST * steps[100]


def test_markdown_that_nests_is_read_in_linear_time() -> None:
    entry, smallest = ENTRIES["Markdown"]
    assert not too_slow(entry, 4 * smallest, ["_a ", "- - ", "<div>", "[a]: b\n", "a\n=\n", "\\", "|a", ">> "])


def test_brackets_in_a_line_of_both_languages_are_looked_at_once() -> None:
    entry, _ = ENTRIES["languages of a line"]
    assert not too_slow(entry, 10_000, ["(a中)", "([{", "(" * 700 + ")" * 700, "中 a / ", "a. 中。", "“", "a.", "a中"])


def test_repeated_rows_get_their_ids_in_linear_time() -> None:
    assert not too_slow(rows, 4_000, ["a\tb\n"])


def test_differences_of_prose_are_those_of_difflib() -> None:
    random = Random(7)
    words = "the lamp on pier burns all night and ferries steer by it 码 头 上 的 灯 整 夜 亮 着 ， 。".split()
    for _ in range(50):
        old = [random.choice(words) for _ in range(300)]
        new = [word for word in old if random.random() > 0.1]
        new.insert(random.randrange(len(new)), "harbour")
        plain = difflib.SequenceMatcher(None, old, new, autojunk=False)
        assert verify._Matcher(old, new).get_opcodes() == plain.get_opcodes()


def test_long_rows_with_changes_stay_alike() -> None:
    """What is too much to compare word by word is compared by rare words: a changed table is changed, not gone."""
    old = [word for number in range(2_500) for word in ("|", f"cell{number}", "|", "yes")]
    new = [word if place % 900 != 450 else "no" for place, word in enumerate(old)]
    matcher = verify._Matcher(old, new)
    assert matcher.ratio() > 0.99
    assert matcher.steps <= verify.STEPS


@pytest.mark.parametrize("pattern", ["|", "👨\u200d"])
def test_changes_in_a_row_of_one_mark_are_told_apart(pattern: str) -> None:
    """There is no rare word to go by: after each change the comparison goes on where both sides are the same again."""
    old = repeated(pattern, 4_000)
    new = "".join("X" if place % 100 == 50 else char for place, char in enumerate(old))
    changes = verify.differences(old, new)
    assert len(changes) == 40
    assert all(len(before) <= 2 for before, _ in changes)
