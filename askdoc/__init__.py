"""Ask a bilingual (English and Chinese) document questions and get its own words back, with citations. Offline.

The words of the program, in reading order: a **Document** is one parsed source, or two that are its versions; a
**Passage** is the text of one place in one or both languages; an **Index** is one ``.askdoc`` file of one or many
documents; a question becomes a **Query**, its passages **Hits** with **Citations**, all of them an **Answer** that says
whether the document answers at all.

    import askdoc

    with askdoc.open("report.txt") as index:
        answer = index.ask("什么是递归自我改进?", answer_language="en")
        if answer.found:
            print(answer.hits[0].label)

Importing this package loads the errors and the values; what reads, asks and builds is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from askdoc.errors import (
    AskdocError,
    CitationNotFound,
    DocumentError,
    DocumentMalformed,
    DocumentNotFound,
    DocumentUnreadable,
    IndexCorrupt,
    IndexLocked,
    IndexMissing,
    IndexStale,
    IndexUnwritable,
    IndexVersionUnsupported,
    LimitExceeded,
    QueryError,
    UsageError,
)
from askdoc.limits import Limits
from askdoc.model import (
    Answer,
    AnsweredVersion,
    DocumentSummary,
    Find,
    Hit,
    Passage,
    Place,
    Places,
    SectionCount,
    SectionSummary,
    Shown,
    ShownPassage,
    Turn,
    Version,
)

if TYPE_CHECKING:
    from askdoc.conversation.dialogue import Conversation
    from askdoc.conversation.verify import VerifyReport, verify
    from askdoc.index import Index
    from askdoc.indexing.build import IndexReport
    from askdoc.indexing.operations import build_index
    from askdoc.opening import open_index as open  # the contract's name; a module's own, like tarfile.open

__version__ = "0.1.0"

# fmt: off
__all__ = [  # noqa: RUF022  (by subject)
    "open", "build_index", "verify", "Index", "Conversation", "IndexReport", "VerifyReport", "Limits",
    "Answer", "AnsweredVersion", "DocumentSummary", "Find", "Hit", "Passage", "Place", "Places", "SectionCount",
    "SectionSummary", "Shown", "ShownPassage", "Turn", "Version",
    "AskdocError", "CitationNotFound", "DocumentError", "DocumentMalformed", "DocumentNotFound", "DocumentUnreadable",
    "IndexCorrupt", "IndexLocked", "IndexMissing", "IndexStale", "IndexUnwritable", "IndexVersionUnsupported",
    "LimitExceeded", "QueryError", "UsageError",
]
# fmt: on

_LAZY = {
    "open": "opening:open_index",
    "build_index": "indexing.operations:build_index",
    "IndexReport": "indexing.build:IndexReport",
    "Index": "index:Index",
    "Conversation": "conversation.dialogue:Conversation",
    "verify": "conversation.verify:verify",
    "VerifyReport": "conversation.verify:VerifyReport",
}
"""Names that are loaded when they are first used, each with its module and its name there."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    module, _, original = _LAZY.get(name, "").partition(":")
    if not module:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(f"askdoc.{module}"), original))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
