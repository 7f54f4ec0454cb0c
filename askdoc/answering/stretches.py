"""The stretches of a passage that may be marked, one to three consecutive sentences each, and their features."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from askdoc.answering.counterparts import counterparts
from askdoc.answering.evidence import Scorer
from askdoc.answering.headings import HeadingEvidence
from askdoc.model import Language, other

if TYPE_CHECKING:
    from askdoc.answering.rank import RankedPassage

LONGEST: Final = 3
"""The most sentences of a stretch."""

CHARACTERS: Final[dict[Language, int]] = {"en": 320, "zh": 140}
"""The most characters of a stretch of several sentences."""

_REFERS: Final = re.compile(
    r"[-*•\d.)\s]*(?:this|it|its|they|their|these|those|he|she|his|her|such|that)\b(?! is why)|[这此其它他她该]|上述|前者|后者",
    re.IGNORECASE,
)
_ANNOUNCES: Final = re.compile(r"[::]\W*$")
_ASKS: Final = re.compile(r"[??]\W{0,3}$")
_BARE: Final = re.compile(r"#{1,6} .*|\*\*[^*]+\*\*:?|!?\[[^\]]*\]\([^)]*\)|(?s:\|.*---.*)")
_DEFINES: Final = re.compile(
    r"\b(?:is|are|was|means?|refers? to|called|known as|defined|stands? for|describes?)\b|是|指|称为|称作|叫做|意思|即|定义"
)
_ASKS_DEFINITION: Final = re.compile(
    r"\bwhat(?:'s| is| does)\b(?!.*\b(?:the|of|for|in|about)\b)|\bmean(?:s|ing|t)?\b|\bdefin|是什么|什么是|啥是|是啥|什么意思|啥意思|指什么|何谓"
    r"|指的是",
    re.IGNORECASE,
)
_ASKS_LIST: Final = re.compile(
    r"\bwhat are\b|\bwhich\b.*\b(?:are|were)\b|\blist\b|\bwhat \w+s\b|哪些|哪几|有什么|列出|都有", re.IGNORECASE
)
_ASKS_MANNER: Final = re.compile(r"\bhow (?:do|can|should|to|does|did|would)\b|怎么|如何|咋|怎样|步骤|做法", re.IGNORECASE)


class StretchFeatures(Struct, frozen=True):
    """Features of a stretch that may be marked, each 0..1 where nothing else is said; shares are of idf."""

    score: float
    """The passage's score, as a share of the best passage's."""
    evidence: float
    """The passage's score by the idf of the question's words: how much of what could be matched is."""
    passage: float
    """Share of the question's words that the passage holds."""
    section: float
    """Share of them that the headings above it hold."""
    title: float
    """Share of them that the document's title holds."""
    heading_precision: float
    """Share of the nearest heading that is asked for."""
    together: float
    """Share of the question's words that the stretch, the headings and the title hold together."""
    words: float
    """Share of the question's words that the stretch holds."""
    local: float
    """The same share, each word weighted by its inverse sentence frequency in the passage as well."""
    grams: float
    """Share of the question's pairs of Chinese characters that its best sentence holds."""
    before: float
    """Share of the words that it or the sentence before it holds: answers follow what introduces them."""
    counterpart: float
    """Share of the words whose translations its counterpart in the other version holds."""
    answer_type: float
    """It holds the expected answer type."""
    untyped: float
    """It lacks the expected answer type, and so does its passage."""
    definition: float
    """A definition is asked for, and the question's word comes before "is", "means", 是, 指."""
    list_kind: float
    """A list is asked for, and it is of a list or table."""
    manner_kind: float
    """It is asked how to do something, and it is of a list or of code."""
    code: float
    """It is of code."""
    table: float
    """It is of a table."""
    first: float
    """It begins the passage."""
    lead: float
    """It begins the passage under a heading that the question asks for."""
    two: float
    """It is of two sentences or more."""
    three: float
    """It is of three."""
    length: float
    """Its characters, as a share of the most that a stretch of several sentences may have; at most 1."""
    refers: float
    """Its first sentence refers back to one that is left out."""
    announces: float
    """It ends by announcing what follows."""
    asks: float
    """It holds a question."""
    bare: float
    """It holds a bare title, a link alone, or a table's head."""
    similarity: float = 0.0
    """The highest semantic similarity of its sentences to the question."""
    counterpart_similarity: float = 0.0
    """The same of its counterpart's."""
    meaning: float = 0.0
    """The semantic similarity of the whole passage."""


class Stretch(Struct, frozen=True):
    """Some consecutive sentences of a passage's primary version."""

    first: int
    last: int
    """The numbers of its first and last sentence."""
    features: StretchFeatures
    similarities: tuple[float, float] = (0.0, 0.0)


def stretches(
    scorer: Scorer, ranked: RankedPassage, headings: HeadingEvidence, best_score: float
) -> list[Stretch]:
    """Return the stretches of a passage with their features; ``best_score``: that of the best passage."""
    version = ranked.versions[ranked.primary]
    evidence = ranked.evidence[ranked.primary]
    sentences, idf = evidence.sentences, scorer.idf
    total = sum(idf) or 1.0
    question = scorer.text
    texts = [version.text[sentence.start : sentence.end] for sentence in version.sentences]
    kind = ranked.stored.passage.kind
    local = _local(sentences and [sentence.shares for sentence in sentences], idf)
    local_total = sum(local) or 1.0
    gram_total = sum(scorer.candidates.gram_idf.values())
    above = [max(one, two) for one, two in zip(headings.section, headings.title, strict=True)]
    translated = _translated(scorer, ranked)
    similarities = _similarities(ranked)
    passage_shares = [max((sentence.shares[word] for sentence in sentences), default=0.0) for word in range(len(idf))]
    constant = {
        "score": ranked.score / best_score if best_score > 0 else 0.0,
        "evidence": min(ranked.score / total / 2, 1.5),
        "passage": _share(list(map(max, passage_shares, above)), idf, total),
        "section": _share(headings.section, idf, total),
        "title": _share(headings.title, idf, total),
        "heading_precision": headings.precision,
        "code": float(kind == "code"),
        "table": float(kind == "table"),
        "list_kind": float(kind in ("list", "table") and bool(_ASKS_LIST.search(question))),
        "manner_kind": float(kind in ("list", "code") and bool(_ASKS_MANNER.search(question))),
        "meaning": sum(
            scorer.candidates.features.get(name, {}).get(ranked.number, 0.0) for name in ("meaning", "meaning_alone")
        ),
    }
    defines = bool(_ASKS_DEFINITION.search(question))
    expects = scorer.answer_type is not None
    typed = any(sentence.answer_type for sentence in sentences)
    definitions = [defines and _defines(scorer, sentence.folded) for sentence in version.sentences]
    bare = [bool(_BARE.fullmatch(text.strip())) for text in texts]
    asks = [bool(_ASKS.search(text)) for text in texts]
    results = []
    for first in range(len(texts)):
        refers = first > 0 and bool(_REFERS.match(texts[first]))
        shares = [0.0] * len(idf)
        previous = sentences[first - 1].shares if first else shares
        for last in range(first, min(first + LONGEST, len(texts))):
            length = version.sentences[last].end - version.sentences[first].start
            if last > first and length > CHARACTERS[ranked.primary]:
                break
            shares = list(map(max, shares, sentences[last].shares))
            inside = range(first, last + 1)
            answers = any(sentences[number].answer_type for number in inside)
            results.append(
                Stretch(
                    first,
                    last,
                    StretchFeatures(
                        **constant,
                        together=_share(list(map(max, shares, above)), idf, total),
                        words=_share(shares, idf, total),
                        local=_share(shares, local, local_total),
                        grams=max(sentences[number].grams for number in inside) / gram_total if gram_total else 0.0,
                        before=_share(list(map(max, shares, previous)), idf, total),
                        counterpart=max(translated[first : last + 1]) if translated else 0.0,
                        answer_type=float(answers),
                        untyped=float(expects and not typed),
                        definition=float(any(definitions[first : last + 1])),
                        first=float(first == 0),
                        lead=headings.precision * (first == 0),
                        two=float(last > first),
                        three=float(last > first + 1),
                        length=min(length / CHARACTERS[ranked.primary], 1.0),
                        refers=float(refers),
                        announces=float(bool(_ANNOUNCES.search(texts[last]))),
                        asks=float(any(asks[first : last + 1])),
                        bare=float(any(bare[first : last + 1])),
                        similarity=max(own for own, _ in similarities[first : last + 1]) if similarities else 0.0,
                        counterpart_similarity=max(theirs for _, theirs in similarities[first : last + 1])
                        if similarities
                        else 0.0,
                    ),
                )
            )
    return results


def _share(shares: Sequence[float], weights: Sequence[float], total: float) -> float:
    return sum(share * weight for share, weight in zip(shares, weights, strict=True)) / total


def _local(shares: Sequence[Sequence[float]], idf: Sequence[float]) -> list[float]:
    """Return each word's idf times its inverse sentence frequency; 0 for a word that no sentence holds."""
    frequencies = [sum(sentence[word] > 0 for sentence in shares) for word in range(len(idf))]
    return [
        weight * math.log((len(shares) + 1) / (frequency + 0.5)) if frequency else 0.0
        for weight, frequency in zip(idf, frequencies, strict=True)
    ]


def _defines(scorer: Scorer, folded: str) -> bool:
    """Tell whether a sentence says soon after a word of the question what it is."""
    places = [folded.find(word.form) for word in scorer.words]
    return any(place >= 0 and _DEFINES.search(folded, place, place + 60) for place in places)


def _translated(scorer: Scorer, ranked: RankedPassage) -> list[float]:
    """Return for each sentence the share of the question whose translations its counterpart holds, 0..1.

    Empty where the question was not translated into the other version's language.
    """
    second = ranked.versions.get(other(ranked.primary))
    if not (second and second.sentences) or ranked.primary != scorer.language:
        return []
    translated = scorer.score_translated(second)
    if translated is None:
        return []
    total = sum(scorer.idf) or 1.0
    shares = [_share(sentence.shares, scorer.idf, total) for sentence in translated.sentences]
    return [max(shares[first : last + 1]) for first, last in counterparts(ranked.primary, ranked.versions)]


def _similarities(ranked: RankedPassage) -> list[tuple[float, float]]:
    """Return the semantic similarity of each sentence, and of its counterpart, to the question; empty without vectors."""
    similarities, versions = ranked.similarities, ranked.versions
    own, others = (similarities.get(language, ()) for language in (ranked.primary, other(ranked.primary)))
    if not own or len(own) != len(versions[ranked.primary].sentences):
        return []
    second = versions.get(other(ranked.primary))
    if second is None or not others or len(others) != len(second.sentences):
        return [(value, value) for value in own]
    spans = counterparts(ranked.primary, versions)
    return [(value, max(others[first : last + 1])) for value, (first, last) in zip(own, spans, strict=True)]
