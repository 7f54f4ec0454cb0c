"""JSON that is written acts on no screen; JSON that is read is what was wanted, or is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askdoc.text import json_text

HAZARDS = "\x00\x1b\x7f\x85\x9b\u00ad\u061c\u200b\u200e\u2028\u2029\u202e\u2066\ufeff\ufffb\udfff\ud800 \U000e0041"


def test_what_acts_on_a_screen_is_escaped_and_comes_back() -> None:
    text = json_text.dumps({"question": f"大门{HAZARDS}😀"})
    assert text.isprintable()
    assert "大门" in text and "😀" in text
    assert json_text.loads(text, dict[str, str]) == json.loads(text) == {"question": f"大门{HAZARDS}😀"}
    text.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "{'a': 1}",
        "[1]",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": ' + "9" * 5_000 + "}",
        '{"a": 1, "a": 1}',
        '{"b": {"a": 1, "a": 1}}',
        "[" * 200_000,
        '{"a":' * 200_000,
    ],
    ids=lambda text: text[:16],
)
def test_what_is_no_object_or_means_nothing_sure_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        json_text.loads(text, dict[str, Any])
    assert len(str(caught.value)) < 300
