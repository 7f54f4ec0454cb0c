"""The chat: on the whole screen where there is one, else a question a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from askdoc import environment, messages
from askdoc.cli.ask_command import lines, opened
from askdoc.cli.exit_codes import Exit
from askdoc.cli.screen import Screen
from askdoc.errors import UsageError


def chat(
    documents: Sequence[str], *, name: str | None, library: str | None, semantic: bool | None, colour: str, plain: bool
) -> int:
    """Talk with documents: the screen of :mod:`askdoc.tui`, or lines where ``plain`` or a pipe asks for them."""
    # The screen is drawn on standard error.
    terminal = sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
    if terminal and not plain and "-" not in documents and not environment.dumb_terminal():
        if documents and name:
            raise UsageError("cli-in-or-name")
        from askdoc.tui.app import run
        from askdoc.tui.session import Named

        _interface()
        return run(Named(tuple(documents), name, library), semantic)
    return by_lines(documents, name, library, semantic, colour)


def _interface() -> None:
    """Set the interface language chosen in the chat, where neither command line nor environment names one."""
    if environment.interface() is None and not messages.chosen():
        from askdoc import settings

        language = settings.load().interface
        if language == "en":
            messages.set_interface("en")
        elif language == "zh":
            messages.set_interface("zh")


def by_lines(
    documents: Sequence[str], name: str | None, library: str | None, semantic: bool | None, colour: str
) -> int:
    """Run the line-based chat: a question a line, from a terminal or a pipe."""
    from askdoc.cli import render

    terminal = sys.stdin.isatty()
    screen = Screen(sys.stdout, colour)
    with opened(documents, name, library, semantic) as index:
        for summary in index.documents() if terminal else ():
            title = summary.title.get(messages.interface()) or next(iter(summary.title.values()), summary.name)
            counts = messages.say(
                "cli-greeting",
                passages=summary.passages,
                sections=summary.sections,
                paired=summary.alignments.get("paired", 0) + summary.alignments.get("merged", 0),
            )
            screen.text(" ".join(title.split()), "bold")
            screen.text(counts, "dim")
        if terminal:
            screen.text(messages.say("cli-chat-help"), "dim")
        talk = index.conversation()
        for question in _prompted() if terminal else lines(sys.stdin.buffer):
            try:
                answer = talk.ask(question)
            except UsageError as error:
                Screen(sys.stderr).text(str(error), "error")
                continue
            if not terminal:
                screen.text(f"> {question}")
            render.answer(answer, screen, sample=index.sample and terminal)
            screen.text()
            screen.flush()
    return Exit.DONE


def _prompted() -> Iterator[str]:
    while True:
        try:
            question = input("> ").strip()
        except EOFError:
            sys.stdout.write("\n")
            return
        if question.lower() in ("quit", "exit", "q", "退出"):
            return
        if question:
            yield question
