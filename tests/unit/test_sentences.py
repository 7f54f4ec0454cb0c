"""Where sentences end: in English, in Chinese, in both, and where a mark only looks like an end.

In the tables ``‖`` stands where one sentence ends and the next begins; the text is the same without it.
"""

from __future__ import annotations

import pytest

from askdoc.model import Language
from askdoc.text.sentences import sentences


def check(marked: str, language: Language | None = None) -> None:
    text = marked.replace("‖", "")
    parts = [text[start:end] for start, end in sentences(text, language)]
    assert parts == [part.strip() for part in marked.split("‖")]


@pytest.mark.parametrize(
    "marked",
    [
        "Dr. Lind kept the log.‖ Nobody read it.",
        "It was Mrs. Bell who rang, and Prof. Moe who came.",
        "Then Lt. No one knew the name of sailed home.",
        "The U.S. Coast Guard heard it at 5 p.m. Pacific time.",
        "Look at Fig. 3, then at No. 12 and pp. 7 to 9.",
        "The dock closed on Jan. 5, and again on Sept. 30.",
        "The rope came from Lund Bros. and the tar from Berg Co. Bergen, cf. Holm.",
        "The chart was drawn by J. K. Lund.‖ It is kept with the letters of R. A. Moe.",
        "Nobody but J. A. Moe saw (P. Holm) at the gate.",
        "1. First cut the rope.‖ Then tie it.",
        "B. Second tie the knot.",
    ],
)
def test_a_sentence_does_not_end_after_an_abbreviation(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "They sailed back to the U.S.‖ The crew stayed.",
        "She waited until 5 p.m.‖ Then she left.",
        "Was it late?‖ She said no.‖ Then she left.",
        "They came in Jan.‖ Boats lay in the ice.",
        "He sells rope, tar, etc.‖ The rest is kept.",
        "Nobody stayed as long as I.‖ Boats came and went.",
        "Boats came under J.‖ The last one stayed.",
        "The light stands at 19.2°E.‖ Boats pass it.",
        "The mole dates from 1904.‖ Boats lie behind it.",
        "It is version 4.6.‖ Boats use it.",
        "He owns 5.‖ Boats are dear.",
        "She has a cat.‖ Boats frighten it.",
        "He shut the gate (the old one).‖ Boats came.",
    ],
)
def test_a_sentence_ends_after_a_short_word_where_the_next_begins(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "“Come in.”‖ He sat down.",
        "(The gate was shut.)‖ He knocked.",
        '"Come in."‖ He sat down.',
        "“Stop!” he cried.‖ Nobody did.",
        "Is it late?‖ “not at all,” she said.",
        "They call it ‘the hook.’‖ Boats avoid it.",
        '他说："好。"‖然后走了。',
        '他走了。‖"好。"‖她说。',
        '他说："好。"‖他问："走吗？"‖她走了。',
        "他说：“好。”‖然后走了。",
        "「风停了。」‖船也停了。",
        '他说："要：\n‖- 绳子。"‖然后走了。',
        '"风停了\n\n‖雨停了。‖"好"他说。',
    ],
)
def test_quotes_and_brackets_belong_to_the_sentence_that_they_close(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The mast broke.[3]‖ Nobody knew why.",
        "The mast broke.[citation needed]‖ Nobody knew why.",
        "桅杆断了。[3][4]‖没有人知道原因。",
        "桅杆断了。‖[此处](why.md)说明原因。",
    ],
)
def test_a_note_belongs_to_the_sentence_before_it_and_a_link_does_not(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "风停了。‖船也停了！‖为什么？‖没有人知道。",
        "风停了；‖船也停了。",
        "风停了;‖船也停了。",
        "他说(风停了;船也停了)就走了。",
        "他说（风停了；船也停了）就走了。",
        "The wind fell; the ship stopped.",
        "这条船长３．５米。‖很重。",
        "风停了．‖船也停了．",
        "风停了.‖船也停了.",
        "真的吗?‖我不信!‖他说……‖没有人听。",
        "请看图 A.船在左边。",
        "我们用 Node.js 和 Python 3.12 写程序。‖很快。",
        "他走了...‖门还开着。",
        "他走了!‖“再见。”‖她说。",
        "他说 OK!‖“走吧。”",
        "请写 a;b 再走。",
        "Really?！‖Nobody knew.",
        "He waited . . . and then he left.",
        "He waited… and then he left.",
        "See node.js or mast.example for it.",
        "What now?!‖ Nobody knew.",
    ],
)
def test_each_mark_ends_a_sentence_where_its_language_says_so(marked: str) -> None:
    check(marked)


def test_the_language_of_a_text_that_has_no_letters_to_tell_it_decides_about_semicolons() -> None:
    check("1904; 1912", "en")
    check("1904;‖ 1912", "zh")


def test_a_bracket_that_nobody_closed_holds_no_sentence_open_for_long() -> None:
    check(f"他说（{'风很大，' * 80}船停了；‖雨也停了。")
    check(f"他说（{'风很大，' * 80}船（小船；‖雨）来了。")
    check("风停了（雨没有停。‖船来了；‖门开了。")
    check("风停了）（雨；船）来了。")


@pytest.mark.parametrize(
    "marked",
    [
        "The wind fell and\nthe ship stopped.‖ Nobody spoke.",
        "海上的风停了，\n船也停了。",
        "Bring these:\n‖- two ropes\n‖- a lamp",
        "Bring these:\n‖1. two ropes\n‖2) a lamp\n‖(3) bread",
        "请带上：\n‖（一）绳子\n‖（二）灯",
        "请带上：\n‖一、绳子\n‖二、灯",
        "| rope | 3 |\n‖| lamp | 1 |",
        "# Ropes\n‖## Lamps\r\n\r\n‖No end mark here",
        "One line\n \n‖another line",
        "一行\u2029\u3000\u2029‖另一行",
        "A wrapped line\n-5 degrees cold",
    ],
)
def test_line_ends_part_items_rows_and_paragraphs_and_no_wrapped_lines(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("……", ["……"]),
        ("风停了。 ……", ["风停了。 ……"]),
        ("The wind fell.\n\n* * *\n\nThe rain came.", ["The wind fell.\n\n* * *", "The rain came."]),
    ],
)
def test_marks_alone_are_no_sentence_of_their_own_beside_others(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(
    "marked",
    [
        "Name | Tons\n‖Anna | 12\n‖Berta | 7 and a half",
        "* two ropes\n‖* a lamp\nfor the night\n  ‖+ nested oil",
        "1. 准备材料\n‖2. 切番茄\n‖3. 下锅",
    ],
)
def test_items_and_rows_are_units(marked: str) -> None:
    check(marked)
