"""From which moment a parent is silent, and what the beat does about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Parent
from bot.reminders.silence import limits
from bot.store import kept, parents
from tests.reminders import test_tick
from tests.reminders.conftest import LONG_AGO, follow, local, rows
from tests.reminders.test_tick import Town

folder, town = test_tick.folder, test_tick.town


@pytest.mark.parametrize(("now", "months", "silent_since"), [
    pytest.param("2027-03-31", 12, "2026-03-31", id="a year"),
    pytest.param("2028-02-29", 12, "2027-02-28", id="a leap day"),
    pytest.param("2027-03-31", 13, "2026-02-28", id="a shorter month"),
    pytest.param("2027-01-15", 2, "2026-11-15", id="over the new year"),
    pytest.param("2027-12-01", 12, "2026-12-01", id="December"),
    pytest.param("2027-12-01", 24, "2025-12-01", id="two years"),
])  # fmt: skip
def test_months_of_silence_are_those_of_the_calendar(now, months, silent_since):
    moment = datetime.fromisoformat(now).replace(hour=9, tzinfo=UTC)

    found = limits(moment, months)

    assert found.silent_since == datetime.fromisoformat(silent_since).replace(hour=9, tzinfo=UTC)
    assert found.asked_before == moment - timedelta(days=30)


async def known(store, chat: int) -> bool:
    async with store.reading() as connection:
        return (await parents.find(connection, chat)).seen_at is not None


async def test_a_year_after_the_last_word_a_follower_is_asked_once_and_erased_a_month_later(town: Town):
    await follow(town.store, 1)
    day = LONG_AGO.date() + timedelta(days=366)

    async def at_nine(days: int) -> list[str]:
        await town.at(f"{day + timedelta(days=days)} 08:58")
        return [said for said in await town.at(f"{day + timedelta(days=days)} 09:00") if said.startswith(kept.ASKED)]

    assert await at_nine(-3) == []
    assert await at_nine(0) == [f"{kept.ASKED} {day}"]
    assert [said for days in range(1, 30) for said in await at_nine(days)] == []
    assert await known(town.store, 1)

    await at_nine(31)
    assert not await known(town.store, 1)
    assert await rows(town.store, "chat_id") == []


async def test_whoever_follows_nothing_is_asked_too_and_never_at_night(town: Town):
    async with town.store.writing() as connection:
        await parents.save(connection, Parent(1, language="nl"), LONG_AGO)
    night = LONG_AGO.date() + timedelta(days=366)

    at_a_start = await town.at(f"{night} 23:00")
    in_the_morning = await town.at(f"{night + timedelta(days=1)} 08:01")

    assert at_a_start == []
    assert in_the_morning == [f"{kept.ASKED} {night}"]


async def test_whoever_writes_after_being_asked_stays(town: Town):
    await follow(town.store, 1)
    asked_on = LONG_AGO.date() + timedelta(days=366)
    await town.at(f"{asked_on} 08:58")
    await town.at(f"{asked_on} 09:00")
    async with town.store.writing() as connection:
        await parents.seen(connection, 1, local(f"{asked_on} 20:00"))

    for days in (29, 31, 60):
        await town.at(f"{asked_on + timedelta(days=days)} 08:58")
        await town.at(f"{asked_on + timedelta(days=days)} 09:00")

    assert await known(town.store, 1)
