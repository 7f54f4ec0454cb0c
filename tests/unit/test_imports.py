"""Nothing is loaded that a command does not need: held in fresh processes, and by import-linter's layers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = "textual jieba numpy rank_bm25 markdown_it charset_normalizer multiprocessing pkg_resources".split()


def loaded(program: str, *arguments: str) -> set[str]:
    """What of the heavy packages a program has loaded when it ends."""
    code = f"import sys\n{program}\nprint('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("LOADED")[2].split())


def test_importing_askdoc_loads_errors_and_values_alone() -> None:
    program = (
        "before = set(sys.modules)\nimport askdoc\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "assert new <= {'askdoc', 'msgspec', 'typing_extensions'} | set(sys.stdlib_module_names), new\n"
        "own = {name for name in sys.modules if name.startswith('askdoc.') and not name.startswith('askdoc.messages')}\n"
        "assert own == {'askdoc.environment', 'askdoc.errors', 'askdoc.limits', 'askdoc.model'}, own"
    )
    assert loaded(program) == set()


def test_help_loads_nothing_heavy() -> None:
    runs = "".join(
        f"run({words.split()!r})\n" for words in ("--help", "--version", "ask --help", "--help --interface zh")
    )
    assert loaded(f"from askdoc.cli import run\n{runs}") == set()


@pytest.mark.parametrize(
    ("question", "needed"),
    [("What is recursive self-improvement?", set()), ("什么是递归自我改进?", {"jieba"})],
)
def test_a_question_to_the_sample_loads_jieba_only_for_chinese_and_no_numpy(
    question: str, needed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    program = "from askdoc.cli import run\nassert run(['ask', sys.argv[1]]) == 0"
    loaded(program, question)  # builds the index
    assert loaded(program, question) == needed


def test_an_english_question_loads_no_jieba_and_no_textual(tmp_path: Path) -> None:
    document = tmp_path / "plain.txt"
    document.write_text("Cats sleep all day.\nDogs bark at night.\n", "utf-8")
    program = "from askdoc.cli import run\nrun(['ask', 'Which animals bark at night?', '--in', sys.argv[1]])"
    loaded(program, str(document))  # builds the index
    assert loaded(program, str(document)) == set()


CORE = (
    "text.normalize text.sentences text.json_text analysis bitext.layout bitext.chunking readers storage.index_reader "
    "retrieval.term_scores answering.pipeline presentation.citations conversation.verify indexing.operations index "
    "opening evaluation"
).split()


def test_no_core_module_loads_a_front_end() -> None:
    imports = "".join(
        f"import askdoc.{module}\nassert 'click' not in sys.modules and 'askdoc.cli' not in sys.modules, {module!r}\n"
        for module in CORE
    )
    assert not loaded(imports) & {"textual", "jieba"}
