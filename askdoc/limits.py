"""The limits of the program in a single place, so that a user can raise any by name."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """The limits on documents, questions and indexes. Pass another instance to raise any."""

    file_bytes: int = 64 * 1024 * 1024
    """Bytes of a source file."""

    document_characters: int = 20_000_000
    """Characters of a document after decoding; 46 s at jieba's 430k Chinese characters per second."""

    document_passages: int = 100_000
    """Passages of a document."""

    record_characters: int = 10_000
    """Characters of a version of a passage in a passages file; a file beyond it is refused."""

    long_english: int = 1_200
    """An English paragraph with more characters than this is cut."""

    long_chinese: int = 500
    """A Chinese paragraph with more characters than this is cut."""

    target_english: int = 600
    """Target characters of the pieces of a long English paragraph."""

    target_chinese: int = 250
    """Target characters of the pieces of a long Chinese paragraph."""

    hard_passage: int = 2_000
    """Maximum characters of a piece, even without a sentence end (random Han: 70 ms of segmentation)."""

    heading_depth: int = 12
    """Heading levels of a section path; deeper ones join the last."""

    question_characters: int = 1_000
    """Characters of a question."""

    question_terms: int = 64
    """Distinct content words of a question that are searched; later ones are ignored."""

    hits: int = 50
    """Hits of an answer, unless all are requested with ``limit=None``."""

    turns: int = 50
    """Turns of a conversation that are remembered."""

    combining_marks: int = 8
    """Combining marks shown on one base character."""

    index_bytes: int = 1024 * 1024 * 1024
    """Bytes of an index file (raise it for a library)."""

    busy_seconds: float = 10.0
    """Seconds to wait for another process that is writing the same index."""


DEFAULT = Limits()
"""The default limits."""
