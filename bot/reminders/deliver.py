"""Sends what is due, each message once: the outbox is asked for a few at a time, and told how each ended.

What it says and how it gets to Telegram are given as functions. A message whose program died is sent once more, and so
is one whose answer was lost; those are the only ones that can come twice, and nobody is missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from bot import metrics
from bot.errors import place
from bot.reminders.changes import ON_THE_WAY
from bot.reminders.wall import after_quiet, quiet_hours
from bot.store import deliveries, parents
from bot.store.database import Store, StoreError
from bot.store.deliveries import Delivery, Quiet

log = logging.getLogger(__name__)

Said = TypeVar("Said")
"""What is sent; only the two functions know what that is."""

IN_FLIGHT = 32
"""Messages under way at once. At 30 a second it covers answers that take a second; it is also how many can come twice
after a crash.
"""
GATHERING_S = 0.2
"""Endings are noted and new messages taken so often, in one transaction: the disk is written five times a second and
not thirty.
"""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 3.0
"""While Telegram is away it is asked again and again whether it is there, with pauses that double; messages wait."""
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=5), timedelta(minutes=10)
"""After how long a message that could not be sent is due again; it doubles, but ends when Telegram is back."""
LOST_RETRY = timedelta(seconds=1)
"""After how long one whose answer was lost is: it waited long already, and goes only when Telegram is there."""
FINISHING_S = 2.0
"""How long messages under way may take when the program stops."""
NOTING_S = 1.0
"""How long noting them may take then; what is not noted goes once more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending one message ended.

    ``blocked`` and ``gone``: the parent blocked the bot, or left Telegram; ``migrated``: the chat has a new id,
    ``new_chat_id``; ``refused``: Telegram will never take it; ``later``: it never left, or Telegram is in trouble;
    ``lost``: nobody knows whether it arrived. ``problem`` is a few words for whoever runs the bot.
    """

    kind: Literal["sent", "blocked", "gone", "migrated", "refused", "later", "lost"]
    problem: str = ""
    new_chat_id: int | None = None


SKIPPED = Outcome("sent", "nothing to tell")
TROUBLE = ("later", "lost")
"""How messages end while Telegram is away."""


async def _always() -> bool:
    return True


class Deliverer(Generic[Said]):
    """Takes messages from the outbox while it may (see ``may_send_until``) and hands them to ``send``.

    ``compose`` returns what to say, or None when there is nothing to say any more. ``is_there`` tells whether Telegram
    answers; it is asked after a failure, before the next message is risked. ``hold_back`` is called when the program
    stops: what did not leave by then need not leave any more.
    """

    def __init__(
        self,
        store: Store,
        compose: Callable[[Delivery, datetime], Awaitable[Said | None]],
        send: Callable[[int, Said], Awaitable[Outcome]],
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        is_there: Callable[[], Awaitable[bool]] = _always,
        hold_back: Callable[[], None] = lambda: None,
    ) -> None:
        self.may_send_until: datetime | None = None
        self._store = store
        self._compose = compose
        self._send = send
        self._zone = zone
        self._clock = clock
        self._pause = pause
        self._is_there = is_there
        self._hold_back = hold_back
        self._woken = asyncio.Event()
        self._running: dict[asyncio.Task[None], int] = {}
        self._ended: list[tuple[Delivery, Outcome]] = []
        self._away_s = 0.0
        self._was_away = False

    def wake(self) -> None:
        """Look whether something is due."""
        self._woken.set()

    async def run(self) -> NoReturn:
        """Deliver for ever, each time it is woken; when cancelled, finish what is under way."""
        is_said = False
        try:
            while True:
                await self._wait()
                try:
                    await self.deliver_due()
                    is_said = False
                except StoreError as error:
                    if not is_said and not self._store.trouble:
                        log.warning("Messages wait until the database answers: %s", error)
                    is_said = True
                    await self._pause(FIRST_PAUSE_S)
                    self.wake()
                except Exception as error:
                    log.error("Messages could not be sent: %s", place(error))  # noqa: TRY400 - never its words
        finally:
            await self._stop()

    async def _wait(self) -> None:
        """Wait to be woken; after a failure not for long, as what failed is soon due again."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._away_s or None)
        self._woken.clear()

    async def deliver_due(self) -> None:
        """Send everything that is due now.

        Raises:
            StoreError: If the outbox does not answer; what was sent is noted the next time.
        """
        while True:
            await self._note()
            if self._away_s and not self._running and not await self._is_back():
                await self._pause(self._away_s)
                self._away_s = min(2 * self._away_s, LONGEST_PAUSE_S)
                continue
            await self._take()
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                await self._pause(self._away_s or GATHERING_S)
            elif not self._ended:
                return

    async def _is_back(self) -> bool:
        """Ask whether Telegram is there. When it comes back, what waited for it is due at once."""
        is_there = await self._is_there()
        if is_there and self._was_away:
            self._away_s = FIRST_PAUSE_S
            await self._hasten()
        self._was_away = not is_there
        return is_there

    async def _hasten(self) -> None:
        now = self._clock()
        quiet = quiet_hours(now, self._zone)
        # What waits for the end of the quiet hours goes on waiting for it.
        before = min(now + LONGEST_RETRY, quiet[1]) if quiet else now + LONGEST_RETRY
        async with self._store.writing() as connection:
            await deliveries.hasten(connection, now, before)

    async def take_back(self) -> None:
        """Let go out again what somebody who is gone was sending; only for whoever may send."""
        own = {*self._running.values(), *(delivery.id for delivery, _ in self._ended)}
        async with self._store.writing() as connection:
            count = await deliveries.take_back(connection, own)
        if count:
            log.info("%d messages were being sent when a program ended; they go once more.", count)

    async def _take(self) -> None:
        now = self._clock()
        room = (1 if self._away_s else IN_FLIGHT) - len(self._running)
        if room <= 0 or self.may_send_until is None or now >= self.may_send_until:
            return
        async with self._store.writing() as connection:
            taken = await deliveries.claim(connection, now, room, self._quiet(now))
        for delivery in taken:
            task = asyncio.create_task(self._deliver(delivery))
            self._running[task] = delivery.id
            task.add_done_callback(self._running.pop)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            said = await self._compose(delivery, self._clock())
            is_wanted = said is not None and await self._is_wanted(delivery)
            outcome = SKIPPED if said is None or not is_wanted else await self._send(delivery.chat_id, said)
        except StoreError:
            outcome = Outcome("later", "the database did not answer")
        except Exception as error:
            log.error("A message could not be made: %s", place(error))  # noqa: TRY400 - never its words
            outcome = Outcome("refused", place(error))
        self._ended.append((delivery, outcome))

    async def _is_wanted(self, delivery: Delivery) -> bool:
        """Look once more before it goes out: a parent may have stopped since it was taken."""
        async with self._store.reading() as connection:
            return await deliveries.is_being_sent(connection, delivery.id)

    async def _note(self) -> None:
        """Note how messages ended, all in one transaction."""
        ended = list(self._ended)
        if not ended:
            return
        now = self._clock()
        finished: defaultdict[tuple[deliveries.State, str | None], list[int]] = defaultdict(list)
        async with self._store.writing() as connection:
            for delivery, outcome in ended:
                if outcome is SKIPPED:
                    finished["skipped", outcome.problem].append(delivery.id)
                elif outcome.kind == "sent" or (outcome.kind == "lost" and delivery.problem == outcome.problem):
                    finished["sent", outcome.problem or None].append(delivery.id)
                elif outcome.kind == "lost":
                    await deliveries.put_back(connection, delivery.id, now + LOST_RETRY, outcome.problem)
                elif outcome.kind == "later":
                    due_at = self._retry_at(delivery, now)
                    await deliveries.put_back(connection, delivery.id, due_at, outcome.problem)
                elif outcome.new_chat_id is not None and delivery.problem != outcome.kind:
                    await deliveries.put_back(connection, delivery.id, now, outcome.kind)
                    await parents.move(connection, delivery.chat_id, outcome.new_chat_id)
                else:
                    finished["failed", outcome.problem].append(delivery.id)
                if outcome.kind in ("blocked", "gone"):
                    await parents.cannot_be_reached(connection, delivery.chat_id, now)
            for (state, problem), ids in finished.items():
                await deliveries.finish(connection, ids, state, now, problem)
        for _, outcome in ended:
            metrics.DELIVERIES.labels("skipped" if outcome is SKIPPED else outcome.kind).inc()
        del self._ended[: len(ended)]
        if all(outcome.kind in TROUBLE for _, outcome in ended):
            self._away_s = min(max(2 * self._away_s, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        elif self._away_s:
            self._away_s = 0.0
            await self._hasten()

    def _retry_at(self, delivery: Delivery, now: datetime) -> datetime:
        """Return when to try again; what was not due in quiet hours does not come to be due in them."""
        retry_at = now + min(FIRST_RETRY * 2 ** min(delivery.attempts - 1, 10), LONGEST_RETRY)
        is_urgent = quiet_hours(delivery.due_at, self._zone) is not None
        return retry_at if is_urgent else after_quiet(retry_at, self._zone)

    def _quiet(self, now: datetime) -> Quiet | None:
        hours = quiet_hours(now, self._zone)
        return Quiet(*hours, hours[1] + ON_THE_WAY) if hours else None

    async def _stop(self) -> None:
        """Finish what is under way, for a few seconds; what is left goes out once more after the next start."""
        self._hold_back()
        if self._running:
            await asyncio.wait(self._running, timeout=FINISHING_S)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(NOTING_S):
                await self._note()
