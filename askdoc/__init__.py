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

from askdoc.errors import AskdocError as AskdocError
from askdoc.errors import CitationNotFound as CitationNotFound
from askdoc.errors import DocumentError as DocumentError
from askdoc.errors import DocumentMalformed as DocumentMalformed
from askdoc.errors import DocumentNotFound as DocumentNotFound
from askdoc.errors import DocumentUnreadable as DocumentUnreadable
from askdoc.errors import IndexCorrupt as IndexCorrupt
from askdoc.errors import IndexLocked as IndexLocked
from askdoc.errors import IndexMissing as IndexMissing
from askdoc.errors import IndexStale as IndexStale
from askdoc.errors import IndexUnwritable as IndexUnwritable
from askdoc.errors import IndexVersionUnsupported as IndexVersionUnsupported
from askdoc.errors import LimitExceeded as LimitExceeded
from askdoc.errors import QueryError as QueryError
from askdoc.errors import UsageError as UsageError
from askdoc.limits import Limits as Limits
from askdoc.model import Answer as Answer
from askdoc.model import AnsweredVersion as AnsweredVersion
from askdoc.model import DocumentSummary as DocumentSummary
from askdoc.model import Find as Find
from askdoc.model import Hit as Hit
from askdoc.model import Passage as Passage
from askdoc.model import Place as Place
from askdoc.model import Places as Places
from askdoc.model import SectionCount as SectionCount
from askdoc.model import SectionSummary as SectionSummary
from askdoc.model import Shown as Shown
from askdoc.model import ShownPassage as ShownPassage
from askdoc.model import Turn as Turn
from askdoc.model import Version as Version

if TYPE_CHECKING:
    from askdoc.conversation.dialogue import Conversation as Conversation
    from askdoc.conversation.verify import VerifyReport as VerifyReport
    from askdoc.conversation.verify import verify as verify
    from askdoc.index import Index as Index
    from askdoc.indexing.operations import IndexReport as IndexReport
    from askdoc.indexing.operations import build_index as build_index
    from askdoc.opening import open_index

    open = open_index  # the contract's name; a module's own, like tarfile.open

__version__ = "0.1.0"

_LAZY = {
    "open": "answering.opening:open_index",
    "Index": "answering.engine:Index",
    "Conversation": "answering.conversation:Conversation",
    "build_index": "index:build_index",
    "IndexReport": "index:IndexReport",
    "verify": "verifying:verify",
    "VerifyReport": "verifying:VerifyReport",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    module, _, home_name = _LAZY.get(name, "").partition(":")
    if not module:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(f"askdoc.{module}"), home_name))


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
