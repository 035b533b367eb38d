"""The thread in which messages are read, one after another, while the event loop goes on with everybody else's reply.

A message takes ten milliseconds or so to read, most of them in numpy, which lets go of the interpreter's lock. One
thread and not several: with as many cores as there are, two would only take the lock from each other and from the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Found = TypeVar("Found")

SWITCHING_S = 0.0001
"""For ``sys.setswitchinterval``: how long this thread may keep the event loop from going on. With Python's own 5 ms
each step of a reply would wait for so long, and a reply takes many.
"""

_THREAD = ThreadPoolExecutor(1, "reading")


async def in_its_turn(read: Callable[[], Found]) -> Found:
    """Return what ``read`` finds, after all that were asked for before it. It may not touch the store."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, read)
