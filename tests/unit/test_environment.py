"""One module reads the environment, and only entry points ask it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import askdoc
from askdoc import environment

PACKAGE = Path(askdoc.__file__).parent
MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in PACKAGE.rglob("*.py")}
READING = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
ENTRIES = {
    "indexing/library",
    "messages/__init__",
    "settings",
    "cli/__init__",
    "cli/chat_command",
    "cli/screen",
    "tui/copying",
}


def names(path: Path) -> set[str]:
    """Every name, attribute and imported name of a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
                found.add(name)
    return found


def test_one_module_reads_the_environment() -> None:
    assert {module for module, path in MODULES.items() if names(path) & READING} == {"environment"}


def test_only_entry_points_ask_it() -> None:
    assert {
        module for module, path in MODULES.items() if names(path) & {"environment", "askdoc.environment"}
    } == ENTRIES


@pytest.mark.parametrize("name", ["ASKDOC_LIBRARY", "ASKDOC_CONFIG", "ASKDOC_SEMANTIC", "ASKDOC_INTERFACE"])
def test_an_empty_variable_says_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    assert getattr(environment, name.removeprefix("ASKDOC_").lower())() is None


@pytest.mark.parametrize(
    ("variables", "colour"),
    [
        ({}, None),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1", "TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_styles_are_forced_before_they_are_refused(
    variables: dict[str, str], colour: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert environment.colour() is colour
