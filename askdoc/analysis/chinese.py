"""Chinese words by jieba; the only module that imports it, and only when a text holds Chinese.

jieba's own dictionary object takes half a second to fill, reads and writes a cache in the temporary folder that anybody
can poison, and speaks on stderr. Here jieba's algorithm runs unchanged over the packaged dictionary alone, filled
with just the entries that a text can use: all entries that begin with one of its characters, found by halving in the
file that jieba 0.42.1 ships, whose order is known. In another version's they are searched for one by one while they are
few, as in a question, and found all at once with numpy for a document. It opens nothing else and writes nothing.
"""

from __future__ import annotations

import importlib
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from askdoc.analysis.tokens import Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REVISION: Final = "chinese-1"
"""Part of the index's fingerprint: a change of what this module gives is a new revision."""

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
"""These are content in a document (说明书, 几年后), and politeness or a question word in a question (请说明, 几年)."""


_SCANS: Final = 24
"""So many characters, a long question's, are searched for one by one before all lines are found with numpy."""

_KNOWN_SIZE: Final = 5071852
_KNOWN_CRC: Final = 0x1394096D
_KNOWN_TOTAL: Final = 60101967
"""The sum of all frequencies in the dictionary of jieba 0.42.1, which is of this size and checksum (a test adds it up)."""
_KNOWN_HEAD: Final = 725
"""The first bytes of the same, whose lines have no order; from here on they follow their first characters (a test looks)."""


def _load_jieba() -> Any:
    """Import jieba without what it does not need: pkg_resources (60 ms and a warning), and its voice on stderr."""
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


class _Dictionary:
    """jieba's packaged dictionary, opened once; entries are handed out by their first character."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._scanned = 0
        self._surveyed = False
        self._known = len(data) == _KNOWN_SIZE and zlib.crc32(data) == _KNOWN_CRC
        self.total = _KNOWN_TOTAL if self._known else self._survey()

    def _survey(self) -> int:
        """Find all lines and their first characters; gives the sum of all frequencies."""
        import numpy as np

        data = self._data
        raw = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(raw == 10)
        if not data.endswith(b"\n"):
            ends = np.append(ends, len(data))
        starts = np.concatenate((np.zeros(1, dtype=ends.dtype), ends[:-1] + 1))
        self._starts, self._ends = starts, ends
        self._keys = self._first_characters(raw, starts)
        self._order = np.argsort(self._keys, kind="stable")
        self._sorted = self._keys[self._order]
        self._surveyed = True
        return self._sum(raw, ends)

    @staticmethod
    def _first_characters(raw: NDArray[np.uint8], starts: NDArray[np.intp]) -> NDArray[np.uint32]:
        """The first four bytes of each line as one number, cut to the length of its first UTF-8 character."""
        import numpy as np

        padded = np.concatenate((raw, np.zeros(4, dtype=np.uint8)))
        lead = padded[starts].astype(np.uint32)
        key = lead << 24
        for place, least in ((1, 0xC0), (2, 0xE0), (3, 0xF0)):
            byte = padded[starts + place].astype(np.uint32) << (24 - 8 * place)
            key |= np.where(lead >= least, byte, 0).astype(np.uint32)
        return key.astype(np.uint32)

    @staticmethod
    def _sum(raw: NDArray[np.uint8], ends: NDArray[np.intp]) -> int:
        """The sum of all frequencies: the middle field of each line, "word frequency tag"."""
        import numpy as np

        spaces = np.flatnonzero(raw == 32)
        if len(spaces) != 2 * len(ends):
            message = "the dictionary of this version of jieba has another form; install jieba 0.42.1"
            raise RuntimeError(message)
        first, second = spaces[0::2], spaces[1::2]
        total = 0
        for digit in range(int((second - first).max()) - 1):
            places = second - 1 - digit
            inside = places > first
            total += int((raw[places[inside]].astype(np.int64) - 48).sum()) * 10**digit
        return total

    def entries(self, character: str) -> Iterator[tuple[str, int]]:
        """The words that begin with a character, with their frequencies, in the file's order."""
        code = character.encode("utf-8", "replace")[:4]
        if self._known:
            yield from self._halve(code)
            return
        if not self._surveyed and self._scanned < _SCANS:
            self._scanned += 1
            yield from self._scan(code)
            return
        import numpy as np

        if not self._surveyed:
            self._survey()
        key = int.from_bytes(code.ljust(4, b"\0"), "big")
        low, high = np.searchsorted(self._sorted, np.array([key, key + 1], dtype=np.uint64))
        lines = self._order[low:high]
        data = self._data
        for start, end in zip(self._starts[lines].tolist(), self._ends[lines].tolist(), strict=True):
            word, count = data[start:end].split(b" ", 2)[:2]
            yield word.decode("utf-8"), int(count)

    def _halve(self, code: bytes) -> Iterator[tuple[str, int]]:
        """The same where the lines' order is known: a dozen microseconds and what the entries themselves take."""
        data = self._data
        yield from self._scan(code, _KNOWN_HEAD)
        low, high = _KNOWN_HEAD, len(data)
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", 0, middle) + 1
            if data[start : start + len(code)] < code:
                low = data.find(b"\n", middle) + 1 or len(data)
            else:
                high = start
        while data.startswith(code, low):
            end = data.find(b"\n", low)
            yield self._entry(low, end)
            low = end + 1

    def _scan(self, code: bytes, stop: int | None = None) -> Iterator[tuple[str, int]]:
        """The same by searching the whole file: two milliseconds a character, where all lines take a hundred."""
        data = self._data
        stop = len(data) if stop is None else stop
        at = 0 if data.startswith(code) else data.find(b"\n" + code, 0, stop) + 1
        while at or data.startswith(code, at):
            end = data.find(b"\n", at)
            yield self._entry(at, end if end >= 0 else len(data))
            at = data.find(b"\n" + code, at, stop) + 1
            if not at:
                return

    def _entry(self, start: int, end: int) -> tuple[str, int]:
        word, count = self._data[start:end].split(b" ")[:2]
        return word.decode("utf-8"), int(count)


@lru_cache(maxsize=1)
def _segmenter() -> Any:
    jieba = _load_jieba()

    tokenizer: Any = jieba.Tokenizer

    class Words(tokenizer):  # type: ignore[misc]  # jieba ships no types
        """jieba's tokenizer over the packaged dictionary alone, filled in as texts need it."""

        initialized: bool

        def initialize(self, dictionary: object = None) -> None:
            if self.initialized:
                return
            from importlib import resources

            data = resources.files("jieba").joinpath("dict.txt").read_bytes()
            self._packaged = _Dictionary(data)
            self._loaded: set[str] = set()
            self.FREQ: dict[str, int] = {}
            self.total = self._packaged.total
            self.initialized = True

        def get_DAG(self, sentence: str) -> Any:  # noqa: N802  (jieba's name)
            self.check_initialized()
            if not self._loaded.issuperset(sentence):
                for character in set(sentence) - self._loaded:
                    self._load(character)
            return super().get_DAG(sentence)

        def _load(self, character: str) -> None:
            table = self.FREQ
            for word, count in self._packaged.entries(character):
                table[word] = count
                for size in range(1, len(word)):
                    table.setdefault(word[:size], 0)
            self._loaded.add(character)

    return Words(), threading.Lock()


def segment(run: str) -> list[str]:
    """jieba's words of a run of Chinese characters (accurate mode, with its hidden Markov model for unknown words)."""
    segmenter, lock = _segmenter()
    with lock:
        return list(segmenter.cut(run))


def _parts(word: str) -> Iterator[tuple[str, int]]:
    """The dictionary's words of two and three characters inside a longer word: jieba's search mode."""
    segmenter, _ = _segmenter()
    table = segmenter.FREQ
    for size in (2, 3):
        if len(word) > size:
            for at in range(len(word) - size + 1):
                piece = word[at : at + size]
                if table.get(piece):
                    yield piece, at


def words(run: str, base: int = 0, *, asking: bool = False) -> Iterator[Token]:
    """The tokens of a run of simplified Chinese characters, offsets counted from ``base``.

    ``asking`` drops politeness as well (请问…), which is content in a document.
    """
    at = base
    for word in segment(run):
        end = at + len(word)
        if is_stop(word, asking):
            yield Token(word, at, end, "stop")
        else:
            yield Token(word, at, end, "word")
            for piece, inner in _parts(word):
                yield Token(piece, at + inner, at + inner + len(piece), "part")
        at = end


def counted(runs: Iterable[str]) -> dict[str, int]:
    """How often the terms of :func:`words` that are no stop words occur in some runs together.

    Without their places; each word is looked at once however often it occurs.
    """
    segmenter, lock = _segmenter()
    found: list[str] = []
    with lock:
        for run in runs:
            found.extend(segmenter.cut(run))
    counts: dict[str, int] = {}
    for word, times in Counter(found).items():
        for term in _terms(word):
            counts[term] = counts.get(term, 0) + times
    return counts


@lru_cache(maxsize=65536)
def _terms(word: str) -> tuple[str, ...]:
    """What a word of a document is found by; nothing for a stop word."""
    if is_stop(word, asking=False):
        return ()
    return (word, *(piece for piece, _ in _parts(word))) if len(word) > 2 else (word,)


def grams(run: str) -> Iterator[tuple[str, int]]:
    """The characters and the overlapping pairs of characters of a run, with their places: the net under jieba."""
    for at, character in enumerate(run):
        yield character, at
        if at + 1 < len(run):
            yield run[at : at + 2], at


def is_stop(word: str, asking: bool) -> bool:
    """True for a word without content; the politeness of questions counts only while ``asking``."""
    return word in STOP_WORDS and (asking or word not in _POLITE)


def version() -> str:
    """What segmentation depends on: this module's revision and jieba's packaged dictionary, without loading jieba.

    The size stands for the dictionary: asking for jieba's version would cost every question 15 ms.
    """
    found = find_spec("jieba")
    places = list(found.submodule_search_locations or ()) if found else []
    size = Path(places[0], "dict.txt").stat().st_size if places else 0
    return f"{REVISION} jieba-{size}"
