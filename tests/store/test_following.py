"""What parents follow and where they come, what changed, and who is meant by a message."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy

from bot.model import Parent
from bot.store import (
    announcements,
    asked,
    attendances,
    audiences,
    audit,
    calendar_entries,
    changes,
    parents,
    subscriptions,
    tables,
)


async def test_following_twice_is_following_once(store, now):
    async with store.writing() as connection:
        await subscriptions.follow(connection, 1, "meetup", "koffie", now)
        await subscriptions.follow(connection, 1, "meetup", "koffie", now)
        await subscriptions.follow(connection, 1, "neighbourhood", "dieze", now)

        assert await subscriptions.followed(connection, 1) == [("meetup", "koffie"), ("neighbourhood", "dieze")]

        await subscriptions.unfollow(connection, 1, "meetup", "koffie")

        assert await subscriptions.followed(connection, 1) == [("neighbourhood", "dieze")]


async def test_stop_ends_all_of_one_parent_and_drops_what_waits(store, now):
    async with store.writing() as connection:
        for chat_id in (1, 2):
            await subscriptions.follow(connection, chat_id, "tips", subscriptions.EVERY, now)
            await attendances.come(connection, chat_id, "koffie@2027-03-31", now, 8, now)
            for state in ("due", "sent"):
                row = {"kind": "evening", "subject": state, "due_at": now, "expires_at": now, "state": state}
                await connection.execute(tables.deliveries.insert().values(chat_id=chat_id, **row))

        assert await subscriptions.stop_all(connection, 1)
        assert not await subscriptions.stop_all(connection, 1)

        left = await connection.execute(
            sqlalchemy.select(tables.deliveries.c.chat_id, tables.deliveries.c.state).order_by(
                tables.deliveries.c.chat_id, tables.deliveries.c.state
            )
        )
        assert [tuple(row) for row in left] == [(1, "sent"), (2, "due"), (2, "sent")]
        assert await subscriptions.followed(connection, 2) == [("tips", "*")]
        assert await attendances.expected(connection, "koffie@2027-03-31") == (1, {0: 1})


async def test_heads_and_ages_are_counted_and_forgotten_when_it_is_over(store, now):
    async with store.writing() as connection:
        for chat_id, age in ((1, 8), (2, 30), (3, 35), (4, None)):
            await attendances.come(connection, chat_id, "koffie@2027-03-31", now, age, now)
        await attendances.stay_away(connection, 1, "koffie@2027-03-31")

        assert await attendances.expected(connection, "koffie@2027-03-31") == (3, {2: 2})
        assert await attendances.is_coming(connection, 2, "koffie@2027-03-31")
        assert not await attendances.is_coming(connection, 1, "koffie@2027-03-31")

        await attendances.prune(connection, now + timedelta(hours=1))

        assert await attendances.expected(connection, "koffie@2027-03-31") == (0, {})


async def test_changes_come_oldest_first_until_they_stand_in_the_file(store, now):
    async with store.writing() as connection:
        for on, kind in (
            (date(2027, 3, 31), "cancelled"),
            (date(2027, 3, 31), "restored"),
            (date(2027, 1, 6), "theme"),
        ):
            await changes.add(connection, "koffie", on, kind, {"reason": {"nl": "ziek"}}, now)

        found = await changes.since(connection, date(2027, 2, 1))
        assert [row.kind for row in found] == ["cancelled", "restored"]
        assert found[0].made_at == now

        await changes.mark_written(connection, [found[0].id], now)

        assert [row.kind for row in await changes.unwritten(connection)] == ["restored", "theme"]


async def test_a_changed_meeting_rises_in_sequence_and_an_unchanged_one_does_not(store, now):
    def seen(fingerprint):
        return calendar_entries.Seen("koffie@2027-03-31", fingerprint, "planned", now)

    later = now + timedelta(minutes=1)
    async with store.writing() as connection:
        first = (await calendar_entries.note(connection, [seen("a")], now))["koffie@2027-03-31"]
        same = (await calendar_entries.note(connection, [seen("a")], later))["koffie@2027-03-31"]
        other = (await calendar_entries.note(connection, [seen("b")], later))["koffie@2027-03-31"]

        assert (first.sequence, first.changed_at) == (0, now)
        assert (same.sequence, same.changed_at) == (0, now)
        assert (other.sequence, other.changed_at) == (1, later)
        assert await calendar_entries.known(connection, ["koffie@2027-03-31", "x"]) == {"koffie@2027-03-31": other}


async def test_an_announcement_goes_out_when_it_is_confirmed_and_not_withdrawn(store, now):
    def row(name):
        return announcements.Row(name, {"nl": "Hoi"}, {}, send_at=now, made_by=7, made_at=now)

    async with store.writing() as connection:
        for name in ("draft", "ready", "withdrawn"):
            await announcements.add(connection, row(name))
        assert await announcements.confirm(connection, "ready", 8, now)
        assert not await announcements.confirm(connection, "ready", 9, now)
        assert await announcements.confirm(connection, "withdrawn", 8, now)
        assert await announcements.withdraw(connection, "withdrawn", now)

        assert [found.id for found in await announcements.to_plan(connection, now)] == ["ready"]
        assert await announcements.to_plan(connection, now - timedelta(seconds=1)) == []

        await announcements.mark_planned(connection, "ready", now)

        assert await announcements.to_plan(connection, now) == []
        assert not await announcements.withdraw(connection, "ready", now)
        assert (await announcements.find(connection, "ready")).confirmed_by == 8


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        pytest.param({}, [1, 2, 3], id="everybody who follows something"),
        pytest.param({"neighbourhoods": ["dieze"]}, [1, 3], id="who lives there or follows it"),
        pytest.param({"meetups": ["koffie"]}, [2], id="who follows that series"),
        pytest.param({"born": (date(2025, 1, 1), date(2025, 12, 31))}, [1], id="whose child is that old"),
        pytest.param({"neighbourhoods": ["dieze"], "meetups": ["koffie"]}, [], id="whom every condition fits"),
    ],
)
async def test_a_message_is_for_those_whom_every_condition_fits(store, now, conditions, expected):
    async with store.writing() as connection:
        for chat_id, wijk in ((1, "dieze"), (2, "berkum"), (3, "berkum"), (4, "dieze"), (5, "dieze")):
            await parents.save(connection, Parent(chat_id, neighbourhood=wijk), now)
        await subscriptions.follow(connection, 1, "tips", subscriptions.EVERY, now)
        await subscriptions.follow(connection, 2, "meetup", "koffie", now)
        await subscriptions.follow(connection, 3, "neighbourhood", "dieze", now)
        await subscriptions.follow(connection, 5, "meetup", "koffie", now)
        table = tables.parents
        await connection.execute(table.update().where(table.c.chat_id == 1).values(child_born=date(2025, 6, 1)))
        await connection.execute(table.update().where(table.c.chat_id == 5).values(unreachable_at=now))

        chosen = audiences.recipients(**conditions)

        assert sorted((await connection.execute(chosen)).scalars()) == expected
        assert await audiences.count(connection, chosen) == len(expected)


async def test_fewer_than_five_questions_are_never_told(store):
    async with store.writing() as connection:
        for theme, times in (("slapen", 6), ("voeden", 4)):
            for _ in range(times):
                await asked.count(connection, theme, "dieze", date(2027, 3, 31))

        assert await asked.most(connection, "dieze", date(2027, 3, 29)) == [("slapen", 6)]
        assert await asked.most(connection, "dieze", date(2027, 4, 5)) == []


async def test_the_log_of_the_team_tells_the_newest_first(store, now):
    async with store.writing() as connection:
        for action in ("cancel", "restore"):
            await audit.note(connection, audit.Line(now, 7, action, "koffie@2027-03-31", {"people": 3}))

        assert [line.action for line in await audit.latest(connection)] == ["restore", "cancel"]
