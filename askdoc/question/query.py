"""The analyzed question: its language, its content words, its answer type."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from askdoc.analysis import english, tokens
from askdoc.analysis.tokens import Token
from askdoc.errors import QueryError
from askdoc.limits import DEFAULT, Limits
from askdoc.model import Language
from askdoc.question.answer_type import AnswerType, expected_answer_type
from askdoc.question.scope import Scope, scope_of
from askdoc.text.cleaning import clean
from askdoc.text.han import HAN_RUN, character_pairs, language_of
from askdoc.text.normalize import fold, normalize

WordClass = Literal["plain", "name", "light"]

FollowUpKind = Literal["alone", "bare", "more", "next", "fragment", "pronoun", "short"]
"""Stands alone; has no content word ("why?"); asks for more of it ("an example"), or for what comes next ("what else?"); is
a fragment that fills a slot of the question before; points back with a pronoun; has a few words without a subject
(Chinese), and is tried alone as well."""


class Word(Struct, frozen=True):
    """A content word of the question."""

    surface: str
    """As it stands in the question."""
    term: str
    subterms: tuple[str, ...]
    """Terms of the pieces inside it, searched for where no document has the whole word."""
    grams: tuple[str, ...]
    """For a Chinese word its pairs of characters (or its one character): together they prove that it occurs."""
    form: str
    """Its normalized form."""
    weight: WordClass
    """A name or number weighs more, a frame word ("type", "called", 方面) less than other words of its idf."""

    @property
    def han(self) -> bool:
        """True for a Chinese word."""
        return bool(self.grams)


class Query(Struct, frozen=True):
    """An analyzed question."""

    text: str
    language: Language
    words: tuple[Word, ...]
    grams: tuple[str, ...]
    """The pairs of Chinese characters inside words and across neighbouring words."""
    answer_type: AnswerType | None
    """The answer type that it expects, if any."""
    numbers: frozenset[str]
    """The numbers in it."""
    phrase: Query | None = None
    """A short Chinese question as one word, where jieba cuts it: searched for first."""
    forms: Mapping[str, Mapping[tuple[str, ...], float]] = field(default_factory=dict)
    """For the terms of numbers the other ways to write them (:mod:`askdoc.analysis.numbers`), with their weights."""
    must: tuple[str, ...] = ()
    """Terms without which a passage is read only where none holds more of them (follow-ups: "And in 2027?")."""
    follow_up_kind: FollowUpKind = "alone"
    carried: tuple[Word, ...] = ()
    """Those of the words that a follow-up takes over from an earlier question."""
    scope: Scope | None = None
    """What it is asked of, where that is no single passage."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Spelling corrections: each word as typed, and as it stands here."""


NUMERIC: Final = re.compile(
    r"\d|[零〇一二三四五六七八九十两百千万亿]|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|ty|hundred"
    r"|thousand|million|billion|trillion|fold)\b",
    re.IGNORECASE,
)
"""A cheap test for numbers in a question: without a match the module for their forms is not loaded."""

PHRASE: Final = 4
"""Characters of the longest Chinese question that is first searched for as one word."""

_HOW: Final = frozenset("long fast far old large big tall high often deep wide soon late early quickly".split())
_HOW_BEFORE: Final = re.compile(r"\bhow[ ]$", re.IGNORECASE)

_LIGHT_ENGLISH: Final = frozenset(
    english.stem(word)
    for word in """
    type kind sort name named call called term termed word used use example famous people person someone thing
    way main primary major certain particular various different specific number amount first occur happen become
    became considered known part result due according following include including made make piece text document
    now currently nowadays previously
    """.split()
)
_LIGHT_CHINESE: Final = frozenset(
    """
    类型 种类 名称 名字 方面 方式 方法 东西 事情 主要 著名 重要 人 人们 部分 情况 内容 问题
    例子 使用 进行 成为 认为 属于 第一 文中 本文 文章 文档 过去 以前 以往 现在 目前 如今 当前 后来
    """.split()
)


_FRAME_WORDS: Final = frozenset(
    """
    mention mentions mentioned mentioning according pls plz thx btw tbh um umm hmm hey hi hello wanna gonna gotta whats whos
    wheres whens whys hows hes shes theyre youre theres thats heres im ive id ill dont doesnt didnt cant couldnt wont wouldnt
    shouldnt isnt arent wasnt werent hasnt havent hadnt aint
    """.split()
)
"""Words around a question beside the stop words: politeness, talk about the document, contractions without apostrophe."""

_FRAMES: Final = re.compile(
    r"i (?:have|ve|'ve|got) no idea|i (?:want|need|would like|'d like|d like) to know|i (?:was|am|'m|m) wondering|how come"
    r"|talk(?:s|ing)? about"
    r"|(?:do|does|did|in|of|from|by|to|with) (?:this|the) (?:whole )?(?:article|document|doc|text|paper|guide|manual|report|page|file"
    r"|handbook|faq)\b|this (?:article|document|doc|text|paper|guide|manual|report|page|file|handbook|faq)\b"
    r"|[这本该]一?[篇份个]?(?:文章|文档|文件|论文|报告|材料|手册|指南|说明)|(?:文章|文档|文中|书)[里中](?:面)?|本文|文中"
    r"|(?:提|谈|讲|说)(?:到|及)[了过]?|有没有|是不是|能不能|会不会|要不要|该不该|可不可以|啥时候|什么时候|几号|几点|几[倍克斤页章岁]|多久|多长时间"
    r"|干[嘛啥吗](?:要|用)?|怎么(?:办|回事|样|弄|做)|咋(?:办|样|整|弄|回事|了)?|(?:什么|啥)意思|为[啥何]|[啥咋]|哪[儿里]|我?想(?:知道|问问?)|给我讲讲?|讲讲|说说看?"
)
"""Stretches of a folded question that ask without content."""


def _without_frames(text: str) -> str:
    """Return a question with blanks in place of its frames, so that offsets stay and words are cut around them."""
    form = normalize(text)
    for match in _FRAMES.finditer(form.text):
        start, end = form.span(*match.span())
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def parse(question: str, limits: Limits = DEFAULT) -> Query:
    """Analyze a question. Raises :class:`QueryError` where it is empty or longer than the limit."""
    text = " ".join(clean(question).text.split())
    if not text:
        raise QueryError("question-empty")
    if len(text) > limits.question_characters:
        raise QueryError("question-long", limit=limits.question_characters, length=len(text))
    all_tokens = tokens(_without_frames(text), asking=True)
    content = [token for token in all_tokens if token.kind == "word" and not _asks(text, token)]
    if not content:  # all of it is a frame: then that is what is asked about
        all_tokens = tokens(text, asking=True)
        content = [token for token in all_tokens if token.kind == "word"]
    words: dict[str, Word] = {}
    subterms = _Subterms(all_tokens)
    for token in content:
        if token.term not in words:
            words[token.term] = _word(text, token, subterms)
    language = language_of(text) or "en"
    numbers = frozenset(word.form for word in words.values() if word.form[:1].isdigit())
    grams = tuple(_grams(text, content))
    content_words = tuple(words.values())[: limits.question_terms]
    phrase, forms = _phrase(text, all_tokens), _forms(text, content)
    return Query(
        text,
        language,
        content_words,
        grams,
        expected_answer_type(text),
        numbers,
        phrase,
        forms,
        scope=scope_of(text),
    )


def named_only(query: Query, limits: Limits = DEFAULT) -> Query:
    """Return a question about a section with the words of the section's name alone; any other question as it is."""
    if query.scope is None or query.scope.asks != "section" or query.scope.section.startswith("#"):
        return query
    name = parse(query.scope.section, limits)
    return replace(query, words=name.words, grams=name.grams, numbers=name.numbers, forms=name.forms, phrase=None)


def _forms(text: str, content: Sequence[Token]) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the other ways to write the numbers of a question, by the terms of their words."""
    if not NUMERIC.search(text):
        return {}
    from askdoc.analysis.numbers import expressions

    forms_of: dict[str, dict[tuple[str, ...], float]] = {}
    ends = [token.end for token in content]  # ascending, as the starts are
    for expression in expressions(text):
        for number in range(bisect_right(ends, expression.start), len(content)):
            token = content[number]
            if token.start >= expression.end:
                break
            forms = expression.of(text[token.start : token.end])
            forms_of[token.term] = {form: weight for form, weight in forms.items() if form != (token.term,)}
    return forms_of


def _phrase(text: str, all_tokens: Iterable[Token]) -> Query | None:
    """Return a question of two to four Chinese characters, which jieba cuts into several words, as one word.

    Out of context jieba cuts what it keeps whole inside a sentence; the document's own wording then decides.
    """
    form = fold(text)
    token_kinds = [token.kind for token in all_tokens if token.kind != "part"]
    if not (HAN_RUN.fullmatch(form) and 2 <= len(form) <= PHRASE and len(token_kinds) > 1 and "word" in token_kinds):
        return None
    grams = character_pairs(form)
    word = Word(text, form, (), grams, form, "plain")
    return Query(text, "zh", (word,), grams, None, frozenset())


def _asks(text: str, token: Token) -> bool:
    """Tell whether a word is no content: a frame word, or one of the question word before it ("how fast", "how long")."""
    if text[token.start : token.end].lower() in _FRAME_WORDS:
        return True
    return text[token.start : token.end].lower() in _HOW and bool(
        _HOW_BEFORE.search(text[max(0, token.start - 5) : token.start])
    )


class _Subterms:
    """The subterms of words, by their position: so that a long question takes no quadratic time."""

    def __init__(self, all_tokens: Iterable[Token]) -> None:
        self._order = [token for token in all_tokens if token.kind == "part"]
        self._ranked = sorted(range(len(self._order)), key=lambda number: self._order[number].start)
        self._starts = [self._order[number].start for number in self._ranked]

    def of(self, token: Token) -> tuple[str, ...]:
        """Return the distinct terms of the parts inside a word, in the order of the tokens."""
        first, last = bisect_left(self._starts, token.start), bisect_left(self._starts, token.end)
        inside = [self._order[number] for number in sorted(self._ranked[first:last])]
        terms = (part.term for part in inside if part.end <= token.end and part.term != token.term)
        return tuple(dict.fromkeys(terms))


def _word(text: str, token: Token, subterms: _Subterms) -> Word:
    surface = text[token.start : token.end]
    form = fold(surface)
    grams = character_pairs(form) if HAN_RUN.fullmatch(form) else ()
    return Word(surface, token.term, subterms.of(token), grams, form, _weight(text, token, form, bool(grams)))


def _weight(text: str, token: Token, form: str, han: bool) -> WordClass:
    if han:
        return "light" if form in _LIGHT_CHINESE else "plain"
    first = text[token.start]
    if token.term in _LIGHT_ENGLISH:
        return "light"
    if first.isdigit() or (first.isupper() and (token.start > 0 or text[token.start : token.end].isupper())):
        return "name"
    return "plain"


def _grams(text: str, content: Iterable[Token]) -> Iterable[str]:
    """Return the pairs of characters inside each stretch of neighbouring Chinese content words."""
    start = end = -1
    stretches = []
    for token in content:
        if token.start > end:
            stretches.append((start, end))
            start = token.start
        end = max(end, token.end)
    stretches.append((start, end))
    seen: dict[str, None] = {}
    for start, end in stretches[1:]:
        for run in HAN_RUN.findall(fold(text[start:end])):
            seen.update(dict.fromkeys(character_pairs(run) if len(run) > 1 else ()))
    return seen
