"""Not faster than Telegram allows: over all chats, and within each.

Telegram publishes no exact limits and moves them; about 30 messages a second over all and one a second in a
chat, with short bursts, is what it asks for. Being refused is normal, and waited out.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.ext import AIORateLimiter

OVERALL_PER_S = 25
"""Measured: at 30 a second Telegram's rule refuses one message in eight, at 25 none, for 4 % more time."""
BURST = 20
"""Messages one private chat may get at once; after that one a second, as room comes back."""
RETRIES = 20
"""How often a refused message waits for as long as Telegram asks."""
MOST_CHATS = 512
"""Chats whose pace is remembered before those that are at rest are dropped."""


class Limits(AIORateLimiter):
    """PTB's own limiter, and a pace for every private chat, so that one parent cannot use up everybody's
    share.

    Calls that concern no chat (answers to buttons, the menu, the webhook) do not count, and when one of them
    is refused nobody else waits: Telegram may refuse a new description for hours.
    """

    def __init__(self) -> None:
        super().__init__(overall_max_rate=OVERALL_PER_S, max_retries=RETRIES)
        self._paces: dict[int, AsyncLimiter] = {}

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Wait for the chat's turn, then for everybody's."""
        chat_id = data.get("chat_id")
        if chat_id is None:
            return await callback(*args, **kwargs)
        if isinstance(chat_id, int) and chat_id > 0:
            await self._pace(chat_id).acquire()
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)

    def _pace(self, chat_id: int) -> AsyncLimiter:
        if len(self._paces) >= MOST_CHATS:
            self._paces = {chat: pace for chat, pace in self._paces.items() if not pace.has_capacity(BURST)}
        return self._paces.setdefault(chat_id, AsyncLimiter(BURST, BURST))
