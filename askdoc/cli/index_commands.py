"""The commands that keep indexes: ``index``, ``list``, ``remove``, ``check``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askdoc import messages
from askdoc.cli.ask_command import progress, warn
from askdoc.cli.exit_codes import Exit
from askdoc.cli.screen import Screen

if TYPE_CHECKING:
    from askdoc.model import DocumentSummary


def _existing(name: str | None, library: str | None) -> Path:
    from askdoc.indexing.library import DEFAULT_NAME, existing_index

    return existing_index(name or DEFAULT_NAME, library)


def index(
    documents: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    *,
    name: str | None,
    library: str | None,
    semantic: bool | None,
    rebuild: bool,
) -> int:
    """Add documents to an index, or refresh them; without any, rebuild the index from its own sources."""
    from askdoc.indexing.library import DEFAULT_NAME, index_path, prepare_library
    from askdoc.indexing.operations import build_index

    prepare_library(library)
    if not documents and not pairs:
        from askdoc.storage.index_reader import IndexReader

        IndexReader(_existing(name, library)).close()  # an unreadable one would be rebuilt empty
    path = index_path(name or DEFAULT_NAME, library)
    report = build_index(
        list(documents), path, pairs=list(pairs), progress=progress(), rebuild=rebuild, semantic=semantic
    )
    warn(report.warnings)
    screen = Screen(sys.stderr)
    touched = {*report.added, *report.changed}
    for summary in report.documents:
        if summary.name in touched:
            screen.text(_counts(summary))
    text = messages.say(
        "cli-indexed",
        path=report.path,
        added=len(report.added),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
        passages=report.passages,
        seconds=f"{report.seconds:.2f}",
    )
    screen.text(text)
    return Exit.DONE


def _counts(summary: DocumentSummary) -> str:
    return messages.say(
        "cli-counts",
        name=summary.name,
        passages=summary.passages,
        en=summary.languages.get("en", 0),
        zh=summary.languages.get("zh", 0),
        paired=summary.alignments.get("paired", 0),
        merged=summary.alignments.get("merged", 0),
        weak=summary.alignments.get("weak", 0),
        alone=summary.alignments.get("none", 0),
    )


def list_(name: str | None, library: str | None, form: str) -> int:
    """Print the documents of an index, or of all indexes of the library folder."""
    from askdoc.indexing.library import index_names, index_path
    from askdoc.storage.index_reader import IndexReader

    names = [name] if name else index_names(library)
    if name:
        _existing(name, library)
    indexes: list[dict[str, Any]] = []
    screen = Screen(sys.stdout)
    for index_name in names:
        with IndexReader(index_path(index_name, library)) as reader, reader.snapshot() as snapshot:
            documents = snapshot.documents()
        if form == "json":
            indexes.append({"index": index_name, "documents": [summary.to_dict() for summary in documents]})
            continue
        screen.text(index_name, "bold")
        for summary in documents:
            screen.text("  " + _counts(summary))
            for source in summary.sources:
                screen.text(f"      {source.path}", "dim")
    if form == "json":
        from askdoc.model import SCHEMA
        from askdoc.text import json_text

        screen.data(json_text.dumps({"schema": SCHEMA, "indexes": indexes}))
    elif not names:
        Screen(sys.stderr).text(messages.say("cli-no-indexes"))
    return Exit.DONE


def remove(document: str, *, name: str | None, library: str | None) -> int:
    """Take a document out of an index."""
    from askdoc.indexing.operations import remove_document

    remove_document(_existing(name, library), document)
    Screen(sys.stderr).text(messages.say("cli-removed", document=document))
    return Exit.DONE


def check(*, name: str | None, library: str | None) -> int:
    """Look for damage in an index, also where its checksums are right."""
    from askdoc.indexing.operations import check_index

    path = _existing(name, library)
    problems = check_index(path)
    screen = Screen(sys.stdout)
    for problem in problems:
        screen.text(str(problem), "error")
    if problems:
        Screen(sys.stderr).text(messages.say("cli-check-bad", path=path, name=path.stem, count=len(problems)))
        return Exit.INDEX
    screen.text(messages.say("cli-check-good", path=path), "good")
    return Exit.DONE
