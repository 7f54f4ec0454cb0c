"""A damaged index is refused or answers as before the damage; what is no index is refused; opening one runs no code."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from askdoc.errors import IndexCorrupt, IndexError_, IndexLocked, IndexMissing, IndexVersionUnsupported
from askdoc.indexing.operations import build_index
from askdoc.storage import directory, schema
from tests.promises.standins import Calls, components, text

ROOT = Path(__file__).parents[2]
PAGE = 4096
HEADER, FACTS = 0, 1  # the pages of the header and of the table meta
Question = Callable[[Calls], Any]


Sound = tuple[bytes, list[tuple[Question, Any]]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """An index that was refreshed and has free pages, and questions with their right answers."""
    return _states(tmp_path_factory)[1:]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, list[tuple[Question, Any]]]:
    """An index before and after a refresh, and questions with their right answers after it."""
    return _states(tmp_path_factory)


def _states(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, list[tuple[Question, Any]]]:
    folder = tmp_path_factory.mktemp("sound")
    rng = random.Random(7)
    names = [folder / f"{name}.txt" for name in ("first", "second")]
    for name in names:
        name.write_text(text(rng, 120, 1500), encoding="utf-8")
    path = folder / "x.askdoc"
    build_index(names, path, components=components())
    before = path.read_bytes()
    lines = names[0].read_text(encoding="utf-8").splitlines()
    names[0].write_text("\n".join([*lines[:40], "a new line|新的一行", *lines[60:]]), encoding="utf-8")
    build_index(names, path, components=components())
    with Calls(path) as reader:
        asked = [(question, question(reader)) for question in _questions(reader, rng)]
    return before, path.read_bytes(), asked


def _questions(reader: Calls, rng: random.Random) -> list[Question]:
    terms = {field: [term for term, _ in reader.terms(field)] for field in reader.fields}
    every = [number for summary in reader.documents() for number in reader.numbers(summary.name)]

    def postings(field: str, asked: list[str]) -> Question:
        return lambda reader: {
            term: (list(found.passages), list(found.counts)) for term, found in reader.postings(field, asked).items()
        }

    questions: list[Question] = [
        lambda reader: reader.documents(),
        lambda reader: reader.size,
        lambda reader: list(reader.terms("en", "w1")),
        lambda reader: [reader.field(field) for field in reader.fields],
        lambda reader: reader.sections("first"),
        lambda reader: reader.sections("second"),
    ]
    for field in reader.fields:
        questions.append(lambda reader, field=field: list(reader.lengths(field)))  # type: ignore[misc]
        for _ in range(12):
            questions.append(postings(field, [*rng.sample(terms[field], 3), f"absent{rng.random()}", "没"]))
    for _ in range(12):
        numbers = rng.sample(every, 4)
        questions.append(lambda reader, numbers=numbers: reader.passages(numbers))  # type: ignore[misc]
        stored = reader.passages(numbers)[0]
        questions.append(lambda reader, stored=stored: reader.find(stored.document, stored.passage.id))  # type: ignore[misc]
        questions.append(lambda reader, line=numbers[0] % 130: reader.at_line("first", line))  # type: ignore[misc]
        questions.append(lambda reader, number=numbers[1]: reader.around(number, 1, 1))  # type: ignore[misc]
    return questions


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice([1, 1, 1, 2, 8])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    junk = rng.choice([bytes(rng.randint(1, 600)), rng.randbytes(rng.randint(1, 600))])
    data[at : at + len(junk)] = junk[: len(data) - at]


def _header(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(100)] = rng.randrange(256)


def _truncate(data: bytearray, rng: random.Random) -> None:
    size = rng.randrange(len(data))
    del data[size // PAGE * PAGE if rng.random() < 0.5 else size :]


def _append(data: bytearray, rng: random.Random) -> None:
    data += rng.choice([bytes(rng.randint(1, 9000)), rng.randbytes(rng.randint(1, 9000)), data[-PAGE:]])


def _swap(data: bytearray, rng: random.Random) -> None:
    kind: dict[int, list[int]] = {}
    for page in range(1, len(data) // PAGE):
        kind.setdefault(data[page * PAGE], []).append(page)
    # Pages of equal type pass for each other wherever only their form is looked at.
    pages = rng.choice([found for found in kind.values() if len(found) > 1])
    one, two = (page * PAGE for page in rng.sample(pages, 2))
    data[one : one + PAGE], data[two : two + PAGE] = data[two : two + PAGE], data[one : one + PAGE]


def _copy(data: bytearray, rng: random.Random) -> None:
    one, two = (page * PAGE for page in rng.sample(range(1, len(data) // PAGE), 2))
    data[one : one + PAGE] = data[two : two + PAGE]


KINDS = [(_flip, 700), (_overwrite, 300), (_header, 200), (_truncate, 200), (_append, 50), (_swap, 450), (_copy, 100)]


@pytest.mark.parametrize(("kind", "count"), KINDS, ids=[kind.__name__.strip("_") for kind, _ in KINDS])
def test_a_damaged_index_is_refused_or_answers_as_before(
    kind: Callable[[bytearray, random.Random], None],
    count: int,
    sound: Sound,
    seed: int,
    stress: int,
) -> None:
    rng = random.Random(seed)
    data, asked = sound
    refused = 0
    for trial in range(count * stress):
        wrong = bytearray(data)
        kind(wrong, rng)
        path = Path(f"{trial % 50}.askdoc")
        path.unlink(missing_ok=True)
        path.write_bytes(wrong)
        refused += _ask(path, asked, rng)
    # Most damage to the middle of rows is met by some question; a test that meets none would prove nothing.
    assert refused > count * stress / 20


def _ask(path: Path, asked: list[tuple[Question, Any]], rng: random.Random) -> bool:
    refused = False
    try:
        with Calls(path) as reader:
            for question, right in rng.sample(asked, 7):
                try:
                    assert _answer(reader, question) == right
                except IndexCorrupt:
                    refused = True
    except (IndexCorrupt, IndexVersionUnsupported):
        return True
    return refused


COLUMNS = {
    "meta": ("id", "body", "sum"),
    "directory": ("id", "body"),
    "documents": ("id", "body"),
    "sections": ("id", "body"),
    "places": ("id", "body"),
    "passages": ("id", "body"),
    "beads": ("id", "body"),
    "blocks": ("id", "field", "first", "next", "body"),
    "lengths": ("id", "body"),
}
CHANGES = {
    "id": "{} + 1000000007",
    "field": "3 + {}",
    "first": "{} || x'00'",
    "next": "{} || x'00'",
    "body": "{} || x'20'",
    "sum": "x'0000000000000000'",
}


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in COLUMNS for column in COLUMNS[table]])
def test_a_change_of_any_column_in_a_sound_database_is_refused(table: str, column: str, sound: Sound) -> None:
    data, asked = sound
    path = Path("x.askdoc")
    path.write_bytes(data)
    if column == "field":
        _sqlite(path, "UPDATE blocks SET field=-1 - field")  # the first and the last change places
    _sqlite(path, f"UPDATE {table} SET {column}={CHANGES[column].format(column)}")
    assert _all_asked(path, asked)


@pytest.mark.parametrize("table", COLUMNS)
def test_a_row_lost_from_any_table_is_refused(table: str, sound: Sound) -> None:
    data, asked = sound
    key = COLUMNS[table][0]
    for which in ("min", "max"):
        path = Path(f"{which}.askdoc")
        path.write_bytes(data)
        _sqlite(path, f"DELETE FROM {table} WHERE {key} != (SELECT {which}({key}) FROM {table})")
        if table == "meta":
            _sqlite(path, "DELETE FROM meta")
        assert _all_asked(path, asked)


def test_a_schema_whose_names_are_no_text_is_refused(sound: Sound) -> None:
    """SQLite quotes them in its message, which sqlite3 then cannot decode."""
    path = Path("x.askdoc")
    for name in (b"documents", b"blocks", b"CREATE", b"INTEGER"):
        path.write_bytes(sound[0].replace(name, name[:-1] + b"\xf3", 2))
        with pytest.raises(IndexCorrupt):
            Calls(path)


def test_a_row_of_an_earlier_state_is_refused() -> None:
    """An old row with its own right checksum: what a lost write leaves."""
    Path("a.txt").write_text("one\n", encoding="utf-8")
    Path("b.txt").write_text("two\n", encoding="utf-8")
    build_index(["a.txt", "b.txt"], "x.askdoc", components=components())
    connection = sqlite3.connect("x.askdoc")
    old = connection.execute("SELECT body FROM documents WHERE id=1").fetchone()
    connection.close()
    Path("a.txt").write_text("one\nthree\n", encoding="utf-8")
    build_index(["a.txt", "b.txt"], "x.askdoc", components=components())
    connection = sqlite3.connect("x.askdoc")
    connection.execute("UPDATE documents SET body=? WHERE id=1", old)
    connection.commit()
    connection.close()
    with Calls("x.askdoc") as reader, pytest.raises(IndexCorrupt):
        reader.documents()


def _all_asked(path: Path, asked: list[tuple[Question, Any]]) -> bool:
    """Whether some question was refused; all others must answer as before."""
    refused = False
    try:
        with Calls(path) as reader:
            for question, right in asked:
                try:
                    assert _answer(reader, question) == right
                except IndexCorrupt:
                    refused = True
    except IndexCorrupt:
        return True
    return refused


def test_every_page_swapped_with_every_other_of_its_kind(sound: Sound) -> None:
    """All questions of all swaps of neighbours in the list of pages of a kind: none may answer otherwise."""
    data, asked = sound
    kinds: dict[int, list[int]] = {}
    for page in range(1, len(data) // PAGE):
        kinds.setdefault(data[page * PAGE], []).append(page * PAGE)
    for pages in kinds.values():
        for one, two in zip(pages, pages[1:], strict=False):
            wrong = bytearray(data)
            wrong[one : one + PAGE], wrong[two : two + PAGE] = data[two : two + PAGE], data[one : one + PAGE]
            Path("x.askdoc").unlink(missing_ok=True)
            Path("x.askdoc").write_bytes(wrong)
            _all_asked(Path("x.askdoc"), asked)


# --- writes that were lost -------------------------------------------------------------------------------------------


def _mixed(before: bytes, after: bytes, pages: Iterable[int]) -> bytes:
    """The file after a refresh with some pages as they were before it."""
    wrong = bytearray(after)
    for page in pages:
        if (page + 1) * PAGE <= len(before):
            wrong[page * PAGE : (page + 1) * PAGE] = before[page * PAGE : (page + 1) * PAGE]
    return bytes(wrong)


def _changed_pages(before: bytes, after: bytes) -> list[int]:
    pages = range(min(len(before), len(after)) // PAGE)
    return [page for page in pages if before[page * PAGE :][:PAGE] != after[page * PAGE :][:PAGE]]


def test_no_write_that_was_lost_is_believed(
    refreshed: tuple[bytes, bytes, list[tuple[Question, Any]]], seed: int, stress: int
) -> None:
    """Each page alone, ranges of pages, and any of them, as a disk leaves them that wrote the others only.

    Where the header and the facts are both old, the file is that of before, with pages that do not belong to it.
    """
    rng = random.Random(seed)
    before, after, asked = refreshed
    Path("before.askdoc").write_bytes(before)
    with Calls("before.askdoc") as reader:
        asked_before = [(question, _answer(reader, question)) for question, _ in asked]
    changed = _changed_pages(before, after)
    assert len(changed) > 20 and changed[:2] == [HEADER, FACTS]
    trials: list[Sequence[int]] = [[page] for page in changed]
    for _ in range(200 * stress):
        first, last = sorted(rng.sample(range(len(changed) + 1), 2))
        trials.append(rng.choice([changed[first:last], rng.sample(changed, rng.randint(2, len(changed) - 1))]))
    refused = 0
    for state, trial in enumerate(trials):
        path = Path(f"{state % 50}.askdoc")
        path.unlink(missing_ok=True)
        path.write_bytes(_mixed(before, after, trial))
        refused += _all_asked(path, asked_before if {HEADER, FACTS} <= set(trial) else asked)
    print(len(trials), "files,", refused, "refused")
    assert len(trials) > 200 * stress and refused > 0.9 * len(trials)


def _answer(reader: Calls, question: Question) -> Any:
    """The answer, or the kind of the error where the question names passages that the index does not have."""
    try:
        return question(reader)
    except IndexLocked as error:
        return error.kind


def test_the_damage_test_fails_when_checksums_are_not_looked_at(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    class Everything:
        """A checksum that equals every other."""

        __hash__ = None

        def __eq__(self, other: object) -> bool:
            return True

        def __ne__(self, other: object) -> bool:
            return False

        def __bool__(self) -> bool:
            return True

    everything = Everything()
    monkeypatch.setattr(directory.Directory, "entry", lambda *values: everything)
    rng = random.Random(1)
    data, asked = sound
    with pytest.raises(AssertionError):
        for _ in range(3000):
            wrong = bytearray(data)
            _flip(wrong, rng)
            Path("x.askdoc").unlink(missing_ok=True)
            Path("x.askdoc").write_bytes(wrong)
            _ask(Path("x.askdoc"), asked, rng)


# --- what is no index ------------------------------------------------------------------------------------------------


class _Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch exploded",)


def _sqlite(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


FOREIGN: dict[str, Callable[[Path, bytes], object]] = {
    "empty": lambda path, data: path.write_bytes(b""),
    "one byte": lambda path, data: path.write_bytes(b"S"),
    "text": lambda path, data: path.write_text("SQLite format 3\n" * 400),
    "the SQLite header alone": lambda path, data: path.write_bytes(data[:100]),
    "a pickle that runs a command": lambda path, data: path.write_bytes(pickle.dumps(_Bomb())),
    "brackets": lambda path, data: path.write_bytes(b"[" * 200_000),
    "line ends converted": lambda path, data: path.write_bytes(data.replace(b"\n", b"\r\n")),
    "UTF-16": lambda path, data: path.write_bytes(b"\xff\xfe" + data),
    "twice": lambda path, data: path.write_bytes(data + data),
    "a database of somebody else": lambda path, data: _sqlite(path, "CREATE TABLE meta(id, body, sum)"),
    "our mark on a database of somebody else": lambda path, data: _sqlite(
        path,
        f"PRAGMA application_id={schema.APPLICATION_ID}",
        f"PRAGMA user_version={schema.VERSION}",
        "CREATE TABLE a(b)",
    ),
    "a folder": lambda path, data: path.mkdir(),
    "a pipe": lambda path, data: os.mkfifo(path),
    "sparse gigabytes": lambda path, data: (path.write_bytes(data), os.truncate(path, 2 << 30)),
    "another table besides": lambda path, data: (path.write_bytes(data), _sqlite(path, "CREATE TABLE more(a)")),
    "a trigger": lambda path, data: (
        path.write_bytes(data),
        _sqlite(path, "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM passages; END"),
    ),
    "a view in the place of a table": lambda path, data: (
        path.write_bytes(data),
        _sqlite(path, "ALTER TABLE meta RENAME TO old", "CREATE VIEW meta AS SELECT * FROM old"),
    ),
    "write-ahead mode": lambda path, data: (path.write_bytes(data), _sqlite(path, "PRAGMA journal_mode=WAL")),
    "no facts": lambda path, data: (path.write_bytes(data), _sqlite(path, "DELETE FROM meta")),
    "facts twice": lambda path, data: (
        path.write_bytes(data),
        _sqlite(path, "INSERT INTO meta SELECT id + 1, body, sum FROM meta"),
    ),
    "values of other types": lambda path, data: (
        path.write_bytes(data),
        _sqlite(path, "UPDATE meta SET body=CAST('x' AS TEXT), sum=1.5"),
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_index_is_corrupt_with_a_clear_message(kind: str, sound: Sound) -> None:
    path = Path("x.askdoc")
    FOREIGN[kind](path, sound[0])
    with pytest.raises(IndexCorrupt) as caught:
        Calls(path)
    assert ("x.askdoc" in str(caught.value) and "askdoc index" in str(caught.value)) or "limit" in str(caught.value)
    assert not Path("exploded").exists()


@pytest.mark.parametrize("version", [0, 1, 2, 3, 7, -1])
def test_another_version_is_unsupported_and_both_are_named(version: int, sound: Sound) -> None:
    path = Path("x.askdoc")
    path.write_bytes(sound[0])
    _sqlite(path, f"PRAGMA user_version={version}")
    with pytest.raises(IndexVersionUnsupported) as caught:
        Calls(path)
    assert f"format {version};" in str(caught.value) and f"format {schema.VERSION}" in str(caught.value)


def test_a_path_that_is_not_there_is_missing() -> None:
    for path in ("x.askdoc", "no/x.askdoc", "\0.askdoc", "x" * 300 + ".askdoc"):
        with pytest.raises(IndexMissing):
            Calls(path)
    Path("file").touch()
    with pytest.raises(IndexMissing):
        Calls("file/x.askdoc")


def test_a_link_to_itself_is_an_error_of_ours() -> None:
    Path("x.askdoc").symlink_to("x.askdoc")
    with pytest.raises(IndexError_):
        Calls("x.askdoc")


def test_opening_and_asking_open_no_other_file_and_run_nothing(
    sound: Sound,
) -> None:
    path = Path("x.askdoc")
    path.write_bytes(sound[0])
    code = """
import sys
from askdoc.storage.packing import common
from tests.promises.standins import Calls
import numpy
common()  # a file of the program's own, as its modules are
found = []
sys.addaudithook(lambda event, given: found.append((event, given)) if event.split(".")[0] in
    ("open", "exec", "compile", "import", "subprocess", "socket", "os", "pickle", "marshal") else None)
with Calls("x.askdoc") as reader:
    number = list(reader.postings("en", ["w1"])["w1"].passages)
    reader.passages(number), reader.lengths("en"), reader.documents(), reader.at_line("first", 3)
print([each for each in found if each[0] not in ("open.nothing",)])
"""
    shutil.rmtree("tmp", ignore_errors=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stdout
    assert [each.name for each in Path().iterdir()] == ["x.askdoc"]
