"""Looks once a minute whether something needs a person, beside the beat that plans: what is silent tells nothing.

With several programs one of them looks after everything, the one that plans; that nobody plans any more is seen by all.
A program that hangs as a whole is for whoever watches from outside: ``/healthz``, systemd, or another program.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import NoReturn, Protocol
from zoneinfo import ZoneInfo

from bot.alerts import findings
from bot.alerts.alert import Alert
from bot.alerts.edits import Edits
from bot.alerts.telling import ALL_SEE, Telling
from bot.errors import place
from bot.knowledge.model import Knowledge
from bot.store import heartbeats
from bot.store.database import Store, StoreError

log = logging.getLogger(__name__)

LOOK_S = 60.0
"""How often it is looked."""
AWAY_LOOKS = 2
"""So many looks in a row without an answer, and the database counts as away."""
ASK_EVERY = timedelta(minutes=5)
"""How often Telegram is asked how its deliveries go."""


class Beat(Protocol):
    """What plans: how long ago it last did, and whether this program is the one that plans."""

    def age_s(self) -> float:
        """Return how long ago the last beat was."""

    def is_holder(self) -> bool:
        """Return whether this program is the one that plans and sends."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at.

    ``database`` is the file whose disk must have room; None for a database elsewhere. ``edits`` looks after the curated
    files. ``ask_telegram`` asks how deliveries to the webhook go, None when Telegram is polled: then a refused token
    ends the program by itself.
    """

    store: Store
    beat: Beat
    knowledge: Knowledge
    is_live: bool
    database: Path | None
    edits: Edits
    copy_within_days: int | None = None
    ask_telegram: Callable[[datetime], Awaitable[list[Alert] | None]] | None = None


class Watch:
    """Looks, and hands what it finds to ``telling``, which tells the team."""

    def __init__(
        self,
        watched: Watched,
        telling: Telling,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        elapsed: Callable[[], float] = monotonic,
    ) -> None:
        self._watched = watched
        self._telling = telling
        self._zone = zone
        self._clock = clock
        self._elapsed = elapsed
        self._away = 0
        self._asked_at: float | None = None
        self._beaten: datetime | None = None
        self._beaten_at = elapsed()

    async def run(self) -> NoReturn:
        """Look for ever; what goes wrong is noted in the log."""
        looked_at = self._elapsed()
        while True:
            try:
                if self._elapsed() - looked_at >= LOOK_S:
                    looked_at = self._elapsed()
                    await self.look(self._clock())
                await self._telling.look(self._clock())
            except Exception as error:
                log.error("It could not be seen whether something needs a person: %s", place(error))  # noqa: TRY400
            with suppress(TimeoutError):
                await asyncio.wait_for(self._telling.woken.wait(), LOOK_S)

    async def look(self, now: datetime) -> None:
        """Look at everything once."""
        watched, hold = self._watched, self._telling.hold
        try:
            async with watched.store.reading() as connection:
                beaten = await heartbeats.last(connection, heartbeats.PLANNED)
                copied = await heartbeats.last(connection, heartbeats.COPIED)
        except StoreError:
            self._away += 1
            if self._away >= AWAY_LOOKS:
                hold("store", [findings.store_away()])
            return
        self._away = 0
        hold("store", [])
        silent_s = self._silent_s(beaten)
        is_silent = silent_s >= findings.SILENT_AFTER.total_seconds()
        hold("scheduler", [findings.silent(int(silent_s // 60))] if is_silent else [])
        if not watched.beat.is_holder():
            self._telling.keep_only(ALL_SEE)
            return
        today = now.astimezone(self._zone).date()
        # In a trial every answer says that nobody has signed it yet; nobody relies on what has ended.
        hold("sign-offs", list(findings.sign_offs(watched.knowledge, today)) if watched.is_live else [])
        hold("helplines", findings.numbers(watched.knowledge, today))
        hold("copies", findings.copies(copied, now, watched.copy_within_days))
        if watched.database:
            hold("disk", findings.disk(shutil.disk_usage(watched.database.parent).free // 2**20))
        await self._ask_telegram(now)
        hold("answers", await watched.edits.look(), settled_after=timedelta(0))

    def _silent_s(self, beaten: datetime | None) -> float:
        """Return for how long nobody has planned: neither here nor, as the store tells, anywhere.

        It is counted as time that passed here, whatever the clocks on the walls say.
        """
        if beaten != self._beaten:
            self._beaten, self._beaten_at = beaten, self._elapsed()
        return max(self._elapsed() - self._beaten_at, self._watched.beat.age_s())

    async def _ask_telegram(self, now: datetime) -> None:
        if self._watched.ask_telegram is None:
            return
        if self._asked_at is not None and self._elapsed() - self._asked_at < ASK_EVERY.total_seconds():
            return
        self._asked_at = self._elapsed()
        found = await self._watched.ask_telegram(now)
        if found is not None:
            self._telling.hold("webhook", [alert for alert in found if alert.key == "webhook"])
            self._telling.hold("token", [alert for alert in found if alert.key == "token"])
