"""Standard output and standard error: styled where that is asked for, and safe for every terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TextIO

from askdoc import environment
from askdoc.text.cleaning import display
from askdoc.text.wrap import Line, Run, wrap

_SGR = {
    "sentence": "1",
    "match": "4",
    "sentence match": "1;4",
    "label": "36",
    "dim": "2",
    "good": "1;32",
    "bad": "1;33",
    "error": "1;31",
    "bold": "1",
}


def prepare() -> None:
    """Make standard output and error take any text; characters that their encoding lacks are replaced."""
    _stand_in()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if os.name == "nt" and not stream.isatty():
            reconfigure(encoding="utf-8", errors="replace")
        else:
            reconfigure(errors="replace")


def _stand_in() -> None:
    """Replace each standard stream that was closed before the start, as by ``>&-``.

    Python leaves ``None`` there, and the next opened file, perhaps the index, would get the stream's number: what a
    library writes to standard error would go into it. Standard input becomes empty, standard error is dropped, and
    standard output becomes a pipe that nobody reads, so that the first write fails as with ``| head``.
    """
    if sys.stdin is None:
        _move(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        reading, writing = os.pipe()
        os.close(reading)
        _move(writing, 1)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        _move(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _move(descriptor: int, number: int) -> None:
    """Give an open file the number of a standard stream; child processes inherit it."""
    if descriptor == number:
        os.set_inheritable(number, True)
        return
    os.dup2(descriptor, number)
    os.close(descriptor)


class Screen:
    """Where a command writes: how wide it is and whether it takes styles."""

    def __init__(self, stream: TextIO, colour: str = "auto", width: int | None = None) -> None:
        self._stream = stream
        self.terminal = stream.isatty()
        self.styled = self._styles(colour)
        self.width = width or self._width()

    def _styles(self, colour: str) -> bool:
        if colour != "auto":
            return colour == "always"
        coloured = environment.colour()
        return self.terminal if coloured is None else coloured

    def _width(self) -> int:
        if self.terminal or environment.has_columns():
            return max(20, min(shutil.get_terminal_size().columns, 400))
        return 80

    def line(self, line: Line, indent: int = 0) -> None:
        """Write a line of runs."""
        text = "".join(self._run(run.text, run.style) for run in line)
        self._stream.write(" " * (indent if text else 0) + text + "\n")

    def text(self, text: str = "", style: str = "") -> None:
        """Write a line of text, made safe for the terminal."""
        self._stream.write(self._run(display(text), style) + "\n")

    def wrapped(self, runs: str | Sequence[Run], style: str = "", indent: int = 0, hanging: int = 0) -> None:
        """Write runs of text, or text in one style, wrapped: indented, all but its first line by ``hanging`` more."""
        runs = [Run(display(runs), style)] if isinstance(runs, str) else runs
        for number, line in enumerate(wrap(runs, self.width - indent - hanging)):
            self.line(line, indent + (hanging if number else 0))

    def data(self, text: str) -> None:
        """Write JSON or Markdown unchanged."""
        self._stream.write(text + "\n")

    def _run(self, text: str, style: str) -> str:
        if not (self.styled and style in _SGR and text):
            return text
        return f"\x1b[{_SGR[style]}m{text}\x1b[0m"

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()
