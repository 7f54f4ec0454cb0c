"""The sentences of the command line's answers, in English and in Chinese."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
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
    "render-greeting": (
        "Hello. Ask something about the document, or what it is about.",
        "你好!可以就文档提问,也可以问它讲了什么。",
    ),
    "render-thanks": ("You are welcome.", "不客气。"),
    "render-whole": ("From the document itself:", "文档自身的内容:"),
    "render-absent-author": ("The document does not name its author.", "文档没有写明作者。"),
    "render-absent-date": ("The document does not say when it was written.", "文档没有写明日期。"),
    "render-facts": (
        "Sections: {sections} · passages: {passages} · {languages}",
        "章节:{sections} · 段落:{passages} · {languages}",
    ),
    "render-length-en": ("English words: {count}", "英文单词:{count}"),
    "render-length-zh": ("Chinese characters: {count}", "中文字数:{count}"),
    "render-further": ("… and {count} more", "……还有 {count} 个"),
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
}
