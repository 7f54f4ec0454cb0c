"""JSON text, written so that nothing in it acts on a screen, and read so that nothing in it surprises."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, Final, TypeVar

from msgspec import convert

from askdoc.errors import AskdocError
from askdoc.model import SCHEMA

T = TypeVar("T")

# Characters that a terminal or a viewer could act on; everything else, Chinese above all, stays readable.
_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def dumps(value: Any, indent: int | None = None) -> str:
    """Return JSON text: Chinese readable, and nothing in it that a terminal acts on. Always valid UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _UNSAFE.sub(lambda match: json.dumps(match.group())[1:-1], text)


def loads(text: str, type_: type[T]) -> T:
    """Return the value of JSON text, checked to be of a type; fields that the type does not name are left out.

    Raises ValueError for anything else, and for what JSON leaves open: a name twice, NaN and infinity, integers of
    thousands of digits, nesting without end. (msgspec's own parser refuses lone surrogates, which questions may hold,
    and takes a name twice.)
    """
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_finite)
        return convert(value, type_)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        name, count = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"{name!r} {count}×")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text[:40])
    return number


def error(problem: AskdocError) -> dict[str, Any]:
    """Return an error as JSON values."""
    return {"schema": SCHEMA, "error": {"kind": problem.kind, "message": str(problem)}}
