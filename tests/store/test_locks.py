"""One process at a time, and nobody waits for a process that is gone."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.database import Store
from bot.store.errors import StoreError

CUT_ALL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid != pg_backend_pid()"
)


@pytest.fixture
async def another(url):
    """Another process, as the database sees it."""
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_program_of_a_file_holds_everything(store):
    assert await store.locks.take(1)
    await store.locks.let_go(1)
    assert await store.locks.take(1)


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_who_holds_a_lock_keeps_it_until_it_is_given_back(store, another):
    assert await store.locks.take(1)
    assert await store.locks.take(1)
    assert not await another.locks.take(1)
    assert await another.locks.take(2)

    await store.locks.let_go(1)

    assert await another.locks.take(1)
    assert not await store.locks.take(1)


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_locks_end_with_their_process(store, another):
    assert await another.locks.take(1)

    await another.close()

    assert await store.locks.take(1)


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_session_that_was_cut_holds_nothing_and_says_so_once(store, another):
    assert await store.locks.take(1)
    async with another.writing() as connection:
        await connection.exec_driver_sql(CUT_ALL_OTHERS)

    with pytest.raises(StoreError, match="does not answer"):
        await store.locks.take(1)

    assert await another.locks.take(1)
    assert not await store.locks.take(1)


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_many_at_once_share_the_session(store, another):
    taken = await asyncio.gather(*(store.locks.take(number) for number in range(50)))

    assert all(taken)
    assert not any(await asyncio.gather(*(another.locks.take(number) for number in range(50))))
