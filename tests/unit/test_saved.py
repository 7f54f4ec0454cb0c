"""What askdoc 0.1.0 wrote loads and verifies with every later version of schema 1."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from askdoc import settings
from askdoc.conversation.transcript import from_json, to_json
from askdoc.conversation.verify import verify
from askdoc.index import Index
from askdoc.opening import open_index
from askdoc.text import json_text

SAVED = Path(__file__).parents[1] / "data" / "saved-0.1.0"
SAMPLE = Path(__file__).parents[2] / "index" / "when-ai-builds-itself-digest.txt"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    with open_index(SAMPLE, library=tmp_path_factory.mktemp("library"), semantic=False) as index:
        yield index


@pytest.mark.parametrize(
    ("name", "quotes"), [("conversation.json", 10), ("export.md", 6), ("export.html", 6), ("answers.jsonl", 6)]
)
def test_every_quote_is_still_in_its_document(index: Index, name: str, quotes: int) -> None:
    report = verify(SAVED / name, index)
    assert len(report.quotes) == quotes
    assert {checked.state for checked in report.quotes} == {"same"}
    assert report.to_dict()["good"]


def test_a_kept_conversation_reopens_and_is_written_as_it_was(index: Index) -> None:
    text = (SAVED / "conversation.json").read_text("utf-8")
    transcript = from_json(text)
    assert json.loads(to_json(transcript)) == json.loads(text)
    _, second, third, _, last = (turn.answer for turn in transcript.turns)
    assert (second.about, third.corrected, last.found) == (("tasks",), (("recursiv", "recursive"),), False)
    talk = index.conversation()
    talk.resume(transcript.turns)
    assert talk.ask("What about SWE-bench?").hits


def test_a_kept_conversation_is_listed() -> None:
    path = settings.conversation_path()
    path.parent.mkdir(parents=True)
    shutil.copy(SAVED / "conversation.json", path)
    (saved,) = settings.saved_conversations()
    assert (saved.title, saved.turns) == ("How long are the tasks that Claude Opus 4.6 can do?", 5)


def test_settings_are_those_that_were_chosen() -> None:
    settings.config_folder().mkdir()
    shutil.copy(SAVED / "settings.json", settings.config_folder())
    recent = ("/home/someone/报告.txt", "/home/someone/notes.md")
    expected = settings.Settings("nord", "zh", "both", recent, {"ask.copy": "ctrl+y"}, semantic=False)
    assert settings.load() == expected
    settings.keep(theme="nord")
    assert settings.load() == expected


def test_an_answer_s_dict_is_its_printed_json(index: Index) -> None:
    asked = [turn.question for turn in from_json((SAVED / "conversation.json").read_text("utf-8")).turns]
    for result in (
        *(index.ask(question, "both") for question in asked),
        index.places("engineers"),
        index.show(":10"),
        *index.documents(),
    ):
        assert json.loads(json_text.dumps(result.to_dict())) == result.to_dict()
    printed = [json.loads(line) for line in (SAVED / "answers.jsonl").read_text("utf-8").splitlines()]
    for value in printed:
        again = index.ask(value["question"], limit=2).to_dict()
        assert list(again) == list(value)
        for answer in (again, value):
            del answer["milliseconds"]
            for hit in answer["hits"]:
                for version in hit["versions"].values():
                    del version["place"]["path"]  # the sample's folder
        assert again == value
