"""A line is taken apart into its English and its Chinese exactly where the language changes, and only where it does.

The versions of a line, joined with what stood between them, are the line; a term of the other language, a quote, a name
at the border do not mislead; a hostile line takes linear time.
"""

from __future__ import annotations

import random

import pytest

from askdoc.bitext.languages import split

PAIRS = [
    ("The bridge was built in 1904.", "这座桥建于1904年。"),
    ("Nobody knew who had opened the gate.", "没有人知道是谁打开了大门。"),
    ("We stayed with Anna.", "Anna 收留了我们。"),
    ("The engine is made by Volvo Penta.", "Volvo Penta 制造了这台发动机。"),
    ("Is it ready? Not quite…", "准备好了吗?还没有……"),
    ("“Come in,” said the old man.", "“进来吧。”老人说。"),
    ("He called it “a small thing [sic] of no worth.”", "BBC 报道说,他称之为“毫无价值的小东西”。"),
    ("It runs on node.js and Python 3.12.", "它运行在 node.js 和 Python 3.12 上。"),
    ("The U.S. team won by 4.6 points.", "美国队以4.6分的优势获胜。"),
    ("Mr. Wang (王先生) has five sons and a shop.", "王先生(Mr. Wang)有五个儿子和一家店铺。"),
    ("Winter on the northern coast", "北方海岸的冬天"),
    ("Prices rose by 8%; wages did not.", "物价上涨了 8%;工资没有。"),
]


@pytest.mark.parametrize(("en", "zh"), PAIRS)
@pytest.mark.parametrize("between", [" ", "\n", "\t", " / ", " | ", "\u3000"])
def test_both_versions_of_a_line_are_found_in_either_order(en: str, zh: str, between: str) -> None:
    for first, second, languages in ((en, zh, ["en", "zh"]), (zh, en, ["zh", "en"])):
        if first is zh and second.split()[0] in zh:
            continue  # "… Anna 收留了我们。 We …" is fine, a name on both sides of the border is anybody's guess
        text = f"{first}{between}{second}"
        rows = split(text)
        found = [(language, text[start:end]) for row in rows for language, start, end in row]
        assert [language for language, _ in found] == languages, found
        assert [piece for _, piece in found] == [first, second]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我们用 machine learning 和 deep learning 训练模型。", "zh"),
        ("The word 茶 means tea, and 茶馆 a place to drink it.", "en"),
        ("递归(recursion, the act of calling itself)是一种方法。", "zh"),
        ("Recursion (递归) is a method of solving problems.", "en"),
        ("他写道:“The sea is wide and nobody owns it.”然后放下了笔。", "zh"),
        ("Anthropic 研究所", "zh"),
        ("TCP/IP 协议", "zh"),
        ("请运行 pip install askdoc 来安装。", "zh"),
        ("Plain English, nothing else.", "en"),
        ("只有中文。", "zh"),
        ("GPT-4 技术报告", "zh"),
        ("2024", "en"),
        ("", "en"),
        ("……", "en"),
    ],
)
def test_a_line_of_one_language_stays_whole(text: str, language: str) -> None:
    assert split(text) == [[(language, 0, len(text))]]


def test_several_alternations_are_several_rows() -> None:
    text = " ".join(f"{en} {zh}" for en, zh in PAIRS[:2] + PAIRS[4:5])
    rows = split(text)
    assert [[text[start:end] for _, start, end in row] for row in rows] == [
        list(pair) for pair in PAIRS[:2] + PAIRS[4:5]
    ]


def test_a_translation_without_a_blank_before_it_is_found() -> None:
    text = "The lake froze in one night.湖水一夜之间就结冰了。"
    assert [text[start:end] for row in split(text) for _, start, end in row] == [
        "The lake froze in one night.",
        "湖水一夜之间就结冰了。",
    ]


def test_known_names_tell_a_short_heading_from_a_name_with_a_noun() -> None:
    assert len(split("Overview 概述", {"Docker"})[0]) == 2
    assert len(split("Docker 入门", {"Docker"})[0]) == 1
    assert len(split("Overview 概述")[0]) == 1


def test_a_version_far_longer_than_a_translation_is_no_counterpart() -> None:
    text = "好。 " + "This is a very long English paragraph that says a great many things. " * 5
    assert len(split(text)) == 1
    assert len(split(text)[0]) == 1


def test_random_lines_of_sentences_come_back_as_they_were_put_together(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    for _ in range(100 * stress):
        chosen = rng.sample(PAIRS[:2] + PAIRS[4:6] + PAIRS[7:10], rng.randint(1, 4))
        en = " ".join(pair[0] for pair in chosen)
        zh = "".join(pair[1] for pair in chosen)
        text = f"{en} {zh}"
        assert [text[start:end] for row in split(text) for _, start, end in row] == [en, zh]


def test_pieces_hold_every_letter_in_order_whatever_the_text(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    atoms = ["word ", "The ", "Name", "汉字", ". ", *'。“”()（）"\n 9…!é']
    for _ in range(500 * stress):
        text = "".join(rng.choices(atoms, k=rng.randint(1, 60)))
        spans = [(start, end) for row in split(text) for _, start, end in row]
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
        kept = "".join(text[start:end] for start, end in spans)
        assert "".join(kept.split()) == "".join(text.split()), (text, spans)
