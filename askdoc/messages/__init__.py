"""Every sentence said to a person, in English and in Chinese.

``say(key, **fields)`` gives the sentence in the interface's language: the one set with :func:`set_interface`, else
``$ASKDOC_INTERFACE``, else the locale's. Sentences say what to do next.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final, Literal

from askdoc import environment

Interface = Literal["en", "zh"]


class _Choice:
    """A language that tasks share: each of the chat's has a context of its own, and all follow one switch."""

    def __init__(self, language: Interface | None = None) -> None:
        self.language = language


_UNSET: Final = _Choice()

_choice: ContextVar[_Choice] = ContextVar("interface", default=_UNSET)

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
    # --- every place, sections, suggestions -----------------------------------------------------------------------
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
    # --- documents ---------------------------------------------------------------------------------------------
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
    # --- the index and the library ----------------------------------------------------------------------------
    "semantic-vectors": (
        "sentence vectors",
        "句子向量",
    ),
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
        "The index {path} is damaged and is not used. Build it again and name all its documents: `askdoc index"
        " DOCUMENT... --name {name} --rebuild`; or delete the file.",
        "索引 {path} 已损坏,不会使用。请重新建立,并列出其中的所有文档:`askdoc index 文档... --name {name} --rebuild`;"
        "或删除该文件。",
    ),
    "index-damaged-part": (
        "The index is damaged ({part}) and is not used. Build it again and name all its documents: `askdoc index"
        " DOCUMENT... --rebuild`.",
        "索引已损坏({part}),不会使用。请重新建立,并列出其中的所有文档:`askdoc index 文档... --rebuild`。",
    ),
    "index-version-newer": (
        "The index {path} has format {found}; this askdoc reads format {supported}. Update askdoc, or build the index"
        " again and name all its documents: `askdoc index DOCUMENT... --name {name} --rebuild`.",
        "索引 {path} 的格式是 {found};这个 askdoc 读取格式 {supported}。请更新 askdoc,或重新建立索引,并列出其中的所有文档:"
        "`askdoc index 文档... --name {name} --rebuild`。",
    ),
    "index-version-older": (
        "The index {path} has format {found}; this askdoc reads format {supported} and cannot tell its documents. Build it"
        " again and name them all: `askdoc index DOCUMENT... --name {name} --rebuild`.",
        "索引 {path} 的格式是 {found};这个 askdoc 读取格式 {supported},无法得知其中的文档。请重新建立,并列出所有文档:"
        "`askdoc index 文档... --name {name} --rebuild`。",
    ),
    "index-stale": (
        "The index {path} was made by another version of the word analysis, and its source {source} is gone."
        " Put the source back, or use the text in the index with `askdoc index --name {name} --rebuild`.",
        "索引 {path} 由另一版本的分词建立,而来源文件 {source} 已不在。"
        "请恢复来源文件,或用 `askdoc index --name {name} --rebuild` 沿用索引中的文本。",
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
    "index-suffix": (
        "{path} cannot be an index: its name must end in .askdoc. Choose such a name.",
        "{path} 不能作为索引:文件名必须以 .askdoc 结尾。请换一个名称。",
    ),
    "index-no-document": (
        "There is no document {document} in {path}. It holds: {known}.",
        "{path} 中没有文档 {document}。其中有:{known}。",
    ),
    "index-rebuilt": (
        "The index {path} was made by another version of the word analysis and has been built again.",
        "索引 {path} 由另一版本的分词建立,已重新建立。",
    ),
    "index-lost": (
        "The index {path} could not be read and has been built anew; documents not named now are no longer in it.",
        "索引 {path} 无法读取,已全部重建;此次未指定的文档不再包含在内。",
    ),
    "index-source-gone": (
        "The source of {document} is gone; its text is kept as the index holds it.",
        "{document} 的来源文件已不在;保留索引中的文本。",
    ),
    "library-folder": (
        "{path!r} cannot be a folder. Name another one with --library.",
        "{path!r} 不能作为文件夹。请用 --library 指定其他文件夹。",
    ),
    "library-name": (
        "{name!r} cannot be the name of an index. Use letters, digits, -, _ and inner points, at most 200 bytes.",
        "{name!r} 不能作为索引名称。请使用文字、数字、-、_ 和中间的点,不超过 200 字节。",
    ),
    "library-link": (
        "The index {path} is a link to another place and is not followed. Remove the link, or name the file itself.",
        "索引 {path} 是指向别处的链接,不会跟随。请删除该链接,或直接指定文件。",
    ),
    "library-missing": (
        "There is no index named {name}. Build it with `askdoc index DOCUMENT --name {name}`. There are: {known}.",
        "没有名为 {name} 的索引。请用 `askdoc index 文档 --name {name}` 建立。已有:{known}。",
    ),
    "library-both": (
        "Name either documents or the index {name}, not both.",
        "请只指定文档或索引 {name} 之一,不要同时指定。",
    ),
    "library-mixed": (
        "{path} is an index and is asked alone. Name either indexes or documents.",
        "{path} 是索引,只能单独提问。请只指定索引或文档之一。",
    ),
    "library-no-sample": (
        "The sample is not installed, and there is no index `default`. Name a document, or build one with"
        " `askdoc index DOCUMENT`.",
        "示例没有安装,也没有索引 default。请指定文档,或用 `askdoc index 文档` 建立索引。",
    ),
    "index-check-damaged": ("The file is damaged: {reason}", "文件已损坏:{reason}"),
    "index-check-stale": (
        "The index was made by another version of the word analysis; its terms were not checked. Build it again with"
        " `askdoc index --rebuild`.",
        "索引由另一版本的分词建立,未检查其中的词。请用 `askdoc index --rebuild` 重新建立。",
    ),
    "index-check-name": ("Two documents have the name {document}.", "有两个文档都叫 {document}。"),
    "index-check-passage": (
        "Passage {number} of {document} is missing.",
        "{document} 的第 {number} 号段落缺失。",
    ),
    "index-check-owner": (
        "Passage {number} of {document} belongs to another document as well.",
        "{document} 的第 {number} 号段落还属于另一个文档。",
    ),
    "index-check-id": ("Two passages of {document} have the id {id}.", "{document} 中有两个段落的编号都是 {id}。"),
    "index-check-empty": ("Passage {id} of {document} has no text.", "{document} 的段落 {id} 没有文本。"),
    "index-check-bead": (
        "What is recorded about the pair of passage {id} of {document} does not fit its versions.",
        "{document} 的段落 {id} 的配对记录与其文本不符。",
    ),
    "index-check-language": (
        "The text of passage {id} of {document} is not in its language ({expected}).",
        "{document} 的段落 {id} 的文本与其语言({expected})不符。",
    ),
    "index-check-places": (
        "The list of places of {document} does not fit its passages.",
        "{document} 的位置列表与其段落不符。",
    ),
    "index-check-count": (
        "A count is wrong ({where}): {what} is recorded as {recorded} and is {found}.",
        "计数有误({where}):{what} 记录为 {recorded},实际为 {found}。",
    ),
    "index-check-orphan": (
        "Row {number} of {table} belongs to nothing.",
        "{table} 中的第 {number} 行不属于任何内容。",
    ),
    "index-check-length": (
        "The length of passage {number} in the field {field} is wrong.",
        "第 {number} 号段落在字段 {field} 中的长度有误。",
    ),
    "index-check-blocks": (
        "The blocks of the field {field} leave a gap or overlap at {term!r}.",
        "字段 {field} 的词块在 {term!r} 处有空缺或重叠。",
    ),
    "index-check-term": (
        "Passage {number} is listed for {term!r} in the field {field}, and does not hold it.",
        "字段 {field} 中 {term!r} 列出了第 {number} 号段落,但该段落不含此词。",
    ),
    "index-check-term-missing": (
        "The list of {term!r} in the field {field} lacks passages that hold it, or counts it wrongly.",
        "字段 {field} 中 {term!r} 的列表缺少含有此词的段落,或计数有误。",
    ),
    "index-part-large": (
        "A document has a passage or a table of contents of more than {limit} bytes. Cut it into several documents.",
        "某个文档的一个段落或目录超过 {limit} 字节。请把它拆成几个文档。",
    ),
    "index-changed": (
        "The index {path} was changed while it was being read. Ask again.",
        "索引 {path} 在读取时被修改。请再问一次。",
    ),
    # --- the terminal ------------------------------------------------------------------------------------------
    "language-en": ("English", "英文"),
    "language-zh": ("Chinese", "中文"),
    "render-comma": (", ", "、"),
    "render-quoted": ("“{word}”", "“{word}”"),
    "render-sample": (
        "Asking the sample that ships with askdoc. Name your own document with --in FILE.",
        "正在查询 askdoc 自带的示例文档。用 --in 文件 指定您自己的文档。",
    ),
    "render-found": ("In the document ({percent} % sure).", "文档中有答案(把握 {percent}%)。"),
    "render-perhaps": (
        "Perhaps in the document ({percent} % sure).",
        "文档中可能有答案(把握 {percent}%)。",
    ),
    "render-not-found": ("Not in this document.", "这份文档没有回答这个问题。"),
    "render-corrected": ("Showing results for {right} (typed: {typed}).", "已按“{right}”查找(输入的是“{typed}”)。"),
    "render-about": ("About: {words} (from the question before).", "接着问:{words}(取自上一个问题)。"),
    "render-missing": ("The document never uses: {words}.", "文档从未提到:{words}。"),
    "render-nearest": ("The nearest passages:", "最接近的段落:"),
    "render-nothing": (
        "No passage holds a word of the question. Try other words, or the other language.",
        "没有段落含有问题中的词。请换个说法,或用另一种语言提问。",
    ),
    "render-note": ("{id} · {alignment}", "{id} · {alignment}"),
    "render-paired": ("also in {other}", "另有{other}版本"),
    "render-merged": ("also in {other}, where paragraphs are divided otherwise", "另有{other}版本,段落划分不同"),
    "render-weak": ("probably also in {other}; the pairing is doubtful", "可能有对应的{other}版本,但对应关系不确定"),
    "render-only": ("no {missing} version", "没有{missing}版本"),
    "render-fallback": ("no {missing} version: shown in {shown}", "没有{missing}版本,显示{shown}"),
    "cli-error": ("askdoc: {message}", "askdoc:{message}"),
    "cli-bug": (
        "Something went wrong inside askdoc ({kind}: {detail}). Run again with ASKDOC_DEBUG=1 to see where.",
        "askdoc 内部出错({kind}:{detail})。设置 ASKDOC_DEBUG=1 再运行一次可查看出错位置。",
    ),
    "cli-unwritten": (
        "The result cannot be written ({reason}). Free some space, or write it to another place.",
        "无法写出结果({reason})。请腾出空间,或写到别处。",
    ),
    "cli-two-stdin": (
        "Standard input can be the questions or the document, not both. Save the document to a file.",
        "标准输入只能是问题或文档之一。请先把文档存成文件。",
    ),
    "cli-stdin-alone": (
        "A document from standard input is asked alone. Leave out the other --in, or save it to a file.",
        "来自标准输入的文档只能单独提问。请去掉其他 --in,或先存成文件。",
    ),
    "cli-in-or-name": (
        "Give documents with --in or an index with --name, not both.",
        "--in(文档)和 --name(索引)只能用一个。",
    ),
    "cli-no-document": (
        "Name a document to index: askdoc index FILE, or --pair ENGLISH CHINESE. With --rebuild alone the index is made anew"
        " from the documents that it holds.",
        "请指定要索引的文档:askdoc index 文件,或 --pair 英文文件 中文文件。只用 --rebuild 时,按索引中已有的文档重建。",
    ),
    "cli-unknown": ("{word} is not known here.", "这里不认识 {word}。"),
    "cli-completion": (
        "Completion cannot be made here: {reason}. Run it in the shell that you want it for.",
        "无法生成补全脚本:{reason}。请在要使用它的 shell 中运行。",
    ),
    "cli-usage": ("{message} See `{command} --help`.", "{message} 请看 `{command} --help`。"),
    "cli-option": (
        "There is no option {option}. See `{command} --help`.",
        "没有选项 {option}。请看 `{command} --help`。",
    ),
    "cli-option-near": (
        "There is no option {option}. Did you mean {near}? See `{command} --help`.",
        "没有选项 {option}。您是指 {near} 吗?请看 `{command} --help`。",
    ),
    "cli-missing": ("{name} is missing. See `{command} --help`.", "缺少 {name}。请看 `{command} --help`。"),
    "cli-choice": (
        "{option} takes one of: {choices}. See `{command} --help`.",
        "{option} 只能是:{choices}。请看 `{command} --help`。",
    ),
    "cli-progress": ("{document}: {done} passages, {rate} a second", "{document}:{done} 段,每秒 {rate} 段"),
    "cli-progress-of": (
        "{document}: {done} of {total} passages, {rate} a second",
        "{document}:{total} 段中的 {done} 段,每秒 {rate} 段",
    ),
    "cli-dictionary": (
        "Preparing the dictionary between the languages: some seconds, this once.",
        "正在准备双语词典:需要几秒钟,仅此一次。",
    ),
    "cli-greeting": (
        "{passages} passages in {sections} sections, {paired} in both languages.",
        "共 {passages} 段,{sections} 节,其中 {paired} 段有两种语言。",
    ),
    "cli-chat-help": (
        "Ask in English or Chinese; `quit` or Ctrl+D ends.",
        "请用英文或中文提问;输入 quit 或按 Ctrl+D 结束。",
    ),
    "cli-counts": (
        "{name}: {passages} passages ({en} English, {zh} Chinese); {paired} paired, {merged} merged, {weak} doubtful,"
        " {alone} in one language",
        "{name}:{passages} 段(英文 {en},中文 {zh});一一对应 {paired},合并对应 {merged},存疑 {weak},单语 {alone}",
    ),
    "cli-indexed": (
        "{path}: {added} added, {changed} changed, {unchanged} unchanged; {passages} passages, {seconds} s",
        "{path}:新增 {added},更新 {changed},未变 {unchanged};共 {passages} 段,用时 {seconds} 秒",
    ),
    "cli-no-indexes": (
        "There is no index yet. Make one with `askdoc index FILE`.",
        "还没有索引。用 `askdoc index 文件` 建立一个。",
    ),
    "cli-removed": ("{document} was removed.", "已移除 {document}。"),
    "cli-check-good": ("{path} is sound.", "{path} 完好。"),
    "cli-check-bad": (
        "{path} has {count} problems. Build it again and name all its documents: `askdoc index DOCUMENT... --name {name}"
        " --rebuild`.",
        "{path} 有 {count} 处问题。请重新建立,并列出其中的所有文档:`askdoc index 文档... --name {name} --rebuild`。",
    ),
    # --- help --------------------------------------------------------------------------------------------------
    "help-askdoc": (
        "Ask a document in English and Chinese questions, in either language, and read the passages that answer: its"
        " own words, with a citation. Without a command: a conversation with the documents named.",
        "用英文或中文向中英双语文档提问,得到回答问题的原文段落和引用出处。不写命令时:与所列文档对话。",
    ),
    "help-metavar": ("[DOCUMENT]... | COMMAND [ARGS]...", "[文档]... | 命令 [参数]..."),
    "help-epilog": (
        'Examples:\n  askdoc ask "What is recursive self-improvement?" --in article.txt\n  askdoc report.md',
        '例子:\n  askdoc ask "什么是递归自我改进?" --in article.txt\n  askdoc report.md',
    ),
    "help-interface": ("Language of messages and help.", "提示和帮助的语言。"),
    "help-no-semantic": (
        "Rank by words alone, without sentence vectors (extra askdoc[semantic]).",
        "只按词语排序，不用句子向量（可选组件 askdoc[semantic]）。",
    ),
    "help-completion": ("Print the completion script for a shell.", "输出某个 shell 的补全脚本。"),
    "help-version": ("Print the version.", "显示版本。"),
    "help-in": (
        "A document to ask; may be given several times. `-` reads it from standard input.",
        "要提问的文档,可给多次。`-` 表示从标准输入读取。",
    ),
    "help-name": ("An index by its name (default: default).", "索引的名字(默认:default)。"),
    "help-format": ("How the result is written.", "输出格式。"),
    "help-library": ("The folder that holds the named indexes.", "存放索引的文件夹。"),
    "help-colour": (
        "Colour and bold. Without them the answer sentence stands between >> and <<.",
        "颜色与粗体。不用时,答案句放在 >> 和 << 之间。",
    ),
    "help-answer-language": (
        "The language to read: the question's (auto), English, Chinese, or both.",
        "阅读的语言:随问题(auto)、英文、中文或两者。",
    ),
    "help-limit": ("How many passages.", "给出多少段。"),
    "help-section": (
        "Only the section of this heading, in either language; a part of the heading is enough where no other holds it.",
        "只在此标题的章节内查找,标题可用任一语言;只写一部分也可以,只要没有别的标题包含它。",
    ),
    "help-everywhere": (
        "Every passage that holds the words, in any form; in quotes, exactly as they stand. Exit code 1: none.",
        "列出含有这些词(任何形式)的所有段落;加引号则按原样查找。退出码 1:没有。",
    ),
    "help-pair": (
        "An English and a Chinese file that are one document.",
        "同一份文档的英文文件和中文文件。",
    ),
    "help-rebuild": (
        "Make the whole index anew; without DOCUMENT from the documents that it holds.",
        "重建整个索引;不写文档时,按其中已有的文档重建。",
    ),
    "help-ask": (
        "Answer QUESTION with the passages of a document that hold the answer. `-` reads a question a line from"
        " standard input and writes a JSON object a line. Exit code 1: not in the document.",
        "用文档中的段落回答 QUESTION。`-` 表示从标准输入逐行读取问题,每行输出一个 JSON 对象。退出码 1:文档中没有答案。",
    ),
    "help-ask-examples": (
        'askdoc ask "What is SWE-bench?"\naskdoc ask "SWE-bench 是什么?" --in report.txt --answer-language en\n'
        "askdoc ask - --in report.txt < questions.txt\n"
        'askdoc ask --everywhere "12 hours" --section "Longer tasks"',
        'askdoc ask "SWE-bench 是什么?"\naskdoc ask "What is SWE-bench?" --in report.txt --answer-language zh\n'
        "askdoc ask - --in report.txt < questions.txt\n"
        'askdoc ask --everywhere "12 小时" --section "任务"',
    ),
    "help-index": (
        "Add documents to an index, or refresh those that changed. Files whose names differ by a language mark"
        " (x.en.md, x.zh.md) are one document.",
        "把文档加入索引,或更新已改动的文档。名字只差语言标记的文件(x.en.md、x.zh.md)算一份文档。",
    ),
    "help-index-examples": (
        "askdoc index report.en.md report.zh.md\naskdoc index --pair manual.md 手册.md --name manuals",
        "askdoc index report.en.md report.zh.md\naskdoc index --pair manual.md 手册.md --name manuals",
    ),
    "help-list": ("Print the indexes and their documents.", "列出索引及其中的文档。"),
    "help-list-examples": ("askdoc list --format json", "askdoc list --format json"),
    "help-show": (
        "Print the place that CITATION leads to, with its surroundings. CITATION is a passage id or DOCUMENT:LINE.",
        "显示 CITATION 所指的位置及上下文。CITATION 是段落编号或 文档:行号。",
    ),
    "help-show-examples": ("askdoc show report:26 --in report.txt", "askdoc show report:26 --in report.txt"),
    "help-remove": ("Take DOCUMENT out of an index.", "从索引中移除 DOCUMENT。"),
    "help-remove-examples": ("askdoc remove report", "askdoc remove report"),
    "help-check": ("Look for damage in an index.", "检查索引是否损坏。"),
    "help-check-examples": ("askdoc check --name manuals", "askdoc check --name manuals"),
    "help-eval": (
        "Ask the judged QUESTIONS of a .jsonl file, or with --self the document's own pairs, and print how good the"
        " answers are.",
        "用 .jsonl 文件中的评测问题 QUESTIONS 提问(或用 --self 以文档自身的双语配对提问),报告回答的质量。",
    ),
    "help-eval-self": (
        "No judgements: sentences and headings of one language must find their pair in the other.",
        "不需要评测问题:一种语言的句子和标题要找到另一种语言里的对应段落。",
    ),
    "help-eval-svg": ("Draw the reliability diagram.", "画出可靠性图(SVG)。"),
    "help-eval-run": ("Write the hits as a TREC run.", "把结果写成 TREC run 文件。"),
    "help-eval-qrels": ("Write the judgements as TREC qrels.", "把评测标准写成 TREC qrels 文件。"),
    "help-eval-from-run": (
        "Measure this TREC run instead of asking.",
        "不提问,直接评测这个 TREC run 文件。",
    ),
    "help-eval-from-qrels": (
        "Take the judgements of --from-run from this TREC qrels file.",
        "--from-run 的评测标准取自这个 TREC qrels 文件。",
    ),
    "help-eval-examples": (
        "askdoc eval questions.jsonl --in report.txt --format json\naskdoc eval --self --in report.txt",
        "askdoc eval questions.jsonl --in report.txt --format json\naskdoc eval --self --in report.txt",
    ),
    "help-chat": (
        "Talk with documents: a question a line. Piped questions are answered in order.",
        "与文档对话:每行一个问题。也可用管道送入问题,依次回答。",
    ),
    "transcript-malformed": (
        "This is no saved conversation of askdoc. Choose a file that the chat saved or exported as JSON.",
        "这不是 askdoc 保存的对话。请选择对话界面保存或导出的 JSON 文件。",
    ),
    "transcript-unreadable": (
        "{path} cannot be read ({reason}). Check that it is a UTF-8 text file that you may read.",
        "无法读取 {path}({reason})。请确认它是 UTF-8 文本文件,并且有读取权限。",
    ),
    "transcript-large": (
        "{path} is larger than {limit} MB: this is no export of askdoc.",
        "{path} 超过 {limit} MB,不是 askdoc 导出的文件。",
    ),
    "verify-malformed": (
        "{path} holds no quotes of askdoc. Give a transcript or export (JSON, Markdown, HTML), or what"
        " `askdoc ask` printed as JSON or Markdown.",
        "{path} 中没有 askdoc 的引文。请给出保存或导出的对话(JSON、Markdown、HTML),或 `askdoc ask` 输出的 JSON 或 Markdown。",
    ),
    "verify-good": (
        "All {count} quotes are in the document, word for word ({moved} moved).",
        "全部 {count} 处引文都在文档中,一字不差(其中 {moved} 处换了位置)。",
    ),
    "verify-bad": (
        "Of {count} quotes {changed} changed and {gone} are gone ({moved} moved).",
        "{count} 处引文中,{changed} 处有改动,{gone} 处已不存在({moved} 处换了位置)。",
    ),
    "verify-none": ("The file quotes nothing.", "文件中没有引文。"),
    "verify-moved": ("Moved: now {place}, line {line}.", "换了位置:现在是 {place},第 {line} 行。"),
    "verify-changed": ("Changed: {place}, line {line}.", "有改动:{place},第 {line} 行。"),
    "verify-gone": ("Gone: nothing like it is in the document.", "已不存在:文档中没有相近的段落。"),
    "verify-words": ("“{old}” is now “{new}”", "“{old}”现在是“{new}”"),
    "verify-left-out": ("“{old}” is no longer there", "“{old}”已删去"),
    "verify-added": ("“{new}” was added", "新增了“{new}”"),
    "help-verify": (
        "Say whether the quotes in FILE, a saved conversation, an export or a printed answer, are still in the document,"
        " word for word. Exit code 1: a quote changed.",
        "检查 FILE(保存的对话、导出文件或打印的回答)中的引文是否仍一字不差地在文档中。退出码 1:有引文已改动。",
    ),
    "help-verify-examples": (
        "askdoc verify conversation.md --in report.txt",
        "askdoc verify conversation.md --in report.txt",
    ),
    "help-plain": (
        "Chat line by line instead of on a whole screen (also for screen readers).",
        "逐行对话,不使用整屏界面(也适合读屏软件)。",
    ),
    "help-chat-examples": (
        "askdoc report.txt\naskdoc report.txt < questions.txt",
        "askdoc report.txt\naskdoc report.txt < questions.txt",
    ),
}


def interface() -> Interface:
    """Return the language of messages, labels and help."""
    return _choice.get().language or environment.interface() or environment.locale()


def chosen() -> bool:
    """Return whether the interface's language was set, here or where this was started from."""
    return _choice.get().language is not None


def set_interface(language: Interface | None) -> None:
    """Set the interface's language here and in what is started from here; ``None`` goes back to the environment's."""
    _choice.set(_Choice(language))


def switch_interface(language: Interface) -> None:
    """Switch the interface's language also where it was set, and in all tasks and threads that were started since."""
    _choice.get().language = language


def say(key: str, language: Interface | None = None, /, **fields: Any) -> str:
    """The sentence of a key, filled with its fields, in ``language`` or the interface's.

    Both stand by their place alone, so that a message may have fields of these names.
    """
    english, chinese = MESSAGES[key] if key in MESSAGES else _others(key)[key]
    return (chinese if (language or interface()) == "zh" else english).format(**fields)


def _others(key: str) -> dict[str, tuple[str, str]]:
    """The sentences of the chat and of evaluations, which no other command loads."""
    if key.startswith("eval-"):
        from askdoc.messages.evaluation_catalog import MESSAGES as EVAL

        return EVAL
    from askdoc.messages.chat_catalog import MESSAGES as CHAT

    return CHAT
