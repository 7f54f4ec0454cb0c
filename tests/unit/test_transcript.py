"""A conversation that is kept reopens as it was; its exports show the document's own words and nothing acts in them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from askdoc.cli.render import markdown
from askdoc.conversation.transcript import Transcript, from_json, to_html, to_json, to_markdown
from askdoc.conversation.verify import read_quotes, verify
from askdoc.errors import DocumentMalformed
from askdoc.model import Turn
from askdoc.opening import open_index
from askdoc.text import json_text

TEXT = """The harbour report
港口报告

Traffic
交通
The harbour unloaded 412 ships in 2024, more than in any year before. 2024 年港口卸载了 412 艘船,超过以往任何一年。
Most of the ships came from the north in spring. 大多数船只在春天从北方驶来。

Machines
机器
Two electric cranes replaced the diesel ones. They are quiet. 两台电动起重机取代了柴油起重机。它们很安静。
"""

HOSTILE = [
    "The crane *Goliath* lifts `900` tonnes [see](javascript:alert(1)) <b>now</b> & then.",
    "The crane --> ends </script><script>alert(1)</script> a comment <!-- x --> for Samson.",
    "- The crane Emil is no list, nor # heading, nor 1. number, and 2) neither | table | ~~x~~ \\[x\\] $y$.",
    "1. The crane Otto stands first. __init__ ** bold ** and ![image](http://evil.example/x.png).",
    "The crane Karl &lt;says&gt; [^a1-1] “quote” 'single' \"double\" ‘x’ ``` fence ``` > quote.",
]


def talked(tmp_path: Path, text: str, *questions: str) -> Transcript:
    path = tmp_path / "report.txt"
    path.write_text(text, "utf-8")
    with open_index(path, library=tmp_path / "library") as index:
        talk = index.conversation()
        for question in questions:
            talk.ask(question)
        return Transcript(
            title="The harbour report", documents=(str(path),), when="2026-05-01T12:00:00+00:00", turns=talk.turns
        )


QUESTIONS = (
    "How many ships were unloaded?",
    "And in spring?",
    "起重机取代了什么?",
    "Where is the lighthouse of Genoa?",
)


def test_json_reopens_as_it_was(tmp_path: Path) -> None:
    transcript = talked(tmp_path, TEXT, *QUESTIONS)
    again = from_json(to_json(transcript))
    assert to_json(again) == to_json(transcript)
    assert [turn.question for turn in again.turns] == list(QUESTIONS)
    first, second = transcript.turns[0].answer, again.turns[0].answer
    rounded = replace(first, confidence=round(first.confidence, 4), milliseconds=round(first.milliseconds, 3), hits=())
    assert replace(second, hits=()) == rounded
    assert [hit.versions for hit in second.hits] == [hit.versions for hit in first.hits]


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(kind="else"),
        lambda value: value.update(schema=2),
        lambda value: value.pop("turns"),
        lambda value: value["turns"][0].pop("answer"),
        lambda value: value["turns"][0]["answer"].update(language="fr"),
        lambda value: value["turns"][0]["answer"]["hits"][0].update(shown="fr"),
        lambda value: value["turns"][0]["answer"]["hits"][0]["versions"]["en"].update(sentence=[5, 999_999]),
        lambda value: value["turns"][0]["answer"]["hits"][0]["versions"]["en"].update(text=3),
        lambda value: value.update(turns=[1]),
        lambda value: value["turns"][0]["answer"].update(found="x"),
        lambda value: value["turns"][0]["answer"].update(schema=2),
        lambda value: value["turns"][0]["answer"].update(confidence=float("nan")),
        lambda value: value["turns"][0]["answer"]["hits"][0].update(score=10**4_000),
        lambda value: value["turns"][0]["answer"]["hits"][0].update(shown="en", versions={}),
        lambda value: value["turns"][0]["answer"]["hits"][0]["versions"]["en"].update(highlights=[[3, 2]]),
        lambda value: value["turns"][0]["answer"]["hits"][0]["versions"]["en"]["place"].update(lines=[1]),
    ],
    ids=range(16),
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, change) -> None:
    value = json.loads(to_json(talked(tmp_path, TEXT, QUESTIONS[0])))
    change(value)
    with pytest.raises(DocumentMalformed):
        from_json(json.dumps(value))


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "null", "[" * 100_000, "\x00", '{"a":' * 100_000, "9" * 5_000, "1e999"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(DocumentMalformed):
        from_json(text)


def test_labels_of_citations_never_collide(tmp_path: Path) -> None:
    transcript = talked(tmp_path, TEXT, *QUESTIONS[:3] * 4)
    text = to_markdown(transcript)
    defined = re.findall(r"^\[\^(a\d+-\d+)\]:", text, re.MULTILINE)
    used = re.findall(r"\[\^(a\d+-\d+)\](?!:)", text)
    assert len(defined) == len(set(defined)) >= 12
    assert set(used) == set(defined)
    page = to_html(transcript)
    identities = re.findall(r'id="([^"]+)"', page)
    assert len(identities) == len(set(identities))
    assert {link[1:] for link in re.findall(r'href="([^"]+)"', page)} <= set(identities)


def shown(text: str) -> list[str]:
    """What a renderer of Markdown shows of each quote, without the footnote."""
    quotes, depth = [], 0
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if depth and token.type == "inline":
            parts = ["\n" if each.type == "softbreak" else each.content for each in token.children or ()]
            quotes.append(re.sub(r"\s*\[\^a\d+-\d+\]$", "", "".join(parts)))
    return quotes


def test_markdown_renders_to_the_document_s_words(tmp_path: Path) -> None:
    text = "\n\n".join(HOSTILE)
    names = ("Goliath", "Samson", "Emil", "Otto", "Karl")
    transcript = talked(tmp_path, text, *(f"What does the crane {name} do?" for name in names))
    answers = [turn.answer for turn in transcript.turns if turn.answer.found]
    quotes = shown(to_markdown(transcript))
    wanted = [hit.versions[hit.shown].text for answer in answers for hit in answer.hits]
    assert len(wanted) >= 5
    assert [" ".join(each.split()) for each in quotes] == [" ".join(each.split()) for each in wanted]


def test_html_shows_the_words_and_runs_nothing(tmp_path: Path) -> None:
    text = "\n\n".join(HOSTILE)
    transcript = talked(
        tmp_path, text, "What does the crane Goliath lift?", "What ends for Samson?", "<script>crane</script>"
    )
    page = to_html(replace(transcript, title="<script>x</script>"))
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append(tag)
            assert not any(name.startswith("on") or name == "src" for name, _ in attrs)
            assert all(not (name == "href" and not value.startswith("#")) for name, value in attrs)

    Tags().feed(page)
    assert not {"script", "img", "link", "iframe", "b"} & set(tags)
    assert "Goliath" in page
    assert "http://evil.example" not in "".join(re.findall(r'(?:src|href)="[^"]*"', page))


@pytest.mark.parametrize("form", [to_json, to_markdown, to_html])
@pytest.mark.parametrize("text", [TEXT, "\n\n".join(HOSTILE)])
def test_an_export_verifies_against_its_document(tmp_path: Path, form, text: str) -> None:
    transcript = talked(
        tmp_path, text, "How many ships were unloaded?", "Two electric cranes?", "crane Emil list", "crane Otto"
    )
    saved = tmp_path / "export"
    saved.write_text(form(transcript), "utf-8")
    with open_index(tmp_path / "report.txt", library=tmp_path / "library") as index:
        report = verify(saved, index)
    assert len(report.quotes) >= 2
    assert {each.state for each in report.quotes} == {"same"}


def test_what_ask_prints_verifies_too(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    with open_index(path, library=tmp_path / "library") as index:
        one, two = index.ask("How many ships were unloaded?"), index.ask("两台电动起重机?", "both")
        for text in (
            json_text.dumps(one.to_dict()),
            json_text.dumps(one.to_dict()) + "\n" + json_text.dumps(two.to_dict()) + "\n",
            markdown(one),
        ):
            saved = tmp_path / "printed"
            saved.write_text(text, "utf-8")
            report = verify(saved, index)
            assert report.quotes
            assert report.good


def test_each_fate_of_a_quote_is_told(tmp_path: Path) -> None:
    transcript = talked(
        tmp_path,
        TEXT,
        "How many ships were unloaded?",
        "Which cranes replaced the diesel ones?",
        "Where from in spring?",
    )
    saved = tmp_path / "saved.json"
    only = [Turn(turn.question, replace(turn.answer, hits=turn.answer.hits[:1])) for turn in transcript.turns]
    saved.write_text(to_json(replace(transcript, turns=tuple(only))), "utf-8")
    changed = TEXT.replace("412 ships", "413 ships").replace(
        "Most of the ships came from the north in spring. 大多数船只在春天从北方驶来。\n", ""
    )
    changed = changed.replace("Machines\n", "A new remark about nothing at all. 一句新话。\n\nMachines\n")
    path = tmp_path / "report.txt"
    path.write_text(changed, "utf-8")
    with open_index(path, library=tmp_path / "library") as index:
        report = verify(saved, index)
    by_text = {each.quote.text: each for each in report.quotes}
    ships = next(each for text, each in by_text.items() if text.startswith("The harbour unloaded"))
    cranes = next(each for text, each in by_text.items() if text.startswith("Two electric"))
    spring = next(each for text, each in by_text.items() if text.startswith("Most of"))
    assert ships.state == "changed"
    assert ships.differences == (("412", "413"),)
    assert cranes.state == "moved"
    assert cranes.line == 12
    assert spring.state == "gone"
    assert not report.good
    assert report.count("changed") == 1


def test_a_quote_edited_by_hand_in_an_export_is_found_out(tmp_path: Path) -> None:
    transcript = talked(tmp_path, TEXT, "How many ships were unloaded?")
    for form in (to_markdown, to_html):
        saved = tmp_path / "export"
        text = form(transcript)
        at = text.index("unloaded 412 ships")
        at = at if form is to_markdown else text.index("unloaded 412 ships", text.index("<strong>"))
        saved.write_text(text[:at] + text[at:].replace("412 ships", "812 ships", 1), "utf-8")
        with open_index(tmp_path / "report.txt", library=tmp_path / "library") as index:
            report = verify(saved, index)
        assert not report.good
        assert any(("812", "412") in each.differences for each in report.quotes)


@pytest.mark.parametrize("text", ["", "just words", "{", "[1]", '{"a": 1}', "<html></html>", "{}\n{}"])
def test_a_file_that_quotes_nothing_of_ours_is_refused(text: str) -> None:
    with pytest.raises(DocumentMalformed):
        read_quotes(text)
