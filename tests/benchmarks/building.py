"""How fast a Chinese text is indexed, beside jieba's own segmentation of the same text, in one run.

    python tests/benchmarks/building.py [--megabytes 6] [--rounds 3]

The text is synthetic, so that anybody makes the same one: words of jieba's dictionary by their frequencies, and for
each tenth one of 500 names that it does not have, in 10,000 sentences; three of these are a passage, and 100 passages a
document. jieba segments it with ``lcut``, its dictionary loaded before the clock starts; ours is the whole of building:
reading, passages, terms, the file. On one processor and, where there are more, on two, by turns; the best of the rounds
counts, as other work on the machine only adds. *of jieba* is the rate over jieba's.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

PASSAGES: Final = 100
"""Passages a document."""

SENTENCES: Final = 10_000
"""Different sentences: words put together by chance make ten times as many pairs of characters as people do."""


def words(seed: int = 3) -> Any:
    """Gives so many words, by jieba's frequencies."""
    lines = [line.split(" ") for line in resources.files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines()]
    kept = [(word, int(count)) for word, count, _ in lines if all("\u4e00" <= each <= "\u9fff" for each in word)]
    bounds = list(accumulate(count for _, count in kept))
    chance = random.Random(seed)
    names = ["".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(chance.randint(2, 3))) for _ in range(500)]

    def draw(count: int) -> list[str]:
        found = [word for word, _ in chance.choices(kept, cum_weights=bounds, k=count)]
        for at in range(0, count, 10):
            found[at] = chance.choice(names)
        return found

    return draw


def write(folder: Path, size: int) -> int:
    """Write documents of so many bytes together; gives what they have."""
    draw, written, number = words(), 0, 0
    sentences = ["，".join("".join(draw(9)) for _ in range(2)) + "。" for _ in range(SENTENCES)]
    chance = random.Random(4)
    while written < size:
        paragraphs = ["".join(chance.choices(sentences, k=3)) for _ in range(PASSAGES)]
        data = "\n\n".join(paragraphs).encode()
        (folder / f"d{number:05}.txt").write_bytes(data)
        written += len(data)
        number += 1
    return written


JIEBA: Final = """
import jieba, json, sys, time
from pathlib import Path
jieba.setLogLevel("CRITICAL")
jieba.initialize()
texts = [path.read_text("utf-8").split("\\n\\n") for path in sorted(Path(sys.argv[1]).iterdir())]
start = time.perf_counter()
for text in texts:
    for passage in text:
        jieba.lcut(passage)
print(json.dumps({"seconds": time.perf_counter() - start}))
"""

OURS: Final = """
import json, os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(sys.argv[3])])
from pathlib import Path
import askdoc
paths = sorted(Path(sys.argv[1]).iterdir())
start = time.perf_counter()
askdoc.build_index(paths, sys.argv[2])
seconds = time.perf_counter() - start
again = Path(paths[0])
data, before = again.read_bytes(), again.stat()
again.write_bytes(data + "\\n\\n又有一段新的文字。".encode())
size = os.path.getsize(sys.argv[2])
Path(sys.argv[2] + ".copy").write_bytes(Path(sys.argv[2]).read_bytes())
start = time.perf_counter()
askdoc.build_index(paths, sys.argv[2])
refresh = time.perf_counter() - start
again.write_bytes(data)
os.utime(again, ns=(before.st_atime_ns, before.st_mtime_ns))
peak = 0
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
except ImportError:
    pass
print(json.dumps({"seconds": seconds, "refresh": refresh, "size": size, "peak": peak}))
"""


def run(program: str, *arguments: object) -> dict[str, float]:
    """What a program in a process of its own prints last."""
    environment = {**os.environ, "ASKDOC_SEMANTIC": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    processors = [1, 2] if hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1 else [1]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "documents"
        folder.mkdir()
        size = write(folder, int(given.megabytes * 1e6))
        index = Path(place) / "x.askdoc"
        best: dict[str, dict[str, float]] = {}
        sums: set[str] = set()
        for _ in range(given.rounds):
            found = {"jieba.lcut": run(JIEBA, folder)}
            for count in processors:
                index.unlink(missing_ok=True)
                found[f"askdoc, {count} processor{'s' * (count > 1)}"] = run(OURS, folder, index, count)
                sums.add(hashlib.sha256(Path(f"{index}.copy").read_bytes()).hexdigest())
            for name, each in found.items():
                if name not in best or each["seconds"] < best[name]["seconds"]:
                    best[name] = each
    print(f"{size / 1e6:.1f} MB of Chinese text, best of {given.rounds}")
    print(f"{'':24} {'s':>7} {'MB/s':>7} {'of jieba':>9} {'file/text':>10} {'peak MB':>8} {'refresh s':>10}")
    theirs = best["jieba.lcut"]["seconds"]
    for name, each in best.items():
        line = f"{name:24} {each['seconds']:7.2f} {size / 1e6 / each['seconds']:7.3f} {theirs / each['seconds']:9.2f}"
        with contextlib.suppress(KeyError):
            line += f" {each['size'] / size:10.2f} {each['peak']:8.0f} {each['refresh']:10.2f}"
        print(line)
    if len(processors) == 2:
        one, two = (best[name]["seconds"] for name in best if name.startswith("askdoc"))
        print(f"two processors over one: {one / two:.2f}")
    print("the same bytes each time" if len(sums) == 1 else f"{len(sums)} different files")


if __name__ == "__main__":
    main()
