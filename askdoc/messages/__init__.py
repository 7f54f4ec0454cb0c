"""The messages of the program, in English and in Chinese.

``say(key, **fields)`` returns a message in the interface's language: the language set with :func:`set_interface`, else
``$ASKDOC_INTERFACE``, else the locale's. Error messages say what to do next.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final, Literal

from askdoc import environment
from askdoc.messages import document_catalog, help_catalog, index_catalog, question_catalog, terminal_catalog

Interface = Literal["en", "zh"]


class _Choice:
    """A language shared by tasks: each task of the chat has its own context, and all follow a switch."""

    def __init__(self, language: Interface | None = None) -> None:
        self.language = language


_UNSET: Final = _Choice()

_choice: ContextVar[_Choice] = ContextVar("interface", default=_UNSET)

MESSAGES: Final = {
    **question_catalog.MESSAGES,
    **document_catalog.MESSAGES,
    **index_catalog.MESSAGES,
    **terminal_catalog.MESSAGES,
    **help_catalog.MESSAGES,
}


def interface() -> Interface:
    """Return the language of messages, labels and help."""
    return _choice.get().language or environment.interface() or environment.locale()


def chosen() -> bool:
    """Tell whether the interface's language was set in this context or one that it was copied from."""
    return _choice.get().language is not None


def set_interface(language: Interface | None) -> None:
    """Set the interface's language in this context and those copied from it; ``None`` restores the environment's."""
    _choice.set(_Choice(language))


def switch_interface(language: Interface) -> None:
    """Switch the interface's language in the context where it was set and in all contexts copied from it."""
    _choice.get().language = language


def say(key: str, language: Interface | None = None, /, **fields: Any) -> str:
    """Return the message of a key, filled with its fields, in ``language`` or the interface's.

    Both parameters are positional-only, so that a message may have fields of these names.
    """
    english, chinese = MESSAGES[key] if key in MESSAGES else _lazy_catalog(key)[key]
    return (chinese if (language or interface()) == "zh" else english).format(**fields)


def _lazy_catalog(key: str) -> dict[str, tuple[str, str]]:
    """Import the messages of evaluations or of the chat, which no other command loads."""
    if key.startswith("eval-"):
        from askdoc.messages.evaluation_catalog import MESSAGES as EVAL

        return EVAL
    from askdoc.messages.chat_catalog import MESSAGES as CHAT

    return CHAT
