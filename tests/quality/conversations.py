"""Follow-ups, measured on the judged conversations of tests/data/conversations.jsonl over the shipped sample.

    python tests/quality/conversations.py [--misses]

Prints for the half that was tuned on and the half that was held out, each language: recall@1 of the turns that go on
from the one before, asked in the conversation, alone, and with the whole question before put in front; and how many
questions that stand on their own were given words of the past.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from askdoc.model import Answer
from askdoc.opening import open_index

ROOT = Path(__file__).resolve().parents[2]
JUDGED = ROOT / "tests" / "data" / "conversations.jsonl"
SAMPLE = ROOT / "index" / "when-ai-builds-itself-digest.txt"


@dataclass
class Counts:
    """What came of some turns."""

    follows: int = 0
    talk: int = 0
    alone: int = 0
    naive: int = 0
    stands: int = 0
    stands_right: int = 0
    taken: int = 0


def right(answer: Answer, lines: int | list[int]) -> bool:
    """Whether the first hit stands at a judged line."""
    wanted = {lines} if isinstance(lines, int) else set(lines)
    return bool(answer.hits) and any(version.place.lines[0] in wanted for version in answer.hits[0].versions.values())


def measure(library: str | None = None, *, tell: bool = False) -> dict[tuple[str, str], Counts]:
    """The counts of each half (``tune``, ``held``) and language (``en``, ``zh``, ``mx``, ``all``)."""
    found: dict[tuple[str, str], Counts] = defaultdict(Counts)
    with open_index([SAMPLE], library=library) as index:
        for line in JUDGED.read_text("utf-8").splitlines():
            judged = json.loads(line)
            talk = index.conversation()
            before = ""
            for turn in judged["turns"]:
                question, lines = turn["question"], turn["line"]
                answer = talk.ask(question)
                good = right(answer, lines)
                alone = right(index.ask(question), lines)
                naive = right(index.ask(f"{before} {question}".strip()), lines)
                for key in (judged["id"][:2], "all"):
                    counts = found[judged["split"], key]
                    if turn["follows"]:
                        counts.follows += 1
                        counts.talk += good
                        counts.alone += alone
                        counts.naive += naive
                    else:
                        counts.stands += 1
                        counts.stands_right += good
                        counts.taken += bool(answer.about)
                if tell and (not good or (answer.about and not turn["follows"])):
                    at = answer.hits[0].versions["en"].place.lines[0] if answer.hits else None
                    print(
                        f"  {judged['split']} {judged['id']}  {question}  about {answer.about}  line {at}, not {lines}"
                    )
                before = f"{before} {question}".strip() if turn["follows"] else question
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    found = measure(tell=parser.parse_args().misses)
    print("half  lang  follow-ups: in the conversation  alone  question before in front   standing: right  taken over")
    for (half, language), counts in sorted(found.items()):
        print(
            f"{half}  {language:4}  {counts.follows:3}   {counts.talk / max(counts.follows, 1):.3f}"
            f"   {counts.alone / max(counts.follows, 1):.3f}   {counts.naive / max(counts.follows, 1):.3f}"
            f"        {counts.stands:3}   {counts.stands_right / max(counts.stands, 1):.3f}   {counts.taken}"
        )


if __name__ == "__main__":
    main()
