"""Passages files are taken as they are: ids kept, pairs sure, places true; what is no passage is refused by its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askdoc.errors import DocumentError, DocumentMalformed, LimitExceeded
from askdoc.limits import Limits
from askdoc.model import Document, DocumentFiles
from askdoc.readers import read_document

TMX = """<?xml version="1.0" encoding="{encoding}"?>
<tmx version="1.4"><header srclang="en"/><body>
<tu tuid="a">
  <tuv xml:lang="en-US"><seg>The <bpt i="1">&lt;b&gt;</bpt>gate<ept i="1">&lt;/b&gt;</ept> is &amp; stays shut.</seg></tuv>
  <tuv xml:lang="zh-CN"><seg>大门一直关着。</seg></tuv>
  <tuv xml:lang="de"><seg>Das Tor ist zu.</seg></tuv>
</tu>
<tu><tuv lang="ZH"><seg>只有中文。</seg></tuv></tu>
<tu tuid="a"><tuv xml:lang="en"><seg>Once more.</seg></tuv></tu>
</body></tmx>
"""


def read(tmp_path: Path, name: str, data: str | bytes, limits: Limits | None = None) -> Document:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_document(DocumentFiles("doc", ((path, None),)), limits=limits or Limits())


def texts(document: Document) -> list[tuple[str, str | None, str | None]]:
    return [
        (passage.id, *(passage.versions[lang].text if lang in passage.versions else None for lang in ("en", "zh")))  # type: ignore[misc]
        for passage in document.passages
    ]


def test_jsonl_keeps_ids_sections_and_places(tmp_path: Path) -> None:
    lines = [
        {"id": "p1", "en": "The gate.", "zh": "大门。", "section": ["One", "Two"]},
        {"id": 7, "zh": "只有\u2028中文。", "section": "One"},
        {"en": "No id here.", "zh": None, "other": [1, 2]},
    ]
    data = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
    document = read(tmp_path, "x.jsonl", data)
    (first, second, third) = document.passages
    assert (first.id, first.alignment, first.bead, first.confidence) == ("p1", "paired", "1:1", 1.0)
    assert (second.id, second.alignment, second.bead, second.confidence) == ("7", "none", "", 0.0)
    assert len(third.id) >= 8
    assert first.versions["en"].section == ("One", "Two")
    assert second.versions["zh"].section == ("One",)
    assert second.versions["zh"].text == "只有\u2028中文。"
    assert first.versions["zh"].place.lines == (1, 1)
    assert json.loads(data[slice(*second.versions["zh"].place.span)])["id"] == 7
    assert third.versions["en"].place.lines[0] >= 5
    assert [dict(section.path)["en"] for section in document.sections] == [("One", "Two"), ("One",), ()]


def test_generated_ids_are_unique_also_beside_given_ones(tmp_path: Path) -> None:
    document = read(tmp_path, "x.jsonl", '{"en": "Same."}\n{"en": "Same."}\n{"zh": "同。"}\n')
    assert len({passage.id for passage in document.passages}) == 3


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"text"',
        "null",
        "{'en': 'x'}",
        '{"en": 5}',
        '{"zh": ["x"]}',
        '{"en": "x", "id": true}',
        '{"en": "x", "id": 1.5}',
        '{"en": "x", "id": "a\\nb"}',
        '{"en": "x", "id": "\\u001b[0m"}',
        '{"en": "x", "section": {"a": 1}}',
        '{"en": "x", "section": [1]}',
        '{"en": "x", "en": "y"}',
        '{"en": "x", "n": NaN}',
        '{"en": "x", "n": -Infinity}',
        '{"en": "x", "n": ' + "9" * 5_000 + "}",
        "[" * 200_000,
        '{"a":' * 100_000,
        '{"en": "x", "id": "taken"}',
        '{"en": "x", "id": "' + "i" * 201 + '"}',
    ],
    ids=lambda line: line[:24],
)
def test_a_line_that_is_no_passage_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(DocumentMalformed) as caught:
        read(tmp_path, "x.jsonl", '{"en": "fine", "id": "taken"}\n\n' + line + "\n")
    assert caught.value.fields["line"] == 3
    assert len(str(caught.value)) < 600


def test_escaped_controls_in_json_are_removed_like_any_others(tmp_path: Path) -> None:
    document = read(tmp_path, "x.jsonl", '{"en": "a\\u001b[31mb\\u202e\\ud800c"}\n')
    assert texts(document)[0][1] == "abc"


def test_records_without_text_are_left_out_and_counted(tmp_path: Path) -> None:
    document = read(tmp_path, "x.jsonl", '{"en": "One."}\n{"en": " ", "zh": ""}\n{"id": "n"}\n')
    assert len(document.passages) == 1
    assert [(each.key, each.fields["count"], each.fields["line"]) for each in document.warnings] == [
        ("reader-blank-records", 2, 2)
    ]


@pytest.mark.parametrize("name", ["x.jsonl", "x.tsv", "x.csv", "x.tmx"])
def test_a_file_without_passages_says_so(tmp_path: Path, name: str) -> None:
    data = {"x.jsonl": "{}", "x.tsv": "en\tzh\n", "x.csv": "en,zh\n", "x.tmx": "<tmx><body/></tmx>"}[name]
    with pytest.raises(DocumentMalformed) as caught:
        read(tmp_path, name, data)
    assert caught.value.key == "reader-no-records"


def test_the_length_of_a_passage_is_limited_and_the_passage_named(tmp_path: Path) -> None:
    for length in (9_999, 10_000):
        assert len(read(tmp_path, "x.jsonl", json.dumps({"zh": "字" * length})).passages) == 1
    for record in ({"id": "big", "zh": "字" * 10_001}, {"zh": "字" * 10_001}):
        with pytest.raises(LimitExceeded) as caught:
            read(tmp_path, "x.jsonl", json.dumps(record))
        assert caught.value.fields["id"] == record.get("id", "1")


def test_the_number_of_passages_is_limited(tmp_path: Path) -> None:
    limits = Limits(document_passages=3)
    for count in (2, 3):
        assert len(read(tmp_path, "x.csv", "en\n" + "a row\n" * count, limits).passages) == count
    with pytest.raises(LimitExceeded):
        read(tmp_path, "x.csv", "en\n" + "a row\n" * 4, limits)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.csv", 'id,en,zh,section\n1,"The gate, shut","大门,关着",One\n2,"Two\nlines",,One\n'),
        ("x.csv", '\ufeffID;EN;ZH;Section\r\n1;"The gate, shut";大门,关着;One\r\n2;"Two\nlines";;One\r\n'),
        ("x.tsv", 'id\ten\tzh\tsection\n1\tThe gate, shut\t大门,关着\tOne\n2\t"Two\nlines"\t\tOne\n'),
    ],
)
def test_tables_are_read_by_their_column_names(tmp_path: Path, name: str, data: str) -> None:
    document = read(tmp_path, name, data)
    assert texts(document) == [("1", "The gate, shut", "大门,关着"), ("2", "Two\nlines", None)]
    assert document.passages[1].versions["en"].place.lines == (3, 4)
    assert document.passages[0].versions["en"].section == ("One",)


def test_quotes_in_plain_tab_separated_text_are_text(tmp_path: Path) -> None:
    document = read(tmp_path, "x.tsv", 'en\tzh\n"Come in," he said.\t“进来。”\n5" pipe\t五寸管\n')
    assert [en for _, en, _ in texts(document)] == ['"Come in," he said.', '5" pipe']


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ("one,two\nx,y\n", "reader-columns"),
        ("en,zh\na,b,c\n", "reader-record"),
        ('en,zh\n"a,b\nc,d\n' + "e,f\n" * 60_000, "reader-record"),
        ('en,zh\n"a"b,c\n', "reader-record"),
        ("en,id\na,1\nb,1\n", "reader-record"),
    ],
)
def test_broken_tables_are_refused(tmp_path: Path, data: str, key: str) -> None:
    with pytest.raises(DocumentMalformed) as caught:
        read(tmp_path, "x.csv", data)
    assert caught.value.key == key


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16", "UTF-7", "nonsense"])
def test_translation_memories_are_read_whatever_they_declare(tmp_path: Path, codec: str, declared: str) -> None:
    data = TMX.replace("{encoding}", declared)
    document = read(tmp_path, "x.tmx", data.encode(codec))
    assert [(en, zh) for _, en, zh in texts(document)] == [
        ("The gate is & stays shut.", "大门一直关着。"),
        (None, "只有中文。"),
        ("Once more.", None),
    ]
    assert document.passages[0].id == "a"
    assert document.passages[2].id == "a-2"
    assert document.passages[0].versions["zh"].place.lines == (3, 7)
    assert data[slice(*document.passages[1].versions["zh"].place.span)].endswith("只有中文。</seg></tuv></tu>")


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE tmx [<!ENTITY a "x">]><tmx><body><tu><tuv lang="en"><seg>&a;</seg></tuv></tu></body></tmx>',
        '<!DOCTYPE tmx SYSTEM "file:///etc/hostname"><tmx/>',
        "<!DOCTYPE tmx SYSTEM 'tmx14.dtd'><tmx><body/></tmx>",
        "<tmx><body><tu>",
        "no xml",
        "<a></b>",
        '<tmx><body><tu><tuv lang="en"><seg>&undefined;</seg></tuv></tu></body></tmx>',
        "<a>" * 200_000,
        "<a " + "x='1' " * 2 + "/>",
    ],
    ids=lambda data: data[:30],
)
def test_document_types_entities_and_broken_xml_are_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, "x.tmx", data)
    assert caught.value.key in ("reader-tmx", "reader-deep")


def test_long_memories_have_true_places_to_the_end(tmp_path: Path) -> None:
    units = "".join(
        f'<tu><tuv xml:lang="en"><seg>Number {n}.</seg></tuv><tuv xml:lang="zh"><seg>第{n}号😀。</seg></tuv></tu>\n'
        for n in range(3_000)
    )
    document = read(tmp_path, "x.tmx", f"<tmx><body>\n{units}</body></tmx>")
    assert len(document.passages) == 3_000
    text = (tmp_path / "x.tmx").read_text("utf-8")
    for n in (0, 1_500, 2_999):
        place = document.passages[n].versions["en"].place
        assert place.lines == (n + 2, n + 2)
        piece = text[slice(*place.span)]
        assert piece.startswith("<tu>")
        assert piece.endswith("</tu>")
        assert f"Number {n}." in piece


def test_a_passages_file_is_no_half_of_a_pair(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.txt"):
        (tmp_path / name).write_text('{"en": "x"}')
    with pytest.raises(DocumentMalformed) as caught:
        read_document(DocumentFiles("doc", ((tmp_path / "a.jsonl", "en"), (tmp_path / "b.txt", "zh"))))
    assert caught.value.key == "reader-pair-passages"
