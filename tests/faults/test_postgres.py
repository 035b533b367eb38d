"""PostgreSQL goes away while the bot runs, and a migration of it is cut short: nobody is missed, and all goes on by itself."""

from __future__ import annotations

import asyncio
import signal
import time

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import migrate
from bot.store.migrate import known_steps
from tests.faults.conftest import ALL, Town
from tests.postgres import SHAPE

DANGER = "hij ademt niet meer"
AWAY_S = 10 if ALL else 1


class TownOnPostgres(Town):
    """The small town with its database on a server."""

    url = ""

    def rows(self, statement):
        return asyncio.run(self._fetched(statement))

    async def _fetched(self, statement):
        address = make_url(self.url)
        connection = await asyncpg.connect(host=address.query["host"], user=address.username, database=address.database)
        found = [row[0] for row in await connection.fetch(statement)]
        await connection.close()
        return found


@pytest.fixture
def town(tmp_path, telegram, small_cache):
    return TownOnPostgres(tmp_path, telegram, small_cache)


@pytest.fixture
async def database(town, postgres):
    async with postgres.database() as town.url:
        yield
        for program in town.programs:
            program.end()


@pytest.fixture
async def old_database(town, postgres):
    """A database as the first version left it, with a parent in it."""
    async with postgres.database(is_empty=True) as town.url:
        engine = create_async_engine(town.url)
        async with engine.begin() as connection:
            await connection.run_sync(first_version)
        await engine.dispose()
        yield
        for program in town.programs:
            program.end()


def first_version(connection: Connection) -> None:
    """Make the tables of the first version, and a parent."""
    config = migrate._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    connection.exec_driver_sql(
        "INSERT INTO parents (chat_id, language, created_at, seen_at) VALUES (7, 'en', '2026-01-01', '2026-01-01')"
    )


@pytest.mark.usefixtures("database")
def test_the_server_is_away_for_some_seconds(town, telegram, postgres):
    town.switch_on("haste")
    program = town.start().wait_until_it_receives()
    town.wait_for(town.ask())
    telegram.hold()
    waiting, danger, being_told = town.ask(count=2), town.ask(DANGER), town.announce()
    telegram.wait_until(lambda: telegram.held == 5, "replies and an announcement to be under way")
    told = town.announce(ahead_s=1)
    postgres.stop()
    try:
        telegram.let_go()
        asked = town.ask(count=3)
        town.wait_for([*waiting, *danger, *being_told])
        program.wait_for_output("does not answer")
        time.sleep(AWAY_S)
        assert town.heard([*asked, *told]) == [0] * 5
    finally:
        postgres.start()
    town.is_back("PostgreSQL away", [*asked, *told])

    town.wait_until_noted()
    assert town.heard([*waiting, *danger, *being_told, *asked, *told]) == [1] * 10
    assert program.said("whether messages were left behind") <= 1


@pytest.mark.skipif(not ALL, reason="'make faults' does so; a migration of a file is cut short in every run")
@pytest.mark.usefixtures("old_database")
def test_a_migration_that_is_cut_short_changes_nothing_and_is_done_by_the_next_start(town, telegram):
    [before] = town.rows(SHAPE)
    cuts = 0
    for statement in range(1, 200):
        town.switch_on("kill in migration", statement)
        program = town.start()
        telegram.wait_until(lambda program=program: program.process.exitcode is not None or telegram.calls, "an end")
        if telegram.calls:
            break
        assert program.wait() == -signal.SIGKILL
        assert town.rows(SHAPE) == [before]
        cuts += 1

    assert cuts >= 40
    town.wait_for(town.ask())
    assert town.rows("SELECT version_num FROM alembic_version") == [max(known_steps())]
    assert town.rows("SELECT language FROM parents WHERE chat_id = 7") == ["en"]
