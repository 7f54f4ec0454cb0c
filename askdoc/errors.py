"""Everything that can go wrong, as one family: each kind has a sentence for people and fields for programs."""

from __future__ import annotations

from typing import Any

from askdoc import messages


class AskdocError(Exception):
    """The root of every error that askdoc raises.

    ``kind`` is the class's name, ``key`` the message's key in :mod:`askdoc.messages`, ``fields`` what it was filled
    with. ``str(error)`` is the sentence in the interface's language; it says what to do next.
    """

    def __init__(self, key: str, **fields: Any) -> None:
        super().__init__(key, fields)
        self.key = key
        self.fields = fields

    @property
    def kind(self) -> str:
        """The error's class name, as it stands in JSON."""
        return type(self).__name__

    def __str__(self) -> str:
        return messages.say(self.key, **self.fields)


class UsageError(AskdocError):
    """A call or a command line that makes no sense as it stands."""


class QueryError(UsageError):
    """A question that cannot be asked: empty, or beyond the limits."""


class CitationNotFound(UsageError):
    """A citation that leads nowhere in the index."""


class DocumentError(AskdocError):
    """A document that cannot be read."""


class DocumentNotFound(DocumentError):
    """No file of that name."""


class DocumentUnreadable(DocumentError):
    """The file is there, and cannot be opened or decoded: permission, a folder, a pipe, changed while being read."""


class DocumentMalformed(DocumentError):
    """The file does not hold what its ending promises."""


class LimitExceeded(DocumentError):
    """The document is beyond one of :class:`askdoc.limits.Limits`."""


class IndexError_(AskdocError):
    """The root of what can be wrong with an index file. (The underscore leaves the builtin alone.)"""


class IndexMissing(IndexError_):
    """No index of that name or path."""


class IndexCorrupt(IndexError_):
    """The index file is damaged or is no index; it is never answered from."""


class IndexVersionUnsupported(IndexError_):
    """The index was written by another version of askdoc."""


class IndexStale(IndexError_):
    """The index was made by another analyzer, and its sources are gone, so that it cannot be rebuilt."""


class IndexLocked(IndexError_):
    """Another process is writing the index."""


class IndexUnwritable(IndexError_):
    """The index cannot be written: a full disk, a read-only folder."""
