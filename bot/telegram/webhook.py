"""Lets Telegram deliver to an address, and sees to it that it goes on doing so.

Another program with the same token ends the deliveries without a word, by polling or with an address of its own, and a
program that only waits to be called would wait for ever. So Telegram is asked, again and again, where it delivers.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NoReturn

from telegram import WebhookInfo
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.telegram.client import Bot
from bot.telegram.errors import TelegramFailure, place
from bot.telegram.incoming import RECEIVED
from bot.telegram.pace import LONGEST_PAUSE_S, Pace
from bot.telegram.polling import REFUSED
from bot.telegram.rival import Rival

log = logging.getLogger(__name__)

ANEW_EVERY_S = 300.0
"""How soon the address may be given again because deliveries fail. It lets Telegram look up the host anew and forget
its pauses, which grow to minutes; more often would only be one more load on what fails."""
FAILING_S = 120.0
"""How long after a delivery that failed it is told; Telegram tries again within a minute or so."""


class Webhook:
    """Has updates delivered to ``url``, each with ``secret``. ``clock`` counts seconds, ``pause`` waits some."""

    def __init__(
        self,
        bot: Bot,
        url: str,
        secret: str | None,
        *,
        pace: Pace,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._pace = pace
        self._clock = clock
        self._pause = pause
        self._rival = Rival(pace)
        self._good_at: float | None = None
        self._is_ours = False
        self._is_well = True
        self._failed_at: datetime | None = None
        self._trouble: tuple[str, float] | None = None
        self._has_looked = False
        self._given_at = float("-inf")

    def is_receiving(self) -> bool:
        """Return whether Telegram said lately that it delivers here.

        That deliveries fail does not count: one program of several may be gone, and a load balancer that asks each of
        them would then send the deliveries to none.
        """
        age_s = self.heard_age_s()
        return self._is_ours and age_s is not None and age_s <= self._pace.stale_s

    def heard_age_s(self) -> float | None:
        """Return how long ago Telegram answered; None when it never did."""
        return None if self._good_at is None else self._clock() - self._good_at

    def trouble(self) -> str | None:
        """Return why Telegram could not deliver lately, with what to do; None when it could."""
        if self._trouble is None or self._clock() - self._trouble[1] > FAILING_S:
            return None
        return (
            f"Telegram could not deliver what parents wrote ({self._trouble[0]}); "
            "look at the proxy and its certificate, and whether each program behind it runs."
        )

    async def give(self) -> None:
        """Give Telegram the address.

        Raises:
            TelegramError: If that cannot be done.
        """
        await self._bot.set_webhook(
            self._url, allowed_updates=RECEIVED, drop_pending_updates=False, secret_token=self._secret
        )
        self._given_at = self._good_at = self._clock()
        self._is_ours = True

    async def keep(self) -> NoReturn:
        """See to it until cancelled that Telegram delivers here.

        Raises:
            TelegramFailure: If the token is refused, or another program keeps taking the deliveries away.
        """
        while True:
            await self._pause(await self._look())

    async def _look(self) -> float:
        """Ask once, and mend what is wrong; return how long to wait until the next time."""
        try:
            seen = await self._bot.get_webhook_info()
            self._good_at = self._clock()
            self._is_ours = seen.url == self._url
            if not self._is_ours:
                self._is_well = False
                self._rival.is_there(self._clock())
                await self.give()
                # Nobody knows yet whether the other takes it away again.
                self._is_ours = False
                return self._rival.pause_s
            if self._fails_anew(seen) and self._clock() - self._given_at >= ANEW_EVERY_S:
                await self.give()
        except InvalidToken:
            raise TelegramFailure(REFUSED) from None
        except RetryAfter as error:
            return max(error._retry_after.total_seconds(), self._pace.look_s)
        except TelegramError as error:
            if self._is_well:
                log.warning("It cannot be seen to that Telegram delivers here (%s); trying until it can.", place(error))
            self._is_well = False
            return min(LONGEST_PAUSE_S, self._pace.look_s)
        if not self._is_well:
            log.warning("Messages are received again.")
        self._is_well = True
        return self._pace.look_s

    def _fails_anew(self, seen: WebhookInfo) -> bool:
        """Tell whether a delivery failed since the last look; what failed before the first one is of before."""
        before, self._failed_at = self._failed_at, seen.last_error_date
        is_first, self._has_looked = not self._has_looked, True
        if is_first or seen.last_error_date in (None, before):
            return False
        self._trouble = seen.last_error_message or "for no reason that it tells", self._clock()
        return True
