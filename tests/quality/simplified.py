"""The table of traditional characters that ships: ``python tests/quality/simplified.py`` makes it anew from OpenCC.

Single characters alone, as OpenCC's ``t2s`` converts them; those that NFKC makes others of never come so far. A table
that differs is a new revision of the analysis: indexes of before hold terms of the old one.
"""

from __future__ import annotations

import unicodedata
from importlib.metadata import version
from pathlib import Path

import opencc

import askdoc
from askdoc.text.han import HAN

PATH = Path(askdoc.__file__).with_name("text") / "simplified.txt"


def han() -> list[str]:
    """All Chinese characters."""
    return [char for char in map(chr, range(0x3000, 0x40000)) if HAN.match(char)]


def table() -> str:
    """The file's text: its origin, the traditional characters, and in the same order what they become."""
    convert = opencc.OpenCC("t2s").convert
    pairs = [(char, convert(char)) for char in han() if unicodedata.normalize("NFKC", char) == char]
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    origin = f"Traditional and simplified characters as OpenCC {version('opencc')} (Apache License 2.0) converts them."
    return f"{origin}\n{''.join(char for char, _ in changed)}\n{''.join(simplified for _, simplified in changed)}\n"


if __name__ == "__main__":
    PATH.write_text(table(), "utf-8")
