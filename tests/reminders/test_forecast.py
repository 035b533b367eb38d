"""What is still to come about a meeting, before it goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agenda.schedules import Schedules
from bot.model import Parent
from bot.reminders import changes
from bot.reminders.forecast import forecast
from bot.store import calendar_entries, parents, subscriptions
from tests.agenda.files import FILES

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
UID = "koffie@2026-11-25"


@pytest.fixture
def meeting(tmp_path, knowledge):
    folder = tmp_path / "schedules"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Schedules(folder, knowledge, NOW, timezone=ZONE.key, school_region="Noord").find(UID)


async def followed_by_two(connection) -> None:
    for chat_id in (1, 2):
        await parents.save(connection, Parent(chat_id), NOW - timedelta(days=1))
        await subscriptions.follow(connection, chat_id, "meetup", "koffie", NOW - timedelta(days=1))


async def test_the_reminders_of_a_meeting_are_told_with_how_many_get_them(store, meeting):
    async with store.writing() as connection:
        await followed_by_two(connection)
        told = (await forecast(connection, [meeting], NOW, ZONE))[UID]

    to_somebody = [(one.kind, one.due_at.astimezone(ZONE).isoformat()[:16], one.people) for one in told if one.people]
    assert to_somebody == [("evening", "2026-11-24T19:00", 2), ("hours", "2026-11-25T08:00", 2)]


async def test_a_cancellation_that_nobody_noticed_yet_is_all_that_is_to_come(store, meeting):
    cancelled = replace(meeting, status="cancelled", reason={"nl": "ziek"})
    async with store.writing() as connection:
        await followed_by_two(connection)
        await calendar_entries.note(connection, [changes.seen(meeting)], NOW - timedelta(days=1))
        told = (await forecast(connection, [cancelled], NOW, ZONE))[UID]

    assert [(one.kind, one.due_at, one.people) for one in told] == [("cancelled", NOW, 2)]


async def test_without_a_database_the_messages_are_told_and_nobody_gets_them(meeting):
    told = (await forecast(None, [meeting], NOW, ZONE))[UID]

    assert {one.kind for one in told} == {"evening", "hours"}
    assert {one.people for one in told} == {0}


async def test_nothing_is_to_come_of_a_meeting_that_has_begun(store, meeting):
    async with store.writing() as connection:
        await followed_by_two(connection)

        assert (await forecast(connection, [meeting], meeting.starts_at, ZONE))[UID] == []
