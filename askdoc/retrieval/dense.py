"""Meaning as evidence beside words: which passages are near a question, and what their sentences say for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from askdoc.model import Language, other
from askdoc.question.query import Query
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.sentence_vectors import Meaning, Semantic
from askdoc.storage.vectors import Vector, kit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.retrieval.index_subset import IndexSubset

NEAREST: Final = 24
"""How many of the passages nearest in meaning are read closely for a question, whatever words they hold."""


class DenseScores(Struct, frozen=True):
    """A question asked of the vectors."""

    meaning: Meaning
    semantic: Semantic
    features: Mapping[str, NDArray[np.float64]]
    """``meaning`` and ``meaning_alone`` of :data:`askdoc.retrieval.weights.FIRST_STAGE`, one value a passage number."""
    near: NDArray[np.bool_]
    """The nearest passages, a truth value a passage number."""

    def of(self, part: IndexSubset) -> DenseScores:
        """The same for the passages of a part of the index, by their places in it."""
        features = {name: values[part.numbers] for name, values in self.features.items()}
        return replace(self, features=features, near=self.near[part.numbers])

    def similar(self, numbers: Sequence[int]) -> Mapping[int, Similar]:
        """The sentences of these passages."""
        return self.semantic.sentences(self.meaning, numbers)


def meant(query: Query, text: str, reader: Reader, semantic: Semantic) -> DenseScores:
    """Ask the vectors; ``text`` is the question with what it takes over from an earlier one."""
    meaning = semantic.ask(text)
    lengths, others = reader.lengths(query.language), reader.lengths(other(query.language))
    alone = (lengths == 0) & (others > 0)
    near = kit(lengths).truth(reader.size, False)
    for number in meaning.nearest(NEAREST):
        near[number] = True
    values: Any = meaning.passages
    if isinstance(lengths, Vector):
        values = Vector(values.tolist())
    return DenseScores(meaning, semantic, {"meaning": values * ~alone, "meaning_alone": values * alone}, near)


Similar = Mapping[Language, Sequence[float]]
"""For each version the dot products of its sentences with the question, in the order of the text."""
