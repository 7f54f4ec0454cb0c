"""Every layout that people write bilingual documents in comes out as rows of what belongs together.

Inline, alternate lines, alternate paragraphs, blocks, two files; either language first; headings or none; remarks that
nobody translated stay single. Nothing of a document is lost, nothing stands twice, headings never become body.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from askdoc.bitext.layout import single_source, two_sources
from askdoc.bitext.units import Layout, Text, text_of
from askdoc.model import Language
from askdoc.readers import markdown, plain

TITLE = ("The Mountain Railway", "高山铁路")
HEADINGS = [("Building the Line", "修建线路"), ("Life at the Stations", "车站的生活")]
BODIES = [
    [
        (
            "Work on the railway began in 1907, when 300 men came up from the coast.",
            "铁路于1907年动工,300名工人从海边来到山里。",
        ),
        (
            "They cut eleven tunnels through the rock and lost a whole winter to the snow.",
            "他们在岩石中开凿了十一条隧道,大雪让他们耽误了整整一个冬天。",
        ),
        ("The first train ran on 4 May 1912.", "第一列火车于1912年5月4日开行。"),
    ],
    [
        (
            "Each station had a keeper, a stove and a garden, and the keeper's wife sold tea to the passengers.",
            "每个车站都有一名站长、一个火炉和一座花园,站长的妻子向旅客卖茶。",
        ),
        (
            "Letters from the Swiss engineer Emil Strub are kept in the museum.",
            "瑞士工程师 Emil Strub 的书信保存在博物馆里。",
        ),
    ],
]


def rows_of(layout: Layout, *, headings: bool = False) -> list[tuple[str | None, str | None]]:
    found: list[tuple[str | None, str | None]] = []
    for row in layout.rows:
        if (row.kind == "heading") == headings:
            sides = {language: "\n".join(unit.text for unit in units) for language, units in row.units.items()}
            found.append((sides.get("en"), sides.get("zh")))
    return found


def rendered(text: str, form: ModuleType) -> Text:
    parsed = form.render(text)
    return text_of(parsed.text, parsed.blocks, parsed.neutral)


def read(text: str, form: ModuleType = plain) -> Layout:
    return single_source(rendered(text, form))


def read_two(en: str, zh: str, form: ModuleType = plain) -> Layout:
    return two_sources(rendered(en, form), rendered(zh, form))


def lines(order: tuple[int, int], between: str, after: str) -> str:
    """The document with its versions one after the other."""
    out = [between.join(TITLE[side] for side in order)]
    for heading, bodies in zip(HEADINGS, BODIES, strict=True):
        for pair in [heading, *bodies]:
            out.append(between.join(pair[side] for side in order))
    return after.join(out) + "\n"


def check_whole(layout: Layout) -> None:
    assert dict(layout.title) == {"en": TITLE[0], "zh": TITLE[1]}
    assert rows_of(layout, headings=True) == HEADINGS
    assert rows_of(layout) == [pair for bodies in BODIES for pair in bodies]
    kinds = [(row.kind, row.alignment) for row in layout.rows]
    assert all(alignment in ("paired", "weak") for _, alignment in kinds)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("between", "after"), [("\n", "\n"), ("\n\n", "\n\n"), ("\n", "\n\n"), (" / ", "\n"), ("\r\n", "\r\n\r\n")]
)
def test_versions_one_after_the_other_are_paired(order: tuple[int, int], between: str, after: str) -> None:
    check_whole(read(lines(order, between, after)))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_versions_in_one_line_are_sure_pairs(order: tuple[int, int]) -> None:
    layout = read(lines(order, " ", "\n"))
    check_whole(layout)
    assert all(row.confidence == 1.0 and row.alignment == "paired" for row in layout.rows)


def block(side: int, mark: str = "") -> str:
    out = [f"{mark}{TITLE[side]}"]
    for heading, bodies in zip(HEADINGS, BODIES, strict=True):
        out.append(f"{mark * 2}{heading[side]}")
        out += [pair[side] for pair in bodies]
    return "\n\n".join(re.sub(r"^(#+)", r"\1 ", line) for line in out)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("form", "mark"), [(plain, ""), (markdown, "#")])
def test_one_language_after_the_other_is_aligned_heading_by_heading(
    order: tuple[int, int], form: ModuleType, mark: str
) -> None:
    check_whole(read("\n\n".join(block(side, mark) for side in order), form))


@pytest.mark.parametrize(("form", "mark"), [(plain, ""), (markdown, "#")])
def test_two_files_are_aligned_heading_by_heading(form: ModuleType, mark: str) -> None:
    en, zh = block(0, mark), block(1, mark)
    layout = read_two(en, zh, form)
    check_whole(layout)
    assert {unit.source for row in layout.rows for unit in row.units["en"]} == {0}
    assert {unit.source for row in layout.rows for unit in row.units["zh"]} == {1}


def test_sections_swap_no_paragraphs_where_one_side_misses_a_section() -> None:
    en = block(0, "#")
    zh = f"# {TITLE[1]}\n\n## {HEADINGS[1][1]}\n\n" + "\n\n".join(pair[1] for pair in BODIES[1])
    layout = read_two(en, zh, markdown)
    assert rows_of(layout, headings=True) == [(HEADINGS[0][0], None), HEADINGS[1]]
    assert rows_of(layout) == [(pair[0], None) for pair in BODIES[0]] + BODIES[1]


@pytest.mark.parametrize("numbers", [(2, 3, 4), (1, 2, 3), (1, 4)])
def test_numbered_headings_pair_by_their_whole_numbers(numbers: tuple[int, ...]) -> None:
    english = "".join(f"## 2.{number} Part\n\nShort text stands here.\n\n" for number in (1, 2, 3, 4))
    chinese = "".join(f"## 2.{number} 部分\n\n这里有一小段文字。\n\n" for number in numbers)
    pairs = rows_of(read_two(english, chinese, markdown), headings=True)
    assert [pair for pair in pairs if None not in pair] == [(f"2.{n} Part", f"2.{n} 部分") for n in numbers]


def test_blocks_without_headings_are_aligned_in_order() -> None:
    pairs = [pair for bodies in BODIES for pair in bodies]
    layout = read("\n".join([*(pair[0] for pair in pairs), *(pair[1] for pair in pairs)]))
    assert rows_of(layout) == pairs


@pytest.mark.parametrize("side", [0, 1])
def test_a_document_of_one_language_is_simply_that(side: int) -> None:
    layout = read(block(side))
    language: Language = "zh" if side else "en"
    assert dict(layout.title) == {language: TITLE[side]}
    assert [row.alignment for row in layout.rows] == ["none"] * len(layout.rows)
    assert {key for row in layout.rows for key in row.units} == {language}
    assert len(rows_of(layout)) == 5
    assert len(rows_of(layout, headings=True)) == 2


def test_a_title_that_stands_twice_is_the_title_once() -> None:
    layout = read(f"{TITLE[0]}\n" + lines((0, 1), "\n", "\n"))
    check_whole(layout)


def test_remarks_that_nobody_translated_stay_single() -> None:
    remark_en = (
        "Editor's note: this account was printed before the flood and nobody has checked the figures in it since."
    )
    remark_zh = "译者按:原书此处附有一幅手绘地图,因年代久远已无法辨认,故译本从略,谨向读者说明并致歉。"
    first, second = BODIES[0][:2]
    text = "\n".join([*BODIES[1][0], remark_en, *first, *second, remark_zh, *BODIES[1][1]])
    found = rows_of(read(text))
    assert (remark_en, None) in found
    assert (None, remark_zh) in found
    assert [pair for pair in found if None not in pair] == [BODIES[1][0], first, second, BODIES[1][1]]


def test_stretches_of_different_layouts_may_stand_in_one_document() -> None:
    a, b, c = BODIES[0]
    d, e = BODIES[1]
    text = "\n\n".join([f"{a[0]} {a[1]}", *b, f"{c[0]} {c[1]}", d[0], e[0], d[1], e[1]])
    assert rows_of(read(text)) == [a, b, c, d, e]


def test_several_pairs_in_one_line_are_several_rows() -> None:
    text = " ".join(part for pair in BODIES[0] for part in pair)
    assert rows_of(read(text)) == BODIES[0]


def test_hard_wrapped_paragraphs_are_one_unit_each_and_their_text_is_the_slice() -> None:
    en = (
        "The keeper rose at four to light the\nlamps along the platform, for the mail\ntrain came through before dawn and\n"
        "would not wait for anybody."
    )
    zh = "站长四点起床,点亮站台上的灯,因为邮\n车在天亮之前经过,而且从来不等任何人,\n无论是谁。"
    text = f"{en}\n\n{zh}\n\n{en}\n\n{zh}\n"
    layout = read(text)
    assert rows_of(layout) == [(en, zh), (en, zh)]
    for row in layout.rows:
        for units in row.units.values():
            assert all(text[slice(*unit.span)] == unit.text for unit in units)


def test_a_heading_right_above_a_wrapped_paragraph_is_a_heading() -> None:
    body = "Rain fell on the pass all night and the\nriver rose until it touched the sleepers\nof the bridge below the third tunnel."
    layout = read(f"The Flood\n{body}\n\nThe Repair\n{body}\n")
    assert rows_of(layout, headings=True) == [("The Repair", None)]
    assert dict(layout.title) == {"en": "The Flood"}
    assert rows_of(layout) == [(body, None), (body, None)]


@pytest.mark.parametrize(
    "text",
    [
        "Two boats at sea\nOne lamp ashore\nA bell at three\nAnd nothing more\nThe wind went round\nThe sail came down\n",
        "Anna Berg\n14 Station Road\nUpper Valley\nPhone 555 0199\n\nShe answers letters on weekdays, and only then.\n",
        "Flour\nButter\nSalt\nYeast\n\nMix everything in a large bowl and let it rest for an hour.\n",
        "山中无历日\n寒尽不知年\n松下问童子\n言师采药去\n只在此山中\n云深不知处\n",
    ],
)
def test_verse_addresses_and_lists_of_names_are_body(text: str) -> None:
    layout = read(text)
    assert rows_of(layout, headings=True) == []
    assert len(rows_of(layout)) == len([line for line in text.splitlines() if line])


def test_numbered_headings_have_their_levels() -> None:
    body = "Some sentence stands here, so that the heading has a body."
    text = f"Chapter 1 Water\n{body}\n1.2 Wells\n{body}\n1.2.1 Deep wells\n{body}\nChapter 2 Air\n{body}\n"
    found = [(row.units["en"][0].text, row.level) for row in read(text).rows if row.kind == "heading"]
    levels = [level for _, level in found]
    assert [name for name, _ in found] == ["Chapter 1 Water", "1.2 Wells", "1.2.1 Deep wells", "Chapter 2 Air"]
    assert levels[0] == levels[3] < levels[1] < levels[2]


def test_neighbouring_items_are_one_list_and_lists_pair_with_lists() -> None:
    text = "Bring these things:\n- two ropes\n- a lamp\n- bread for 3 days\n请带上这些东西:\n- 两根绳子\n- 一盏灯\n- 三天的面包\n"
    layout = read(text)
    assert [row.kind for row in layout.rows] == ["prose", "list"]
    assert rows_of(layout)[1] == ("- two ropes\n- a lamp\n- bread for 3 days", "- 两根绳子\n- 一盏灯\n- 三天的面包")


def test_a_chinese_list_with_english_names_is_one_list() -> None:
    text = "- Python\n- 数据库\n- Docker\n- 网络\n"
    assert len(read(text).rows) == 1


def test_items_that_hold_both_languages_are_rows_of_their_own() -> None:
    text = "- stop at the red lamps 遇到红灯停车\n- go on when they are green 绿灯亮时通行\n"
    assert [row.alignment for row in read(text).rows] == ["paired", "paired"]


def test_markdown_translations_in_quotes_pair_with_the_paragraph_above() -> None:
    (a, b, c) = BODIES[0]
    text = "".join(f"{en}\n\n> {zh}\n\n" for en, zh in (a, b, c))
    assert rows_of(read(f"# {TITLE[0]}\n\n{text}", markdown)) == [a, b, c]


def test_a_markdown_paragraph_with_its_translation_on_the_next_line_is_a_pair() -> None:
    text = "".join(f"{en}\n{zh}\n\n" for en, zh in BODIES[0])
    assert rows_of(read(text, markdown)) == BODIES[0]


def test_the_first_of_several_top_headings_is_title_and_section() -> None:
    layout = read("# One\n\nText of one.\n\n# Two\n\nText of two.\n", markdown)
    assert dict(layout.title) == {"en": "One"}
    assert rows_of(layout, headings=True) == [("One", None), ("Two", None)]


def test_a_document_of_headings_alone_keeps_them() -> None:
    assert rows_of(read("# Only this\n", markdown), headings=True) == [("Only this", None)]


_ATOMS = [
    "The goat ate a hat.", "We went on, e.g. to Rome", "Chapter 3 The Sea", "# Title", "## Sub", "- item", "1. first",
    "(2) second", "> quoted", "```", "| a | b |", "Claude 4.6 ships “now”.", "[x]: http://e.org", "    code", "a",
    "~~", "山羊吃了一顶帽子。", "第三章 大海", "# 标题", "- 项目", "1、第一", "（二）其次", "他说：“好。”", "数\u200b据", "附录A",
]  # fmt: skip


def _random_text(rng: random.Random) -> str:
    out = []
    for _ in range(rng.randrange(1, 25)):
        kind = rng.random()
        atoms = rng.choices(_ATOMS, k=1 if kind < 0.6 else 2 if kind < 0.8 else rng.randrange(3, 10))
        out.append("" if 0.6 <= kind < 0.7 else rng.choice([" ", "", " / ", "\t"]).join(atoms))
    return rng.choice(["\n", "\n", "\r\n", "\r", "\u2028", "\n\n"]).join(out)


def test_no_letter_of_a_random_document_is_lost_or_doubled(seed: int, stress: int) -> None:
    for number in range(300 * stress):
        rng = random.Random(f"{seed} {number}")
        source = _random_text(rng)
        for form in (plain, markdown):
            layout, text = read(source, form), form.render(source).text
            taken = bytearray(len(text))
            for unit in (unit for row in layout.rows for units in row.units.values() for unit in units):
                start, end = unit.span
                assert text[start:end] == unit.text
                assert not any(taken[start:end]), (number, unit)
                taken[start:end] = b"\1" * (end - start)
            # A title is no row, and one that stands twice stands once.
            titles = [
                *layout.title.values(),
                *(unit.text for row in layout.rows for u in row.units.values() for unit in u),
            ]
            lost = re.sub(r"[^\w]|_", "", "".join(char for char, kept in zip(text, taken, strict=True) if not kept))
            spare = Counter(
                "".join(titles[: len(layout.title)]) * 3 + "".join(t for t in titles if t.startswith(("标", "Ti")))
            )
            assert not Counter(lost) - spare, (number, form.__name__, text, lost)


def test_the_real_document_comes_out_whole(shared: Path) -> None:
    text = (shared / "documents" / "when-ai-builds-itself.txt").read_text("utf-8")
    layout = read(text)
    source = text.splitlines()
    assert layout.title["en"] == source[0] == source[1]
    assert layout.title["zh"] == source[2]
    bodies = [row for row in layout.rows if row.kind != "heading"]
    assert [f"{row.units['en'][0].text} {row.units['zh'][0].text}" for row in bodies] == [
        line for line in source if len(line) > 100
    ]
    assert all(row.alignment == "paired" and row.confidence == 1.0 for row in bodies)
    heads = [row for row in layout.rows if row.kind == "heading"]
    shorts = [line for line in source[3:] if len(line) <= 100]
    assert [row.units[language][0].text for row in heads for language in ("en", "zh")] == shorts
    assert all(len(row.units) == 2 for row in layout.rows)


CODE = "```python\n# 打印结果\nprint(lamp.burns(night=True), ferry.steer(by=lamp))\n```"


def test_code_and_formulas_are_no_version_of_their_neighbours() -> None:
    text = (
        f"码头上的灯整夜亮着，渡船都靠它辨认方向。\n\n{CODE}\n\n守灯人四点起床，点亮码头上的灯。\n\n"
        "$$\\text{lamp} = \\frac{\\text{night}}{\\text{ferry}}$$\n\n铁路于1907年动工。\n\n`npm install lamp`\n\n信都在博物馆里。\n"
    )
    layout = read(text, markdown)
    assert all(len(row.units) == 1 for row in layout.rows)
    assert [row.kind for row in layout.rows] == ["prose", "code", "prose", "formula", "prose", "code", "prose"]
    assert {language for row in layout.rows for language in row.units} == {"zh"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_code_between_versions_parts_them_not(order: tuple[int, int]) -> None:
    bodies = [body for section in BODIES for body in section]
    text = "\n\n".join(f"{body[order[0]]}\n\n{CODE}\n\n{body[order[1]]}" for body in bodies)
    layout = read(text, markdown)
    assert [row for row in rows_of(layout) if all(row)] == bodies
    assert sum(row.kind == "code" for row in layout.rows) == len(bodies)


def test_code_that_both_versions_have_is_paired_with_itself() -> None:
    sides = [f"{CODE}\n\n".join(f"{body[number]}\n\n" for section in BODIES for body in section) for number in (0, 1)]
    layout = read_two(*sides, markdown)
    assert [row.kind for row in layout.rows if len(row.units) == 2].count("code") == 4
    mixed = [row for row in layout.rows if {unit.kind for units in row.units.values() for unit in units} > {"code"}]
    assert mixed == []


def test_a_document_in_one_language_has_no_pairs_for_its_remarks_and_names() -> None:
    zh = "\n\n".join(
        f"## AlexNet\n\n## 灯塔{number}\n\n{body[1] * 6}" for number, body in enumerate(BODIES[0] + BODIES[1])
    )
    layout = read(f"{zh}\n\nSee the guide.\n", markdown)
    assert all(len(row.units) == 1 for row in layout.rows)


@pytest.mark.parametrize("marks", ["（）", "()"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_border_of_a_heading_with_its_translation_in_brackets_is_the_bracket(
    marks: str, order: tuple[int, int]
) -> None:
    text = "\n\n".join(
        f"## {names[order[0]]}{marks[0]}{names[order[1]]}{marks[1]}\n\n{BODIES[0][0][1]}" for names in HEADINGS
    )
    assert rows_of(read(text, markdown), headings=True) == HEADINGS
