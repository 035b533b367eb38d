"""A file that is not ours is refused as it is; one of ours is known, of any version and at any moment of its first start."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.model import Parent
from bot.store import parents, town_file
from bot.store.database import Store, StoreError
from tests import sqlite


def at(path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.mark.parametrize("opening", [Store.open, Store.open_as_it_is], ids=["to run", "to look"])
async def test_an_empty_file_is_not_taken_for_a_new_town(tmp_path, opening):
    path = tmp_path / "town.db"
    path.touch()

    with pytest.raises(StoreError, match=r"town\.db is an empty file.*'minidorp restore FILE', or remove it"):
        await opening(at(path))

    assert path.read_bytes() == b""
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("opening", [Store.open, Store.open_as_it_is], ids=["to run", "to look"])
async def test_a_database_of_another_program_is_left_as_it_is(tmp_path, opening):
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num)")
        connection.execute("CREATE TABLE photos (name)")
    before = path.read_bytes()

    with pytest.raises(StoreError, match=r"photos\.db is that of another program.*MINIDORP_DATABASE_URL"):
        await opening(at(path))

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


async def test_a_first_start_that_was_killed_before_its_tables_begins_again(tmp_path):
    path = tmp_path / "town.db"
    assert town_file.prepare(path)
    assert path.stat().st_size > 0

    await (await Store.open(at(path))).close()

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM parents").fetchone() == (0,)


async def test_a_town_that_was_begun_before_files_had_a_mark_still_opens(tmp_path, now):
    path = tmp_path / "town.db"
    address = sqlite.address(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA application_id = 0")

    store = await Store.open(address)
    async with store.writing() as connection:
        await parents.save(connection, Parent(1, language="nl"), now)
    await store.close()

    await (await Store.open_as_it_is(address)).close()


def test_a_disk_without_room_for_the_first_page_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    def no_room(_handle, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(town_file.os, "write", no_room)

    with pytest.raises(StoreError, match="the disk is full; make room"):
        town_file.prepare(tmp_path / "town.db")

    assert list(tmp_path.iterdir()) == []
