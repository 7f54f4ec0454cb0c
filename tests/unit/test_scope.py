"""What a question is asked of: a passage, the whole document, a section of it, or nothing; and what it asks for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from askdoc.question.query import named_only, parse
from askdoc.question.scope import LONGEST, Scope, scope_of

ASKED = {
    "subject": """
        what is this article about | Whats this about | what's it about? | tl;dr | TLDR pls | summary | summarize this document
        | sum it up | can you summarize this for me | give me a summary of the article please | what are the main points
        | key takeaways | what is the main idea of this text | can you tell me what this article is about | what is this page
        | I have no idea what this is about | what kind of document is this | what do these notes cover | what is this repo about
        | 这篇文章讲了什么 | 本文主要内容是什么 | 文章讲的啥 | 這篇文章講了什麼 | 这是啥
        | 总结一下 | 帮我总结一下这篇文章 | 主要讲什么 | 要点 | 摘要
        | 请问这篇文章的主要内容是什么? | 我想知道这篇文章讲了什么 | 这故事讲的啥 | 中心思想是什么 | 这文档干嘛用的 | 请问这是什么?
    """,
    "title": """
        what's the title | whats the title of the story | title of this document | what is this called | 标题是什么 | 这道菜叫啥
        | 文章标题叫啥
    """,
    "contents": """
        table of contents | contents | what sections are there | how many sections are there | how many sections does it have
        | list the chapters | names of the chapters | how many numbered sections does the contract have | which versions are listed
        | how is this report structured | 目录 | 有哪些章节 | 一共有几章 | 这篇文章有几个部分 | 文章结构是怎样的 | 列出所有标题
    """,
    "length": "how long is this article | how many words is it | how many words does this document have | 全文多少字",
    "languages": "what languages is the contract in | what language is it in | 这是用什么语言写的 | 什么语言写的",
    "author": """
        who wrote this | Who wrote this guide? | whos the author | author | who is behind this guide | who wrote down this dessert recipe
        | 作者是谁 | 谁写的这篇文章 | 这篇文章是谁写的 | 作者叫什么名字 | 作者是谁 哪年写的 | 这是谁写的
    """,
    "date": """
        when was this article published | when was the report last updated | how old is this document | last updated
        | 这篇文章什么时候发表的 | 这本书哪年出的 | 发布日期 | 这菜谱啥时候写的
    """,
    "ending": "how does it end | how does the story end | 故事的结局是什么 | 结尾说了什么",
    "documents": """
        what is in here | whats in here | what documents are there | which recipes are there | 这里有什么 | 有哪些菜
        | 里面有哪些文档
    """,
    "greeting": "hi | Hello! | hey there | good morning | 你好 | 您好! | 嗨 | 早上好",
    "thanks": "thanks | thank you so much | ok thanks | thx | 谢谢 | 多谢 | 非常感谢",
}
"""Questions, parted by |, by what they ask of the whole document."""


def cases() -> Iterator[tuple[str, str]]:
    for asks, questions in ASKED.items():
        for question in questions.split("|"):
            yield " ".join(question.split()), asks


@pytest.mark.parametrize(("question", "asks"), list(cases()))
def test_a_question_about_the_whole_document_is_seen(question: str, asks: str) -> None:
    assert scope_of(question) == Scope(asks)
    assert parse(question).scope == Scope(asks)


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("what does the section about deposits say", "deposits"),
        ("the part about noise", "noise"),
        ("what does it say under Chatbots", "chatbots"),
        ("what happens in the epilogue", "epilogue"),
        ("维修那一条讲了啥", "维修"),
        ("关于宠物那部分怎么说", "宠物"),
        ("今日:自主智能体 那段说了啥", "今日:自主智能体"),
        ("what does the last section say", "#-1"),
        ("what does chapter 3 say", "#3"),
        ("第六章讲了什么", "#6"),
        ("最后一节讲了什么", "#-1"),
    ],
)
def test_a_question_about_a_section_names_it(question: str, section: str) -> None:
    assert scope_of(question) == Scope("section", section)


@pytest.mark.parametrize(
    "question",
    [
        "what is a contract",
        "What is it?",
        "when was that?",
        "who wrote the constitution",
        "what is the book of Genesis about",
        "What was the article of 1854 about?",
        "how long is the card valid",
        "which party wrote the report on fees",
        "what does it say about deposits",
        "hi, what does a lost card cost?",
        "谁写了红楼梦",
        "这份摘要概括了哪篇文章?",
        "天坛最早的建筑物是哪一部分?",
        "押金多久退",
        "",
        "?" * LONGEST,
        "what is this about " * LONGEST,
    ],
)
def test_any_other_question_is_asked_of_passages(question: str) -> None:
    assert scope_of(question) is None


def test_no_question_about_an_encyclopedia_has_another_scope() -> None:
    shared = os.environ.get("ASKDOC_SHARED")
    if not shared:
        pytest.skip("needs $ASKDOC_SHARED")
    questions: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for name, part in value.items():
                if name == "question":
                    questions.update([part] if isinstance(part, str) else part.values())
                else:
                    collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    folder = Path(shared) / "eval"
    for path in (folder / "xquad_dev.json", *sorted((folder / "reading").glob("*.json"))):
        collect(json.loads(path.read_text("utf-8")))
    assert len(questions) > 7000
    assert sum(scope_of(question) is not None for question in questions) <= 2


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("does the article mention wind power", "wind power"),
        ("is there any mention of pets in this document", "pets"),
        ("i have no idea how to renew, pls", "renew"),
        ("whats the deposit", "deposit"),
        ("whos the landlord", "landlord"),
        ("dont they pay interest", "pay interest"),
        ("cant i sublet", "sublet"),
        ("according to the article, what is recursion", "recursion"),
        ("how come the fines are gone", "fines gone"),
        ("押金啥时候退", "押金 退"),
        ("房租几号交", "房租 交"),
        ("干嘛要泡木耳", "泡 木耳"),
        ("洗衣机坏了咋办", "洗衣机 坏"),
        ("用户密码咋存", "用户 密码 存"),
        ("能不能养宠物", "养 宠物"),
        ("文章里提到量子计算了吗", "量子 计算"),
        ("本文有没有提到风能", "风能"),
        ("请问我想知道怎么续借", "续借"),
        ("递归自我改进是啥意思", "递归 自我 改进"),
        ("mention", "mention"),
    ],
)
def test_what_frames_a_question_is_no_content(question: str, words: str) -> None:
    assert [word.surface for word in parse(question).words] == words.split()


def test_of_a_section_that_does_not_exist_the_name_is_searched_for() -> None:
    assert [word.surface for word in named_only(parse("国际化那部分怎么说")).words] == ["国际化"]
    plain = parse("Which cranes are electric?")
    assert named_only(plain) is plain


@pytest.mark.parametrize(
    ("question", "answer_type"),
    [
        ("whens the rent due", "date"),
        ("房租几号交", "date"),
        ("押金啥时候退", "date"),
        ("how long does it take", "duration"),
        ("要炖多久", "duration"),
        ("产量是几倍", "number"),
        ("whos the landlord", "person"),
        ("wheres the main library", "place"),
        ("图书馆在哪儿", "place"),
        ("how come the fines are gone", "reason"),
        ("为啥取消罚款", "reason"),
        ("干嘛要泡木耳", "reason"),
        ("how do i reset my pin", "manner"),
        ("洗衣机坏了咋办", "manner"),
        ("can i bring a dog", "yesno"),
        ("能不能养宠物", "yesno"),
        ("what's the difference between loans and holds", "comparison"),
        ("番茄和土豆有什么区别", "comparison"),
        ("what are the steps for upgrading", "list"),
        ("有哪些步骤", "list"),
        ("what is a hold", "definition"),
        ("什么是中断", "definition"),
        ("the harbour", None),
    ],
)
def test_what_a_question_asks_for(question: str, answer_type: str | None) -> None:
    assert parse(question).answer_type == answer_type
