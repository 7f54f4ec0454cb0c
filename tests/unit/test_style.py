"""The program's names say what they hold, and its packages stay small enough to find one's way in.

Run as a program it prints the share of filler names, the modules of each package with most of them, and the shape.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2] / "askdoc"

FILLERS: Final = frozenset({"at", "each", "found", "given", "held", "kept", "known", "made", "wanted"})
"""Names that fit anything and so say nothing."""
MOST_FILLERS: Final = 0.005
"""The largest share of them among all names that are bound."""
MOST_TOP_LEVEL: Final = 9
"""Modules directly in ``askdoc/``, without ``__init__``."""
MOST_IN_PACKAGE: Final = 14
"""Modules directly in one package, without ``__init__``."""
TWICE: Final = frozenset("app asking building fitting lines marking postings reader reading records source".split())
"""File names that stand in two packages; to become none."""


def modules() -> list[Path]:
    """Every module but the packages' ``__init__``."""
    return sorted(path for path in ROOT.rglob("*.py") if path.stem != "__init__")


def bound(path: Path) -> Iterator[str]:
    """The names that a file binds: parameters, and whatever is assigned to in any way."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def fillers() -> tuple[dict[Path, Counter[str]], int]:
    """The filler names of each file, and how many names all files bind."""
    names = {path: list(bound(path)) for path in sorted(ROOT.rglob("*.py"))}
    counts = {path: Counter(name for name in bindings if name in FILLERS) for path, bindings in names.items()}
    return counts, sum(map(len, names.values()))


def share() -> float:
    """The part of all bound names that are fillers."""
    counts, total = fillers()
    return sum(count.total() for count in counts.values()) / total


def sizes() -> Counter[str]:
    """How many modules each package has directly in it."""
    return Counter(path.parent.relative_to(ROOT.parent).as_posix() for path in modules())


def twice() -> set[str]:
    """The file names that more than one package has."""
    return {stem for stem, count in Counter(path.stem for path in modules()).items() if count > 1}


def test_names_say_what_they_hold() -> None:
    assert share() <= MOST_FILLERS


def test_packages_stay_small_and_no_file_name_stands_twice() -> None:
    packages = sizes()
    assert packages.pop("askdoc") <= MOST_TOP_LEVEL
    assert {package: size for package, size in packages.items() if size > MOST_IN_PACKAGE} == {}
    assert twice() - TWICE == set()


if __name__ == "__main__":
    counts, total = fillers()
    print(f"fillers: {share():.4f} of {total} names (at most {MOST_FILLERS}); file names twice: {sorted(twice())}")
    packages: dict[str, list[tuple[int, str, Counter[str]]]] = defaultdict(list)
    for path, count in counts.items():
        packages[path.parent.relative_to(ROOT.parent).as_posix()].append((count.total(), path.name, count))
    for package, rows in sorted(packages.items()):
        print(f"{package}: {sizes()[package]} modules, {sum(row[0] for row in rows)} fillers")
        for number, name, count in sorted(rows, key=lambda row: -row[0])[:3]:
            print(f"  {number:4} {name}: {', '.join(f'{word} {times}' for word, times in count.most_common())}")
