"""Every bound of the program in one place, so that a user can raise one by name."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """The bounds of what is read and asked. Give another instance to raise one."""

    file_bytes: int = 64 * 1024 * 1024
    """Bytes of one source file."""

    document_characters: int = 20_000_000
    """Characters of one document after decoding; jieba's 430k Chinese characters a second make that 46 s."""

    document_passages: int = 100_000
    """Passages of one document."""

    record_characters: int = 10_000
    """Characters of one version of a passage in a passages file; beyond it the file is refused."""

    long_english: int = 1_200
    """An English paragraph with more characters than this is cut."""

    long_chinese: int = 500
    """A Chinese paragraph with more characters than this is cut."""

    target_english: int = 600
    """Where an English paragraph is cut: pieces near this many characters."""

    target_chinese: int = 250
    """Where a Chinese paragraph is cut: pieces near this many characters."""

    hard_passage: int = 2_000
    """No passage cut by us is longer, even where there is no sentence end (random Han: 70 ms of segmentation each)."""

    heading_depth: int = 12
    """Heading levels kept in a section path; deeper ones join the last."""

    question_characters: int = 1_000
    """Characters of a question."""

    question_terms: int = 64
    """Distinct content words of a question that are looked up; later ones are left out."""

    hits: int = 50
    """The most hits an answer gives, unless all are asked for with ``limit=None``."""

    turns: int = 50
    """Exchanges of a conversation that are kept."""

    combining_marks: int = 8
    """Combining marks shown on one base character."""

    index_bytes: int = 1024 * 1024 * 1024
    """Bytes of an index file that is opened (raise it for a library)."""

    busy_seconds: float = 10.0
    """Seconds to wait for another process that is writing the same index."""


DEFAULT = Limits()
"""The bounds in force unless others are given."""
