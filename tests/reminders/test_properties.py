"""Whatever is changed, in whatever order, and however the clock is set: what nobody may ever get, nobody gets.

Each example is a week in the life of a town: parents follow, come and stop, the file and the coordinator change a
morning, the clock runs and is set back, the program is killed and started again. What was sent is what is judged.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bot.agenda.changes import to_data
from bot.agenda.model import Change, Occurrence
from bot.agenda.schedules import Schedules
from bot.knowledge.model import Knowledge
from bot.reminders import by_phone
from bot.reminders.deliver import Outcome
from bot.reminders.plan import uid_of
from bot.store import attendances, changes, subscriptions
from bot.store.database import Store
from bot.store.deliveries import CHANGES, Delivery
from tests import sqlite
from tests.agenda.files import write_schedules
from tests.examples import examples
from tests.reminders.conftest import Clock, Hands, local
from tests.reminders.test_tick import CANCELLED, Town

CHATS = (1, 2, 3)
UID, DAY = "koffie@2026-11-25", date(2026, 11, 25)
BEGIN = local("2026-11-23 12:00")
JUST_BEFORE = tuple(map(local, ("2026-11-24 18:59", "2026-11-24 20:58", "2026-11-25 07:59", "2026-11-25 09:28")))
"""Moments at which a reminder is planned and not sent, the night begins, or the meeting does."""
MOVED = "    moved:\n      - {day: 2026-11-25, to: 2026-11-26, reason: {nl: Feest, en: Party}}\n"

steps = st.one_of(
    st.tuples(st.just("minutes"), st.sampled_from([1, 5, 30, 60, 90, 240, 600, 1440])),
    st.tuples(st.just("back"), st.sampled_from([5, 60])),
    st.tuples(st.just("follow"), st.sampled_from(CHATS)),
    st.tuples(st.just("wijk"), st.sampled_from(CHATS)),
    st.tuples(st.just("come"), st.sampled_from(CHATS)),
    st.tuples(st.just("stop"), st.sampled_from(CHATS)),
    st.tuples(st.just("phone"), st.sampled_from(["cancelled", "restored", "moved", "earlier"])),
    st.tuples(st.just("file"), st.sampled_from(["cancelled", "moved", "nothing"])),
    st.tuples(st.just("kill"), st.just(0)),
)


@dataclass
class Judge(Hands):
    """Hands that note, beside what was sent, how things were at that moment."""

    store: Store | None = None
    schedules: Schedules | None = None
    clock: Clock | None = None
    stopped: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    async def now(self) -> Occurrence:
        assert self.store
        assert self.schedules
        assert self.clock
        async with self.store.reading() as connection:
            laid = await by_phone.changed(connection, self.clock().date())
        found = self.schedules.find(UID, laid)
        assert found
        return found

    async def compose(self, delivery: Delivery, now: datetime) -> str | None:
        assert self.clock
        if uid_of(delivery.subject) == UID:
            meeting = await self.now()
            is_reminder = delivery.kind in ("evening", "hours")
            if is_reminder and meeting.status == "cancelled":
                self.wrong.append(f"{delivery.kind} of a cancelled meeting")
            if is_reminder and meeting.starts_at <= self.clock():
                self.wrong.append(f"{delivery.kind} after the beginning")
        if delivery.chat_id in self.stopped:
            self.wrong.append(f"{delivery.kind} after stop")
        return f"{delivery.kind} {delivery.subject}"

    async def send(self, chat_id: int, said: str) -> Outcome:
        if chat_id in self.stopped:
            self.wrong.append(f"{said} after stop")
        return await super().send(chat_id, said)


async def live(
    folder: Path, knowledge: Knowledge, story: list[tuple[str, object]], begin: datetime = BEGIN
) -> tuple[Judge, Occurrence]:
    """Let a story happen; return who judged it, and the meeting as it is at the end of it."""
    clock = Clock(begin)
    store = await Store.open(sqlite.address(folder / "town.sqlite3"))
    judge = Judge(store=store, clock=clock)
    town = Town(store, write_schedules(folder / "schedules"), knowledge, clock, judge)
    judge.schedules = town.schedules
    original = (town.folder / "meetups.yaml").read_text(encoding="utf-8")
    written = 0

    async def beat() -> None:
        await town.ticker.look(clock.now)
        await town.ticker.tick(clock.now)
        await town.deliverer.deliver_due()

    try:
        await beat()
        for deed, what in story:
            if deed == "minutes":
                until = clock.now + timedelta(minutes=what)
                while clock.now < until:
                    clock.now = min(until, clock.now + timedelta(minutes=20))
                    await beat()
                continue
            if deed == "back":
                clock.now -= timedelta(minutes=what)
            elif deed == "kill":
                await town.stops()
                town = Town(store, town.folder, knowledge, clock, judge)
                judge.schedules = town.schedules
            elif deed == "file":
                block = {"cancelled": CANCELLED, "moved": MOVED}.get(what)
                name = f"    {what}:\n"
                written += 1
                path = town.folder / "meetups.yaml"
                path.write_text(original.replace(name, block) if block else original, encoding="utf-8")
                stamp = path.stat().st_mtime_ns + written * 10**9
                os.utime(path, ns=(stamp, stamp))
            elif deed == "phone":
                kind = "moved" if what == "earlier" else what
                starts = {"moved": local("2026-11-27 13:00"), "earlier": local("2026-11-25 08:30")}.get(what)
                change = Change(
                    "koffie",
                    DAY,
                    kind,
                    clock.now,
                    starts_at=starts,
                    ends_at=starts + timedelta(hours=2) if starts else None,
                )
                async with store.writing() as connection:
                    await changes.add(
                        connection, change.meetup, change.on, change.kind, to_data(change), change.made_at
                    )
            else:
                async with store.writing() as connection:
                    if deed == "stop":
                        await subscriptions.stop_all(connection, what)
                        judge.stopped.add(what)
                    else:
                        judge.stopped.discard(what)
                    if deed == "follow":
                        await subscriptions.follow(connection, what, "meetup", "koffie", clock.now)
                    elif deed == "wijk":
                        await subscriptions.follow(connection, what, "neighbourhood", "stadshagen", clock.now)
                    elif deed == "come":
                        await attendances.come(connection, what, UID, local("2026-11-25 09:30"), 9, clock.now)
            await beat()
        return judge, await judge.now()
    finally:
        await store.close()


@pytest.fixture
def lived(knowledge: Knowledge):
    """Return what lets a story happen; a failure would print all that it is given, and that is a lot of knowledge."""

    def lived(story: list[tuple[str, object]], begin: datetime = BEGIN) -> tuple[Judge, Occurrence]:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(live(Path(folder), knowledge, story, begin))

    return lived


@example(story=[("phone", "cancelled"), ("minutes", 5)], begin=JUST_BEFORE[0])
@example(story=[("stop", 1), ("minutes", 5)], begin=JUST_BEFORE[0])
@example(story=[("minutes", 5), ("back", 60), ("kill", 0), ("minutes", 90)], begin=JUST_BEFORE[0])
@example(story=[("file", "moved"), ("minutes", 1), ("file", "nothing"), ("minutes", 1440)], begin=JUST_BEFORE[1])
@given(story=st.lists(steps, max_size=20), begin=st.sampled_from((BEGIN, *JUST_BEFORE)))
@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
def test_nobody_gets_what_is_untrue_too_late_twice_or_unwanted(lived, story, begin):
    follow = [("back", 240), ("follow", 1), ("wijk", 2), ("come", 3), ("minutes", 240)]
    judge, _ = lived([*follow, *story], begin)

    assert judge.wrong == []
    assert [said for said, times in Counter(judge.sent).items() if times > 1] == []


@example(story=[("phone", "cancelled"), ("minutes", 5), ("kill", 0), ("phone", "restored")])
@example(story=[("phone", "moved"), ("minutes", 600), ("phone", "earlier"), ("file", "cancelled"), ("minutes", 5)])
@given(
    story=st.lists(
        steps.filter(lambda step: step[0] in ("phone", "file", "kill") or step in (("minutes", 5), ("minutes", 600))),
        max_size=8,
    )
)
@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
def test_what_everybody_who_follows_heard_last_is_how_it_is(lived, story):
    follow = [("follow", 1), ("wijk", 2), ("come", 3), ("minutes", 1)]
    judge, meeting = lived([*follow, *story, ("minutes", 660)])

    assume(judge.clock() < meeting.starts_at)
    for chat in CHATS:
        heard = [said.split()[0] for to, said in judge.sent if to == chat and uid_of(said.split()[1]) == UID]
        last = next((kind for kind in reversed(heard) if kind in CHANGES), "restored")
        assert last == {"planned": "restored"}.get(meeting.status, meeting.status), (chat, judge.sent)
