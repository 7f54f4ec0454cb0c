"""A checkable promise: the passages that hold a content word are exactly the hits of asking it with no limit.

For English a passage holds a word where it holds a form of it (the same stem, a part of a compound); for Chinese
where it holds its characters side by side. Held on the sample and, where it is there, on the shared document, in both languages.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import askdoc
from askdoc.analysis import tokens
from askdoc.text.han import HAN_RUN
from askdoc.text.normalize import normalize

SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"


def _holders(index: askdoc.Index) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, str]]:
    """For each term the passages that hold it; the folded Chinese of each passage; a surface form of each term."""
    holding: dict[str, set[str]] = {}
    han: dict[str, set[str]] = {}
    surfaces: dict[str, str] = {}
    for passage in index.passages():
        for version in passage.versions.values():
            han.setdefault(passage.passage_id, set()).update(HAN_RUN.findall(normalize(version.text).text))
            for token in tokens(version.text):
                if token.kind != "stop":
                    holding.setdefault(token.term, set()).add(passage.passage_id)
                    if token.kind == "word":
                        surfaces.setdefault(token.term, version.text[token.start : token.end])
    return holding, han, surfaces


def _held(path: Path) -> int:
    asked = 0
    with askdoc.open(path) as index:
        holding, han, surfaces = _holders(index)
        for term, surface in surfaces.items():
            words = [token for token in tokens(surface, asking=True) if token.kind == "word"]
            if not words:
                continue  # politeness in a question: "say", "know"
            form = normalize(surface).text
            if HAN_RUN.fullmatch(form):
                expected = {name for name, runs in han.items() if any(form in run for run in runs)}
            else:
                parts = [token.term for token in tokens(surface) if token.kind == "part"]
                expected = set(holding[term])
                if parts:
                    expected |= set.intersection(*(holding.get(part, set()) for part in parts))
            found = {hit.passage_id for hit in index.ask(surface, limit=None).hits}
            if len(form) > 2 and HAN_RUN.fullmatch(form):
                assert expected <= found, surface  # its pairs of characters may also stand apart
                assert all(
                    all(any(form[at : at + 2] in run for run in han[name]) for at in range(len(form) - 1))
                    for name in found
                )
            else:
                assert found == expected, surface
            asked += 1
    return asked


def test_every_content_word_of_the_sample_finds_exactly_its_passages() -> None:
    assert _held(SAMPLE) > 500


def test_every_content_word_of_the_real_document_finds_exactly_its_passages(shared: Path) -> None:
    assert _held(shared / "documents" / "when-ai-builds-itself.txt") > 500


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("結論", "我们的结论是可行。"),
        ("结论", "我們的結論是可行。"),
        ("ＡＩ", "AI helps."),
        ("gen-itgc", "重跑gen-itgc后再试。"),
    ],
)
def test_forms_of_a_word_find_each_other(tmp_path: Path, question: str, text: str) -> None:
    document = tmp_path / "forms.txt"
    other = "Another line, about ships." if text.isascii() else "另一行说的是船。"
    document.write_text(f"{text}\n{other}\n", "utf-8")
    with askdoc.open(document) as index:
        (hit,) = index.ask(question, limit=None).hits
        version = hit.versions[hit.shown]
        assert version.text == text
        assert version.highlights
        assert all(
            normalize(version.text[start:end]).text in normalize(question).text for start, end in version.highlights
        )
