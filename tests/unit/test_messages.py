"""Every sentence said to a person exists in English and in Chinese, with the same fields, and is said somewhere."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import product
from threading import Barrier
from typing import get_args

import pytest
import said

from askdoc.cli.commands import CHAT as CHAT_COMMAND
from askdoc.cli.commands import NAMES
from askdoc.conversation.verify import State
from askdoc.errors import AskdocError
from askdoc.messages import MESSAGES as COMMON
from askdoc.messages import Interface, interface, say, set_interface, switch_interface
from askdoc.messages.chat_catalog import MESSAGES as CHAT
from askdoc.messages.evaluation_catalog import MESSAGES as EVAL
from askdoc.model import LANGUAGES, Alignment, AnswerLanguage, Warning_
from askdoc.text.han import HAN
from askdoc.tui.actions import ACTIONS
from askdoc.tui.screens import GROUPS

MESSAGES = {**COMMON, **CHAT, **EVAL}
SAID, PASSED = said.read()
WORKED_OUT: dict[str, Iterable[str]] = {
    "help-{}": (*NAMES, CHAT_COMMAND),
    "help-{}-examples": (*NAMES, CHAT_COMMAND),
    "help-eval-{}": ("svg", "run", "qrels", "from-run", "from-qrels"),
    "eval-self-{}": ("sentence", "heading", "partial"),
    "verify-{}": (state for state in get_args(State) if state != "same"),
    "render-{}": (alignment for alignment in get_args(Alignment) if alignment != "none"),
    "language-{}": LANGUAGES,
    "chat-do-{}": (action.id for action in ACTIONS),
    "chat-key-{}": (action.id for action in ACTIONS if action.footer or f"chat-key-{action.id}" in CHAT),
    "chat-copied-{}": ("native", "terminal"),
    "chat-mode-{}": get_args(AnswerLanguage),
    "chat-help-{}": GROUPS,
    "chat-alignment-{}": (alignment for alignment in get_args(Alignment) if alignment != "paired"),
}
"""What the code may put where it works out a part of a key."""
PLACES = {key: tuple(words) for key, words in WORKED_OUT.items()}
PASSED_ON = {
    "indexing/build.py: report",  # a plan, not a message
    "cli/ask_command.py: say",  # a warning of a document, whose place of birth is looked at here
    "tui/asking.py: say",
    "errors.py: say",  # an error, likewise
    "indexing/integrity_check.py: say",
}
"""Where a message is said whose key or fields come from elsewhere."""
MIXED = {"chat-placeholder", "chat-mode-zh", "chat-do-interface", "chat-help-words"}
"""Sentences for people of either language."""


def test_no_message_has_two_homes() -> None:
    assert len(MESSAGES) == len(COMMON) + len(CHAT) + len(EVAL)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_a_message_says_the_same_in_both_languages() -> None:
    for key, (english, chinese) in MESSAGES.items():
        assert fields(english) == fields(chinese), key
        if not key.endswith("-examples"):
            assert key in MIXED or not HAN.search(english), key
            words = re.search("[A-Za-z]{3}", re.sub(r"\{[^}]*\}", "", english))
            assert not words or key == "cli-error" or HAN.search(chinese), key


def keys(one: said.Said) -> list[str]:
    return [one.key.format(word) for word in PLACES[one.key]] if "{}" in one.key else [one.key]


def test_every_message_is_said_somewhere() -> None:
    assert set(MESSAGES) - {key for one in SAID for key in keys(one)} == set()


def test_where_a_key_or_its_fields_come_from_is_known() -> None:
    assert {one.where for one in PASSED} == PASSED_ON
    assert {one.key for one in SAID if "{}" in one.key} == set(PLACES)
    assert len(SAID) > 350


def test_a_message_can_be_filled_with_the_fields_it_is_said_with() -> None:
    """Wherever an error, a warning or any other message is made, its sentence takes these very fields."""
    for one in SAID:
        values = {name: 70_000 + number for number, name in enumerate(sorted(one.fields))}
        for whole, language in product(keys(one), ("en", "zh")):
            text = say(whole, language, **values)
            assert all(str(values[name]) in text.replace(",", "") for name in fields(MESSAGES[whole][0])), one.where
            set_interface(language)
            assert str(AskdocError(whole, **values)) == text, one.where
            warning = Warning_(whole, values)
            assert say(warning.key, **warning.fields) == text, one.where


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"ASKDOC_INTERFACE": "zh"}, "zh"),
        ({"ASKDOC_INTERFACE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_interface_follows_the_environment(monkeypatch, environment: dict[str, str], language: str) -> None:
    for name in ("ASKDOC_INTERFACE", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert interface() == language
    assert say("label-line", number=3) == ("第 3 行" if language == "zh" else "line 3")


def test_two_threads_speak_different_languages() -> None:
    both = Barrier(2)

    def spoken(language: Interface) -> str:
        set_interface(language)
        both.wait(10)
        return say("label-line", number=3)

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(spoken, ("en", "zh"))) == ["line 3", "第 3 行"]
    assert interface() == "en"


def test_a_switch_reaches_what_was_started_before_it_and_no_other() -> None:
    other = copy_context()
    other.run(set_interface, "en")

    def talk() -> None:
        set_interface("en")
        started = copy_context()
        copy_context().run(switch_interface, "zh")
        assert interface() == started.run(interface) == "zh"

    copy_context().run(talk)
    assert other.run(interface) == interface() == "en"
