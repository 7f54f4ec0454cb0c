"""The sentences of reading documents, in English and in Chinese."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "document-missing": (
        "There is no file {path}. Check the name, or drag the file into the terminal.",
        "没有文件 {path}。请检查文件名,或把文件拖进终端。",
    ),
    "reader-folder": (
        "{path} is a folder. Name the files in it that you want to ask.",
        "{path} 是文件夹。请指定其中要提问的文件。",
    ),
    "reader-not-a-file": (
        "{path} is no regular file (a pipe, a socket or a device). Save its text to a file, or pass it with `--in -`.",
        "{path} 不是普通文件(而是管道、套接字或设备)。请把文本存成文件,或用 `--in -` 传入。",
    ),
    "reader-permission": (
        "{path} may not be read by you. Change its permissions, or copy it to a folder of yours.",
        "您没有读取 {path} 的权限。请修改权限,或复制到自己的文件夹。",
    ),
    "reader-loop": (
        "{path} is a link that leads back to itself. Name the file that it is meant to lead to.",
        "{path} 是指回自身的链接。请直接指定目标文件。",
    ),
    "reader-cannot-open": (
        "{path} cannot be read: {reason}. Check the file and try again.",
        "无法读取 {path}:{reason}。请检查文件后再试。",
    ),
    "reader-changed": (
        "{path} was changed while it was being read. Try again when nothing is writing to it.",
        "{path} 在读取时被修改。请在没有程序写入时再试。",
    ),
    "reader-too-large": (
        "{path} has {size} bytes, more than {limit}. Cut it into several files, or raise the limit file_bytes.",
        "{path} 有 {size} 字节,超过 {limit}。请拆成几个文件,或调高上限 file_bytes。",
    ),
    "reader-too-long": (
        "{path} has {length} characters, more than {limit}. Cut it into several files, or raise the limit"
        " document_characters.",
        "{path} 有 {length} 个字符,超过 {limit}。请拆成几个文件,或调高上限 document_characters。",
    ),
    "reader-too-many": (
        "{path} holds more than {limit} passages. Cut it into several files, or raise the limit document_passages.",
        "{path} 中的段落超过 {limit} 个。请拆成几个文件,或调高上限 document_passages。",
    ),
    "reader-deep": (
        "{path} has elements nested more than {limit} deep. Export it again from the program it comes from.",
        "{path} 的元素嵌套超过 {limit} 层。请从原程序重新导出。",
    ),
    "reader-empty": (
        "{path} is empty: there is no text in it to ask. Name another file.",
        "{path} 是空的,没有可提问的文字。请指定其他文件。",
    ),
    "reader-binary": (
        "{path} is no text. Save it as text, Markdown or .jsonl first, then ask that file.",
        "{path} 不是文本文件。请先另存为文本、Markdown 或 .jsonl,再对该文件提问。",
    ),
    "reader-record": (
        "Line {line} of {path} is no passage: {reason}. Mend that line; the README shows the form.",
        "{path} 的第 {line} 行不是段落:{reason}。请修改这一行;格式见 README。",
    ),
    "reader-record-long": (
        "Passage {id} of {path} (line {line}) has {length} characters, more than {limit}. Cut it in two, or raise the"
        " limit record_characters.",
        "{path} 中的段落 {id}(第 {line} 行)有 {length} 个字符,超过 {limit}。请拆成两段,或调高上限 record_characters。",
    ),
    "reader-no-records": (
        "{path} holds no passage with English or Chinese text. Check that the fields are named en and zh.",
        "{path} 中没有含英文或中文的段落。请检查字段名是否为 en 和 zh。",
    ),
    "reader-columns": (
        "{path} has no column named en or zh. Write the names of the columns into its first line.",
        "{path} 中没有名为 en 或 zh 的列。请在第一行写上列名。",
    ),
    "reader-tmx": (
        "{path} is no translation memory that can be read (line {line}: {reason}). Export it again as TMX 1.4 without a"
        " document type.",
        "{path} 不是可读取的翻译记忆(第 {line} 行:{reason})。请重新导出为不含文档类型声明的 TMX 1.4。",
    ),
    "reader-pair-passages": (
        "{path} holds both languages by itself and cannot be half of a pair. Name it alone.",
        "{path} 自身包含两种语言,不能作为一对文件之一。请单独指定。",
    ),
    "reader-pair-turned": (
        "{english} is English and {chinese} is Chinese: the pair was taken this way round. Name the English file first.",
        "{english} 是英文,{chinese} 是中文:已按此顺序配对。请把英文文件放在前面。",
    ),
    "reader-pair-english": (
        "{first} and {second} are both English, and a pair is an English and a Chinese file. Name the translation, or"
        " index each by itself (without --pair, or one a command).",
        "{first} 和 {second} 都是英文,而一对文件应是一个英文、一个中文。请指定译文,或分别索引(不用 --pair,或每次一个)。",
    ),
    "reader-pair-chinese": (
        "{first} and {second} are both Chinese, and a pair is an English and a Chinese file. Name the translation, or"
        " index each by itself (without --pair, or one a command).",
        "{first} 和 {second} 都是中文,而一对文件应是一个英文、一个中文。请指定译文,或分别索引(不用 --pair,或每次一个)。",
    ),
    "reader-pair-hardly-english": (
        "{path} was named as an English file and hardly seems to be one. Check that it is the right file.",
        "{path} 被指定为英文文件,但内容似乎不是英文。请检查文件是否正确。",
    ),
    "reader-pair-hardly-chinese": (
        "{path} was named as a Chinese file and hardly seems to be one. Check that it is the right file.",
        "{path} 被指定为中文文件,但内容似乎不是中文。请检查文件是否正确。",
    ),
    "reader-encoding": (
        "{path} was read as {encoding}. If its text looks wrong, save the file as UTF-8.",
        "{path} 按 {encoding} 读取。如果文字不对,请把文件另存为 UTF-8。",
    ),
    "reader-broken": (
        "{path} has {count} broken characters, the first in line {line}; they stand as \ufffd. Save the file again as"
        " UTF-8.",
        "{path} 中有 {count} 个损坏的字符,第一个在第 {line} 行,以 \ufffd 表示。请重新存为 UTF-8。",
    ),
    "reader-removed": (
        "{count} control or hidden characters were removed from {path}; compare with the file if a quote must be exact.",
        "已从 {path} 中去除 {count} 个控制字符或隐藏字符;如引文须完全一致,请与文件核对。",
    ),
    "reader-blank-records": (
        "{count} passages of {path} have no text in English or Chinese and were left out, the first in line {line}.",
        "{path} 中有 {count} 个段落没有英文或中文文字,已略去,第一个在第 {line} 行。",
    ),
    "chunk-passages": (
        "The document has more than {limit:,} passages. Split it, or raise Limits.document_passages.",
        "文档超过 {limit:,} 段。请拆分文档,或调高 Limits.document_passages。",
    ),
    "group-pair-twice": (
        "{path} stands in a pair twice. Name each file in one pair only.",
        "{path} 在配对中出现了两次。每个文件只能属于一对。",
    ),
}
