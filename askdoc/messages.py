"""Every sentence said to a person, in English and in Chinese.

``say(key, **fields)`` gives the sentence in the interface's language: the one set with :func:`set_interface`, else
``$ASKDOC_INTERFACE``, else the locale's. Sentences say what to do next.
"""

from __future__ import annotations

import os
from typing import Final, Literal

Interface = Literal["en", "zh"]

_chosen: list[Interface] = []

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- documents ---------------------------------------------------------------------------------------------
    "document-missing": (
        "There is no file {path}. Check the name, or drag the file into the terminal.",
        "没有文件 {path}。请检查文件名,或把文件拖进终端。",
    ),
}


def interface() -> Interface:
    """The language of messages, labels and help: ``"en"`` or ``"zh"``."""
    if _chosen:
        return _chosen[-1]
    wanted = os.environ.get("ASKDOC_INTERFACE", "").strip().lower()
    if wanted[:2] in ("en", "zh"):
        return "zh" if wanted.startswith("zh") else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def set_interface(language: Interface | None) -> None:
    """Choose the interface's language for this process; ``None`` goes back to the environment's."""
    _chosen.clear()
    if language is not None:
        _chosen.append(language)


def say(key: str, /, language: Interface | None = None, **fields: object) -> str:
    """The sentence of a key, filled with its fields, in ``language`` or the interface's."""
    english, chinese = MESSAGES[key]
    return (chinese if (language or interface()) == "zh" else english).format(**fields)
