"""Sentences in which a document names its author, its date or its languages. Surface patterns of both languages."""

from __future__ import annotations

import re
from typing import Final

_SENTENCE: Final = 240
"""Characters of the longest sentence that names an author or a language; a date stands in one of half as many."""

_AUTHOR: Final = re.compile(
    r"^[\W_]*(?:(?:written|text|story|edited|compiled|prepared|drafted|maintained|published|minutes(?: taken)?|taken|recorded"
    r"|translated) by\b:?[*_]*\s*\S|(?-i:[Bb]y:?[*_]*\s+[*_]*[A-Z])"
    r"|(?:authors?|editor|writer|minutes|note ?taker|maintainer)\s*[*_]*\s*[:：][*_]*\s*\S"
    r"|(?:作者|撰文|文|编者|撰稿人?|执笔人?|编写人?|编制人?|记录人?|译者|(?:发布|起草|制定|编制)(?:单位|部门|人))\s*[*_]*\s*[:：/／][*_]*\s*\S)"
    r"|\b(?:article|paper|essay|report|guide|document|text|handbook|manual|policy|book|story|notes|original)\b.{0,80}"
    r"(?:\b(?:written|compiled|prepared|drafted|maintained|published|authored)|[”\"»]) by (?:the )?(?-i:[A-Z])"
    r"|^[本此该]\w{1,6}由[^,，。]{2,16}(?:编写|撰写|起草|制定|编制)",
    re.IGNORECASE,
)
_DATE: Final = (
    r"(?:(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)\b[\w ,]{0,8}"
    r"|(?:in |on )?)(?:19|20)\d\d(?!\d)"
)
_UPDATED: Final = re.compile(
    rf"\b(?:updated?|revised|modified|revision)\b(?: on| in| at)?\W{{0,4}}{_DATE}|(?:更新|修订|修改)(?:于|时间|日期)?\W{{0,4}}(?:19|20)\d\d"
    r"|(?:19|20)\d\d[\d年月日 .-]{1,12}(?:更新|修订)",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    rf"\b(?:published|date|dated|issued|effective|released|written|posted|copyright)\b(?: on| in| from| as of| date)?\W{{0,4}}{_DATE}"
    r"|© ?(?:19|20)\d\d"
    r"|(?:发布|发表|出版|印发|写于|生效|施行|日期|时间)(?:于|时间|日期|之日)?\W{0,4}(?:19|20)\d\d"
    r"|(?:19|20)\d\d[\d年月日 .-]{1,12}起?(?:发布|印发|施行|生效|发表)"
    rf"|^\W*{_DATE}\W*$|^\W*(?:19|20)\d\d\s*年\s*\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*日)?\W*$",
    re.IGNORECASE,
)
_LANGUAGES: Final = re.compile(
    r"\b(?:languages?|versions?|written|text)\b.{0,60}\b(?:Chinese|English)\b|\b(?:Chinese|English)\b.{0,60}\b(?:languages?|versions?|texts?)\b"
    r"|language versions|[中英]文.{0,20}(?:文本|版本|书写|两种)|两种语言"
)


def names_author(sentence: str) -> bool:
    """Tell whether a sentence says who wrote the document."""
    return len(sentence) <= _SENTENCE and bool(_AUTHOR.search(sentence))


def names_update(sentence: str) -> bool:
    """Tell whether a sentence says when the document was last changed."""
    return len(sentence) <= _SENTENCE / 2 and bool(_UPDATED.search(sentence))


def names_date(sentence: str) -> bool:
    """Tell whether a sentence says when the document was written, published or changed."""
    return names_update(sentence) or (len(sentence) <= _SENTENCE / 2 and bool(_DATED.search(sentence)))


def names_languages(sentence: str) -> bool:
    """Tell whether a sentence says which languages the document is in."""
    return len(sentence) <= _SENTENCE and bool(_LANGUAGES.search(sentence))
