"""All that is kept of one chat is found, erased, and ends by itself, in every table there is or will be."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import select

from bot.model import Parent
from bot.store import deliveries, inbox, kept, parents, subscriptions, tables
from bot.store.tables import metadata

ME, OTHER = 7_301_234_567_891, 7_402_345_678_912


def filled(table: sqlalchemy.Table, chat_id: int) -> dict[str, object]:
    """Return a row with something in every column, and this chat wherever a chat can stand."""
    values: dict[str, object] = {}
    for column in table.columns:
        if column.name in (kept.CHAT, *kept.OF_THE_TEAM):
            values[column.name] = chat_id
        elif column.name in ("id", "update_id") and not isinstance(column.type, sqlalchemy.String):
            values[column.name] = chat_id % 1000
        else:
            values[column.name] = {
                sqlalchemy.JSON: {"nl": "x"}, sqlalchemy.Boolean: True, sqlalchemy.Date: date(2027, 3, 1),
                tables.UtcDateTime: datetime(2027, 3, 1, tzinfo=UTC), sqlalchemy.Integer: 3,
            }.get(type(column.type), f"{chat_id % 1000}{table.name}"[: getattr(column.type, "length", None)])  # fmt: skip
    return values


async def fill(store, *chats):
    async with store.writing() as connection:
        for name in kept.about_people():
            for chat_id in chats:
                await connection.execute(metadata.tables[name].insert().values(filled(metadata.tables[name], chat_id)))


def test_every_column_that_can_hold_a_chat_is_known():
    numbers = {
        column.name
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sqlalchemy.BigInteger) or column.name.endswith(("chat_id", "user_id", "telegram_id"))
    }

    assert numbers == {kept.CHAT, *kept.OF_THE_TEAM, "update_id", "id"}


async def test_a_row_in_every_table_is_found_and_nobody_elses(store):
    await fill(store, ME, OTHER)

    async with store.reading() as connection:
        rows = await kept.everything(connection, ME)

    assert [row.table for row in rows] == kept.about_people()
    assert len(rows) == 9
    for row in rows:
        expected = filled(metadata.tables[row.table], ME)
        assert set(row.values) == set(expected)
        assert ME in row.values.values()
        assert OTHER not in row.values.values()


async def test_who_else_of_the_team_confirmed_is_left_out(store, now):
    row = {**filled(tables.announcements, ME), "confirmed_by": OTHER}
    async with store.writing() as connection:
        await connection.execute(tables.announcements.insert().values(row))

        [mine], [theirs] = [await kept.everything(connection, chat) for chat in (ME, OTHER)]

    assert mine.values["made_by"] == ME
    assert "confirmed_by" not in mine.values
    assert "made_by" not in theirs.values


async def test_forgotten_nothing_is_left_but_what_the_team_did(store, now):
    await fill(store, ME, OTHER)

    async with store.writing() as connection:
        await kept.forget(connection, ME)
        await inbox.finish(connection, [ME % 1000], now)

    async with store.reading() as connection:
        mine, theirs = await kept.everything(connection, ME), await kept.everything(connection, OTHER)
    assert [row.table for row in mine] == ["announcements", "audit"]
    assert len(theirs) == 9


async def test_what_the_forgotten_wrote_last_waits_for_its_reply_and_then_nothing_is_left(store, now, tmp_path, url):
    async with store.writing() as connection:
        for update_id, text in ((7, "vergeet mij"), (8, "en nog iets over Sterre")):
            await inbox.accept(connection, update_id, ME, f'{{"chat": {ME}, "text": "{text}"}}', now)
        await subscriptions.follow(connection, ME, "meetup", "koffie", now)
        await kept.forget(connection, ME)

    async with store.reading() as connection:
        assert [row.table for row in await kept.everything(connection, ME)] == ["inbox", "inbox"]
        assert [update_id for update_id, _ in await inbox.unfinished(connection)] == [7, 8]
    for update_id in (7, 8):
        store._rewritten_until = 0
        async with store.writing() as connection:
            await inbox.finish(connection, [update_id], now)
    async with store.reading() as connection:
        assert await kept.everything(connection, ME) == []
    if url.startswith("sqlite"):
        on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert not any(spelling in on_disk for spelling in (*spellings(ME), b"Sterre"))


def spellings(chat_id: int) -> list[bytes]:
    """Return how a chat's number can stand in a file: in digits, as SQLite writes it in a row (six bytes, the highest
    first), and the other way around.
    """
    return [str(chat_id).encode(), chat_id.to_bytes(6, "big"), chat_id.to_bytes(6, "little")]


async def test_the_numbers_of_the_forgotten_stand_nowhere_in_the_file_however_pages_were_split(
    store, now, tmp_path, url
):
    if not url.startswith("sqlite"):
        pytest.skip("the file of a server is not ours to read")
    order = random.Random(1)
    chats = [ME + 1000 * number for number in range(1200)]
    order.shuffle(chats)
    for start in range(0, len(chats), 100):
        async with store.writing() as connection:
            for chat_id in chats[start : start + 100]:
                await subscriptions.follow(connection, chat_id, "meetup", "koffie", now)
                await inbox.accept(connection, chat_id // 1000 % 10_000, chat_id, f'{{"chat": {chat_id}}}', now)
        async with store.writing() as connection:
            chosen = select(tables.parents.c.chat_id).where(sqlalchemy.true())
            await deliveries.add(connection, chosen, "evening", f"{start}", now, now)
        if start % 500 == 0:
            await store.clean()
    forgotten = order.sample(chats, 150)
    before = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert all(spellings(chat_id)[1] in before for chat_id in forgotten)

    for chat_id in forgotten:
        async with store.writing() as connection:
            await kept.forget(connection, chat_id)
            await inbox.finish(connection, [chat_id // 1000 % 10_000], now)
    store._rewritten_until = 0
    await store.clean()

    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    found = [chat_id for chat_id in forgotten for spelling in spellings(chat_id) if spelling in on_disk]
    assert found == []


SILENT = timedelta(days=366)


@pytest.mark.parametrize(("seen", "follows", "asked", "state", "is_gone", "is_asked"), [
    pytest.param(timedelta(days=364), True, None, None, False, False, id="wrote within the year"),
    pytest.param(SILENT, False, None, None, False, True, id="silent, follows nothing"),
    pytest.param(SILENT, True, None, None, False, True, id="silent, follows something"),
    pytest.param(SILENT, False, timedelta(days=29), "sent", False, False, id="follows nothing, still time to answer"),
    pytest.param(SILENT, False, timedelta(days=31), "sent", True, False, id="follows nothing, no answer"),
    pytest.param(SILENT, True, timedelta(days=29), "sent", False, False, id="asked, still time to answer"),
    pytest.param(SILENT, True, timedelta(days=31), "sent", True, False, id="asked, no answer"),
    pytest.param(SILENT, True, timedelta(days=31), "failed", True, False, id="could not be asked"),
    pytest.param(SILENT, True, timedelta(days=31), "skipped", False, False, id="was not asked after all: later again"),
    pytest.param(timedelta(days=30), True, timedelta(days=31), "sent", False, False, id="asked, and wrote"),
    pytest.param(SILENT, True, SILENT + timedelta(days=40), "sent", False, True, id="asked in an earlier silence"),
])  # fmt: skip
async def test_who_is_silent_is_asked_once_and_then_forgotten(
    store, now, seen, follows, asked, state, is_gone, is_asked
):
    silent_since, asked_before = now - timedelta(days=365), now - timedelta(days=30)
    async with store.writing() as connection:
        await parents.save(connection, Parent(ME, language="nl"), now - seen)
        await parents.save(connection, Parent(OTHER), now)
        await subscriptions.follow(connection, OTHER, "meetup", "koffie", now)
        if follows:
            await subscriptions.follow(connection, ME, "meetup", "koffie", now - seen)
        if asked is not None:
            at = now - asked
            row = {
                "kind": kept.ASKED,
                "subject": "d",
                "due_at": at,
                "expires_at": at,
                "finished_at": at,
                "state": state,
            }
            await connection.execute(tables.deliveries.insert().values(chat_id=ME, **row))

    async with store.writing() as connection:
        ended = await kept.forget_silent(connection, silent_since, asked_before)
        to_ask = [row.chat_id for row in await connection.execute(kept.to_be_asked(silent_since))]

    async with store.reading() as connection:
        rows = await kept.everything(connection, ME)
        others = await kept.everything(connection, OTHER)
    assert ended == (1 if is_gone else 0)
    assert (rows == []) == is_gone
    assert to_ask == ([ME] if is_asked else [])
    assert len(others) == 2


@pytest.mark.parametrize("note", [
    pytest.param(parents.cannot_be_reached, id="blocked the bot"),
    pytest.param(parents.wants_silence, id="said stop"),
])  # fmt: skip
async def test_who_wants_no_message_is_not_asked_and_all_is_erased(store, now, note):
    silent_since = now - timedelta(days=365)
    async with store.writing() as connection:
        await parents.save(connection, Parent(ME, language="nl"), now - SILENT)
        await note(connection, ME, now - SILENT)

        chosen = await connection.execute(kept.to_be_asked(silent_since))
        asked = chosen.all()
        ended = await kept.forget_silent(connection, silent_since, now - timedelta(days=30))

        assert (asked, ended) == ([], 1)
        assert await kept.everything(connection, ME) == []


async def test_who_follows_something_after_a_stop_is_asked(store, now):
    async with store.writing() as connection:
        await parents.save(connection, Parent(ME, language="nl"), now - SILENT)
        await parents.wants_silence(connection, ME, now - SILENT)
        await subscriptions.follow(connection, ME, "meetup", "koffie", now - SILENT)

        chosen = await connection.execute(kept.to_be_asked(now - timedelta(days=365)))

        assert [row.chat_id for row in chosen] == [ME]


async def test_the_silent_are_found_by_an_index_and_not_by_reading_everybody(store, now, url):
    if not url.startswith("sqlite"):
        pytest.skip("only SQLite tells its plan so")
    asked = str(kept.to_be_asked(now).compile(store._engine.sync_engine, compile_kwargs={"literal_binds": True}))

    async with store.reading() as connection:
        plan = [row[3] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]

    assert "SEARCH parents USING INDEX ix_parents_seen_at (seen_at<?)" in plan
    assert not any(step.startswith("SCAN") and "CONSTANT" not in step for step in plan), plan
