"""Asks Telegram for updates, for ever: nothing is confirmed that is not written down, and nothing stops it
for good.

PTB's own updater confirms what is in memory, stops silently when its one connection dies, and goes on for
ever beside another program with the same token; hence this one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, NoReturn

from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.store.database import StoreError
from bot.telegram.client import Bot
from bot.telegram.errors import TelegramFailure, place
from bot.telegram.pace import LONGEST_PAUSE_S, NORMAL, Pace
from bot.telegram.rival import Rival

log = logging.getLogger(__name__)

REFUSED = (
    "Telegram does not know this bot: MINIDORP_TOKEN is wrong or was withdrawn; "
    "copy it again from @BotFather (and see that MINIDORP_API_URL is right)."
)


class Polling:
    """Asks ``bot`` for updates and hands them to ``accept``. ``clock`` counts seconds, ``pause``
    waits some.
    """

    def __init__(
        self,
        bot: Bot,
        accept: Callable[[Sequence[object]], Awaitable[None]],
        *,
        pace: Pace = NORMAL,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._accept = accept
        self._pace = pace
        self._clock = clock
        self._pause = pause
        self._offset: int | None = None
        self._good_at: float | None = None
        self._troubles = 0
        self._rival = Rival(pace)

    def is_receiving(self) -> bool:
        """Return whether a poll went well lately, and what it brought could be written down."""
        age_s = self.heard_age_s()
        return age_s is not None and age_s <= self._pace.stale_s

    def heard_age_s(self) -> float | None:
        """Return how long ago that was; None when it never was."""
        return None if self._good_at is None else self._clock() - self._good_at

    async def run(self) -> NoReturn:
        """Receive until cancelled.

        Raises:
            TelegramFailure: If the token is refused, or another program keeps receiving with it.
        """
        while True:
            updates = await self._ask()
            if updates is None:
                continue
            try:
                await self._accept(updates)
            except StoreError:
                await self._bear("Messages of parents stay with Telegram until they can be written down.")
                continue
            self._offset = _confirming(updates)
            self._be_well()
            if updates and self._offset is None:
                # It comes again at once, until the next of a parent confirms it, or Telegram gives it up.
                await self._pause(LONGEST_PAUSE_S)

    async def confirm(self) -> None:
        """Tell Telegram that what was written down need not come again; done at the end, and not
        important.
        """
        if self._offset is None:
            return
        try:
            await self._bot.poll(self._offset, wait_s=0)
        except TelegramError as error:
            log.debug("The last messages were not confirmed: %s", place(error))

    async def _ask(self) -> list[Any] | None:
        """Poll once; nothing when that failed, after a pause. The first one tells at once whether all is well."""
        wait_s = 0 if self._good_at is None or self._troubles else self._pace.poll_s
        try:
            async with asyncio.timeout(self._pace.poll_s + self._pace.hang_s):
                return await self._bot.poll(self._offset, wait_s=wait_s)
        except InvalidToken:
            raise TelegramFailure(REFUSED) from None
        except Conflict:
            self._rival.is_there(self._clock())
            await self._pause(self._rival.pause_s)
        except RetryAfter as error:
            wait = error.retry_after
            await self._pause(wait.total_seconds() if isinstance(wait, timedelta) else wait)
        except (TelegramError, TimeoutError) as error:
            if isinstance(error, BadRequest):
                # What was to be confirmed has a number that Telegram itself does not take.
                self._offset = None
            await self._bear(f"Telegram does not answer ({place(error)}); trying until it does.")
        return None

    async def _bear(self, sentence: str) -> None:
        """Say what is wrong, once, and wait: half a second at first, up to ``LONGEST_PAUSE_S``."""
        if self._troubles == 0:
            log.warning("%s", sentence)
        self._troubles += 1
        await self._bot.renew()
        await self._pause(min(2.0 ** (self._troubles - 2), LONGEST_PAUSE_S))

    def _be_well(self) -> None:
        if self._troubles:
            log.warning("Messages are received again.")
        self._troubles = 0
        self._good_at = self._clock()


def _confirming(updates: Sequence[Any]) -> int | None:
    """Return the offset that confirms these, those without a usable number as far as others go beyond them.

    None when there is nothing to confirm. An offset that were kept would confirm, unread, what comes later with a lower
    number: Telegram begins anew with any number when a week was silent (core.telegram.org/bots/api#update).
    """
    numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
    usable = [number for number in numbers if isinstance(number, int) and not isinstance(number, bool)]
    return max(usable) + 1 if usable else None
