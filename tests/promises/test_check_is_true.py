"""What ``check`` reports is true: an index that was just built is clean, whatever text its documents hold.

Real documents are damaged as careless tools do it: read in a wrong encoding, scripts spliced, words widened, lines
lost. They are read by the program's own readers, alone and as pairs and as passages, and built many to an index.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from askdoc import readers
from askdoc.errors import DocumentError
from askdoc.indexing.operations import build_index, check_index
from askdoc.indexing.plan import default_components
from askdoc.limits import DEFAULT, Limits
from askdoc.model import RECORD_ENDINGS, Document, DocumentFiles, Language, Passage, other

ROOT = Path(__file__).parents[2]
DOCUMENTS = 120
"""Documents of a default run."""

BATCH = 40
"""Documents of one index."""

ENGLISH = (
    "The lamp on the pier burns all night, and the ferries steer by it; nobody puts it out before the morning comes."
)
CHINESE = "码头上的灯整夜亮着,渡船都靠它辨认方向。天亮以前没有人去熄灭它。"
FOREIGN = (
    "ひらがなとカタカナの文章です。", "Фонарь на пирсе горит всю ночь, и паромы идут по нему.", "הפנס על הרציף דולק כל הלילה",
    "등대는 밤새도록 켜져 있다", "𠀀𠀁𠀂 〇〡〢 々〆", "ＡＩ　ｍｏｄｅｌｓ，２０２６", "ﬁﬂ ǅ ß İı ſ", "\u0301\u0302\u0323 \u20e3",
    "1984 3.14 50% 2026-01-01 (1) [2]", "👩‍👩‍👧 ☃ ∮ ∑ ½ Ⅷ ㊙", "—— …… !!! ??? ***", "、。「」〈〉", "\ufffd\ufffd\ufffd",
    "\x1b[31m\x00\u202e", "naïve café Ærøskøbing", "x", "中",
)  # fmt: skip
ENCODINGS = ("latin-1", "cp1252", "gb18030", "big5", "utf-16-le", "utf-16-be", "shift_jis", "koi8-r", "utf-7", "cp437")


def _texts() -> list[str]:
    """Good documents to begin with."""
    paths = [*sorted((ROOT / "index").glob("*.txt")), *sorted((ROOT / "tests" / "data" / "hostile").glob("*.*"))]
    paths += [ROOT / "README.md", ROOT / "tests" / "data" / "README.md"]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()]
    texts += [
        f"{ENGLISH}\n\n{CHINESE}\n\n" * 4,
        f"{ENGLISH} {CHINESE}\n" * 4,
        f"# One\n\n{ENGLISH}\n\n# 一\n\n{CHINESE}\n",
    ]
    return texts


def _wrong_encoding(text: str, rng: random.Random) -> str:
    data = text.encode(rng.choice(["utf-8", *ENCODINGS]), "replace")
    return data.decode(rng.choice(["utf-8", *ENCODINGS]), "replace")


def _spliced(text: str, rng: random.Random) -> str:
    places = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randint(1, 30)))
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    return "".join(piece + rng.choice([*FOREIGN, ENGLISH, CHINESE, "\n", "\n\n", " ", "|", " / "]) for piece in pieces)


def _wide(text: str, rng: random.Random) -> str:
    share = rng.random()
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and rng.random() < share else char for char in text)


def _only(text: str, rng: random.Random) -> str:
    wanted: Callable[[str], bool] = rng.choice(
        [str.isdigit, str.isspace, lambda char: not char.isalpha(), lambda char: char > "\x7f", str.isascii]
    )
    return "".join(char for char in text if wanted(char) or (char in "\n " and rng.random() < 0.9))


def _replaced(text: str, rng: random.Random) -> str:
    alphabet = rng.choice([*FOREIGN, ENGLISH, CHINESE])
    share = rng.random() ** 2
    return "".join(rng.choice(alphabet) if not char.isspace() and rng.random() < share else char for char in text)


def _shuffled(text: str, rng: random.Random) -> str:
    separator = rng.choice(["\n", " ", "。", ". ", ","])
    pieces = text.split(separator)
    rng.shuffle(pieces)
    return separator.join(pieces[: rng.randint(1, len(pieces))])


def _joined(text: str, rng: random.Random) -> str:
    return text.replace("\n", rng.choice(["", " ", "\r", "\u2028", "\x85", " | "]))


def _mixed(text: str, rng: random.Random) -> str:
    """Long stretches of one language inside the other: what is cut into passages after the languages were told apart."""
    parts = [rng.choice([ENGLISH, CHINESE, *FOREIGN]) * rng.randint(1, 12) for _ in range(rng.randint(1, 12))]
    return text[: rng.randrange(400)] + rng.choice(["", " ", "\n"]).join(parts)


def _listed(text: str, rng: random.Random) -> str:
    mark = rng.choice(["- ", "1. ", "> ", "    ", "| ", "# ", "```\n"])
    return "\n".join(mark + line if rng.random() < 0.7 else line for line in text.splitlines())


MUTATIONS = (_wrong_encoding, _spliced, _wide, _only, _replaced, _shuffled, _joined, _mixed, _listed)


def _mutated(rng: random.Random, texts: list[str]) -> str:
    text = rng.choice(texts)
    start = rng.randrange(max(1, len(text) - 2000))
    text = text[start : start + rng.choice([40, 400, 4000])]
    for mutation in rng.sample(MUTATIONS, rng.randint(1, 3)):
        text = mutation(text, rng)
    return text


def _write(rng: random.Random, name: str, texts: list[str]) -> list[Path]:
    """A document in one of the ways in which it may come: a file, two files, passages."""
    way = rng.choice(["txt", "txt", "txt", "md", "md", "pair", "jsonl", "csv"])
    if way == "pair":
        paths = [Path(f"{name}.en.{rng.choice(['txt', 'md'])}"), Path(f"{name}.zh.{rng.choice(['txt', 'md'])}")]
        contents = [_mutated(rng, texts) for _ in paths]
    else:
        paths, contents = [Path(f"{name}.{way}")], [_mutated(rng, texts)]
    if way == "jsonl":
        contents = ["".join(json.dumps({rng.choice(["en", "zh"]): line}) + "\n" for line in contents[0].splitlines())]
    elif way == "csv":
        cells = io.StringIO()
        csv.writer(cells).writerows([["en", "zh"], *([line, line[::-1]] for line in contents[0].splitlines())])
        contents = [cells.getvalue()]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content.encode(rng.choice(["utf-8"] * 6 + ["gb18030", "utf-16"]), "replace"))
    return paths


UNUSUAL: dict[str, dict[str, str]] = {
    "a Chinese file that quotes English": {
        "a.en.txt": f"{ENGLISH}\n\n{ENGLISH}\n",
        "a.zh.txt": f"{CHINESE}\n\n{ENGLISH}\n",
    },
    "an English file that quotes Chinese": {
        "a.en.txt": f"{ENGLISH}\n\n灯\n",
        "a.zh.txt": f"{CHINESE}\n\n灯\n",
    },
    "passages in the other language": {"a.jsonl": json.dumps({"zh": ENGLISH, "en": CHINESE}) + "\n"},
    "a table in the other language": {"a.csv": "zh\nThe lamp on the pier burns all night for the ferries."},
    "a long Chinese block that ends in English": {"a.txt": CHINESE * 30 + "the lamp burns all night. " * 30 + "\n"},
    "a long English block that ends in Chinese": {"a.txt": ENGLISH * 30 + "灯。" * 400 + "\n"},
    "numbers alone": {"a.txt": "1984\n\n3.14\n"},
    "marks between languages": {"a.txt": f"{CHINESE}\n\n———\n\n{ENGLISH}\n\n———\n"},
    "another script": {"a.txt": f"{FOREIGN[1]}\n\n{CHINESE}\n\n{FOREIGN[0]}\n"},
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_the_check_of_an_unusual_document_just_built_is_clean(kind: str) -> None:
    for name, content in UNUSUAL[kind].items():
        Path(name).write_text(content, encoding="utf-8")
    components = default_components(semantic=False)
    build_index(list(map(Path, UNUSUAL[kind])), "x.askdoc", components=components)
    assert [str(problem) for problem in check_index("x.askdoc", components=components)] == []


def _swapped(language: Language) -> Callable[[Passage], Passage]:
    """A passage whose version says that it is in the other language."""

    def change(passage: Passage) -> Passage:
        if set(passage.versions) != {language}:
            return passage
        return replace(passage, versions={other(language): passage.versions[language]})

    return change


@pytest.mark.parametrize(
    ("contents", "language"),
    [
        ({"a.txt": f"{ENGLISH}\n"}, "en"),
        ({"a.txt": f"{CHINESE}\n"}, "zh"),
        ({"a.md": f"# One\n\n{ENGLISH}\n\n# Two\n\nShort words.\n"}, "en"),
        ({"a.txt": CHINESE * 60}, "zh"),
        ({"a.en.txt": f"{ENGLISH}\n\nMore about lamps.\n" * 3, "a.zh.txt": f"{CHINESE}\n"}, "en"),
    ],
)
def test_a_language_that_the_reader_cannot_have_given_is_found_also_where_all_else_agrees(
    contents: dict[str, str], language: Language
) -> None:
    """Terms, lengths and counts are made from the wrong language as well: only the text and its source tell."""
    for name, content in contents.items():
        Path(name).write_text(content, encoding="utf-8")
    components = default_components(semantic=False)

    def read(named: DocumentFiles, limits: Limits) -> Document:
        document = components.read(named, limits)
        changed = tuple(map(_swapped(language), document.passages))
        assert changed != document.passages
        return replace(document, passages=changed)

    build_index(list(map(Path, contents)), "x.askdoc", components=replace(components, read=read))
    problems = check_index("x.askdoc", components=components)
    assert {problem.key for problem in problems} == {"index-check-language"}


def test_endings_of_passages_are_those_of_the_readers() -> None:
    texts = ("plain", "markdown")
    assert {ending for ending, form in readers._FORMATS.items() if form not in texts} == RECORD_ENDINGS


def test_the_check_of_documents_just_built_is_clean(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    texts = _texts()
    components = default_components(semantic=False)
    built = passages = number = 0
    while built < DOCUMENTS * stress:
        paths: list[Path] = []
        documents = 0
        for _ in range(BATCH):
            number += 1
            document = _write(rng, f"d{number}", texts)
            named = components.group(document, [])
            try:
                for files in named:
                    components.read(files, DEFAULT)
            except DocumentError:
                continue
            documents += len(named)
            paths += document
        report = build_index(paths, "x.askdoc", components=components)
        problems = check_index("x.askdoc", components=components)
        assert problems == [], [str(problem) for problem in problems]
        built += documents
        passages += report.passages
        Path("x.askdoc").unlink()
    print(built, "documents of", passages, "passages built, none reported")
