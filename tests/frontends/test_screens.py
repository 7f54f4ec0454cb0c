"""What ten states of the chat look like, in two sizes and two interface languages, row by row.

The pictures are texts in tests/data/screens, so that they are read in a review and hold for every version of Textual.
After a change that is meant: ``ASKDOC_SCREENS=write python -m pytest tests/frontends/test_screens.py``, then read the
difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from screens import Chat, chat, rows
from test_chat import TEXT

PICTURES = Path(__file__).parents[1] / "data" / "screens"


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=["60x20", "120x40"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chat_looks_as_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], language: str
) -> None:
    monkeypatch.setenv("ASKDOC_INTERFACE", language)
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    found: dict[str, str] = {}

    async def script(held: Chat) -> None:
        async def picture(name: str) -> None:
            await held.until(lambda: all(turn.settled for turn in held.app.turns))
            before: list[str] = []
            still = 0
            while still < 4:  # until nothing moves any more
                await held.pilot.pause(0.02)
                still = still + 1 if rows(held.app) == before else 0
                before = rows(held.app)
            found[name] = "\n".join(before) + "\n"

        greeting = held.app.query_one("#greeting")
        await held.until(lambda: greeting.suggestions)
        held.app.prompt.cursor_blink = False
        await picture("01-greeting")
        await held.ask("How many ships were unloaded?")
        await picture("02-answer")
        await held.until(lambda: held.app.turns[-1].settled)
        await held.ask("那春天呢?")
        await picture("03-follow-up")
        for _ in range(3):  # one by one: what is scrolled to depends on what was laid out at the key
            await held.press("f6")
            await picture("04-both-languages")
        await held.press("f6")
        await held.until(lambda: held.app.turns[-1].settled)
        await held.ask("Where do bananas come from in Brazil?")
        await picture("05-not-found")
        await held.ask("Who was pleased with the quay?")
        await held.until(lambda: held.app.turns[-1].settled)
        await held.press("alt+1")
        await picture("06-source")
        await held.press("escape", "escape")
        if held.app.source.has_class("open"):
            await held.press("f7")
        held.app.prompt.put("「船」")
        await held.press("enter")
        await held.until(lambda: held.app.query("PlacesView"))
        await picture("07-every-place")
        await held.press("f1")
        await picture("08-help")
        await held.press("escape", "ctrl+p")
        await picture("09-commands")
        await held.press("escape", "ctrl+t")
        await picture("10-contents")

    chat(script, path, size=size)
    assert len(found) == 10
    for name, seen in found.items():
        seen = re.sub(r"\d+ ?%", "NN%", seen)  # the calibration may change, the screen need not
        held = PICTURES / f"{name}-{size[0]}x{size[1]}-{language}.txt"
        if os.environ.get("ASKDOC_SCREENS") == "write":
            held.parent.mkdir(exist_ok=True)
            held.write_text(seen, "utf-8")
        assert seen == held.read_text("utf-8"), name
