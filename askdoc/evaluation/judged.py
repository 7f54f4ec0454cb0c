"""Judged questions: the contract's file of them, and what a judgement says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable
from askdoc.model import LANGUAGES, Language


class Judged(Struct, frozen=True):
    """A question with its judgement."""

    id: str
    question: str
    language: Language | None
    kind: str
    passages: frozenset[str]
    line: int | None
    answer: dict[Language, str]

    @property
    def answerable(self) -> bool:
        """False where the document is judged not to answer it."""
        return bool(self.passages) or self.line is not None


def read_questions(path: str | Path) -> list[Judged]:
    """Read a file of judged questions (CONTRACT's ``.jsonl``).

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable`, or :class:`DocumentMalformed` naming the line.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise DocumentNotFound("document-missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentUnreadable("eval-unreadable", path=str(path), reason=str(error)) from None
    questions = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                questions.append(_judged(json.loads(line), number))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                raise DocumentMalformed("eval-line", path=str(path), line=number) from None
    if not questions:
        raise DocumentMalformed("eval-empty", path=str(path))
    return questions


def _judged(row: dict[str, Any], number: int) -> Judged:
    question = row["question"]
    passage = row.get("passage")
    line = row.get("line")
    answer = row.get("answer") or {}
    language = row.get("language")
    wanted = [passage] if isinstance(passage, (str, int)) else list(passage or [])
    well_formed = (
        isinstance(question, str)
        and (line is None or (isinstance(line, int) and line > 0))
        and (language is None or language in LANGUAGES)
        and all(isinstance(value, str) for value in answer.values())
    )
    if not well_formed:
        raise ValueError(number)
    return Judged(
        str(row.get("id", number)),
        question,
        language,
        str(row.get("kind", "")),
        frozenset(str(each) for each in wanted),
        line,
        {each: answer[each] for each in LANGUAGES if answer.get(each)},
    )
