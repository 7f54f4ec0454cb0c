"""Judged questions and the parser of their files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from askdoc.errors import DocumentMalformed, DocumentNotFound, DocumentUnreadable, LimitExceeded
from askdoc.limits import DEFAULT
from askdoc.model import LANGUAGES, Language
from askdoc.text import json_text


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
        """Whether the document answers the question, by the judgement."""
        return bool(self.passages) or self.line is not None


class _Row(Struct):
    """A line of the file."""

    question: str
    id: str | int | None = None
    language: Language | None = None
    kind: str = ""
    passage: str | int | list[str | int] | None = None
    line: Annotated[int, Meta(ge=1)] | None = None
    answer: dict[str, str] | None = None


def read_questions(path: str | Path) -> list[Judged]:
    """Read a file of judged questions (``.jsonl``).

    Raises :class:`DocumentNotFound`, :class:`DocumentUnreadable`, :class:`LimitExceeded`, or :class:`DocumentMalformed`
    naming the line.
    """
    questions = []
    for number, line in enumerate(read_text(path, DEFAULT.file_bytes).split("\n"), start=1):  # JSON may contain U+2028
        if line.strip():
            try:
                questions.append(_judged(json_text.loads(line, _Row), number))
            except ValueError:
                raise DocumentMalformed("eval-line", path=str(path), line=number) from None
    if not questions:
        raise DocumentMalformed("eval-empty", path=str(path))
    return questions


def read_text(path: str | Path, limit: int | None = None) -> str:
    """Read a UTF-8 file of at most ``limit`` bytes. Raises as :func:`read_questions`."""
    try:
        size = Path(path).stat().st_size
        if limit is not None and size > limit:
            raise LimitExceeded("reader-too-large", path=str(path), size=size, limit=limit)
        return Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise DocumentNotFound("document-missing", path=str(path)) from None
    except (OSError, ValueError) as error:
        raise DocumentUnreadable("eval-unreadable", path=str(path), reason=str(error)) from None


def _judged(row: _Row, number: int) -> Judged:
    passages = row.passage if isinstance(row.passage, list) else [] if row.passage is None else [row.passage]
    return Judged(
        str(number if row.id is None else row.id),
        row.question,
        row.language,
        row.kind,
        frozenset(map(str, passages)),
        row.line,
        {language: text for language in LANGUAGES if (text := (row.answer or {}).get(language))},
    )
