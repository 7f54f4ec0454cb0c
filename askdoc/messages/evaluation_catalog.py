"""The sentences of evaluations, in English and in Chinese; :func:`askdoc.messages.say` knows them by ``eval-``."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
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
    "eval-trec-line": (
        "Line {line} of {path} has not the {columns} columns of a TREC file. Put blanks between them and none inside.",
        "{path} 的第 {line} 行不是 TREC 文件的 {columns} 列。请用空格分隔各列,列内不要有空格。",
    ),
    "eval-what": (
        "Name a file of judged questions, or use --self to let the document's own pairs ask it.",
        "请给出评测问题文件,或用 --self 以文档自身的双语配对提问。",
    ),
    "eval-either": (
        "--self takes no file of questions and no TREC file: use one or the other.",
        "--self 不能与评测问题文件或 TREC 文件同时使用:请选其一。",
    ),
    "eval-run-judgements": (
        "--from-run needs judgements: name the file of questions or --from-qrels.",
        "--from-run 需要评测标准:请给出评测问题文件或 --from-qrels。",
    ),
    "eval-line-run": (
        "Question {id} is judged by its line, and a TREC run knows passages only. Judge it by its passage id.",
        "问题 {id} 按行号评测,而 TREC run 只认段落编号。请改用段落编号。",
    ),
    "eval-unwritable": (
        "{path} cannot be written ({reason}). Name a file in a folder that is there.",
        "{path} 无法写入({reason})。请给出已有文件夹中的文件名。",
    ),
    "eval-written": ("Written: {path}", "已写入:{path}"),
    "eval-self-pairs": (
        "--self needs passages in both languages that belong together, and there are none. Pair the two versions first"
        " (`askdoc index --pair EN ZH`), or judge some questions yourself.",
        "--self 需要配好对的双语段落,而这里没有。请先把两个版本配对(`askdoc index --pair EN ZH`),或自己写一些评测问题。",
    ),
    "eval-self-title": (
        "The document's own pairs, asked across and within the languages:",
        "用文档自身的双语配对提问,跨语言和同语言:",
    ),
    "eval-self-note": (
        "Known-item search: easier than the questions of people. Good for comparing settings, not as a promise.",
        "这是查找已知内容,比人的提问容易。适合比较设置,不能当作承诺。",
    ),
    "eval-self-sentence": ("a sentence", "一句话"),
    "eval-self-heading": ("a heading", "一个标题"),
    "eval-self-partial": ("a sentence without every third word", "去掉三分之一词的句子"),
    "eval-self-probes": ("asked", "提问数"),
    "eval-direction": ("question → text", "问题 → 文本"),
    "eval-kind": ("kind of question", "问题类型"),
    "eval-count": ("questions", "问题数"),
    "eval-interval": ("95 % of draws in", "95 % 区间"),
    "eval-calibration": (
        "How sure, and how often rightly (expected calibration error {error}):",
        "把握与实际(期望校准误差 {error}):",
    ),
    "eval-bin": (
        "{low}-{high} %: {count} questions, {sure} % sure, {right} % right",
        "{low}-{high} %:{count} 个问题,把握 {sure} %,正确 {right} %",
    ),
    "eval-misses": ("{count} questions went wrong:", "{count} 个问题没有答对:"),
    "eval-miss-rank": ("rank {rank}", "第 {rank} 位"),
    "eval-miss-none": ("not among ten", "不在前十位"),
    "eval-miss-answered": ("answered, and should not be", "不该回答却回答了"),
    "eval-above": ("above it: {label} ({id}, {score})", "排在前面:{label}({id},{score})"),
    "eval-more": ("… and {count} more", "……还有 {count} 个"),
    "eval-diagram": ("Reliability", "可靠性"),
    "eval-diagram-error": (
        "expected calibration error {error}, {count} questions",
        "期望校准误差 {error},{count} 个问题",
    ),
    "eval-diagram-sure": ("how sure", "把握"),
    "eval-diagram-right": ("how often rightly", "实际正确"),
}
