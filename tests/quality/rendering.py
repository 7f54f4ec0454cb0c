"""How Markdown reads: ``ASKDOC_SHARED=… python tests/quality/rendering.py [FOLDER]``.

For each pair of files (``x.en.md``, ``x.zh.md``) of a folder: characters shown, passages, those that are only markup in
the source, passages and headings with markup left in their text, paired and doubtful rows, and the share of the words of
markdown-it-py's own HTML that the rendered text has (names of directives and heading ids left out), and that the
passages have.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

from askdoc.model import DocumentFiles
from askdoc.readers import read_document
from askdoc.readers.markdown import render

FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
DIRECTIVES = re.compile(
    r"\{#[\w-]+\}|:(?:eq)?label:`[^`]*`|:(?:width|begin_tab):`[^`]*`|:(?:numref|citet?|eqref|ref):(?=`)|^:::.*$",
    re.MULTILINE,
)
MARKUP = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"<!--[^>]*-->|!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]",
        r"\[[^\[\]]*\]\([^)]*\)|\[[^\[\]]*\]\[[^\]]*\]|<a\b[^>]*>[^<]*</a>",
        r"<[^>]+>|^\[[^\]]+\]:.*$|^(?:::: |!!!).*$|^:\w+:`.*`\s*$|^\s*\{.*\}\s*$|\[toc\]",
    )
]
LEFT = re.compile(r"\]\(|!\[|</?[a-z]\w*[^>]*>|<!--|^:::|\*\*[^*\s]|\{#|^#{1,6} ", re.MULTILINE)


class Text(HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style", "svg")
        self.pieces.append("" if tag in ("b", "i", "em", "strong", "code", "a", "span") else " ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "svg") and self.hidden > 0
        self.pieces.append("" if tag in ("b", "i", "em", "strong", "code", "a", "span") else " ")

    def handle_data(self, data: str) -> None:
        self.pieces.append("" if self.hidden else data)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", text.lower()))


def page_words(markdown: str) -> Counter[str]:
    page = Text()
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    page.feed(parser.render(DIRECTIVES.sub("", FRONT.sub("", markdown))))
    page.close()
    return words("".join(page.pieces))


def only_markup(lines: str) -> bool:
    for pattern in MARKUP:
        lines = pattern.sub(" ", lines)
    return not re.search(r"[^\W_]", lines)


def measure(english: Path, chinese: Path) -> dict[str, object]:
    sources = {str(path): path.read_bytes().decode("utf-8-sig") for path in (english, chinese)}
    document = read_document(DocumentFiles("x", ((english, "en"), (chinese, "zh"))))
    shown = [(passage, version) for passage in document.passages for version in passage.versions.values()]
    bare = left = 0
    for passage, version in shown:
        source, (start, end) = sources[version.place.path], version.place.span
        last = source.find("\n", end)
        around = source[source.rfind("\n", 0, start) + 1 : last if last >= 0 else len(source)]
        bare += passage.kind not in ("code", "caption") and only_markup(around)
        left += passage.kind not in ("code", "formula") and bool(LEFT.search(version.text))
    headings = [path[-1] for section in document.sections for path in section.path.values() if path]
    expected = sum((page_words(text) for text in sources.values()), Counter())
    rendered = sum((words(render(text).text) for text in sources.values()), Counter())
    quoted = words(
        "\n".join([version.text for _, version in shown] + sorted(set(headings)) + [*document.title.values()])
    )
    alignments = Counter(passage.alignment for passage in document.passages)
    return {
        "characters": sum(len(version.text) for _, version in shown),
        "passages": len(document.passages),
        "only markup": bare,
        "with markup": left,
        "headings with markup": sum(bool(LEFT.search(heading)) for heading in headings),
        "paired": alignments["paired"] + alignments["merged"],
        "doubtful": alignments["weak"],
        "words rendered": f"{1 - (expected - rendered).total() / expected.total():.4f}",
        "words in passages": f"{1 - (expected - quoted).total() / expected.total():.4f}",
        "kinds": dict(Counter(passage.kind for passage in document.passages)),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(os.environ["ASKDOC_SHARED"]) / "documents" / "pairs"
    for path in sorted(folder.glob("*.en.md")):
        print(path.name.removesuffix(".en.md"), measure(path, path.with_name(path.name.replace(".en.md", ".zh.md"))))
