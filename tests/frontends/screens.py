"""How the tests look at the chat: what stands on the screen, what is pressed and clicked."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual import _wait
from textual.pilot import Pilot

from askdoc.lexicon import installed
from askdoc.tui.app import ChatApp, make_app
from askdoc.tui.session import Named

# Textual waits after each key until the process has been idle for 20 ms; ``until`` waits for what takes longer.
_wait.SLEEP_GRANULARITY = 0.005
_wait.SLEEP_IDLE = 0.0005


def rows(app: ChatApp) -> list[str]:
    """The rows of the screen as a person sees them."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def seen(app: ChatApp) -> str:
    """All of the screen."""
    return "\n".join(rows(app))


class Chat:
    """A chat under test: press, type, look."""

    def __init__(self, app: ChatApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def until(self, held: Callable[[], object], seconds: float = 30) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if held():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"it did not come; the screen:\n{seen(self.app)}")

    async def opened(self) -> None:
        """Wait until the document is open."""
        await self.until(lambda: self.app.session.index is not None and self.app._opening is None)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def ask(self, question: str) -> None:
        """Type a question, press Enter, wait for the answer."""
        before = len(self.app.turns) + self.app._folded
        self.app.prompt.put(question)
        await self.press("enter")
        await self.until(lambda: len(self.app.turns) + self.app._folded > before)
        await self.pilot.pause()

    def sees(self, text: str) -> bool:
        """Whether a text stands on the screen; line ends count as nothing."""
        return "".join(text.split()) in "".join(seen(self.app).split())


def chat(
    script: Callable[[Chat], Awaitable[None]],
    *documents: Path | str,
    size: tuple[int, int] = (100, 40),
    library: Path | str | None = None,
) -> None:
    """Run the chat over documents with a script."""

    async def run() -> None:
        app = make_app(Named(tuple(map(str, documents)), None, str(library) if library else None))
        async with app.run_test(size=size, notifications=True) as pilot:
            held = Chat(app, pilot)
            await held.opened()
            await script(held)

    installed()  # the first start makes the dictionary, for seconds; no wait of a script pays for it
    asyncio.run(run())


def in_chat(script: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Make a test of a script that runs in the chat over the fixture ``report``; the script may take more fixtures."""
    _, *fixtures = inspect.signature(script).parameters

    @functools.wraps(script)
    def test(report: Path, **values: object) -> None:
        values |= {"report": report} if "report" in fixtures else {}
        chat(lambda held: script(held, **values), report)

    names = dict.fromkeys(["report", *fixtures])
    test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names]
    )
    return test
