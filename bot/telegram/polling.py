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
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.store.database import StoreError
from bot.telegram.client import POLL_S, Bot
from bot.telegram.errors import TelegramFailure, place

log = logging.getLogger(__name__)

REFUSED = (
    "Telegram does not know this bot: MINIDORP_TOKEN is wrong or was withdrawn; "
    "copy it again from @BotFather (and see that MINIDORP_API_URL is right)."
)
CONFLICT = (
    "Another program receives messages for the same bot, so both miss some; "
    "stop that one, or give this one another MINIDORP_TOKEN."
)

LONGEST_PAUSE_S = 3.0
"""Pauses while something is wrong double up to this; parents are answered again so soon after it is over."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds.

    ``poll_s``: how long Telegram may hold a poll. ``hang_s``: how much longer a poll may take before it is
    given up. ``conflict_s``: how long another program is borne. ``again_s``: after what time a conflict
    counts as another one. ``stale_s``: how old the last good poll may be before receiving counts as broken.
    """

    poll_s: int = POLL_S
    hang_s: float = 20
    conflict_s: float = 60
    again_s: float = 45
    stale_s: float = 30


NORMAL = Pace()
"""The pace outside tests."""


class Polling:
    """Asks ``bot`` for updates and hands them to ``accept``. ``clock`` counts seconds, ``pause``
    waits some.
    """

    def __init__(
        self,
        bot: Bot,
        accept: Callable[[Sequence[dict[str, Any]]], Awaitable[None]],
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
        self._conflict_since = self._conflict_at = float("-inf")

    def is_receiving(self) -> bool:
        """Return whether a poll went well lately, and what it brought could be written down."""
        return self._good_at is not None and self._clock() - self._good_at <= self._pace.stale_s

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
            if updates:
                self._offset = max(update["update_id"] for update in updates) + 1
            self._be_well()

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

    async def _ask(self) -> list[dict[str, Any]] | None:
        """Poll once; nothing when that failed, after a pause. The first one tells at once whether all is well."""
        wait_s = 0 if self._good_at is None or self._troubles else self._pace.poll_s
        try:
            async with asyncio.timeout(self._pace.poll_s + self._pace.hang_s):
                return await self._bot.poll(self._offset, wait_s=wait_s)
        except InvalidToken:
            raise TelegramFailure(REFUSED) from None
        except Conflict:
            await self._bear_conflict()
        except RetryAfter as error:
            wait = error.retry_after
            await self._pause(wait.total_seconds() if isinstance(wait, timedelta) else wait)
        except (TelegramError, TimeoutError) as error:
            await self._bear(f"Telegram does not answer ({place(error)}); trying until it does.")
        return None

    async def _bear(self, sentence: str) -> None:
        """Say what is wrong, once, and wait: half a second at first, up to ``LONGEST_PAUSE_S``."""
        if self._troubles == 0:
            log.warning("%s", sentence)
        self._troubles += 1
        await self._bot.renew()
        await self._pause(min(2.0 ** (self._troubles - 2), LONGEST_PAUSE_S))

    async def _bear_conflict(self) -> None:
        now = self._clock()
        if now - self._conflict_at > self._pace.again_s:
            self._conflict_since = now
            log.warning("%s", CONFLICT)
        self._conflict_at = now
        if now - self._conflict_since > self._pace.conflict_s:
            raise TelegramFailure(CONFLICT)
        await self._pause(min(3.0, self._pace.conflict_s / 4))

    def _be_well(self) -> None:
        if self._troubles:
            log.warning("Messages are received again.")
        self._troubles = 0
        self._good_at = self._clock()
