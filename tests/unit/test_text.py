"""askdoc.text: matching sees through forms, cleaning removes only the invisible, screens get nothing that acts.

Offsets lead back to the text as given, to the code point.
"""

from __future__ import annotations

import random
import unicodedata

import pytest

from askdoc.text.cleaning import clean, display
from askdoc.text.han import character_pairs, language_of
from askdoc.text.normalize import fold, normalize
from askdoc.text.spans import line_spans, numbered, occurrences, trimmed

HOSTILE = (
    "\x00\x07\x08\x0b\x0c\r\n\t\x1b\x7f\x80\x85\x9b\x9d\u061c\u200b\u200d\u200e\u2028\u2029\u202e\u2066\ufeff\ufff9\ud800\udfff"
    "\U000e0041abc 数据\u0301\u0301[m]0;52c\\😀👨‍👩"
)
SEQUENCES = [
    "\x1b[31m", "\x1b]52;c;eA==\x07", "\x1b]0;title\x1b\\", "\x9b2J", "\x1bP1$q\x1b\\", "\x1bc", "\x1b[6n",
    "\x1b]8;;x",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＩ", "ai"),
        ("结論", "结论"),
        ("遞歸自我改進", "递归自我改进"),
        ("数\u200b据", "数据"),
        ("café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("人工智\n能", "人工智能"),
        ("word\nword", "word\nword"),
        ("½", "1⁄2"),
    ],
)
def test_forms_of_one_thing_are_folded_into_one(text: str, folded: str) -> None:
    assert normalize(text).text == folded


def test_each_folded_character_knows_where_it_came_from() -> None:
    text = "Ａ…é\u200b進½Z"
    form = normalize(text)
    for at in range(len(form.text)):
        start, end = form.span(at, at + 1)
        assert normalize(text[start:end]).text.find(form.text[at]) >= 0
    assert form.span(0, len(form.text)) == (0, len(text))
    at = form.text.index("进")
    assert text[slice(*form.span(at, at + 1))] == "進"


def test_the_table_of_traditional_characters_is_what_opencc_converts() -> None:
    import opencc
    import simplified

    assert simplified.PATH.read_text("utf-8") == simplified.table()
    convert = opencc.OpenCC("t2s").convert
    for char in simplified.han():
        assert fold(char) == normalize(char).text == convert(unicodedata.normalize("NFKC", char))


def test_an_ordinary_document_comes_back_from_cleaning_as_it_is() -> None:
    text = "A plain line—with “quotes”, tabs\tand\r\nline ends.\n中文，。「引」 emoji 👨‍👩‍👧 é\n"
    assert clean(text).text == text
    assert clean(text).removed == 0


def test_cleaning_removes_whole_sequences_and_counts_them() -> None:
    cleaned = clean("a\x1b[31mred\x1b[0m b\u202ec\x00d \U000e0041")
    assert cleaned.text == "ared bcd "
    assert cleaned.removed == 5 + 4 + 1 + 1 + 1


def test_an_unterminated_sequence_swallows_nothing() -> None:
    assert "important" in clean("\x1b]0;never ends important words").text


def test_offsets_lead_through_cleaning_to_the_original(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    for _ in range(300 * stress):
        text = "".join(
            chance.choice(SEQUENCES) if chance.random() < 0.1 else chance.choice(HOSTILE)
            for _ in range(chance.randrange(40))
        )
        cleaned = clean(text)
        for at, char in enumerate(cleaned.text):
            assert text[cleaned.origins.start(at)] == char
        assert cleaned.removed == len(text) - len(cleaned.text)
        assert clean(cleaned.text).text == cleaned.text or "\x1b" not in cleaned.text


def _allowed(char: str) -> bool:
    if char in "\n\t":
        return True
    return (
        unicodedata.category(char) not in ("Cc", "Cs")
        and char
        not in (
            "\u061c\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff"
        )
        and not "\U000e0000" <= char <= "\U000e0fff"
    )


def test_a_screen_gets_only_allowed_characters_and_the_same_again(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    for _ in range(10_000 * stress):
        text = "".join(
            chance.choice(SEQUENCES) if chance.random() < 0.1 else chance.choice(HOSTILE)
            for _ in range(chance.randrange(20))
        )
        shown = display(text)
        assert all(_allowed(char) for char in shown), ascii(text)
        assert display(shown) == shown, ascii(text)


def test_marks_piled_on_a_letter_are_cut() -> None:
    assert len(display("a" + "\u0301" * 50)) <= 9


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Plain English.", "en"),
        ("这是中文。", "zh"),
        ("Anthropic 研究所(The Anthropic Institute)", "zh"),
        ("The word 你好 means hello in Chinese.", "en"),
        ("在 Claude Code 发布之前", "zh"),
        ("2021–2023 (4.6)", None),
        ("", None),
    ],
)
def test_a_text_is_of_the_language_that_carries_it(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_quick_way_of_normalizing_gives_what_the_careful_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(12)
    odd = [
        chr(code)
        for code in (*range(0x20, 0x250), *range(0x300, 0x330), *range(0x2000, 0x2070), *range(0xFF00, 0xFFEF))
    ]
    odd += ["\n", "\r\n", "\uffff", "\u0130", "ß", "\ufb01", "繁", "體", "후", "\u1112", "\U0001f468", "\u200d"]
    texts = [
        "".join(chance.choice(odd if chance.random() < 0.2 else "ab 中文。") for _ in range(20)) for _ in range(4000)
    ]
    quick = [(normalize(each), fold(each)) for each in texts]
    monkeypatch.setattr("askdoc.text.normalize._SINGLES", dict.fromkeys(range(0x110000), "\uffff"))
    ways = set()
    for text, (found, folded) in zip(texts, quick, strict=True):
        careful = normalize(text)
        assert found.text == folded == careful.text
        assert [found.span(at, at + 1) for at in range(len(found.text))] == [
            careful.span(at, at + 1) for at in range(len(found.text))
        ]
        ways.add((found.starts is None, careful.starts is None))
    assert (True, False) in ways and (False, False) in ways


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", [""]), ("a", ["a"]), ("a\r\nb\rc\n", ["a", "b", "c", ""]), ("\u2028a\x85\u2029", ["", "a", "", ""])],
)
def test_lines_end_at_any_line_end_and_the_last_may_be_empty(text: str, lines: list[str]) -> None:
    assert [text[start:end] for start, end in line_spans(text)] == lines
    assert [(start - 2, end - 2) for start, end in line_spans(f"x\n{text}\ny", 2, 2 + len(text))] == list(
        line_spans(text)
    )


def test_a_span_is_trimmed_to_nothing_where_nothing_is_inside() -> None:
    assert trimmed(" \u3000ab \n", 0, 6) == (2, 4)
    start, end = trimmed("a \t b", 1, 4)
    assert start == end


def test_a_part_is_found_again_after_its_end() -> None:
    assert list(occurrences("aaaa aa", "aa")) == [(0, 2), (2, 4), (5, 7)]
    assert list(occurrences("人工", "智能")) == []


def test_a_chinese_string_is_proven_by_its_pairs_or_its_one_character() -> None:
    assert character_pairs("人工智能") == ("人工", "工智", "智能")
    assert character_pairs("人") == ("人",)


def test_a_taken_name_gets_the_next_free_number() -> None:
    last: dict[str, int] = {}
    assert numbered("a", (), last) == "a"
    assert numbered("a", {"a", "a-2", "a-4"}, last) == "a-3"
    assert numbered("a", {"a", "a-2", "a-3", "a-4"}, last) == "a-5"
