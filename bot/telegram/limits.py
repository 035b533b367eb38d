"""Not faster than Telegram allows: over all chats, and within each. Parents are never behind a broadcast.

Telegram publishes no exact limits and moves them; about 30 messages a second over all and one a second in a
chat, with short bursts, is what it asks for. The first is about telling many something: whoever answers is not made to
wait for a limit that may not be there, until Telegram says that it is. Being refused is normal, and waited out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

OVERALL_PER_S = 30
"""Messages in any one second, as Telegram counts them; see :class:`Turns` for how its count is known here. Measured: of
10 000 none was refused, and 28.0 a second arrived when answers took 50 ms.
"""
CAREFUL_S = 60.0
"""So long after a refusal replies keep to that pace as well."""
BESIDE_S = 2.0
"""So long after a message of a broadcast it counts as going on; within a second Telegram still counts that message."""
LONGEST_ANSWER_S = 1.0
"""A call that is not answered for so long counts as carried out: one that hangs keeps nobody else waiting."""
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
    """Gives out turns, so that a broadcast never makes Telegram count more than ``per_s`` in one second; replies first.

    Replies alone get theirs at once, however many there are, and count. Beside a broadcast, and for a minute after
    Telegram refused something, they keep to the pace too.

    When a message is counted lies between its call and the answer, so a turn is taken from the call until a second
    after the answer. What waits behind replies gets its turns evenly spread, so that a reply finds one within a moment.
    """

    def __init__(self, per_s: int) -> None:
        self._per_s = per_s
        self._taken = 0
        self._replies: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._held_until = 0.0
        self._careful_until = 0.0
        self._spread_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._only_replies = False

    @asynccontextmanager
    async def turn(self, *, is_reply: bool) -> AsyncIterator[None]:
        """Wait for a turn, and have it for as long as the call inside lasts."""
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        if not is_reply and not self._others:
            self._spread_at = max(self._spread_at, loop.time())
        (self._replies if is_reply else self._others).append(turn)
        self._give()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._release()
            raise
        at_the_latest = loop.call_later(LONGEST_ANSWER_S + 1, self._release)
        try:
            yield
        finally:
            if loop.time() + 1 < at_the_latest.when():
                at_the_latest.cancel()
                loop.call_later(1, self._release)

    def hold(self, seconds: float) -> None:
        """Give no turn for so long."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)
        self._spread_at = max(self._spread_at, self._held_until)
        self._careful_until = max(self._careful_until, self._held_until + CAREFUL_S)

    def only_replies(self) -> None:
        """Give turns to replies only, from now on."""
        self._only_replies = True

    def _release(self) -> None:
        self._taken -= 1
        self._give()

    def _give(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while queue := self._next_queue():
            is_reply, now = queue is self._replies, loop.time()
            is_free = is_reply and not self._others and now >= self._careful_until
            if self._taken >= self._per_s and not is_free:
                return
            free_at = self._held_until if is_reply else max(self._held_until, self._spread_at)
            if free_at > now:
                self._timer = loop.call_at(free_at, self._give)
                return
            queue.popleft().set_result(None)
            self._taken += 1
            if not is_reply:
                self._careful_until = max(self._careful_until, now + BESIDE_S)
                self._spread_at = max(self._spread_at, now - CATCH_UP_S) + 1 / self._per_s

    def _next_queue(self) -> deque[asyncio.Future[None]] | None:
        """Return where somebody waits, replies before others; who gave up waiting is passed over."""
        for queue in (self._replies,) if self._only_replies else (self._replies, self._others):
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                return queue
        return None


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
        for left in reversed(range(RETRIES + 1)):
            async with self._turns.turn(is_reply=is_reply):
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as error:
                    if not left:
                        raise
                    seconds = error._retry_after.total_seconds()
            log.info("Telegram asks to wait %.0f s.", seconds)
            self._turns.hold(seconds + MARGIN_S)
        raise AssertionError("the last attempt returns or raises")

    def only_replies(self) -> None:
        """Let nothing begin any more but replies: the program is about to stop."""
        self._turns.only_replies()

    def forget_idle(self) -> None:
        """Forget every chat that may send at full pace again."""
        self._paces = {chat: pace for chat, pace in self._paces.items() if not pace.has_capacity(pace.max_rate)}

    def _pace(self, chat_id: int) -> AsyncLimiter:
        if len(self._paces) >= MOST_CHATS:
            self.forget_idle()
        made = AsyncLimiter(BURST, BURST) if chat_id > 0 else AsyncLimiter(GROUP_PER_MINUTE, 60)
        return self._paces.setdefault(chat_id, made)
