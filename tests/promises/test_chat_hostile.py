"""A document, its name, a question: nothing of them drives the terminal, the program or the clipboard in the chat."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import struct
import sys
import termios
import time
from pathlib import Path

import pytest
from screens import Chat, chat, rows

SEQUENCES = {
    "clipboard": "\x1b]52;c;SEVMTE8=\x07",
    "title": "\x1b]0;OWNED\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[3J",
    "report": "\x1b[6n\x1b[c",
    "device": "\x1bP+q544e\x1b\\",
    "application": "\x1b_Gi=1\x1b\\",
    "reset": "\x1bc",
    "c1": "\x9b31m\x9d0;OWNED\x9c",
    "bidi": "\u202eabc\u202c",
    "open": "\x1b]52;c;never closed",
}
FORBIDDEN = (
    *b"\x1b]52 \x1b]0; \x1b]8; \x1b[3J \x1b[6n \x1bP+q544e \x1b_G \x1bc \xc2\x9b \xc2\x9d".split(),
    "\u202e".encode(),
)
BRACKETS = (
    "[/foo]", "[b", "[/", "[@click=app.leave]harbour[/]", "[link='file:///etc/passwd']harbour[/link]",
    "[bold red]harbour", "[[harbour]]", "\\[harbour]", "$text-error [$primary]", "[@click='app.leave()']",
)  # fmt: skip


class Terminal:
    """The real program on a pseudo-terminal; keeps every byte it wrote."""

    def __init__(self, *words: str) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.executable, [sys.executable, "-m", "askdoc", *words])
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 130, 0, 0))
        self.written = b""

    def until(self, wanted: bytes, seconds: float = 30) -> None:
        """Read until the output holds some bytes from here on."""
        start = len(self.written)
        end = time.monotonic() + seconds
        while wanted not in self.written[start:]:
            if time.monotonic() > end:
                raise AssertionError(f"{wanted!r} did not come; the end of what came: {self.written[-800:]!r}")
            self.read(0.1)

    def read(self, seconds: float) -> None:
        """Read what comes for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.handle], [], [], left)[0]:
                try:
                    self.written += os.read(self.handle, 65536)
                except OSError:
                    return

    def settle(self, seconds: float = 10) -> None:
        """Read until nothing comes any more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before = len(self.written)
            self.read(0.12)
            if len(self.written) == before:
                return

    def type(self, text: str) -> None:
        """Type."""
        os.write(self.handle, text.encode())


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_no_sequence_of_a_document_reaches_the_terminal(tmp_path: Path) -> None:
    lines = [f"Harbour report {SEQUENCES['title']}", ""]
    for name, sequence in SEQUENCES.items():
        lines += [
            f"Heading {name} {sequence}",
            "",
            f"The harbour {name} before {sequence} after. 港口{sequence}报告。",
            "",
        ]
    path = tmp_path / "harbour \x1b]0;OWNED\x07 \u202e.txt"
    path.write_text("\n".join(lines), "utf-8")
    held = Terminal(str(path))
    held.until(b"passages in")
    held.settle()
    held.type("What is in the harbour clipboard?\r")
    held.until(b"[1]")
    # The source, the languages, every place, back, the search: then the places of a phrase.
    for keys in ("", "\x1b[18~", "\x1b[17~", "\x1b[17~", "\x1b[18~", "\x1b[15~", "\x1b\x1b", "\x06", "\x1b"):
        held.type(keys)
        held.settle()
    held.type("“harbour”\r")
    held.settle()
    held.type("\x11")
    held.settle()
    assert len(held.written) > 5_000
    assert [each for each in FORBIDDEN if each in held.written] == []


def test_brackets_are_text_and_no_click_on_them_acts(tmp_path: Path, seed: int, stress: int) -> None:
    path = tmp_path / "[b]harbour[@click=app.leave].txt"
    path.write_text("\n\n".join(f"The harbour report {text} number {at}." for at, text in enumerate(BRACKETS)), "utf-8")

    async def script(held: Chat) -> None:
        for text in BRACKETS:
            await held.ask(f"harbour report {text}")
            assert held.sees(f"> harbour report {text}")
        held.app.tell("[@click=app.leave]x[/] [/foo]")
        await held.pilot.pause()
        assert held.sees("[@click=app.leave]x[/] [/foo]")
        left: list[str] = []
        held.app.action_leave = lambda: left.append("left")  # type: ignore[method-assign]
        held.app.open_hit = lambda hit: None  # type: ignore[method-assign]
        places = [
            (column, row)
            for row, text in enumerate(rows(held.app))
            if 0 < row < 27 and "[" in text
            for column in sorted({at + 1 for at, char in enumerate(text) if char in "[@"} | {len(text) // 2})
            if column < 78
        ]
        assert len(places) > 20
        for place in random.Random(seed).sample(places, min(len(places), 20 * stress)):
            await held.pilot.click(offset=place)
        assert left == []
        assert held.app.is_running

    chat(script, path, size=(80, 30))


def test_any_text_of_brackets_shows_as_it_is(tmp_path: Path, seed: int, stress: int) -> None:
    dice = random.Random(seed)
    pieces = ["[", "]", "/", "@click=", "app.leave", "bold", "$x", "'", '"', "\\", " ", "=", "(", ")", "港", "b"]
    texts = ["".join(dice.choices(pieces, k=12)) for _ in range(60)]
    path = tmp_path / "brackets.txt"
    path.write_text("\n\n".join(f"harbour {text} quay." for text in texts), "utf-8")

    async def script(held: Chat) -> None:
        for text in texts[: 4 * stress]:
            await held.ask(f"harbour {text}")
            assert held.sees(f"> harbour {text}".strip())
        await held.press("f7")
        assert held.app.is_running

    chat(script, path, size=(100, 40))
