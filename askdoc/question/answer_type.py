"""The answer type that a question expects ("how many", 谁, "when"), and whether a sentence holds it.

Surface patterns of both languages: light evidence for which sentence answers, never a condition.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final, Literal

AnswerType = Literal[
    "date",
    "percent",
    "duration",
    "number",
    "person",
    "place",
    "reason",
    "comparison",
    "list",
    "definition",
    "manner",
    "yesno",
]
"""What a question asks for. Of the last five no pattern shows that a sentence holds them."""

_HINTS: Final[dict[AnswerType, tuple[str, ...]]] = {
    "date": ("when", "year", "date", "day", "month", "century", "decade", "年", "时", "月", "天", "号", "日期", "世纪"),
    "percent": ("percent", "proportion", "fraction", "share", "百分", "比例", "几分之", "占多少"),
    "duration": ("how long", "how many", "久", "时间", "几"),
    "number": (
        *("how ", "number", "amount", "score", "population", "rate", "age", "size", "length", "distance", "cost"),
        *("多", "几", "数量", "人口"),
    ),
    "person": ("who", "谁", "哪", "什么人"),
    "place": (
        *("where", "city", "country", "state", "place", "location", "area", "region", "river", "street", "county"),
        *("continent", "哪", "何", "什么地方"),
    ),
    "reason": ("why", "how come", "为", "原因", "干", "咋", "怎么"),
    "comparison": (
        "differ",
        "compare",
        " vs",
        "versus",
        "better",
        "than",
        " or ",
        "区别",
        "不同",
        "不一样",
        "比",
        "差",
        "哪个",
    ),
    "definition": ("what", "mean", "defin", "什么", "啥", "定义"),
    "manner": ("how", "what to do", "怎", "咋", "如何"),
    "list": ("which", "what", "list", "哪些", "哪几"),
    "yesno": ("",),
}
"""For each answer type the substrings without which its pattern cannot match: a cheap test before it."""

# In order: the first match decides. English in lower case, then Chinese. Compiled when a question first has the hint.
_EXPECTED: Final[tuple[tuple[AnswerType, str], ...]] = (
    (
        "date",
        r"\bwhen(?:s|'s)?\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b"
        r"|哪年|哪一年|什么时候|啥时候|何时|哪个月|哪一?天|几号|年份|日期|哪个世纪|几月",
    ),
    ("percent", r"\bpercent|\bproportion|\bfraction|\b(?:what|which) share\b|百分|比例|几分之|占多少"),
    (
        "duration",
        r"\bhow long (?:do|does|did|will|would|can|could|should|may|must|has|have|had|until|till|before|after|for)\b"
        r"|\bhow many (?:seconds|minutes|mins|hours|days|weeks|months|years)\b|多久|多长时间|几(?:分钟|小时|天|周|个月|年)",
    ),
    (
        "number",
        r"\bhow (?:many|much|long|old|far|fast|large|big|tall|high|often|deep|wide)\b"
        r"|\b(?:what|which)(?: \w+)? (?:number|amount|score|population|rate|age|size|length|distance|cost)\b"
        r"|多少|几[个年月天次种倍位人岁点]|多久|多长|多大|多远|多高|多快|数量|人口|几倍",
    ),
    ("person", r"\b(?:who|whos|whose|whom)\b|谁|哪位|什么人|哪一位|哪个人"),
    (
        "place",
        r"\bwhere(?:s|'s)?\b"
        r"|\b(?:what|which) (?:city|country|state|place|location|area|region|river|street|county|continent)\b"
        r"|哪里|哪儿|何处|何地|什么地方|哪个国家|哪个城市|哪座|哪个地区",
    ),
    (
        "reason",
        r"\bwhys?\b|\bhow come\b|为什么|为何|原因|为啥|干[嘛吗啥]|怎么回事|咋回事|[咋怎](?!样|么样|么办|办|么做|么弄|弄|整)么?.*了$",
    ),
    (
        "comparison",
        r"\bdifferen(?:t|ce|ces)\b|\bcompared?\b|\bvs\b|\bversus\b|\bbetter\b|\b\w+er than\b"
        r"|^(?!.*\?.*\?)[\w .-]{2,40} or [\w .-]{2,40}\??$"
        r"|区别|不同|不一样|相比|差多少|比.{1,12}[多少大小快慢好贵便长短高低]|哪个(?:更|好|贵|便宜|快|大)|还是.{1,12}[好快多]",
    ),
    (
        "list",
        r"^(?:what|which) (?:are|were)(?: all)? the\b|\blist\b|\bwhich \w+s (?:are|were|do|does|can|should|have)\b|哪些|哪几",
    ),
    (
        "definition",
        r"^(?:what(?:s|'s| is| are) (?!the\b)(?:an? )?[\w'’-]+(?: [\w'’-]+){0,3}\W*$|.*\bmeans?\b\W*$|define\b|.*\bdefinition\b)"
        r"|^(?:什么是|什么叫|啥是|啥叫)|是(?:什么|啥)(?:意思)?[??呢]*$|(?:什么|啥)意思|定义",
    ),
    (
        "manner",
        r"\bhow (?:do|does|did|can|could|should|would|to|is|are|was|were)\b|\bhow['’]?s\b|what to do|怎么|怎样|如何|咋",
    ),
    (
        "yesno",
        r"^(?:(?:so|and|but|ok|hey) )?(?:is|are|was|were|do|does|did|can|could|will|would|should|must|may|has|have|had"
        r"|am|dont|doesnt|didnt|cant|isnt|arent|wont)(?:n['’]t)? |吗[??]*$|有没有|是不是|能不能|会不会|要不要|可不可以|该不该|是否|能否|可否",
    ),
)

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[0-9]{3}|20[0-9]{2})(?!\d)")
_CALENDAR: Final = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|century|BC)\b"
    r"|\d ?月|世纪|公元"
)
_NUMBER_WORD: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand"
    r"|million|billion|half|third|quarter|dozen|twice|several|majority)\b|[一二三四五六七八九十百千万亿两半][个名位年月天次倍分人种座所点]",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\bpercent|[%%]|百分之|\b(?:half|third|quarter|majority)\b|分之|一半", re.IGNORECASE)
# A capital inside a sentence, the point of transcribed names, a title in quotes.
_NAME: Final = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+|(?<=[a-z] the )[A-Z][\w'’-]+|·|(?<=[一-鿿((])[A-Z][A-Za-z]+|《")
_REASON: Final = re.compile(
    r"\b(?:because|due to|since|so that|in order|as a result|thus|therefore|avoid)\b|因为|由于|因此|所以|为了|从而|以便"
)


class AnswerTypeSpans:
    """What a sentence holds of each answer type, searched on demand."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its numbers, years included."""
        return frozenset(_NUMBER.findall(self._sentence))

    @cached_property
    def years(self) -> frozenset[str]:
        """Its years."""
        return frozenset(_YEAR.findall(self._sentence))

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names, in lower case."""
        return frozenset(name.lower() for name in _NAME.findall(self._sentence))

    @cached_property
    def number_word(self) -> bool:
        """True with a number in words."""
        return bool(_NUMBER_WORD.search(self._sentence))

    @cached_property
    def calendar(self) -> bool:
        """True with a month or a century."""
        return bool(_CALENDAR.search(self._sentence))

    @cached_property
    def percent(self) -> bool:
        """True with a percentage or fraction."""
        return bool(_PERCENT.search(self._sentence))

    @cached_property
    def reason(self) -> bool:
        """True with the statement of a reason."""
        return bool(_REASON.search(self._sentence))


def expected_answer_type(question: str) -> AnswerType | None:
    """Return the answer type that a question expects, if any."""
    lower = question.lower()
    for answer_type, pattern in _EXPECTED:
        if any(hint in lower for hint in _HINTS[answer_type]) and re.search(pattern, lower):
            return answer_type
    return None


def has_answer_type(
    answer_type: AnswerType | None, spans: AnswerTypeSpans, numbers: frozenset[str], question: str
) -> bool:
    """Tell whether a sentence holds the answer type; the question's own ``numbers`` and words (lower case) do not count."""
    match answer_type:
        case "date":
            return spans.calendar or bool(spans.years - numbers)
        case "percent":
            return spans.percent
        case "number" | "duration":
            return spans.number_word or bool(spans.numbers - numbers)
        case "person" | "place":
            return any(name not in question for name in spans.names)
        case "reason":
            return spans.reason
        case _:
            return False
