"""Asking: the best passages first, in the language wanted, with the answer marked, and an honest "not here".

Entered by the public door with a small bilingual document of one's own.
"""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path

import pytest

import askdoc

HARBOUR = """The harbour report
港口报告
Ships and cranes
船舶与起重机
The harbour unloaded 412 ships in 2024, a third more than the year before. The mayor was pleased. \
2024 年港口卸载了 412 艘船,比上一年多三分之一。市长很高兴。
Two electric cranes replaced the old diesel ones in May. Elektra GmbH built them. \
五月,两台电动起重机取代了旧的柴油起重机。它们由 Elektra GmbH 制造。
Noise
噪声
Since the cranes changed, the neighbours have complained only twice. 自从更换起重机以来,邻居只投诉过两次。
This remark was never translated by anybody.
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(HARBOUR, "utf-8")
    return path


@pytest.fixture
def index(report: Path):
    with askdoc.open(report) as opened:
        yield opened


def test_an_english_question_is_answered_in_english(index: askdoc.Index) -> None:
    answer = index.ask("How many ships were unloaded in 2024?")
    assert answer.found
    assert answer.language == "en"
    hit = answer.hits[0]
    assert hit.shown == "en"
    version = hit.versions["en"]
    assert (
        version.text[slice(*version.sentence)]
        == "The harbour unloaded 412 ships in 2024, a third more than the year before."
    )
    assert [version.text[start:end] for start, end in version.highlights] == ["unloaded", "ships", "2024"]


def test_the_answer_sentence_is_marked_in_the_other_version_too(index: askdoc.Index) -> None:
    version = index.ask("How many ships were unloaded in 2024?").hits[0].versions["zh"]
    assert version.text[slice(*version.sentence)] == "2024 年港口卸载了 412 艘船,比上一年多三分之一。"
    assert ("2024") in [version.text[start:end] for start, end in version.highlights]


def test_a_chinese_question_is_answered_in_the_language_asked_for(index: askdoc.Index) -> None:
    question = "什么取代了柴油起重机?"
    assert index.ask(question).hits[0].shown == "zh"
    assert index.ask(question, answer_language="en").hits[0].shown == "en"
    assert index.ask(question, answer_language="both").hits[0].shown == "zh"


def test_a_passage_without_the_wanted_version_is_shown_in_the_other_and_says_so(index: askdoc.Index) -> None:
    hit = index.ask("Was the remark translated?", answer_language="zh").hits[0]
    assert (hit.shown, hit.alignment, set(hit.versions)) == ("en", "none", {"en"})


def test_a_citation_is_localised_in_each_version(index: askdoc.Index, report: Path) -> None:
    hit = index.ask("Which cranes are electric?").hits[0]
    assert hit.versions["en"].label == "The harbour report › Ships and cranes, para 2, line 6"
    assert hit.versions["zh"].label == "港口报告 › 船舶与起重机, 第 2 段, 第 6 行"
    assert hit.label == hit.versions["en"].label
    for version in hit.versions.values():
        assert HARBOUR[slice(*version.place.span)] == version.text
        assert version.place.lines == (6, 6)


def test_a_citation_leads_back_to_its_place(index: askdoc.Index) -> None:
    hit = index.ask("Which cranes are electric?").hits[0]
    for citation in (hit.passage_id, "report:6", ":6", "#" + hit.passage_id.partition("#")[2]):
        shown = index.show(citation)
        assert [passage.cited for passage in shown.passages] == [False, True, False, False]
        assert shown.passages[1].passage_id == hit.passage_id


@pytest.mark.parametrize(
    "citation", ["report:999", "report#nothing", "other:6", "nonsense", "", "report:-1", "report:6x"]
)
def test_a_citation_that_leads_nowhere_is_said(index: askdoc.Index, citation: str) -> None:
    with pytest.raises(askdoc.CitationNotFound):
        index.show(citation)


def test_a_mixed_question_is_one_question(index: askdoc.Index) -> None:
    answer = index.ask("Elektra GmbH 制造了 what?")
    assert answer.found
    assert answer.hits[0].versions["en"].place.lines == (6, 6)


@pytest.mark.parametrize("question", ["What is the capital of France?", "法国的首都是哪里?", "怎样烤酸面包?"])
def test_what_the_document_does_not_answer_is_not_found(index: askdoc.Index, question: str) -> None:
    answer = index.ask(question)
    assert not answer.found
    assert answer.missing
    assert answer.confidence < 0.2


def test_words_the_document_never_uses_are_named(index: askdoc.Index) -> None:
    answer = index.ask("Which zeppelins did the harbour unload?")
    assert answer.missing == ("zeppelins",)
    assert set(answer.matched) == {"harbour", "unload"}


@pytest.mark.parametrize("question", ["What is it?", "who", "的", "???", "。", "😀"])
def test_a_question_without_content_finds_nothing_and_is_no_error(index: askdoc.Index, question: str) -> None:
    answer = index.ask(question)
    assert (answer.found, answer.hits) == (False, ())


@pytest.mark.parametrize("question", ["", "  \n\t", "\u200b\x00"[1:], "x" * 1001])
def test_a_question_that_cannot_be_asked_is_refused(index: askdoc.Index, question: str) -> None:
    with pytest.raises(askdoc.QueryError):
        index.ask(question)


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_a_limit_out_of_range_is_refused(index: askdoc.Index, limit: int) -> None:
    with pytest.raises(askdoc.UsageError):
        index.ask("ships", limit=limit)


def test_an_unknown_answer_language_is_refused(index: askdoc.Index) -> None:
    with pytest.raises(askdoc.UsageError):
        index.ask("ships", answer_language="fr")  # type: ignore[arg-type]


def test_headings_alone_make_no_hit(index: askdoc.Index) -> None:
    answer = index.ask("船舶呢 2023")
    assert answer.hits == ()
    assert answer.missing == ("2023",)


def test_every_hit_has_evidence_and_scores_descend(index: askdoc.Index) -> None:
    hits = index.ask("cranes ships neighbours harbour", limit=None).hits
    assert all(hit.evidence for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


PIECES = [
    *"abc的人工智能2024?。,\n\t\x00\x1b\u200b",
    "harbour ",
    "起重机",
    "ＡＩ",
    "\ud83d",
    "👨‍👩",
    "--json",
    "[bold]",
    "12-hour",
    "𠀀",
    "e\u0301",
]


def test_any_question_gets_an_answer_or_a_query_error(index: askdoc.Index, seed: int, stress: int) -> None:
    chance = random.Random(seed)
    for _ in range(1_500 * stress):
        question = "".join(chance.choice(PIECES) for _ in range(chance.randrange(30)))
        try:
            answer = index.ask(question)
        except askdoc.QueryError:
            continue
        assert 0 <= answer.confidence <= 1
        for hit in answer.hits:
            for version in hit.versions.values():
                for start, end in (*version.highlights, *([version.sentence] if version.sentence else [])):
                    assert 0 <= start < end <= len(version.text)


def test_an_open_index_is_shared_by_threads(index: askdoc.Index) -> None:
    questions = ["How many ships?", "起重机", "neighbours complained", "2024"] * 8
    expected = [[hit.passage_id for hit in index.ask(question).hits] for question in questions]
    found: dict[int, list[str]] = {}

    def ask(at: int) -> None:
        found[at] = [hit.passage_id for hit in index.ask(questions[at]).hits]

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[at] for at in range(len(questions))] == expected


def test_memory_and_file_give_the_same_answers(index: askdoc.Index) -> None:
    from askdoc.opening import open_bytes

    with open_bytes(HARBOUR.encode(), "report") as passing:
        for question in ("How many ships?", "起重机什么时候换的?", "neighbours", "Elektra"):
            one, two = index.ask(question), passing.ask(question)
            assert [hit.passage_id for hit in one.hits] == [hit.passage_id for hit in two.hits]
            assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in two.hits], abs=1e-9)
            assert one.confidence == pytest.approx(two.confidence)


def test_passages_of_a_file_keep_their_ids(tmp_path: Path) -> None:
    path = tmp_path / "parts.jsonl"
    rows = [{"id": "a/1", "en": "The blue whale sings.", "zh": "蓝鲸在歌唱。"}, {"id": 7, "zh": "只有中文的段落。"}]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    with askdoc.open(path) as index:
        assert index.ask("whale").hits[0].passage_id == "parts#a/1"
        assert index.ask("中文段落", answer_language="en").hits[0].passage_id == "parts#7"


def test_a_changed_document_is_read_again(report: Path) -> None:
    with askdoc.open(report) as index:
        assert not index.ask("zeppelins").hits
    report.write_text(HARBOUR + "Three zeppelins landed on the quay. 三艘飞艇降落在码头。\n", "utf-8")
    with askdoc.open(report) as index:
        assert index.ask("zeppelins").hits[0].versions["zh"].text == "三艘飞艇降落在码头。"
