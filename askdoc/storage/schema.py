"""The format of an index file: tables, version, checksums, connections, and the translation of SQLite's errors."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

from askdoc.errors import IndexCorrupt, IndexLocked, IndexMissing, IndexUnwritable, IndexVersionUnsupported
from askdoc.limits import DEFAULT, Limits

APPLICATION_ID: Final = 0x41736B64
"""``Askd``, in SQLite's header: tells our files from other SQLite files."""

VERSION: Final = 4
"""The schema version: the lowest byte of SQLite's ``user_version``. Any change on disk is a new version."""

LENGTHS_CHUNK: Final = 4096
"""Passages per row of ``lengths``."""

ROW_TABLES: Final = (
    *("documents", "sections", "places", "passages", "beads", "blocks", "lengths"),
    *("sentence_vectors", "passage_vectors"),
)
"""The tables whose rows are in the directory. An id is a document's, a passage's number, a block's, or a chunk's."""

_COLUMNS: Final = {
    "blocks": "field INTEGER NOT NULL, first BLOB NOT NULL, next BLOB NOT NULL, body BLOB NOT NULL",
    "meta": "body BLOB NOT NULL, sum BLOB NOT NULL",
}

TABLES: Final[tuple[tuple[str, str], ...]] = (
    *(
        (name, f"CREATE TABLE {name}(id INTEGER PRIMARY KEY, {_COLUMNS.get(name, 'body BLOB NOT NULL')})")
        for name in ("meta", "directory", *ROW_TABLES)
    ),
    ("block_order", "CREATE UNIQUE INDEX block_order ON blocks(field, first)"),
)
"""Name and SQL of each table and index, in order of creation."""

_ROW_BYTES: Final = 512 * 1024 * 1024
"""Most bytes of one row; a damaged length cannot ask for gigabytes."""

_FAST_PRAGMAS: Final = (
    "PRAGMA trusted_schema=OFF",  # no function of ours or SQLite's runs from a file's schema
    "PRAGMA cell_size_check=ON",
    "PRAGMA temp_store=MEMORY",  # nothing of a document goes to the temporary folder
    "PRAGMA mmap_size=0",  # a file that shrinks under a mapping kills the process; a read reports it
)


def checksum(table: str, *values: object) -> bytes:
    """Return eight bytes of BLAKE2b over a row: each value with its type and length, so that no two rows read the same.

    Raises :class:`IndexCorrupt` for a value of a type that no row contains.
    """
    digest = blake2b(digest_size=8, person=table.encode())
    for value in values:
        if isinstance(value, bytes):
            digest.update(b"b%d:" % len(value))
            digest.update(value)
        elif isinstance(value, int):
            digest.update(b"i%d:" % value)
        elif isinstance(value, str):
            encoded = value.encode("utf-8", "surrogatepass")
            digest.update(b"s%d:" % len(encoded))
            digest.update(encoded)
        else:
            raise IndexCorrupt("index-damaged-part", part=table)
    return digest.digest()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn SQLite's errors while an index is read into ours."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = (code or 0) & 0xFF
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexLocked("index-locked", path=str(path)) from error
        if primary == sqlite3.SQLITE_CANTOPEN or code == sqlite3.SQLITE_READONLY_ROLLBACK:
            raise IndexMissing("index-unreadable", path=str(path), reason=str(error)) from error
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem) from error
    except (MemoryError, UnicodeDecodeError) as error:
        # A damaged length asks for too much; a damaged name makes SQLite's message undecodable for sqlite3.
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem) from error
    except IndexCorrupt as error:
        raise named(error, path) from error


def named(error: IndexCorrupt, path: Path) -> IndexCorrupt:
    """Return the error of a part of an index as that of the index; others as they are."""
    if error.key != "index-damaged-part":
        return error
    return IndexCorrupt("index-damaged", path=str(path), name=path.stem, part=error.fields["part"])


class Foreign(Exception):
    """Wrapper that carries a caller's error through the translation by :func:`writing`."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def outside() -> Iterator[None]:
    """Let errors of the body through :func:`writing` as they are: they are the caller's own."""
    try:
        yield
    except Exception as error:
        raise Foreign(error) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the system while an index is written into ours."""
    try:
        with reading(path):
            try:
                yield
            except sqlite3.Error as error:
                primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
                if primary in (
                    sqlite3.SQLITE_FULL,
                    sqlite3.SQLITE_READONLY,
                    sqlite3.SQLITE_IOERR,
                    sqlite3.SQLITE_CANTOPEN,
                    sqlite3.SQLITE_PERM,
                    sqlite3.SQLITE_TOOBIG,
                ):
                    raise IndexUnwritable("index-unwritable", path=str(path), reason=str(error)) from error
                raise
    except Foreign as error:
        raise error.error from error.error.__cause__
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IndexUnwritable("index-unwritable", path=str(path), reason=reason) from error


def identity(path: Path, limits: Limits = DEFAULT) -> tuple[int, int]:
    """Return device and inode of a possible index: a regular file, not empty, at most ``limits.index_bytes`` long."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing("index-missing", path=str(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexMissing("index-unreadable", path=str(path), reason=reason) from error
    # The type is checked before anything opens the path: opening a FIFO would block.
    if not stat.S_ISREG(status.st_mode) or status.st_size == 0:
        raise IndexCorrupt("index-foreign", path=str(path))
    if status.st_size > limits.index_bytes:
        raise IndexCorrupt("index-large", path=str(path), limit=limits.index_bytes)
    return status.st_dev, status.st_ino


def connect(path: Path, *, write: bool = False, limits: Limits = DEFAULT) -> sqlite3.Connection:
    """Return a connection to an existing file; nothing is read from it yet.

    Readers, too, open it for writing where they may, with ``query_only``: the journal of a killed writer cannot be
    rolled back otherwise. No file of ours is ever opened beside SQLite in a process that uses it: closing it would drop
    SQLite's POSIX locks.
    """
    uri = Path(os.path.abspath(path)).as_uri() + "?mode=rw"  # noqa: PTH100 - resolve() would follow a link
    connection = sqlite3.connect(
        uri, uri=True, timeout=limits.busy_seconds, isolation_level=None, check_same_thread=False
    )
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _ROW_BYTES)
        for pragma in _FAST_PRAGMAS:
            connection.execute(pragma).close()
        if not write:
            connection.execute("PRAGMA query_only=ON").close()
    except BaseException:
        connection.close()
        raise
    return connection


def pragma(connection: sqlite3.Connection, name: str) -> object:
    """Return the value of a pragma."""
    rows = connection.execute(f"PRAGMA {name}").fetchall()
    return rows[0][0] if rows else None


def stamp(sum_: bytes) -> int:
    """Return the ``user_version`` of a file whose facts have this checksum: 23 bits of it above the version.

    The header and the facts are on different pages: one of an older state does not go with the other.
    """
    return (int.from_bytes(sum_[:3], "big") & 0x7FFFFF) << 8 | VERSION


def header_version(connection: sqlite3.Connection) -> int:
    """Return the version in the header, of any format: up to 3 it had no checksum above it."""
    version = pragma(connection, "user_version")
    assert isinstance(version, int)
    return version & 0xFF if version > 0xFF else version


def check_header(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is no index of this version. Call it in a read transaction, so that the size is stable.

    Raises :class:`IndexCorrupt` or :class:`IndexVersionUnsupported`.
    """
    if pragma(connection, "application_id") != APPLICATION_ID:
        raise IndexCorrupt("index-foreign", path=str(path))
    version = header_version(connection)
    if version != VERSION:
        key = "index-version-newer" if version > VERSION else "index-version-older"
        raise IndexVersionUnsupported(key, path=str(path), name=path.stem, found=version, supported=VERSION)
    if pragma(connection, "journal_mode") != "delete" or pragma(connection, "encoding") != "UTF-8":
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem)
    rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY rowid").fetchall()
    if tuple(rows) != TABLES:
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem)
    pages, page = pragma(connection, "page_count"), pragma(connection, "page_size")
    if not isinstance(pages, int) or not isinstance(page, int) or path.stat().st_size != pages * page:
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem)
