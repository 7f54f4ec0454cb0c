"""Chinese word segmentation with jieba, which only this module imports, and only for a text with Chinese.

jieba's own dictionary object takes half a second to fill, reads and writes a cache in the temporary folder that anybody
can poison, and prints to stderr. Here jieba's algorithm runs over the packaged dictionary alone, filled with just the
entries that a text can use: all that begin with one of its characters. It opens no other file and writes nothing.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from askdoc.analysis.cutting import Cutter, Model
from askdoc.analysis.dictionary import Dictionary
from askdoc.analysis.tokens import Token

_JIEBA_HAN: Final = re.compile("[\u4e00-\u9fd5]+")
"""The characters that jieba treats as Chinese; it returns others one by one."""

REVISION: Final = "chinese-1"
"""Part of the index's fingerprint: increment it when this module's output changes."""

STOP_WORDS: Final = frozenset(
    """
    这是 那是 就是 都是 也是 而是 并不 不会 不能 会不会 能不能 可不可以 为啥 啥 咋 咋样
    的 了 是 在 和 与 及 或 也 都 就 而 着 过 得 地 之 其 于 以 为 被 把 将 从 到 由 对
    向 给 让 使 跟 同 比 按 据 因 所 这 那 此 该 各 每 某 另 这个 那个 这些 那些 这里 那里
    这样 那样 这种 那种 这么 那么 此外 其中 其他 其它 之间 之后 之前 我 你 您 他 她 它 我们 你们
    您们 他们 她们 它们 咱们 自己 大家 人家 有 没 没有 不 不是 并 并且 但 但是 而且 以及 如果
    虽然 因为 因此 所以 于是 然而 不过 只是 还是 或者 无论 即使 尽管 由于 为了 关于 对于 很 更 最
    太 还 又 再 才 只 仅 已 已经 曾 曾经 正在 仍 仍然 便 却 则 即 等 等等 会 能 可 可以 要
    应 应该 必须 需要 能够 可能 个 些 种 次 位 名 只 件 条 项 座 家 中 里 上 下 内 外 前 后
    时 时候 一 一个 一些 一种 一下 一样 吗 呢 吧 啊 呀 嘛 哦 啦 么 什么 甚么 什么样 怎么 怎么样
    怎样 如何 为何 为什么 何 何时 何地 何处 何人 谁 谁的 哪 哪个 哪些 哪里 哪儿 哪位 哪种 哪一 几
    几个 多少 多久 多大 多长 多高 多远 多 是否 是不是 有没有 能否 可否 什么时候 哪一年 哪年 哪一个
    有哪些 是什么 在哪里 什么地方 什么人 请 请问 麻烦 谢谢 告诉 一下 想 想要 知道 说 说明 说说 解释
    介绍 帮 帮我 帮忙 问 问一下 是指 指 叫 叫做 称为 称 多长时间 多快 多深 多宽 多重 多大规模 几次 几年 几天
    """.split()
)
"""Words that carry no content: function words, question words and the politeness around a question."""

_POLITE: Final = frozenset(
    """
    请 请问 麻烦 谢谢 告诉 想 想要 知道 说 说明 说说 解释 介绍 帮 帮我 帮忙 问 问一下 指 叫 叫做
    称为 称 需要 可能 多长时间 多快 多深 多宽 多重 多大规模 几次 几年 几天
    """.split()
)
"""Stop words in a question (请说明, 几年) that are content in a document (说明书, 几年后)."""


def _load_jieba() -> Any:
    """Import jieba without pkg_resources (60 ms and a warning) and without its messages on stderr."""
    absent = object()
    before = sys.modules.get("pkg_resources", absent)
    if before is absent:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # jieba falls back to opening its own file
    try:
        jieba = importlib.import_module("jieba")
    finally:
        if before is absent:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel("CRITICAL")
    return jieba


@lru_cache(maxsize=1)
def _segmenter() -> Any:
    jieba = _load_jieba()
    finalseg = importlib.import_module("jieba.finalseg")
    tokenizer: Any = jieba.Tokenizer
    model = Model(finalseg.start_P, finalseg.trans_P, finalseg.emit_P)

    class Words(tokenizer):  # type: ignore[misc]  # jieba ships no types
        """jieba's tokenizer over the packaged dictionary alone, loaded as texts need it."""

        initialized: bool

        def initialize(self, dictionary: object = None) -> None:
            if self.initialized:
                return
            from importlib import resources

            data = resources.files("jieba").joinpath("dict.txt").read_bytes()
            self._packaged = Dictionary(data)
            self._loaded: set[str] = set()
            self.FREQ: dict[str, int] = {}
            self.total = self._packaged.total
            self._cutter = Cutter(self.FREQ, self.total, model)
            self.initialized = True

        def get_DAG(self, sentence: str) -> Any:  # noqa: N802  (jieba's name)
            self.load(sentence)
            return super().get_DAG(sentence)

        def cut(self, sentence: str, cut_all: bool = False, HMM: bool = True, use_paddle: bool = False) -> Any:  # noqa: N803
            """Return the same words as jieba; its default mode is cut by :class:`Cutter`."""
            if cut_all or not HMM or use_paddle or not _JIEBA_HAN.fullmatch(sentence):
                return super().cut(sentence, cut_all, HMM, use_paddle)
            self.load(sentence)
            return self._cutter.cut(sentence)

        def cut_runs(self, runs: Sequence[str]) -> list[str]:
            """Return the words of several runs of Chinese characters."""
            joined = "".join(runs)
            cut: Callable[[str], Iterable[str]] = self.cut
            if _JIEBA_HAN.fullmatch(joined):
                self.load(joined)
                cut = self._cutter.cut
            words: list[str] = []
            for run in runs:
                words += cut(run)
            return words

        def load(self, sentence: str) -> None:
            """Load all words of the dictionary that begin with a character of a sentence."""
            self.check_initialized()
            if not self._loaded.issuperset(sentence):
                for character in set(sentence) - self._loaded:
                    self._load(character)

        def _load(self, character: str) -> None:
            table = self.FREQ
            entries = self._packaged.entries(character)
            for word, _ in entries:
                for size in range(2, len(word)):
                    table[word[:size]] = (
                        0  # jieba's table has the prefixes of words too; a prefix that is a word keeps its frequency
                    )
            if entries:
                table[character] = 0
            table.update(entries)
            self._loaded.add(character)

    return Words(), threading.Lock()


def segment(run: str) -> list[str]:
    """Split a run of Chinese characters into words (jieba's accurate mode, with its hidden Markov model)."""
    segmenter, lock = _segmenter()
    with lock:
        return list(segmenter.cut(run))


def _parts(word: str) -> Iterator[tuple[str, int]]:
    """Return the dictionary's words of two and three characters inside a longer word, as jieba's search mode does."""
    segmenter, _ = _segmenter()
    table = segmenter.FREQ
    for size in (2, 3):
        if len(word) > size:
            for start in range(len(word) - size + 1):
                piece = word[start : start + size]
                if table.get(piece):
                    yield piece, start


def words(run: str, base: int = 0, *, asking: bool = False) -> Iterator[Token]:
    """Return the tokens of a run of simplified Chinese characters, with offsets from ``base``.

    ``asking`` makes politeness (请问…) stop words too; in a document it is content.
    """
    start = base
    for word in segment(run):
        end = start + len(word)
        if is_stop(word, asking):
            yield Token(word, start, end, "stop")
        else:
            yield Token(word, start, end, "word")
            for piece, offset in _parts(word):
                yield Token(piece, start + offset, start + offset + len(piece), "part")
        start = end


def term_counts(runs: Sequence[str]) -> dict[str, int]:
    """Count the terms of several runs together: those of :func:`words` that are no stop words, without offsets.

    Each different word is analysed once.
    """
    segmenter, lock = _segmenter()
    with lock:
        segments = segmenter.cut_runs(runs)
    counts: dict[str, int] = {}
    for word, count in Counter(segments).items():
        for term in _terms(word):
            counts[term] = counts.get(term, 0) + count
    return counts


@lru_cache(maxsize=65536)
def _terms(word: str) -> tuple[str, ...]:
    """Return the index terms of a word in a document; none for a stop word."""
    if is_stop(word, asking=False):
        return ()
    return (word, *(piece for piece, _ in _parts(word))) if len(word) > 2 else (word,)


def is_stop(word: str, asking: bool) -> bool:
    """Tell whether a word is a stop word; politeness is one only while ``asking``."""
    return word in STOP_WORDS and (asking or word not in _POLITE)


def version() -> str:
    """Return what segmentation depends on: this module's revision and jieba's dictionary, without loading jieba.

    The file size identifies the dictionary: reading jieba's version would add 15 ms to every question.
    """
    path = dictionary_file()
    return f"{REVISION} jieba-{path.stat().st_size if path else 0}"


def dictionary_file() -> Path | None:
    """Return jieba's packaged dictionary, without loading jieba; ``None`` without jieba."""
    spec = find_spec("jieba")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0], "dict.txt") if folders else None
