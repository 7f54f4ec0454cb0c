"""Regular expressions that are compiled when they are first used: all at once, they cost every start 30 ms."""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    """Becomes its pattern, method by method: each is looked up once, and is from then on the pattern's own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)  # re keeps what it compiled
        setattr(self, name, found)
        return found


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern whose methods and attributes are those of ``re.compile(pattern, flags)``; an error shows at first use."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
