"""The command line: standard output is data, standard error is for people, exit codes are an interface."""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

from askdoc import environment, messages
from askdoc.cli.exit_codes import Exit, code
from askdoc.errors import AskdocError, UsageError

__all__ = ["main"]

_FULL: Final = frozenset((errno.ENOSPC, errno.EFBIG, errno.EIO, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])))
"""Errors of a standard output that takes no more: a full disk, a file at its limit, a failing device."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and leave the process with its exit code (see :class:`askdoc.cli.exit_codes.Exit`)."""
    from askdoc.cli.screen import prepare

    _collect_seldom()
    words = list(sys.argv[1:] if arguments is None else arguments)
    prepare()
    result = _guarded(words)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        result = Exit.CLOSED
    except OSError as error:
        result = _unwritten(error)
    if result in (Exit.CLOSED, Exit.OUTPUT):
        # The interpreter would complain about what it cannot write when it flushes once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(int(result))


def _collect_seldom() -> None:
    """Run the garbage collector seldom at the start and not at all at the end.

    Loaded modules stay anyway; the garbage of a long command is still collected, a few megabytes later. At the end the
    system frees everything; closing files, threads and temporary folders does not depend on the collector.
    """
    gc.set_threshold(50_000, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)


def _guarded(words: list[str]) -> int:
    try:
        return run(words)
    except AskdocError as error:
        with contextlib.suppress(OSError):  # the exit code still tells
            _say(error, words)
        return code(error)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.CLOSED
    except OSError as error:
        return _unwritten(error) if error.errno in _FULL else _bug(error)
    except Exception as error:  # the last door: a person gets a sentence, never a traceback
        return _bug(error)


def _bug(error: Exception) -> int:
    if environment.debug():
        raise error
    from askdoc.cli.screen import Screen

    Screen(sys.stderr).text(messages.say("cli-bug", kind=type(error).__name__, detail=str(error)[:200]), "error")
    return Exit.BUG


def _unwritten(error: OSError) -> int:
    """Report that the output could not be written."""
    from askdoc.cli.screen import Screen

    reason = error.strerror or str(error)
    message = messages.say("cli-error", message=messages.say("cli-unwritten", reason=reason))
    with contextlib.suppress(OSError):  # it may go to the same full disk
        Screen(sys.stderr).text(message, "error")
    return Exit.OUTPUT


def run(words: list[str]) -> int:
    """Run a command line and return its exit code. Raises :class:`AskdocError`."""
    _choose_interface(words)
    if environment.completing():
        from askdoc.cli.commands import build

        build()(prog_name="askdoc", complete_var="_ASKDOC_COMPLETE")
    import click

    from askdoc.cli.commands import build

    try:
        result: Any = build().main(_with_command(words), prog_name="askdoc", standalone_mode=False)
    except click.UsageError as error:
        raise _usage(error) from None
    except SystemExit:
        return Exit.CLOSED  # how click leaves when standard output is closed
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        raise UsageError("cli-usage", message=error.format_message(), command="") from None
    return result if isinstance(result, int) else Exit.DONE


def _choose_interface(words: Sequence[str]) -> None:
    """Set the language of ``--interface`` wherever it stands, so that help and usage errors speak it too."""
    for position, word in enumerate(words):
        if word == "--":
            return
        name, equals, value = word.partition("=")
        if name == "--interface":
            chosen = value if equals else (words[position + 1] if position + 1 < len(words) else "")
            if chosen == "en":
                messages.set_interface("en")
            elif chosen == "zh":
                messages.set_interface("zh")


def _with_command(words: list[str]) -> list[str]:
    """Return the line with its command, which is the chat where the line names none."""
    from askdoc.cli.commands import CHAT, NAMES

    position = 0
    while position < len(words) and words[position].startswith("-") and words[position] not in ("-", "--"):
        if words[position] in ("-h", "--help", "--version") or words[position].startswith("--completion"):
            return words
        if words[position] != "--interface" and not words[position].startswith("--interface="):
            break
        position += 1 if "=" in words[position] else 2
    if position < len(words) and words[position] in NAMES:
        return words
    return [*words[:position], CHAT, *words[position:]]


def _usage(error: Any) -> UsageError:
    import click

    command = (error.ctx.command_path if error.ctx else "askdoc").removesuffix(" chat")
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(sorted(error.possibilities or ()))
        key = "cli-option-near" if near else "cli-option"
        return UsageError(key, option=error.option_name, near=near, command=command)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return UsageError("cli-missing", name=str(name).upper(), command=command)
    if isinstance(error, click.BadParameter) and error.param is not None:
        values = error.param.type
        choices = ", ".join(map(str, values.choices)) if isinstance(values, click.Choice) else ""
        if isinstance(values, click.IntRange):
            choices = f"{values.min}–{values.max}"
        if choices:
            name = error.param.opts[0] if error.param.opts else ""
            return UsageError("cli-choice", option=name, choices=choices, command=command)
    return UsageError("cli-usage", message=error.format_message(), command=command)


def _say(error: AskdocError, words: Sequence[str]) -> None:
    """Print an error on standard error: as JSON where JSON was asked for, else as a sentence."""
    if "--format=json" in words or any(
        option == "--format" and value == "json" for option, value in zip(words, words[1:], strict=False)
    ):
        from askdoc.text import json_text

        sys.stderr.write(json_text.dumps(json_text.error(error)) + "\n")
        return
    from askdoc.cli.screen import Screen

    Screen(sys.stderr).text(messages.say("cli-error", message=str(error)), "error")
