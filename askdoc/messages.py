"""Every sentence said to a person, in English and in Chinese.

``say(key, **fields)`` gives the sentence in the interface's language: the one set with :func:`set_interface`, else
``$ASKDOC_INTERFACE``, else the locale's. Sentences say what to do next.
"""

from __future__ import annotations

import os
from typing import Any, Final, Literal

Interface = Literal["en", "zh"]

_chosen: list[Interface] = []

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- questions and citations ------------------------------------------------------------------------------
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
    "eval-unreadable": (
        "{path} cannot be read as UTF-8 text ({reason}). Save the judged questions as UTF-8, a JSON object a line.",
        "{path} 无法按 UTF-8 文本读取({reason})。请把评测问题存成 UTF-8,每行一个 JSON 对象。",
    ),
    "eval-line": (
        'Line {line} of {path} is no judged question. Write {{"question": …, "passage" or "line": …}}.',
        '{path} 的第 {line} 行不是评测问题。请写成 {{"question": …, "passage" 或 "line": …}}。',
    ),
    "eval-empty": (
        "{path} holds no question. Write one JSON object a line.",
        "{path} 里没有问题。请每行写一个 JSON 对象。",
    ),
    # --- documents ---------------------------------------------------------------------------------------------
    "document-missing": (
        "There is no file {path}. Check the name, or drag the file into the terminal.",
        "没有文件 {path}。请检查文件名,或把文件拖进终端。",
    ),
    # --- the index and the library ----------------------------------------------------------------------------
    "index-missing": (
        "There is no index {path}. Build it with `askdoc index DOCUMENT`, or check the name.",
        "没有索引 {path}。请用 `askdoc index 文档` 建立,或检查名称。",
    ),
    "index-unreadable": (
        "The index {path} cannot be opened: {reason}. Check its permissions.",
        "无法打开索引 {path}:{reason}。请检查文件权限。",
    ),
    "index-foreign": (
        "{path} is not an index of askdoc. Name an .askdoc file, or build one with `askdoc index DOCUMENT`.",
        "{path} 不是 askdoc 的索引。请指定 .askdoc 文件,或用 `askdoc index 文档` 建立。",
    ),
    "index-large": (
        "The index {path} is larger than {limit} bytes. Raise the limit index_bytes to open it.",
        "索引 {path} 超过 {limit} 字节。要打开它,请调高上限 index_bytes。",
    ),
    "index-damaged": (
        "The index {path} is damaged and is not used. Delete the file, or build it again with `askdoc index --rebuild`.",
        "索引 {path} 已损坏,不会使用。请删除该文件,或用 `askdoc index --rebuild` 重新建立。",
    ),
    "index-damaged-part": (
        "The index is damaged ({part}) and is not used. Build it again with `askdoc index --rebuild`.",
        "索引已损坏({part}),不会使用。请用 `askdoc index --rebuild` 重新建立。",
    ),
    "index-version-newer": (
        "The index {path} has format {found}; this askdoc reads format {supported}. Update askdoc,"
        " or build the index again with `askdoc index --rebuild`.",
        "索引 {path} 的格式是 {found};这个 askdoc 读取格式 {supported}。请更新 askdoc,"
        "或用 `askdoc index --rebuild` 重新建立索引。",
    ),
    "index-version-older": (
        "The index {path} has format {found}; this askdoc reads format {supported}."
        " Build it again with `askdoc index --rebuild`.",
        "索引 {path} 的格式是 {found};这个 askdoc 读取格式 {supported}。请用 `askdoc index --rebuild` 重新建立。",
    ),
    "index-stale": (
        "The index {path} was made by another version of the word analysis, and its source {source} is gone."
        " Put the source back, or build the index from other documents with `askdoc index --rebuild`.",
        "索引 {path} 由另一版本的分词建立,而来源文件 {source} 已不在。"
        "请恢复来源文件,或用 `askdoc index --rebuild` 从其他文档重新建立。",
    ),
    "index-locked": (
        "Another process is writing the index {path}. Wait for it to finish, then try again.",
        "另一个进程正在写入索引 {path}。请等它完成后再试。",
    ),
    "index-unwritable": (
        "The index {path} cannot be written: {reason}. Free some space or name another folder with --library.",
        "无法写入索引 {path}:{reason}。请腾出空间,或用 --library 指定其他文件夹。",
    ),
    "index-link": (
        "{path} is a link to another file and is not written through. Name the file itself.",
        "{path} 是指向其他文件的链接,不会通过它写入。请直接指定该文件。",
    ),
    "index-closed": (
        "The index {path} has been closed. Open it again to ask.",
        "索引 {path} 已关闭。请重新打开后再提问。",
    ),
    "index-changed": (
        "The index {path} was changed while it was being read. Ask again.",
        "索引 {path} 在读取时被修改。请再问一次。",
    ),
}


def interface() -> Interface:
    """The language of messages, labels and help: ``"en"`` or ``"zh"``."""
    if _chosen:
        return _chosen[-1]
    wanted = os.environ.get("ASKDOC_INTERFACE", "").strip().lower()
    if wanted[:2] in ("en", "zh"):
        return "zh" if wanted.startswith("zh") else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def set_interface(language: Interface | None) -> None:
    """Choose the interface's language for this process; ``None`` goes back to the environment's."""
    _chosen.clear()
    if language is not None:
        _chosen.append(language)


def say(key: str, /, language: Interface | None = None, **fields: Any) -> str:
    """The sentence of a key, filled with its fields, in ``language`` or the interface's."""
    english, chinese = MESSAGES[key]
    return (chinese if (language or interface()) == "zh" else english).format(**fields)
