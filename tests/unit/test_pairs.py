"""What belongs together in a document of two languages is found by what its text says, and nothing else is paired.

Texts go in as a person's file would; passages, with the sides that they have, come out.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from askdoc.bitext.align import align
from askdoc.errors import DocumentMalformed
from askdoc.model import Document, DocumentFiles
from askdoc.readers import read_bytes, read_document

Pair = tuple[str | None, str | None]

PAIRS = [
    ("The keeper rose at four to light the lamps along the quay.", "守灯人四点起床，点亮码头上的灯。"),
    ("In 1907 a storm broke the outer wall and 12 boats were lost.", "1907年，风暴冲垮了外墙，12条船沉没。"),
    ("Nobody rebuilt it until Emil Strub came back from the south.", "直到 Emil Strub 从南方回来，才有人重建它。"),
    ("Today the children fish there on Sundays.", "如今孩子们星期天在那里钓鱼。"),
]
REMARK = "This account was printed long ago, and nobody has checked it since then."
REMARK_ZH = "这份记录在很久以前印成，从那时起没有人核对过它。"


def read(text: str, name: str = "harbour.txt") -> Document:
    return read_bytes(text.encode(), name)


def read_two(folder: Path, english: str, chinese: str) -> Document:
    paths = folder / "harbour.en.md", folder / "harbour.zh.md"
    for path, text in zip(paths, (english, chinese), strict=True):
        path.write_text(text, "utf-8")
    return read_document(DocumentFiles("harbour", ((paths[0], "en"), (paths[1], "zh"))))


def sides(document: Document) -> list[Pair]:
    """The text of each passage in English and in Chinese."""
    texts = [
        {language: version.text for language, version in passage.versions.items()} for passage in document.passages
    ]
    return [(text.get("en"), text.get("zh")) for text in texts]


def headings(document: Document) -> list[Pair]:
    """The innermost heading of each section, as English and Chinese say it."""
    return [(section.path["en"][-1], section.path["zh"][-1]) for section in document.sections if section.path["en"]]


# --- who leads -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("remark", "order"), [((REMARK, None), (1, 0)), ((None, REMARK_ZH), (0, 1))])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_remark_in_front_does_not_shift_the_pairs_behind_it(
    remark: Pair, order: tuple[int, int], between: str
) -> None:
    lines = [text for text in remark if text] + [pair[side] or "" for pair in PAIRS for side in order]
    assert sides(read(between.join(lines))) == [remark, *PAIRS]


def test_a_block_in_each_language_is_one_stretch_whoever_leads_elsewhere() -> None:
    (first, first_zh), *others, (third, third_zh) = PAIRS
    text = "\n\n".join([str(text) for en, zh in others * 2 for text in (zh, en)] + [f"{first} {first_zh}"])
    assert sides(read(f"{text}\n\n{third}\n\n{third_zh}\n")) == [*others * 2, PAIRS[0], PAIRS[-1]]


def test_headings_tell_which_language_leads_where_nothing_else_does() -> None:
    text = (
        "# The Harbour\n\n## 码头\n\n## The Quay\n\n```\nlamp 1\n```\n\n"
        "## 灯塔\n\n## The Light\n\n```\nlamp 2\n```\n\n## 外墙\n\n## The Wall\n\n```\nlamp 3\n```\n"
    )
    document = read(text, "harbour.md")
    assert dict(document.title) == {"en": "The Harbour"}
    assert headings(document) == [("The Quay", "码头"), ("The Light", "灯塔"), ("The Wall", "外墙")]


# --- headings --------------------------------------------------------------------------------------------------

BODY, BODY_ZH = PAIRS[0]
SAME = f"{BODY}={BODY_ZH}"
LONG = f"{BODY} {BODY} {BODY}={BODY_ZH}{BODY_ZH}{BODY_ZH}"
STILL = "The boats lay still at the quay.=小船静静停在码头旁。"
SIGNS = {  # the headings of three sections, and what stands below them
    "numbers": ("Chapter 11=第十一章|Chapter 12=第十二章|Chapter 13=第十三章", ""),
    "round numbers": ("Chapter 5=第五章|Chapter 10=第十章|Chapter 20=第二十章", ""),
    "digits": ("Part 04=第4部|Part 05=第5部|Part 06=第6部", ""),
    "names": ("Work at Strub=Strub 的工作|Work at Volvo=Volvo 的工作|Work at Lund=Lund 的工作", ""),
    "lengths": ("Sea=海|The long road over the northern hills in winter=冬天翻越北方群山的漫长道路|Ice=冰", ""),
    "levels": ("The old=旧的|# The new=# 新的|The last=末的", ""),
    "a name below": ("", "Lamps by Strub.=Strub 的灯。|Lamps by Volvo.=Volvo 的灯。|Lamps by Moe.=Moe 的灯。"),
    "a number below": ("", "Built in 1904.=建于1904年。|Built in 1911.=建于1911年。|Built in 1935.=建于1935年。"),
    "the length below": ("", f"{SAME}|{LONG}|{SAME}"),
    "paragraphs below": ("", f"{STILL}|The boats.¶Lay still.¶At the quay.=小船。¶静停。¶在码头。|{STILL}"),
    "nothing below": ("", f"{SAME}|=|{SAME}"),
}


@pytest.mark.parametrize("missing", [0, 1, 2])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_heading_whose_version_is_missing_stays_alone_and_the_others_pair(
    tmp_path: Path, sign: str, missing: int
) -> None:
    heads, bodies = (text.replace("¶", "\n\n") for text in SIGNS[sign])
    titles = [head.split("=") for head in (heads or "The old=旧的|The new=新的|The last=末的").split("|")]
    texts = [body.split("=") for body in (bodies or f"{SAME}|{SAME}|{SAME}").split("|")]
    sections = [[f"\n\n##{'' if title[0] == '#' else ' '}{title}\n\n" for title in both] for both in titles]
    english = "".join(section[0] + text[0] for section, text in zip(sections, texts, strict=True))
    chinese = "".join(sections[n][1] + texts[n][1] for n in range(3) if n != missing)
    plain = [[title.removeprefix("# ") for title in both] for both in titles]
    document = read_two(tmp_path, f"# Book{english}", f"# 书{chinese}")
    assert headings(document) == [(en, en if n == missing else zh) for n, (en, zh) in enumerate(plain)]


@pytest.mark.parametrize("numbered", [0, 1])
def test_a_heading_with_a_number_is_no_version_of_one_without(tmp_path: Path, numbered: int) -> None:
    names = ["Pier X", "Pier X"]
    names[numbered] = "Pier 7"
    english = "".join(f"\n\n## {name}\n\n{BODY}" for name in names)
    document = read_two(tmp_path, f"# Book{english}", f"# 书\n\n## 小码头\n\n{BODY_ZH}")
    assert dict(headings(document)) == {"Pier 7": "Pier 7", "Pier X": "小码头"}


def test_headings_alone_tell_how_sure_they_are_of_each_other(tmp_path: Path) -> None:
    document = read_two(tmp_path, "# Book\n\n# Chapter 2\n\n# Pier 7 North", "# 书\n\n# 第二章\n\n# 北")
    assert [passage.alignment for passage in document.passages] == ["paired", "paired", "weak"]


def test_no_pair_reaches_across_a_heading(tmp_path: Path) -> None:
    (first, first_zh), (second, second_zh) = PAIRS[0], PAIRS[3]
    english = f"# Book\n\n## Chapter 1\n\n{first}\n\n## Chapter 2\n\n{second}"
    document = read_two(tmp_path, english, f"# 书\n\n## 第一章\n\n{first_zh}{second_zh}")
    assert sides(document) == [(first, None), (second, None), (None, f"{first_zh}{second_zh}")]


@pytest.mark.parametrize(("text", "key"), [(BODY, "reader-pair-english"), (BODY_ZH, "reader-pair-chinese")])
def test_two_files_of_one_language_are_refused(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(DocumentMalformed) as caught:
        read_two(tmp_path, text, text)
    assert caught.value.key == key


def test_swapped_files_pair_as_those_in_order_do(tmp_path: Path) -> None:
    for english, chinese, keys in ((BODY, BODY_ZH, []), (BODY_ZH, BODY, ["reader-pair-turned"])):
        document = read_two(tmp_path, english, chinese)
        assert [warning.key for warning in document.warnings] == keys
        assert sides(document) == [(BODY, BODY_ZH)]


# --- paragraphs and sentences ----------------------------------------------------------------------------------


def beads(english: list[str], chinese: list[str]) -> list[Pair]:
    """What stands together, as slices of either side."""
    return [
        ("+".join(english[slice(*bead.en)]) or None, "+".join(chinese[slice(*bead.zh)]) or None)
        for bead in align(english, chinese)
    ]


@pytest.mark.parametrize(
    ("english", "chinese", "values"),
    [
        (
            "It cost {} crowns.",
            "花了{}克朗。",
            "1,250=1250 3,400=3400 7,100=7100 2,800=2800 9,900=9900 4,600=4600 6,200=6200",
        ),
        ("See page {} of it.", "见第{}页。", "003=3 014=14 025=25 036=36 047=47 058=58 069=69"),
        ("It weighs {} tonnes.", "它重{}吨。", "3.5=3.5 4.5=4.5 5.5=5.5 6.5=6.5 7.5=7.5 8.5=8.5 9.5=9.5"),
        (
            "It is {} boat now.",
            "现在是{}的船。",
            "Strub's=Strub Volvo's=Volvo Berg's=Berg Holm's=Holm Lund's=Lund Moe's=Moe Vik's=Vik",
        ),
        ("He moored at {} then.", "他停在{}号码头。", "３=3 ４=4 ５=5 ６=6 ７=7 ８=8 ９=9"),
    ],
)
@pytest.mark.parametrize("missing", [0, 3, 6])
def test_numbers_and_names_tell_which_of_like_sentences_has_no_version(
    english: str, chinese: str, values: str, missing: int
) -> None:
    pairs = [tuple(value.split("=")) for value in values.split()]
    first = [english.format(value) for value, _ in pairs]
    second = [chinese.format(value) for _, value in pairs]
    together = [pair for pair in beads(first, second[:missing] + second[missing + 1 :]) if None not in pair]
    assert set(together) <= set(zip(first, second, strict=True))
    assert len(together) >= 4


@pytest.mark.parametrize("side", [0, 1])
def test_two_units_that_were_translated_as_one_stand_together(side: int) -> None:
    texts: tuple[list[str], list[str]] = [str(en) for en, _ in PAIRS], [str(zh) for _, zh in PAIRS]
    texts[side][1:3] = [texts[side][1] + texts[side][2]]
    english, chinese = beads(*texts)[1]
    assert [pair[side] for pair in beads(*texts)] == texts[side]
    assert (english or "").count("+") == side
    assert (chinese or "").count("+") == 1 - side


def test_units_without_any_on_the_other_side_stand_alone() -> None:
    assert beads(["One.", "Two."], []) == [("One.", None), ("Two.", None)]
    assert beads([], ["一。"]) == [(None, "一。")]
    assert beads([], []) == []


def test_a_handful_of_units_is_no_translation_of_hundreds() -> None:
    many = ["Nobody knew who had opened the gate."] * 450
    assert {bead.kind for bead in align(many, ["没有人知道是谁打开了大门。"])} == {"1:0", "0:1"}


def test_a_long_text_comes_back_into_step_behind_a_stretch_that_nobody_translated() -> None:
    numbers, gap = range(640), range(240, 440)
    lengths = [random.Random(number).randrange(2, 40) for number in numbers]
    signs = [
        (f" Light {n + 5000} of {n + 9000}.", f"灯{n + 5000}共{n + 9000}。") if n % 20 == 0 else ("", "")
        for n in numbers
    ]
    english = [f"{'far ' * lengths[n]}out.{signs[n][0]}" for n in numbers]
    chinese = [f"{'远' * (lengths[n] * 4 // 3)}。{signs[n][1]}" for n in numbers if n not in gap]
    pairs = {(bead.en[0], bead.zh[0]) for bead in align(english, chinese) if bead.confidence}
    expected = {(n, n if n < gap.start else n - len(gap)) for n in numbers if n not in gap}
    assert len(pairs & expected) >= 0.75 * len(expected)
    assert len(pairs - expected) <= 0.01 * len(expected)


def test_numbers_that_differ_make_a_pair_less_sure() -> None:
    (neutral,) = align(["The wall broke in that year, they say."], ["他们说那个年份墙倒了。"])
    (different,) = align(["The wall broke in 1907 year, they say."], ["他们说1911年墙倒了。"])
    (same,) = align(["The wall broke in 1907 year, they say."], ["他们说1907年墙倒了。"])
    assert different.confidence < neutral.confidence < same.confidence


# --- one block in both languages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["守灯人四点起床。", "他点亮码头上的灯，然后回家睡觉。"])
@pytest.mark.parametrize("bare", ["1904–1912.", "***?***", "12:30 / 13:30."])
def test_a_piece_without_letters_is_in_the_language_around_it(rest: str, bare: str) -> None:
    for text in (f"{rest}\n\n{bare}\n\n{rest}\n", f"{bare}\n\n{rest}\n"):
        assert {language for passage in read(text).passages for language in passage.versions} == {"zh"}
    assert any(bare in (chinese or "") for _, chinese in sides(read(f"{BODY}\n\n{rest}\n\n{bare}\n")))
    assert any(bare in (english or "") for english, _ in sides(read(f"{rest}\n\n{BODY}\n\n{bare}\n")))


@pytest.mark.parametrize(
    ("heading", "pair"),
    [
        ("Overview 概述", ("Overview", "概述")),
        ("Docker 入门", ("Docker 入门", "Docker 入门")),
        ("Winter on the coast 海岸的冬天", ("Winter on the coast", "海岸的冬天")),
    ],
)
def test_a_short_heading_is_taken_apart_where_the_document_is_written_so(heading: str, pair: Pair) -> None:
    inline = f"## {heading}\n\n" + "\n\n".join(f"{en} {zh}" for en, zh in PAIRS)
    inline += "\n\nWe run Docker on the quay. 我们在码头上运行 Docker 程序。\n"
    assert headings(read(inline, "harbour.md")) == [pair]


def test_one_word_before_chinese_is_a_name_in_a_document_of_one_language() -> None:
    chinese = "## Overview 概述\n\n" + "\n\n".join(str(zh) for _, zh in PAIRS)
    assert headings(read(chinese, "harbour.md")) == [("Overview 概述", "Overview 概述")]


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("winter coast / 海岸", [("winter coast", "海岸")]),
        ("winter coast | 海岸", [("winter coast", "海岸")]),
        ("The lever says open/关闭", [("The lever says open/关闭", None)]),
        ("The lever says open/ 关闭", [("The lever says open/ 关闭", None)]),
        ("The lever says open /关闭", [("The lever says open /关闭", None)]),
    ],
)
def test_a_bar_or_slash_parts_two_versions_where_it_stands_between_blanks(line: str, pairs: list[Pair]) -> None:
    assert sides(read(line)) == pairs


@pytest.mark.parametrize(
    ("items", "pairs"),
    [
        ("two ropes|a small lamp|两根绳子|一盏小灯", ["two ropes|a small lamp=两根绳子|一盏小灯"]),
        ("two ropes|两根绳子|a small lamp|一盏小灯", ["two ropes=两根绳子", "a small lamp=一盏小灯"]),
        (
            "stop at red lamps 遇到红灯停车|go on at green ones 绿灯亮时通行|tar",
            ["stop at red lamps=遇到红灯停车", "go on at green ones=绿灯亮时通行", "tar="],
        ),
        ("two ropes|a small lamp|两根绳子|三条船|old tar|一盏小灯", ["="]),
        ("two ropes|a small lamp|old tar|两根绳子", ["="]),
        ("stop at red lamps 遇到红灯停车|三条船|四盏灯|五口钟", ["="]),
    ],
)
def test_a_list_is_taken_apart_where_its_items_are_versions_of_each_other(items: str, pairs: list[str]) -> None:
    text = "\n".join(f"- {item}" for item in items.split("|"))
    passages = [[(side or "").replace("- ", "").replace("\n", "|") for side in both] for both in sides(read(text))]
    if pairs == ["="]:
        assert ["".join(both) for both in passages] == [items]  # whole
    else:
        assert ["=".join(both) for both in passages] == pairs
