"""A town moves as a whole, or not at all."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot.cli import commands
from bot.model import Parent
from bot.store import asked, changes, deliveries, feedback, inbox, moving, parents, subscriptions, tables
from bot.store.audiences import these
from bot.store.database import Store, StoreError
from tests import sqlite


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A file with something in most tables, more than fits in memory at one time."""
    path = tmp_path_factory.mktemp("filled") / "town.db"
    asyncio.run(fill(sqlite.address(path), datetime(2027, 3, 31, 7, 30, tzinfo=UTC)))
    return path


@pytest.fixture
def town(filled, tmp_path):
    return f"sqlite+aiosqlite:///{shutil.copy(filled, tmp_path / 'old.db')}"


async def fill(url: str, now: datetime) -> None:
    store = await Store.open(url)
    async with store.writing() as connection:
        for chat in range(1, 4):
            await parents.save(connection, Parent(chat, "nl", "stadshagen", date(2026, 1, 1), None), now)
            await subscriptions.follow(connection, chat, "meetup", "koffie", now)
        for number in range(moving.AT_ONCE + 1):
            await inbox.accept(connection, number, 1, '{"text": "één ☕"}', now)
        await deliveries.add(connection, these([1, 2, 3]), "evening", "koffie@2027-03-31", now, now + timedelta(days=1))
        await changes.add(connection, "koffie", date(2027, 3, 31), "cancelled", {"reason": {"nl": "Ziek"}}, now)
        await feedback.add(connection, answer="slapen", text_hash="x", language="nl", is_helpful=True, now=now)
        await asked.count(connection, "slapen", "dieze", date(2027, 3, 31))
    await store.close()


async def everything(url: str) -> dict[str, list[tuple]]:
    store = await Store.open(url)
    async with store.reading() as connection:
        found = {
            table.name: [
                tuple(row) for row in await connection.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in tables.metadata.sorted_tables
        }
    await store.close()
    return found


async def test_every_row_is_there_as_it_was_and_the_old_one_keeps_it(town, empty_url):
    before = await everything(town)

    moved = await moving.move(town, empty_url)

    assert await everything(empty_url) == await everything(town) == before
    assert {one.table: one.after for one in moved} == {name: len(rows) for name, rows in before.items()}
    assert {one.table for one in moved if one.after} == {
        "parents", "subscriptions", "inbox", "deliveries", "changes", "feedback", "asked"
    }  # fmt: skip


async def test_new_rows_get_new_numbers_afterwards(town, empty_url, now):
    await moving.move(town, empty_url)

    store = await Store.open(empty_url)
    async with store.writing() as connection:
        for table in (tables.feedback, tables.changes, tables.deliveries, tables.audit):
            assert table.primary_key.columns.keys() == ["id"]
        new = await feedback.add(connection, answer="a", text_hash="x", language="nl", is_helpful=True, now=now)
        await changes.add(connection, "koffie", date(2027, 4, 7), "cancelled", {}, now)
        await deliveries.add(connection, these([4]), "evening", "koffie@2027-03-31", now, now + timedelta(days=1))
    await store.close()

    assert new == 2
    assert [row[0] for row in (await everything(empty_url))["deliveries"]] == [1, 2, 3, 4]


async def test_a_database_that_is_not_empty_is_refused_and_stays_as_it_was(town, url, now):
    store = await Store.open(url)
    async with store.writing() as connection:
        await subscriptions.follow(connection, 9, "meetup", "koffie", now)
    await store.close()
    before = await everything(url)

    with pytest.raises(StoreError, match=r"not empty \(1 rows in parents\)"):
        await moving.move(town, url)

    assert await everything(url) == before


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_row_that_does_not_fit_leaves_nothing_behind(town, tmp_path, url):
    with closing(sqlite3.connect(tmp_path / "old.db")) as file, file:
        file.execute("UPDATE subscriptions SET subject = ? WHERE chat_id = 3", ("x" * 65,))

    with pytest.raises(StoreError, match="row of the table subscriptions does not fit") as caught:
        await moving.move(town, url)

    assert "xxx" not in str(caught.value)
    assert not any((await everything(url)).values())


async def test_nothing_is_written_at_the_old_one_meanwhile(town, url, monkeypatch):
    original, refused = moving._copy, []

    async def copy(source, target, table):
        other = sqlite3.connect(town.removeprefix("sqlite+aiosqlite:///"), timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        refused.append(table)
        return await original(source, target, table)

    monkeypatch.setattr(moving, "_copy", copy)
    await moving.move(town, url)

    assert refused == list(tables.metadata.sorted_tables)


def moves(*arguments: str):
    return CliRunner().invoke(commands, ["migrate", *arguments])


def test_the_command_shows_the_counts(no_settings):
    sqlite.address(no_settings / "a.db")

    result = moves("--from", "sqlite:///a.db", "--to", "sqlite:///b.db")

    assert result.exit_code == 0, result.output
    assert "parents" in result.output
    assert "MINIDORP_DATABASE_URL" in result.output
    with closing(sqlite3.connect(no_settings / "b.db")) as file:
        assert file.execute("SELECT count(*) FROM parents").fetchone() == (0,)


@pytest.mark.parametrize(("arguments", "sentence"), [
    pytest.param(("--from", "sqlite:///no.db", "--to", "sqlite:///b.db"), "no database no.db to move", id="no town"),
    pytest.param(("--from", "sqlite:///a.db", "--to", "sqlite:///a.db"), "cannot move to where it is", id="the same"),
    pytest.param(("--from", "sqlite:///a.db", "--to", "town"), "--from or --to", id="no address"),
    pytest.param(("--from", "sqlite:///a.db", "--to", "postgresql://mayor:geheim@127.0.0.1:1/town"),
                 "does not answer", id="nobody there"),
])  # fmt: skip
def test_what_is_wrong_is_one_sentence(no_settings, arguments, sentence):
    sqlite.address(no_settings / "a.db")

    result = moves(*arguments)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert "geheim" not in result.stderr
    assert not (no_settings / "b.db").exists()
