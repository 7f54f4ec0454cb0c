"""Follow-ups: a question that goes on from the ones before, rewritten as one that stands alone.

A question that stands alone carries nothing over: a wrong follow-up hides the answer, a missed one is seen at once and
asked again. So a question must give a sign: it has no content word, or is a fragment behind a cue ("and …?",
"what about …?", 那 … 呢?), or points back with a pronoun. Surface patterns of both languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from askdoc.model import Language
from askdoc.question.dialogue_state import DialogueState
from askdoc.question.query import FollowUpKind, Query, Word
from askdoc.text.han import language_of
from askdoc.text.normalize import fold

_MORE: Final = re.compile(
    r"^(?:(?:please|can you|could you|would you)\s+)*(?:tell me|say|show me|give me|explain)?\s*(?:(?:a (?:little|bit)|some|any|much|in)\s+)*"
    r"(?:more(?:\s+(?:details?|information|examples?|about (?:it|this|that)|on (?:it|this|that)|please))*|"
    r"(?:what|anything|something) else|(?:more |further )?details|go on|continue|elaborate|and\?|and then|for example|such as|"
    r"an example|(?:in )?more detail|explain (?:more|further|that|this|it)|go (?:deeper|on)|keep going)"
    r"(?:\s*(?:please|on that|on this|about that|about this|about it))?\s*[?.!]*$"
    r"|^(?:请|麻烦|能不能|可以|能)?(?:再|更|多)?(?:说|讲|解释|介绍|展开)?(?:得|的)?(?:再|更|多|多一点|一下)?"
    r"(?:详细|具体|深入|清楚|细)(?:一点|一些|点|些|地|说说|说明|讲讲|解释|介绍)*(?:吗|呢|吧)?[?。!?]*$"
    r"|^(?:还有(?:呢|吗|别的吗|其他的吗|什么)?|然后呢|接着呢|继续(?:说|讲)?|再(?:说|讲)(?:说|讲|一点|一些|多一点)?|多说(?:一点|一些|点|几句)"
    r"|比如(?:呢|说)?|举(?:个|一个)?例子?(?:吧|吗)?|例如|展开(?:说说|讲讲)?|说说看|什么意思|怎么说)[?。!?]*$",
    re.IGNORECASE,
)
_CUE: Final = re.compile(
    r"^(?:(?:and|but|so|then|also|or|ok|okay|well|now)\b[\s,]*)*(?:what|how) about\b|^(?:and|but|or|then|so|also)\b"
    r"|^(?:那么|那|而|但是?|然后|还有|换成|如果是|至于)",
    re.IGNORECASE,
)
_NE: Final = re.compile(r"呢[??。!]*$")
_PREPOSITION: Final = re.compile(
    r"^(?:only |just )?(?:in|for|by|with|without|on|at|from|after|before|since|until|during|between|among|to)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"\b(?:what|which|who|whose|whom|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|had"
    r"|may|might)\b"
    r"|什么|谁|哪|何|怎么|怎样|如何|为什么|多少|多久|多长|多大|几|吗|是否|是不是|有没有|能不能|会不会",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|those|these|such|so\?|the (?:same|former|latter|other)|there\?)(?![\w-])"
    r"|\b(?:that|this)(?=\s*[?.!]*$|\s+(?:is|are|was|were|be|been|being|mean|means|meant|happen|happens|happened|work|works|matter|matters|"
    r"come|came|take|takes|took|true|possible|likely|so|too|again|one|number|figure|change|point|stage|test|task|increase|share|model|pace|rate)\b)"
    r"|(?:is|was|does|did|will|would|could|can|are|were|has|had|why|about|of|than|to|by|do|with|for) (?:that|this)\b"
    r"(?!\s+\w+\s+\w+\s+\w+\s+\w+)"
    r"|它们?|他们?|她们?|这(?![篇份个]?(?:文章|文档|文件|论文|报告|摘要|本书|文))(?:个|些|样|一|点|项|种|件|两|三|时|么|是|会|有|对|里|和|与|能|要|为)"
    r"|那(?:个|些|样|项|种|件|时|一)|其(?:中|他|它|余)|前者|后者|该(?=[\u4e00-\u9fff])|此(?:外|事|时)?|刚才|上面|同样|两者",
    re.IGNORECASE,
)
_DUMMY: Final = re.compile(
    r"\b(?:is|was|does|did|will|would|can) it (?:true|possible|likely|clear|known|necessary|safe|mean)\b"
    r"|\bwhat (?:is|was) it like\b|其实|其他(?:人|国家|公司)?的?"
    r"|\bit (?:is|was) (?:that|when|who)\b",
    re.IGNORECASE,
)
_ELLIPSIS: Final = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?:compared (?:with|to)|than|as|for|in|of|by|from|with|on|at|to|since|until|under|over)"
    r"\s+(?:what|which|whom|how|when)\b"
    r"(?!.*\b(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might)\b)"
    r"|^(?:跟|和|与|比|按|对|从|到|用|靠|以|由|被)(?=[^,，]{0,8}(?:哪|谁|什么|几|多))",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(r"^(?:1[0-9]{3}|20[0-9]{2}|20xx)(?:s|年)?$")
_MONTHS: Final = frozenset(
    "january february march april may june july august september october november december".split()
)
_CONJUNCTION: Final = re.compile(
    r"\b(?:when|if|while|because|before|after|until|once|as|though|although|unless|since|and)\s+$|(?:时|后|前|并|且|如果|因为)[,，]?$"
)
_ORDINALS: Final = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth last next former latter".split()
)
_SLOT: Final = re.compile(
    r"\b(for|in|by|with|on|at|from|after|before|since|during|to)\s+((?:the\s+|a\s+|an\s+)?[\w'’.-]+(?:\s+[\w'’.-]+)?)",
    re.IGNORECASE,
)

FEW: Final = 3
"""The most content words of a question that points back with a pronoun."""


def rewrite(query: Query, state: DialogueState | None) -> Query:
    """Return a follow-up with the words that it takes over; the question itself where it stands alone."""
    kind = _follow_up_kind(query.text, query.words, query.language)
    if state is None or not state.words or kind == "alone":
        return query
    own = () if kind == "more" else query.words
    carried = _carried_words(query.text, state, own, kind)
    if not carried:
        return query
    # "And in 2027?" asks the question before again; "why?" and "when was that?" ask something else.
    answer_type = state.answer_type if kind in ("fragment", "more") else None
    entities = (word for word in own if _dated(word) or _ordinal(word) or _numbered(word) or _named(word))
    own_grams = query.grams if own else ()
    carried_grams = (gram for gram in state.grams if any(gram in word.form for word in carried))
    return replace(
        _with_words(query, own, carried),
        follow_up_kind=kind,
        language=query.language if language_of(query.text) else state.language,
        grams=tuple(dict.fromkeys((*own_grams, *carried_grams))),
        answer_type=query.answer_type or answer_type,
        phrase=None,
        must=tuple(word.term for word in entities) if kind == "fragment" else (),
    )


def drop_entities(query: Query) -> Query | None:
    """Drop names and numbers from what is carried over: "And in 2027?" after a question about one model may be of all.

    ``None`` where nothing would be left, or nothing goes.
    """
    carried = tuple(word for word in query.carried if not (_named(word) or _numbered(word)))
    if not carried or len(carried) == len(query.carried):
        return None
    return _with_words(query, query.words[: -len(query.carried)], carried)


def _with_words(query: Query, own: tuple[Word, ...], carried: tuple[Word, ...]) -> Query:
    words = (*own, *carried)
    numbers = frozenset(word.form for word in words if word.form[:1].isdigit())
    return replace(query, words=words, carried=carried, numbers=numbers)


def _follow_up_kind(question: str, words: Sequence[Word], language: Language) -> FollowUpKind:
    """Return how a question points back, by its wording."""
    text = fold(question)
    if _MORE.match(text):
        return "more"
    if not words:
        return "bare"
    rest = _CUE.sub("", text, count=1).strip(" ,，、:")
    cued = rest != text.strip() or bool(_NE.search(text))
    asks = bool(_ASKS.search(rest))
    content = [word for word in words if word.weight != "light"] or list(words)
    if (cued or _PREPOSITION.match(rest)) and not asks and len(content) <= FEW + 1:
        return "fragment"
    if cued and _ASKS.fullmatch(rest.strip(" ?？")):
        return "bare"
    if _ELLIPSIS.match(text) and len(content) <= 2:
        return "pronoun"
    pointed = _PRONOUN.search(_DUMMY.sub(" ", text))
    if pointed and len(content) <= FEW and not _inside(question, words, pointed.group()):
        return "pronoun"
    named = any(_named(word) for word in words)
    if not named and len(content) <= 1 and (cued or language == "zh" or len(text.split()) <= 3) and asks:
        return "short"
    return "alone"


def _inside(question: str, words: Sequence[Word], pronoun: str) -> bool:
    """Tell whether a pronoun refers to the question itself: two content words precede it, or one and a conjunction.

    "What does the model get when it fails?"
    """
    text = question.lower()
    place = text.find(pronoun.lower())
    before = sum(0 <= text.find(word.surface.lower()) < place for word in words)
    return before >= (1 if _CONJUNCTION.search(text[: max(place, 0)]) else 2)


def _carried_words(question: str, state: DialogueState, own: Sequence[Word], kind: FollowUpKind) -> tuple[Word, ...]:
    """Return the earlier question's words that the question does not replace by its own."""
    replaced = {word.term for word in own}
    if kind == "fragment":
        for matches in (_dated, _ordinal, _numbered, _named):
            if any(matches(word) for word in own):
                # Another name brings its own version number: "Opus 4.6", then "Mythos Preview".
                replaced |= {
                    word.term for word in state.words if matches(word) or (matches is _named and _numbered(word))
                }
        slots = {match[0].lower(): match[1].lower() for match in _SLOT.findall(state.text)}
        for preposition, _ in _SLOT.findall(question):
            filled = slots.get(preposition.lower(), "")
            replaced |= {word.term for word in state.words if word.surface.lower() in filled.split()}
    carried = tuple(word for word in state.words if word.term not in replaced)
    return tuple(replace(word, weight="light") for word in carried) if kind == "fragment" else carried


def _dated(word: Word) -> bool:
    return bool(_YEARS.match(word.form)) or word.form in _MONTHS or word.form.endswith(("年", "月"))


def _numbered(word: Word) -> bool:
    return word.form[:1].isdigit() and not _dated(word)


def _ordinal(word: Word) -> bool:
    return word.form in _ORDINALS or (word.form.startswith("第") and len(word.form) > 1)


def _named(word: Word) -> bool:
    latin = word.surface.isascii() and not word.form[:1].isdigit()
    return latin and any(char.isupper() for char in word.surface)
