"""The connection to the Bot API: pools and timeouts, and updates as Telegram sent them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, cast

from httpx import Response, create_ssl_context
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.reminders.deliver import IN_FLIGHT
from bot.telegram.incoming import RECEIVED
from bot.telegram.lanes import PLACES
from bot.telegram.limits import Limits
from bot.telegram.pools import Pools

POLL_S = 4
"""How long Telegram may keep a poll open; it takes at most 50. A connection that dies without a word is noticed when
the poll is late, so this and ``LATE_S`` are how long nothing is received after the network is back.
"""
LATE_S = 4
"""How much later than that an answer may come. Telegram keeps a poll open for 3 seconds even when asked not to wait."""
SPARE_CONNECTIONS = 16 + IN_FLIGHT
"""For calls that are not replies, beside one for every place: a pool that is too small refuses calls."""
ANSWER_S = 7
"""How long an answer of Telegram is waited for."""


MAY_BE_OFF = timedelta(days=1)
"""How far this machine's clock may be from Telegram's before nobody is erased by it; a wrong time zone is less."""


class TelegramClock:
    """What time it is at Telegram, as each of its answers says; between two of them by the time that passed here."""

    def __init__(self, elapsed: Callable[[], float] = monotonic) -> None:
        self._elapsed = elapsed
        self._told: tuple[str | None, float] | None = None

    async def note(self, answer: Response) -> None:
        """Keep what an answer says."""
        self._told = answer.headers.get("Date"), self._elapsed()

    def agrees(self, now: datetime) -> bool:
        """Tell whether ``now`` is about the time at Telegram; False before it answered.

        A server of the Bot API that tells no time is believed to agree: else nothing would be forgotten there, ever.
        """
        if self._told is None:
            return False
        told, at = self._told
        if told is None:
            return True
        try:
            there = parsedate_to_datetime(told) + timedelta(seconds=self._elapsed() - at)
        except ValueError:
            return True
        return abs(now - there) <= MAY_BE_OFF


class Request(HTTPXRequest):
    """PTB's request, which does not log what it could not read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer of the Bot API.

        Raises:
            TelegramError: If it is no JSON object, when something else than Telegram answered.
        """
        try:
            parsed = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise TelegramError("The answer is not one of the Bot API.")
        return parsed


class Bot(ExtBot[int]):
    """PTB's bot with our pools, and a poll that hands updates over unread.

    Unread, because they are written down before anybody tries to understand them: one that PTB cannot parse
    is then one update lost, and not a bot that fetches the same hundred for ever.
    """

    __slots__ = ("_clock", "_limits", "_polling")

    def __init__(self, token: str, api_url: str) -> None:
        root = api_url.rstrip("/")
        clock = TelegramClock()
        kept: dict[str, Any] = {
            # Made once: to read the list of authorities takes 40 ms, at the start and each time the network is back.
            "verify": create_ssl_context(),
            "event_hooks": {"response": [clock.note]},
        }
        polling = Request(
            connection_pool_size=4,
            connect_timeout=LATE_S,
            read_timeout=LATE_S,
            pool_timeout=LATE_S,
            httpx_kwargs=kept,
        )
        calls = Pools(
            PLACES + SPARE_CONNECTIONS,
            lambda size: Request(
                connection_pool_size=size,
                connect_timeout=5,
                read_timeout=ANSWER_S,
                write_timeout=10,
                pool_timeout=30,
                httpx_kwargs=kept,
            ),
        )
        limits = Limits()
        super().__init__(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=calls,
            get_updates_request=polling,
            rate_limiter=limits,
        )
        self._clock = clock
        self._limits = limits
        self._polling = polling

    def __repr__(self) -> str:
        """Name the bot without its token, which PTB would show."""
        return "Bot[token=…]"

    async def poll(self, offset: int | None, *, wait_s: int = POLL_S) -> list[dict[str, Any]]:
        """Wait for updates, as Telegram sends them; ``offset`` confirms every one with a lower id."""
        data: dict[str, Any] = {"timeout": wait_s, "allowed_updates": list(RECEIVED), "offset": offset}
        return cast("list[dict[str, Any]]", await self._post("getUpdates", data, read_timeout=wait_s + LATE_S))

    def clock_agrees(self, now: datetime) -> bool:
        """Tell whether ``now`` is about the time at Telegram."""
        return self._clock.agrees(now)

    def forget_idle(self) -> None:
        """Forget the chats that nothing was sent to lately; a chat is known no longer than it is needed."""
        self._limits.forget_idle()

    def only_replies(self) -> None:
        """Begin no message any more that nobody asked for; the program is about to stop."""
        self._limits.only_replies()

    async def renew(self) -> None:
        """Drop the connections that polls use: one that died without a word would be waited for again."""
        await self._polling.shutdown()
        await self._polling.initialize()
