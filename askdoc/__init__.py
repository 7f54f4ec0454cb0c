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

Importing this package loads nothing else; each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askdoc.answering.conversation import Conversation
    from askdoc.answering.engine import Index
    from askdoc.answering.opening import open_index as open  # the contract's name; a module's own, like tarfile.open
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
    from askdoc.index import IndexReport, build_index
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
        SectionSummary,
        Shown,
        ShownPassage,
        Turn,
        Version,
    )
    from askdoc.verifying import VerifyReport, verify

__version__ = "0.1.0"

_HOME = {
    "open": "askdoc.answering.opening:open_index",
    "build_index": "askdoc.index",
    "IndexReport": "askdoc.index",
    "Conversation": "askdoc.answering.conversation",
    "Index": "askdoc.answering.engine",
    "verify": "askdoc.verifying",
    "VerifyReport": "askdoc.verifying",
    "Limits": "askdoc.limits",
}
"""Where a name is defined that is in none of :data:`_SHARED`."""

_SHARED = ("askdoc.errors", "askdoc.model")

__all__ = [  # noqa: RUF022  (by subject)
    "open",
    "build_index",
    "Index",
    "Conversation",
    "IndexReport",
    "verify",
    "VerifyReport",
    "Limits",
    "Answer",
    "AnsweredVersion",
    "DocumentSummary",
    "Find",
    "Hit",
    "Passage",
    "Place",
    "Places",
    "SectionSummary",
    "Shown",
    "ShownPassage",
    "Turn",
    "Version",
    "AskdocError",
    "CitationNotFound",
    "DocumentError",
    "DocumentMalformed",
    "DocumentNotFound",
    "DocumentUnreadable",
    "IndexCorrupt",
    "IndexLocked",
    "IndexMissing",
    "IndexStale",
    "IndexUnwritable",
    "IndexVersionUnsupported",
    "LimitExceeded",
    "QueryError",
    "UsageError",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    home, _, other = _HOME.get(name, "").partition(":")
    modules = (import_module(module) for module in ([home] if home else _SHARED))
    value = next(getattr(module, other or name) for module in modules if hasattr(module, other or name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
