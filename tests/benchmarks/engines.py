"""One table: askdoc's engine beside rank_bm25, bm25s, tantivy and SQLite FTS5, on the same terms, in one run.

    python tests/benchmarks/engines.py [--sizes 1000,10000,100000] [--language en|zh] [--questions 200]
                                       [--svg FILE] [--json FILE]

The collections are synthetic, so that anybody makes the same ones: terms by the law of Zipf and Mandelbrot (a
vocabulary that grows with the square root of the text), 30 to 120 terms a passage, Chinese terms of one to three
characters. Questions take 3 to 8 terms of a passage that exists, half of them rare ones; its stop words, the 50 most
frequent terms, are left out. Every engine is given passages whose terms stand between spaces.

An engine builds in one process and is asked in others, one thread each. *build* is from the passages in memory to the
closed index; *cold* is from importing the engine to the first answer, in a fresh process whose files are in the page
cache (the median of three where it is short; starting Python not counted); *first* is the median of questions that the
process is asked for the first time, *p50*, *p95* and *p99* are of the same questions asked again. *RSS* and *peak* are
the process's memory while it is asked. *ours ÷* is our p50 over the engine's: below 1, ours is faster. *growth* is the
exponent of p50 between this size and the one before: 1 is linear. *same* is the share of the passages of our first ten
that are in the engine's first ten, which need not be all of them: formulas differ. Our file holds the passages
themselves and checksums, which no other engine's does; *postings* is our index without them.

Every engine is asked in one state of its index; what p50 is where ours looks before each question whether the file has
changed, as a search in askdoc does, is printed below the table. Our first ten are compared with those of scoring every
passage, over all questions.

Libraries that are not installed are left out; ``pip install 'askdoc[benchmark]'`` has them.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import math
import os
import pickle
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.model import Document, Language, Passage
    from askdoc.storage.index_reader import IndexReader

K: Final = 10
"""Passages that a question is answered with."""

STOP_WORDS: Final = 50
"""The most frequent terms, which questions leave out."""

K1: Final = 1.2
"""BM25's first constant, for every engine: that of askdoc, tantivy and FTS5."""

B: Final = 0.75
"""BM25's second."""

SLOW: Final = 20
"""Questions for an engine that takes seconds for each: rank_bm25 from 50,000 passages on."""

SHORT: Final = 5.0
"""Seconds of a cold start up to which it is measured three times."""

Ask = Callable[[Sequence[str], int], list[int]]
"""The numbers of the best passages for terms, best first."""


# --- the collection ----------------------------------------------------------------------------------------------------


class Collection(NamedTuple):
    """Passages as places in a vocabulary, and questions."""

    vocabulary: list[str]
    terms: NDArray[np.int32]
    """The terms of all passages in a row."""
    starts: NDArray[np.int64]
    """Where each passage begins in ``terms``, and the end."""
    questions: list[list[str]]

    def lines(self) -> list[str]:
        """The passages, each with its terms between spaces."""
        words = [self.vocabulary[term] for term in self.terms.tolist()]
        return [" ".join(words[start:end]) for start, end in itertools.pairwise(self.starts.tolist())]

    @property
    def distinct(self) -> int:
        """How many different terms occur."""
        return len(set(self.terms.tolist()))


def vocabulary(language: str, size: int, seed: int = 7) -> list[str]:
    """So many different words, the same ones first whatever the size."""
    chance = random.Random(f"{seed} {language}")
    han = [chr(code) for code in range(0x4E00, 0x4E00 + 6000)]
    syllables = [one + two for one in "bcdfghjklmnprstvwz" for two in ("a", "e", "i", "o", "u", "an", "er", "is")]
    found: dict[str, None] = {}
    while len(found) < size:
        if language == "zh":
            # Single characters are few in number, and most words are of two.
            length = chance.choices((1, 2, 3), (15, 65, 20))[0]
            word = "".join(chance.choice(han) for _ in range(length))
        else:
            word = "".join(chance.choice(syllables) for _ in range(chance.choices((1, 2, 3, 4), (5, 35, 40, 20))[0]))
        found.setdefault(word)
    return list(found)


def collection(size: int, language: str, questions: int, seed: int = 7) -> Collection:
    """A collection of so many passages; the same one for the same arguments."""
    import numpy as np

    chance = np.random.default_rng([seed, size, len(language.encode()) + ord(language[0])])
    lengths = chance.integers(30, 121, size)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    total = int(starts[-1])
    words = vocabulary(language, int(30 * math.sqrt(total)), seed)
    weights = 1 / (np.arange(1, len(words) + 1) + 2.7)
    bounds = np.cumsum(weights)
    terms = np.searchsorted(bounds, chance.random(total) * bounds[-1], side="right").astype(np.int32)
    frequency = np.bincount(terms, minlength=len(words))
    stop = set(np.argsort(-frequency, kind="stable")[:STOP_WORDS].tolist())
    asked: list[list[str]] = []
    pick = random.Random(f"{seed} {size} {language}")
    while len(asked) < questions:
        passage = pick.randrange(size)
        held = sorted(
            set(terms[starts[passage] : starts[passage + 1]].tolist()) - stop, key=lambda term: frequency[term]
        )
        if len(held) < 8:
            continue
        many = pick.randint(3, 8)
        half = len(held) // 2
        chosen = pick.sample(held[:half], many // 2) + pick.sample(held[half:], many - many // 2)
        pick.shuffle(chosen)
        asked.append([words[term] for term in chosen])
    return Collection(words, terms, starts, asked)


# --- the engines -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spaces:
    """An analyzer whose terms are what stands between spaces."""

    fields: tuple[str, ...]
    fingerprint: str = "spaces-1"

    def terms(self, passage: Passage, title: Mapping[Language, str]) -> dict[str, dict[str, int]]:
        return {name: dict(Counter(version.text.split(" "))) for name, version in passage.versions.items()}


def documents(lines: Sequence[str], language: Language) -> list[Document]:
    """The passages as documents of ten thousand."""
    from askdoc.model import Document, Passage, Place, SourceInfo, Version

    found = []
    for first in range(0, len(lines), 10_000):
        name = f"part-{first // 10_000}"
        passages = tuple(
            Passage(f"{at:010x}", {language: Version(line, Place(name, (at + 1, at + 1), None, (0, len(line))))})
            for at, line in enumerate(lines[first : first + 10_000])
        )
        found.append(Document(name, {}, (), passages, (SourceInfo(name, 0, 0, 0, "0" * 64, "utf-8"),)))
    return found


def best(scores: NDArray[np.float64], k: int) -> list[int]:
    """The places of the ``k`` highest scores above zero, best first, ties by number."""
    import numpy as np

    # Among those that hold a term at all: to part a hundred thousand numbers, most of them zero, takes ten times as long.
    places = np.flatnonzero(scores > 0)
    found = scores[places]
    if len(places) > k:
        keep = found >= np.partition(found, -k)[-k]
        places, found = places[keep], found[keep]
    order: list[int] = places[np.lexsort((places, -found))][:k].tolist()
    return order


def build_ours(folder: Path, lines: Sequence[str], language: Language) -> None:
    from askdoc.storage.writing.index_file import DocumentWrite, create

    create(
        folder / "index.askdoc",
        [DocumentWrite(each, ("",)) for each in documents(lines, language)],
        Spaces((language,)),
    )


def open_ours(folder: Path) -> Ask:
    """One state of the index for all questions, as tantivy's searcher and the arrays of the others are."""
    from askdoc.retrieval.top_k import top

    _, reader = looking(folder)
    held = contextlib.ExitStack()
    snapshot = held.enter_context(reader.snapshot())
    field = snapshot.fields[0]

    def asking(terms: Sequence[str], k: int) -> list[int]:
        return top(snapshot, field, terms, k)[0].tolist() if held else []

    return asking


def looking(folder: Path) -> tuple[Ask, IndexReader]:
    """Each question looks whether the file has changed, as askdoc does where nobody holds a state."""
    from askdoc.retrieval.top_k import top
    from askdoc.storage.index_reader import IndexReader

    reader = IndexReader(folder / "index.askdoc")
    with reader.snapshot() as snapshot:
        field = snapshot.fields[0]

    def asking(terms: Sequence[str], k: int) -> list[int]:
        with reader.snapshot() as snapshot:
            return top(snapshot, field, terms, k)[0].tolist()

    return asking, reader


def build_rank_bm25(folder: Path, lines: Sequence[str], language: Language) -> None:
    from rank_bm25 import BM25Okapi

    with (folder / "index.pickle").open("wb") as file:
        pickle.dump(BM25Okapi([line.split(" ") for line in lines], k1=K1, b=B), file, pickle.HIGHEST_PROTOCOL)


def open_rank_bm25(folder: Path) -> Ask:
    with (folder / "index.pickle").open("rb") as file:
        index = pickle.load(file)
    return lambda terms, k: best(index.get_scores(terms), k)


def build_bm25s(folder: Path, lines: Sequence[str], language: Language) -> None:
    import bm25s

    ids: dict[str, int] = {}
    lists = [[ids.setdefault(term, len(ids)) for term in line.split(" ")] for line in lines]
    index = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy")
    index.index((lists, ids), show_progress=False)
    index.save(folder / "index", show_progress=False)


def open_bm25s(folder: Path) -> Ask:
    import bm25s

    index = bm25s.BM25.load(folder / "index", show_progress=False)

    def ask(terms: Sequence[str], k: int) -> list[int]:
        k = min(k, index.scores["num_docs"])
        # No pool of threads: one of a single thread would start it anew for each question.
        found = index.retrieve([list(terms)], k=k, show_progress=False, n_threads=0, backend_selection="numpy")
        numbers: list[int] = found.documents[0].tolist()
        return numbers

    return ask


def _tantivy(folder: Path) -> tuple[Any, Any]:
    import tantivy

    # Frequencies without positions, as in our index; numbers are those of the order in which passages are added.
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="spaces", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, path=str(folder / "index"))
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return schema, index


def build_tantivy(folder: Path, lines: Sequence[str], language: Language) -> None:
    import tantivy

    (folder / "index").mkdir()
    _, index = _tantivy(folder)
    writer = index.writer(heap_size=2_000_000_000, num_threads=1)
    for line in lines:
        writer.add_document(tantivy.Document(text=line))
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(folder: Path) -> Ask:
    from tantivy import Occur, Query

    schema, index = _tantivy(folder)
    searcher = index.searcher()
    if searcher.num_segments != 1:
        message = f"{searcher.num_segments} segments: passages have no common numbers"
        raise RuntimeError(message)

    def ask(terms: Sequence[str], k: int) -> list[int]:
        query = Query.boolean_query([(Occur.Should, Query.term_query(schema, "text", term, "freq")) for term in terms])
        # Without counting all hits it may skip blocks that cannot be among the best.
        return [address.doc for _, address in searcher.search(query, k, count=False).hits]

    return ask


def build_fts5(folder: Path, lines: Sequence[str], language: Language) -> None:
    with contextlib.closing(sqlite3.connect(folder / "index.db")) as connection, connection:
        connection.execute("CREATE VIRTUAL TABLE passages USING fts5(text, content='', tokenize='unicode61')")
        connection.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(lines))
        connection.execute("INSERT INTO passages(passages) VALUES ('optimize')")


def open_fts5(folder: Path) -> Ask:
    connection = sqlite3.connect(folder / "index.db")
    sql = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT ?"

    def ask(terms: Sequence[str], k: int) -> list[int]:
        return [number for (number,) in connection.execute(sql, (" OR ".join(f'"{each}"' for each in terms), k))]

    return ask


class Engine(NamedTuple):
    """How to build and open one."""

    package: str
    """What it is installed with; empty for Python's own."""
    build: Callable[[Path, Sequence[str], Language], None]
    open: Callable[[Path], Ask]


ENGINES: Final = {
    "askdoc": Engine("", build_ours, open_ours),
    "rank_bm25": Engine("rank_bm25", build_rank_bm25, open_rank_bm25),
    "bm25s": Engine("bm25s", build_bm25s, open_bm25s),
    "tantivy": Engine("tantivy", build_tantivy, open_tantivy),
    "FTS5": Engine("", build_fts5, open_fts5),
}

VERSIONS: Final = ("numpy", "rank_bm25", "bm25s", "tantivy")
"""Packages whose versions head the table."""


def installed(name: str) -> bool:
    """Whether an engine can be had here."""
    if name == "FTS5":
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            try:
                connection.execute("CREATE VIRTUAL TABLE passages USING fts5(text)")
            except sqlite3.OperationalError:
                return False
    package = ENGINES[name].package
    return not package or util.find_spec(package) is not None


# --- a process for each ------------------------------------------------------------------------------------------------


def memory() -> dict[str, int]:
    """Bytes of memory that this process has, and the most it had; empty where the system does not tell so."""
    found = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in ("VmRSS", "VmHWM"):
                found[name] = int(rest.split()[0]) * 1024
    return found


def child(what: str, name: str, folder: Path, language: Language) -> dict[str, Any]:
    """What one process does: build an index; ask it one question; or ask it all of them, twice."""
    engine = ENGINES[name]
    if what == "build":
        lines = (folder.parent / "passages.txt").read_text(encoding="utf-8").splitlines()
        started = time.perf_counter()
        engine.build(folder, lines, language)
        return {"build": time.perf_counter() - started}
    questions = json.loads((folder / "questions.json").read_text())
    started = time.perf_counter()
    ask = engine.open(folder)
    ask(questions[0], K)
    cold = time.perf_counter() - started
    if what == "cold":
        return {"cold": cold}
    answers: list[list[int]] = []
    times: list[list[float]] = []
    for _ in range(2):
        answers, taken = [], []
        for terms in questions:
            started = time.perf_counter()
            found = ask(terms, K)
            taken.append(time.perf_counter() - started)
            answers.append(found)
        times.append(taken)
    result: dict[str, Any] = {
        "cold": cold,
        "first": times[0][1:] or times[0],
        "times": times[1],
        "answers": answers,
        **memory(),
    }
    if name == "askdoc":
        ask, _ = looking(folder)
        for _ in range(2):
            taken = []
            for terms in questions:
                started = time.perf_counter()
                ask(terms, K)
                taken.append(time.perf_counter() - started)
        result["looking"] = percentile(taken, 50)
    return result


def run(what: str, name: str, folder: Path, language: Language) -> dict[str, Any]:
    """What :func:`child` gives, from a process with one thread."""
    import askdoc

    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON")
    paths = [str(Path(askdoc.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, **{f"{each}_NUM_THREADS": "1" for each in threads}}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    command = [sys.executable, __file__, "--child", what, name, str(folder), language]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        message = f"{name}, {what}: exit code {done.returncode}\n{done.stderr}"
        raise RuntimeError(message)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# --- measuring ---------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """What was measured of an engine at one size: seconds and bytes."""

    engine: str
    size: int
    build: float
    bytes: int
    text: int
    cold: float
    first: float
    p50: float
    p95: float
    p99: float
    rss: int
    peak: int
    same: float
    """The share of our first ten that it has as well."""
    questions: int
    postings: int
    """For ours, the bytes of postings and lengths alone; else 0."""
    looking: float = 0.0
    """For ours, p50 where each question looks whether the file has changed."""


class Measured(NamedTuple):
    """What was measured at one size."""

    size: int
    distinct: int
    text: int
    rows: list[Row]
    missing: list[str]
    """Engines that are not installed."""
    asked: int
    differ: int
    """Questions whose first ten by us are not those of scoring every passage."""
    beyond: int
    """Those of them where it is more than the last digits of equal scores."""


class Exhaustive:
    """BM25 of every passage, from the passages themselves."""

    def __init__(self, given: Collection) -> None:
        import numpy as np

        self._terms = given.terms
        self._places = {term: place for place, term in enumerate(given.vocabulary)}
        self._lengths = given.starts[1:] - given.starts[:-1]
        self._passages = np.repeat(np.arange(len(self._lengths)), self._lengths)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float64]:
        """One score a passage; sums in the order of the terms' names, as in an index."""
        import numpy as np

        size = len(self._lengths)
        scores = np.zeros(size)
        for term in sorted(terms):
            counts = np.bincount(self._passages[self._terms == self._places[term]], minlength=size)
            document_frequency = int((counts > 0).sum())
            idf = math.log(1 + (size - document_frequency + 0.5) / (document_frequency + 0.5))
            length = K1 * (1 - B + B * self._lengths / (len(self._terms) / size))
            scores += idf * (counts * (K1 + 1) / (counts + length))
        return scores


def differing(given: Collection, answers: Sequence[Sequence[int]]) -> tuple[int, int]:
    """For how many questions the answers are not the first ten of scoring everything; and for how many by score."""
    import numpy as np

    exhaustive = Exhaustive(given)
    differ = beyond = 0
    for terms, answer in zip(given.questions, answers, strict=True):
        scores = exhaustive.scores(terms)
        expected = best(scores, K)
        if list(answer) != expected:
            differ += 1
            one, two = scores[list(answer)], scores[expected]
            beyond += len(set(answer)) != len(expected) or not np.allclose(one, two, rtol=1e-9, atol=0)
    return differ, beyond


def measure(
    size: int, language: Language, questions: int, engines: Sequence[str] = tuple(ENGINES), colds: int = 3
) -> Measured:
    """Build and ask every engine at one size."""
    given = collection(size, language, questions)
    rows: list[Row] = []
    missing = []
    answers: list[list[int]] = []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        text = base / "passages.txt"
        text.write_text("".join(f"{line}\n" for line in given.lines()), encoding="utf-8", newline="\n")
        for engine in engines:
            if not installed(engine):
                missing.append(engine)
                continue
            print(f"{size} passages: {engine}", file=sys.stderr, flush=True)
            folder = base / engine
            folder.mkdir()
            built = run("build", engine, folder, language)["build"]
            many = SLOW if engine == "rank_bm25" and size >= 50_000 else questions
            taken = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
            (folder / "questions.json").write_text(json.dumps(given.questions[:many]))
            asked = run("ask", engine, folder, language)
            cold = [asked["cold"]]
            if cold[0] < SHORT:
                cold += [run("cold", engine, folder, language)["cold"] for _ in range(1, colds)]
            answers = answers or asked["answers"]
            rows.append(
                Row(
                    engine,
                    size,
                    built,
                    taken,
                    text.stat().st_size,
                    statistics.median(cold),
                    statistics.median(asked["first"]),
                    percentile(asked["times"], 50),
                    percentile(asked["times"], 95),
                    percentile(asked["times"], 99),
                    asked.get("VmRSS", 0),
                    asked.get("VmHWM", 0),
                    overlap(answers, asked["answers"]),
                    many,
                    postings(folder / "index.askdoc"),
                    asked.get("looking", 0.0),
                )
            )
        differ, beyond = differing(given, answers)
        return Measured(size, given.distinct, text.stat().st_size, rows, missing, len(answers), differ, beyond)


def percentile(times: Sequence[float], percent: int) -> float:
    """The time that so many percent of all do not exceed."""
    return sorted(times)[max(0, math.ceil(len(times) * percent / 100) - 1)]


def overlap(one: Sequence[Sequence[int]], two: Sequence[Sequence[int]]) -> float:
    """Which share of the first answers is in the second ones, question by question."""
    pairs = list(zip(one, two, strict=False))
    return sum(len(set(a) & set(b)) for a, b in pairs) / sum(len(a) for a, _ in pairs)


def postings(path: Path) -> int:
    """Bytes of an askdoc index that are postings and lengths; 0 for another engine's."""
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = ("blocks", "lengths")
        return sum(connection.execute(f"SELECT sum(length(body)) FROM {each}").fetchone()[0] for each in tables)


# --- showing -----------------------------------------------------------------------------------------------------------


def growth(before: Row, after: Row) -> float:
    """The exponent that p50 grows by between two sizes."""
    return math.log(after.p50 / before.p50) / math.log(after.size / before.size)


def _amount(value: float) -> str:
    """Three digits, or more where the whole part has them; no more than three after the point."""
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f}"


HEAD: Final = (
    "engine", "build s", "MB", "/text", "cold ms", "first ms", "p50 ms", "p95 ms", "p99 ms", "RSS MB", "peak MB",
    "ours ÷", "growth", "same",
)  # fmt: skip


def table(found: Sequence[Measured]) -> str:
    """All that was measured, for people."""
    out = []
    before: dict[str, Row] = {}
    for each in found:
        out.append(
            f"{each.size:,} passages, {each.distinct:,} distinct terms, {each.text / 1e6:.1f} MB of text; "
            f"{each.asked} questions"
        )
        out.append(f"{HEAD[0]:<10}" + "".join(f"{column:>9}" for column in HEAD[1:]))
        base = next((row.p50 for row in each.rows if row.engine == "askdoc"), math.nan)
        for row in each.rows:
            cells = [
                _amount(row.build),
                _amount(row.bytes / 1e6),
                _amount(row.bytes / row.text),
                *(_amount(1000 * time_) for time_ in (row.cold, row.first, row.p50, row.p95, row.p99)),
                *(_amount(size / 2**20) if size else "-" for size in (row.rss, row.peak)),
                _amount(base / row.p50),
                f"{growth(before[row.engine], row):.2f}" if row.engine in before else "-",
                f"{row.same:.1%}",
            ]
            note = f"  ({row.questions} questions)" if row.questions != each.asked else ""
            out.append(f"{row.engine:<10}" + "".join(f"{cell:>9}" for cell in cells) + note)
        out += [f"{name:<10}  not installed" for name in each.missing]
        for row in each.rows:
            if row.postings:
                share = row.postings / row.text
                out.append(f"askdoc's postings and lengths alone: {row.postings / 1e6:.2f} MB, {share:.2f} of the text")
                out.append(
                    f"askdoc, looking before each question whether the file has changed: {_amount(1000 * row.looking)} ms"
                )
        out.append(
            f"first ten of askdoc and of scoring everything: {each.differ} of {each.asked} questions differ"
            + (f", {each.beyond} by more than rounding" if each.differ else "")
        )
        out.append("")
        before = {row.engine: row for row in each.rows}
    if len(found) > 1:
        exponents = [
            f"{first.engine} {growth(first, last):.2f}"
            for first in found[0].rows
            for last in found[-1].rows
            if first.engine == last.engine
        ]
        out.append(f"growth of p50 from {found[0].size:,} to {found[-1].size:,} passages: {', '.join(exponents)}")
    return "\n".join(out)


def versions() -> str:
    """What it was measured with."""
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for name in VERSIONS:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return ", ".join([*found, f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, one thread used"])


COLOURS: Final = {
    "askdoc": "#c2410c",
    "rank_bm25": "#64748b",
    "bm25s": "#7c3aed",
    "tantivy": "#0f766e",
    "FTS5": "#1d4ed8",
}


def svg(found: Sequence[Measured], title: str) -> str:
    """A chart of p50 by size, both axes logarithmic; a file that needs no other."""
    width, height, left, right, top, bottom = 740, 440, 70, 130, 50, 55
    lines: dict[str, list[Row]] = {}
    for row in (row for each in found for row in each.rows):
        lines.setdefault(row.engine, []).append(row)
    every = [row for rows in lines.values() for row in rows]
    low, high = _decades([1000 * row.p50 for row in every])
    first, last = _decades([row.size for row in every])

    def x(size: float) -> float:
        return left + (width - left - right) * (math.log10(size) - first) / (last - first)

    def y(milliseconds: float) -> float:
        return height - bottom - (height - top - bottom) * (math.log10(milliseconds) - low) / (high - low)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{left}" y="28" font-size="15" fill="#111">{escape(title)}</text>',
        f'<text x="{(left + width - right) / 2}" y="{height - 14}" text-anchor="middle" fill="#333">passages</text>',
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        label = f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#333">{10.0**power:g} ms</text>'
        out.append(label)
    for power in range(first, last + 1):
        at = x(10**power)
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{height - bottom}" stroke="#eee"/>')
        label = f'<text x="{at:.1f}" y="{height - bottom + 18}" text-anchor="middle" fill="#333">{10**power:,}</text>'
        out.append(label)
    for name, rows, at in _labels([(name, rows, y(1000 * rows[-1].p50)) for name, rows in lines.items()]):
        colour = COLOURS[name]
        points = " ".join(f"{x(row.size):.1f},{y(1000 * row.p50):.1f}" for row in rows)
        thick = 3 if name == "askdoc" else 1.5
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{thick}"/>')
        for row in rows:
            dot = f'<circle cx="{x(row.size):.1f}" cy="{y(1000 * row.p50):.1f}" r="3.5" fill="{colour}">'
            out.append(f"{dot}<title>{name}, {row.size:,} passages: {1000 * row.p50:.3g} ms</title></circle>")
        place = f'x="{x(rows[-1].size) + 10:.1f}" y="{at + 4:.1f}"'
        out.append(f'<text {place} fill="{colour}">{name} {_amount(1000 * rows[-1].p50)}</text>')
    return "\n".join([*out, "</svg>", ""])


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around some values, two different ones."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _labels(given: Sequence[tuple[str, list[Row], float]]) -> list[tuple[str, list[Row], float]]:
    """The same with heights at least a line apart, so that the names can be read."""
    found: list[tuple[str, list[Row], float]] = []
    for name, rows, at in sorted(given, key=lambda each: each[2]):
        found.append((name, rows, max(at, found[-1][2] + 15) if found else at))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; exit code 1 where our first ten are not those of scoring everything."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--child"]:
        what, name, folder, language = given[1:]
        json.dump(child(what, name, Path(folder), "zh" if language == "zh" else "en"), sys.stdout)
        return
    parser = argparse.ArgumentParser(description="askdoc's engine beside others, in one table.")
    parser.add_argument("--sizes", default="1000,10000,100000", help="passages of each collection")
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--engines", default=",".join(ENGINES), help="which ones; askdoc is always among them")
    parser.add_argument("--svg", type=Path, help="also draw p50 by size")
    parser.add_argument("--json", type=Path, help="also write the figures")
    options = parser.parse_args(given)
    wanted = options.engines.split(",")
    if unknown := set(wanted) - set(ENGINES):
        parser.error(f"unknown engine: {', '.join(sorted(unknown))}")
    engines = [name for name in ENGINES if name == "askdoc" or name in wanted]
    sizes = sorted({int(each) for each in options.sizes.split(",")})
    found = [measure(size, options.language, options.questions, engines) for size in sizes]
    print(f"{'Chinese' if options.language == 'zh' else 'English'}-like terms; {versions()}\n")
    print(table(found))
    if options.svg:
        title = f"Median time of a question, {'Chinese' if options.language == 'zh' else 'English'}-like terms"
        options.svg.write_text(svg(found, title), encoding="utf-8")
    if options.json:
        whole = [{**each._asdict(), "rows": [row._asdict() for row in each.rows]} for each in found]
        facts = {"language": options.language, "versions": versions(), "measured": whole}
        options.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    if any(each.beyond for each in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
