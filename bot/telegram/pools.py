"""Several small pools of connections instead of one large one.

For each call httpcore looks several times through all connections of its pool, and tells of each anew whether it is
still alive: with forty calls under way that is a third of what a reply costs. So the calls are shared out over pools of
a few connections, the first with room: a bot at rest uses one pool, and with it the connection it used before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import Any

from telegram.request import BaseRequest, HTTPXRequest, RequestData

EACH = 4
"""Calls that a pool carries before the next is used."""

if find_spec("sniffio") is None:
    # httpcore asks for this module several times in each call. Python remembers what it found, but a module that is not
    # there it looks for on the disk each time, unless it is told.
    sys.modules["sniffio"] = None  # type: ignore[assignment]


class Pools(BaseRequest):
    """As many pools as ``connections`` need; ``make`` makes one of the size it is given."""

    def __init__(self, connections: int, make: Callable[[int], HTTPXRequest]) -> None:
        self._pools = [make(2 * EACH) for _ in range(-(-connections // EACH))]
        self._under_way = [0] * len(self._pools)

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """Parse an answer as the pools do."""
        return self._pools[0].parse_json_payload(payload)

    @property
    def read_timeout(self) -> float | None:
        """How long an answer is waited for, in seconds."""
        return self._pools[0].read_timeout

    async def initialize(self) -> None:
        """Make the pools ready."""
        for pool in self._pools:
            await pool.initialize()

    async def shutdown(self) -> None:
        """Close every connection."""
        async with AsyncExitStack() as stack:
            for pool in self._pools:
                stack.push_async_callback(pool.shutdown)

    async def do_request(  # type: ignore[override]
        self, url: str, method: str, request_data: RequestData | None = None, **timeouts: Any
    ) -> tuple[int, bytes]:
        """Make a call over the first pool with room, else over the one with the least to do."""
        at = next((at for at, under_way in enumerate(self._under_way) if under_way < EACH), None)
        if at is None:
            at = self._under_way.index(min(self._under_way))
        self._under_way[at] += 1
        try:
            return await self._pools[at].do_request(url, method, request_data, **timeouts)
        finally:
            self._under_way[at] -= 1
