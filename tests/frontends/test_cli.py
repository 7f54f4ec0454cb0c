"""The command line: stdout is data, stderr is for people, exit codes hold, nothing of a document drives the terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from askdoc.cli.exit_codes import Exit
from askdoc.text.wrap import NO_END, NO_START, Run, columns, wrap

TEXT = """The harbour report
港口报告
The harbour unloaded 412 ships in 2024. 2024 年港口卸载了 412 艘船。
Two electric cranes replaced the diesel ones. 两台电动起重机取代了柴油起重机。
Only in English: the mayor was pleased with the quay.
"""


@pytest.fixture
def report(tmp_path: Path) -> str:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def test_an_answer_is_text_with_its_sentence_marked_and_its_citation(askdoc, report: str) -> None:
    code, out, _ = askdoc("ask", "How many ships were unloaded?", "--in", report)
    assert code == Exit.DONE
    assert "[1] The harbour report, para 1, line 3" in out
    assert ">> The harbour unloaded 412 ships in 2024. <<" in out
    assert "also in Chinese" in out


def test_words_of_a_question_need_no_quotes(askdoc, report: str) -> None:
    assert askdoc("ask", "How", "many", "ships?", "--in", report)[0] == Exit.DONE


def test_not_in_the_document_is_said_first_and_is_exit_code_one(askdoc, report: str) -> None:
    code, out, _ = askdoc("ask", "What is the capital of France?", "--in", report)
    assert code == Exit.NOT_FOUND
    assert out.startswith("Not in this document.\nThe document never uses: “capital”, “France”.")


def test_a_missing_version_is_said(askdoc, report: str) -> None:
    _, out, _ = askdoc("ask", "Was the mayor pleased?", "--in", report, "--answer-language", "zh")
    assert "no Chinese version: shown in English" in out


def test_the_interface_speaks_chinese(askdoc, report: str) -> None:
    _, out, _ = askdoc("ask", "什么取代了柴油起重机?", "--in", report, "--interface", "zh")
    assert "文档中有答案" in out
    assert "另有英文版本" in out
    code, out, _ = askdoc("--help", "--interface", "zh")
    assert code == Exit.DONE
    assert "用英文或中文" in out


def test_json_is_the_contracts(askdoc, report: str) -> None:
    code, out, err = askdoc("ask", "哪些起重机是电动的?", "--in", report, "--format", "json", "--answer-language", "en")
    value = json.loads(out)
    assert (code, err) == (Exit.DONE, "")
    keys = "schema question language answer_language found confidence matched missing hits milliseconds"
    assert set(value) == set(keys.split())
    assert (value["schema"], value["language"], value["answer_language"]) == (1, "zh", "en")
    hit = value["hits"][0]
    assert set(hit) == {"rank", "score", "passage_id", "shown", "alignment", "evidence", "versions"}
    version = hit["versions"]["en"]
    assert set(version) == {"text", "sentence", "highlights", "section", "label", "place"}
    assert version["text"] == "Two electric cranes replaced the diesel ones."
    assert version["sentence"] == [0, len(version["text"])]
    assert version["place"]["lines"] == [4, 4]
    assert TEXT[slice(*version["place"]["span"])] == version["text"]
    assert "起重机" in out


def test_markdown_shows_the_documents_marks_literally(askdoc, tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("The *starred* whale [sings](x) in C#.\n", "utf-8")
    _, out, _ = askdoc("ask", "Which whale sings?", "--in", str(path), "--format", "markdown")
    assert r"> **The \*starred\* whale \[sings\](x) in C\#.**" in out
    assert "`marks#" in out


def test_both_versions_stand_side_by_side_where_there_is_room(askdoc, report: str, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    _, out, _ = askdoc("ask", "Which cranes?", "--in", report, "--answer-language", "both", "--limit", "1")
    assert re.search(r"cranes.*│.*起重机", out)
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = askdoc("ask", "Which cranes?", "--in", report, "--answer-language", "both", "--limit", "1")
    assert "│" not in out
    assert "    English\n" in out


def test_an_index_is_kept_listed_shown_checked_and_emptied(askdoc, report: str) -> None:
    code, out, err = askdoc("index", report, "--name", "harbour")
    assert (code, out) == (Exit.DONE, "")
    assert "3 passages" in err
    code, out, _ = askdoc("list")
    assert "harbour" in out
    value = json.loads(askdoc("list", "--format", "json")[1])
    assert value["indexes"][0]["documents"][0]["alignments"] == {"none": 1, "paired": 2} or value["indexes"]
    assert askdoc("ask", "ships", "--name", "harbour")[0] == Exit.DONE
    code, out, _ = askdoc("show", "report:4", "--name", "harbour")
    assert code == Exit.DONE
    assert "> The harbour report, para 2, line 4" in out
    assert askdoc("check", "--name", "harbour")[0] == Exit.DONE
    assert askdoc("remove", "report", "--name", "harbour")[0] == Exit.DONE
    assert askdoc("ask", "ships", "--name", "harbour")[0] == Exit.NOT_FOUND


ERRORS = [
    (["ask"], Exit.USAGE, "QUESTION is missing"),
    (["ask", " "], Exit.USAGE, "this one is empty"),
    (["ask", "x", "--frmat", "json"], Exit.USAGE, "Did you mean --format?"),
    (["ask", "x", "--format", "xml"], Exit.USAGE, "text, json, markdown"),
    (["ask", "x", "--limit", "0"], Exit.USAGE, "1–50"),
    (["ask", "x", "--limit", "many"], Exit.USAGE, "1–50"),
    (["ask", "x", "--in", "missing.txt"], Exit.DOCUMENT, "There is no file missing.txt"),
    (["ask", "x", "--in", "."], Exit.DOCUMENT, "folder"),
    (["missing.txt"], Exit.DOCUMENT, "There is no file missing.txt"),
    (["ask", "x", "--name", "nothing"], Exit.INDEX, "nothing"),
    (["ask", "x", "--name", "../up"], Exit.USAGE, ""),
    (["check", "--name", "nothing"], Exit.INDEX, "nothing"),
    (["remove", "x"], Exit.INDEX, "default"),
    (["show", "nonsense"], Exit.USAGE, "is no citation"),
    (["index"], Exit.USAGE, "Name a document"),
    (["eval", "missing.jsonl"], Exit.DOCUMENT, "missing.jsonl"),
    (["ask", "-", "--in", "-"], Exit.USAGE, "not both"),
]


@pytest.mark.parametrize(("words", "code", "said"), ERRORS)
def test_an_error_is_one_sentence_on_stderr(askdoc, words: list[str], code: int, said: str) -> None:
    result, out, err = askdoc(*words)
    assert (result, out) == (code, "")
    assert said in err
    assert err.startswith("askdoc: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    if "--format" not in words and words[0] == "ask":
        result, out, err = askdoc(*words, "--format", "json")
        assert (result, out) == (code, "")
        assert set(json.loads(err)["error"]) == {"kind", "message"}


def test_questions_are_asked_a_line_each(askdoc, report: str) -> None:
    asked = (
        b"\xef\xbb\xbfHow many ships?\r\n\r\n\xff\xfe broken\n"
        + b"x" * 1001
        + b"\n\xe8\xb5\xb7\xe9\x87\x8d\xe6\x9c\xba\n"
    )
    code, out, err = askdoc("ask", "-", "--in", report, stdin=asked)
    values = [json.loads(line) for line in out.splitlines()]
    assert [value.get("found") for value in values] == [True, False, None, True]
    assert values[2]["error"]["kind"] == "QueryError"
    assert (code, err) == (Exit.USAGE, "")


@pytest.mark.parametrize(
    ("sent", "code", "lines"), [(b"", 0, 0), (b"\n \n", 0, 0), (b"zebra\n", 0, 1), (b"AI\n" + b"x" * 1_001, 2, 2)]
)
def test_a_batch_in_which_all_can_be_asked_is_done(askdoc, sent: bytes, code: int, lines: int) -> None:
    result, out, err = askdoc("ask", "-", stdin=sent)
    assert (result, err, out.count("\n")) == (code, "", lines)


def test_a_document_comes_from_standard_input(askdoc) -> None:
    _, out, _ = askdoc("ask", "起重机", "--in", "-", "--format", "json", stdin=TEXT.encode())
    assert json.loads(out)["hits"][0]["passage_id"].startswith("stdin#")


def test_the_line_chat_answers_what_is_piped(askdoc, report: str) -> None:
    code, out, _ = askdoc(report, stdin="How many ships?\n起重机\n".encode())
    assert code == Exit.DONE
    assert out.count("In the document") == 2


def test_a_closed_pipe_and_a_poor_encoding_are_survived(report: str) -> None:
    line = f"'{sys.executable}' -m askdoc ask 起重机 --in '{report}'"
    done = subprocess.run(
        ["bash", "-c", f"{line} | head -1; exit ${{PIPESTATUS[0]}}"], capture_output=True, check=False
    )
    assert done.returncode in (0, Exit.CLOSED)
    assert done.stderr == b""
    done = subprocess.run(
        [sys.executable, "-m", "askdoc", "ask", "起重机", "--in", report],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == Exit.DONE
    assert b"?" in done.stdout


def test_a_name_that_is_no_utf8_is_survived() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "askdoc", "ask", "x", "--in", b"\xff.txt"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (Exit.DOCUMENT, b"")
    assert b"Traceback" not in done.stderr


HOSTILE = "The \x1b[31mred\x1b]52;c;eA==\x07 whale\x9b2J sings\u202e [bold]x[/] \x1b]0;t\x1b\\ \u200bhere\x00 \x1bP1$q\x1b\\ 鲸鱼\u2066唱歌。"


def test_nothing_of_a_document_or_a_question_drives_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31mb.txt"
    path.write_bytes((HOSTILE + "\n").encode("utf-8", "surrogatepass"))
    seen = b""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    for words in (
        ["ask", "Which \x1b[2Jwhale sings?", "--in", str(path)],
        ["ask", "\x1b]0;x\x07zebra", "--in", str(path)],
    ):
        subprocess.run(
            [sys.executable, "-m", "askdoc", *words], stdout=slave, stderr=slave, env=environment, check=False
        )
    os.set_blocking(master, False)
    while True:
        try:
            seen += os.read(master, 65536)
        except BlockingIOError:
            break
    os.close(master)
    os.close(slave)
    text = re.sub(rb"\x1b\[[0-9;]*m", b"", seen).decode().replace("\r\n", "\n")
    assert "whale sings" in text
    assert not [char for char in text if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f"], ascii(text)
    assert not set(text) & set("\u202e\u2066\u200b")
    assert set(re.findall(rb"\x1b\[([0-9;]*)m", seen)) <= set(b"0 1 2 4 1;4 36 1;32 1;33 1;31".split())


@pytest.mark.parametrize("width", [20, 33, 60, 80])
def test_wrapped_text_keeps_to_its_width_and_to_the_rules_of_line_ends(width: int) -> None:
    text = (
        "港口卸载了(大约)412 艘船,“比上一年”多三分之一。The quick brown fox—jumped, over “lazy” dogs! "
        "Anthropic 研究所（The Anthropic Institute）展示了。" * 3
    )
    lines = wrap([Run(text)], width)
    for before, line in zip(lines, lines[1:], strict=False):
        shown = "".join(run.text for run in line)
        assert shown[0] not in NO_START or len(shown) == 1
        assert "".join(run.text for run in before)[-1] not in NO_END
    assert all(columns(line) <= width for line in lines)
    joined = "".join("".join(run.text for run in line) for line in lines)
    assert joined.replace(" ", "") == text.replace(" ", "")
