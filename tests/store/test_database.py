"""The file, its migrations, its transactions, and what can be wrong with it."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.model import Parent
from bot.store import inbox, parents, tables
from bot.store.database import CONNECTIONS, Store, StoreError

IMPATIENT = timedelta(milliseconds=50)


def at(path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def differences(connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), tables.metadata)


async def test_the_migrations_leave_the_tables_as_they_are_described(store):
    async with store.reading() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_no_connection_keeps_much_of_the_file_in_memory(tmp_path):
    store = await Store.open(at(tmp_path / "file.sqlite3"))
    kept = []
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            connection = await stack.enter_async_context(store.reading())
            kept.append((await connection.exec_driver_sql("PRAGMA cache_size")).scalar_one())
    await store.close()

    # Below zero it is KiB and not pages.
    assert max(kept) < 0
    assert sum(kept) >= -8 * 1024


async def test_what_was_written_is_there_after_a_restart(url, now):
    first = await Store.open(url)
    async with first.writing() as connection:
        await parents.save(connection, Parent(1, language="nl"), now)
    await first.close()

    second = await Store.open(url)
    async with second.reading() as connection:
        found = await parents.find(connection, 1)
    await second.close()

    assert found == Parent(1, language="nl")


async def test_an_error_undoes_the_whole_transaction(store, now):
    async def fail_halfway() -> None:
        async with store.writing() as connection:
            await parents.save(connection, Parent(1, language="nl"), now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()

    async with store.reading() as connection:
        assert (await parents.find(connection, 1)).language is None


async def test_many_writers_at_once_all_get_their_turn(store, now):
    async def write(update_id: int) -> bool:
        async with store.writing() as connection:
            return await inbox.accept(connection, update_id, update_id, "{}", now)

    accepted = await asyncio.gather(*(write(update_id) for update_id in range(50)))

    assert all(accepted)
    async with store.reading() as connection:
        assert len(await inbox.unfinished(connection)) == 50


async def test_two_programs_that_start_at_the_same_time_make_the_tables_once(empty_url):
    stores = await asyncio.gather(Store.open(empty_url), Store.open(empty_url))

    async with stores[1].reading() as connection:
        assert await connection.run_sync(differences) == []
    for store in stores:
        await store.close()


async def test_the_folder_is_made_and_only_the_owner_may_read_the_file(tmp_path):
    path = tmp_path / "not" / "there" / "town.db"

    store = await Store.open(at(path))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await store.close()

    assert modes == dict.fromkeys(("town.db", "town.db-wal", "town.db-shm"), 0o600)


async def test_a_file_that_was_open_to_others_is_closed_to_them(tmp_path):
    path = tmp_path / "town.db"
    await (await Store.open(at(path))).close()
    path.chmod(0o644)

    await (await Store.open(at(path))).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_log_that_a_killed_program_left_open_to_others_is_closed_to_them(tmp_path):
    path, log = tmp_path / "town.db", tmp_path / "town.db-wal"
    await (await Store.open(at(path))).close()
    log.touch(0o644)

    store = await Store.open(at(path))
    mode = stat.S_IMODE(log.stat().st_mode)
    await store.close()

    assert mode == 0o600


@pytest.mark.parametrize("content", [
    pytest.param(b"this is a letter, not a database\n" * 100, id="another kind of file"),
    pytest.param(b"SQLite format 3\x00" + b"\xff" * 5000, id="a database that was overwritten"),
])  # fmt: skip
async def test_a_damaged_file_is_named_and_left_as_it_was(tmp_path, content):
    path = tmp_path / "town.db"
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"town\.db .*damaged.*MINIDORP_DATABASE_URL"):
        await Store.open(at(path))

    assert path.read_bytes() == content


async def test_damage_in_a_corner_is_found_before_anything_is_written(tmp_path):
    path = tmp_path / "town.db"
    await (await Store.open(at(path))).close()
    content = bytearray(path.read_bytes())
    content[-8192:] = b"\x5a" * 8192
    path.write_bytes(content)

    with pytest.raises(StoreError, match="damaged"):
        await Store.open(at(path))

    assert path.read_bytes() == bytes(content)


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"cannot be opened .*MINIDORP_DATABASE_URL"):
        await Store.open(at(tmp_path / "file" / "town.db"))


async def test_a_file_that_another_program_holds_is_one_sentence(tmp_path):
    path = tmp_path / "town.db"
    await (await Store.open(at(path))).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreError, match="locked by another program"):
        await Store.open(at(path), patience=IMPATIENT)

    other.close()
    assert path.exists()


async def test_a_full_disk_is_one_sentence_and_nothing_is_left_half_written(tmp_path):
    def no_room(connection, _record) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 4")

    event.listen(Engine, "connect", no_room)
    try:
        with pytest.raises(StoreError, match="the disk is full"):
            await Store.open(at(tmp_path / "town.db"))
    finally:
        event.remove(Engine, "connect", no_room)

    assert list(tmp_path.iterdir()) == []


async def test_a_disk_that_fills_up_later_undoes_the_write_and_says_so(store, now):
    if not store.is_a_file:
        pytest.skip("PostgreSQL's disk is not ours to fill")

    async def write_too_much() -> None:
        async with store.writing() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 1")
            await inbox.accept(connection, 1, 1, "a secret " * 100_000, now)

    with pytest.raises(StoreError, match="the disk is full") as caught:
        await write_too_much()

    assert "secret" not in str(caught.value)


async def test_a_database_of_a_newer_minidorp_is_not_touched(tmp_path):
    path = tmp_path / "town.db"
    await (await Store.open(at(path))).close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()

    with pytest.raises(StoreError, match="newer Minidorp"):
        await Store.open(at(path))


@pytest.mark.parametrize("url", [
    pytest.param("town.db", id="a bare file name"),
    pytest.param("mysql://localhost/town", id="another kind of database"),
    pytest.param("postgresql+asyncpg://mayor:geheim@127.0.0.1:1/town", id="nobody answers"),
])  # fmt: skip
async def test_an_address_that_leads_nowhere_names_the_setting_and_no_password(url):
    if "asyncpg" in url:
        pytest.importorskip("asyncpg")
    with pytest.raises(StoreError, match="MINIDORP_DATABASE_URL") as caught:
        await Store.open(url)

    assert "geheim" not in str(caught.value)


async def test_an_error_of_the_database_does_not_repeat_what_a_parent_wrote(store, now):
    row = {"update_id": 1, "payload": "mijn geheim", "received_at": now}

    async def insert_twice() -> None:
        async with store.writing() as connection:
            for _ in range(2):
                await connection.execute(sqlalchemy.insert(tables.inbox).values(row))

    with pytest.raises(sqlalchemy.exc.IntegrityError) as caught:
        await insert_twice()

    assert "geheim" not in str(caught.value)


async def test_a_glance_takes_no_other_thread_and_sees_what_was_written(url, store, now):
    async with store.writing() as connection:
        await parents.save(connection, Parent(1, language="nl"), now)

    async with store.glance() as connection:
        found = await parents.find(connection, 1)
        if store.is_a_file:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver.is_at_once

    assert found == Parent(1, language="nl")


async def test_a_short_transaction_takes_no_other_thread_in_between_and_is_on_the_disk_when_it_ends(url, store, now):
    async with store.writing(at_once=True) as connection:
        await parents.save(connection, Parent(1, language="nl"), now)
        if store.is_a_file:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver.is_at_once

    assert not (store.is_a_file and driver.is_at_once)
    other = await Store.open(url)
    async with other.reading() as connection:
        assert await parents.find(connection, 1) == Parent(1, language="nl", seen_at=now)
    await other.close()


async def test_a_short_transaction_that_fails_is_undone_and_the_next_hops_as_ever(store, now):
    async def fail() -> None:
        async with store.writing(at_once=True) as connection:
            await parents.save(connection, Parent(1, language="nl"), now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with store.writing() as connection:
        assert await parents.find(connection, 1) == Parent(1)
        if store.is_a_file:
            assert not (await connection.get_raw_connection()).driver_connection.is_at_once
