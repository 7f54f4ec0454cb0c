"""The exceptions of askdoc, each with a message for people and fields for programs."""

from __future__ import annotations

from typing import Any

from askdoc import messages


class AskdocError(Exception):
    """The root of every error that askdoc raises.

    ``kind`` is the class's name, ``key`` the message's key in :mod:`askdoc.messages`, ``fields`` the values
    that fill it. ``str(error)`` is the message in the interface's language; it says what to do next.
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
    """A call or a command line with invalid arguments."""


class QueryError(UsageError):
    """A question that cannot be asked: empty, or beyond the limits."""


class CitationNotFound(UsageError):
    """A citation of a passage that the index does not have."""


class DocumentError(AskdocError):
    """A document that cannot be read."""


class DocumentNotFound(DocumentError):
    """A document file that does not exist."""


class DocumentUnreadable(DocumentError):
    """A file that cannot be opened or decoded: permission, a folder, a pipe, changed while being read."""


class DocumentMalformed(DocumentError):
    """A file whose content does not fit its extension."""


class LimitExceeded(DocumentError):
    """A document beyond one of :class:`askdoc.limits.Limits`."""


class IndexError_(AskdocError):
    """The root of all errors of an index file. (The underscore avoids the builtin name.)"""


class IndexMissing(IndexError_):
    """An index that does not exist, by name or path."""


class IndexCorrupt(IndexError_):
    """A damaged index file, or a file that is no index; questions to it are never answered."""


class IndexVersionUnsupported(IndexError_):
    """An index written by another version of askdoc."""


class IndexStale(IndexError_):
    """An index made by another analyzer that cannot be rebuilt, since its sources are gone."""


class IndexLocked(IndexError_):
    """An index that another process is writing."""


class IndexUnwritable(IndexError_):
    """An index that cannot be written: a full disk, a read-only folder."""
