"""Parents, feedback, dialogues and groups: what is kept, and that it can be erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy

from bot.model import Parent
from bot.store import dialogues, feedback, groups, inbox, kept, parents, tables


async def test_a_parent_nobody_knows_has_only_a_chat(store):
    async with store.reading() as connection:
        assert await parents.find(connection, 7) == Parent(7)


async def test_a_parent_is_remembered_and_changes(store, now):
    parent = Parent(2**40, language="tr", neighbourhood="dieze")

    async with store.writing() as connection:
        await parents.save(connection, parent, now)
        await parents.save(connection, replace(parent, language="nl"), now + timedelta(days=3))

    async with store.reading() as connection:
        assert await parents.find(connection, parent.chat_id) == replace(parent, language="nl")
        row = (await connection.execute(sqlalchemy.select(tables.parents))).one()
    assert (row.created_at, row.seen_at) == (now, now + timedelta(days=3))


async def test_times_are_utc_whatever_zone_they_came_in(store, now):
    amsterdam = now.astimezone(timezone(timedelta(hours=2)))

    async with store.writing() as connection:
        await parents.save(connection, Parent(1), amsterdam)
        kept = (await connection.execute(sqlalchemy.select(tables.parents.c.seen_at))).scalar_one()

    assert kept == now
    assert kept.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(store):
    with pytest.raises(sqlalchemy.exc.StatementError, match="without a zone"):
        async with store.writing() as connection:
            await parents.save(connection, Parent(1), datetime(2027, 1, 1))  # noqa: DTZ001


async def test_forgetting_erases_every_row_of_that_chat_and_of_no_other(store, now):
    async with store.writing() as connection:
        for chat_id in (1, 2):
            await parents.save(connection, Parent(chat_id, language="nl"), now)
            await dialogues.open_dialogue(connection, chat_id, "language", {}, now + timedelta(hours=1))
            await inbox.accept(connection, chat_id, chat_id, '{"text": "?"}', now)
            await groups.greet_once(connection, chat_id, now)
            for table, row in (
                (tables.subscriptions, {"kind": "meetup", "subject": "koffie", "created_at": now}),
                (tables.attendances, {"occurrence": "koffie@2027-03-31", "starts_at": now, "created_at": now}),
                (
                    tables.deliveries,
                    {"kind": "evening", "subject": "s", "due_at": now, "expires_at": now, "state": "due"},
                ),
            ):
                await connection.execute(table.insert().values(chat_id=chat_id, **row))

    async with store.writing() as connection:
        await kept.forget(connection, 1)
        await inbox.finish(connection, [1], now)

    async with store.reading() as connection:
        for table in tables.metadata.sorted_tables:
            if "chat_id" in table.c:
                chats = (await connection.execute(sqlalchemy.select(table.c.chat_id))).scalars().all()
                assert [chat for chat in chats if chat is not None] == [2], table.name
        assert await inbox.unfinished(connection) == [(2, '{"text": "?"}')]


async def test_a_forgotten_update_is_still_known_when_it_is_delivered_again(store, now):
    async with store.writing() as connection:
        await inbox.accept(connection, 1, 5, "{}", now)
        await kept.forget(connection, 5)

        assert not await inbox.accept(connection, 1, 5, "{}", now)


async def test_nothing_of_a_forgotten_parent_stays_on_the_disk(store, now, tmp_path):
    async with store.writing() as connection:
        await parents.save(connection, Parent(1, neighbourhood="wijk-van-toen"), now)
        await inbox.accept(connection, 1, 1, "mijn kind heet Sterre " * 500, now)

    async with store.writing() as connection:
        await kept.forget(connection, 1)
    async with store.writing() as connection:
        await inbox.finish(connection, [1], now)

    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"wijk-van-toen" not in on_disk
    assert b"Sterre" not in on_disk


async def test_feedback_is_counted_per_text_that_was_read(store, now):
    async with store.writing() as connection:
        for is_helpful in (True, True, False):
            await feedback.add(
                connection, answer="slapen", text_hash="a", language="nl", is_helpful=is_helpful, now=now
            )
        await feedback.add(connection, answer="slapen", text_hash="b", language="nl", is_helpful=False, now=now)

    async with store.reading() as connection:
        found = await feedback.tallies(connection)

    assert [(one.answer, one.language, one.text_hash, one.helpful, one.unhelpful) for one in found] == [
        ("slapen", "nl", "a", 2, 1),
        ("slapen", "nl", "b", 0, 1),
    ]


async def test_a_reason_belongs_to_one_opinion(store, now):
    async with store.writing() as connection:
        first = await feedback.add(connection, answer="slapen", text_hash="a", language="nl", is_helpful=False, now=now)
        second = await feedback.add(
            connection, answer="slapen", text_hash="a", language="nl", is_helpful=False, now=now
        )
        await feedback.add_reason(connection, second, "unclear")

    async with store.reading() as connection:
        rows = await connection.execute(sqlalchemy.select(tables.feedback.c.id, tables.feedback.c.reason))
        assert {row.id: row.reason for row in rows} == {first: None, second: "unclear"}
        [tally] = await feedback.tallies(connection)
        assert (tally.unhelpful, tally.reasons) == (2, {"wrong": 0, "unclear": 1, "incomplete": 0})


async def test_an_unknown_reason_is_refused(store):
    with pytest.raises(ValueError, match="wrong, unclear, incomplete"):
        async with store.writing() as connection:
            await feedback.add_reason(connection, 1, "boring")  # type: ignore[arg-type]


def test_feedback_has_no_room_for_who_gave_it():
    assert set(tables.feedback.c.keys()) == {
        "id", "answer", "text_hash", "language", "is_helpful", "reason", "given_on",
    }  # fmt: skip


async def test_a_dialogue_is_open_until_it_is_closed(store, now):
    later = now + timedelta(hours=1)

    async with store.writing() as connection:
        await dialogues.open_dialogue(connection, 1, "language", {}, later)
        await dialogues.open_dialogue(connection, 1, "feedback", {"row": 4, "words": ["é"]}, later)
        found = await dialogues.find(connection, 1, now)
        await dialogues.close(connection, 1)

        assert found == dialogues.Dialogue("feedback", {"row": 4, "words": ["é"]}, later)
        assert await dialogues.find(connection, 1, now) is None


async def test_an_expired_dialogue_counts_as_closed_and_is_pruned(store, now):
    async with store.writing() as connection:
        await dialogues.open_dialogue(connection, 1, "language", {}, now)
        await dialogues.open_dialogue(connection, 2, "language", {}, now + timedelta(seconds=1))

        assert await dialogues.find(connection, 1, now) is None
        await dialogues.prune(connection, now)
        left = (await connection.execute(sqlalchemy.select(tables.dialogues.c.chat_id))).scalars().all()

    assert left == [2]


async def test_a_group_is_greeted_once_and_again_when_it_comes_back(store, now):
    async with store.writing() as connection:
        greeted = [await groups.greet_once(connection, -5, now) for _ in range(2)]
        await groups.forget(connection, -5)

        assert greeted == [True, False]
        assert await groups.greet_once(connection, -5, now)
