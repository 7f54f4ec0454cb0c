"""Bold in Markdown is bold: a renderer shows exactly the marked stretches as strong, and the text as it is."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.rules_inline import state_inline

from askdoc.cli import places_command, render
from askdoc.conversation.transcript import Transcript, to_markdown
from askdoc.conversation.verify import read_quotes, verify
from askdoc.index import Index
from askdoc.model import AnsweredVersion, Language, Turn
from askdoc.opening import open_index
from askdoc.presentation.emphasis import heading, plain, shown, strong
from askdoc.text.cleaning import display
from askdoc.text.sentences import sentences

Span = tuple[int, int]


@pytest.fixture(params=["0.31", "0.30"])
def punctuation(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the version of CommonMark takes for punctuation: from 0.31 on also symbols beyond ASCII."""
    if request.param == "0.30":
        monkeypatch.setattr(state_inline, "isPunctChar", lambda char: unicodedata.category(char).startswith("P"))
    return request.param


RENDERERS = {
    "commonmark": MarkdownIt("commonmark"),
    "without HTML": MarkdownIt("commonmark", {"html": False}),
    "with tables": MarkdownIt("commonmark").enable(["table", "strikethrough"]),
}


def quoted(markdown: str) -> str:
    """Markdown as the front ends quote it."""
    return "\n".join(f"> {line}".rstrip() for line in markdown.split("\n"))


def rendered(
    markdown: str, renderer: MarkdownIt = RENDERERS["commonmark"], *, citations: bool = False
) -> tuple[list[str], list[str]]:
    """The words that a renderer shows of the paragraphs in quotes, and of each strong stretch."""
    words: list[str] = []
    bold: list[str] = []
    depth = strength = 0
    for token in renderer.parse(markdown):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        assert not depth or token.type not in (
            "code_block",
            "fence",
            "html_block",
            "hr",
            "heading_open",
            "bullet_list_open",
        ), token
        for child in token.children or () if depth else ():
            if child.type == "code_inline" and citations:
                continue
            assert child.type in ("text", "softbreak", "strong_open", "strong_close", "text_special"), child
            strength += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
            if child.type == "strong_open":
                bold.append("")
            text = "\n" if child.type == "softbreak" else child.content
            words.append(text)
            if strength:
                bold[-1] += text
        words.append("\n")
    return "".join(words).split(), [" ".join(each.split()) for each in bold]


def expected(text: str, spans: Sequence[Span]) -> list[str]:
    """The strong stretches: neighbours are one, each paragraph has its own."""
    joined: list[str] = []
    last = -1
    for start, end in spans:
        piece = display(text[start:end])
        if joined and not display(text[last:start]):
            joined[-1] += piece
        else:
            joined.append(piece)
        last = end
    stretches = []
    for each in joined:
        paragraph: list[str] = []
        for line in [*each.split("\n"), ""]:
            if line.strip():
                paragraph.append(line)
                continue
            stretches.append(" ".join("\n".join(paragraph).split()))
            paragraph = []
    return [each for each in stretches if each]


def holds(text: str, spans: Sequence[Span]) -> None:
    markdown = strong(text, spans)
    for name, renderer in RENDERERS.items():
        words, bold = rendered(quoted(markdown), renderer)
        assert bold == expected(text, spans), (name, text, spans, markdown)
        assert words == display(text).split(), (name, text, markdown)
    assert shown(markdown).split() == display(text).split(), (text, markdown)


CASES = [
    ("港口卸载了 412 艘船。两台起重机。", "港口卸载了 412 艘船。"),
    ("他说“是”了。", "“是”"),
    ("前(括号)后", "(括号)"),
    ("价格¥5元涨", "¥5"),
    ("共5€起", "5€"),
    ("a*b*c", "*b*"),
    ("a`b`c", "`b`"),
    ("a<b>c", "<b>"),
    ("x &amp; y", "&amp;"),
    ("see “this”s end", "“this”"),
    ("港口 。船", " 。"),
    ("one\ntwo。三", "one\ntwo。"),
    ("one\n\ntwo。三", "one\n\ntwo。"),
    ("- one\n- two", "one\n- two"),
    ("    code\n\n    more", "code\n\n    more"),
    ("# no heading", "# no heading"),
    ("1. one", "1."),
    ("\\**", "\\*"),
    ("😀。😀", "。"),
    ("𠀀。𠀁", "𠀀。"),
    ("甲。é", "甲。"),
    ("***", "*"),
    ("全部", "全部"),
    ("。", "。"),
    ("===\n---", "===\n---"),
]


@pytest.mark.parametrize(("text", "stretch"), CASES)
def test_a_stretch_is_strong_whatever_stands_beside_it(text: str, stretch: str, punctuation: str) -> None:
    start = text.index(stretch)
    holds(text, [(start, start + len(stretch))])


def test_what_stands_beside_a_stretch_is_written_out_only_where_it_must_be() -> None:
    assert strong("港口。两台", [(0, 3)]) == "**港口。**&#20004;台"
    assert strong("港口。 两台", [(0, 3)]) == "**港口。** 两台"
    assert strong("港口。", [(0, 3)]) == "**港口。**"
    assert strong("港口两台", [(0, 2)]) == "**港口**两台"
    assert strong("说“是”。", [(1, 4)]) == "&#35828;**“是”**。"
    assert strong("甲。乙“丙”", [(0, 2), (3, 6)]) == "**甲。**&#20057;**“丙”**"
    assert strong("起重机", [(0, 2), (2, 3)]) == "**起重机**"
    assert strong(" one ", [(0, 5)]) == "**one** "
    assert heading("什么是\n“港口”？") == "**什么是 “港口”？**"
    assert heading("") == ""
    assert plain("a*b &#20004;") == r"a\*b \&\#20004;"


# No escape sequences: a document has none when it has been read, and cutting through one would change what it shows.
PIECES = [
    *"*_`~<>[]()|#&!\\-+=.:;'\"$^/@{}", *"。，、？！“”‘’（）《》【】…—·￥€→©", *"港口船机两台说", *"abcXYZ019éß",
    *" \t\n\u3000\u00a0\u200b\ufeff\u0301\x00\u202e\ud800", "\n\n", "\n    ", "**", "***", "1. ", "- ", "> ", "&amp;",
    "&#20004;", "<b>", "```", "  \n", "[^a1-1]", "😀", "𠀀",
]  # fmt: skip


def test_random_texts_keep_their_words_and_their_stretches(seed: int, stress: int, punctuation: str) -> None:
    rng = random.Random(seed)
    for _ in range(1_500 * stress):
        text = "".join(rng.choices(PIECES, k=rng.randrange(1, 24)))
        points = sorted(rng.sample(range(len(text) + 1), min(len(text) + 1, 2 * rng.randrange(4))))
        holds(text, list(zip(points[::2], points[1::2], strict=False)))


def test_random_quotes_are_read_again_word_for_word(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    for _ in range(1_000 * stress):
        text = "港" + "".join(rng.choices(PIECES, k=rng.randrange(1, 24))) + "口"
        start, end = sorted(rng.sample(range(len(text) + 1), 2))
        quote = quoted(strong(text, [(start, end)]))
        (found,) = read_quotes(f"{quote}\n>\n> — [1] x (`x#1`)\n")
        assert found.text.split() == display(text).split(), (text, quote)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("**港口卸载了 412 艘船。**两台", "港口卸载了 412 艘船。两台"),
        ("说**“是”**。 a\\*b\\*\\* & c", "说“是”。 a*b** & c"),
        ("**one\n> two**\n> three", "one\ntwo\nthree"),
    ],
)
def test_what_older_versions_wrote_is_read(written: str, text: str) -> None:
    (quote,) = read_quotes(f"> {written}\n>\n> — [1] x, line 3 (`x#1`)\n")
    assert quote.text == text
    (quote,) = read_quotes(f"# x\n\n> {written} [^a1-1]\n\n[^a1-1]: x (`x#1`)\n")
    assert quote.text == text


ANSWERS = 60
"""Answers of each document and language that a default run looks at."""


# --- real answers ------------------------------------------------------------------------------------------------------


def asked(index: Index, questions: Sequence[str], language: Language, count: int, tmp_path: Path) -> int:
    """Ask until there are ``count`` answers with a marked stretch; how many they are. Each is looked at and verified."""
    answers = []
    for question in questions:
        answer = index.ask(question, language)
        if answer.found and any(hit.versions[hit.shown].sentence for hit in answer.hits):
            answers.append(answer)
        if len(answers) == count:
            break
    for answer in answers:
        versions = [hit.versions[hit.shown] for hit in answer.hits]
        _, bold = rendered(render.markdown(answer), citations=True)
        assert bold == [each for version in versions for each in expected(version.text, _sentence(version))]
    turns = tuple(Turn(answer.question, answer) for answer in answers)
    transcript = Transcript(title="x", documents=(), when="", turns=turns)
    exported = to_markdown(transcript)
    versions = [hit.versions[hit.shown] for answer in answers for hit in answer.hits]
    assert rendered(exported, citations=True)[1] == [
        each for version in versions for each in expected(version.text, _sentence(version))
    ]
    saved = tmp_path / "export.md"
    for text in (exported, "\n\n".join(render.markdown(answer) for answer in answers)):
        saved.write_text(text, "utf-8")
        report = verify(saved, index)
        assert report.quotes
        assert {each.state for each in report.quotes} == {"same"}
    return len(answers)


def _sentence(version: AnsweredVersion) -> list[Span]:
    return [version.sentence] if version.sentence else []


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


def own_words(index: Index, language: Language) -> list[str]:
    """Questions in a document's own words: its passages and sentences, and the first and second halves of both."""
    texts = [
        version.text
        for passage in index.passages()
        for spoken, version in passage.versions.items()
        if spoken == language
    ]
    texts += [text[start:end] for text in texts for start, end in sentences(text, language)]
    texts = [text[:400] for text in dict.fromkeys(texts) if len(text) > 12]
    return texts + [half for text in texts for half in (text[: len(text) // 2], text[len(text) // 2 :])]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_answers_of_the_sample_are_strong_where_they_are_marked(
    sample: Path, tmp_path: Path, language: Language, stress: int
) -> None:
    with open_index(library=sample) as index:
        count = asked(index, own_words(index, language), language, ANSWERS * stress, tmp_path)
        print(f"{language}: {count} answers, every marked stretch strong, every quote verified")
        assert count == ANSWERS * stress or count > ANSWERS


@pytest.mark.shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_answers_of_an_article_are_too(
    sample: Path, shared: Path, tmp_path: Path, language: Language, stress: int
) -> None:
    judged = (shared / "eval" / "article_questions.jsonl").read_text("utf-8").splitlines()
    with open_index(shared / "documents" / "when-ai-builds-itself.txt", library=sample) as index:
        questions = [json.loads(line)["question"] for line in judged if line.strip()]
        count = asked(index, [*questions, *own_words(index, language)], language, ANSWERS * stress, tmp_path)
        print(f"{language}: {count} answers, every marked stretch strong, every quote verified")
        assert count == ANSWERS * stress


def test_every_place_of_words_is_strong(sample: Path) -> None:
    with open_index(library=sample) as index:
        for words in ("AI", "模型", "research", "研究", "“AI 研发”"):
            places = index.places(words)
            markdown = places_command.markdown(places, "both")
            versions = [version for find in places.finds for _, version in sorted(find.versions.items())]
            assert rendered(markdown, citations=True)[1] == [
                each for version in versions for each in expected(version.text, version.highlights)
            ]
