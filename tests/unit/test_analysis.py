"""askdoc.analysis: what people write in several ways is one term; Latin names stay whole in Chinese; offsets are true.

Segmentation is jieba's own, over its packaged dictionary alone.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import askdoc
from askdoc.analysis import chinese, fingerprint, index_terms, tokens
from askdoc.analysis.dictionary import KNOWN_HEAD, Dictionary
from askdoc.model import Passage, Place, Version
from askdoc.text.cleaning import display
from askdoc.text.han import HAN_RUN
from askdoc.text.normalize import normalize

SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"


def terms(text: str, *, asking: bool = False) -> list[str]:
    return [token.term for token in tokens(text, asking=asking) if token.kind != "stop"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("12-hour", "12 hours"),
        ("SWE-bench", "swebench"),
        ("SWE-bench", "SWE bench"),
        ("Anthropic's", "Anthropic"),
        ("engineers’", "engineer"),
        ("doubling", "doubled"),
        ("1,234", "1234"),
        ("node.js", "nodejs"),
        ("e-mail", "email"),
        ("ＧＰＴ－４", "GPT-4"),
        ("結論", "结论"),
        ("U.S.", "US law"),
    ],
)
def test_ways_to_write_one_thing_share_a_term(one: str, two: str) -> None:
    assert set(terms(one)) & set(terms(two))


@pytest.mark.parametrize("version", ["4.6", "3.11.2", "v2.0"])
def test_a_version_stays_whole(version: str) -> None:
    assert terms(f"Opus {version} came") == ["opus", version, "came"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("重跑gen-itgc后", "gen-itgc"), ("用GPT-4写", "GPT-4"), ("运行node.js程序", "node.js"), ("在C++里", "C++")],
)
def test_latin_names_inside_chinese_are_found(text: str, name: str) -> None:
    assert terms(name)[0] in terms(text)


@pytest.mark.parametrize(
    "question",
    ["Can you tell me what it is?", "请问这是什么?", "Could you please explain that to me?", "麻烦告诉我为什么"],
)
def test_question_words_and_politeness_weigh_nothing(question: str) -> None:
    assert terms(question, asking=True) == []


def test_capitals_make_a_name_of_a_function_word() -> None:
    assert "who" in terms("The WHO said so")
    assert "who" not in terms("who said so")
    assert "who" not in terms("WHO SAID SO")


def test_offsets_lead_to_the_word_as_it_stands() -> None:
    text = "Ｃlaude 結論：café’s 12-hour 数\u200b据"
    found = {token.term: text[token.start : token.end] for token in tokens(text) if token.kind == "word"}
    assert found["claud"] == "Ｃlaude"
    assert found["结论"] == "結論"
    assert found["cafe"] == "café"
    assert found["12hour"] == "12-hour"
    assert found["数据"] == "数\u200b据"


CHARACTERS = "abcXYZ 09-_.'’&/@+#,。，的人工智能改进論結ＡＩ𠀀\u200b\x00\x1b\ud800é\u0301👨‍👩ñßЖαक한カな\n\t%½"


def test_analysis_survives_any_text_and_says_the_same_twice(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    for _ in range(1_000 * stress):
        text = "".join(chance.choice(CHARACTERS) for _ in range(chance.randrange(60)))
        found = tokens(text)
        assert found == tokens(text)
        for token in found:
            assert 0 <= token.start < token.end <= len(text), ascii(text)
            assert token.term.strip() == token.term != "", ascii(text)
            assert token.term == display(token.term), ascii(text)


def test_segmentation_is_that_of_plain_jieba() -> None:
    import jieba

    plain = jieba.Tokenizer(str(Path(jieba.__file__).parent / "dict.txt"))
    plain.cache_file = os.devnull  # its cache in the temporary folder is not ours to trust
    dictionary, total = plain.gen_pfdict(plain.get_dict_file())
    plain.FREQ, plain.total, plain.initialized = dictionary, total, True
    digest = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"
    chance = random.Random(4)
    words = [word for word in dictionary if HAN_RUN.fullmatch(word)]
    texts = HAN_RUN.findall(normalize(digest.read_text("utf-8")).text)
    texts += ["".join(chance.choices(words, k=8)) for _ in range(300)]
    texts += ["".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(30)) for _ in range(50)]
    for text in texts:
        assert chinese.segment(text) == list(plain.cut(text))


def test_jieba_reads_no_cache_and_prints_nothing(tmp_path: Path) -> None:
    (tmp_path / "jieba.cache").write_bytes(b"poison")
    program = (
        "import sys\nopened = []\n"
        "sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == 'open' else None)\n"
        "from askdoc.analysis import chinese\n"
        "print(chinese.segment('递归自我改进'))\n"
        "assert not [name for name in opened if 'jieba.cache' in name or name.startswith(sys.argv[1])], opened\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "['递归', '自我', '改进']\n", "")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["jieba.cache"]


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from askdoc.analysis import fingerprint; print(fingerprint())"],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == fingerprint()


def test_english_alone_never_loads_jieba() -> None:
    program = (
        "import sys\nfrom askdoc.analysis import tokens\n"
        "tokens('plain English words')\nassert 'jieba' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_dictionary_gives_the_same_entries_by_bisection_by_search_and_by_line_index(seed: int, stress: int) -> None:
    from importlib import resources

    data = resources.files("jieba").joinpath("dict.txt").read_bytes()
    bisected, searched, indexed = (Dictionary(data) for _ in range(3))
    searched._is_0_42_1 = indexed._is_0_42_1 = False
    assert bisected._is_0_42_1, "another jieba: look at the constants of its dictionary"
    assert bisected.total == indexed._index_lines()
    for character in ("递", "我", "江", "小", "A", "1", "鿕", "\u4e00", "龥", "é", "\ud800", "𠀀", "α", "\n"):
        found = list(bisected.entries(character))
        assert found == list(searched.entries(character)) == list(indexed.entries(character)), character
    assert not searched._indexed and not bisected._indexed
    characters = sorted({line[0] for line in data.decode("utf-8").splitlines()})
    for character in random.Random(seed).sample(characters, min(2_000 * stress, len(characters))):
        assert list(bisected.entries(character)) == list(indexed.entries(character)), character


def test_the_known_dictionary_s_lines_follow_their_first_characters_after_its_head() -> None:
    from importlib import resources

    data = resources.files("jieba").joinpath("dict.txt").read_bytes()
    assert data[KNOWN_HEAD - 1 : KNOWN_HEAD] == b"\n" and data.endswith(b"\n")
    first = [line[0] for line in data[KNOWN_HEAD:].decode("utf-8").splitlines()]
    assert first == sorted(first)


def test_another_dictionary_is_searched_and_indexed() -> None:
    small = b"\xe6\x88\x91 5 n\n\xe4\xbb\x96 2 n\n\xe6\x88\x91\xe4\xbb\xac 7 n"
    searched, indexed = Dictionary(small), Dictionary(small)
    searched._indexed = False
    for character in "我他们":
        assert list(searched.entries(character)) == list(indexed.entries(character))
    assert searched.total == 14 and list(indexed.entries("我")) == [("我", 5), ("我们", 7)]


def test_both_patterns_of_a_word_find_the_same_without_chinese_characters() -> None:
    from askdoc.analysis import english

    rng = random.Random(11)
    for _ in range(2000):
        text = "".join(rng.choice("ab9,.'’-‐_/&@+# éßдक٣\u0301☃1234") for _ in range(rng.randrange(30)))
        found = [match.span() for match in english.WORD.finditer(text)]
        assert found == [match.span() for match in english._WORD_WITHOUT_HAN.finditer(text)], text


def _by_definition(text: str) -> tuple[Counter[str], Counter[str]]:
    """The counts of a text's terms and of its characters and pairs, from the tokens with their places."""
    words = Counter(token.term for token in tokens(text) if token.kind != "stop")
    pairs = Counter(
        gram
        for run in HAN_RUN.findall(normalize(text).text)
        for gram in (*run, *map("".join, zip(run, run[1:], strict=False)))
    )
    return words, pairs


PIECES = (
    *("US", "us", "IT", "it", "WHO", "I'm", "I'M", "U.S.", "ALL", "A", "The", "can't", "CAN'T", "Fig.", "e.g.", "SWE-bench"),
    *("4.6", "1,000", "80%", "don’t", "naïve", "CAFÉ", "ﬁnd", "ＵＳ", "Ⅳ", "ß", "C++", "x_y", "state-of-the-art", "\u200b", "\u0301"),
    *("人工智能", "的", "说明", "請問", "人工智慧", "神经网络", "乾", "龘", "𠀀", "１２", "百分之八十", "SWE基准", "，", "。", "\n", "\r\n"),
)  # fmt: skip


def test_terms_are_counted_as_the_tokens_with_places_tell(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    with askdoc.open(SAMPLE) as index:
        given = [version.text for passage in index.passages() for version in passage.versions.values()]
    texts = [*given, *(each.upper() for each in given[:8]), "", "US", "IT IS WHO IT IS", "龘龘", *PIECES]
    for _ in range(600 * stress):
        glue = chance.choice(("", " ", "\n"))
        texts.append(glue.join(chance.choices(PIECES, k=chance.randrange(1, 12))))
    for text in texts:
        version = Version(text, Place("x", (1, 1), None, (0, 1)))
        found = index_terms(Passage("p", {"en": version}), {})
        words, pairs = _by_definition(text)
        assert found.get("en", {}) == words, repr(text)
        assert found.get("gram", {}) == pairs, repr(text)
