"""Every sentence said to a person exists in English and in Chinese, with the same fields, and is said somewhere."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import askdoc
from askdoc.messages import MESSAGES as COMMON
from askdoc.messages import interface, say
from askdoc.messages_chat import MESSAGES as CHAT
from askdoc.messages_eval import MESSAGES as EVAL
from askdoc.text import HAN

MESSAGES = {**COMMON, **CHAT, **EVAL}
CODE = {
    path: path.read_text("utf-8")
    for path in Path(askdoc.__file__).parent.rglob("*.py")
    if path.name not in ("messages.py", "messages_chat.py", "messages_eval.py")
}
MADE = re.compile(r'f"((?:help|render|language|verify|chat-[a-z]+|help-eval|eval-self)-)\{')
MIXED = {"chat-placeholder", "chat-mode-zh", "chat-do-interface", "chat-help-words"}
"""Sentences for people of either language."""


def test_no_message_has_two_homes() -> None:
    assert len(MESSAGES) == len(COMMON) + len(CHAT) + len(EVAL)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_a_message_says_the_same_in_both_languages(key: str) -> None:
    english, chinese = MESSAGES[key]
    assert fields(english) == fields(chinese)
    assert key.endswith("-examples") or key in MIXED or not HAN.search(english)
    if (
        re.search("[A-Za-z]{3}", re.sub(r"\{[^}]*\}", "", english))
        and not key.endswith("-examples")
        and key != "cli-error"
    ):
        assert HAN.search(chinese)


def test_every_message_is_said_somewhere() -> None:
    prefixes = {prefix for text in CODE.values() for prefix in MADE.findall(text)}
    unsaid = [
        key
        for key in MESSAGES
        if not any(f'"{key}"' in text for text in CODE.values()) and not key.startswith(tuple(prefixes))
    ]
    assert unsaid == []


def test_every_message_that_is_said_exists() -> None:
    said = re.compile(
        r'(?:say|Warning_|[A-Z]\w+(?:Error|Exceeded|Malformed|Missing|NotFound|Unreadable|Locked))\(\s*"([a-z]+-[a-z-]+)"'
    )
    missing = {key for text in CODE.values() for key in said.findall(text)} - set(MESSAGES)
    assert missing == set()


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
