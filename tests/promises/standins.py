"""Stand-ins for readers and analyzer, fast and simple, for tests of the index file; also a program for child processes.

A document is a text file; each line is a passage, ``English | Chinese``; a line that begins with ``#`` is a heading.
Terms are words and single Chinese characters.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askdoc.indexing.operations import build_index, remove_document
from askdoc.indexing.plan import Components
from askdoc.limits import Limits
from askdoc.model import Document, DocumentFiles, Language, Passage, Place, Section, SourceInfo, Version
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.snapshot import Snapshot
from askdoc.storage.writing.memory_index import MemoryIndex

WORD = re.compile(r"[A-Za-z0-9]+|[一-鿿]")


@dataclass(frozen=True)
class Analyzer:
    """Words of the text a language, words of headings and title in a third field."""

    fingerprint: str = "stand-in-1"
    fields: tuple[str, ...] = ("en", "zh", "head")

    def terms(self, passage: Passage, title: Mapping[Language, str]) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[str]] = {}
        for language, version in passage.versions.items():
            found[language] = Counter(WORD.findall(version.text.lower()))
            above = " ".join((title.get(language, ""), *version.section))
            found.setdefault("head", Counter()).update(WORD.findall(above.lower()))
        return {name: dict(counts) for name, counts in found.items() if counts}


def group(paths: Sequence[Path], pairs: Sequence[tuple[Path, Path]]) -> list[DocumentFiles]:
    alone = [DocumentFiles(path.stem, ((path, None),)) for path in paths]
    return alone + [DocumentFiles(en.stem, ((en, "en"), (zh, "zh"))) for en, zh in pairs]


def passage(id_: str, texts: Mapping[str, str], path: str, line: int, section: str = "", paragraph: int = 1) -> Passage:
    above = (section,) if section else ()
    versions: dict[Any, Version] = {
        language: Version(text, Place(path, (line, line), None, (0, len(text))), above, paragraph)
        for language, text in texts.items()
        if text
    }
    if len(versions) == 2:
        return Passage(id_, versions, "paired", "1:1", 0.9375)
    return Passage(id_, versions)


def read(named: DocumentFiles, limits: Limits) -> Document:
    lines: list[tuple[int, str, dict[str, str]]] = []
    sources = []
    for path, language in named.files:
        data = path.read_bytes()
        status = path.stat()
        digest = hashlib.sha256(data).hexdigest()
        sources.append(
            SourceInfo(str(path), status.st_size, status.st_mtime_ns, status.st_ino, digest, "utf-8", language)
        )
        for number, line in enumerate(data.decode().splitlines(), 1):
            english, _, chinese = line.partition("|")
            texts = {language: line} if language else {"en": english.strip(), "zh": chinese.strip()}
            lines.append((number, str(path), texts))
    return Document(named.name, {"en": f"Notes {named.name}"}, *_body(lines), tuple(sources))


def _body(lines: list[tuple[int, str, dict[str, str]]]) -> tuple[tuple[Section, ...], tuple[Passage, ...]]:
    sections, passages = [], []
    seen: Counter[str] = Counter()
    heading = ""
    for number, path, texts in lines:
        if texts.get("en", "").startswith("#"):
            heading = texts["en"].lstrip("# ")
            sections.append(Section({"en": (heading,)}, (number, number)))
        elif any(texts.values()):
            id_ = hashlib.blake2b(repr(sorted(texts.items())).encode(), digest_size=5).hexdigest()
            seen[id_] += 1
            unique = id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}"
            passages.append(passage(unique, texts, path, number, heading, len(passages) + 1))
    return tuple(sections), tuple(passages)


class Encoder:
    """Sentence vectors without a model: texts that share letters are near."""

    dimensions = 32

    def __init__(self, name: str = "stand-in-encoder-1") -> None:
        self.name = name
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for at, each in enumerate(texts):
            for char in each.lower():
                if char.isalnum():
                    found[at, ord(char) % self.dimensions] += 1
            found[at, 0] += 1e-3
        unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit


class _EachCall:
    """An index of which every call reads a snapshot of its own."""

    snapshot: Any

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if not callable(getattr(Snapshot, name, None)):
            with self.snapshot() as snapshot:
                return getattr(snapshot, name)

        def call(*arguments: Any) -> Any:
            with self.snapshot() as snapshot:
                answer = getattr(snapshot, name)(*arguments)
                return list(answer) if name == "terms" else answer

        return call


class Calls(_EachCall, IndexReader):
    """An index file, read call by call."""


class MemoryCalls(_EachCall, MemoryIndex):
    """An index in memory, read call by call."""


def components(fingerprint: str = "stand-in-1", encoder: Encoder | None = None) -> Components:
    return Components(group, read, Analyzer(fingerprint), lambda: encoder)


def text(rng: random.Random, lines: int, words: int = 900) -> str:
    """A document of so many passages, with headings; common words are common, as in a language."""
    out = []
    for at in range(lines):
        if at % 10 == 0:
            out.append(f"# Part {at // 10} w{rng.randrange(words)}")
        english = " ".join(f"w{int(words * rng.random() ** 3)}" for _ in range(rng.randint(3, 25)))
        chinese = "".join(chr(0x4E00 + int(500 * rng.random() ** 2)) for _ in range(rng.randint(3, 40)))
        out.append(rng.choice([english + "|" + chinese] * 6 + [english, "|" + chinese]))
    return "\n".join(out) + "\n"


def facts(reader: Any) -> dict[Any, Any]:
    """All that an index answers, free of passage numbers: two indexes that give the same facts answer equally."""
    out: dict[Any, Any] = {"documents": [(each.name, each.passages, each.alignments) for each in reader.documents()]}
    for summary in reader.documents():
        stored = reader.passages(list(reader.numbers(summary.name)))
        out[summary.name] = [(each.document, each.passage) for each in stored]
        out[summary.name, "sections"] = reader.sections(summary.name)
    for field in reader.fields:
        out[field] = tuple(reader.field(field))
        lengths = reader.lengths(field)
        out[field, "lengths"] = [
            [int(lengths[number]) for number in reader.numbers(each.name)] for each in reader.documents()
        ]
        for term, frequency in reader.terms(field):
            postings = reader.postings(field, [term])[term]
            assert len(postings.passages) == frequency
            stored = reader.passages(list(postings.passages))
            pairs = zip(stored, postings.counts, strict=True)
            out[field, term] = sorted((each.document, each.passage.id, count) for each, count in pairs)
    return out


def act(arguments: list[str]) -> None:
    """``build INDEX FILE…``, ``rebuild INDEX FILE…`` or ``remove INDEX NAME``."""
    what, index, *rest = arguments
    if what == "remove":
        remove_document(index, rest[0], components=components())
    else:
        build_index(rest, index, rebuild=what == "rebuild", components=components())


def crash(arguments: list[str], seconds: float) -> str:
    """Do it in a child process and kill that after so many seconds: ``killed``, or ``done`` where it was faster."""
    child = os.fork()
    if child == 0:
        try:
            act(arguments)
        except BaseException:
            os._exit(1)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else "done" if not os.WEXITSTATUS(status) else "failed"


def main(arguments: list[str]) -> None:
    """Without arguments: for each line of JSON on stdin, ``[seconds, what, index, …]``, a crash; else one act.

    The process that forks is a small one without threads, and importing is paid for once.
    """
    if arguments:
        act(arguments)
        return
    for line in sys.stdin:
        seconds, *rest = json.loads(line)
        print(crash(rest, seconds), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
