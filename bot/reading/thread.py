"""Messages are read in a thread: in the terminal, in tests, and where a program cannot be forked.

A message takes ten milliseconds or so to read, most of them in numpy, which lets go of the interpreter's lock. One
thread and not several: with as many cores as there are, two would only take the lock from each other and from the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.matching.decision import Decision
from bot.matching.follow_up import Earlier, FollowUp
from bot.matching.reader import Reader
from bot.model import Parent

Found = TypeVar("Found")

SWITCHING_S = 0.0001
"""For ``sys.setswitchinterval``: how long this thread may keep the event loop from going on. With Python's own 5 ms
each step of a reply would wait for so long, and a reply takes many.
"""

_THREAD = ThreadPoolExecutor(1, "reading")


class InThread:
    """A reader whose messages are read in the one thread there is for it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @property
    def version(self) -> str:
        """Which matcher reads."""
        return self._reader.version

    async def decided(self, text: str, parent: Parent, earlier: Earlier) -> Decision:
        """Return the decision on a message."""
        return await _in_its_turn(lambda: self._reader.decided(text, parent, earlier))

    async def followed_up(self, text: str, alone: Decision, earlier: Earlier) -> FollowUp | None:
        """Return what a message asks of the answer before it, or None when it stands by itself."""
        return await _in_its_turn(lambda: self._reader.followed_up(text, alone, earlier))


async def _in_its_turn(read: Callable[[], Found]) -> Found:
    """Return what ``read`` finds, after all that were asked for before it."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, read)
