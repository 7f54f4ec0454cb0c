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
"""What a system says where standard output takes no more: a full disk, a file at its limit, a device that fails."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and leave the process with its exit code (see :class:`askdoc.cli.exit_codes.Exit`)."""
    from askdoc.cli.screen import prepare

    _collect_seldom()
    given = list(sys.argv[1:] if arguments is None else arguments)
    prepare()
    result = _guarded(given)
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
    """Keep the collector of cycles from going over what a start loads, again and again, and once more at the end.

    What is loaded stays; what a long command leaves is collected still, a few megabytes later. At the end the system
    takes everything back; what files, threads and temporary folders do then does not hang on the collector.
    """
    gc.set_threshold(50_000, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)


def _guarded(given: list[str]) -> int:
    try:
        return run(given)
    except AskdocError as error:
        with contextlib.suppress(OSError):  # the exit code still says it
            _say(error, given)
        return code(error)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.CLOSED
    except OSError as error:
        if error.errno not in _FULL:
            return _bug(error)
        return _unwritten(error)
    except Exception as error:  # the last door: a person gets a sentence, never a traceback
        return _bug(error)


def _bug(error: Exception) -> int:
    if environment.debug():
        raise error
    from askdoc.cli.screen import Screen

    Screen(sys.stderr).text(messages.say("cli-bug", kind=type(error).__name__, detail=str(error)[:200]), "error")
    return Exit.BUG


def _unwritten(error: OSError) -> int:
    """Say that what was to be printed could not be: of an index or a document other errors tell."""
    from askdoc.cli.screen import Screen

    reason = error.strerror or str(error)
    message = messages.say("cli-error", message=messages.say("cli-unwritten", reason=reason))
    with contextlib.suppress(OSError):  # it may go to the same full disk
        Screen(sys.stderr).text(message, "error")
    return Exit.OUTPUT


def run(given: list[str]) -> int:
    """Run a command line; gives the exit code, raises :class:`AskdocError`."""
    _choose_interface(given)
    if environment.completing():
        from askdoc.cli.commands import build

        build()(prog_name="askdoc", complete_var="_ASKDOC_COMPLETE")
    import click

    from askdoc.cli.commands import build

    try:
        result: Any = build().main(_with_command(given), prog_name="askdoc", standalone_mode=False)
    except click.UsageError as error:
        raise _usage(error) from None
    except SystemExit:
        return Exit.CLOSED  # how click leaves when standard output is closed
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        raise UsageError("cli-usage", message=error.format_message(), command="") from None
    return result if isinstance(result, int) else Exit.DONE


def _choose_interface(given: Sequence[str]) -> None:
    """``--interface`` acts wherever it stands, also on help and on what is wrong with the rest of the line."""
    for at, word in enumerate(given):
        if word == "--":
            return
        name, found, value = word.partition("=")
        if name == "--interface":
            chosen = value if found else (given[at + 1] if at + 1 < len(given) else "")
            if chosen == "en":
                messages.set_interface("en")
            elif chosen == "zh":
                messages.set_interface("zh")


def _with_command(given: list[str]) -> list[str]:
    """The line with its command: a first word that is none, and a line without any, are the chat."""
    from askdoc.cli.commands import CHAT, NAMES

    at = 0
    while at < len(given) and given[at].startswith("-") and given[at] not in ("-", "--"):
        if given[at] in ("-h", "--help", "--version") or given[at].startswith("--completion"):
            return given
        if given[at] not in ("--interface",) and not given[at].startswith("--interface="):
            break
        at += 1 if "=" in given[at] else 2
    if at < len(given) and given[at] in NAMES:
        return given
    return [*given[:at], CHAT, *given[at:]]


def _usage(error: Any) -> UsageError:
    import click

    command = error.ctx.command_path if error.ctx else "askdoc"
    command = command.removesuffix(" chat")
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(sorted(error.possibilities or ()))
        key = "cli-option-near" if near else "cli-option"
        return UsageError(key, option=error.option_name, near=near, command=command)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return UsageError("cli-missing", name=str(name).upper(), command=command)
    if isinstance(error, click.BadParameter) and error.param is not None:
        kind = error.param.type
        choices = ", ".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else ""
        if isinstance(kind, click.IntRange):
            choices = f"{kind.min}–{kind.max}"
        if choices:
            name = error.param.opts[0] if error.param.opts else ""
            return UsageError("cli-choice", option=name, choices=choices, command=command)
    return UsageError("cli-usage", message=error.format_message(), command=command)


def _say(error: AskdocError, given: Sequence[str]) -> None:
    """An error on standard error: JSON where JSON was asked for, a sentence else."""
    if "--format=json" in given or any(
        one == "--format" and two == "json" for one, two in zip(given, given[1:], strict=False)
    ):
        from askdoc.text import json_text

        sys.stderr.write(json_text.dumps(json_text.error(error)) + "\n")
        return
    from askdoc.cli.screen import Screen

    screen = Screen(sys.stderr)
    screen.text(messages.say("cli-error", message=str(error)), "error")
