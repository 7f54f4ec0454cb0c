"""The sentences of indexes and the library, in English and in Chinese."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
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
}
