"""The beat of the bot: every few seconds the files are looked at, every half a minute it is planned what falls due.

The beat counts elapsed time, so that a clock that is set does not stop it; what is due follows from the clock. With
several processes one plans and sends, whoever holds the lock; the others try for it at every look.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from bot.agenda.model import Agenda, Audience, Change, Occurrence
from bot.agenda.schedules import Schedules
from bot.alerts import findings
from bot.alerts.alert import Alert
from bot.alerts.telling import ALL_SEE, TEAM_LANGUAGE, Telling
from bot.errors import place
from bot.reminders import by_phone, changes, outbox, plan, silence, vanished
from bot.reminders.deliver import Deliverer
from bot.reminders.plan import Announced, Occasion
from bot.reminders.wall import at
from bot.store import (
    announcements,
    attendances,
    audiences,
    calendar_entries,
    deliveries,
    heartbeats,
    parents,
    questions,
)
from bot.store.database import Store, StoreError
from bot.store.locks import PLANNING
from bot.store.set_back import set_back

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How often the files are looked at."""
PLAN_S = 30.0
"""How often it is planned what falls due, when no file changed."""
AHEAD = timedelta(minutes=2)
"""How far ahead is planned: a few beats, so that one may fail. Further would be out of date when it is sent."""
NOTED = timedelta(days=366)
"""Meetings so far ahead are noticed when they change; calendars that people subscribe to reach as far."""
PAST = timedelta(days=2)
"""Meetings so long ago are still looked at: one that was moved may have lain then."""
SURE = timedelta(seconds=60)
"""How long after it was last seen that this process is the one that plans and sends, it may go on sending."""
KEPT = timedelta(days=31)
"""How long an ended message is kept. Until then it cannot be planned again; nothing is planned anew for longer than
two weeks, and after a month nobody asks any more what became of it.
"""
GONE_FOR_GOOD = timedelta(days=30)
"""After a month without being reached, what a parent follows ends: who comes back then, chooses anew."""
TOLD_FOR = timedelta(days=1)
"""How late a coordinator may still hear that a colleague could not be reached."""
TOLD_AT = time(9)
"""When the team is told what could not be delivered the day before."""


class Ticker:
    """Plans what falls due and wakes the deliverer. What needs a person is handed to ``telling``.

    ``is_signed`` tells whether an answer may be pointed at; in live mode nothing is sent about a meeting or place that
    is not confirmed. ``clock_agrees`` tells whether somebody else's clock says about the same: by a wrong one, nothing
    is erased.
    """

    def __init__(
        self,
        store: Store,
        schedules: Schedules,
        deliverer: Deliverer[Any],
        telling: Telling,
        is_signed: Callable[[str, datetime], bool],
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        is_live: bool,
        forget_after_months: int = 12,
        keep_questions_days: int = 90,
        clock_agrees: Callable[[datetime], bool] = lambda _now: True,
    ) -> None:
        self._store = store
        self._schedules = schedules
        self._deliverer = deliverer
        self._telling = telling
        self._is_signed = is_signed
        self._zone = zone
        self._clock = clock
        self._is_live = is_live
        self._forget_after_months = forget_after_months
        self._keep_questions_days = keep_questions_days
        self._clock_agrees = clock_agrees
        self._has_to_forget = True
        self._is_holder = False
        self._noted: list[Occurrence] | None = None
        self._entries: dict[str, calendar_entries.Entry] = {}
        self._planned: set[Occasion] = set()
        self._woken = asyncio.Event()
        self._last: datetime | None = None
        self._ticked_at = monotonic()
        self._files: list[Alert] = []

    def is_holder(self) -> bool:
        """Return whether this program is the one that plans and sends, as far as it knows."""
        return self._is_holder

    def age_s(self) -> float:
        """Return how long ago the last beat was."""
        return monotonic() - self._ticked_at

    def wake(self) -> None:
        """Plan at once: somebody changed something."""
        self._woken.set()

    async def run(self) -> NoReturn:
        """Beat for ever. A beat that fails is noted in the log, and the next one comes."""
        planned_at, said = -PLAN_S, ""
        try:
            while True:
                now = self._clock()
                try:
                    if self._store.trouble:
                        await self._store.try_writing()
                        planned_at = -PLAN_S
                    has_changed = await self.look(now)
                    has_waited = not self._is_holder or monotonic() - planned_at >= PLAN_S
                    if not await self._hold(now):
                        self._woken.clear()
                    elif has_changed or has_waited or self._woken.is_set():
                        self._woken.clear()
                        planned_at = monotonic()
                        await self.tick(now)
                    self._ticked_at, said = monotonic(), ""
                except StoreError as error:
                    if str(error) != said and not self._store.trouble:
                        log.warning("Nothing could be planned: %s", error)
                    said = str(error)
                except Exception as error:
                    log.error("Nothing could be planned: %s", place(error))  # noqa: TRY400 - never its words
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_S)
        finally:
            await self._store.locks.let_go(PLANNING)

    async def look(self, now: datetime) -> bool:
        """Read the files again when they changed; return whether the agenda is another now.

        A bad edit leaves it as it was, and the team is told what is wrong.
        """
        mistakes = await asyncio.to_thread(self._schedules.refresh, now)
        if mistakes is None:
            return False
        self._files = findings.bad_files(mistakes, TEAM_LANGUAGE)
        if mistakes:
            log.warning("The agenda was changed but holds mistakes; the version before stays. See 'minidorp check'.")
            return False
        log.info("The agenda was read again.")
        return True

    async def tick(self, now: datetime) -> None:
        """Notice what changed, plan what falls due, forget what is old, and let the deliverer send.

        Raises:
            StoreError: If the store does not answer; the next beat does what this one could not.
        """
        if not await self._hold(now):
            return
        if self._last is None or now < self._last:
            async with self._store.writing() as connection:
                if await set_back(connection, now):
                    self._noted = None
        agenda = self._schedules.agenda
        await self._notice(agenda, now)
        await self._plan(agenda, now)
        await self._announce_by_phone(now)
        await self._daily(now)
        async with self._store.writing() as connection:
            await heartbeats.beat(connection, heartbeats.PLANNED, now)
        self._last = now
        self._deliverer.wake()

    async def _hold(self, now: datetime) -> bool:
        """Return whether this process is the one that plans and sends. One that becomes it, takes up what was left."""
        was_holder, self._is_holder = self._is_holder, False
        is_holder = await self._store.locks.take(PLANNING)
        self._deliverer.may_send_until = now + SURE if is_holder else None
        if is_holder and not was_holder:
            await self._deliverer.take_back()
            # Whoever held it meanwhile may have noted other changes: what was known before is out of date.
            self._noted, self._planned = None, set()
        self._is_holder = is_holder
        if is_holder:
            self._telling.hold("files", self._files, settled_after=timedelta(0))
        elif was_holder:
            self._telling.keep_only(ALL_SEE)
        return is_holder

    async def _notice(self, agenda: Agenda, now: datetime) -> None:
        """Keep the meetings as they are now, and plan that people hear of what changed, in one transaction."""
        today = now.astimezone(self._zone).date()
        async with self._store.reading() as connection:
            told = await by_phone.changed(connection, today)
            missed = await vanished.vanished(connection, self._schedules, told, now)
        gone = vanished.told(missed, list(agenda.series()), now, self._zone)
        self._telling.hold("meetings", gone, settled_after=timedelta(0))
        found = self._occurrences(agenda, now, told)
        if found == self._noted:
            return
        async with self._store.writing() as connection:
            before = await calendar_entries.known(connection, [one.uid for one in found])
            after = await calendar_entries.note(connection, [changes.seen(one) for one in found], now)
            for change in changes.changed(found, before, after, now, self._zone):
                await deliveries.skip(connection, OUTDATED, change.outdated, now)
                await attendances.move(connection, change.uid, after[change.uid].starts_at)
                if change.occasion:
                    await outbox.add(connection, change.occasion)
        self._noted, self._entries = found, dict(after)

    def _occurrences(self, agenda: Agenda, now: datetime, told: list[Change]) -> list[Occurrence]:
        today = now.astimezone(self._zone).date()
        found = self._schedules.occurrences(today - PAST, today + NOTED, told)
        return [one for one in found if agenda.is_confirmed(one)] if self._is_live else found

    async def _plan(self, agenda: Agenda, now: datetime) -> None:
        due = plan.plan(
            self._noted or (),
            self._entries,
            [plan.announced(one, self._zone) for one in agenda.announcements],
            [tip for tip in agenda.tips if self._is_signed(tip.answer, now)],
            now=now,
            until=now + AHEAD,
            zone=self._zone,
        )
        # Who follows something after it fell due is told the next time; so once it fell due, once is enough.
        for occasion in due:
            if occasion not in self._planned:
                async with self._store.writing() as connection:
                    await outbox.add(connection, occasion)
        self._planned = {occasion for occasion in due if occasion.due_at <= now}

    async def _announce_by_phone(self, now: datetime) -> None:
        async with self._store.reading() as connection:
            rows = await announcements.to_plan(connection, now + AHEAD)
            unheard = await announcements.unheard(connection)
        for row in unheard:
            async with self._store.writing() as connection:
                writer = audiences.these([row.made_by])
                await deliveries.add(connection, writer, announcements.UNHEARD, row.id, now, now + TOLD_FOR)
        for row in rows:
            send_at = max(row.send_at, row.confirmed_at or row.send_at)
            occasion = plan.announce(Announced(row.id, Audience.model_validate(row.audience), send_at), self._zone)
            async with self._store.writing() as connection:
                await outbox.add(connection, occasion)
                await announcements.mark_planned(connection, row.id, now)

    async def _daily(self, now: datetime) -> None:
        """Once a day, at the same hour, tell the team what failed; at each start and once a day forget what is old.

        With a clock that is wrong, forgetting waits: one that is a year ahead would count everybody as silent.
        """
        nine = at(now.astimezone(self._zone).date(), TOLD_AT, self._zone)
        is_the_hour = self._last is not None and self._last < nine <= now
        self._has_to_forget |= is_the_hour
        if self._has_to_forget:
            is_right = self._clock_agrees(now)
            self._telling.hold("clock", [] if is_right else [findings.clock_wrong()], settled_after=timedelta(0))
            if is_right:
                await self._forget(now)
                self._has_to_forget = False
        if is_the_hour:
            await self._tell_failures(now)

    async def _forget(self, now: datetime) -> None:
        """Forget what is old. Who is silent for long is asked or forgotten before old messages are: by them it is known
        who was asked when.
        """
        async with self._store.writing() as connection:
            forgotten = await silence.end(connection, now, self._forget_after_months)
            await deliveries.prune(connection, now - KEPT)
            await calendar_entries.prune(connection, now - KEPT)
            await attendances.prune(connection, now - PAST)
            await questions.prune(connection, now.astimezone(self._zone).date(), self._keep_questions_days)
            await parents.end_unreachable(connection, now - GONE_FOR_GOOD)
        if forgotten:
            log.info("%d parents were silent for so long that all of theirs was erased.", forgotten)

    async def _tell_failures(self, now: datetime) -> None:
        async with self._store.reading() as connection:
            failed = await deliveries.failures(connection, now - timedelta(days=1))
        left, day = failed["blocked"] + failed["gone"], now.astimezone(self._zone).date()
        self._telling.hold("deliveries", findings.failures(failed.total(), left, day), settled_after=timedelta(0))


OUTDATED = ("evening", "hours", *deliveries.CHANGES)
"""What no longer holds when a meeting changes."""
