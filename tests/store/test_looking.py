"""Who only looks at a database takes no step in it: an older program, perhaps running, could not use it afterwards."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import inspect

from bot.store import migrate, moving
from bot.store.database import Store, StoreError
from bot.store.migrate import BehindError


async def set_back(url: str, step: str) -> None:
    """Let the database be of an older program."""

    def down(connection) -> None:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, step)

    store = await Store.open(url)
    async with store.writing() as connection:
        await connection.run_sync(down)
    await store.close()


async def looked(url: str) -> BehindError:
    with pytest.raises(BehindError) as caught:
        await (await Store.open_as_it_is(url)).close()
    return caught.value


async def test_an_older_database_says_where_it_stands_and_stays_there(url):
    await set_back(url, "0003")

    first, again = await looked(url), await looked(url)

    assert first.step == again.step == "0003"
    assert "older Minidorp (step 0003); the next start of the bot takes it to step 00" in str(first)
    await (await Store.open(url)).close()
    await (await Store.open_as_it_is(url)).close()


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_an_empty_database_is_left_empty(empty_url):
    assert (await looked(empty_url)).step is None
    assert (await looked(empty_url)).step is None


async def test_an_older_town_is_not_moved_and_not_changed(url, tmp_path):
    await set_back(url, "0003")

    with pytest.raises(
        StoreError, match=r"older Minidorp \(step 0003\) and was not changed; start the bot with it once"
    ):
        await moving.move(url, f"sqlite:///{tmp_path}/new.db")

    assert (await looked(url)).step == "0003"
    assert not (tmp_path / "new.db").exists()


async def test_looking_at_what_is_up_to_date_finds_every_table(url):
    store = await Store.open_as_it_is(url)
    async with store.reading() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await store.close()

    assert {"parents", "inbox", "heartbeats"} <= set(found)
