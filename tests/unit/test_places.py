"""Every place: no occurrence is missed, nothing else is given, highlights are exact; and asking inside a section."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import askdoc
from askdoc.opening import open_bytes
from askdoc.text.han import HAN
from askdoc.text.normalize import fold, normalize

TEXT = """The harbour report
港口报告
Ships and cranes
船舶与起重机
The harbour unloaded 412 ships in 2024. It is what it is. 2024 年港口卸载了 412 艘船。“就是这样”。
Two electric cranes replaced the diesel crane. ELECTRIC  CRANES are quiet. 两台电动起重机取代了柴油起重机。
Noise
噪声
The 12-hour shift, not 12 hours of noise: don’t complain. 十二小时的班次,人工和智能都在。
AI said again: rain. AI 又说了一次:下雨。遞歸的歸納。
Only in English: the SWE-bench [bold]x[/] of Ｆｕｌｌ width, café.
"""

SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"


@pytest.fixture
def index() -> Iterator[askdoc.Index]:
    with open_bytes(TEXT.encode(), "report") as opened:
        yield opened


def lines(places: askdoc.Places) -> list[int]:
    return [next(iter(find.versions.values())).place.lines[0] for find in places.finds]


def marked(places: askdoc.Places) -> list[str]:
    return [
        version.text[start:end]
        for find in places.finds
        for version in find.versions.values()
        for start, end in version.highlights
    ]


@pytest.mark.parametrize(
    "words", ['"electric cranes"', "“Electric Cranes”", "«electric\n cranes»", "『ｅｌｅｃｔｒｉｃ cranes』"]
)
def test_a_phrase_in_quotes_is_found_as_it_stands_whatever_its_case_width_and_blanks(index, words: str) -> None:
    places = index.places(words)
    assert (places.exact, places.words, lines(places)) == (True, words, [6])
    assert marked(places) == ["electric cranes", "ELECTRIC  CRANES"]
    assert places.finds[0].count == 2


def test_a_phrase_can_be_asked_for_without_quotes(index) -> None:
    assert marked(index.places("it is what it is", exact=True)) == ["It is what it is"]
    assert marked(index.places("it is what it is")) == ["It is what it is"]  # stop words only: a phrase


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("「起重机」", ["起重机", "起重机"]),
        ("“递归”", ["遞歸"]),
        ('"cafe"', ["café"]),
        ('"full WIDTH"', ["Ｆｕｌｌ width"]),
        ('"don\'t"', ["don’t"]),
        ('"[bold]x[/]"', ["[bold]x[/]"]),
        ('"412"', ["412", "412"]),
        ('":"', [":"] * 4),
    ],
)
def test_highlights_are_the_documents_own_characters(index, words: str, found: list[str]) -> None:
    assert marked(index.places(words)) == found


def test_a_phrase_stands_as_whole_words_and_only_else_inside_words(index) -> None:
    assert marked(index.places('"AI"')) == ["AI", "AI"]
    assert marked(index.places('"arbou"')) == ["arbou"]
    assert marked(index.places('"4"')) == ["4", "4", "4", "4"]  # no word of its own anywhere: inside 412 and 2024


def test_words_are_found_in_any_form_all_in_one_passage_in_either_version(index) -> None:
    assert lines(index.places("crane")) == [6]
    assert marked(index.places("replacing cranes")) == ["cranes", "replaced", "crane", "CRANES"]
    assert lines(index.places("harbour 卸载")) == [5]
    assert index.places("harbour crane").finds == ()
    assert marked(index.places("12-hour")) == ["12-hour", "12 hours"]
    assert marked(index.places("bench swe")) == ["SWE", "bench"]


def test_a_chinese_word_that_stands_nowhere_whole_is_found_by_the_parts_it_is_made_of(index) -> None:
    assert marked(index.places("人工智能")) == ["人工", "智能"]


def test_places_are_counted_by_section_in_document_order(index) -> None:
    places = index.places('"the"')
    assert lines(places) == [5, 6, 9, 11]
    assert [(part.section["en"], part.section["zh"], part.count) for part in places.sections] == [
        (("Ships and cranes",), ("船舶与起重机",), 2),
        (("Noise",), ("噪声",), 2),
    ]
    assert places.finds[0].passage_id.startswith("report#")


@pytest.mark.parametrize(
    "words", ["", "  ", '""', "“ ”", "\x00", "\u200b", '"\u200b"', "x" * 1001, '"' + "x" * 1001 + '"']
)
def test_nothing_and_too_much_cannot_be_looked_for(index, words: str) -> None:
    with pytest.raises(askdoc.QueryError):
        index.places(words)


def test_places_can_be_narrowed(index) -> None:
    assert lines(index.places("the", section=("Noise",))) == [9, 11]
    assert lines(index.places("the", section=("船舶与起重机",), document="report")) == [5, 6]


def squeezed(text: str) -> str:
    """Independent of the code: fold, one kind of quotes and hyphens, one blank."""
    text = re.sub("[‘’‛]", "'", re.sub("[“”„‟«»「」『』]", '"', normalize(text).text))
    return re.sub(r"\s+", " ", re.sub("[‐‑–−]", "-", text)).strip()


def bounded(phrase: str, text: str) -> bool:
    def inside(at: int) -> bool:
        pair = text[max(at - 1, 0) : at + 1]
        return len(pair) == 2 and 0 < at and all(char.isalnum() and not HAN.match(char) for char in pair)

    return any(
        not inside(at) and not inside(at + len(phrase)) for at in range(len(text)) if text.startswith(phrase, at)
    )


@pytest.mark.parametrize("source", [TEXT, SAMPLE.read_text("utf-8")], ids=["small", "sample"])
def test_no_place_of_a_phrase_is_missed_by_brute_force(source: str, seed: int, stress: int) -> None:
    chance = random.Random(seed)
    with open_bytes(source.encode(), "report") as index:
        passages = list(index.passages())
        texts = [(passage.passage_id, version.text) for passage in passages for version in passage.versions.values()]
        for _ in range(150 * stress):
            _, text = chance.choice(texts)
            start = chance.randrange(len(text))
            slice_ = text[start : start + chance.choice([1, 2, 3, 5, 8, 20, 60])]
            phrase = squeezed(slice_)
            if not phrase:
                continue
            holding = {name for name, text in texts if bounded(phrase, squeezed(text))}
            holding = holding or {name for name, text in texts if phrase in squeezed(text)}
            places = index.places(slice_, exact=True)
            assert {find.passage_id for find in places.finds} == holding, slice_
            assert all(squeezed(found) == phrase for found in marked(places)), (slice_, marked(places))


def test_no_place_of_words_is_missed_by_brute_force(seed: int, stress: int) -> None:
    from askdoc.analysis import tokens

    chance = random.Random(seed)
    with open_bytes(SAMPLE.read_bytes(), "report") as index:
        passages = list(index.passages())
        vocabulary = sorted(
            {
                (token.term, version.text[token.start : token.end])
                for passage in passages
                for language, version in passage.versions.items()
                if language == "en"
                for token in tokens(version.text, asking=True)
                if token.kind == "word" and token.term.isalpha()
            }
        )
        for _ in range(100 * stress):
            chosen = [chance.choice(vocabulary) for _ in range(chance.choice([1, 1, 2]))]
            words = " ".join(surface for _, surface in chosen)
            if any(character in words for character in "-./’'"):
                continue
            holding = [
                passage.passage_id
                for passage in passages
                if all(
                    any(
                        term in {each.term for each in tokens(v.text) if each.kind != "stop"}
                        for v in passage.versions.values()
                    )
                    for term, _ in chosen
                )
            ]
            assert [find.passage_id for find in index.places(words).finds] == holding, words


def test_folding_quickly_and_with_offsets_give_the_same(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    pieces = [*"aÉßﬁ中遞\n\r \u3000Ａ１。，①㎏\u0301\u200b\uffff𠀀", "e\u0301", "中\n国", "\U0001f469\u200d"]
    for _ in range(3_000 * stress):
        text = "".join(chance.choice(pieces) for _ in range(chance.randrange(12)))
        assert fold(text) == normalize(text).text, ascii(text)


def test_an_empty_and_a_one_language_index_have_places_too(tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("Dogs bark.\nCats sleep.\n", "utf-8")
    target = tmp_path / "x.askdoc"
    askdoc.build_index(path, target)
    with askdoc.open(target) as index:
        assert marked(index.places("bark")) == ["bark"]
        assert index.places("狗").finds == ()
        assert index.places('"。"').finds == ()
    from askdoc.indexing.operations import remove_document

    remove_document(target, "plain")
    with askdoc.open(target) as index:
        assert index.places("bark").finds == ()
        assert index.places('"."').finds == ()
        assert (index.sections(), index.suggestions("en"), index.suggestions("zh")) == ((), (), ())
        assert index.related(index.ask("Dogs?"), "en") == ()


def test_a_refreshed_index_is_looked_through_anew(tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("Dogs bark.\nCats sleep.\n", "utf-8")
    with askdoc.open(path) as index:
        assert len(index.places('"s"').finds) == 2
        path.write_text("Dogs bark.\nCats sleep.\nMice squeak.\nEnd\n", "utf-8")
        with askdoc.open(path):
            assert len(index.places('"k"').finds) == 2
            assert len(index.sections()) >= 1
            assert sum(section.passages for section in index.sections()) == len(list(index.passages()))


# --- sections ------------------------------------------------------------------------------------------------------

TREE = """# Boats\n\nBoats float.\n\n## Sail\n\nWind moves boats.\n\n### Rig\n\nRopes hold boats.\n\n## Notes\n\nBoats are old.\n
# Trains\n\nTrains roll.\n\n## Notes\n\nTrains are loud, boats are not.\n\n# Empty\n"""


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[askdoc.Index]:
    path = tmp_path / "tree.md"
    path.write_text(TREE, "utf-8")
    with askdoc.open(path) as opened:
        yield opened


def test_the_outline_lists_sections_in_order_with_what_lies_in_and_below_them(tree: askdoc.Index) -> None:
    outline = [(" › ".join(each.path["en"]), each.passages, each.line) for each in tree.sections("tree")]
    assert outline == [
        ("Boats", 4, 1),
        ("Boats › Sail", 2, 5),
        ("Boats › Sail › Rig", 1, 9),
        ("Boats › Notes", 1, 13),
        ("Trains", 2, 17),
        ("Trains › Notes", 1, 21),
    ]
    first = tree.sections()[2].passage_id
    assert tree.show(first, 0).passages[0].versions["en"].text == "Ropes hold boats."


def test_the_outline_has_both_languages(index: askdoc.Index) -> None:
    assert [(each.path["en"], each.path["zh"], each.passages) for each in index.sections()] == [
        (("Ships and cranes",), ("船舶与起重机",), 2),
        (("Noise",), ("噪声",), 3),
    ]


def test_asking_within_a_section_answers_from_it_alone_with_the_whole_indexs_statistics(tree: askdoc.Index) -> None:
    everywhere = tree.ask("boats", limit=None)
    within = tree.ask("boats", limit=None, section=("Boats", "Sail"))
    assert {hit.versions["en"].text for hit in within.hits} == {"Wind moves boats.", "Ropes hold boats."}
    scores = {hit.passage_id: hit.score for hit in everywhere.hits}
    assert all(hit.score == pytest.approx(scores[hit.passage_id]) for hit in within.hits)
    assert tree.ask("trains", section=("Boats",)).hits == ()
    assert not tree.ask("trains", section=("Boats",)).found
    assert tree.ask("trains", section=("Boats",)).missing == ()


def test_asking_within_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Dogs bark.\n", "utf-8")
    (tmp_path / "b.txt").write_text("Dogs sleep.\n", "utf-8")
    with askdoc.open([tmp_path / "a.txt", tmp_path / "b.txt"]) as index:
        assert [hit.document for hit in index.ask("dogs", limit=None, document="b").hits] == ["b"]
        assert [find.document for find in index.places("dogs", document="a").finds] == ["a"]
        assert [section.document for section in index.sections()] == ["a", "b"]
        with pytest.raises(askdoc.UsageError, match="Did you mean a"):
            index.ask("dogs", document="aa")


def test_a_heading_is_found_by_its_name_or_a_part_of_it_in_either_language(index, tree) -> None:
    assert index.section_named("noise") == ("Noise",)
    assert index.section_named("起重机") in (("船舶与起重机",), ("Ships and cranes",))
    assert tree.section_named("SAIL") == ("Boats", "Sail")
    assert tree.section_named("Trains › Notes") == ("Trains", "Notes")
    assert tree.section_named("boats") == ("Boats",)


def test_a_heading_that_is_not_there_or_not_alone_is_said_with_the_nearest(index, tree) -> None:
    with pytest.raises(askdoc.UsageError, match="Boats › Notes, Trains › Notes"):
        tree.section_named("notes")
    with pytest.raises(askdoc.UsageError, match="nearest headings: Noise"):
        index.section_named("Nose")
    with pytest.raises(askdoc.UsageError):
        index.ask("ships", section=("Nose",))
    with pytest.raises(askdoc.UsageError):
        index.section_named("")
    with open_bytes(b"Dogs bark.\n", "plain") as plain, pytest.raises(askdoc.UsageError, match="no headings"):
        plain.section_named("x")
