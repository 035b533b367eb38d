"""Every update is written down before Telegram is told that it arrived, and erased when its reply is out.

Polling and the webhook both hand what they got to :meth:`Receiver.accept`, and confirm only when that
returned. A program that was killed finds the unfinished ones when it starts again, and handles those first.
An update that is delivered twice is handled once. What may happen is that a reply was out and the kill came
before that was noted: then, and only for what was being handled at that moment, it is sent again.

A message on which the program ends, as one may that a library cannot bear, would end every start. So it is counted:
when it was being read at that moment, and before a later start takes up what was left. What was counted is handled
last, and alone; what was counted thrice is not read any more, and its parent is told.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeGuard

from bot import metrics
from bot.reading.errors import EndedByMessageError
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
ATTEMPTS = 3
"""How often the program may end, or begin, with a message under way until that is not read any more."""
OTHERS_FIRST = timedelta(seconds=5)
"""How long what may end the program waits, at most, until nobody else waits for a reply."""


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


class Receiver:
    """Between Telegram and ``handle``, which gets one update at a time for each chat and deals with errors.

    ``give_up`` gets those that are not handled any more, to tell whoever wrote them.
    """

    def __init__(
        self,
        store: Store,
        handle: Callable[[Update], Awaitable[None]],
        give_up: Callable[[Update], Awaitable[None]],
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._handle = handle
        self._give_up = give_up
        self._clock = clock
        self._lanes: Lanes[Update] = Lanes(self._take)
        self._alone: Lanes[Update] = Lanes(partial(self._take, is_alone=True), places=1)
        self._order = asyncio.Lock()
        self._is_open = False
        self._levels = Levels()
        self._arrived: list[Update] = []
        self._unnoted: set[int] = set()
        self._next_write: asyncio.Task[None] | None = None
        self._queued_at: dict[int, float] = {}
        self._own: set[int] = set()
        """Written down by this very program, and not begun: nobody ended because of them."""
        self._begun: list[int] = []
        self._taken_up: set[int] = set()
        """What others left, that is being handled now."""
        self._suspected: set[int | None] = set()
        """The chats of what was counted when this program began."""
        self._at_work: set[int | None] = set()
        """The chats of which the oldest is being handled here."""
        self._strange = 0

    async def accept(self, updates: Sequence[object]) -> None:
        """Write updates down; when this returns they may be confirmed. What is far too much of one chat is left out,
        and so is what is not an update at all, or would come again for ever.

        Once begun it is finished, even when the caller goes away: what is written down is also handled.

        Raises:
            StoreError: If they cannot be written down; then none is, and none may be confirmed.
        """
        known = [update for update in updates if is_update(update)]
        if len(updates) - len(known) > self._strange:
            log.warning("What came from Telegram is not an update, as it has no usable update_id; it is left out.")
        self._strange = len(updates) - len(known)
        wanted = [update for update in known if is_wanted(update)]
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
                suspects = await inbox.suspects(connection)
            self._suspected = {chat_of(json.loads(suspect.payload)) for suspect in suspects}
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

    async def take_up_suspects(self) -> None:
        """Handle what the program may have ended on: one after another, and when everybody else who waits has a reply.

        Raises:
            StoreError: If that cannot be read.
        """
        if self._store.is_a_file and not self._suspected:
            return
        async with self._store.reading() as connection:
            suspects = await inbox.suspects(connection)
        if not suspects:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._lanes.idle(), OTHERS_FIRST.total_seconds())
        # Those that are not read any more harm nobody, so they do not wait for those that may.
        for suspect in sorted(suspects, key=lambda one: (not _is_given_up(one), one.attempts, one.update_id)):
            update = json.loads(suspect.payload)
            chat_id = chat_of(update)
            # What this program counted as it took it up is not suspected by it; on a file nobody else counts.
            is_here = self._store.is_a_file and chat_id not in self._suspected
            if not is_here and not self._alone.has_waiting(chat_id):
                self._alone.add(chat_id, update)

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
        await self._alone.idle()
        await self._lanes.idle()

    async def stop(self, *, empty: timedelta, finish: timedelta) -> None:
        """Handle what waits, then finish what runs; what is left is taken up by the next start."""
        await asyncio.gather(*(lanes.stop(empty=empty, finish=finish) for lanes in (self._lanes, self._alone)))

    async def acquit(self) -> None:
        """Note that the program ends for another reason than what it was handling; that may be tried as often again.

        Raises:
            StoreError: If that cannot be noted.
        """
        if self._taken_up:
            async with self._store.writing() as connection:
                await inbox.acquit(connection, sorted(self._taken_up))

    async def _write(self) -> None:
        """Write down what arrived, and note what is taken up again and which replies are out, together with all who
        want that at this moment.

        To wait for the disk takes as long for thirty as for one; what comes while it is waited for is written next.

        Raises:
            StoreError: If it cannot be written. Then nothing is, and what arrived is with Telegram still.
        """
        if self._next_write is None:
            self._next_write = asyncio.create_task(self._write_together())
            self._next_write.add_done_callback(_looked_at)
        await asyncio.shield(self._next_write)

    async def _write_together(self) -> None:
        async with self._order:
            self._next_write = None
            arrived, self._arrived = self._arrived, []
            begun, self._begun = sorted(self._begun), []
            # In one order everywhere, or two transactions could wait for each other.
            noted = sorted(self._unnoted)
            if not arrived and not begun and not noted:
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
                if begun:
                    await inbox.begin(connection, begun)
                if noted:
                    await inbox.finish(connection, noted, now)
            # Kept only now: what could not be written down comes again, and counts once.
            self._levels.keep(levels)
            self._unnoted.difference_update(noted)
            self._own.update(update["update_id"] for update in new)
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

    async def _take(self, update: Update, *, is_alone: bool = False) -> None:
        """Handle an update; where several processes work, the oldest of its chat, if no other process is at it."""
        chat_id = chat_of(update)
        if self._store.is_a_file and chat_id not in self._suspected:
            await self._reply(update)
            return
        try:
            if not await self._take_first(chat_id, is_alone=is_alone):
                return
            # Another process may have written one down and not got the lock, just before it was given back.
            if not self._lanes.has_waiting(chat_id) and (following := await self._next(chat_id)) is not None:
                self._queue(json.loads(following.payload))
        except StoreError as error:
            if not self._store.trouble:
                log.warning("A message waits until the database answers: %s", error)
        finally:
            self._queued_at.pop(update["update_id"], None)
            self._own.discard(update["update_id"])

    async def _take_first(self, chat_id: int | None, *, is_alone: bool) -> bool:
        """Handle the oldest of a chat and return True; False when somebody is at it, or it is not its turn: then the
        chat goes on by itself.
        """
        # Here both lanes may come to the same chat; the lock keeps only other processes away.
        if chat_id in self._at_work:
            return False
        self._at_work.add(chat_id)
        lock = NO_CHAT if chat_id is None else chat_id
        try:
            if not await self._store.locks.take(lock):
                return False
            try:
                first = await self._next(chat_id)
                if first is not None and first.attempts and not is_alone:
                    # It has its turn when others are answered, and what came after it in its chat follows.
                    return False
                if first is not None:
                    await self._reply_to_first(first)
                return True
            finally:
                await self._store.locks.let_go(lock)
        finally:
            self._at_work.discard(chat_id)

    async def _next(self, chat_id: int | None) -> inbox.Waiting | None:
        async with self._store.reading() as connection:
            return await inbox.next_of_chat(connection, chat_id, self._unnoted)

    async def _reply_to_first(self, first: inbox.Waiting) -> None:
        update = json.loads(first.payload)
        if not _is_given_up(first):
            await self._reply(update)
            return
        log.error("A message is not read any more: the program ended whenever it was. Its parent is told.")
        await self._give_up(update)
        await self._note_reply(first.update_id)

    async def _reply(self, update: Update) -> None:
        update_id = update["update_id"]
        queued_at = self._queued_at.pop(update_id, None)
        if update_id in self._own:
            self._own.discard(update_id)
        else:
            await self._note_attempt(update_id)
        try:
            await self._handle(update)
        except EndedByMessageError:
            if update_id not in self._taken_up:
                await self._note_attempt(update_id)
            return
        if queued_at is not None:
            metrics.REPLY_SECONDS.observe(monotonic() - queued_at)
        await self._note_reply(update_id)

    async def _note_attempt(self, update_id: int) -> None:
        self._taken_up.add(update_id)
        self._begun.append(update_id)
        try:
            await self._write()
        except StoreError as error:
            if not self._store.trouble:
                log.warning("That a message may end the program could not be noted: %s", error)

    async def _note_reply(self, update_id: int) -> None:
        self._taken_up.discard(update_id)
        self._unnoted.add(update_id)
        try:
            await self._write()
        except StoreError as error:
            if not self._store.trouble:
                log.warning("A reply is out, but that could not be noted yet: %s", error)


def _looked_at(writing: asyncio.Task[None]) -> None:
    """Look how a writing ended: when all who waited for it are gone, asyncio would log its error with every line."""
    if not writing.cancelled():
        writing.exception()


def _is_given_up(waiting: inbox.Waiting) -> bool:
    """Tell whether this was tried often enough."""
    return waiting.attempts >= ATTEMPTS


def _kind(update: Update) -> str:
    return next(kind for kind in RECEIVED if isinstance(update.get(kind), dict))


def is_update(update: object) -> TypeGuard[Update]:
    """Tell whether this is an update, with a number that can be kept."""
    if not isinstance(update, dict):
        return False
    number = update.get("update_id")
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST_ID
