"""Environment variables: the only module that reads them.

Entry points read them once and pass the values on. An empty variable counts as not set.
"""

from __future__ import annotations

import os
from typing import Final, Literal

_NO: Final = frozenset(("0", "off", "no", "false"))

_LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG")
"""The variables of the locale of messages: the first that is set counts."""


def library() -> str | None:
    """Return the library folder that ``$ASKDOC_LIBRARY`` names."""
    return os.environ.get("ASKDOC_LIBRARY") or None


def config() -> str | None:
    """Return the folder of settings that ``$ASKDOC_CONFIG`` names."""
    return os.environ.get("ASKDOC_CONFIG") or None


def interface() -> Literal["en", "zh"] | None:
    """Return the interface's language that ``$ASKDOC_INTERFACE`` names."""
    value = os.environ.get("ASKDOC_INTERFACE", "").strip().lower()
    if value.startswith("zh"):
        return "zh"
    return "en" if value.startswith("en") else None


def locale() -> Literal["en", "zh"]:
    """Return the interface's language that suits the locale: Chinese for a Chinese one, else English."""
    values = (os.environ.get(name) for name in _LOCALES)
    return "zh" if next(filter(None, values), "").lower().startswith("zh") else "en"


def semantic() -> bool | None:
    """Tell whether ``$ASKDOC_SEMANTIC`` enables sentence vectors; ``0``, ``off``, ``no`` and ``false`` disable them."""
    value = os.environ.get("ASKDOC_SEMANTIC", "").strip().lower()
    return value not in _NO if value else None


def debug() -> bool:
    """Tell whether ``$ASKDOC_DEBUG`` requests a traceback for an error of the program."""
    return bool(os.environ.get("ASKDOC_DEBUG"))


def completing() -> bool:
    """Tell whether a shell runs the program to complete a command line."""
    return bool(os.environ.get("_ASKDOC_COMPLETE"))


def dumb_terminal() -> bool:
    """Tell whether the terminal supports neither styles nor full-screen programs."""
    return os.environ.get("TERM") == "dumb"


def colour() -> bool | None:
    """Tell whether styles are forced or disabled; ``None`` if neither."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("NO_COLOR") or dumb_terminal() else None


def has_columns() -> bool:
    """Tell whether ``$COLUMNS`` gives the width of the terminal."""
    return os.environ.get("COLUMNS", "").isdigit()


def remote() -> bool:
    """Tell whether the program runs over ssh."""
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
