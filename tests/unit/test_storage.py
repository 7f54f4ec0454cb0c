"""An index gives back what was put in: partially, to threads, through refreshes; on disk and in memory the same."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from askdoc.errors import IndexCorrupt, IndexLocked, IndexMissing, UsageError
from askdoc.indexing.operations import build_index, memory_index, remove_document
from askdoc.limits import DEFAULT
from askdoc.model import Document, Passage, Place, Section, SourceInfo, Version
from askdoc.storage import packing, posting_blocks, records, rows, schema
from askdoc.storage.posting_blocks import TermPostings
from askdoc.storage.schema import checksum
from askdoc.storage.writing.index_file import create
from askdoc.storage.writing.index_writer import DocumentWrite
from tests.promises.standins import Analyzer, Calls, components, facts, text


@pytest.fixture
def built(seed: int) -> Path:
    rng = random.Random(seed)
    for name in ("first", "second", "third"):
        Path(f"{name}.txt").write_text(text(rng, 60), encoding="utf-8")
    build_index(["first.txt", "second.txt", "third.txt"], "x.askdoc", components=components())
    return Path("x.askdoc")


def test_the_file_and_the_memory_answer_the_same(built: Path) -> None:
    opened = memory_index(["first.txt", "second.txt", "third.txt"], components=components())
    with Calls(built) as reader, opened.snapshot() as memory:
        assert facts(reader) == facts(memory)
        assert reader.size == memory.size and reader.beads == memory.beads
        name = "second"
        for number in reader.numbers(name):
            id_ = memory.passages([number])[0].passage.id
            assert reader.find(name, id_) == memory.find(name, id_) == number
            assert reader.around(number, 2, 1) == memory.around(number, 2, 1)
        for line in range(80):
            assert reader.at_line(name, line) == memory.at_line(name, line)


def test_what_is_not_there_is_empty_and_no_error(built: Path) -> None:
    with Calls(built) as reader:
        assert reader.find("nowhere", "x") is None and reader.find("first", "x") is None
        assert reader.at_line("nowhere", 1) == [] and list(reader.numbers("nowhere")) == []
        assert reader.sections("nowhere") == ()
        assert reader.postings("en", ["", "zzzz", "w1 w2", "\ud800", "\0", "好" * 1000]) == {}
        assert reader.postings("nofield", ["w1"]) == {} and tuple(reader.field("nofield")) == (0, 0)
        assert list(reader.lengths("nofield")) == [0] * reader.size
        assert reader.passages([]) == []


def test_passages_come_in_the_order_asked_for_and_twice_where_asked_twice(built: Path) -> None:
    with Calls(built) as reader:
        wanted = [5, 170, 0, 5]
        assert [each.number for each in reader.passages(wanted)] == wanted
        assert [each.number for each in reader.passages(np.array(wanted).tolist())] == wanted


def test_around_stays_within_its_document(built: Path) -> None:
    with Calls(built) as reader:
        numbers = reader.numbers("second")
        assert reader.around(numbers[0], 3, 1) == [numbers[0], numbers[1]]
        assert reader.around(numbers[-1], 1, 9) == [numbers[-2], numbers[-1]]


def test_terms_can_be_listed_by_their_beginning(built: Path) -> None:
    with Calls(built) as reader:
        everything = list(reader.terms("en"))
        assert everything == sorted(everything)
        for prefix in ("w1", "w", "w99", "a", "zz", "w899999"):
            assert list(reader.terms("en", prefix)) == [each for each in everything if each[0].startswith(prefix)]


def test_what_is_given_out_cannot_be_changed(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Calls(built) as reader:
        for array in (*reader.postings("en", ["w1"])["w1"], reader.lengths("en")):
            assert isinstance(array, tuple)
    monkeypatch.setattr(posting_blocks, "SMALL", -1)
    monkeypatch.setattr(rows, "SMALL", -1)
    with Calls(built) as reader:
        for array in (*reader.postings("en", ["w1"])["w1"], reader.lengths("en")):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 7


def test_only_the_blocks_of_the_asked_terms_are_read(built: Path) -> None:
    with Calls(built) as reader:
        statements: list[str] = []
        with reader.snapshot() as snapshot:
            snapshot._rows.connection.set_trace_callback(statements.append)
            snapshot.postings("en", ["w1"])
            snapshot._rows.connection.set_trace_callback(None)
        assert len([each for each in statements if "blocks" in each]) == 1
        assert not [each for each in statements if "passages" in each]


def test_a_reader_sees_the_refresh_and_the_rebuild_of_others_on_its_next_call(built: Path) -> None:
    with Calls(built) as reader:
        seen = {reader.generation}
        for rebuild in (False, True, False):
            with Path("first.txt").open("a", encoding="utf-8") as file:
                file.write(f"another unheardof{len(seen)} line\n")
            build_index(["first.txt"], built, rebuild=rebuild, components=components())
            assert reader.generation not in seen
            assert f"unheardof{len(seen)}" in reader.postings("en", [f"unheardof{len(seen)}"])
            seen.add(reader.generation)


def test_a_snapshot_sees_one_state_through_a_rebuild_and_lets_go_of_it_after(built: Path) -> None:
    with Calls(built) as reader:
        with reader.snapshot():
            before = reader.generation
            Path("first.txt").write_text("nothing else\n", encoding="utf-8")
            build_index(["first.txt"], built, rebuild=True, components=components())
            assert reader.generation == before
            assert len(reader.numbers("first")) > 1
        assert len(reader.numbers("first")) == 1


@pytest.mark.parametrize("kind", [MemoryError, UnicodeError, sqlite3.DatabaseError, ValueError, KeyboardInterrupt])
def test_an_error_inside_a_snapshot_leaves_as_it_is(kind: type[BaseException], built: Path) -> None:
    with Calls(built) as reader:
        with pytest.raises(kind), reader.snapshot(), reader.snapshot():
            raise kind("of the asker")
        assert reader.size


def test_a_number_from_before_a_refresh_is_told_apart_from_damage(built: Path) -> None:
    with Calls(built) as reader:
        gone = reader.numbers("third")[-1]
        remove_document(built, "third", components=components())
        with pytest.raises(IndexLocked) as caught:
            reader.passages([gone])
        assert caught.value.key == "index-changed"


def test_threads_may_share_a_reader(built: Path) -> None:
    wrong: list[object] = []
    with Calls(built) as reader:
        terms = [term for term, _ in reader.terms("en")][::8]
        right = {term: _looked_up(reader, term) for term in terms}

        def work() -> None:
            try:
                wrong.extend(term for term in terms if _looked_up(reader, term) != right[term])
            except Exception as error:
                wrong.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def _looked_up(reader: Calls, term: str) -> object:
    found = reader.postings("en", [term])[term]
    return list(found.counts), reader.passages(list(found.passages))


def test_a_change_of_folder_leads_to_no_other_file(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Calls(built) as reader:
        Path("below").mkdir()
        monkeypatch.chdir("below")
        assert reader.postings("en", ["w1"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_reader_works_on_in_both_processes_after_a_fork(built: Path) -> None:
    with Calls(built) as reader:
        right = _looked_up(reader, "w1")
        child = os.fork()
        if child == 0:
            os._exit(0 if _looked_up(reader, "w1") == right else 1)
        _, status = os.waitpid(child, 0)
        assert status == 0 and _looked_up(reader, "w1") == right


def test_a_closed_reader_says_so(built: Path) -> None:
    reader = Calls(built)
    reader.close()
    reader.close()
    with pytest.raises(UsageError):
        reader.postings("en", ["w1"])


def test_a_file_that_is_deleted_while_open_is_missing(built: Path) -> None:
    with Calls(built) as reader:
        built.unlink()
        with pytest.raises(IndexMissing):
            reader.postings("en", ["w1"])


def test_files_are_private_and_alone(built: Path) -> None:
    assert stat.S_IMODE(built.stat().st_mode) == 0o600
    assert sorted(path.name for path in Path().iterdir()) == ["first.txt", "second.txt", "third.txt", "x.askdoc"]


def test_the_text_of_a_removed_document_is_gone_from_the_file(built: Path) -> None:
    Path("secret.txt").write_text("plainlysecret words here\n" * 3, encoding="utf-8")
    build_index(["secret.txt"], built, components=components())
    assert b"plainlysecret" in built.read_bytes()
    remove_document(built, "secret", components=components())
    assert b"plainlysecret" not in built.read_bytes()


@pytest.mark.parametrize("size", [1, 63, 64, 65, 4095, 4096, 4097])
def test_sizes_around_those_of_chunks_and_blocks_hold(size: int) -> None:
    passages = tuple(
        Passage(f"p{at}", {"en": Version(f"t{at:05d} common", Place("a", (at + 1, at + 1), None, (0, 1)))})
        for at in range(size)
    )
    document = Document("a", {}, (), passages, ())
    create(Path("x.askdoc"), [DocumentWrite(document)], Analyzer())
    with Calls("x.askdoc") as reader:
        assert reader.size == size and list(reader.lengths("en")) == [2] * size
        assert list(reader.postings("en", ["common"])["common"].passages) == list(range(size))
        assert [number for number in (0, size // 2, size - 1) if reader.find("a", f"p{number}") != number] == []
        for at in (0, size // 2, size - 1):
            assert list(reader.postings("en", [f"t{at:05d}"])[f"t{at:05d}"].passages) == [at]
        assert not reader.postings("en", [f"t{size:05d}", "t", "commo", "commons"])


def test_an_index_without_documents_is_an_index() -> None:
    create(Path("x.askdoc"), [], Analyzer())
    with Calls("x.askdoc") as reader:
        assert reader.size == 0 and reader.documents() == [] and not reader.postings("en", ["a"])
        assert list(reader.lengths("en")) == [] and list(reader.terms("en")) == []


def test_a_large_block_is_split_when_it_grows() -> None:
    def document(count: int) -> DocumentWrite:
        texts = [f"t{at:05d}" for at in range(count)]
        passages = (Passage("p", {"en": Version(" ".join(texts), Place("a", (1, 1), None, (0, 1)))}),)
        return DocumentWrite(Document("a", {}, (), passages, ()))

    from askdoc.storage.writing.index_file import update

    create(Path("x.askdoc"), [document(10)], Analyzer())
    update(Path("x.askdoc"), [document(1000)], Analyzer())
    connection = sqlite3.connect("x.askdoc")
    assert connection.execute("SELECT count(*) FROM blocks WHERE field=0").fetchone()[0] == 16
    connection.close()
    with Calls("x.askdoc") as reader:
        assert len(list(reader.terms("en"))) == 1000


def test_blocks_come_back_as_they_were_put_in(seed: int, stress: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(40 * stress):
        size = int(rng.choice([3, 300, 70_000, 20_000_000]))
        entries = []
        for term in sorted(
            {
                f"w{number}".encode() * (1 if number % 40 else 300)
                for number in rng.integers(0, 999, int(rng.integers(0, 70)))
            }
        ):
            passages = np.unique(rng.integers(0, size, int(rng.choice([1, 20, 50, 255, 600]))))
            counts = rng.integers(1, int(rng.choice([2, 200, 60_000, 80_000])), len(passages))
            entries.append(TermPostings(term, passages, counts))
        block = posting_blocks.Block(b"", b"", posting_blocks.encode_block(entries), size)
        for before, after in zip(entries, block.entries(), strict=True):
            assert before.term == after.term
            assert before.passages.tolist() == after.passages.tolist()
            assert before.counts.tolist() == after.counts.tolist()


@pytest.mark.parametrize("size", [512, 513, 70_000, 3_000_000])
def test_lists_of_every_kind_come_back_the_same_with_numpy_and_without(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    seen = set()
    for count in (1, 31, 32, 33, 200, 500):
        for odd in (0.0, 0.02, 0.5, 1.0):
            for most in (2, 300, 70_000):
                passages = np.sort(rng.choice(size, count, replace=False))
                if odd < 0.5:  # most of them near each other
                    passages = np.unique(np.concatenate((np.arange(count), passages[: 1 + count // 20])))
                counts = np.where(rng.random(len(passages)) < odd, rng.integers(2, most + 1, len(passages)), 1)
                body = posting_blocks.encode_block([TermPostings(b"a", passages, counts)])
                for held in {size, max(size, 513)}:
                    block = posting_blocks.Block(b"", b"", body, held)
                    found = block.postings(b"a")
                    assert found is not None
                    assert list(found.passages) == passages.tolist() and list(found.counts) == counts.tolist()
                seen.update(zip(("gaps", "counts"), divmod(block._encodings[0], 16), strict=True))
                assert posting_blocks.encode_block(block.entries()) == body
                for cut in range(1, 4):
                    with pytest.raises(IndexCorrupt):
                        posting_blocks.Block(b"", b"", body[:-cut], size)
    assert {kind for what, kind in seen if what == "counts"} >= {0, 9, 10}
    assert {kind for what, kind in seen if what == "gaps"} >= ({1} if size < 600 else {2, 9})


def test_the_words_that_values_refer_to_are_part_of_the_format() -> None:
    # Other words are another schema version: what was written with these cannot be read with others.
    assert (schema.VERSION, len(packing.common()), zlib.crc32(packing.common())) == (4, 32302, 0x97992EB4)
    assert len(packing.common()) <= 32_768 - 262, "deflate does not reach further back"


def test_a_block_of_a_stranger_raises_and_nothing_else(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    entries = [TermPostings(b"a", np.array([1, 5]), np.array([1, 2])), TermPostings(b"b", np.array([0]), np.array([1]))]
    few = posting_blocks.encode_block(entries)
    far = np.concatenate((np.arange(60), [300, 301, 900]))
    many = posting_blocks.encode_block([TermPostings(b"a", far, 1 + (far % 9 == 0) * far)])
    for at in range(1500 * stress):
        body, size = ((few, 6), (many, 901), (many, 512))[at % 3]
        wrong = bytearray(body)
        for _ in range(rng.randint(1, 3)):
            wrong[rng.randrange(len(wrong))] = rng.choice([0, 1, 2, 255, rng.randrange(256)])
        try:
            for entry in posting_blocks.Block(b"", b"", bytes(wrong[: rng.randint(0, 2 * len(wrong))]), size).entries():
                assert 0 <= entry.passages[0] and entry.passages[-1] < size and (np.array(entry.counts) > 0).all()
        except IndexCorrupt:
            pass


def test_records_of_a_stranger_raise_and_nothing_else(seed: int, stress: int) -> None:
    rng = random.Random(seed)
    source = SourceInfo("a", 1, -5, 2**63 + 1, "00", "utf-8", "en")
    record = records.Record(1, records.summarise(_document()), ("/a",), ("a",), ((0, 1),), 1)
    record = replace(record, summary=replace(record.summary, sources=(source,)))
    body = json.loads(_inflated(packing.pack(record)))
    assert records.decode_record(packing.pack(body)) == record
    junk = [None, True, -1, 1.5, "x", [], {}, [[]], 2**70, "\ud800", {"en": 3}]
    for _ in range(600 * stress):
        wrong = json.loads(json.dumps(body))
        part = rng.choice([wrong, wrong["summary"], wrong["summary"]["sources"][0]])
        part[rng.choice(sorted(part))] = rng.choice(junk)
        with contextlib.suppress(IndexCorrupt):
            assert records.decode_record(packing.pack(wrong)).numbers is not None
        first = json.loads(_inflated(records.encode_passage(_document().passages[0], 1, ["a"])))
        version = rng.choice([first, first[3]["en"]])
        version[rng.randrange(len(version))] = rng.choice(junk)
        with contextlib.suppress(IndexCorrupt):
            records.decode_passage(packing.pack(first)).passage(record, records.Bead())


def _inflated(body: bytes) -> bytes:
    return body[1:] if body[:1] == b"j" else zlib.decompressobj(-15, packing.common()).decompress(body[1:])


def test_half_a_surrogate_pair_comes_back() -> None:
    """A file's name that is no UTF-8 has some; so may the text of somebody's own reader."""
    source = SourceInfo("\udcff.txt", 1, -5, 2**63 + 1, "00", "utf-8")
    record = records.Record(1, records.summarise(_document()), ("/\udcff.txt",), ("a", "\udcff.txt"), ((0, 1),), 1)
    record = replace(record, summary=replace(record.summary, sources=(source,), title={"zh": "好\ud800"}))
    assert records.decode_record(packing.pack(record)) == record
    passage = _document().passages[0]
    version = replace(passage.versions["zh"], text="\ud800 文字\udcff", place=Place("\udcff.txt", (1, 2), None, (0, 3)))
    passage = replace(passage, versions={"zh": version})
    row = records.decode_passage(records.encode_passage(passage, 1, record.paths))
    assert row.passage(record, records.bead_of(passage)) == passage
    build = [DocumentWrite(Document("a", {}, (), (passage,), ()))]
    create(Path("x.askdoc"), build, Analyzer())
    with Calls("x.askdoc") as reader:
        assert reader.passages([0])[0].passage == passage


def _document() -> Document:
    version = Version("text", Place("a", (1, 2), 3, (4, 5)), ("Section",), 6)
    passages = (Passage("p", {"en": version, "zh": replace(version, text="文字")}, "paired", "1:1", 0.5, "list"),)
    return Document("a", {"en": "A"}, (Section({"en": ("Section",)}, (1, 9)),), passages, ())


@pytest.mark.parametrize(
    "body",
    [b"", b"j", b"j{", b"jNaN", b"j" + b"[" * 200_000, b"j1" + b"0" * 5000, b"d", b"dd", b"z", b"x{}", b"j\xff", 5],
)
def test_a_body_that_is_no_json_of_ours_is_corrupt(body: object) -> None:
    with pytest.raises(IndexCorrupt):
        records.decode_meta(body)


def test_facts_that_an_older_version_recorded_are_passed_over() -> None:
    meta = records.Meta("analyzer", (("en", 1, 3),), 1, 1, 0, 1, 2, directory=b"12345678")
    older = {**json.loads(_inflated(packing.pack(meta))), "scales": [["bridge", 4.0]]}
    assert records.decode_meta(packing.pack(older)) == meta


def test_a_body_that_unpacks_to_gigabytes_is_refused_in_little_memory() -> None:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    bomb = b"d" + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(80)) + packer.flush()
    with pytest.raises(IndexCorrupt):
        records.decode_meta(bomb)


def test_checksums_tell_apart_what_reads_alike() -> None:
    rows = [("a", "bc"), ("ab", "c"), ("abc",), (b"abc",), (1, 23), (12, 3), ("1", "23"), ("", "abc")]
    sums = {checksum("t", *row) for row in rows} | {checksum("u", *rows[0])}
    assert len(sums) == len(rows) + 1
    with pytest.raises(IndexCorrupt):
        checksum("t", None)


def test_storage_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys, askdoc.storage.index_reader, askdoc.storage.writing.index_file\n"
        "print([name for name in ('jieba', 'textual', 'click', 'rich', 'rank_bm25') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_locked_file_is_named_locked_after_the_wait(built: Path) -> None:
    holder = sqlite3.connect(built, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(IndexLocked):
            Calls(built, limits=replace(DEFAULT, busy_seconds=0.05))
    finally:
        holder.close()
