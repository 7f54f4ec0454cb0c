"""An index without a file: the same tables in memory, for stdin and where nothing can be written."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from askdoc.model import Document
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.rows import checked_meta
from askdoc.storage.schema import writing
from askdoc.storage.writing.analysis_pipeline import Analyzer
from askdoc.storage.writing.index_file import fill
from askdoc.storage.writing.index_writer import DocumentWrite, Progress
from askdoc.storage.writing.row_writer import RowWriter

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder


class MemoryIndex(IndexReader):
    """Documents with their postings, in memory only. It never changes."""

    def __init__(
        self,
        documents: Iterable[Document],
        analyzer: Analyzer,
        *,
        progress: Progress | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Analyse documents; ``progress`` may raise to cancel. With ``encoder`` they get sentence vectors as well."""
        self.path = None
        self._file = Path(":memory:")
        self._closed = False
        self._start()
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with writing(self._file):
            writes = (DocumentWrite(document, ("",) * len(document.sources)) for document in documents)
            fill(self._memory, self._file, writes, analyzer, progress)
        if encoder is not None:
            from askdoc.storage.writing import embedding_writer

            embedding_writer.fill(self._write, encoder, batch=sys.maxsize)

    @contextmanager
    def _write(self) -> Iterator[RowWriter]:
        self._memory.execute("BEGIN").close()
        yield RowWriter(self._memory, self._file, checked_meta(self._memory))
        self._memory.execute("COMMIT").close()

    def _transaction(self) -> sqlite3.Connection:
        self._connection = self._memory
        self._memory.execute("BEGIN").close()
        return self._memory

    def _disconnect(self) -> None:
        if self._closed:
            self._memory.close()
        elif self._memory.in_transaction:
            self._memory.execute("ROLLBACK").close()
