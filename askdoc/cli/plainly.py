"""A question without any option, asked without click: loading it and making the command is a sixth of a start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

DEFAULTS: Final[dict[str, Any]] = {
    "name": None,
    "library": None,
    "answer_language": "auto",
    "limit": 3,
    "section": None,
    "everywhere": False,
    "form": "text",
    "colour": "auto",
}
"""What click gives ``ask`` where no option is given; a test compares the two."""


def is_plain(given: Sequence[str]) -> bool:
    """Whether a line is ``ask`` and words, none of which click could read as an option."""
    return len(given) > 1 and given[0] == "ask" and not any(word.startswith("-") for word in given)


def ask(given: Sequence[str]) -> int:
    """Ask the words of a plain line; gives the exit code."""
    from askdoc.cli import asking

    return asking.ask(" ".join(given[1:]), (), **DEFAULTS)
