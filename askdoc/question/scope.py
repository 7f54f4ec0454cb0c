"""The scope of a question: one passage, the document as a whole, one section of it, or nothing (a greeting).

A question is asked of the document where every word of it is a word for asking about documents: "what is this article
about" is, "what is the article of 1854 about" is not. So each word is looked up in a small vocabulary; one that stands
nowhere there ends the search, else the classes of all of them together decide (:data:`_RULES`), whatever their order.
Of 10,600 questions about encyclopedia articles (XQuAD, DRCD, SelQA) none has another scope than its passage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

from askdoc.text.han import HAN_RUN
from askdoc.text.normalize import fold

Asks = Literal[
    "greeting",
    "thanks",
    "subject",
    "title",
    "contents",
    "length",
    "languages",
    "author",
    "date",
    "ending",
    "documents",
    "section",
]
"""What a question wants that is no single passage: a friendly line (for a greeting, for thanks); what the document is
about; its title, its headings, how long it is, what it is written in, who wrote it, when, how it ends; which documents
there are; what a section says."""


class Scope(Struct, frozen=True):
    """What a question is asked of, where that is no single passage."""

    asks: Asks
    section: str = ""
    """For ``"section"`` the words that name it, folded; ``"#3"`` for the third, ``"#-1"`` for the last."""


LONGEST: Final = 120
"""The characters of the longest question that has another scope than its passage."""


def _vocabulary(table: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words.replace("\n", " ").split()}


_ENGLISH: Final = _vocabulary(
    {
        # Words that change nothing. A blank inside an entry is written "_": such entries are matched first.
        "": """
        is are was were be been s re do does did has have had a an the of in to on for from with and or well ok okay so_i um
        please pls plz me us i my your our just quick short brief briefly can could would will u want need can_you could_you
        would_you will_you can_u do_you_know no_idea have_no_idea like know
        tell give show explain describe let wonder no d got ll ve sorry exactly really actually anyway overall then
        again basically mainly mostly all any simple plain terms words_please english_please by at as its whole entire full
        present current attached above different other numbered
        """,
        "WHAT": "what whats which",
        "HOW": "how hows",
        "MANY": "many",
        "WHO": "who whos whose",
        "WHEN": "when whens",
        "IT": "it they them",
        "THIS": "this these",
        "THAT": "that those",
        "HERE": "here everything",
        "THERE": "there",
        "YOU": "you",
        "NOUN": """
        article document doc text paper essay book chapter story novel guide manual handbook report page webpage website
        site contract agreement lease file faq note repo repository readme post blog tutorial recipe policy memo letter
        transcript introduction lesson lecture presentation writeup piece meeting notes minutes instructions docs material release
        """,
        "NOUNS": """
        articles documents texts papers essays books stories novels guides manuals handbooks reports pages files recipes
        dishes policies letters posts tutorials
        """,
        "ABOUT": "about",
        "SAY": """
        say says talk talks talked cover covers covered discuss discusses discussed contain contains deal deals describes
        trying argue argues argued arguing explains find
        """,
        "KIND": """
        kind sort type product company software app tool library project organisation organization department thing
        """,
        "MAIN": "main key central core important major big most general few two three four five",
        "POINT": """
        moral point points idea ideas message messages topic topics theme themes argument arguments takeaway takeaways finding
        findings claim claims thesis subject purpose conclusion conclusions
        """,
        "SUMMARY": "summary overview gist abstract recap synopsis short_version tldr tl;dr tl;_dr nutshell summarise summarize",
        "SUM": "sum",
        "UP": "up",
        "READING": "reading looking_at",
        "TITLE": "title",
        "NAME": "name names",
        "TITLES": "titles",
        "CALLED": "called titled named",
        "CONTENTS": "contents toc outline table_of_contents",
        "SECTIONS": "sections chapters headings subsections",
        "PARTS": "parts",
        "LIST": "list",
        "ORGANISED": "organised organized structured structure divided",
        "LONG": "long big large",
        "UNITS": "words paragraphs characters passages",
        "COUNT": "word_count page_count length",
        "LANGUAGE": "language languages",
        "SPOKEN": "english chinese bilingual",
        "VERSION": "version versions translation translations available",
        "WROTE": """
        wrote written authored published released made created compiled drafted edited translated prepared issued updated
        modified revised posted write down
        """,
        "AUTHOR": "author authors writer editor translator",
        "BEHIND": "behind responsible",
        "YEAR": "year date day month",
        "DATE": "publication_date release_date update_date come_out last_updated last_modified",
        "OLD": "old recent",
        "LAST": "last",
        "END": "end ends ending",
        "ASK": "ask answer",
        "HI": "hi hello hey hiya yo greetings good_morning good_afternoon good_evening good_day good_night bye goodbye",
        "THANKS": "thanks thank thx ty cheers",
        "VERY": "very much lot so",
    }
)
_CHINESE: Final = _vocabulary(
    {
        "": """
        的 了 是 都 在 有 里 里面 中 主要 大概 大致 大体 到底 究竟 总的来说 简单来说 整体 基本 呢 呀 啊 吗 吧 嘛 哦 来着 一下 下
        请 请问 麻烦 帮我 帮忙 给我 我 想 想知道 想问 问 问一下 告诉我 能不能 可不可以 能否 可以 能 一共 总共 共 用 一句话
        简单 简要 简短 快速 地 内容 东西 事 事情 个 一 一个 一份 一篇 述 篇 份 本 部 页 些 则 道 封 里头 那 那么 全部 所有 样 方面 谈谈
        问题 些 分 分成 分为 最后 最近 首次 上次 最新版 由 于 出来 一次 怎样 怎么样 如何 类型 种类 话说 大家 会 属于 出 家
        """,
        "THIS": "这 本文 该 此 整 这篇 这份 这个 这本 这章 这一章 本章 本书 这部 这些 这则 这道 这一篇 这一份 这页 这是 该文 此文",
        "THAT": "那篇 那份 那本",
        "NOUN": """
        文章 文档 文件 文本 论文 报告 材料 资料 指南 手册 说明书 说明 教程 课程 故事 小说 合同 协议 租约 菜谱 食谱 做法 笔记
        会议纪要 纪要 记录 政策 规定 制度 页面 网页 网站 faq 常见问题 仓库 项目 帖子 readme 发布说明 作品 散文 随笔 短文 通知 文 书
        repo 全文 全书 菜 章 会议 会上 会
        """,
        "WHAT": "什么 啥 哪些 些什么 些啥 哪方面 什么样 哪种 哪几种 几种",
        "KIND": "软件 产品 公司",
        "TELL": """
        讲 说 写 介绍 论述 描述 讨论 关于 有关 阐述 叙述 表达 涉及 讲述 谈 说说 讲讲 决定
        """,
        "FOR": "干什么 干嘛 干啥",
        "GIST": """
        总结 概括 概述 归纳 简述 摘要 大意 中心思想 主旨 要点 主要内容 内容是什么 内容是啥 论点 中心论点 主要论点 寓意 道理
        主要观点 核心观点 核心内容 梗概 简介 内容概要 概要 内容简介
        小结 关键点
        """,
        "POINT": "主题 重点 观点 核心 结论",
        "TITLE": "标题 题目 题名 书名 文件名 篇名",
        "NAME": "名字 名称 名",
        "CALLED": "叫 叫做",
        "CONTENTS": "目录 大纲 提纲 章节 小标题 章节标题",
        "STRUCTURE": "结构 组织 安排 划分",
        "LIST": "列出 列一下 列举 列出来",
        "FEW": "几 多少 几个 多少个 哪几 哪几个",
        "SECTIONS": "几章 几节 几部分 几条 几个部分 几个章节 多少章 多少节 几大部分 部分 节 小节 条款 哪几部分 哪几章",
        "LONG": "多长 字数 篇幅 多少字 多少页 几页 多少词 多少段 几段 多少个字",
        "LANGUAGE": "语言 语种 文字",
        "SPOKEN": "英文 中文 英语 汉语 双语",
        "VERSION": "版 版本 翻译版 译本",
        "APPLIES": "适用于 适用 针对 面向 给 看 对象",
        "WHO": "谁 什么人 哪位 哪个人 哪家公司 哪个公司 哪个部门",
        "AUTHOR": "作者 撰写人 撰稿人 编者 译者 编写者 执笔人",
        "WROTE": "编 编写 撰写 制定 整理 翻译 起草 发布 发表 出版 更新 修订 公布 成文 写作 修改 发",
        "WHEN": "什么时候 何时 哪年 哪一年 几号 哪天 哪一天 啥时候 几月 几几年",
        "DATE": "发表时间 发布时间 发布日期 出版时间 出版日期 写作时间 更新时间 更新日期 发表日期 修订日期 出版年份 写作日期",
        "END": "结尾 结局",
        "HERE": "这里 这儿 里边 这里面 库里 资料库 文件夹 里面",
        "NOUNS": "哪些文档 哪些文件 什么菜 哪些菜 啥菜 哪些菜谱 什么菜谱 什么文档 几个文档 几道菜 多少道菜 哪几道菜 哪些资料 什么文件",
        "YOU": "你",
        "ASK": "能问 可以问 回答 知道",
        "HI": "你好 您好 嗨 哈喽 哈啰 哈罗 早 早上好 早安 晚上好 下午好 晚安 再见 拜拜 在吗 在不在 大家好 你们好",
        "THANKS": "谢谢 谢了 多谢 感谢 谢啦",
        "VERY": "非常 太 十分 您 好 好的",
    }
)
_LONGEST_ENTRY: Final = max(map(len, _CHINESE))

_DOC: Final = frozenset({"NOUN", "THIS"})

# In order, the first that fits: what is asked, the classes of which all must stand in the question, those that may.
_RULES: Final[tuple[tuple[Asks, str, str], ...]] = (
    ("thanks", "THANKS", "VERY YOU HI"),
    ("greeting", "HI", "VERY YOU THERE HERE HOW"),
    ("subject", "WHAT DOC ABOUT", "SAY KIND"),
    ("subject", "WHAT IT ABOUT", "SAY"),
    ("subject", "WHAT DOC SAY", "MAIN POINT"),
    ("subject", "WHAT THIS", "NOUN KIND"),
    ("subject", "WHAT KIND NOUN", "THAT IT"),
    ("subject", "WHAT READING", ""),
    ("subject", "SUMMARY", "WHAT DOC IT HERE MAIN"),
    ("subject", "SUM", "UP DOC IT HERE"),
    ("subject", "MAIN POINT", "WHAT DOC IT HERE LIST"),
    ("subject", "POINT DOC", "WHAT"),
    ("subject", "POINT HERE", "WHAT"),
    ("subject", "WHO DOC", "APPLIES"),
    ("subject", "WHAT KIND DOC", "ABOUT SAY THAT"),
    ("subject", "WHAT SAY", ""),
    ("subject", "AUTHOR SAY WHAT", "MAIN POINT"),
    ("subject", "AUTHOR POINT", "WHAT MAIN TELL"),
    ("subject", "AUTHOR TELL WHAT", "POINT"),
    ("subject", "TELL WHAT", "DOC KIND"),
    ("subject", "GIST", "DOC WHAT TELL AUTHOR"),
    ("subject", "FOR DOC", ""),
    ("title", "TITLE", "WHAT DOC IT CALLED NAME"),
    ("title", "NAME DOC", "WHAT CALLED"),
    ("title", "CALLED DOC", "WHAT NAME"),
    ("contents", "CONTENTS", "WHAT DOC IT HERE LIST SAY FEW ORGANISED"),
    ("contents", "SECTIONS", "WHAT HOW MANY DOC IT HERE THERE LIST MAIN FEW NAME TITLES"),
    ("contents", "PARTS DOC", "WHAT HOW MANY THERE LIST MAIN"),
    ("contents", "PARTS MANY", "HOW IT HERE THERE MAIN"),
    ("contents", "ORGANISED DOC", "HOW WHAT"),
    ("contents", "STRUCTURE", "DOC WHAT"),
    ("contents", "TITLE LIST", "DOC"),
    ("contents", "POINT LIST", "DOC"),
    ("length", "LONG DOC", "HOW"),
    ("length", "LONG", ""),
    ("length", "HOW MANY UNITS", "DOC IT THERE HERE LONG"),
    ("length", "HOW MANY NOUNS", "DOC IT LONG"),
    ("length", "COUNT", "WHAT DOC"),
    ("languages", "LANGUAGE DOC", "WHAT WROTE FEW TELL"),
    ("languages", "LANGUAGE WHAT WROTE", "IT"),
    ("languages", "LANGUAGE WHAT TELL", ""),
    ("languages", "LANGUAGE WHAT IT", ""),
    ("languages", "SPOKEN DOC", "VERSION THERE WROTE LANGUAGE TELL"),
    ("languages", "SPOKEN VERSION", "THERE HERE"),
    ("author", "AUTHOR", "WHO WHAT NAME DOC HERE CALLED BEHIND"),
    ("author", "WHO WROTE DOC", "UP BEHIND"),
    ("author", "WHO TELL DOC", ""),
    ("author", "WHO BEHIND DOC", ""),
    ("date", "WHEN WROTE DOC", "LAST UP"),
    ("date", "WHEN TELL DOC", ""),
    ("date", "WHEN DATE", "DOC"),
    ("date", "WHAT YEAR WROTE DOC", "LAST"),
    ("date", "DATE", "WHAT DOC WHEN"),
    ("date", "HOW OLD DOC", ""),
    ("date", "WHEN NOUN", "THIS THAT"),
    ("ending", "END DOC", "HOW WHAT TELL"),
    ("ending", "END HOW IT", ""),
    ("ending", "END WHAT TELL", ""),
    ("documents", "NOUNS WHAT", "THERE HERE YOU KIND LIST"),
    ("documents", "NOUNS MANY", "HOW THERE HERE YOU"),
    ("documents", "NOUNS LIST", "HERE"),
    ("documents", "NOUNS", "HERE THERE"),
    ("documents", "HERE WHAT", ""),
    ("documents", "WHAT NOUN HERE", ""),
    ("documents", "WHAT YOU ASK", ""),
    ("documents", "WHAT ASK", ""),
)

_BLANK: Final = re.compile(r"(?<=[a-z]) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=[a-z])")
"""The blank between the scripts."""
_EDGES: Final = " \t?？。.!！,，、;；:：~～…\"“”'‘’「」()（）《》"
_CLAUSE: Final = re.compile(r"[,，。?？!！；]+")


def scope_of(question: str) -> Scope | None:
    """Return what a question is asked of, where that is the document, a section of it, or nothing; else ``None``."""
    if len(question) > LONGEST:
        return None
    text = _BLANK.sub("", " ".join(fold(question).split()).strip(_EDGES))
    clauses = [clause for part in _CLAUSE.split(text) if (clause := part.strip(_EDGES))]
    if len(clauses) == 1 and HAN_RUN.search(text):
        clauses = text.split()
    asked: list[Asks] = []
    for clause in clauses:  # "who wrote this, and when?"; "hi, what is this about?"
        asks = _whole(clause, implied=bool(asked))
        if asks is None:
            return _section(text)
        asked.append(asks)
    told = [asks for asks in asked if asks not in ("greeting", "thanks")]
    return Scope((told or asked)[0]) if asked else None


def _whole(text: str, *, implied: bool) -> Asks | None:
    """Return what a whole question asks of the document; ``implied``: it need not name it, a clause before it did."""
    classes = _chinese_classes(text) if HAN_RUN.search(text) else _english_classes(text)
    if classes is None:
        return None
    present = frozenset(classes) - {""}
    tries = (present, present | {"NOUN"}) if implied else (present,)
    return next((asks for one in tries for asks, needed, allowed in _rules() if _fits(one, needed, allowed)), None)


@lru_cache(maxsize=1)
def _rules() -> list[tuple[Asks, frozenset[str], frozenset[str]]]:
    return [(asks, frozenset(needed.split()), frozenset(allowed.split())) for asks, needed, allowed in _RULES]


def _fits(present: frozenset[str], needed: frozenset[str], allowed: frozenset[str]) -> bool:
    """Tell whether the classes of a question fit a rule; DOC in one stands for any way to name the document."""
    document = "DOC" in needed or "DOC" in allowed
    rest = present - _DOC if document else present
    if document and rest != present:
        rest -= {"THAT"}  # "that article"; "that" alone is what was said before
    if "DOC" in needed and rest == present:
        return False
    return needed - {"DOC"} <= rest <= (needed | allowed)


def _english_classes(text: str) -> list[str] | None:
    """Return the class of each word; ``None`` where the vocabulary lacks one."""
    words = text.replace("'", " ").replace("’", " ").split()
    classes: list[str] = []
    position = 0
    while position < len(words):
        for size in (3, 2, 1):
            name = _ENGLISH.get("_".join(words[position : position + size]))
            if name is not None and position + size <= len(words):
                break
        else:
            # "this dessert recipe": one or two words between the pointer and the noun are the document's.
            name, size = None, _described(words, position) if classes[-1:] == ["THIS"] else 0
            if not size:
                return ["CONTENTS"] if _listed(words) else None
        if name:
            # "a contract" and "contracts" are any; "the contract" is this one.
            if name == "NOUN" and position and words[position - 1] in ("a", "an"):
                return None
            classes.append(name)
        position += size
    return classes


def _described(words: Sequence[str], position: int) -> int:
    """Return how many words from a position on stand before a noun for the document; 0 for more than two."""
    return next(
        (size for size in (1, 2) if "".join(words[position + size : position + size + 1]) in _NOUNS),
        0,
    )


_NOUNS: Final = frozenset(word for word, name in _ENGLISH.items() if name == "NOUN")


def _listed(words: Sequence[str]) -> bool:
    """Tell whether a question is "which … are listed"."""
    return (
        len(words) in (4, 5)
        and words[0] in ("which", "what")
        and words[2:4] in (["are", "listed"], ["are", "covered"], ["are", "included"])
        and words[4:] in ([], ["here"])
    )


@lru_cache(maxsize=8)
def _chinese_classes(text: str) -> list[str] | None:
    """Return the class of each word, the longest entry first; ``None`` where the vocabulary lacks a stretch."""
    compact = text.replace(" ", "")
    classes: list[str] = []
    position = 0
    while position < len(compact):
        for size in range(min(_LONGEST_ENTRY, len(compact) - position), 0, -1):
            name = _CHINESE.get(compact[position : position + size])
            if name is not None:
                break
        else:
            return None
        classes.append(name)
        position += size
    return classes


# --- sections --------------------------------------------------------------------------------------------------------

_PART: Final = r"(?:section|part|chapter|paragraph|bit)"
_PART_HINT: Final = re.compile(r"section|\bpart\b|chapter|paragraph|\bbit\b| under |happens in|[节章条段部块]")
NUMBERS: Final = {
    **{word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)},
    **{word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)},
    **{word: n for n, word in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)},
    **dict.fromkeys("last final 最后 最后一 末".split(), -1),
    **{str(n): n for n in range(1, 30)},
}
"""Numerals and ordinals of sections; the last is -1."""
_SAYS: Final = (
    r"(?: (?:says?|covers?|talk|talks|discuss|deal with|tell|contain|mean|be|describe|state|include)(?: .{0,12})?)?"
)
_CHINESE_PART: Final = r"(?:部分|章节|一?小?节|章|条款?|一条|段落?|一段|一?块儿?|里)"
_CHINESE_SAYS: Final = (
    r"(?:里面?|中)?(?:主要|都|具体|是|有)*(?:怎么[说写讲]"
    r"|[讲说写谈](?:的|了)?是?些?(?:什么|啥|哪些)|什么|啥|内容)(?:内容|东西|事|的)*"
)
_THEREIN: Final = r"[这本该]?[篇份本个部]?(?:文章|文档|合同|故事|书|报告|小说)?[里中的]?"
_SECTION_PATTERNS: Final = (
    rf"(?:.{{0,14}} )?(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final) (?:section|chapter|part)"
    rf"(?: of .{{0,16}})?(?: about)?{_SAYS}",
    rf"(?:what .{{0,14}} |what happens in )?(?:chapter|section|part) (?P<nth>\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten)"
    rf"(?: about)?{_SAYS}",
    rf"(?:.{{0,24}} )?{_PART} (?:about|on|called|titled|named|under|dealing with) (?P<name>.+?)"
    rf"(?: (?:says?|cover|mean|talk about|include)(?: .{{0,10}})?)?",
    rf"what do(?:es)? (?:the|that|this) (?P<name>.+?) {_PART} (?:say|cover|talk about|discuss|contain|mean)(?: .{{0,10}})?",
    r"what(?:s|'s| is) (?:in )?(?:the|that) (?P<name>.+?) (?:section|chapter)(?: about)?",
    r"what do(?:es)? (?:it|they|(?:the|this) \w+) say (?:under|in the (?:section|part|chapter)(?: on| about)?) (?P<name>.+)",
    r"what(?:s|'s| is) (?:said |written |listed )?under (?P<name>.+)",
    r"what happens in (?:the )?(?P<name>epilogue|prologue|introduction|conclusion)",
    rf"(?:{_THEREIN})?(?:第(?=[^最])|(?=最后))(?P<nth>最后一?|[一二三四五六七八九十]{{1,2}}|\d{{1,2}})个?(?:章节|小节|部分|章|节|条)(?:{_CHINESE_SAYS})?",
    rf"(?:关于|有关|讲|说|谈)?(?P<name>.+?)的?[那这]一?个?{_CHINESE_PART}(?:{_CHINESE_SAYS})?",
    rf"(?:关于|有关)(?P<name>.+?)的?(?:部分|章节|小节|内容)(?:{_CHINESE_SAYS})?",
    r"(?P<name>.{1,12}?)(?:章节|小节|一节|一章|一条|部分)(?:里|里面|中)?(?:怎么说|怎么写|[讲说写][的了]?(?:什么|啥))(?:的|内容)*",
)


@lru_cache(maxsize=1)
def _section_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns, compiled when a question first needs them."""
    return tuple(re.compile(pattern) for pattern in _SECTION_PATTERNS)


def _section(text: str) -> Scope | None:
    """Return the section that a question asks about."""
    if not _PART_HINT.search(text):
        return None
    for match in filter(None, (pattern.fullmatch(text) for pattern in _section_patterns())):
        groups = match.groupdict()
        if groups.get("nth") is not None:
            number = NUMBERS.get(groups["nth"])
            return Scope("section", f"#{number}") if number else None
        name = groups["name"].strip(_EDGES)
        return Scope("section", name) if name else None
    return None
