"""Copying: what goes to the clipboard, and by which way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from askdoc import environment
from askdoc.model import Hit, Language
from askdoc.text.cleaning import display
from askdoc.text.han import language_of
from askdoc.text.wrap import NO_START

_BLANKLESS: Final = frozenset("，。！？；：、）】」』》〉”’…—（【「『《〈“‘")


def unwrapped(text: str) -> str:
    """Remove the line ends that a narrow screen made: Chinese lines join as they are, others with a blank.

    Where a line is empty a paragraph ends, and the line end stays; indents go.
    """
    joined = ""
    for line in map(str.strip, text.split("\n")):
        if not line:
            joined = joined.rstrip("\n") + "\n\n" if joined else ""
        elif not joined or joined.endswith("\n"):
            joined += line
        else:
            joined += ("" if _wide(joined[-1]) or _wide(line[0]) else " ") + line
    return joined


def _wide(char: str) -> bool:
    return char in _BLANKLESS or (char in NO_START and ord(char) > 0x2000) or language_of(char) == "zh"


def quotation(hit: Hit, languages: tuple[Language, ...]) -> str:
    """Return a passage with its citation, for pasting into a text."""
    quotes = [
        f"{display(hit.versions[language].text)}\n({display(hit.versions[language].label)}; {display(hit.passage_id)})"
        for language in languages
        if language in hit.versions
    ]
    return "\n\n".join(quotes)


def copy(text: str, terminal: Callable[[str], None]) -> str:
    """Put text on the clipboard and return the way taken: ``"native"`` (the system's own) or ``"terminal"`` (OSC 52).

    The terminal's way works over ssh, and some terminals ignore it, so the system's own is tried first; over ssh
    that would be the clipboard of the wrong machine.
    """
    if not environment.remote():
        try:
            import pyperclip

            pyperclip.copy(text)
        except Exception:
            pass
        else:
            return "native"
    terminal(text)
    return "terminal"
