"""The commands ``ask`` and ``show``, and what every command that reads an index shares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from askdoc import messages
from askdoc.cli.exit_codes import Exit, code
from askdoc.cli.screen import Screen
from askdoc.errors import UsageError

if TYPE_CHECKING:
    from askdoc.index import Index
    from askdoc.model import Answer, AnswerLanguage, Places

Format = Literal["text", "json", "markdown"]


def ask(
    question: str,
    documents: Sequence[str],
    *,
    name: str | None,
    library: str | None,
    semantic: bool | None,
    answer_language: str,
    limit: int,
    section: str | None,
    everywhere: bool,
    form: Format,
    colour: str,
) -> int:
    """Answer one question, or with ``-`` a question a line from standard input; or print every place of its words."""
    if question == "-" and "-" in documents:
        raise UsageError("cli-two-stdin")
    with opened(documents, name, library, semantic, quiet=form == "json") as index:
        path = None if section is None else index.section_named(section)
        spoken = cast("AnswerLanguage", answer_language)
        if question == "-":
            return _ask_lines(index, spoken, limit, path, everywhere)
        screen = Screen(sys.stdout, colour)
        if everywhere:
            places = index.places(question, section=path)
            _show_places(places, screen, form, spoken)
            return Exit.DONE if places.finds else Exit.NOT_FOUND
        answer = index.ask(question, spoken, limit, section=path)
        _show(answer, screen, form, sample=index.sample)
        return Exit.DONE if answer.found or answer.kind == "greeting" else Exit.NOT_FOUND


def _show_places(places: Places, screen: Screen, form: Format, answer_language: AnswerLanguage) -> None:
    if form == "json":
        from askdoc.text import json_text

        screen.data(json_text.dumps(places.to_dict()))
        return
    from askdoc.cli import places_command

    if form == "markdown":
        screen.data(places_command.markdown(places, answer_language))
    else:
        places_command.text(places, answer_language, screen)


def _show(answer: Answer, screen: Screen, form: Format, *, sample: bool = False) -> None:
    if form == "json":
        from askdoc.text import json_text

        screen.data(json_text.dumps(answer.to_dict()))
        return
    from askdoc.cli import render

    if form == "markdown":
        screen.data(render.markdown(answer))
    else:
        render.answer(answer, screen, sample=sample)


def opened(
    documents: Sequence[str],
    name: str | None,
    library: str | None,
    semantic: bool | None = None,
    *,
    quiet: bool = False,
) -> Index:
    """Open the index of documents, of standard input, or by its name; without any, the default one."""
    from askdoc import lexicon
    from askdoc.opening import open_bytes, open_index

    if sys.stderr.isatty():
        lexicon.announce(lambda: Screen(sys.stderr).text(messages.say("cli-dictionary"), "dim"))
    if "-" in documents:
        if len(documents) > 1:
            raise UsageError("cli-stdin-alone")
        return open_bytes(sys.stdin.buffer.read(), "stdin")
    if documents and name:
        raise UsageError("cli-in-or-name")
    index = open_index(list(documents) or None, name=name, library=library, semantic=semantic, progress=progress())
    if index.report is not None and not quiet:
        warn(index.report.warnings)
    return index


def warn(warnings: Sequence[Any]) -> None:
    """Print the warnings about documents on standard error."""
    screen = Screen(sys.stderr)
    for warning in warnings:
        screen.text(messages.say(warning.key, **warning.fields), "dim")


def progress() -> Callable[[int, int | None, str], None] | None:
    """Return a callback that shows a build's progress on standard error; ``None`` where that is no terminal."""
    if not sys.stderr.isatty():
        return None
    import time

    from askdoc.text.cleaning import display

    started = time.monotonic()
    last = 0.0

    def follow(done: int, total: int | None, document: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - started < 0.5 or (now - last < 0.1 and done != total):
            return
        last = now
        rate = round(done / max(now - started, 0.001))
        key = "cli-progress" if total is None else "cli-progress-of"
        text = messages.say(key, done=done, total=total, rate=rate, document=display(document)[:40])
        sys.stderr.write("\r\x1b[K" + ("" if done == total else text))
        sys.stderr.flush()

    return follow


def lines(stream: Any) -> Iterator[str]:
    """Yield the questions of a byte stream, one a line: blank lines skipped, invalid bytes replaced."""
    for number, raw in enumerate(stream):
        text = raw.decode("utf-8-sig" if number == 0 else "utf-8", "replace").strip()
        if text:
            yield text


def _ask_lines(
    index: Index, answer_language: AnswerLanguage, limit: int, section: Sequence[str] | None, everywhere: bool
) -> int:
    from askdoc.text import json_text

    screen = Screen(sys.stdout)
    result = Exit.DONE
    for question in lines(sys.stdin.buffer):
        try:
            if everywhere:
                screen.data(json_text.dumps(index.places(question, section=section).to_dict()))
            else:
                screen.data(json_text.dumps(index.ask(question, answer_language, limit, section=section).to_dict()))
        except UsageError as error:
            screen.data(json_text.dumps(json_text.error(error)))
            result = code(error)
        screen.flush()
    return result


def show(
    citation: str, *, name: str | None, library: str | None, documents: Sequence[str], form: str, colour: str
) -> int:
    """Print the place that a citation leads to."""
    with opened(documents, name, library, quiet=form == "json") as index:
        place = index.show(citation)
    screen = Screen(sys.stdout, colour)
    if form == "json":
        from askdoc.text import json_text

        screen.data(json_text.dumps(place.to_dict()))
    else:
        from askdoc.cli import render

        render.shown(place, screen)
    return Exit.DONE
