"""What stands in for parts of the standard library that cost a start more than they are used for."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from io import StringIO

import pytest

from askdoc import hashing
from askdoc.cli import screen


@pytest.mark.parametrize("columns", [None, "", "0", "-1", "37", "1000", "many", " 50 ", "٣٣"])
@pytest.mark.parametrize("terminal", [None, 0, 120])
def test_the_columns_are_those_of_shutil(
    columns: str | None, terminal: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)

    def size(descriptor: int) -> os.terminal_size:
        if terminal is None:
            raise OSError
        return os.terminal_size((terminal, 24))

    monkeypatch.setattr(os, "get_terminal_size", size)
    assert screen._columns() == shutil.get_terminal_size((80, 24)).columns
    monkeypatch.setattr(sys, "__stdout__", StringIO())
    assert screen._columns() == shutil.get_terminal_size((80, 24)).columns
    monkeypatch.setattr(sys, "__stdout__", None)
    assert screen._columns() == shutil.get_terminal_size((80, 24)).columns


def test_the_hash_is_hashlib_s() -> None:
    assert hashing.blake2b is hashlib.blake2b
