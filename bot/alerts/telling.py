"""Tells the team chat what needs a person: once, again when it changed or stays, and once more when it is over.

What was told is kept in the store, where the program that notes it first is the one that tells it. Until it is out it
is noted as begun, so a program that is killed in between leaves it to the next one. While the store is away, which is
itself told, memory stands in for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.alerts.alert import Alert
from bot.store import alerts
from bot.store.alerts import Told
from bot.store.database import Store, StoreError

log = logging.getLogger(__name__)

TEAM_LANGUAGE = "nl"
ALL_SEE = ("store", "scheduler")
"""Sources that every program looks after; the others are for the one that plans."""
BY_DAY = (time(9), time(21))
"""When the team is told what can wait, and reminded of what stays."""
REPEATED_AFTER = {False: timedelta(days=1), True: timedelta(days=7)}
"""After how long what stays is told again, by whether it can wait."""
SETTLED_AFTER = timedelta(minutes=30)
"""How long something must be gone before it counts as over: what comes and goes is told twice an hour at most."""


BEGUN = "…"
"""What the mark of an alert begins with until it is out."""
BEGUN_FOR = timedelta(minutes=2)
"""After so long who began to tell it is gone; a program that lives gives up a call to Telegram sooner."""


@dataclass(frozen=True, slots=True)
class _Found:
    alerts: tuple[Alert, ...]
    settled_after: timedelta


class Telling:
    """Tells ``tell`` what :meth:`hold` was given. ``tell`` returns whether it needs not be tried again.

    Each ``source`` answers for its own alerts, whose keys are ``source`` or ``source:…``; what it no longer names is
    over. Safe for several programs, as long as they see the same. ``woken`` is set when there is something to look at.
    """

    def __init__(self, store: Store, tell: Callable[[str], Awaitable[bool]], zone: ZoneInfo) -> None:
        self._store = store
        self._tell = tell
        self._zone = zone
        self._found: dict[str, _Found] = {}
        self._known: dict[str, Told] = {}
        self._unsaved: set[str] = set()
        self._logged: dict[str, str] = {}
        self.woken = asyncio.Event()

    def hold(self, source: str, found: Sequence[Alert], *, settled_after: timedelta = SETTLED_AFTER) -> None:
        """Note what this source finds now; what it named before and is gone for ``settled_after``, is over."""
        new = _Found(tuple(found), settled_after)
        if self._found.get(source) != new:
            self._found[source] = new
            self.woken.set()

    def keep_only(self, sources: Collection[str]) -> None:
        """Leave the other sources to another program, without calling anything over."""
        for source in set(self._found) - set(sources):
            del self._found[source]

    async def look(self, now: datetime) -> None:
        """Tell what is new, what changed, what had to wait for the day, what stays for long, and what is over."""
        self.woken.clear()
        for source, found in list(self._found.items()):
            await self._look(source, found, now)

    async def _look(self, source: str, found: _Found, now: datetime) -> None:
        known = await self._told(source)
        is_day = BY_DAY[0] <= now.astimezone(self._zone).time() < BY_DAY[1]
        for alert in found.alerts:
            before = known.pop(alert.key, None)
            if before is not None and before.gone_at:
                await self._mark_gone(before, None)
            if _is_due(alert, before, now, is_day=is_day):
                await self._tell_first(alert, before, now)
        for gone in known.values():
            if gone.gone_at is None and found.settled_after:
                await self._mark_gone(gone, now)
            elif is_day or now - gone.told_at < timedelta(days=1):
                since = gone.gone_at or now
                if abs(now - since) >= found.settled_after:
                    await self._tell_over(gone, now)

    async def _tell_first(self, alert: Alert, before: Told | None, now: datetime) -> None:
        begun = Told(alert.key, BEGUN + _mark(alert), alert.told_over(TEAM_LANGUAGE), now)
        if not await self._claim(begun, before):
            return
        self._log(alert)
        if await self._tell(alert.told(TEAM_LANGUAGE)):
            await self._keep(replace(begun, mark=_mark(alert)))
        else:
            await self._take_back(begun, before)

    def _log(self, alert: Alert) -> None:
        """Note an alert in the log, once, also when it is tried again and again to tell it."""
        if self._logged.get(alert.key) == alert.mark:
            return
        self._logged[alert.key] = alert.mark
        problem, remedy = (alert.said(sentence, "en").partition("\n")[0] for sentence in (alert.problem, alert.remedy))
        log.warning("This needs a person: %s %s", problem, remedy)

    async def _tell_over(self, gone: Told, now: datetime) -> None:
        if gone.mark == BEGUN and abs(now - gone.told_at) < BEGUN_FOR:
            return
        begun = replace(gone, mark=BEGUN, told_at=now)
        try:
            async with self._store.writing() as connection:
                is_first = await alerts.claim(connection, begun, gone)
                if is_first:
                    await alerts.mark_gone(connection, [gone.key], gone.gone_at)
        except StoreError:
            return
        if not is_first:
            self._forget(gone.key)
        elif await self._tell(gone.over):
            await self._end(begun)
        else:
            await self._keep(gone)

    async def _end(self, over: Told) -> None:
        self._logged.pop(over.key, None)
        try:
            async with self._store.writing() as connection:
                await alerts.end(connection, over)
        except StoreError:
            log.warning("That something is over was told, and could not be noted.")
        self._forget(over.key)

    async def _told(self, source: str) -> dict[str, Told]:
        """Return what was told of a source; what was told while the store was away is kept there first."""
        try:
            if self._unsaved:
                async with self._store.writing() as connection:
                    for key in self._unsaved:
                        await alerts.put(connection, self._known[key])
                self._unsaved.clear()
            async with self._store.reading() as connection:
                found = await alerts.told(connection, source)
        except StoreError:
            return {key: row for key, row in self._known.items() if key.partition(":")[0] == source}
        self._known = {key: row for key, row in self._known.items() if key.partition(":")[0] != source} | found
        return dict(found)

    async def _claim(self, row: Told, before: Told | None) -> bool:
        try:
            async with self._store.writing() as connection:
                is_first = await alerts.claim(connection, row, before)
        except StoreError:
            is_first = True
            self._unsaved.add(row.key)
        if is_first:
            self._known[row.key] = row
        return is_first

    async def _take_back(self, row: Told, before: Told | None) -> None:
        """Let what did not get through be told the next time."""
        if before is not None:
            await self._keep(before)
            return
        try:
            async with self._store.writing() as connection:
                await alerts.end(connection, row)
        except StoreError:
            log.warning("An alert did not get through, and is told again when it is due anew.")
        self._forget(row.key)

    async def _keep(self, row: Told) -> None:
        self._known[row.key] = row
        try:
            async with self._store.writing() as connection:
                await alerts.put(connection, row)
        except StoreError:
            self._unsaved.add(row.key)

    async def _mark_gone(self, row: Told, gone_at: datetime | None) -> None:
        self._known[row.key] = replace(row, gone_at=gone_at)
        try:
            async with self._store.writing() as connection:
                await alerts.mark_gone(connection, [row.key], gone_at)
        except StoreError:
            self._unsaved.add(row.key)

    def _forget(self, key: str) -> None:
        self._known.pop(key, None)
        self._unsaved.discard(key)


def _is_due(alert: Alert, before: Told | None, now: datetime, *, is_day: bool) -> bool:
    """Tell whether an alert is told now: it is new or another, was begun by somebody who is gone, or stays for long.

    A clock may have been set back.
    """
    if before is not None and before.mark == BEGUN + _mark(alert) and abs(now - before.told_at) < BEGUN_FOR:
        return False
    if before is None or before.mark != _mark(alert):
        return is_day or not alert.can_wait
    return is_day and abs(now - before.told_at) >= REPEATED_AFTER[alert.can_wait]


def _mark(alert: Alert) -> str:
    return sha256(alert.mark.encode()).hexdigest()[:16] if alert.mark else ""
