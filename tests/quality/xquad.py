"""XQuAD as retrieval: half of its articles in both languages, from the folder that $ASKDOC_SHARED names.

All questions are asked over all passages. Folds leave articles out: eight, by the article's place in sorted order.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from askdoc.analysis.sentence_encoder import Encoder, installed
from askdoc.index import Index
from askdoc.indexing.plan import default_components
from askdoc.model import LANGUAGES, Document, Language, Passage, Place, SourceInfo, Version
from askdoc.storage.writing.memory_index import MemoryIndex

FOLDS = 8


@dataclass(frozen=True)
class Question:
    """A question in both languages, the passage that answers it, and the answer."""

    id: str
    article: str
    fold: int
    passage: int
    text: dict[Language, str]
    answer: dict[Language, str]


@lru_cache(maxsize=1)
def load() -> dict[str, Any]:
    """The data as it is in the file."""
    shared = os.environ.get("ASKDOC_SHARED", "")
    return json.loads((Path(shared) / "eval" / "xquad_dev.json").read_text("utf-8"))


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """All questions."""
    data = load()
    articles = [passage["article"] for passage in data["passages"]]
    places = {article: at % FOLDS for at, article in enumerate(sorted(set(articles)))}
    return tuple(
        Question(
            question["id"],
            articles[question["passage"]],
            places[articles[question["passage"]]],
            question["passage"],
            question["question"],
            {language: question["answer"][language]["text"] for language in LANGUAGES},
        )
        for question in data["questions"]
    )


def passages(languages: Iterable[Language] = LANGUAGES, without: Collection[str] = ()) -> list[Passage]:
    """The passages of the articles that are not left out, in these languages."""
    return [
        Passage(
            str(passage["id"]),
            {
                language: Version(passage["text"][language], Place("xquad", (1, 1), None, (0, 1)))
                for language in languages
            },
            "paired",
            "1:1",
            1.0,
        )
        for passage in load()["passages"]
        if passage["article"] not in without
    ]


def index(found: list[Passage], *, semantic: bool = False) -> Index:
    """An open index of passages, in memory, ranked by postings; with sentence vectors where the extra is installed."""
    document = Document("xquad", {}, (), tuple(found), (SourceInfo("xquad", 0, 0, 0, "", "utf-8"),))
    encoder = Remembered(installed()) if semantic else None
    return Index(MemoryIndex([document], default_components().analyzer, encoder=encoder), encoder=encoder)


class Remembered:
    """An encoder that encodes a text once: the same passages are asked in many collections."""

    kept: ClassVar[dict[str, NDArray[np.float32]]] = {}

    def __init__(self, encoder: Encoder | None) -> None:
        assert encoder is not None, "needs the extra askdoc[semantic]"
        self._encoder = encoder
        self.name, self.dimensions = encoder.name, encoder.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :class:`askdoc.analysis.sentence_encoder.Encoder`."""
        new = [text for text in dict.fromkeys(texts) if text not in self.kept]
        if new:
            self.kept.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self.kept[text] for text in texts])
