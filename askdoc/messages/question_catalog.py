"""The sentences of asking and looking around, in English and in Chinese."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "question-empty": ("Ask a question: this one is empty.", "请输入问题:这个问题是空的。"),
    "question-long": (
        "The question has {length} characters, more than {limit}. Ask it in fewer words.",
        "问题有 {length} 个字符,超过 {limit} 个。请用更少的字提问。",
    ),
    "ask-answer-language": (
        "{value!r} is no answer language. Choose auto, en, zh or both.",
        "{value!r} 不是可选的回答语言。请选 auto、en、zh 或 both。",
    ),
    "ask-limit": (
        "{value} passages cannot be asked for. Choose a number from 1 to {most}.",
        "不能要 {value} 段。请选 1 到 {most} 之间的数。",
    ),
    "places-empty": (
        "Name the words to look for: there are none.",
        "请输入要查找的词语:这里是空的。",
    ),
    "section-unknown": (
        "No section is called {section}. The nearest headings: {near}.",
        "没有名为 {section} 的章节。最接近的标题:{near}。",
    ),
    "section-several": (
        "Several sections fit {section}: {several}. Write one of them in full.",
        "有多个章节符合 {section}:{several}。请写出其中一个的全称。",
    ),
    "section-none": (
        "There is no section {section}: the document has no headings. Ask it as a whole.",
        "没有章节 {section}:文档没有标题。请对整个文档提问。",
    ),
    "places-some": (
        "{words}: {count} passages (sections: {sections})",
        "{words}:{count} 段(章节数:{sections})",
    ),
    "places-one": ("{words}: 1 passage", "{words}:1 段"),
    "places-none": (
        "No passage holds {words}. Try fewer words, or leave the quotes out.",
        "没有段落含有 {words}。请减少词语,或去掉引号。",
    ),
    "places-start": ("(before the first heading)", "(第一个标题之前)"),
    "suggest-about": ("What does it say about {words}?", "关于{words}说了什么?"),
    "suggest-and": (" and ", "和"),
    "suggest-quoted": ("“{word}”", "“{word}”"),
    "label-paragraph": ("para {number}", "第 {number} 段"),
    "label-page": ("page {number}", "第 {number} 页"),
    "label-line": ("line {number}", "第 {number} 行"),
    "label-lines": ("lines {first}–{last}", "第 {first}–{last} 行"),
    "citation-nowhere": (
        "{citation} leads nowhere in {document}. Copy a citation from an answer, or give DOCUMENT:LINE.",
        "{citation} 在 {document} 中没有对应的段落。请从回答中复制引用,或写成 文档:行号。",
    ),
    "citation-document": (
        "There is no document {document} here. `askdoc list` names those that are.",
        "这里没有文档 {document}。用 `askdoc list` 查看已有的文档。",
    ),
    "citation-document-near": (
        "There is no document {document} here. Did you mean {near}?",
        "这里没有文档 {document}。您是指 {near} 吗?",
    ),
    "citation-form": (
        "{citation} is no citation. Write DOCUMENT#ID or DOCUMENT:LINE, as an answer prints them.",
        "{citation} 不是引用。请写成 文档#编号 或 文档:行号,如回答中所示。",
    ),
}
