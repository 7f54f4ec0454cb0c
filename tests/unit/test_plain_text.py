"""What a plain text means by its lines: headings, wrapped paragraphs, lists, verse; and Markdown where it is marked so."""

from __future__ import annotations

from pathlib import Path

import pytest

from askdoc.model import Document, DocumentFiles
from askdoc.readers import read_bytes, read_document

BODY = "The keeper rose at four to light the lamps along the quay, and nobody saw him go."
BODY_ZH = "守灯人四点起床，点亮码头上的灯，没有人看见他离开。"


def read(text: str, name: str = "harbour.txt") -> Document:
    path = Path(name)  # in the test's own folder
    path.write_text(text, "utf-8")
    return read_document(DocumentFiles("harbour", ((path, None),)))


def headings(document: Document, language: str = "en") -> list[tuple[str, ...]]:
    """The path of each section that has one, the title before them."""
    title: list[tuple[str, ...]] = [(text,) for key, text in document.title.items() if key == language]
    return title + [section.path[language] for section in document.sections if section.path[language]]


def bodies(document: Document) -> list[str]:
    return [version.text for passage in document.passages for version in passage.versions.values()]


def paths(text: str) -> str:
    """The headings of a text in which ¶ stands for a paragraph and / for a line end."""
    document = read(text.replace("/", "\n").replace("¶", BODY))
    return "|".join(" > ".join(path) for path in headings(document))


DIALOGUE = [
    ("Anna Berg of the Quay", "I want the rope."),
    ("Ola Vik of the Wall", "It is in the boat."),
    ("Anna Berg of the Quay", "And the oars, too."),
    ("Ola Vik of the Wall", "They are there too."),
    ("Per Moe of the Light", "Then we can go out."),
    ("Anna Berg of the Quay", "The wind is good."),
]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_the_speakers_of_a_dialogue_are_no_headings(between: str) -> None:
    document = read(f"The Quay\n{BODY}\n\n" + between.join(f"{name}\n{line}" for name, line in DIALOGUE))
    assert headings(document) == [("The Quay",)]
    assert bodies(document) == [BODY, *(text for pair in DIALOGUE for text in pair)]


def test_headings_that_are_marked_are_headings_above_a_dialogue_too() -> None:
    lines = "\n".join(f"{name}\n{line}" for name, line in DIALOGUE)
    assert headings(read(f"# The Quay\n\n## One\n\n{lines}\n")) == [("The Quay",), ("One",)]


def test_a_title_above_verse_is_its_title() -> None:
    verse = ["Two boats at sea", "One lamp ashore", "A bell at three", "And nothing more"]
    document = read("The Long Song\n\n" + "\n".join(verse))
    assert dict(document.title) == {"en": "The Long Song"}
    assert bodies(document) == verse


@pytest.mark.parametrize(
    "names",
    [
        ["The Quay", "The Wall", "The Light", "The Gate", "The Pier", "The Boat"],
        ["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4", "Chapter 5", "Chapter 6"],
    ],
)
def test_many_headings_above_long_paragraphs_are_headings(names: list[str]) -> None:
    document = read("\n\n".join(f"{name}\n{BODY} {BODY}" for name in names))
    assert [path[-1] for path in headings(document)] == names
    assert bodies(document) == [f"{BODY} {BODY}"] * len(names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Book//Chapter 1 Sea/¶/How it began/¶", "Book|Chapter 1 Sea|Chapter 1 Sea > How it began"),
        ("Part 1/¶/Chapter 2 Ice/¶/Section 3/¶", "Part 1|Part 1 > Chapter 2 Ice|Part 1 > Chapter 2 Ice > Section 3"),
        ("1 Sea/¶/1.1 Ice/¶/2 Tar/¶", "1 Sea|1 Sea > 1.1 Ice|2 Tar"),
        ("The Quay/========//¶//the wall/--------//¶", "The Quay"),
        ("# The Quay//¶//## The wall//¶//### Deep//¶", "The Quay|The wall|The wall > Deep"),
    ],
)
def test_headings_nest_by_what_counts_or_marks_them(text: str, expected: str) -> None:
    assert paths(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "It ended here.",
        "Bring these:",
        "and so it went on",
        "“The Quay",
        "A line of more words than any heading has, because it goes on and on and never stops at all",
        "Stop! Then go",
        "12 hours",
        "1) Rope",
        "Considerations concerning navigational instrumentation throughout northwestern harbour administrations",
        "Rope\tthree",
    ],
)
def test_a_line_that_has_not_the_shape_of_a_heading_is_none(line: str) -> None:
    document = read(f"The Quay\n\n{BODY}\n\n{line}\n{BODY}\n")
    assert headings(document) == [("The Quay",)]
    assert line in bodies(document)


@pytest.mark.parametrize(
    "below",
    [
        BODY,
        "It sank, they say:\n- at sea",
        "and then he lit all the lamps along the old quay until the gulls woke",
        "It sank in 1907.",
        "and they said “it sank.”",
        f"{BODY}\n{BODY}",
        "- rope\n- tar\n- oar",
    ],
)
def test_a_heading_has_a_body_below_it(below: str) -> None:
    assert headings(read(f"The Quay\n\n{BODY}\n\nThe Wall\n{below}\n"))[1:] == [("The Wall",)]
    assert headings(read(f"The Quay\n\n{BODY}\n\nThe Wall\n")) == [("The Quay",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¶//Rope/Tar/Oar/Bell//The Mixing/¶", "The Mixing"),
        ("The Quay//Rope/Tar/Oar/Bell/¶", "The Quay"),
        ("¶//Chapter 1 Sea/Chapter 2 Ice/¶", ""),
        ("¶//Chapter 1 Sea/1.1 Ice/¶", "Chapter 1 Sea|Chapter 1 Sea > 1.1 Ice"),
        ("¶//Rope/---//Tar/---//Oar/---//Bell/---//¶", "Rope|Tar|Oar|Bell"),
        ("¶/1. Sea/¶/2. Ice/¶", "1. Sea|2. Ice"),
        ("The Quay/A Report/The Wall/¶", "The Quay|A Report|The Wall"),
        ("¶//The Quay/A Report/The Wall/¶", ""),
        ("Book//Chapter 1 Sea/Chapter 2 Ice/Chapter 3 Tar//Chapter 1 Sea/¶", "Book|Chapter 1 Sea"),
        ("¶//The Wall/No.//¶", ""),
        ("¶//Chapter 2 Ice/No.//¶", "Chapter 2 Ice"),
    ],
)
def test_of_short_lines_those_are_headings_that_count_or_have_a_body_or_are_set_apart(text: str, expected: str) -> None:
    assert paths(text) == expected


def test_the_title_stands_once_in_each_language_also_where_one_follows_the_other_as_a_block() -> None:
    document = read(f"The Quay\n\n{BODY}\n\n码头\n\n{BODY_ZH}\n")
    assert dict(document.title) == {"en": "The Quay", "zh": "码头"}
    assert [passage.versions.keys() for passage in document.passages] == [{"en", "zh"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. rope\n2. tar\n3. oar\n", ["1. rope\n2. tar\n3. oar"]),
        ("- rope\n- tar\n\n- oar\n", ["- rope\n- tar", "- oar"]),
        ("- rope for\n  the boat\n- tar\n", ["- rope for\n  the boat\n- tar"]),
        ("1. rope\n- tar\n", ["1. rope", "- tar"]),
        ("1. rope\n3. tar\n", ["1. rope", "3. tar"]),
        ("1. rope\n2. 油\n", ["1. rope", "2. 油"]),
        ("(a) rope\n(b) tar\n- oar\n", ["(a) rope\n(b) tar\n- oar"]),
    ],
)
def test_neighbouring_items_are_one_list(text: str, expected: list[str]) -> None:
    assert bodies(read(f"{BODY}\n\n{text}"))[1:] == expected


WRAPPED = (
    "The keeper rose at four to light\nthe lamps along the quay. Nobody\nsaw him go but the old gulls and\nthe dog."
)
WRAPPED_ZH = "守灯人四点起床，点亮码头上所有的灯，没有人看\n见他离开。小船静静地停着，直到太阳从墙外升起\n，他才睡。"


@pytest.mark.parametrize("wrapped", [WRAPPED, WRAPPED_ZH])
def test_wrapped_lines_are_one_paragraph(wrapped: str) -> None:
    assert bodies(read(f"{wrapped}\n\n{wrapped}\n")) == [wrapped, wrapped]
    indented = "\n".join(f"    {wrapped}".splitlines() + f"    {wrapped}".splitlines())
    assert bodies(read(indented)) == [wrapped, wrapped]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The keeper rose at four at night.\nNobody saw him light the lamps.", 1),  # the first line is full
        ("The keeper rose at four to light\nhis lamps, but\nnobody saw him do it.", 1),
        ("The keeper rose at four.\nNobody saw him light the lamps.", 2),
        ("saw him go but the old gulls and\nsaw him go but the old gulls and", 2),
        ("saw him go but the old gulls and\n- two ropes", 2),
        ("The keeper rose at four to light\nhis lamps along\n    The gulls slept on the wall.", 2),
    ],
)
def test_a_line_goes_on_with_the_paragraph_above_where_it_would_not_have_fitted_or_no_sentence_ended(
    text: str, expected: int
) -> None:
    passages = bodies(read(f"{WRAPPED}\n\n{WRAPPED}\n\n{text}\n\n{WRAPPED}\n"))
    assert len(passages) == 3 + expected
    assert "\n".join(passages[2:-1]).split() == text.split()


def test_lines_that_are_paragraphs_are_not_joined() -> None:
    lines = [BODY, f"{BODY} {BODY}", "He slept.", f"{BODY} {BODY} {BODY}"]
    assert bodies(read("\n".join(lines))) == lines


@pytest.mark.parametrize(("text", "kind"), [("# Quay\n\n- a\n- b\n\n> Text.\n", "list"), ("```\nx = 1\n```\n", "code")])
def test_markdown_without_a_name_is_known_by_its_marks(text: str, kind: str) -> None:
    assert kind in {passage.kind for passage in read_bytes(text.encode()).passages}
