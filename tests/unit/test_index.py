"""Builds know documents by their files, rebuilds keep what they can, and the check names what is wrong with a file."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from askdoc import messages
from askdoc.errors import IndexCorrupt, IndexMissing, IndexStale, IndexUnwritable, IndexVersionUnsupported, UsageError
from askdoc.indexing.operations import build_index, check_index, memory_index, refresh, remove_document
from askdoc.limits import DEFAULT
from askdoc.storage import records, schema
from askdoc.storage.packing import pack
from askdoc.storage.posting_blocks import TermPostings, encode_block, encode_lengths
from askdoc.storage.writing.index_file import transaction, update
from askdoc.storage.writing.row_writer import RowWriter
from tests.promises.standins import Analyzer, Calls, components, facts, text


def _write(name: str, contents: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(contents, encoding="utf-8")
    return name


def _names(path: str = "x.askdoc") -> list[str]:
    with Calls(path) as reader:
        return [each.name for each in reader.documents()]


def test_documents_are_added_to_those_that_are_there_and_keep_their_names() -> None:
    _write("one/report.txt", "one\n")
    _write("two/report.txt", "two\n")
    assert build_index("one/report.txt", "x.askdoc", components=components()).added == ("report",)
    report = build_index(["two/report.txt"], "x.askdoc", components=components())
    assert report.added == ("report-2",) and [each.name for each in report.documents] == ["report", "report-2"]
    _write("two/report.txt", "another\n")
    assert build_index([Path("two/report.txt")], "x.askdoc", components=components()).changed == ("report-2",)
    assert _names() == ["report", "report-2"]


def test_a_file_is_known_however_it_is_named() -> None:
    _write("a.txt", "one\n")
    Path("link.txt").symlink_to("a.txt")
    build_index(["a.txt"], "x.askdoc", components=components())
    for name in ("./a.txt", Path("a.txt").absolute(), "link.txt"):
        assert build_index([name], "x.askdoc", components=components()).unchanged == ("a",)
    assert build_index(["a.txt", "./a.txt", "link.txt"], "y.askdoc", components=components()).added == ("a",)


def test_a_pair_takes_the_place_of_its_two_files() -> None:
    _write("c.txt", "english\nlines\n")
    _write("d.txt", "中文\n两行\n")
    _write("e.txt", "other\n")
    build_index(["c.txt", "d.txt", "e.txt"], "x.askdoc", components=components())
    report = build_index([], "x.askdoc", pairs=[("c.txt", "d.txt")], components=components())
    assert report.changed == ("c",) and report.removed == ("d",) and _names() == ["c", "e"]
    assert build_index((), "x.askdoc", pairs=[("c.txt", "d.txt")], components=components()).unchanged == ("c",)
    _write("d.txt", "中文\n三行\n")
    assert build_index((), "x.askdoc", pairs=[("c.txt", "d.txt")], components=components()).changed == ("c",)
    assert check_index("x.askdoc", components=components()) == []


def test_the_report_counts_the_whole_index() -> None:
    _write("a.txt", "one|一\ntwo\n")
    _write("b.txt", "three|三\n")
    build_index(["a.txt"], "x.askdoc", components=components())
    report = build_index(["b.txt"], "x.askdoc", components=components())
    assert (report.passages, report.beads) == (3, 2) and report.seconds > 0 and report.warnings == ()
    assert report.documents[0].alignments["paired"] == 1 and report.documents[0].languages == {"en": 2, "zh": 1}


def test_removing_names_what_is_there_where_the_name_is_wrong() -> None:
    build_index([_write("a.txt", "one\n")], "x.askdoc", components=components())
    with pytest.raises(UsageError) as caught:
        remove_document("x.askdoc", "b", components=components())
    assert "a" in str(caught.value)
    report = remove_document("x.askdoc", "a", components=components())
    assert report.removed == ("a",) and report.passages == 0 and check_index("x.askdoc", components=components()) == []
    with pytest.raises(IndexMissing):
        remove_document("y.askdoc", "a", components=components())


@pytest.mark.parametrize("name", ["x", "x.txt", "x.askdoc.txt", "", "x\0.askdoc"])
def test_nothing_but_an_index_file_is_ever_written(name: str) -> None:
    _write("a.txt", "one\n")
    with pytest.raises(UsageError):
        build_index(["a.txt"], name, rebuild=True, components=components())


# --- stale, damaged and foreign ----------------------------------------------------------------------------------


def test_an_index_of_another_analyzer_is_rebuilt_and_says_so() -> None:
    build_index([_write("a.txt", "one\n"), _write("b.txt", "two\n")], "x.askdoc", components=components())
    report = build_index(["a.txt"], "x.askdoc", components=components("stand-in-2"))
    assert [each.key for each in report.warnings] == ["index-rebuilt"] and _names() == ["a", "b"]
    assert check_index("x.askdoc", components=components("stand-in-2")) == []


def test_an_index_of_another_analyzer_without_its_source_is_stale_and_kept() -> None:
    build_index([_write("a.txt", "one\n"), _write("b.txt", "two\n")], "x.askdoc", components=components())
    before = Path("x.askdoc").read_bytes()
    Path("b.txt").unlink()
    for act in (
        lambda: build_index(["a.txt"], "x.askdoc", components=components("2")),
        lambda: refresh("x.askdoc", components=components("2")),
    ):
        with pytest.raises(IndexStale) as caught:
            act()
        assert "b.txt" in str(caught.value)
    assert Path("x.askdoc").read_bytes() == before
    report = build_index(["a.txt"], "x.askdoc", rebuild=True, components=components("2"))
    assert [each.key for each in report.warnings] == ["index-source-gone"] and _names() == ["a", "b"]


def test_a_document_can_be_removed_from_an_index_of_another_analyzer() -> None:
    build_index([_write("a.txt", "one\n"), _write("b.txt", "two\n")], "x.askdoc", components=components())
    Path("a.txt").unlink()
    remove_document("x.askdoc", "b", components=components("2"))
    assert _names() == ["a"] and check_index("x.askdoc", components=components("2")) == []


def test_a_rebuild_finds_sources_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    _write("docs/a.txt", "one\n")
    build_index(["docs/a.txt"], "x.askdoc", components=components())
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    _write("b.txt", "two\n")
    build_index(["b.txt"], "../x.askdoc", rebuild=True, components=components())
    assert _names("../x.askdoc") == ["a", "b"]


def test_a_damaged_index_is_rebuilt_only_when_asked_for() -> None:
    build_index([_write("a.txt", "one\n")], "x.askdoc", components=components())
    Path("x.askdoc").write_bytes(b"junk" * 2000)
    for act in (
        lambda: build_index(["a.txt"], "x.askdoc", components=components()),
        lambda: refresh("x.askdoc", components=components()),
        lambda: remove_document("x.askdoc", "a", components=components()),
    ):
        with pytest.raises(IndexCorrupt):
            act()
    report = build_index(["a.txt"], "x.askdoc", rebuild=True, components=components())
    assert [each.key for each in report.warnings] == ["index-lost"] and check_index(
        "x.askdoc", components=components()
    ) == []


def test_an_index_of_a_newer_version_is_left_alone() -> None:
    build_index([_write("a.txt", "one\n")], "x.askdoc", components=components())
    _sql("PRAGMA user_version=9")
    for act in (
        lambda: build_index(["a.txt"], "x.askdoc", components=components()),
        lambda: check_index("x.askdoc", components=components()),
    ):
        with pytest.raises(IndexVersionUnsupported):
            act()


def test_a_folder_in_the_place_of_an_index_is_left_alone() -> None:
    Path("x.askdoc").mkdir()
    _write("x.askdoc/precious.txt", "one\n")
    for rebuild in (False, True):
        with pytest.raises((IndexCorrupt, IndexUnwritable)):
            build_index(["x.askdoc/precious.txt"], "x.askdoc", rebuild=rebuild, components=components())
    assert Path("x.askdoc/precious.txt").exists()


def test_memory_takes_pairs_and_names_too() -> None:
    _write("c.txt", "english\n")
    _write("d.txt", "中文\n")
    with memory_index([], pairs=[("c.txt", "d.txt")], components=components()) as opened, opened.snapshot() as memory:
        assert [each.name for each in memory.documents()] == ["c"] and memory.size == 2


def test_an_update_by_another_analyzer_is_refused() -> None:
    build_index([_write("a.txt", "one\n")], "x.askdoc", components=components())
    with pytest.raises(IndexUnwritable):
        update(Path("x.askdoc"), [], Analyzer("2"), remove=["a"])


# --- old formats -------------------------------------------------------------------------------------------------

FORMATS = Path(__file__).parents[1] / "data" / "formats"


@pytest.mark.parametrize("sample", sorted(FORMATS.glob("v*.index")), ids=lambda path: path.name)
def test_an_index_of_every_past_format_opens_or_says_which_format_it_has(sample: Path) -> None:
    shutil.copy(sample, "x.askdoc")
    number = int(sample.stem.removeprefix("v"))
    if number != schema.VERSION:
        with pytest.raises(IndexVersionUnsupported, match=f"format {number};"):
            Calls("x.askdoc")
        return
    with Calls("x.askdoc") as reader:
        assert reader.passages(list(reader.postings("en", ["kettle"])["kettle"].passages))[0].document == "kitchen"
    assert check_index("x.askdoc", components=components()) == []


def test_there_is_a_sample_of_the_present_format() -> None:
    assert (FORMATS / f"v{schema.VERSION}.index").is_file()


# --- whole and wrong ---------------------------------------------------------------------------------------------


def _sql(statement: str, *values: object) -> list[Any]:
    connection = sqlite3.connect("x.askdoc")
    found = connection.execute(statement, values).fetchall()
    connection.commit()
    connection.close()
    return found


@contextmanager
def _rows() -> Iterator[RowWriter]:
    """Write rows that are whole, whatever they say."""
    with transaction(Path("x.askdoc"), DEFAULT) as writer:
        yield writer
        writer.finish()


def _put(table: str, key: int, *columns: object) -> None:
    with _rows() as writer:
        writer.put(table, key, *columns)


def _remove(table: str, key: int) -> None:
    with _rows() as writer:
        writer.remove(table, key)


def _meta(**changed: object) -> None:
    with _rows() as writer:
        writer.facts = replace(writer.facts, **changed)  # type: ignore[arg-type]


def _record(change: Callable[[records.Record], records.Record], id_: int = 1) -> None:
    with _rows() as writer:
        writer.put("documents", id_, pack(change(writer.document(id_))))


def _block(field: int, change: Callable[[list[TermPostings]], list[TermPostings]]) -> None:
    with _rows() as writer:
        id_, block = writer.block(field, b"")
        writer.put("blocks", id_, field, block.first, block.next, encode_block(change(block.entries())))


def _passage(number: int, change: Callable[[list[Any]], Any]) -> None:
    with _rows() as writer:
        value = _value(writer, number)
        change(value)
        writer.put("passages", number, pack(value))


def _value(writer: RowWriter, number: int) -> list[Any]:
    value: list[Any] = msgspec.to_builtins(writer.passages([number])[number][0])
    return json.loads(json.dumps(value))  # type: ignore[no-any-return]


def _set(value: list[Any], language: str, text_: str) -> None:
    value[3][language][0] = text_


def _summary(**changed: object) -> Callable[[records.Record], records.Record]:
    return lambda record: replace(record, summary=replace(record.summary, **changed))  # type: ignore[arg-type]


def _more(entries: list[TermPostings]) -> list[TermPostings]:
    free = np.setdiff1d(np.arange(40), entries[0].passages)[:1]
    passages = np.sort(np.concatenate([entries[0].passages, free]))
    return [TermPostings(entries[0].term, passages, np.ones(len(passages), dtype=np.int64)), *entries[1:]]


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "passages miscounted": (lambda: _meta(passages=7), "index-check-count"),
    "beads miscounted": (lambda: _meta(beads=7), "index-check-count"),
    "statistics of a field": (lambda: _meta(fields=(("en", 1, 1), ("zh", 1, 1), ("head", 1, 1))), "index-check-count"),
    "languages miscounted": (lambda: _record(_summary(languages={"en": 1, "zh": 1})), "index-check-count"),
    "alignments miscounted": (lambda: _record(_summary(alignments={"paired": 1})), "index-check-count"),
    "sections miscounted": (lambda: _record(_summary(sections=99)), "index-check-count"),
    "one name twice": (lambda: _record(_summary(name="second")), "index-check-name"),
    "an id twice": (lambda: _passage(1, lambda value: value.__setitem__(1, _id(0))), "index-check-id"),
    "a bead of a missing passage": (lambda: _put("beads", 999, pack(["paired", "1:1", 0.5])), "index-check-orphan"),
    "a passage of no document": (
        lambda: _put("passages", 999, pack([1, "x", "list", {}])),
        "index-check-orphan",
    ),
    "a passage lost": (lambda: _remove("passages", 3), "index-check-passage"),
    "a passage of another document": (
        lambda: _passage(3, lambda value: value.__setitem__(0, 2)),
        "index-check-owner",
    ),
    "a bead that does not fit": (lambda: _put("beads", _paired(), pack(["none", "1:1", 0.5])), "index-check-bead"),
    "a confidence beyond one": (lambda: _put("beads", _paired(), pack(["paired", "1:1", 1.5])), "index-check-bead"),
    "Chinese as English": (
        lambda: _passage(_paired(), lambda value: _set(value, "en", "这不是英文")),
        "index-check-language",
    ),
    "English as Chinese": (
        lambda: _passage(_paired(), lambda value: _set(value, "zh", "this is plainly not any Chinese text at all")),
        "index-check-language",
    ),
    "an empty passage": (
        lambda: _passage(_paired(), lambda value: (_set(value, "en", " "), _set(value, "zh", ""))),
        "index-check-empty",
    ),
    "a text that was changed": (
        lambda: _passage(0, lambda value: _set(value, *_changed(value))),
        "index-check-term-missing",
    ),
    "a term that is not in the text": (lambda: _block(0, _more), "index-check-term"),
    "a term forgotten": (lambda: _block(0, lambda entries: entries[1:]), "index-check-term-missing"),
    "a block lost": (lambda: _sql("DELETE FROM blocks WHERE id=(SELECT min(id) FROM blocks)"), "index-check-blocks"),
    "a length": (lambda: _put("lengths", 0, encode_lengths(np.ones(_size(), dtype=np.int64))), "index-check-length"),
    "places of another document": (
        lambda: _put("places", 1, *_sql("SELECT body FROM places WHERE id=2")[0]),
        "index-check-places",
    ),
    "places of no document": (lambda: _put("places", 9, records.encode_spots([])), "index-check-orphan"),
    "a passage deleted": (lambda: _sql("DELETE FROM passages WHERE id=3"), "index-check-damaged"),
    "a passage more": (
        lambda: _sql("INSERT INTO passages SELECT 777, body FROM passages WHERE id=3"),
        "index-check-orphan",
    ),
    "a document lost": (lambda: _sql("DELETE FROM documents WHERE id=1"), "index-check-damaged"),
    "a length that is no number": (
        lambda: _sql("UPDATE lengths SET body=body || x'00' WHERE id=0"),
        "index-check-damaged",
    ),
    "junk": (lambda: Path("x.askdoc").write_bytes(b"junk" * 3000), "index-check-damaged"),
}


def _id(number: int) -> str:
    with Calls("x.askdoc") as reader:
        return str(reader.passages([number])[0].passage.id)


def _paired() -> int:
    return int(_sql("SELECT min(id) FROM beads")[0][0])


def _size() -> int:
    with Calls("x.askdoc") as reader:
        return int(reader.size)


def _changed(value: list[Any]) -> tuple[str, str]:
    language = sorted(value[3])[0]
    return language, value[3][language][0] + (" unheardof" if language == "en" else "龘")


@pytest.mark.parametrize("kind", WRONG)
def test_a_whole_and_wrong_index_is_named_by_the_check(kind: str) -> None:
    rng = random.Random(3)
    build_index(
        [_write("first.txt", text(rng, 20)), _write("second.txt", text(rng, 20))], "x.askdoc", components=components()
    )
    assert check_index("x.askdoc", components=components()) == []
    make, key = WRONG[kind]
    make()
    found = check_index("x.askdoc", components=components())
    assert key in {each.key for each in found}, [str(each) for each in found]
    for each in found:
        assert str(each) and messages.say(each.key, "zh", **dict(each.fields))


def test_the_check_lists_a_few_of_each_kind_only() -> None:
    build_index([_write("a.txt", "".join(f"w{at} a\n" for at in range(200)))], "x.askdoc", components=components())
    for at in range(100):
        _put("beads", 1000 + at, pack(["paired", "1:1", 0.5]))
    assert (
        len([each for each in check_index("x.askdoc", components=components()) if each.key == "index-check-orphan"])
        == 20
    )


def test_the_check_of_an_index_of_another_analyzer_says_that_terms_were_not_looked_at() -> None:
    build_index([_write("a.txt", "one\n")], "x.askdoc", components=components())
    assert [each.key for each in check_index("x.askdoc", components=components("2"))] == ["index-check-stale"]


def test_a_rebuild_from_the_stored_text_loses_nothing() -> None:
    build_index([_write("a.txt", text(random.Random(5), 30))], "x.askdoc", components=components())
    shutil.copy("x.askdoc", "y.askdoc")
    Path("a.txt").unlink()
    build_index((), "x.askdoc", rebuild=True, components=components())
    with Calls("x.askdoc") as one, Calls("y.askdoc") as two:
        assert facts(one) == facts(two)
