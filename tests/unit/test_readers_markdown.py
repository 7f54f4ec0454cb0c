"""Markdown's blocks are found with their kinds, levels and true places; marks are left out, text never."""

from __future__ import annotations

import pytest

from askdoc.readers import read_bytes
from askdoc.readers.markdown import blocks

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
    return [(block.kind, block.level, text[block.start : block.end]) for block in blocks(text)]


def test_each_block_has_its_kind_level_and_own_text() -> None:
    assert kinds(DOCUMENT) == [
        ("heading", 1, "The Farm"),
        ("paragraph", 0, "An introduction over\ntwo lines with *marks* and a [link](javascript:alert(1))."),
        ("heading", 2, "Under a line"),
        ("list", 0, "- cows\n- sheep\n\n  and lambs\n   - nested"),
        ("paragraph", 0, "A quoted line\n> and its next."),
        ("paragraph", 0, "Deeper."),
        ("table", 0, "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("code", 0, "```python\n# no heading\n```"),
        ("code", 0, "indented code"),
        ("heading", 2, "Closed"),
        ("paragraph", 0, '<div class="x">raw</div>'),
        ("paragraph", 0, '[ref]: http://example.com "title"'),
    ]


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
    assert kinds("Text.\n\n```\ncode\n\nmore\n") == [("paragraph", 0, "Text."), ("code", 0, "```\ncode\n\nmore")]
