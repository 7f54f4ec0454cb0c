"""Opening what is to be asked: the composition of the library, the rankers and the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from askdoc.index import Index
from askdoc.indexing.library import Opened, open_documents
from askdoc.indexing.operations import index_bytes, own_components
from askdoc.indexing.plan import default_components
from askdoc.limits import DEFAULT, Limits
from askdoc.retrieval.term_scores import OkapiScores, TermScores

if TYPE_CHECKING:
    from askdoc.analysis.sentence_encoder import Encoder
    from askdoc.model import Language


def open_index(
    documents: str | Path | Sequence[str | Path] | None = None,
    *,
    name: str | None = None,
    library: str | Path | None = None,
    pairs: Sequence[tuple[str | Path, str | Path]] = (),
    progress: Callable[[int, int | None, str], None] | None = None,
    semantic: bool | None = None,
    limits: Limits = DEFAULT,
) -> Index:
    """Open an index to ask.

    ``documents`` is one path or several, an ``.askdoc`` file, or an index's name; ``None`` means the index ``name``, or
    ``default``, or the sample that ships while there is no ``default``. ``pairs`` are English and Chinese files that
    are one document; ``library`` is the folder of named indexes; ``progress`` is called with passages done,
    passages of the documents read so far (or ``None``) and the document's name. ``semantic`` tells whether sentence
    vectors take part where the extra ``askdoc[semantic]`` is installed; ``None`` leaves it to the environment and
    the settings. Close the index, or use it with ``with``.

    Raises the kinds of :class:`askdoc.errors.DocumentError` for what cannot be read, those of
    :class:`askdoc.errors.IndexError_` for the index, :class:`askdoc.errors.UsageError` for a name that is none.
    """
    components = own_components(semantic)
    opened = open_documents(
        documents, name=name, library=library, pairs=pairs, progress=progress, limits=limits, components=components
    )
    return engine(opened, limits, components.encoder())


def open_bytes(data: bytes, name: str = "stdin", *, limits: Limits = DEFAULT) -> Index:
    """Open a passing index in memory of one document's bytes. Raises as :func:`open_index` does."""
    return engine(Opened(index_bytes(data, name, limits=limits), None), limits)


def one_language(index: Index, language: Language, *, limits: Limits = DEFAULT) -> Index:
    """Return the same passages under the same ids with their versions in one language only, in memory.

    Sentence vectors take part where they do in ``index``. Passages without that language are left out.
    """
    from askdoc.model import Document
    from askdoc.storage.writing.memory_index import MemoryIndex

    documents = []
    with index._reader.snapshot() as snapshot:
        for summary in snapshot.documents():
            whole = [stored.passage for stored in snapshot.passages(snapshot.numbers(summary.name))]
            passages = tuple(
                replace(
                    passage, versions={language: passage.versions[language]}, alignment="none", bead="", confidence=0
                )
                for passage in whole
                if language in passage.versions
            )
            sections = snapshot.sections(summary.name)
            documents.append(Document(summary.name, summary.title, sections, passages, summary.sources))
    encoder = index._encoder if index.semantic else None
    memory = MemoryIndex(documents, default_components().analyzer, encoder=encoder)
    return Index(memory, limits=limits, encoder=encoder)


def engine(opened: Opened, limits: Limits, encoder: Encoder | None = None) -> Index:
    """Return the engine over an opened index: rank_bm25 ranks an index in memory, stored postings the others."""
    scores = OkapiScores if opened.reader.path is None else TermScores
    return Index(opened.reader, scores, limits=limits, report=opened.report, sample=opened.sample, encoder=encoder)
