"""Every update is written down before Telegram is told that it arrived, and erased when its reply is out.

Polling and the webhook both hand what they got to :meth:`Receiver.accept`, and confirm only when that
returned. A program that was killed finds the unfinished ones when it starts again, and handles those first.
An update that is delivered twice is handled once. What may happen is that a reply was out and the kill came
before that was noted: then, and only for what was being handled at that moment, it is sent again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from bot import metrics
from bot.store import dialogues, inbox
from bot.store.database import Store, StoreError
from bot.store.locks import NO_CHAT
from bot.telegram.floods import Level, Levels, judge, marked, pace_of
from bot.telegram.incoming import LARGEST_ID, RECEIVED, chat_of, is_wanted
from bot.telegram.lanes import Lanes

log = logging.getLogger(__name__)

Update = dict[str, Any]
"""An update as Telegram sent it."""
REMEMBERED = timedelta(days=1)
"""How long the id of a finished update is known; Telegram delivers nothing that is older."""
LEFT = timedelta(seconds=3)
"""An update that waits so long may have been left behind by a process that is gone; whoever can, handles it."""
LEFT_AT_ONCE = 200
"""How many of those are taken up in one look."""


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


class Receiver:
    """Between Telegram and ``handle``, which gets one update at a time for each chat and deals with
    errors.
    """

    def __init__(
        self,
        store: Store,
        handle: Callable[[Update], Awaitable[None]],
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._handle = handle
        self._clock = clock
        self._lanes: Lanes[Update] = Lanes(self._take)
        self._order = asyncio.Lock()
        self._is_open = False
        self._levels = Levels()
        self._arrived: list[Update] = []
        self._unnoted: set[int] = set()
        self._next_write: asyncio.Task[None] | None = None
        self._queued_at: dict[int, float] = {}

    async def accept(self, updates: Sequence[Update]) -> None:
        """Write updates down; when this returns they may be confirmed. What is far too much of one chat is left out.

        Once begun it is finished, even when the caller goes away: what is written down is also handled.

        Raises:
            ValueError: If one is not an update at all.
            StoreError: If they cannot be written down; then none is, and none may be confirmed.
        """
        for update in updates:
            if not _is_update(update):
                raise ValueError("This is not an update: it has no update_id.")
        wanted = [update for update in updates if is_wanted(update)]
        if wanted:
            self._arrived += wanted
            await self._write()

    async def take_up(self) -> None:
        """Handle what was left unfinished, by its ids; from now on new updates are handled too.

        A clock that was set back between two messages would turn their times round.
        """
        await self.tidy()
        async with self._order:
            async with self._store.reading() as connection:
                left = await inbox.unfinished(connection)
            if left:
                log.info("%d messages were waiting for a reply; they come first.", len(left))
            self._is_open = True
            for _, payload in sorted(left):
                self._queue(json.loads(payload))

    async def take_up_left(self) -> None:
        """Handle what another process wrote down and has not got to; nothing when this process is the only one.

        Raises:
            StoreError: If that cannot be read.
        """
        if self._store.is_a_file:
            return
        async with self._store.reading() as connection:
            left = await inbox.unfinished(connection, self._clock() - LEFT, LEFT_AT_ONCE)
        for _, payload in left:
            update = json.loads(payload)
            if not self._lanes.has_waiting(chat_of(update)):
                self._queue(update)

    async def tidy(self) -> None:
        """Note what could not be noted before, forget old ids and expired dialogues, and clean the disk."""
        now = self._clock()
        self._levels.forget_calm(now)
        await self._write()
        async with self._store.writing() as connection:
            await inbox.prune(connection, now - REMEMBERED)
            await dialogues.prune(connection, now)
        await self._store.clean()

    async def idle(self) -> None:
        """Return when every update that was accepted is handled."""
        await self._lanes.idle()

    async def stop(self, *, empty: timedelta, finish: timedelta) -> None:
        """Handle what waits, then finish what runs; what is left is taken up by the next start."""
        await self._lanes.stop(empty=empty, finish=finish)

    async def _write(self) -> None:
        """Write down what arrived and note which replies are out, together with all who want that at this moment.

        To wait for the disk takes as long for thirty as for one; what comes while it is waited for is written next.

        Raises:
            StoreError: If it cannot be written. Then nothing is, and what arrived is with Telegram still.
        """
        if self._next_write is None:
            self._next_write = asyncio.create_task(self._write_together())
        await asyncio.shield(self._next_write)

    async def _write_together(self) -> None:
        async with self._order:
            self._next_write = None
            arrived, self._arrived = self._arrived, []
            # In one order everywhere, or two transactions could wait for each other.
            noted = sorted(self._unnoted)
            if not arrived and not noted:
                return
            now = self._clock()
            new: list[Update] = []
            levels: dict[int | None, Level] = {}
            dropped = 0
            async with self._store.writing(at_once=True) as connection:
                for update in arrived:
                    chat_id = chat_of(update)
                    level, verdict = judge(levels.get(chat_id) or self._levels.of(chat_id), now)
                    if verdict == "dropped":
                        levels[chat_id] = level
                        dropped += 1
                        continue
                    kept = marked(update, verdict)
                    if await inbox.accept(connection, update["update_id"], chat_id, json.dumps(kept), now):
                        levels[chat_id] = level
                        new.append(kept)
                if noted:
                    await inbox.finish(connection, noted, now)
            # Kept only now: what could not be written down comes again, and counts once.
            self._levels.keep(levels)
            self._unnoted.difference_update(noted)
            if self._is_open:
                for update in new:
                    self._queue(update)
        metrics.FLOODS.labels("dropped").inc(dropped)
        for update in new:
            metrics.UPDATES.labels(_kind(update)).inc()
            if (pace := pace_of(update)) != "calm":
                metrics.FLOODS.labels(pace).inc()

    def _queue(self, update: Update) -> None:
        self._queued_at[update["update_id"]] = monotonic()
        self._lanes.add(chat_of(update), update)

    async def _take(self, update: Update) -> None:
        """Handle an update; where several processes work, the oldest of its chat, if no other process is at it."""
        if self._store.is_a_file:
            await self._reply(update)
            return
        chat_id = chat_of(update)
        lock = NO_CHAT if chat_id is None else chat_id
        try:
            if not await self._store.locks.take(lock):
                return
            try:
                first = await self._next(chat_id)
                if first is not None:
                    await self._reply(first)
            finally:
                await self._store.locks.let_go(lock)
            # Another process may have written one down and not got the lock, just before it was given back.
            if not self._lanes.has_waiting(chat_id) and (following := await self._next(chat_id)) is not None:
                self._queue(following)
        except StoreError as error:
            if not self._store.trouble:
                log.warning("A message waits until the database answers: %s", error)
        finally:
            self._queued_at.pop(update["update_id"], None)

    async def _next(self, chat_id: int | None) -> Update | None:
        async with self._store.reading() as connection:
            found = await inbox.next_of_chat(connection, chat_id, self._unnoted)
        return None if found is None else json.loads(found[1])

    async def _reply(self, update: Update) -> None:
        queued_at = self._queued_at.pop(update["update_id"], None)
        await self._handle(update)
        if queued_at is not None:
            metrics.REPLY_SECONDS.observe(monotonic() - queued_at)
        self._unnoted.add(update["update_id"])
        try:
            await self._write()
        except StoreError as error:
            if not self._store.trouble:
                log.warning("A reply is out, but that could not be noted yet: %s", error)


def _kind(update: Update) -> str:
    return next(kind for kind in RECEIVED if isinstance(update.get(kind), dict))


def _is_update(update: object) -> bool:
    if not isinstance(update, dict):
        return False
    number = update.get("update_id")
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST_ID
