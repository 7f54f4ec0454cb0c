"""Prefilter of a long index: the few hundred passages with the highest sums of weighted term scores.

The first-stage score (:data:`askdoc.retrieval.weights.FIRST_STAGE`) is very nearly such a sum: over the question's words
in both languages, its characters, the headings and the translations. So the exact best of that sum, computed without
touching most passages (:mod:`askdoc.retrieval.top_k`), include the best of the full ranking; tests/quality measures it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from askdoc.model import LANGUAGES, Language, other
from askdoc.question.query import Query, Word
from askdoc.retrieval.bm25 import inverse_document_frequency
from askdoc.retrieval.cross_language import LEAST_CHARACTER, LIGHT
from askdoc.retrieval.top_k import Scores, Weighted, best, scored
from askdoc.retrieval.translations import Options, character_shares
from askdoc.retrieval.weights import Weights
from askdoc.storage.posting_blocks import common
from askdoc.storage.snapshot import Snapshot
from askdoc.text.han import HAN_RUN, character_pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.retrieval.dense import DenseScores

SIZE: Final = 512
"""Passages chosen by their words."""

BY_MEANING: Final = 256
"""Passages added by sentence vectors."""

_UNKNOWN: Final[Any] = object()

_ADDED_UP: Final = 1 << 17
"""Lists of no more entries together are added up: skipping takes longer than their additions."""

_LEAST_WEIGHT: Final = 0.05
"""The least weight of a word, since words are what finds passages."""

_FIRST_PASSAGES: Final = 4
"""Passages of each list that are chosen whatever their scores, so that every term of the index is represented."""


def prefilter(
    query: Query,
    index: Snapshot,
    weights: Weights,
    options: Sequence[Options] | None,
    dense: DenseScores | None = None,
    within: Collection[int] | None = None,
) -> NDArray[np.int64]:
    """Return the numbers of the passages to rank for a question, ascending; only from those ``within``, if given.

    ``options`` are the :func:`askdoc.retrieval.translations.translations` of its words, if any.
    """
    import numpy as np

    term_lists = _TermLists(index, within)
    term_lists.words(query, weights)
    if options is not None:
        term_lists.translations(query, weights, options)
    lists = [term_lists.best(SIZE), *term_lists.first_passages]
    if query.must:
        lists.append(term_lists.best(SIZE, set(query.must)))
    if dense is not None:
        lists.append(term_lists.nearest(dense, weights))
    chosen = np.zeros(index.size, dtype=np.bool_)  # np.unique would load numpy.ma, which takes 12 ms
    chosen[np.concatenate(lists)] = True
    return chosen.nonzero()[0]


class _TermLists:
    """The scores of a question's terms, with their weights."""

    def __init__(self, index: Snapshot, within: Collection[int] | None) -> None:
        import numpy as np

        self._index, self._size = index, index.size
        self._lists: list[tuple[str, Scores, float]] = []
        self.first_passages: list[NDArray[np.integer[Any]]] = []
        """The first passages of each list and of the intersections of lists."""
        self._within: NDArray[np.bool_] | None = None
        if within is not None:
            self._within = np.zeros(self._size, dtype=np.bool_)
            self._within[np.fromiter(within, dtype=np.int64, count=len(within))] = True

    def words(self, query: Query, weights: Weights) -> None:
        """Add the lists of a question's own words."""
        whole = {word.term: _word_weight(word, weights) for word in query.words}
        tables = [scored(self._index, name, whole) for name in LANGUAGES]
        # A word that occurs nowhere whole is represented by its parts.
        unknown = [word for word in query.words if not any(word.term in table for table in tables)]
        parts = {part: weights.words for word in unknown for part in word.subterms}
        grams = dict.fromkeys((*query.grams, *(gram for word in query.words for gram in word.grams)), weights.grams)
        for term, forms in query.forms.items():
            for form, weight in forms.items():
                han = HAN_RUN.fullmatch(form[0])
                pieces, table = (character_pairs(form[0]), grams) if han else (form, parts)
                for piece in pieces:
                    table[piece] = max(table.get(piece, 0.0), weight * whole.get(term, _LEAST_WEIGHT))
                self._add_common("gram" if han else "en", pieces)
        for name in LANGUAGES:
            self._add(name, parts | whole)
            self._add(f"{name}_head", dict.fromkeys(parts | whole, weights.heading))
            for word in query.words:
                self._add_common(name, word.subterms)
        self._add("gram", grams)
        for word in query.words:
            self._add_common("gram", word.grams)

    def translations(self, query: Query, weights: Weights, options: Sequence[Options]) -> None:
        """Add the lists of the words' translations."""
        language = other(query.language)
        passages = self._index.field(language).passages
        alone = self._alone(query.language)
        weight = weights.bridge if alone is None else max(weights.bridge, weights.bridge_alone)
        table: dict[str, float] = {}
        characters: dict[str, float] = {}
        for word, translations in zip(query.words, options, strict=True):
            word_weight = weight * (LIGHT if word.weight == "light" else 1.0)
            self._add_group(translations, language, passages, word_weight, table)
            if alone is None:
                continue
            for translation in translations:
                self._add_common(language, translation, alone)
            for character, share in character_shares(translations).items() if language == "zh" else ():
                if share >= LEAST_CHARACTER:
                    characters[character] = characters.get(character, 0.0) + weights.characters_alone * share
        self._add(language, table)
        if characters:
            self._add("gram", characters, ("alone", query.language))

    def _add_group(
        self, translations: Options, field: str, size: int, word_weight: float, table: dict[str, float]
    ) -> None:
        """Add the translations of a word as one synonym group, with their joint idf; ``size``: the field's passages."""
        import numpy as np

        scores = scored(self._index, field, {term for translation in translations for term in translation})
        used = {
            translation: weight
            for translation, weight in translations.items()
            if not scores.keys().isdisjoint(translation)
        }
        shares = {translation: weight / sum(used.values()) for translation, weight in used.items()}
        passages = {
            translation: common([scores[term].passages for term in translation])
            for translation in shares
            if all(term in scores for term in translation)
        }
        idf = inverse_document_frequency(
            size, max(sum(len(passages[translation]) * shares[translation] for translation in passages), 1.0)
        )
        for translation, share in shares.items():
            # BM25 is concave: a share of a term frequency gives more than that share of the score.
            list_weight = word_weight * 2 * share / (1 + share)
            if len(translation) > 1 and translation in passages and len(passages[translation]):
                numbers = np.asarray(passages[translation])
                self._append(" ".join(translation), Scores(numbers, np.full(len(numbers), idf)), list_weight)
            for term in translation if len(translation) > 1 else ():
                table[term] = table.get(term, 0.0) + list_weight / len(translation) ** 2
            if len(translation) == 1 and translation in passages:
                own_idf = inverse_document_frequency(size, len(passages[translation]))
                table[translation[0]] = table.get(translation[0], 0.0) + list_weight * idf / own_idf

    def best(self, count: int, terms: Collection[str] | None = None) -> NDArray[np.int64]:
        """Return the passages with the highest sums over all lists, or over those of some terms."""
        import numpy as np

        size, memo = self._size, self._index.memo
        lists = [(scores, weight) for term, scores, weight in self._lists if terms is None or term in terms]
        if not lists or sum(len(scores.passages) for scores, _ in lists) > _ADDED_UP:
            return best([Weighted(scores, weight) for scores, weight in lists], size, count, memo)[0]
        passages = np.concatenate([scores.passages for scores, _ in lists])
        sums = np.bincount(passages, np.concatenate([scores.scores * weight for scores, weight in lists]), size)
        count = min(count, int(np.count_nonzero(sums)))
        return sums.argpartition(size - count)[size - count :]

    def nearest(self, dense: DenseScores, weights: Weights) -> NDArray[np.int64]:
        """Return the passages with the highest dense scores."""
        import numpy as np

        scores = dense.passages * np.where(dense.alone, weights.meaning_alone, weights.meaning)
        if self._within is not None:
            scores = np.where(self._within, scores, -np.inf)
        count = min(BY_MEANING, len(scores))
        by_meaning = np.argpartition(scores, len(scores) - count)[len(scores) - count :]
        return np.concatenate([by_meaning, np.fromiter(dense.near, dtype=np.int64, count=len(dense.near))])

    def _add(self, field: str, weights: Mapping[str, float], only: tuple[str, Language] | None = None) -> None:
        """Add the lists of a field's terms; with ``only``, just the passages in the other language alone."""
        positive = {term: weight for term, weight in weights.items() if weight > 0}
        memo = self._index.memo
        for term, scores in scored(self._index, field, positive).items():
            self.first_passages.append(scores.passages[:_FIRST_PASSAGES])
            chosen: Scores | None = scores
            if only is not None:
                key = *only, field, term
                chosen = memo.get(key, scores)
                if chosen is scores:
                    alone = self._alone(only[1])
                    chosen = None if alone is None else _masked(scores, alone, key)
                    memo.put(key, chosen, 200 if chosen is None else chosen.weight)
            if chosen is not None:
                self._append(term, chosen, positive[term])

    def _append(self, term: str, scores: Scores, weight: float) -> None:
        chosen = scores if self._within is None else _masked(scores, self._within)
        if chosen is not None:
            self._lists.append((term, chosen, weight))

    def _add_common(self, field: str, terms: Collection[str], only: NDArray[np.bool_] | None = None) -> None:
        """Choose the first passages that hold all of some terms."""
        scores_by_term = scored(self._index, field, set(terms))
        if not terms or len(scores_by_term) < len(set(terms)):
            return
        import numpy as np

        lists = sorted((scores.passages for scores in scores_by_term.values()), key=len)
        step = 4096
        for start in range(0, len(lists[0]), step):
            passages = lists[0][start : start + step]
            if only is not None:
                passages = passages[only[passages]]
            passages = np.asarray(common([passages, *lists[1:]]))
            if len(passages):
                self.first_passages.append(passages[:_FIRST_PASSAGES])
                return

    def _alone(self, language: Language) -> NDArray[np.bool_] | None:
        """Return which passages are in the other language alone; ``None`` where none is."""
        key = "alone", language
        alone: NDArray[np.bool_] | None = self._index.memo.get(key, _UNKNOWN)
        if alone is _UNKNOWN:
            import numpy as np

            own, others = (np.asarray(self._index.lengths(name)) for name in (language, other(language)))
            both = (own == 0) & (others > 0)
            alone = both if both.any() else None
            self._index.memo.put(key, alone, both.nbytes)
        return alone


def _word_weight(word: Word, weights: Weights) -> float:
    return max(weights.words + (weights.names if word.weight == "name" else 0.0), _LEAST_WEIGHT)


def _masked(scores: Scores, mask: NDArray[np.bool_], key: object = None) -> Scores | None:
    """Return the scores of the passages that ``mask`` selects; ``None`` without any."""
    selected = mask[scores.passages]
    return scores.within(selected, key) if selected.any() else None
