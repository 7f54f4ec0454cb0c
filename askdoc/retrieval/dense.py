"""Dense retrieval beside words: the passages nearest to a question and the similarity of their sentences."""

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
"""How many of the nearest passages are candidates, whatever words they hold."""


class DenseScores(Struct, frozen=True):
    """Dense scores of an index's passages for a question."""

    meaning: Meaning
    semantic: Semantic
    features: Mapping[str, NDArray[np.float64]]
    """``meaning`` and ``meaning_alone`` of :data:`askdoc.retrieval.weights.FIRST_STAGE`, one value a passage number."""
    near: NDArray[np.bool_]
    """The nearest passages, a truth value a passage number."""

    def of(self, subset: IndexSubset) -> DenseScores:
        """Return the scores of a subset's passages, by their places in it."""
        features = {name: values[subset.numbers] for name, values in self.features.items()}
        return replace(self, features=features, near=self.near[subset.numbers])

    def similar(self, numbers: Sequence[int]) -> Mapping[int, Similar]:
        """Return the similarities of these passages' sentences."""
        return self.semantic.sentences(self.meaning, numbers)


def dense_scores(query: Query, text: str, reader: Reader, semantic: Semantic) -> DenseScores:
    """Score all passages of an index by sentence vectors; ``text`` is the question with what it takes over from an earlier one."""
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
