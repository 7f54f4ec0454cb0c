"""A question's path is short: how many of our modules and functions it passes, and how often its query is handed on."""

from __future__ import annotations

import sys
from pathlib import Path
from types import CodeType, FrameType

import pytest

import askdoc
from askdoc.index import Index
from askdoc.opening import open_index
from askdoc.question.query import Query

ROOT = str(Path(askdoc.__file__).parent)
TEXT = "".join(
    f"The ferry of line {number} leaves harbour {number % 7} at {number % 12} o'clock. "
    f"{number} 号线的渡轮在 {number % 12} 点离开 {number % 7} 号港口。\n\n"
    for number in range(60)
)


class Path_:
    """The functions of ours that were called, and those that were given the question's query."""

    def __init__(self) -> None:
        self.functions: set[CodeType] = set()
        self.receivers: set[CodeType] = set()

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(ROOT) or code.co_name.startswith("<"):
            return  # comprehensions are parts of their functions
        self.functions.add(code)
        parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if any(type(frame.f_locals.get(name)) is Query for name in parameters):
            self.receivers.add(code)


def named(codes: set[CodeType]) -> list[str]:
    return sorted(f"{code.co_filename.removeprefix(ROOT + '/')}:{code.co_qualname}" for code in codes)


@pytest.fixture
def index(tmp_path: Path):
    path = tmp_path / "ferries.txt"
    path.write_text(TEXT, "utf-8")
    with open_index(path, library=tmp_path / "library", semantic=False) as opened:
        yield opened


@pytest.mark.parametrize("question", ["When does the ferry of line 32 leave harbour?", "32 号线的渡轮几点离开港口?"])
def test_a_question_passes_few_modules_and_functions(index: Index, question: str) -> None:
    index.ask("Which line leaves harbour 3?")
    index.ask("几号线离开 3 号港口?")
    path = Path_()
    sys.setprofile(path)
    try:
        answer = index.ask(question)
    finally:
        sys.setprofile(None)
    assert answer.hits
    modules = {code.co_filename for code in path.functions}
    print(f"{len(modules)} modules, {len(path.functions)} functions; the query is handed on at {len(path.receivers)}")
    print(*named(path.receivers), sep="\n")
    assert len(modules) <= 47, named(path.functions)
    assert len(path.functions) <= 230, named(path.functions)
    assert len(path.receivers) <= 12, named(path.receivers)
