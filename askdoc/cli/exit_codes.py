"""The exit codes of the program."""

from __future__ import annotations

from enum import IntEnum

from askdoc.errors import AskdocError, DocumentError, IndexError_


class Exit(IntEnum):
    """How the process ended."""

    DONE = 0
    """Done; the question was answered."""
    NOT_FOUND = 1
    """The document does not answer the question."""
    USAGE = 2
    """The command line is wrong, or a citation leads nowhere."""
    DOCUMENT = 3
    """A document cannot be read."""
    INDEX = 4
    """An index is missing, damaged, too new, or locked."""
    BUG = 70
    """Something went wrong that should not have; ``ASKDOC_DEBUG=1`` shows where."""
    OUTPUT = 74
    """The output cannot be written, as to a file on a full disk."""
    INTERRUPTED = 130
    """Ctrl+C."""
    CLOSED = 141
    """Standard output was closed, as by ``| head``."""


def code(error: AskdocError) -> Exit:
    """Return the exit code of an error."""
    if isinstance(error, DocumentError):
        return Exit.DOCUMENT
    return Exit.INDEX if isinstance(error, IndexError_) else Exit.USAGE
