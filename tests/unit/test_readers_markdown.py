"""Markdown is read as its reader sees it: blocks with kinds, levels and true places; markup goes, text never."""

from __future__ import annotations

import random

import pytest

from askdoc.readers import read_bytes
from askdoc.readers.markdown import render

DOCUMENT = """\
# The Farm

An introduction over
two lines with *marks* and a [link](javascript:alert(1)).

Under a line
------------

- cows
- sheep

  and lambs
   - nested

> A quoted line
> and its next.
>
> > Deeper.

| a | b |
|---|---|
| 1 | 2 |

```python
# no heading
```

    indented code

***

## Closed ##
<div class="x">raw</div>

[ref]: http://example.com "title"
"""


def kinds(text: str) -> list[tuple[str, int, str]]:
    parsed = render(text)
    return [(block.kind, block.level, parsed.text[block.start : block.end]) for block in parsed.blocks]


def texts(text: str) -> list[str]:
    return [text for _, _, text in kinds(text)]


def test_each_block_has_its_kind_level_and_own_text() -> None:
    assert kinds(DOCUMENT) == [
        ("heading", 1, "The Farm"),
        ("prose", 0, "An introduction over\ntwo lines with marks and a link."),
        ("heading", 2, "Under a line"),
        ("list", 0, "- cows\n- sheep\n  and lambs\n  - nested"),
        ("quote", 0, "A quoted line\nand its next."),
        ("quote", 0, "Deeper."),
        ("table", 0, "a | b\n1 | 2"),
        ("code", 0, "# no heading"),
        ("code", 0, "indented code"),
        ("heading", 2, "Closed"),
        ("prose", 0, "raw"),
    ]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("*one* **two** ~~three~~ __four__ _f_ive", "one two three four _f_ive"),
        ("a [link](http://x.y 'title') and [a *reference*][r]\n\n[r]: http://x.y", "a link and a reference"),
        ("see ![a picture](x.png) and ![](y.png) there", "see a picture and there"),
        (r"2 \* 3 &lt; 7 &amp; &#65; &nosuch;", "2 * 3 < 7 & A &nosuch;"),
        (
            "press <kbd>Ctrl</kbd><br>or <img alt='the button' src=x> now <!-- hidden -->",
            "press Ctrl\nor the button now",
        ),
        ("call `f(a_b, *c)` and ``a ` b``", "call f(a_b, *c) and a ` b"),
        ("where $a_1 * b_1$ costs $5 and $6", "where $a_1 * b_1$ costs $5 and $6"),
        ("see <https://x.y/a_b>", "see https://x.y/a_b"),
        ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
        ("see :numref:`fig_a` and {ref}`the part`", "see fig_a and the part"),
        (
            "a [link](x){.internal target=_blank}, ![A boat](y){: width=3} and `code`{.py} {not one}",
            "a link, A boat and code {not one}",
        ),
        ("text<style>b {}</style> more", "text more"),
    ],
)
def test_inline_markup_is_read_as_it_shows(markdown: str, shown: str) -> None:
    assert texts(markdown) == [shown]


@pytest.mark.parametrize(
    "heading", ["# One **two** {#an-id}", "# One [two](#x) {: .class }", "One two\n===", '# <a id="x"></a>One two ##']
)
def test_headings_are_shown_without_ids_and_anchors(heading: str) -> None:
    assert kinds(heading) == [("heading", 1, "One two")]


@pytest.mark.parametrize(
    "markdown",
    [
        "[![badge](b.svg)](http://x.y) [home](http://x.y)",
        "- [One](#one)\n- [Two](#two)",
        "![](picture.png)",
        "![Imgur](http://x.y)",
        "<!-- a comment\n\nover lines -->",
        "[ref]: http://x.y 'title'",
        '<div class="x">\n\n</div>',
        "[TOC]",
        "[[toc]]",
        "{{#include x.md}}",
        "{% include x %}",
        ":label:`sec_x`",
        "(target)=",
        "{: .class #id}",
        "```{toctree}\nintro\nmore\n```",
        "<script>\nlet a = 1\n</script>",
    ],
)
def test_what_says_nothing_is_no_passage(markdown: str) -> None:
    document = read_bytes(f"{markdown}\n\nBody text.\n".encode(), "x.md")
    assert [version.text for passage in document.passages for version in passage.versions.values()] == ["Body text."]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("::: tip\nOne *two*.\n:::", ["One two."]),
        (":::note[A title]\n\nOne two.\n\n:::", ["A title", "One two."]),
        ('!!! warning "A title"\n\n    One *two*.\n\n    Three.\n\nOut.', ["A title", "One two.", "Three.", "Out."]),
        ("```{note}\n:class: x\nOne *two*.\n```\nOut.", ["One two.", "Out."]),
        ("```admonish warning\nOne *two*.\n```", ["One two."]),
        ('/// note | "A title"\n\nOne *two*.\n\n///', ["A title", "One two."]),
        ("> [!NOTE]\n> One *two*.", ["One two."]),
        ("````\n::: tip\n````", ["::: tip"]),
    ],
)
def test_what_a_directive_encloses_is_read_and_its_marker_is_not(markdown: str, shown: list[str]) -> None:
    assert [text.strip() for text in texts(markdown) if text.strip(": ")] == [
        part for part in shown if part.strip(": ")
    ]


def test_html_is_read_as_html() -> None:
    page = (
        '<h2 align="center">A <b>title</b></h2>\n<p>One &amp; <a href="x">two</a><!-- no -->\n  three</p>\n'
        "<ul><li>first</li><li>second</li></ul><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<pre>let  x\n  = 1</pre><style>p {}</style><figcaption>A boat</figcaption>"
    )
    assert kinds(page) == [
        ("heading", 2, "A title"),
        ("prose", 0, "One & two three"),
        ("list", 0, "- first\n- second"),
        ("table", 0, "a | b\n1 | 2"),
        ("code", 0, "let  x\n  = 1"),
        ("caption", 0, "A boat"),
    ]


def test_kinds_say_what_a_block_is() -> None:
    text = "> said\n\n![A boat at sea](x.png)\n\n$$\na + b\n$$\n\n[out](http://x.y)\n\n`only_code()`\n"
    assert [kind for kind, _, _ in kinds(text)] == ["quote", "caption", "formula", "links", "code"]


def test_a_footnote_is_read_after_the_block_that_refers_to_it() -> None:
    text = "One[^a].\n\nTwo.\n\n[^b]: Nobody asks.\n[^a]: A *note*.\n"
    assert texts(text) == ["One.", "A note.", "Two.", "Nobody asks."]
    chain = "".join(f"[^{number}]: To the next[^{number + 1}].\n\n" for number in range(3_000))
    assert len(texts(f"One[^0].\n\n{chain}")) == 3_001
    assert texts("[^a]: One[^b].\n[^b]: Two[^a].\n") == ["One.", "Two."]


def test_front_matter_gives_title_authors_and_date() -> None:
    parsed = render("---\ntitle: 'A farm'\nauthors: [Ann, Bob]\ndate: 2024-05-01\n---\nBody.\n")
    assert (parsed.title, parsed.authors, parsed.date) == ({"en": "A farm"}, ("Ann", "Bob"), "2024-05-01")
    assert read_bytes(b"---\ntitle: A farm\n---\nBody text.\n", "x.md").title == {"en": "A farm"}


def test_a_table_keeps_its_columns() -> None:
    assert texts("| A | B \\| c | D |\n|---|---|---|\n| 1 | | *x* |\n| | | |\n") == ["A | B | c | D\n1 | | x"]


FRAGMENTS = (
    *(
        "word ",
        "中文",
        "*",
        "**",
        "_",
        "`",
        "``",
        "[",
        "](u)",
        "](u 't')",
        "![",
        "<b>",
        "</b>",
        "<br>",
        "&amp;",
        "&#65;",
    ),
    *("\\*", "\\", "\n", "\n\n", "  \n", "# ", "- ", "1. ", "> ", "    ", "\t", "|", "|---|---|\n", "$", "$$\n", "~~"),
    *("```\n", ":::", "::: tip\n", "!!! note\n", "[^1]", "[^1]: ", "<!--", "-->", "{#id}", "<div>", "<li>x", "<td>"),
    *(
        "<pre>",
        "<img alt='b c'>",
        "\r\n",
        "\u2028",
        "\\|",
        "{{x}}",
        "{.a b}",
        "///\n",
        "[a]: b\n",
        ":ref:",
        "---\n",
        "===\n",
        "é",
        "\x00",
    ),
)


def test_each_shown_character_leads_to_its_own_in_the_source(seed: int, stress: int) -> None:
    chance = random.Random(seed)
    for _ in range(400 * stress):
        source = "".join(chance.choice(FRAGMENTS) for _ in range(chance.randrange(40)))
        parsed = render(source)
        for number, char in enumerate(parsed.text):
            start, end = parsed.origins.span(number, number + 1)
            if not char.isspace():
                stands = source[start : start + 1]
                assert stands == char or stands in ("&", "<"), (source, parsed.text, number)
                assert start < end <= len(source), (source, parsed.text, number)
        for block in parsed.blocks:
            shown = parsed.text[block.start : block.end]
            assert shown == shown.strip() != "", (source, block)
            assert all(block.start <= first < after <= block.end for first, after in block.parts), (source, block)
        spans = [(block.start, block.end) for block in parsed.blocks]
        assert spans == sorted(spans)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_true_whatever_ends_them(end: str) -> None:
    document = read_bytes(DOCUMENT.replace("\n", end).encode(), "x.md")
    lines = {passage.kind: passage.versions["en"].place.lines for passage in document.passages}
    assert lines["table"] == (20, 22)
    assert document.passages[0].versions["en"].place.lines == (3, 4)


def test_sections_nest_by_their_levels() -> None:
    text = "# T\n\n## A\n\nOne text.\n\n### B\n\nTwo texts.\n\n## C\n\nThree texts.\n"
    document = read_bytes(text.encode(), "x.md")
    assert [passage.versions["en"].section for passage in document.passages] == [("A",), ("A", "B"), ("C",)]
    assert document.title == {"en": "T"}


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_front_matter_is_skipped_and_never_parsed(fence: str) -> None:
    bomb = "a: &a [x]\nb: &b [*a, *a, *a]\nc: !!python/object/apply:os.system ['true']\n"
    text = f"{fence}\n{bomb}{fence}\n# T\n\nBody text.\n"
    document = read_bytes(text.encode(), "x.md")
    assert [passage.versions["en"].text for passage in document.passages] == ["Body text."]
    assert document.passages[0].versions["en"].place.lines == (8, 8)


def test_a_rule_at_the_start_is_no_front_matter() -> None:
    assert [text for _, _, text in kinds("---\n\nBody text.\n\n---\n\nMore text.\n")] == ["Body text.", "More text."]
    assert [text for _, _, text in kinds("---\nkey: value\nno end\n")] == ["key: value\nno end"]


def test_what_is_nested_too_deeply_is_kept_as_text() -> None:
    for text in ("> " * 200 + "deep down", "\n".join("  " * depth + f"- item {depth}" for depth in range(400))):
        kept = "".join(piece for _, _, piece in kinds(text))
        for word in ("deep down",) if "deep" in text else ("item 0", "item 399"):
            assert word in kept


def test_an_unclosed_fence_is_code_to_the_end() -> None:
    assert kinds("Text.\n\n```\ncode\n\nmore\n") == [("prose", 0, "Text."), ("code", 0, "code\n\nmore")]
