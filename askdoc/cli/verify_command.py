"""The command ``verify``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from askdoc import messages
from askdoc.cli.ask_command import opened
from askdoc.cli.exit_codes import Exit
from askdoc.cli.screen import Screen
from askdoc.conversation.verify import Checked, VerifyReport
from askdoc.conversation.verify import verify as look
from askdoc.text.cleaning import display


def verify(
    path: str, documents: Sequence[str], *, name: str | None, library: str | None, form: str, colour: str
) -> int:
    """Print which quotes of a file are no longer in the documents as they were."""
    with opened(documents, name, library, quiet=form == "json") as index:
        report = look(path, index)
    screen = Screen(sys.stdout, colour)
    if form == "json":
        from askdoc.text import json_text

        screen.data(json_text.dumps(report.to_dict()))
    else:
        _text(report, screen)
    return Exit.DONE if report.good else Exit.NOT_FOUND


def _text(report: VerifyReport, screen: Screen) -> None:
    for checked in report.quotes:
        if checked.state != "same":
            _checked(checked, screen)
    key = "verify-good" if report.good else "verify-bad"
    total = len(report.quotes)
    changed, gone, moved = (report.count(state) for state in ("changed", "gone", "moved"))
    text = messages.say(key, count=total, changed=changed, gone=gone, moved=moved)
    screen.text(text if total else messages.say("verify-none"), "good" if report.good else "bad")


def _checked(checked: Checked, screen: Screen) -> None:
    quote = " ".join(display(checked.quote.text).split())
    shown = quote if len(quote) <= 160 else quote[:150] + " [...]"
    state = messages.say(f"verify-{checked.state}", place=display(checked.passage_id), line=checked.line or 0)
    screen.wrapped(state, "bad" if checked.state in ("changed", "gone") else "dim")
    screen.wrapped(shown, indent=4)
    for old, new in checked.differences:
        key = "verify-words" if old and new else ("verify-left-out" if old else "verify-added")
        screen.wrapped(messages.say(key, old=display(old), new=display(new)), "dim", 4)
    screen.text()
