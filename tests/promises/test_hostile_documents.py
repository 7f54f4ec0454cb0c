"""Whatever a document holds, reading it gives a Document or a DocumentError with a clear message, within seconds.

Each bad input of the list is read as plain text, as Markdown, from bytes, and, where it fits, as passages; random damage to
good files follows. Failures that were ever found are kept in tests/data/hostile and replayed.
"""

from __future__ import annotations

import codecs
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askdoc.errors import DocumentError, LimitExceeded
from askdoc.model import Document, DocumentFiles
from askdoc.readers import read_bytes, read_document
from askdoc.text.cleaning import clean

SECONDS = 20.0
"""Far above what any case takes (2 s), for a machine that is busy."""

EN = "The lamp on the pier burns all night, and the ferries steer by it."
ZH = "码头上的灯整夜亮着,渡船都靠它辨认方向。"
KEPT = sorted((Path(__file__).parent.parent / "data" / "hostile").glob("*.*"))


def check(document: Document, *, text: str | None = None) -> None:
    """What holds of every document that was read."""
    assert document.passages
    assert len({passage.id for passage in document.passages}) == len(document.passages)
    for passage in document.passages:
        assert passage.versions
        for version in passage.versions.values():
            assert version.text.strip()
            assert 1 <= version.place.lines[0] <= version.place.lines[1]
            assert version.place.span[0] < version.place.span[1]
    sample = document.passages[:50]
    assert all(clean(version.text).removed == 0 for passage in sample for version in passage.versions.values())
    if text is not None:
        for passage in sample:
            for version in passage.versions.values():
                assert text[slice(*version.place.span)] == version.text


def outcome(read: Callable[[], Document]) -> Document | DocumentError:
    """A document or a clear error, in time; anything else is a failure."""
    started = time.perf_counter()
    try:
        document = read()
    except DocumentError as error:
        said = str(error)
        assert said
        assert said.isprintable()
        assert len(said) < 1000
        assert time.perf_counter() - started < SECONDS
        return error
    assert time.perf_counter() - started < SECONDS
    check(document)
    return document


TEXTS: dict[str, str] = {
    "nul bytes": f"{EN}\0\0 {ZH}\n",
    "cr only": f"{EN}\r{ZH}\r",
    "nel": f"{EN}\x85{ZH}\x85",
    "line separator": f"{EN}\u2028{ZH}\u2029",
    "one long line": "word " * 100_000,
    "one long line of both": f"{EN} {ZH} " * 500,
    "han without marks": "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(150_000)),
    "many headings": "".join(f"# Heading {n}\n\n" for n in range(4_000)),
    "many headings in both languages": "".join(f"## Part {n}\n\n## 部分 {n}\n\n{EN}\n\n" for n in range(700)),
    "deep headings": "\n\n".join(f"{'#' * (n % 6 + 1)} H{n}\n\nBody {n}." for n in range(1_000)),
    "deep numbers": "\n".join(f"{'1.' * depth}1 Name\n{EN}" for depth in range(200)),
    "tiny paragraphs": "p\n\n" * 4_000,
    "the same headings": f"# Same\n\n{EN}\n\n" * 300,
    "order swapped": f"{ZH}\n{EN}\n" * 3,
    "one side misses half": f"{EN}\n\n" * 8 + f"{ZH}\n\n" * 4,
    "mixed in a paragraph": f"{EN} {ZH} {EN} {ZH}\n",
    "both scripts of chinese": "码头上的灯整夜亮着。\n碼頭上的燈整夜亮著。\n",
    "rare characters": "\U00020000\U0002a6df\ue000\U0001f468\u200d\U0001f469\u200d\U0001f467 שלום עולם\n" + EN,
    "unclosed fence": f"```\n{EN}\n" + "x\n" * 5_000,
    "nested tables": "| a | b |\n|---|---|\n| | x | y | |\n" * 200,
    "wide table": "|" + "a|" * 10_000 + "\n|" + "-|" * 10_000 + "\n" + "|" + "b|" * 10_000 + "\n",
    "html": f"<div><script>alert(1)</script>\n<b>{EN}</b>\n" + "<div>" * 5_000,
    "links": f"[{EN}](javascript:alert(1)) ![x](file:///etc/passwd) <{EN}>\n",
    "front matter bomb": "---\na: &a [x,x]\n" + "b: [*a,*a]\n" * 5_000 + f"---\n{EN}\n",
    "stars": f"{'*' * 50_000}\n{EN}",
    "brackets": f"{'[' * 50_000}\n{EN}",
    "quotes": f"{'> ' * 10_000}{EN}",
    "words": "a " * 200_000,
    "items": "- a\n" * 3_000,
    "numbers": "1. a\n" * 3_000,
    "points": "a." * 50_000,
    "opening quotes": "“" * 100_000 + EN + ZH,
    "sequences": f"\x1b]0;title\x07\x1b[2J\x1bPq#\x1b\\\x9b31m\x1b_x\x1b\\{EN}\x1b]52;c;AAAA\x07\n# \x1b[31mred\n\n{ZH}\n",
    "unterminated sequence": f"\x1b]0;{EN} {ZH}\n" * 20,
    "markup": "[bold]x[/] [/foo] [@click=app.quit]y[/] [link='file:///x']z\n" + EN,
    "bidi and tags": f"\u202e{EN}\u2066\u200b\U000e0041\U000e007f{ZH}\n",
    "zalgo": "a" + "\u0301" * 20_000 + " " + EN,
    "blank lines": "\n" * 100_000 + EN,
    "blanks": " " * 200_000 + EN,
    "tabs": "\t" * 200_000 + EN,
    "rules": "-" * 200_000 + "\n" + EN,
    "underlines": f"{EN[:30]}\n===\n" * 1_500,
    "ellipses": "…" * 100_000 + ZH,
}
DATA: dict[str, bytes] = {
    "empty": b"",
    "only a mark": codecs.BOM_UTF8,
    "only a wide mark": codecs.BOM_UTF16_LE,
    "only blanks": b" \r\n\t \n",
    "only nuls": b"\0" * 1_000,
    "wide, half a character": f"{EN}\n{ZH}".encode("utf-16")[:-1],
    "wide without a mark": f"{EN}\n{ZH}\n".encode("utf-16-le"),
    "wide, big end, without a mark": f"{EN}\n{ZH}\n".encode("utf-16-be"),
    "gbk": f"{EN}\n{ZH}\n".encode("gbk"),
    "gb18030": f"{EN}\n{ZH}\U00020000\n".encode("gb18030"),
    "big5": f"{EN}\n碼頭上的燈整夜亮著,渡船都靠它。\n".encode("big5"),
    "latin-1": f"{EN} café, naïve, Ærø\n".encode("latin-1"),
    "broken in the middle": f"{EN}\n{ZH}".encode() + b"\xc3\x28\xff" + f"\n{ZH}{EN}\n".encode(),
    "overlong": f"{ZH}\n".encode() * 4 + b"\xc0\xaf\xe0\x80\xaf " + EN.encode(),
    "half a pair": f"{ZH}\n".encode() * 4 + b"\xed\xa0\x80\xed\xb0\x80 " + EN.encode(),
    "half a pair, wide": codecs.BOM_UTF16_LE + EN.encode("utf-16-le") + b"\x00\xd8\x00\xd8",
    "two encodings": f"{ZH}\n".encode() + f"{ZH}\n".encode("gb18030"),
    "utf-7": f"{EN} {ZH}".encode("utf-7"),
    "a picture": b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(20_000),
    "an archive": b"PK\x03\x04" + random.Random(2).randbytes(20_000),
    "random": random.Random(3).randbytes(50_000),
    "a pickle": b"\x80\x04\x95\x1c\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94.",
}
PASSAGES: dict[str, tuple[str, str]] = {
    "brackets": ("jsonl", "[" * 200_000),
    "objects": ("jsonl", '{"a":' * 200_000),
    "digits": ("jsonl", '{"en": "x", "n": ' + "9" * 5_000 + "}"),
    "nan": ("jsonl", '{"en": NaN}'),
    "long": ("jsonl", '{"id": "long", "zh": "' + "字" * 20_000 + '"}'),
    "same ids": ("jsonl", '{"id": "a", "en": "x"}\n' * 2),
    "many": ("jsonl", "".join(f'{{"id": "{n}", "en": "Passage {n}."}}\n' for n in range(8_000))),
    "half pairs": ("jsonl", '{"en": "\\ud800 text \\udc00"}'),
    "open quote": ("csv", 'en,zh\n"' + "x,y\n" * 60_000),
    "quotes": ("csv", "en,zh\n" + '"' * 100_000),
    "columns": ("tsv", "\t".join(["en"] * 50_000) + "\n" + "\t".join(["x"] * 50_000)),
    "commas": ("csv", "en,zh\n" + "," * 100_000),
    "laughs": (
        "tmx",
        '<!DOCTYPE t [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><tmx>&c;</tmx>',
    ),
    "external": ("tmx", '<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx>&a;</tmx>'),
    "deep": ("tmx", "<a>" * 200_000),
    "attributes": ("tmx", "<tmx " + " ".join(f"a{n}='x'" for n in range(100_000)) + "/>"),
    "declared": ("tmx", '<?xml version="1.0" encoding="UTF-7"?><tmx/>'),
    "comment": ("tmx", "<!--" + "-" * 200_000),
    "declaration": ("tmx", "<?xml" + " " * 200_000),
}


@pytest.mark.parametrize("ending", ["txt", "md"])
@pytest.mark.parametrize("case", TEXTS)
def test_hostile_text_is_read_whole_or_refused_clearly(tmp_path: Path, case: str, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(TEXTS[case].encode("utf-8"))
    found = outcome(lambda: read_document(DocumentFiles("x", ((path, None),))))
    if isinstance(found, Document):
        kept = "".join(version.text for passage in found.passages for version in passage.versions.values())
        headings = "".join(h for section in found.sections for path in section.path.values() for h in path)
        for sentence in (EN, ZH):
            if TEXTS[case].count(sentence) and "\x1b" not in TEXTS[case] and "\u202e" not in TEXTS[case]:
                assert sentence in kept + headings + "".join(found.title.values()), case
    else:
        assert isinstance(found, LimitExceeded), found


@pytest.mark.parametrize("case", DATA)
def test_hostile_bytes_are_read_or_refused_clearly(tmp_path: Path, case: str) -> None:
    outcome(lambda: read_bytes(DATA[case]))
    for ending in ("txt", "md", "jsonl", "csv", "tmx"):
        path = tmp_path / f"x.{ending}"
        path.write_bytes(DATA[case])
        outcome(lambda path=path: read_document(DocumentFiles("x", ((path, None),))))  # type: ignore[misc]


@pytest.mark.parametrize("case", PASSAGES)
def test_hostile_passages_are_read_or_refused_clearly(tmp_path: Path, case: str) -> None:
    ending, data = PASSAGES[case]
    path = tmp_path / f"x.{ending}"
    path.write_text(data, "utf-8")
    outcome(lambda: read_document(DocumentFiles("x", ((path, None),))))


@pytest.mark.parametrize(
    "case", ["order swapped", "many headings", "one long line of both", "sequences", "tiny paragraphs"]
)
def test_hostile_pairs_of_files_are_read_or_refused_clearly(tmp_path: Path, case: str) -> None:
    en, zh = tmp_path / "x.en.txt", tmp_path / "x.zh.txt"
    en.write_text(TEXTS[case][:20_000], "utf-8")
    for other in (ZH, TEXTS[case][:5_000], "# 标题\n\n" + f"{ZH}\n\n" * 50):
        zh.write_text(other, "utf-8")
        outcome(lambda: read_document(DocumentFiles("x", ((en, "en"), (zh, "zh")))))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_once_failed_stays_mended(path: Path) -> None:
    outcome(lambda: read_document(DocumentFiles("x", ((path, None),))))
    outcome(lambda: read_bytes(path.read_bytes()))


SEEDS: dict[str, bytes] = {
    "txt": f"Title\n标题\n{EN} {ZH}\n\n1. one\n2. two\n\nChapter 2\n第二章\n{EN}\n{ZH}\n".encode(),
    "md": f"---\nk: v\n---\n# T\n\n## 标题\n\n{EN}\n\n> {ZH}\n\n- a\n  - b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n".encode(),
    "jsonl": f'{{"id": "a", "en": "{EN}", "zh": "{ZH}", "section": ["S"]}}\n{{"zh": "{ZH}"}}\n'.encode(),
    "csv": f'id,en,zh\n1,"{EN}","{ZH}"\n2,"a ""b""",\n'.encode(),
    "tsv": f"en\tzh\n{EN}\t{ZH}\n".encode(),
    "tmx": (
        f'<tmx version="1.4"><body><tu tuid="1"><tuv xml:lang="en"><seg>{EN}</seg></tuv>'
        f'<tuv xml:lang="zh"><seg>{ZH}<ph>x</ph></seg></tuv></tu></body></tmx>'
    ).encode(),
}


@pytest.mark.parametrize("ending", SEEDS)
def test_random_damage_gives_a_document_or_a_clear_error(tmp_path: Path, ending: str, seed: int, stress: int) -> None:
    path = tmp_path / f"x.{ending}"
    for number in range(60 * stress):
        rng = random.Random(f"{seed} {ending} {number}")
        data = bytearray(SEEDS[ending] if rng.random() < 0.7 else SEEDS[ending].decode().encode("gb18030"))
        for _ in range(rng.randint(1, 6)):
            at, size = rng.randrange(len(data) + 1), rng.randint(1, 20)
            match rng.randrange(5):
                case 0:
                    data[at : at + size] = b""
                case 1:
                    data[at:at] = rng.randbytes(size)
                case 2:
                    data[at:at] = data[rng.randrange(len(data) + 1) :][:size]
                case 3 if at < len(data):
                    data[at] ^= 1 << rng.randrange(8)
                case _:
                    other = SEEDS[rng.choice(list(SEEDS))]
                    data[at:at] = other[rng.randrange(len(other)) :][: size * 3]
        path.write_bytes(data)
        outcome(lambda: read_document(DocumentFiles("x", ((path, None),))))


def test_the_spans_of_a_damaged_text_hold_what_is_shown_in_its_order(seed: int, stress: int) -> None:
    for number in range(100 * stress):
        rng = random.Random(f"{seed} {number}")
        text = "".join(
            rng.choice([EN, ZH, "\x1b[31m", "\u202e", "\n", "\r\n", "# ", "- ", " ", "\0"]) for _ in range(20)
        )
        try:
            document = read_bytes(text.encode())
        except DocumentError:
            continue
        for passage in document.passages:
            for version in passage.versions.values():
                piece = clean(text[slice(*version.place.span)]).text
                assert (piece[0], piece[-1]) == (version.text[0], version.text[-1])
                rest = iter(piece)
                assert all(char in rest for char in version.text if not char.isspace())
