"""Updates are written down once, found again in order, and erased when they are finished."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy

from bot.store import inbox, tables


async def ids(connection) -> list[int]:
    return [update_id for update_id, _ in await inbox.unfinished(connection)]


async def test_an_update_is_accepted_once(store, now):
    async with store.writing() as connection:
        assert await inbox.accept(connection, 10, 1, "{}", now)
        assert not await inbox.accept(connection, 10, 1, "{}", now)


async def test_an_update_that_is_finished_is_not_accepted_again(store, now):
    async with store.writing() as connection:
        await inbox.accept(connection, 10, 1, "{}", now)
        await inbox.finish(connection, [10], now)

        assert not await inbox.accept(connection, 10, 1, "{}", now)


async def test_a_lower_id_that_comes_late_is_still_new(store, now):
    async with store.writing() as connection:
        await inbox.accept(connection, 11, 1, "{}", now)
        await inbox.finish(connection, [11], now)

        assert await inbox.accept(connection, 10, 1, "{}", now)


async def test_unfinished_ones_come_back_in_order_of_arrival(store, now):
    async with store.writing() as connection:
        await inbox.accept(connection, 9, 1, "first", now)
        await inbox.accept(connection, 3, 1, "second", now + timedelta(seconds=1))
        await inbox.accept(connection, 4, None, "third", now + timedelta(seconds=1))
        await inbox.finish(connection, [3], now)

        assert await inbox.unfinished(connection) == [(9, "first"), (4, "third")]


async def test_finishing_erases_what_was_written_and_by_whom(store, now, tmp_path):
    async with store.writing() as connection:
        await inbox.accept(connection, 10, 77, "mijn kind heet Sterre " * 500, now)
    async with store.writing() as connection:
        await inbox.finish(connection, [10], now)

    async with store.reading() as connection:
        row = (await connection.execute(sqlalchemy.select(tables.inbox))).one()
    assert (row.update_id, row.chat_id, row.payload, row.finished_at) == (10, None, None, now)
    await store.clean()
    assert not any(b"Sterre" in path.read_bytes() for path in tmp_path.iterdir())


async def test_pruning_drops_what_was_finished_before_and_never_what_waits(store, now):
    async with store.writing() as connection:
        for update_id in (1, 2, 3):
            await inbox.accept(connection, update_id, 1, "{}", now - timedelta(days=3))
        await inbox.finish(connection, [1], now - timedelta(days=2))
        await inbox.finish(connection, [2], now)

        await inbox.prune(connection, now - timedelta(days=1))

        kept = (await connection.execute(sqlalchemy.select(tables.inbox.c.update_id))).scalars().all()
        assert sorted(kept) == [2, 3]
        assert await ids(connection) == [3]
