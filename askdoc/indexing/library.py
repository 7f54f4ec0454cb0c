"""The library: its folder, names of indexes, the index of given documents, the sample that ships."""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc import environment, messages
from askdoc.errors import (
    DocumentNotFound,
    IndexCorrupt,
    IndexMissing,
    IndexStale,
    IndexUnwritable,
    IndexVersionUnsupported,
    UsageError,
)
from askdoc.indexing.build import IndexReport, is_current
from askdoc.indexing.operations import SUFFIX, Documents, Pairs, build_index, memory_index, refresh
from askdoc.indexing.plan import Components, locate
from askdoc.limits import DEFAULT, Limits
from askdoc.storage.index_reader import IndexReader
from askdoc.storage.writing.atomic_file import private_folder

if TYPE_CHECKING:
    from askdoc.storage.writing.index_writer import Progress

DEFAULT_NAME: Final = "default"
"""The index used where nothing is named."""

SAMPLE: Final = "when-ai-builds-itself-digest"
"""The stem of the sample's source and of its index."""

_NAME_BYTES: Final = 200
"""Most bytes of an index's name: file systems allow 255, of which the names of temporary files need some."""

_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""Names of devices on Windows, whatever their ending."""


class Opened(Struct, frozen=True):
    """An index open for questions."""

    reader: IndexReader
    report: IndexReport | None
    """What was built or refreshed to open it; ``None`` where only the index was read."""
    sample: bool = False
    """Whether this is the sample, opened because there was nothing else."""


def library_folder(library: str | Path | None = None) -> Path:
    """Return the library folder; it need not exist.

    It is ``library``, else ``$ASKDOC_LIBRARY``, else ``./index`` where that has an index, else the platform's user data
    folder.
    """
    here = Path("index")
    return _chosen_folder(library) or (here if any(here.glob("*" + SUFFIX)) else _user_folder())


def _chosen_folder(library: str | Path | None) -> Path | None:
    folder = library if library is not None else environment.library()
    if "\0" in str(folder):
        raise UsageError("library-folder", path=str(folder))
    return Path(folder).expanduser() if folder else None


def _user_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("askdoc", appauthor=False)


def valid_name(name: str) -> str:
    """Return an index's name, normalized, if it can be a file name in the library folder on every system.

    Raises :class:`UsageError` for empty and too long names, folders, devices, hidden files and control characters.
    """
    name = unicodedata.normalize("NFC", name)
    stem = name.split(".")[0].strip().casefold()
    if (
        not name
        or len(name.encode("utf-8", "surrogatepass")) > _NAME_BYTES
        or not all(char.isalnum() or char in " -_.+()（）《》·，、" or unicodedata.combining(char) for char in name)
        or name[0] in ".- "
        or name[-1] in ". "
        or stem in _RESERVED
    ):
        raise UsageError("library-name", name=name[:_NAME_BYTES])
    return name


def index_path(name: str = DEFAULT_NAME, library: str | Path | None = None) -> Path:
    """Return the file of a named index; it need not exist. Raises :class:`UsageError` for an invalid name or a link."""
    path = library_folder(library) / (valid_name(name) + SUFFIX)
    if path.is_symlink():
        raise UsageError("library-link", path=str(path))
    return path


def index_names(library: str | Path | None = None) -> list[str]:
    """Return the names of the indexes in the library folder, sorted."""
    folder = library_folder(library)
    try:
        paths = [path for path in folder.iterdir() if path.suffix == SUFFIX and not path.name.startswith(".")]
    except OSError:
        return []
    return sorted(path.stem for path in paths)


def prepare_library(library: str | Path | None = None) -> Path:
    """Return the library folder; make it where it is missing. Raises :class:`IndexUnwritable`."""
    folder = library_folder(library)
    private_folder(folder)
    return folder


def open_documents(
    documents: Documents | None = None,
    *,
    name: str | None = None,
    library: str | Path | None = None,
    pairs: Pairs = (),
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
    components: Components,
) -> Opened:
    """Open the index of documents, of a name, or of the sample.

    ``documents``: one path or several, an ``.askdoc`` file, an index's name; ``None`` for the index ``default``, while
    there is none for the sample. ``name`` is always an index's name. Documents that changed since their index was
    made are read again. Where no index can be written it is made in memory. An index made by another analyzer is
    rebuilt from its sources.

    Raises :class:`UsageError`, the kinds of :class:`askdoc.errors.DocumentError`, and those of
    :class:`askdoc.errors.IndexError_`.
    """
    opener = _Opener(progress, limits, components)
    chosen = [documents] if isinstance(documents, str | Path) else list(documents or ())
    if name is not None:
        if chosen or pairs:
            raise UsageError("library-both", name=name)
        return opener.file(existing_index(name, library))
    if not chosen and not pairs:
        path = index_path(DEFAULT_NAME, library)
        return opener.file(path) if path.exists() else opener.sample(_chosen_folder(library))
    files = [document for document in chosen if str(document).endswith(SUFFIX)]
    if files:
        if len(chosen) > 1 or pairs:
            raise UsageError("library-mixed", path=str(files[0]))
        return opener.file(Path(files[0]))
    if len(chosen) == 1 and not pairs and isinstance(word := chosen[0], str):
        if "\0" in word:
            raise DocumentNotFound("document-missing", path=word.replace("\0", "\\0"))
        if not os.path.lexists(word):
            return opener.file(_named_index(word, library))
    return opener.documents(chosen, pairs, lambda: prepare_library(library) / _file_name(chosen, pairs))


def existing_index(name: str, library: str | Path | None) -> Path:
    """Return the file of a named index. Raises :class:`IndexMissing`, with the names that there are."""
    path = index_path(name, library)
    if not path.exists():
        raise IndexMissing(
            "library-missing", name=name, known=messages.say("render-comma").join(index_names(library)) or "-"
        )
    return path


def _named_index(name: str, library: str | Path | None) -> Path:
    """Return the index that a word names; raise :class:`DocumentNotFound` where the word looks like a file."""
    try:
        return existing_index(name, library)
    except (UsageError, IndexMissing) as error:
        if isinstance(error, IndexMissing) and not Path(name).suffix:
            raise
        raise DocumentNotFound("document-missing", path=name) from None


class _Opener(Struct, frozen=True):
    progress: Progress | None
    limits: Limits
    components: Components

    def file(self, path: Path) -> Opened:
        """Open an index file, refreshed first where its analyzer is not the current one."""
        with contextlib.ExitStack() as stack:
            reader = stack.enter_context(IndexReader(path, limits=self.limits))
            if is_current(reader, self.components):
                stack.pop_all()
                return Opened(reader, None)
        report = refresh(path, progress=self.progress, limits=self.limits, components=self.components)
        return Opened(IndexReader(path, limits=self.limits), report)

    def documents(self, documents: Sequence[str | Path], pairs: Pairs, where: Callable[[], Path]) -> Opened:
        """Open the index of exactly these documents: refreshed, or rebuilt where it cannot be read."""
        progress, limits, components = self.progress, self.limits, self.components
        build = partial(build_index, documents, pairs=pairs, progress=progress, limits=limits, components=components)
        try:
            path = where()
            try:
                report = build(path)
            except (IndexCorrupt, IndexVersionUnsupported, IndexStale):
                report = build(path, rebuild=True)
            if len(report.documents) > len((*report.added, *report.changed, *report.unchanged)):
                # Of documents that are not asked for: the sample of an installation that is elsewhere now.
                path.unlink()
                report = build(path)
            return Opened(IndexReader(path, limits=limits), report)
        except IndexUnwritable:
            passing = memory_index(documents, pairs=pairs, progress=progress, limits=limits, components=components)
            return Opened(passing, None)

    def sample(self, folder: Path | None) -> Opened:
        """Open the sample; its index lies in ``folder``, else beside its source in a checkout or with the user's data."""
        source, checkout = _sample_source()

        def where() -> Path:
            place = folder or (source.parent if checkout else _user_folder())
            private_folder(place)
            return place / (SAMPLE + SUFFIX)

        opened = self.documents([source], (), where)
        return Opened(opened.reader, opened.report, sample=True)


def _file_name(documents: Sequence[str | Path], pairs: Pairs) -> str:
    """Return a file name for the index of documents: readable, and different for different documents."""
    paths = [str(locate(Path(document))) for document in documents]
    both = [f"{locate(Path(en))}\0{locate(Path(zh))}" for en, zh in pairs]
    digest = blake2b("\n".join([*paths, "", *both]).encode("utf-8", "surrogateescape"), digest_size=6)
    first = Path(documents[0] if documents else pairs[0][0]).stem
    stem = "".join(char if char.isalnum() or char in "-_" else "-" for char in first)[:40].strip("-") or "document"
    return f"{stem}-{digest.hexdigest()}{SUFFIX}"


def _sample_source() -> tuple[Path, bool]:
    """Return the sample's source, and whether it is in a checkout. Raises :class:`IndexMissing` where there is none."""
    package = Path(__file__).parents[1]
    for folder, checkout in ((package / "sample", False), (package.parent / "index", True)):
        if (source := folder / f"{SAMPLE}.txt").is_file():
            return source, checkout
    raise IndexMissing("library-no-sample")
