"""The evidence in a passage's text: its sentences' scores, near forms, and which characters match."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from askdoc.answering.analyzed_version import NEAR, AnalyzedVersion, Sentence
from askdoc.model import Language
from askdoc.question.answer_type import has_answer_type
from askdoc.question.query import Query, Word
from askdoc.retrieval.candidates import Candidates
from askdoc.retrieval.cross_language import MARKED
from askdoc.retrieval.translations import Options, Translation
from askdoc.text.han import HAN_RUN
from askdoc.text.similarity import dice_similarity
from askdoc.text.spans import Span, disjoint, occurrences

_SUBTERM_WEIGHT: Final = 0.4
"""The weight of a word's subterms, as a share of the word's."""

_NEAR_FORM_WEIGHT: Final = 0.7
"""The weight of a near form, as a share of the word's; times its Dice similarity."""


class SentenceEvidence(Struct, frozen=True):
    """The evidence of one sentence for a question."""

    shares: tuple[float, ...]
    """How much of each word of the question the sentence holds, 0..1."""
    words: float
    """The sum of the shares, each times the word's idf."""
    grams: float
    """Sum of the idf of the question's pairs of Chinese characters that it holds."""
    answer_type: bool
    """Whether it holds the expected answer type."""


class VersionEvidence(Struct, frozen=True):
    """The evidence of one version of a passage for a question."""

    sentences: tuple[SentenceEvidence, ...]
    covered: float
    """Sum of the idf of the words that it holds."""

    @property
    def best(self) -> float:
        """The highest score of a sentence by words."""
        return max((sentence.words for sentence in self.sentences), default=0.0)

    @property
    def best_grams(self) -> float:
        """The highest score of a sentence by pairs of Chinese characters."""
        return max((sentence.grams for sentence in self.sentences), default=0.0)


class Scorer:
    """Scores text for one question: its words weighted by idf."""

    def __init__(self, query: Query, candidates: Candidates) -> None:
        self.candidates = candidates
        self.words = query.words
        self.language = query.language
        self.answer_type = query.answer_type
        self.idf = [candidates.idf[word.term] for word in query.words]
        """The idf of each word."""
        self._query = query
        self._lower = query.text.lower()

    def score(self, versions: Mapping[Language, AnalyzedVersion]) -> dict[Language, VersionEvidence]:
        """Return the evidence of each version of a passage.

        Beside the version in the question's language, one that holds nothing of the question is not scored.
        """
        translations = self._translations(versions)
        return {
            language: _no_evidence(len(version.sentences), len(self.words))
            if language != self.language and self.language in versions and self._lacks_evidence(version)
            else self._score(version, translations)
            for language, version in versions.items()
        }

    def score_translated(self, version: AnalyzedVersion) -> VersionEvidence | None:
        """Return the evidence of a version by the translations of the question; ``None`` where it was not translated."""
        cross_lingual = self.candidates.cross_lingual
        return None if cross_lingual is None else self._score(version, cross_lingual.translations)

    def _score(self, version: AnalyzedVersion, translations: Mapping[str, Options]) -> VersionEvidence:
        """Score a version; ``translations`` of a word's term count for the word."""
        query, folded = self._query, version.form.text
        columns: list[Sequence[float]] = []
        word_scores = [0.0] * len(version.sentences)
        covered = 0.0
        for word, idf in zip(self.words, self.idf, strict=True):
            options = translations.get(word.term, {})
            column = _shares(word, version, word.term in self.candidates.unknown)
            if options:
                column = _with_translations(column, version, options)
            columns.append(column)
            if any(column):  # most words stand in few passages
                for number, share in enumerate(column):
                    word_scores[number] += share * idf
            if holds(word, version.terms, folded) or any(
                holds_translation(translation, version.terms, folded) for translation in options
            ):
                covered += idf
        grams = [gram for gram in query.grams if gram in folded]
        gram_idf = self.candidates.gram_idf
        # Sentence vectors lead to passages even for a question without words.
        rows = zip(*columns, strict=True) if columns else [()] * len(version.sentences)
        sentences = [
            SentenceEvidence(
                shares,
                word_scores[number],
                sum([gram_idf[gram] for gram in grams if gram in sentence.folded]) if grams else 0.0,
                has_answer_type(query.answer_type, sentence.answer_type_spans, query.numbers, self._lower),
            )
            for number, (sentence, shares) in enumerate(zip(version.sentences, rows, strict=True))
        ]
        return VersionEvidence(tuple(sentences), covered)

    def _lacks_evidence(self, version: AnalyzedVersion) -> bool:
        """Tell whether a version holds no word, subterm, near form or pair of characters of the question."""
        if self._query.forms or any(gram in version.form.text for gram in self._query.grams):
            return False
        return not any(
            _holds_any(word, version) or (not word.han and _near_forms(word, version)) for word in self.words
        )

    def _translations(self, versions: Collection[Language]) -> Mapping[str, Options]:
        """Return what matches the question's words in a passage of these versions.

        That is other forms of its numbers and, where it lacks the question's language, translations.
        """
        cross_lingual, forms = self.candidates.cross_lingual, self._query.forms
        translations = cross_lingual.translations if cross_lingual and self.language not in versions else {}
        if not forms:
            return translations
        return {
            term: {**translations.get(term, {}), **forms.get(term, {})}
            for term in (*translations, *(term for term in forms if term not in translations))
        }

    def highlights(self, versions: Mapping[Language, AnalyzedVersion]) -> dict[Language, tuple[Span, ...]]:
        """Return the spans of the question's words, or of their translations, in each version: ascending, disjoint.

        Offsets are exact through normalization, stemming and conversion of characters, because each token and each
        character of the folded text knows its origin. A subterm is marked only where its whole word does not stand.
        """
        translations = self._translations(versions)
        return {language: self._highlights(version, translations) for language, version in versions.items()}

    def _highlights(self, version: AnalyzedVersion, translations: Mapping[str, Options]) -> tuple[Span, ...]:
        terms = {word.term for word in self.words}
        spans = [(token.start, token.end) for token in version.tokens if token.term in terms]
        folded = version.form.text
        for word in self.words:
            if word.han:
                forms = [word.form] if word.form in folded else list(word.subterms)
                spans += [version.form.span(*span) for form in forms for span in occurrences(folded, form)]
            elif word.term not in version.terms:
                spans += [(token.start, token.end) for token in version.tokens if token.term in word.subterms]
            for translation, weight in translations.get(word.term, {}).items():
                if weight >= MARKED and holds_translation(translation, version.terms, folded):
                    spans += _translation_spans(translation, version)
        return disjoint(spans)


@lru_cache(maxsize=1024)
def _no_evidence(sentences: int, words: int) -> VersionEvidence:
    return VersionEvidence((SentenceEvidence((0.0,) * words, 0.0, 0.0, False),) * sentences, 0.0)


def _shares(word: Word, version: AnalyzedVersion, unknown: bool) -> Sequence[float]:
    """Return how much of a word each sentence of a version holds, 0..1."""
    near_forms = {} if word.han else _near_forms(word, version)
    if not near_forms and not _holds_any(word, version):
        return (0.0,) * len(version.sentences)  # most words stand in few passages
    return [_share(word, sentence, near_forms, unknown) for sentence in version.sentences]


def _with_translations(shares: Sequence[float], version: AnalyzedVersion, options: Options) -> Sequence[float]:
    """Return the shares, or the weight of the best translation that a sentence holds where that is more."""
    folded = version.form.text
    present = [
        (option, weight) for option, weight in options.items() if holds_translation(option, version.terms, folded)
    ]
    if not present:
        return shares
    return [
        max(
            share,
            *(
                weight if holds_translation(option, sentence.terms, sentence.folded) else 0.0
                for option, weight in present
            ),
        )
        for share, sentence in zip(shares, version.sentences, strict=True)
    ]


def holds_translation(translation: Translation, terms: frozenset[str], folded: str) -> bool:
    """Tell whether a translation stands in a text: all terms of an English one, a Chinese one as it is."""
    return translation[0] in folded if HAN_RUN.fullmatch(translation[0]) else terms.issuperset(translation)


def _holds_any(word: Word, version: AnalyzedVersion) -> bool:
    """Tell whether a version holds a word or one of its subterms."""
    if word.han:
        return any(form in version.form.text for form in (word.form, *word.subterms))
    return word.term in version.terms or not version.terms.isdisjoint(word.subterms)


def holds(word: Word, terms: frozenset[str], folded: str) -> bool:
    """Tell whether a text holds a word, or all of its subterms."""
    if word.han:
        return word.form in folded
    return word.term in terms or (bool(word.subterms) and all(subterm in terms for subterm in word.subterms))


def _near_forms(word: Word, version: AnalyzedVersion) -> dict[str, float]:
    """Return the forms in a version that are similar to a word it does not hold, each with its similarity."""
    if len(word.form) < 4 or not word.form.isascii() or word.term in version.terms:
        return {}
    similarities = {form: dice_similarity(word.form, form) for form in version.forms.get(word.form[0], ())}
    return {form: similarity for form, similarity in similarities.items() if similarity >= NEAR}


def _share(word: Word, sentence: Sentence, near_forms: Mapping[str, float], unknown: bool) -> float:
    """Return how much of a word a sentence holds, 0..1."""
    if holds(word, sentence.terms, sentence.folded):
        return 1.0
    if word.subterms:
        text = sentence.folded if word.han else sentence.terms
        share = sum(subterm in text for subterm in word.subterms) / len(word.subterms)
        if share:
            return share if unknown else _SUBTERM_WEIGHT * share
    return _NEAR_FORM_WEIGHT * max((near_forms[form] for form in near_forms if form in sentence.forms), default=0.0)


def _translation_spans(translation: Translation, version: AnalyzedVersion) -> list[tuple[int, int]]:
    if HAN_RUN.fullmatch(translation[0]):
        return [version.form.span(*span) for span in occurrences(version.form.text, translation[0])]
    return [(token.start, token.end) for token in version.tokens if token.term in translation]
