"""The library folder, the names of indexes, and which index is meant by what is named; nothing is written elsewhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from askdoc.errors import (
    AskdocError,
    DocumentNotFound,
    IndexCorrupt,
    IndexMissing,
    IndexStale,
    IndexUnwritable,
    IndexVersionUnsupported,
    UsageError,
)
from askdoc.indexing import library
from askdoc.indexing.library import (
    Opened,
    index_names,
    index_path,
    library_folder,
    open_documents,
    prepare_library,
    valid_name,
)
from askdoc.indexing.operations import build_index
from askdoc.limits import Limits
from askdoc.model import Document, DocumentFiles
from askdoc.opening import open_index
from askdoc.storage.writing.memory_index import MemoryIndex
from tests.promises.standins import components, read


@pytest.fixture
def folder() -> Path:
    """The library of this test, as the environment names it."""
    return Path(os.environ["ASKDOC_LIBRARY"])


def _files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def _open(*documents: object, **named: object) -> Opened:
    given: object = documents[0] if len(documents) == 1 else documents or None
    return open_documents(given, components=components(), **named)  # type: ignore[arg-type]


def _texts(opened: Opened) -> list[str]:
    with opened.reader, opened.reader.snapshot() as reader:
        numbers = [number for each in reader.documents() for number in reader.numbers(each.name)]
        return [each.passage.versions["en"].text for each in reader.passages(numbers)]


# --- the folder ----------------------------------------------------------------------------------------------------


def test_the_library_is_what_is_named_then_the_environments_then_here_then_the_users(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library_folder("named") == Path("named")
    assert library_folder() == folder
    monkeypatch.delenv("ASKDOC_LIBRARY")
    assert library_folder().is_relative_to(tmp_path / "data")
    Path("index").mkdir()
    Path("index/notes.txt").touch()
    assert library_folder().is_relative_to(tmp_path / "data")
    Path("index/x.askdoc").touch()
    assert library_folder() == Path("index")
    monkeypatch.setenv("ASKDOC_LIBRARY", "")
    assert library_folder() == Path("index")


def test_a_new_library_is_private(folder: Path) -> None:
    assert not folder.exists()
    assert prepare_library() == folder and folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(UsageError):
        library_folder("a\0b")
    Path("file").touch()
    with pytest.raises(IndexUnwritable):
        prepare_library("file")
    with pytest.raises(IndexUnwritable):
        prepare_library("file/below")


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "../x", "a/b", "/abs", "a\\b", "C:\\x", "C:x", "\\\\srv\\x", "a\0b", "x" * 300, "索" * 100,
        "CON", "con", "nul.txt", "Aux", "com1", "LPT9.old", ".hidden", "-option", "x.", "x ", " x", "a\nb", "a\x1b[2Jb",
        "a*b", "a?b", 'a"b', "a<b", "a|b", "~", "$HOME", "a\u202eb", "\ud800",
    ],
)  # fmt: skip
def test_what_could_lead_elsewhere_is_no_name(name: str, folder: Path) -> None:
    for act in (lambda: index_path(name), lambda: _open(name=name), lambda: valid_name(name)):
        with pytest.raises(UsageError) as caught:
            act()
        assert caught.value.kind == "UsageError" and str(caught.value).isprintable()
    assert not folder.exists()


@pytest.mark.parametrize("name", ["default", "Report 2", "报告", "v1.2", "naïve", "a_b-c", "console", "日本語ガ"])
def test_ordinary_words_are_names(name: str, folder: Path) -> None:
    build_index([_write("a.txt", "one")], prepare_library() / index_path(name).name, components=components())
    assert index_names() == [valid_name(name)]
    assert _texts(_open(name=name)) == ["one"]


def test_an_index_that_is_a_link_out_of_the_library_is_not_followed(folder: Path) -> None:
    build_index([_write("a.txt", "one")], "elsewhere.askdoc", components=components())
    (prepare_library() / "x.askdoc").symlink_to(Path("elsewhere.askdoc").absolute())
    with pytest.raises(UsageError):
        _open(name="x")


def _write(name: str, text: str) -> str:
    Path(name).write_text(text + "\n", encoding="utf-8")
    return name


# --- what is meant -------------------------------------------------------------------------------------------------


def test_a_document_is_kept_in_the_library_and_refreshed_when_it_changes(folder: Path) -> None:
    _write("a.txt", "one")
    assert _texts(_open("a.txt")) == ["one"]
    before = _files(folder)
    assert len(before) == 1 and before[0].startswith("a-")
    opened = _open("a.txt")
    assert opened.report is not None and opened.report.unchanged == ("a",) and _texts(opened) == ["one"]
    _write("a.txt", "another")
    assert _texts(_open(Path("a.txt"))) == ["another"]
    assert _texts(_open(["./a.txt"])) == ["another"]
    assert _files(folder) == before
    assert _files(Path()) == ["a.txt"]


def test_other_documents_are_another_index(folder: Path) -> None:
    _write("a.txt", "one")
    _write("b.txt", "two")
    assert _texts(_open(["a.txt", "b.txt"])) == ["one", "two"]
    assert _texts(_open("a.txt")) == ["one"]
    with (
        open_documents(pairs=[("a.txt", "b.txt")], components=components()).reader as opened,
        opened.snapshot() as reader,
    ):
        assert [each.name for each in reader.documents()] == ["a"] and reader.size == 2
    assert len(_files(folder)) == 3


def test_an_index_file_is_opened_as_it_is(folder: Path) -> None:
    build_index([_write("a.txt", "one")], "x.askdoc", components=components())
    _write("a.txt", "changed")
    opened = _open("x.askdoc")
    assert opened.report is None and _texts(opened) == ["one"]
    assert not folder.exists()
    with pytest.raises(IndexMissing):
        _open("y.askdoc")
    with pytest.raises(UsageError):
        _open(["x.askdoc", "a.txt"])


def test_a_word_is_a_file_first_and_then_a_name() -> None:
    build_index([_write("a.txt", "named")], prepare_library() / "report.askdoc", components=components())
    assert _texts(_open("report")) == ["named"] == _texts(_open(name="report"))
    _write("report", "file")
    assert _texts(_open("report")) == ["file"]
    assert _texts(_open(name="report")) == ["named"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("nothing", IndexMissing),
        ("nothing.txt", DocumentNotFound),
        ("no/thing", DocumentNotFound),
        ("\0", DocumentNotFound),
    ],
)
def test_a_word_that_is_neither_says_so(word: str, kind: type[AskdocError], folder: Path) -> None:
    with pytest.raises(kind) as caught:
        _open(word)
    assert str(caught.value).isprintable()
    assert not folder.exists()


def test_documents_and_a_name_together_are_refused() -> None:
    with pytest.raises(UsageError):
        _open("a.txt", name="x")


def test_nothing_named_is_default_and_without_it_the_sample(folder: Path) -> None:
    opened = _open()
    assert opened.sample and len(_texts(opened)) > 10
    assert _files(folder) == [f"{library.SAMPLE}.askdoc"]
    build_index([_write("a.txt", "mine")], index_path(), components=components())
    opened = _open()
    assert not opened.sample and _texts(opened) == ["mine"]


def test_the_sample_answers_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    _write("file", "in the way")
    monkeypatch.setenv("ASKDOC_LIBRARY", str(Path("file/library").absolute()))
    opened = _open()
    assert isinstance(opened.reader, MemoryIndex) and opened.sample
    with opened.reader.snapshot() as snapshot:
        assert snapshot.size > 10
    opened = _open(_write("a.txt", "one"))
    assert isinstance(opened.reader, MemoryIndex) and _texts(opened) == ["one"]


def test_an_install_without_the_sample_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "__file__", str(Path("nowhere/library.py").absolute()))
    with pytest.raises(IndexMissing) as caught:
        _open()
    assert "askdoc index" in str(caught.value)


# --- what went bad meanwhile -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["junk", "version", "analyzer"])
def test_the_index_of_a_document_is_made_again_where_it_went_bad(damage: str, folder: Path) -> None:
    _write("a.txt", "one")
    opened = open_documents("a.txt", components=components("older" if damage == "analyzer" else "stand-in-1"))
    opened.reader.close()
    path = next(folder.glob("*.askdoc"))
    if damage == "junk":
        path.write_bytes(b"junk" * 1000)
    elif damage == "version":
        data = bytearray(path.read_bytes())
        data[60:64] = (99).to_bytes(4, "big")
        path.write_bytes(data)
    assert _texts(_open("a.txt")) == ["one"]


def test_a_named_index_that_went_bad_is_not_made_again_unasked(folder: Path) -> None:
    build_index([_write("a.txt", "one")], prepare_library() / "x.askdoc", components=components())
    good = (folder / "x.askdoc").read_bytes()
    (folder / "x.askdoc").write_bytes(good[:-100])
    with pytest.raises(IndexCorrupt):
        _open(name="x")
    (folder / "x.askdoc").write_bytes(good[:60] + (99).to_bytes(4, "big") + good[64:])
    with pytest.raises(IndexVersionUnsupported):
        _open(name="x")


def test_a_named_index_of_another_analyzer_is_rebuilt_from_its_sources_or_stale() -> None:
    build_index([_write("a.txt", "one")], prepare_library() / "x.askdoc", components=components("older"))
    opened = _open(name="x")
    assert opened.report is not None and [each.key for each in opened.report.warnings] == ["index-rebuilt"]
    assert _texts(opened) == ["one"]
    build_index(["a.txt"], index_path("x"), components=components("older"))
    Path("a.txt").unlink()
    with pytest.raises(IndexStale):
        _open(name="x")


def test_a_document_that_is_gone_is_not_answered_from_its_index() -> None:
    _write("a.txt", "one")
    _open("a.txt").reader.close()
    Path("a.txt").unlink()

    def reading(named: DocumentFiles, limits: Limits) -> Document:
        if not named.files[0][0].exists():
            raise DocumentNotFound("document-missing", path=str(named.files[0][0]))
        return read(named, limits)

    for given in ("a.txt", Path("a.txt"), ["a.txt"]):
        with pytest.raises(DocumentNotFound):
            open_documents(given, components=replace(components(), read=reading))


def test_progress_and_readers_of_both_kinds_are_given() -> None:
    seen: list[int] = []
    opened = _open(_write("a.txt", "one"), progress=lambda done, total, name: seen.append(done))
    assert opened.reader.path is not None and seen == [0, 1]
    opened.reader.close()


def test_the_sample_of_an_installation_that_moved_is_one_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = library._sample_source()
    for place in ("old", "new"):
        copied = tmp_path / place / source.name
        copied.parent.mkdir()
        shutil.copy(source, copied)
        monkeypatch.setattr(library, "_sample_source", lambda copied=copied: (copied, False))
        with open_index(library=tmp_path / "library", semantic=False) as index:
            [summary] = index.documents()
            assert [Path(item.path) for item in summary.sources] == [copied]
        shutil.rmtree(copied.parent)
