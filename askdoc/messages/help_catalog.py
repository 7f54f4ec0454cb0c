"""The sentences of help, in English and in Chinese."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
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
