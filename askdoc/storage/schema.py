"""The shape of an index file: tables, version, checksums, connections, and what SQLite's errors mean here."""

from __future__ import annotations

import os
import sqlite3
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

from askdoc.errors import IndexCorrupt, IndexError_, IndexLocked, IndexMissing, IndexUnwritable, IndexVersionUnsupported
from askdoc.limits import DEFAULT, Limits

APPLICATION_ID: Final = 0x41736B64
"""``Askd``, in SQLite's header: what tells our files from other SQLite files."""

VERSION: Final = 3
"""The schema version, in SQLite's ``user_version``. A change of what is on disk is a new one."""

LENGTHS_CHUNK: Final = 4096
"""Passages a row of ``lengths``."""

PLACES_CHUNK: Final = 1024
"""Passages a row of ``places``."""

TABLES: Final[tuple[tuple[str, str], ...]] = (
    ("meta", "CREATE TABLE meta(id INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)"),
    ("documents", "CREATE TABLE documents(id INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)"),
    ("sections", "CREATE TABLE sections(id INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)"),
    ("places", "CREATE TABLE places(id INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)"),
    (
        "passages",
        "CREATE TABLE passages(number INTEGER PRIMARY KEY, document INTEGER NOT NULL, paired INTEGER NOT NULL,"
        " body BLOB NOT NULL, sum BLOB NOT NULL)",
    ),
    (
        "beads",
        "CREATE TABLE beads(number INTEGER PRIMARY KEY, alignment TEXT NOT NULL, kind TEXT NOT NULL,"
        " confidence REAL NOT NULL, sum BLOB NOT NULL)",
    ),
    (
        "blocks",
        "CREATE TABLE blocks(id INTEGER PRIMARY KEY, field INTEGER NOT NULL, first BLOB NOT NULL, next BLOB NOT NULL,"
        " body BLOB NOT NULL, sum BLOB NOT NULL)",
    ),
    ("block_order", "CREATE UNIQUE INDEX block_order ON blocks(field, first)"),
    ("lengths", "CREATE TABLE lengths(id INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)"),
    (
        "sentence_vectors",
        "CREATE TABLE sentence_vectors(number INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)",
    ),
    (
        "passage_vectors",
        "CREATE TABLE passage_vectors(id INTEGER PRIMARY KEY, body BLOB NOT NULL, sum BLOB NOT NULL)",
    ),
)
"""Name and SQL of each table and index, in the order in which they are made."""

_ROW_BYTES: Final = 512 * 1024 * 1024
"""The most bytes of one row; keeps a damaged length from asking for gigabytes."""

_FAST_PRAGMAS: Final = (
    "PRAGMA trusted_schema=OFF",  # no function of ours or SQLite's runs from a file's schema
    "PRAGMA cell_size_check=ON",
    "PRAGMA temp_store=MEMORY",  # nothing of a document goes to the temporary folder
    "PRAGMA mmap_size=0",  # a file that shrinks under a mapping kills the process; a read reports it
)


def checksum(table: str, *values: object) -> bytes:
    """Return eight bytes of BLAKE2b over a row: each value with its type and length, so that no two rows read the same.

    Raises :class:`IndexCorrupt` for a value of a type that no row of ours holds.
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
        elif isinstance(value, float):
            digest.update(b"f" + struct.pack("<d", value))
        else:
            raise IndexCorrupt("index-damaged-part", part=table)
    return digest.digest()


def verify(table: str, sum_: object, *values: object) -> None:
    """Raise :class:`IndexCorrupt` unless ``sum_`` is the checksum of the row."""
    if checksum(table, *values) != sum_:
        raise IndexCorrupt("index-damaged-part", part=table)


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
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem, **_part(error)) from error


def _part(error: IndexError_) -> dict[str, object]:
    return {"part": error.fields["part"]} if "part" in error.fields else {}


class Foreign(Exception):
    """Carries an error of other components' code through the translation of ours."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def outside() -> Iterator[None]:
    """Let errors of the body through :func:`reading` or :func:`writing` as they are: they are the caller's own.

    It leaves as :class:`Foreign`, which :func:`unwrapped` around it all takes off again.
    """
    try:
        yield
    except Exception as error:
        raise Foreign(error) from error


@contextmanager
def unwrapped() -> Iterator[None]:
    """Unwrap the errors that :func:`outside` let through from :class:`Foreign`."""
    try:
        yield
    except Foreign as error:
        raise error.error from error.error.__cause__


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
    # The type is looked at before anything opens the path: opening a FIFO would wait for ever.
    if not stat.S_ISREG(status.st_mode) or status.st_size == 0:
        raise IndexCorrupt("index-foreign", path=str(path))
    if status.st_size > limits.index_bytes:
        raise IndexCorrupt("index-large", path=str(path), limit=limits.index_bytes)
    return status.st_dev, status.st_ino


def connect(path: Path, *, write: bool = False, limits: Limits = DEFAULT) -> sqlite3.Connection:
    """Return a connection to an existing file; nothing is read from it yet.

    Also readers open it for writing where they may, with ``query_only``: only so can the journal of a killed writer be
    rolled back. No file of ours is ever opened beside SQLite in a process that uses it: closing it would drop
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


def check_header(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is no index of this version. Call it in a read transaction, so that the size is stable.

    Raises :class:`IndexCorrupt` or :class:`IndexVersionUnsupported`.
    """
    if pragma(connection, "application_id") != APPLICATION_ID:
        raise IndexCorrupt("index-foreign", path=str(path))
    version = pragma(connection, "user_version")
    if version != VERSION:
        key = "index-version-newer" if isinstance(version, int) and version > VERSION else "index-version-older"
        raise IndexVersionUnsupported(key, path=str(path), name=path.stem, found=version, supported=VERSION)
    if pragma(connection, "journal_mode") != "delete" or pragma(connection, "encoding") != "UTF-8":
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem)
    rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY rowid").fetchall()
    if tuple(rows) != TABLES:
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem)
    pages, page = pragma(connection, "page_count"), pragma(connection, "page_size")
    if not isinstance(pages, int) or not isinstance(page, int) or path.stat().st_size != pages * page:
        raise IndexCorrupt("index-damaged", path=str(path), name=path.stem)
