"""Long paragraphs become passages of bounded length, at sentence ends, both versions at the same places, all words kept."""

from __future__ import annotations

import pytest

from askdoc.errors import LimitExceeded
from askdoc.limits import Limits
from askdoc.model import Document
from askdoc.readers import read_bytes

SMALL = Limits(long_english=120, long_chinese=40, target_english=70, target_chinese=24, hard_passage=90)

PAIRS = [
    ("The keeper rose at four to light the lamps along the quay.", "守灯人四点起床，点亮码头上的灯。"),
    ("In 1907 a storm broke the outer wall and 12 boats were lost.", "1907年，风暴冲垮了外墙，12条船沉没。"),
    ("Nobody rebuilt it until Emil Strub came back from the south.", "直到 Emil Strub 从南方回来，才有人重建它。"),
    ("Today the children fish there on Sundays, and so do the gulls.", "如今孩子们星期天在那里钓鱼，海鸥也一样。"),
]


def read(text: str, limits: Limits = SMALL, name: str = "harbour.txt") -> Document:
    return read_bytes(text.encode(), name, limits=limits)


def side(document: Document, language: str) -> list[str]:
    return [
        version.text for passage in document.passages for key, version in passage.versions.items() if key == language
    ]


WORDS = "anchor and tar and sail and oar and bell " * 12


@pytest.mark.parametrize("text", [WORDS, "lamp" * 80, "绳" * 200, f"{'x' * 50} {'y' * 130} end", "海 " * 130])
def test_no_passage_is_longer_than_the_hard_limit_where_a_sentence_does_not_end(text: str) -> None:
    pieces = [version.text for passage in read(text).passages for version in passage.versions.values()]
    assert max(map(len, pieces)) <= SMALL.hard_passage
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_sentence_that_must_be_cut_is_cut_between_two_words_and_not_too_early() -> None:
    pieces = side(read(WORDS), "en")
    assert [word for piece in pieces for word in piece.split()] == WORDS.split()
    assert all(piece == piece.strip() for piece in pieces)
    assert min(map(len, pieces[:-1])) > SMALL.hard_passage * 3 // 4


@pytest.mark.parametrize(
    "marked",
    [
        "One came. Two boats left the quay.‖ Three boats stayed at the pier for the night.‖ Four went out. Five sank.",
        "一条船来了。两条船走了。‖三条船在码头上停了一夜。‖四条出海了。五条沉了。",
    ],
)
def test_neighbouring_sentences_stay_together_up_to_the_length_aimed_at(marked: str) -> None:
    limits = Limits(long_english=60, long_chinese=20, target_english=40, target_chinese=12)
    document = read(marked.replace("‖", ""), limits)
    assert side(document, "en") + side(document, "zh") == [part.strip() for part in marked.split("‖")]


def test_a_passage_that_has_the_length_aimed_at_takes_no_further_sentence() -> None:
    six = " ".join(["One went."] * 6)
    assert side(read(f"{six} {six}", Limits(long_english=100, target_english=len(six))), "en") == [six, six]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_paragraph_is_cut_only_beyond_its_language_s_length(language: str) -> None:
    text = {"en": f"{PAIRS[0][0]} {PAIRS[1][0]}", "zh": PAIRS[0][1] + PAIRS[1][1]}[language]
    shortest = Limits(long_english=len(text), long_chinese=len(text), target_english=10, target_chinese=5)
    assert side(read(text, shortest), language) == [text]
    shorter = Limits(long_english=len(text) - 1, long_chinese=len(text) - 1, target_english=10, target_chinese=5)
    assert len(side(read(text, shorter), language)) > 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_versions_of_a_long_paragraph_are_cut_at_the_same_places(order: tuple[int, int]) -> None:
    whole = " ".join(english for english, _ in PAIRS), "".join(chinese for _, chinese in PAIRS)
    document = read("\n".join(whole[number] for number in order))
    assert [tuple(version.text for version in passage.versions.values()) for passage in document.passages] == PAIRS
    assert {passage.alignment for passage in document.passages} <= {"paired", "weak"}
    assert all(0.5 <= passage.confidence <= 1 for passage in document.passages)


@pytest.mark.parametrize(("long_english", "long_chinese"), [(100, 400), (400, 30)])
def test_both_versions_are_cut_where_one_of_them_is_long(long_english: int, long_chinese: int) -> None:
    limits = Limits(long_english=long_english, long_chinese=long_chinese, target_english=50, target_chinese=14)
    document = read(f"{PAIRS[0][0]} {PAIRS[1][0]}\n{PAIRS[0][1]}{PAIRS[1][1]}", limits)
    assert [tuple(version.text for version in passage.versions.values()) for passage in document.passages] == PAIRS[:2]


REMARK = "His daughter kept a list of all the ships she saw and sold it to a newspaper in the town."


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_sentence_that_has_no_version_stays_with_the_pair_before_it_and_makes_it_weak(between: str) -> None:
    english = f"{PAIRS[0][0]} {PAIRS[1][0]} {REMARK} {PAIRS[2][0]} {PAIRS[3][0]}"
    document = read(
        english + between + "".join(chinese for _, chinese in PAIRS),
        Limits(long_english=120, long_chinese=40, target_english=60, target_chinese=16),
    )
    assert side(document, "en") == [PAIRS[0][0], f"{PAIRS[1][0]} {REMARK}", PAIRS[2][0], PAIRS[3][0]]
    assert side(document, "zh") == [chinese for _, chinese in PAIRS]
    for passage in document.passages:
        assert 0 < passage.confidence < 1
        assert passage.alignment == ("paired" if passage.confidence >= 0.92 else "weak")
    assert document.passages[1].alignment == "weak"


def test_neighbouring_pairs_stay_together_up_to_the_length_aimed_at() -> None:
    limits = Limits(long_english=120, long_chinese=40, target_english=130, target_chinese=48)
    document = read(" ".join(english for english, _ in PAIRS) + "\n" + "".join(chinese for _, chinese in PAIRS), limits)
    assert side(document, "en") == [f"{first[0]} {second[0]}" for first, second in (PAIRS[:2], PAIRS[2:])]
    assert side(document, "zh") == [f"{first[1]}{second[1]}" for first, second in (PAIRS[:2], PAIRS[2:])]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [(WORDS, "绳" * 110), ("Rope! " * 60, f"{'绳' * 45}。{'灯' * 75}"), ("Stop. " * 40, "绳" * 85)],
)
def test_what_cannot_be_cut_in_step_is_cut_apart_and_told_so(english: str, chinese: str) -> None:
    document = read(f"{english}\n{chinese}")
    for language, text in (("en", english), ("zh", chinese)):
        pieces = side(document, language)
        assert max(map(len, pieces)) <= SMALL.hard_passage
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(piece == piece.strip() for piece in pieces)
    apart = [passage for passage in document.passages if len(passage.versions) == 1]
    assert apart
    assert {(passage.alignment, passage.bead, passage.confidence) for passage in apart} == {("none", "", 0.0)}


@pytest.mark.parametrize("name", ["harbour.txt", "harbour.md"])
def test_a_long_list_is_cut_between_its_lines(name: str) -> None:
    items = [f"- rope and tar for boat {number}" for number in range(12)]
    limits = Limits(long_english=60, target_english=30, hard_passage=90)
    pieces = side(read("\n".join(items) + "\n", limits, name), "en")
    assert 3 <= len(pieces) <= 4
    assert [line for piece in pieces for line in piece.splitlines()] == items


def test_a_list_shorter_than_the_hard_limit_stays_whole() -> None:
    limits = Limits(long_english=40, target_english=20)
    text = "- rope and tar\n- sail and oar\n- bell and lamp"
    assert side(read(text, limits), "en") == [text]


def test_passages_have_the_section_and_the_paragraph_that_they_stand_in() -> None:
    text = "# Book\n\nFore word.\n\n## One\n\nFirst text.\n\nSecond text.\n\n### Deep\n\nThird text.\n\n## Two\n\nFourth text.\n"
    document = read(text, name="harbour.md")
    versions = [passage.versions["en"] for passage in document.passages]
    assert [(section.path["zh"], section.lines) for section in document.sections] == [
        ((), (1, 1)),
        (("One",), (5, 5)),
        (("One", "Deep"), (11, 11)),
        (("Two",), (15, 15)),
    ]
    assert [(version.section, version.paragraph) for version in versions] == [
        ((), 1),
        (("One",), 1),
        (("One",), 2),
        (("One", "Deep"), 1),
        (("Two",), 1),
    ]


def test_a_heading_of_two_lines_is_one_line_of_the_path_and_no_section_is_empty() -> None:
    document = read("Old\n  ropes\n---\n\nText.\n\nNew\n---\n\nText.\n", name="harbour.md")
    assert [(section.path["en"], section.lines) for section in document.sections] == [
        (("Old ropes",), (1, 2)),
        (("New",), (7, 7)),
    ]


def test_two_paragraphs_that_were_translated_as_one_are_a_bead_of_three() -> None:
    (passage,) = read(f"{PAIRS[0][0]}\n\n{PAIRS[1][0]}\n\n{PAIRS[0][1]}{PAIRS[1][1]}\n", Limits()).passages
    assert passage.bead == "2:1"
    assert passage.alignment in ("merged", "weak")


def test_headings_that_are_too_deep_join_the_last_level_of_the_path() -> None:
    text = "# Book\n\n## One\n\n### Two\n\n#### Three\n\nText.\n"
    (passage,) = read(text, Limits(heading_depth=2), "harbour.md").passages
    assert passage.versions["en"].section == ("One", "Three")


def test_passages_of_the_same_text_have_ids_of_their_own_and_a_text_keeps_its_id() -> None:
    first = [passage.id for passage in read("Rope.\n\nTar.\n\nRope.\n", name="harbour.md").passages]
    assert len(set(first)) == 3
    assert first[2].startswith(first[0])
    assert [passage.id for passage in read("Oar.\n\nTar.\n", name="harbour.md").passages][1] == first[1]


def test_a_document_of_too_many_passages_is_refused() -> None:
    text = "\n\n".join(f"Boat {number} lay at the quay that night." for number in range(4))
    assert len(read(text, Limits(document_passages=4), "harbour.md").passages) == 4
    with pytest.raises(LimitExceeded):
        read(text, Limits(document_passages=3), "harbour.md")


def test_headings_with_nothing_below_them_are_all_there_is_to_quote() -> None:
    assert side(read("# Rope\n\n# Tar\n", name="harbour.md"), "en") == ["Rope", "Tar"]


def test_a_long_list_is_divided_between_its_items_and_each_part_says_what_it_is() -> None:
    items = [f"* item {number} of the list\n  and more of it" for number in range(8)]
    document = read("You need:\n\n" + "\n".join(items) + "\n", name="x.md")
    announced, *parts = side(document, "en")
    assert announced == "You need:"
    assert len(parts) > 2
    assert [part.startswith("You need:\n* item") for part in parts] == [False] + [True] * (len(parts) - 1)
    shown = "\n".join(part.removeprefix("You need:\n") for part in parts)
    assert shown == "\n".join(items).replace("\n  and", "\nand")
    places = [passage.versions["en"].place.lines for passage in document.passages[1:]]
    assert [first for first, _ in places] == [3, *(last + 1 for _, last in places[:-1])]


def test_a_long_table_is_divided_between_its_rows_and_each_part_has_the_header() -> None:
    rows = [f"| boat {number} | 船{number} | {number * 7} |" for number in range(12)]
    document = read("| Name | 名称 | Tons |\n|---|---|---|\n" + "\n".join(rows) + "\n", name="x.md")
    parts = [version.text for passage in document.passages for version in passage.versions.values()]
    assert len(parts) > 2
    assert all(part.startswith("Name | 名称 | Tons\nboat") for part in parts)
    assert [line for part in parts for line in part.split("\n")[1:]] == [row.strip("| ") for row in rows]
