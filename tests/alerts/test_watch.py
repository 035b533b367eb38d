"""The watch beside the beat sees what the beat cannot tell itself, in its own program and in another."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.alerts import findings
from bot.alerts.edits import NO_FILES, Edits
from bot.alerts.telling import Telling
from bot.alerts.watch import Watch, Watched
from bot.knowledge.load import read_files
from bot.store import heartbeats
from bot.store.database import StoreError
from tests.alerts.test_findings import signed
from tests.knowledge.conftest import write_files
from tests.reminders.conftest import ZONE, local
from tests.store import conftest as both_databases

backend, store, url = both_databases.backend, both_databases.store, both_databases.url


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    return read_files(write_files(tmp_path_factory.mktemp("knowledge"))).knowledge()


@dataclass
class Beat:
    """The beat beside the watch."""

    age: float = 1.0
    holds: bool = True

    def age_s(self) -> float:
        return self.age

    def is_holder(self) -> bool:
        return self.holds


class Tower:
    """A watch, with a clock that counts and a team that listens."""

    def __init__(self, store, knowledge, *, beat=None, is_live=False, edits=None, **more):
        self.store, self.beat, self.elapsed_s = store, beat or Beat(), 0.0
        self.heard: list[str] = []
        telling = Telling(store, self._tell, ZONE)
        edits = edits or Edits(Path("/nowhere"), NO_FILES)
        watched = Watched(store, self.beat, knowledge, is_live, Path("/nowhere/town.db"), edits, **more)
        self.watch = Watch(
            watched, telling, zone=ZONE, clock=lambda: local("2027-03-31 10:00"), elapsed=lambda: self.elapsed_s
        )
        self.telling = telling

    async def _tell(self, text):
        self.heard.append(text)
        return True

    async def beats(self):
        async with self.store.writing() as connection:
            moment = local("2027-03-31 10:00") + timedelta(seconds=self.elapsed_s)
            await heartbeats.beat(connection, heartbeats.PLANNED, moment)

    async def after(self, seconds: float) -> list[str]:
        """Look after so many seconds; return what the team hears."""
        before = len(self.heard)
        self.elapsed_s += seconds
        await self.watch.look(local("2027-03-31 10:00"))
        await self.telling.look(local("2027-03-31 10:00"))
        return self.heard[before:]


@pytest.fixture(autouse=True)
def room(monkeypatch):
    """A disk with room, however full that of this machine is; a test may fill it."""
    free = [10_000]
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(free[0] * 2**20))
    return free


async def test_a_beat_that_hangs_is_told_by_the_watch_beside_it(store, knowledge):
    tower = Tower(store, knowledge)
    await tower.beats()
    assert await tower.after(60) == []

    tower.beat.age = 301.0

    [text] = await tower.after(60)
    assert "herinneringen staan stil: al 5 minuten" in text


async def test_a_program_that_plans_no_more_is_told_by_another(store, knowledge):
    tower = Tower(store, knowledge, beat=Beat(holds=False))
    await tower.beats()
    assert await tower.after(60) == []
    assert await tower.after(200) == []

    assert len(await tower.after(150)) == 1
    assert await tower.after(60) == []


async def test_a_bot_that_was_off_for_days_is_not_silent_when_it_starts(store, knowledge):
    async with store.writing() as connection:
        await heartbeats.beat(connection, heartbeats.PLANNED, local("2027-03-20 10:00"))

    assert await Tower(store, knowledge).after(60) == []


async def test_sign_offs_matter_in_live_mode_and_numbers_always(store, knowledge):
    ends = signed(knowledge, slapen_een=date(2027, 3, 30))
    line = ends.helplines["112"].model_copy(update={"checked_on": date(2020, 1, 1)})
    ends = ends.model_copy(update={"helplines": {"112": line}})

    [number] = await Tower(store, ends).after(60)
    [sign_off] = await Tower(store, ends, is_live=True).after(60)

    assert "nagebeld" in number
    assert "Verlopen ondertekeningen" in sign_off


async def test_a_program_that_does_not_plan_leaves_the_rest_to_the_one_that_does(store, knowledge, room):
    room[0] = 100

    assert await Tower(store, knowledge, beat=Beat(holds=False)).after(60) == []
    assert len(await Tower(store, knowledge).after(60)) == 1


async def test_copies_are_looked_after_where_that_was_agreed(store, knowledge):
    [text] = await Tower(store, knowledge, copy_within_days=7).after(60)

    assert "geen kopie van de database van de laatste 7 dagen" in text


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_database_that_is_away_is_told_and_nothing_that_follows_from_it(store, knowledge, monkeypatch):
    tower = Tower(store, knowledge)
    tower.beat.age = 400.0

    def away():
        raise StoreError("The database is locked.")

    monkeypatch.setattr(store, "reading", away)
    monkeypatch.setattr(store, "writing", away)

    assert await tower.after(60) == []
    [text] = await tower.after(60)
    assert "database antwoordt niet" in text
    assert await tower.after(60) == []


async def test_telegram_is_asked_every_five_minutes_and_when_it_does_not_answer_nothing_is_said(store, knowledge):
    answers = [[findings.other_webhook()], None, []]
    asked = []

    async def ask(now):
        asked.append(now)
        return answers.pop(0)

    tower = Tower(store, knowledge, ask_telegram=ask)

    assert len(await tower.after(0)) == 1
    assert await tower.after(299) == []
    assert len(asked) == 1
    await tower.beats()
    assert await tower.after(1) == []
    assert [alert.key for alert in tower.telling._found["webhook"].alerts] == ["webhook"]
    await tower.after(300)
    assert tower.telling._found["webhook"].alerts == ()


async def test_what_goes_wrong_while_looking_is_noted_without_its_words_and_the_next_look_comes(
    store, knowledge, caplog
):  # fmt: skip
    tower = Tower(store, knowledge)
    looks = []

    async def look(now):
        looks.append(now)
        if len(looks) == 2:
            raise asyncio.CancelledError
        raise RuntimeError("een geheim van een ouder")

    tower.telling.look = look
    running = asyncio.create_task(tower.watch.run())
    await asyncio.sleep(0.01)
    tower.telling.woken.set()
    with suppress(asyncio.CancelledError):
        await running

    assert "RuntimeError at" in caplog.text
    assert "geheim" not in caplog.text
