"""A file is opened safely, decoded rightly and said so, and every slice of it leads back to its line and offset."""

from __future__ import annotations

import codecs
import os
import random
import socket
import time
from pathlib import Path

import pytest

from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable, LimitExceeded
from askdoc.limits import Limits
from askdoc.readers import source_file as opening
from askdoc.readers.decoding import decode
from askdoc.readers.source_file import from_bytes, load

SIMPLIFIED = (
    "河流发源于北方的山区,全长三百公里。\n河水在春天最为浑浊,夏天人们在岸边乘凉。\n沿岸有许多村庄和学校。\n" * 4
)
TRADITIONAL = (
    "河流發源於北方的山區,全長三百公里。\n河水在春天最為渾濁,夏天人們在岸邊乘涼。\n沿岸有許多村莊和學校。\n" * 4
)
MIXED = "The river rises in the north.\n这条河发源于北方。\n" * 6


@pytest.mark.parametrize("text", [SIMPLIFIED, MIXED, "The river.\n", "数"])
@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-8"),
    ],
)
def test_a_marked_or_utf8_text_is_read_as_what_it_is(text: str, mark: bytes, codec: str) -> None:
    found, encoding, warnings = decode(mark + text.encode(codec), "x")
    assert (found, encoding) == (text, codec)
    assert [warning.key for warning in warnings] == ([] if codec == "utf-8" else ["reader-encoding"])


@pytest.mark.parametrize(
    ("text", "codec", "said"),
    [
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (MIXED, "gb18030", "gb18030"),
        ("中文\n", "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        ("佢哋喺度食嘢。\n" * 4, "big5hkscs", "big5hkscs"),
        ("请在周五之前回复。\n", "gb18030", "gb18030"),
        ("請在週五之前回覆。\n", "big5", "big5hkscs"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (TRADITIONAL, "utf-16-be", "utf-16-be"),
        (MIXED, "utf-16-le", "utf-16-le"),
        ("Plain English only, and not much.\n", "utf-16-be", "utf-16-be"),
        ("Plain English only, and not much.\n", "utf-32-le", "utf-32-le"),
        ("Le café était fermé à Noël.\nIl pleuvait.\n", "latin-1", "cp1252"),
        ("It’s the “old” price: 5 €.\n", "cp1252", "cp1252"),
    ],
)
def test_other_encodings_are_recognised_and_said(text: str, codec: str, said: str) -> None:
    found, encoding, warnings = decode(text.encode(codec), "x.txt")
    assert (found, encoding) == (text, said)
    (warning,) = warnings
    assert warning.key == "reader-encoding"
    assert warning.fields["path"] == "x.txt"


@pytest.mark.parametrize(
    ("text", "codec"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs"), (SIMPLIFIED, "utf-16-le")]
)
def test_a_broken_byte_changes_no_guess(text: str, codec: str) -> None:
    data = text.encode(codec)
    found, encoding, warnings = decode(data + b"\xff", "x")
    assert (found, encoding) == (text + "\ufffd", codec)
    assert [warning.key for warning in warnings] == ["reader-encoding", "reader-broken"]


def test_chinese_far_into_an_english_file_decides_its_encoding() -> None:
    text = "Only English here.\n" * 20_000 + SIMPLIFIED
    assert decode(text.encode("gb18030"), "x")[:2] == (text, "gb18030")


def test_a_few_broken_bytes_in_utf8_are_marked_and_their_line_is_named() -> None:
    data = "第一行。\n第二行。\n".encode() + b"\xff\xfe bro\xc3ken\n" + "最后一行写得很长很长。\n".encode()
    found, encoding, warnings = decode(data, "x")
    assert encoding == "utf-8"
    assert found.count("\ufffd") == 3
    assert found.endswith("最后一行写得很长很长。\n")
    assert [(warning.key, warning.fields["line"], warning.fields["count"]) for warning in warnings] == [
        ("reader-broken", 3, 3)
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 500,
        b"\x7fELF" + bytes(range(256)) * 20,
        b"PK\x03\x04 and so on",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n" + bytes(random.Random(5).randbytes(4000)),
        b"text " * 100 + b"\x00" * 50,
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentMalformed) as caught:
        decode(data, "picture")
    assert caught.value.key == "reader-binary"
    assert "picture" in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", "\u3000\u200b\ufeff\n".encode(), b"\x1b[0m\x07"])
def test_a_document_without_text_is_an_error_that_says_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(data)
    with pytest.raises(DocumentMalformed) as caught:
        load(path)
    assert caught.value.key == "reader-empty"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_are_counted_by_any_line_end(end: str) -> None:
    source = from_bytes(f"one{end}{end}three\x07{end}four".encode(), "x")
    at = source.text.index("four")
    assert source.place(at, at + 4).lines == (4, 4)
    assert source.line_of(source.text.index("three")) == 3


def test_places_lead_back_to_the_source_as_it_was_decoded() -> None:
    raw = "A\x1b[31mred\x1b[0m word\n\x1b]0;a\ntitle\x07next\u202e line\n"
    source = from_bytes(raw.encode(), "x")
    assert source.text == "Ared word\nnext line\n"
    assert [warning.key for warning in source.warnings] == ["reader-removed"]
    assert source.warnings[0].fields["count"] == len(raw) - len(source.text)
    start = source.text.index("next")
    place = source.place(start, start + len("next line"))
    assert raw[slice(*place.span)] == "next\u202e line"
    assert place.lines == (3, 3)  # the removed sequence held a line end of the file


def test_an_ordinary_text_loses_nothing() -> None:
    source = from_bytes(MIXED.encode(), "x")
    assert source.text == MIXED
    assert source.cleaned.removed == 0
    assert source.warnings == ()
    assert source.info.encoding == "utf-8"


# --- paths -----------------------------------------------------------------------------------------------------


def fails(path: Path, kind: type[Exception], key: str) -> None:
    started = time.perf_counter()
    with pytest.raises(kind) as caught:
        load(path)
    assert time.perf_counter() - started < 2
    assert caught.value.key == key  # type: ignore[attr-defined]
    said = str(caught.value)
    assert "\x1b" not in said
    assert "\n" not in said
    said.encode()


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    fails(tmp_path / "none.txt", DocumentNotFound, "document-missing")
    fails(tmp_path / "none" / "x.txt", DocumentNotFound, "document-missing")
    fails(tmp_path, DocumentUnreadable, "reader-folder")
    fails(Path("/dev/zero"), DocumentUnreadable, "reader-not-a-file")
    fails(Path("nul\0name"), DocumentNotFound, "document-missing")
    fails(tmp_path / ("n" * 300), DocumentUnreadable, "reader-cannot-open")
    (tmp_path / "file").write_text("x")
    fails(tmp_path / "file" / "x.txt", DocumentNotFound, "document-missing")


def test_a_pipe_without_a_writer_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    fails(tmp_path / "pipe", DocumentUnreadable, "reader-not-a-file")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        fails(tmp_path / "s", DocumentUnreadable, "reader-not-a-file")


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    fails(tmp_path / "loop", DocumentUnreadable, "reader-loop")


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("Text.\n")
    (tmp_path / "link.txt").symlink_to(tmp_path / "file.txt")
    assert load(tmp_path / "link.txt").text == "Text.\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    fails(path, DocumentUnreadable, "reader-permission")


def test_a_refused_permission_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "no")

    (tmp_path / "x.txt").write_text("x")
    monkeypatch.setattr(opening.os, "open", refuse)
    fails(tmp_path / "x.txt", DocumentUnreadable, "reader-permission")


@pytest.mark.parametrize("change", ["grow", "shrink"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"a" * (3 << 20))
    read = os.read
    done: list[int] = []

    def reading(handle: int, size: int) -> bytes:
        if len(done) == 1:
            with path.open("r+b") as file:
                file.truncate((2 << 20) if change == "shrink" else (5 << 20))
        done.append(1)
        return read(handle, size)

    monkeypatch.setattr(opening.os, "read", reading)
    fails(path, DocumentUnreadable, "reader-changed")


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.txt", b"new\nline.txt", b"\x1b[31mred.txt", b"[bold]x[.txt", b"n" * 251 + b".txt"]
)
def test_strange_names_are_read_and_shown_safely(tmp_path: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    fails(path, DocumentNotFound, "document-missing")
    path.write_text("Text.\n")
    assert load(path).info.path == str(path)


def test_limits_hold_at_the_limit_and_one_beyond(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    for size, fits in ((99, True), (100, True), (101, False)):
        path.write_text("x" * size)
        for limits, key in (
            (Limits(file_bytes=100), "reader-too-large"),
            (Limits(document_characters=100), "reader-too-long"),
        ):
            if fits:
                assert len(load(path, limits=limits).text) == size
                assert len(from_bytes(b"x" * size, "-", limits=limits).text) == size
            else:
                for read in (
                    lambda each: load(path, limits=each),
                    lambda each: from_bytes(b"x" * 101, "-", limits=each),
                ):
                    with pytest.raises(LimitExceeded) as caught:
                        read(limits)
                    assert caught.value.key == key


def test_a_sparse_giant_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    started = time.perf_counter()
    with pytest.raises(LimitExceeded):
        load(path)
    assert time.perf_counter() - started < 1


def test_reading_leaves_no_open_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(DocumentUnreadable):
            load(path)
    assert before == (len(os.listdir("/proc/self/fd")) if before else 0)
