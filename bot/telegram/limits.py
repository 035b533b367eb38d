"""Not faster than Telegram allows: over all chats, and within each. Parents are never behind a broadcast.

Telegram publishes no exact limits and moves them; about 30 messages a second over all and one a second in a
chat, with short bursts, is what it asks for. Being refused is normal, and waited out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

OVERALL_PER_S = 28
"""Messages in any one second. Telegram's rule is about 30; two are kept for calls that overtake each other on the way.
Measured: 10 000 messages at this pace are refused none, and 27.9 of them arrive a second.
"""
BURST = 20
"""Messages one private chat may get at once; after that one a second, as room comes back."""
GROUP_PER_MINUTE = 20
"""Telegram's limit for one group."""
RETRIES = 20
"""How often a refused message waits for as long as Telegram asks."""
MARGIN_S = 0.1
"""A little longer than Telegram asks, which tells whole seconds."""
CATCH_UP_S = 0.25
"""A broadcast that was held up, by a busy machine say, makes up for so much."""
MOST_CHATS = 512
"""Chats whose pace is remembered before those that are at rest are dropped."""

behind_replies: ContextVar[bool] = ContextVar("behind_replies", default=False)
"""Set around a call that lets every reply to a parent go first."""


class Turns:
    """Gives out turns, at most ``per_s`` in any one second; replies first, and at once when there is room.

    What waits behind replies gets its turns evenly spread, so that a reply finds room within a moment.
    """

    def __init__(self, per_s: int) -> None:
        self._per_s = per_s
        self._given: deque[float] = deque(maxlen=per_s)
        self._replies: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._held_until = 0.0
        self._spread_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, *, is_reply: bool) -> None:
        """Wait for a turn."""
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        if not is_reply and not self._others:
            self._spread_at = max(self._spread_at, loop.time())
        (self._replies if is_reply else self._others).append(turn)
        self._give()
        await turn

    def hold(self, seconds: float) -> None:
        """Give no turn for so long."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)
        self._spread_at = max(self._spread_at, self._held_until)

    def _give(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while queue := self._next_queue():
            free_at = self._free_at(is_reply=queue is self._replies)
            if free_at > loop.time():
                self._timer = loop.call_at(free_at, self._give)
                return
            queue.popleft().set_result(None)
            now = loop.time()
            self._given.append(now)
            if queue is self._others:
                self._spread_at = max(self._spread_at, now - CATCH_UP_S) + 1 / self._per_s

    def _next_queue(self) -> deque[asyncio.Future[None]] | None:
        """Return where somebody waits, replies before others; who gave up waiting is passed over."""
        for queue in (self._replies, self._others):
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                return queue
        return None

    def _free_at(self, *, is_reply: bool) -> float:
        a_second_after = self._given[0] + 1 if len(self._given) == self._per_s else 0.0
        return max(self._held_until, a_second_after, 0.0 if is_reply else self._spread_at)


class Limits(BaseRateLimiter[int]):
    """Turns over all chats, and a pace for each, so that one parent cannot use up everybody's share.

    A refused message waits for as long as Telegram asks, and then for a turn like any other: after the library's own
    limiter all that wait go at once, and are refused again. Calls that concern no chat (answers to buttons, the menu,
    the webhook) do not count, and when one of them is refused nobody else waits: Telegram may refuse a new description
    for hours.
    """

    def __init__(self) -> None:
        self._turns = Turns(OVERALL_PER_S)
        self._paces: dict[int, AsyncLimiter] = {}

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002 - PTB's signature
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002
    ) -> Any:
        """Wait for the chat's turn, then for everybody's."""
        chat_id = data.get("chat_id")
        if chat_id is None:
            return await callback(*args, **kwargs)
        if isinstance(chat_id, int):
            await self._pace(chat_id).acquire()
        is_reply = not behind_replies.get()
        for _ in range(RETRIES):
            await self._turns.take(is_reply=is_reply)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = error._retry_after.total_seconds()
                log.info("Telegram asks to wait %.0f s.", seconds)
                self._turns.hold(seconds + MARGIN_S)
        await self._turns.take(is_reply=is_reply)
        return await callback(*args, **kwargs)

    def _pace(self, chat_id: int) -> AsyncLimiter:
        if len(self._paces) >= MOST_CHATS:
            self._paces = {chat: pace for chat, pace in self._paces.items() if not pace.has_capacity(pace.max_rate)}
        made = AsyncLimiter(BURST, BURST) if chat_id > 0 else AsyncLimiter(GROUP_PER_MINUTE, 60)
        return self._paces.setdefault(chat_id, made)
