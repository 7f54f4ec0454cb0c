"""The passages of a long index that a question is ranked among: the best few hundred by a sum of term scores.

What ranks a passage before its text is read is very nearly such a sum (:data:`askdoc.retrieval.weights.FIRST_STAGE`): of
its words, by what they are worth, in both languages, of the characters, the headings and the translations. So the
exact best of that sum, found without touching most passages (:mod:`askdoc.retrieval.top_k`), hold the best of the ranking
proper; tests/quality measures that they do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from askdoc.model import LANGUAGES, Language, other
from askdoc.question.query import Query, Word
from askdoc.retrieval.bm25 import inverse_document_frequency
from askdoc.retrieval.cross_language import LEAST_CHARACTER, LIGHT
from askdoc.retrieval.index_access import Reader
from askdoc.retrieval.top_k import Scores, Weighted, best, scored
from askdoc.retrieval.translations import Options, character_shares
from askdoc.retrieval.weights import Weights
from askdoc.storage.posting_blocks import common
from askdoc.text.han import HAN_RUN, character_pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from askdoc.retrieval.dense import DenseScores

SIZE: Final = 512
"""Passages that a pool is made of by their words."""

BY_MEANING: Final = 256
"""Those that it has beside by sentence vectors."""

_LEAST: Final = 0.05
"""What a word counts at least, also one that its weight takes from: it is what finds passages."""

_SHOWN: Final = 4
"""Passages of each list that are in the pool whatever they score: what the index holds is to be seen there."""


def pool(
    query: Query,
    index: Reader,
    weights: Weights,
    options: Sequence[Options] | None,
    meant: DenseScores | None = None,
    within: Collection[int] | None = None,
) -> NDArray[np.int64]:
    """The numbers of the passages to rank for a question, ascending; all that matter of those ``within``, if given.

    ``options`` are the :func:`askdoc.retrieval.translations.translations` of its words, if any.
    """
    import numpy as np

    chosen = _Chosen(index, within)
    chosen.words(query, weights)
    if options is not None:
        chosen.translations(query, weights, options)
    given = [chosen.best(SIZE), *chosen.shown]
    if query.must:
        given.append(chosen.best(SIZE, set(query.must)))
    if meant is not None:
        given.append(chosen.nearest(meant, weights))
    return np.unique(np.concatenate(given))


class _Chosen:
    """The lists of a question's terms, each with what it is worth."""

    def __init__(self, index: Reader, within: Collection[int] | None) -> None:
        import numpy as np

        self._index = index
        self._lists: list[tuple[str, Scores, float]] = []
        self.shown: list[NDArray[np.integer[Any]]] = []
        """The first passages of each list, and of those that several have in common."""
        self._within: NDArray[np.bool_] | None = None
        if within is not None:
            self._within = np.zeros(index.size, dtype=np.bool_)
            self._within[np.fromiter(within, dtype=np.int64, count=len(within))] = True

    def words(self, query: Query, weights: Weights) -> None:
        """The lists of a question's own words."""
        whole = {word.term: _worth(word, weights) for word in query.words}
        unknown = {term for term in whole if not any(scored(self._index, name, [term]) for name in LANGUAGES)}
        # The parts of a word that stands nowhere whole are all there is of it.
        parts = {part: weights.words for word in query.words if word.term in unknown for part in word.subterms}
        grams = dict.fromkeys((*query.grams, *(gram for word in query.words for gram in word.grams)), weights.grams)
        for term, forms in query.forms.items():
            for form, worth in forms.items():
                for piece in _pieces(form):
                    table = grams if HAN_RUN.fullmatch(form[0]) else parts
                    table[piece] = max(table.get(piece, 0.0), worth * whole.get(term, _LEAST))
                self._common("gram" if HAN_RUN.fullmatch(form[0]) else "en", _pieces(form))
        for name in LANGUAGES:
            self._add(name, parts | whole)
            self._add(f"{name}_head", dict.fromkeys(parts | whole, weights.heading))
            for word in query.words:
                self._common(name, word.subterms)
        self._add("gram", grams)
        for word in query.words:
            self._common("gram", word.grams)

    def translations(self, query: Query, weights: Weights, options: Sequence[Options]) -> None:
        """The lists of the words' translations."""
        language = other(query.language)
        alone = self._alone(query.language)
        worth = max(weights.bridge, weights.bridge_alone) if alone.any() else weights.bridge
        table: dict[str, float] = {}
        characters: dict[str, float] = {}
        for word, translations in zip(query.words, options, strict=True):
            light = worth * (LIGHT if word.weight == "light" else 1.0)
            self._group(translations, language, light, table)
            for found in translations:
                self._common(language, found, alone)
            for character, share in character_shares(translations).items() if language == "zh" else ():
                if share >= LEAST_CHARACTER:
                    characters[character] = characters.get(character, 0.0) + share
        self._add(language, table)
        if alone.any() and weights.characters_alone > 0:
            distinct_scores = {each: weights.characters_alone * share for each, share in characters.items()}
            self._add("gram", distinct_scores, ("alone", query.language))

    def _group(self, translations: Options, field: str, worth: float, table: dict[str, float]) -> None:
        """Add the translations of one word, which the ranking takes for one: with the rarity that they have together."""
        import numpy as np

        scores = scored(self._index, field, {term for found in translations for term in found})
        used = {found: weight for found, weight in translations.items() if not scores.keys().isdisjoint(found)}
        shares = {found: weight / sum(used.values()) for found, weight in used.items()}
        held = {
            found: common([scores[term].passages for term in found])
            for found in shares
            if all(term in scores for term in found)
        }
        passages = self._index.field(field).passages
        rarity = inverse_document_frequency(passages, max(sum(len(held[each]) * shares[each] for each in held), 1.0))
        for found, share in shares.items():
            # BM25 of a part of a frequency is more than that part of BM25.
            part = worth * 2 * share / (1 + share)
            if len(found) > 1 and found in held and len(held[found]):
                numbers = np.asarray(held[found])
                self._keep(" ".join(found), Scores(numbers, np.full(len(numbers), rarity)), part)
            for term in found if len(found) > 1 else ():
                table[term] = table.get(term, 0.0) + part / len(found) ** 2
            if len(found) == 1 and found in held:
                own = inverse_document_frequency(passages, len(held[found]))
                table[found[0]] = table.get(found[0], 0.0) + part * rarity / own

    def best(self, count: int, terms: Collection[str] | None = None) -> NDArray[np.int64]:
        """The passages in which the lists, or those of some terms, add up to most."""
        index = self._index
        lists = [Weighted(each, worth) for term, each, worth in self._lists if terms is None or term in terms]
        return best(lists, index.size, count, index.memo)[0]

    def nearest(self, meant: DenseScores, weights: Weights) -> NDArray[np.int64]:
        """The passages that meaning speaks for most."""
        import numpy as np

        near = weights.meaning * meant.features["meaning"] + weights.meaning_alone * meant.features["meaning_alone"]
        if self._within is not None:
            near = np.where(self._within, near, -np.inf)
        count = min(BY_MEANING, len(near))
        by_meaning = np.argpartition(near, len(near) - count)[len(near) - count :]
        return np.concatenate([by_meaning, np.flatnonzero(meant.near)])

    def _add(self, field: str, distinct_scores: Mapping[str, float], only: tuple[str, Language] | None = None) -> None:
        """Add the lists of a field's terms, of each the passages in the other language ``only``, if so."""
        wanted = {term: worth for term, worth in distinct_scores.items() if worth > 0}
        memo = self._index.memo
        for term, each in scored(self._index, field, wanted).items():
            self.shown.append(each.passages[:_SHOWN])
            kept: Scores | None = each
            if only is not None:
                key = *only, field, term
                kept = memo.get(key, each)
                if kept is each:
                    kept = _masked(each, self._alone(only[1]), key)
                    memo.put(key, kept, 200 if kept is None else kept.weight)
            if kept is not None:
                self._keep(term, kept, wanted[term])

    def _keep(self, term: str, each: Scores, worth: float) -> None:
        kept = each if self._within is None else _masked(each, self._within)
        if kept is not None:
            self._lists.append((term, kept, worth))

    def _common(self, field: str, terms: Collection[str], only: NDArray[np.bool_] | None = None) -> None:
        """Have the first passages that hold all of some terms in the pool."""
        found = scored(self._index, field, set(terms))
        if not terms or len(found) < len(set(terms)):
            return
        import numpy as np

        lists = sorted((each.passages for each in found.values()), key=len)
        step = 4096
        for start in range(0, len(lists[0]), step):
            held = lists[0][start : start + step]
            if only is not None:
                held = held[only[held]]
            held = np.asarray(common([held, *lists[1:]]))
            if len(held):
                self.shown.append(held[:_SHOWN])
                return

    def _alone(self, language: Language) -> NDArray[np.bool_]:
        """The passages that are in the other language alone."""
        key = "alone", language
        known: NDArray[np.bool_] | None = self._index.memo.get(key)
        if known is None:
            import numpy as np

            own, others = (np.asarray(self._index.lengths(each)) for each in (language, other(language)))
            known = (own == 0) & (others > 0)
            self._index.memo.put(key, known, known.nbytes)
        return known


def _worth(word: Word, weights: Weights) -> float:
    return max(weights.words + (weights.names if word.weight == "name" else 0.0), _LEAST)


def _pieces(form: Sequence[str]) -> Sequence[str]:
    """The terms that together prove a form of a number."""
    if not HAN_RUN.fullmatch(form[0]):
        return form
    return character_pairs(form[0])


def _masked(each: Scores, mask: NDArray[np.bool_], key: object = None) -> Scores | None:
    """The scores of some passages; ``None`` without any."""
    held = mask[each.passages]
    return each.within(held, key) if held.any() else None
