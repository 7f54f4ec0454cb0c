"""The commands for click, built when called, so that help speaks the interface's language."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import click

from askdoc import __version__, messages
from askdoc.errors import UsageError

NAMES: Final = ("ask", "index", "list", "show", "remove", "check", "eval", "verify")
"""The commands' names: a first word that is one of them is the command."""

CHAT: Final = "chat"
"""The command that runs where the first word is none of them."""


class _Command(click.Command):
    """A command whose help ends in examples, one a line as written."""

    examples: str = ""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            formatter.write_paragraph()
            for line in self.examples.splitlines():
                formatter.write(f"  {line}\n" if line else "\n")


class _Commands(click.Group):
    """The commands, built when they are asked for: all of them with their help cost 10 ms."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, in the order of help."""
        return [*NAMES, CHAT]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name; it is built when it is first asked for."""
        if cmd_name not in self.commands and cmd_name in (*NAMES, CHAT):
            self.commands[cmd_name] = globals()[f"_{cmd_name}"]()
        return self.commands.get(cmd_name)


def build() -> click.Group:
    """Return the commands with their help in the interface's language."""
    return _Commands(
        name="askdoc",
        help=messages.say("help-askdoc"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        invoke_without_command=True,
        no_args_is_help=False,
        subcommand_metavar=messages.say("help-metavar"),
        epilog="\b\n" + messages.say("help-epilog"),
        params=[
            _interface(),
            click.Option(
                ["--completion"], type=click.Choice(["bash", "zsh", "fish"]), help=messages.say("help-completion")
            ),
            click.Option(["--version"], is_flag=True, help=messages.say("help-version")),
        ],
        callback=_group,
    )


def _interface() -> click.Option:
    """Return the option that :mod:`askdoc.cli` has acted on before click reads the line."""
    return click.Option(
        ["--interface"], type=click.Choice(["en", "zh"]), help=messages.say("help-interface"), expose_value=False
    )


def _group(completion: str | None, version: bool) -> int | None:
    context = click.get_current_context()
    if version:
        click.echo(f"askdoc {__version__}")
        context.exit()
    if completion:
        click.echo(_completion(completion))
        context.exit()
    return None


def _completion(shell: str) -> str:
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    if completion is None:
        raise UsageError("cli-unknown", word=shell)
    try:
        return completion(build(), {}, "askdoc", "_ASKDOC_COMPLETE").source()
    except RuntimeError as error:
        raise UsageError("cli-completion", reason=str(error)) from None


def _options(
    *, documents: bool = False, form: tuple[str, ...] = (), colour: bool = False, semantic: bool = False
) -> list[click.Parameter]:
    options: list[click.Parameter] = []
    if documents:
        options.append(
            click.Option(
                ["--in", "documents"],
                multiple=True,
                metavar="DOCUMENT",
                help=messages.say("help-in"),
                type=click.Path(),
            )
        )
    options.append(click.Option(["--name"], metavar="INDEX", help=messages.say("help-name"), shell_complete=_names))
    if form:
        options.append(
            click.Option(
                ["--format", "form"],
                type=click.Choice(form),
                default="text",
                show_default=True,
                help=messages.say("help-format"),
            )
        )
    options.append(click.Option(["--library"], metavar="DIR", help=messages.say("help-library"), type=click.Path()))
    if colour:
        options.append(
            click.Option(
                ["--colour", "--color", "colour"],
                type=click.Choice(["auto", "always", "never"]),
                default="auto",
                help=messages.say("help-colour"),
            )
        )
    options.append(_interface())
    if semantic:
        options.append(
            click.Option(
                ["--no-semantic", "semantic"],
                is_flag=True,
                callback=_no_semantic,
                help=messages.say("help-no-semantic"),
            )
        )
    return options


def _no_semantic(context: click.Context, parameter: click.Parameter, value: bool) -> bool | None:
    """Return ``False`` for the option; without it ``None``, which leaves the choice to the environment."""
    return False if value else None


def _names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from askdoc.indexing.library import index_names

    return [name for name in index_names(context.params.get("library")) if name.startswith(incomplete)]


def _command(name: str, callback: Callable[..., int], params: list[click.Parameter], **extra: Any) -> _Command:
    command = _Command(
        name,
        help=messages.say(f"help-{name}"),
        params=params,
        callback=callback,
        context_settings={"help_option_names": ["-h", "--help"]},
        **extra,
    )
    command.examples = messages.say(f"help-{name}-examples")
    return command


def _callback(module: str, function: str) -> Callable[..., int]:
    """Return the function that runs a command; its module is loaded when it runs."""

    def run(**options: Any) -> int:
        result: int = getattr(import_module(f"askdoc.cli.{module}"), function)(**options)
        return result

    return run


def _ask() -> click.Command:
    def run(question: tuple[str, ...], **options: Any) -> int:
        return _callback("ask_command", "ask")(question=" ".join(question), **options)

    return _command(
        "ask",
        run,
        [
            click.Argument(["question"], nargs=-1, required=True),
            *_options(documents=True, form=("text", "json", "markdown"), colour=True, semantic=True),
            click.Option(
                ["--answer-language"],
                type=click.Choice(["auto", "en", "zh", "both"]),
                default="auto",
                show_default=True,
                help=messages.say("help-answer-language"),
            ),
            click.Option(
                ["--limit"], type=click.IntRange(1, 50), default=3, show_default=True, help=messages.say("help-limit")
            ),
            click.Option(["--section"], metavar="HEADING", help=messages.say("help-section")),
            click.Option(["--everywhere"], is_flag=True, help=messages.say("help-everywhere")),
        ],
    )


def _index() -> click.Command:
    def run(documents: tuple[str, ...], pair: tuple[tuple[str, str], ...], **options: Any) -> int:
        if not (documents or pair or options["rebuild"]):
            raise UsageError("cli-no-document")
        return _callback("index_commands", "index")(documents=documents, pairs=pair, **options)

    return _command(
        "index",
        run,
        [
            click.Argument(["documents"], nargs=-1, type=click.Path()),
            click.Option(
                ["--pair"], nargs=2, multiple=True, metavar="EN ZH", type=click.Path(), help=messages.say("help-pair")
            ),
            *_options(semantic=True),
            click.Option(["--rebuild"], is_flag=True, help=messages.say("help-rebuild")),
        ],
    )


def _list() -> click.Command:
    return _command("list", _callback("index_commands", "list_"), _options(form=("text", "json")))


def _show() -> click.Command:
    options = _options(documents=True, form=("text", "json"), colour=True)
    return _command("show", _callback("ask_command", "show"), [click.Argument(["citation"]), *options])


def _remove() -> click.Command:
    return _command("remove", _callback("index_commands", "remove"), [click.Argument(["document"]), *_options()])


def _check() -> click.Command:
    return _command("check", _callback("index_commands", "check"), _options())


def _eval() -> click.Command:
    def file(name: str) -> click.Option:
        return click.Option(
            [f"--{name}"], metavar="FILE", help=messages.say(f"help-eval-{name}"), type=click.Path(dir_okay=False)
        )

    return _command(
        "eval",
        _callback("eval_command", "evaluate"),
        [
            click.Argument(["path"], metavar="[QUESTIONS]", type=click.Path(), required=False),
            click.Option(["--self", "itself"], is_flag=True, help=messages.say("help-eval-self")),
            *_options(documents=True, form=("text", "json"), semantic=True),
            *(file(option) for option in ("svg", "run", "qrels", "from-run", "from-qrels")),
        ],
    )


def _verify() -> click.Command:
    options = _options(documents=True, form=("text", "json"), colour=True)
    file = click.Argument(["path"], metavar="FILE", type=click.Path())
    return _command("verify", _callback("verify_command", "verify"), [file, *options])


def _chat() -> click.Command:
    plain = click.Option(["--plain"], is_flag=True, help=messages.say("help-plain"))
    documents = click.Argument(["documents"], nargs=-1, type=click.Path())
    options = _options(colour=True, semantic=True)
    return _command(CHAT, _callback("chat_command", "chat"), [documents, *options, plain], hidden=True)
