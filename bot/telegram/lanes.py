"""Order within a chat, none between chats: a lane for each chat, and a limited number of places for all.

A lane never takes more than one place, and goes to the back of the row after every update, so that a chat
that floods delays itself and nobody else.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from datetime import timedelta
from typing import Generic, TypeVar

from bot.telegram.errors import place

log = logging.getLogger(__name__)

Item = TypeVar("Item")

PLACES = 32
"""Updates handled at once. More makes each of them slower: the cost of a call grows with the calls in
flight.
"""


class Lanes(Generic[Item]):
    """Hands items to ``handle``, one at a time for each lane. ``handle`` deals with its own errors."""

    def __init__(self, handle: Callable[[Item], Awaitable[None]], places: int = PLACES) -> None:
        self._handle = handle
        self._places = places
        self._lanes: dict[Hashable, deque[Item]] = {}
        self._ready: deque[Hashable] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def add(self, lane: Hashable, item: Item) -> None:
        """Put an item at the end of its lane; after :meth:`stop` it is left alone."""
        if self._is_closed:
            return
        if lane in self._lanes:
            self._lanes[lane].append(item)
            return
        self._lanes[lane] = deque([item])
        self._ready.append(lane)
        self._fill()

    def has_waiting(self, lane: Hashable) -> bool:
        """Return whether an item waits in a lane, besides the one that is handled."""
        return bool(self._lanes.get(lane))

    async def idle(self) -> None:
        """Return when nothing waits and nothing runs."""
        while self._running:
            await asyncio.wait(self._running)

    async def stop(self, *, empty: timedelta, finish: timedelta) -> None:
        """Handle what waits for at most ``empty``, then only finish what runs for at most ``finish``."""
        try:
            await asyncio.wait_for(self.idle(), empty.total_seconds())
        except TimeoutError:
            self._is_closed = True
            if self._running:
                await asyncio.wait(self._running, timeout=finish.total_seconds())
        self._is_closed = True
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _fill(self) -> None:
        while self._ready and len(self._running) < self._places and not self._is_closed:
            task = asyncio.create_task(self._step(self._ready.popleft()))
            self._running.add(task)
            task.add_done_callback(self._leave)

    async def _step(self, lane: Hashable) -> None:
        try:
            await self._handle(self._lanes[lane].popleft())
        finally:
            if self._lanes[lane]:
                self._ready.append(lane)
            else:
                del self._lanes[lane]

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("An update could not be handled: %s", place(error))
        self._fill()
