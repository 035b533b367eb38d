"""A copy is whole, closed to others and without a word of a parent; a restore never loses what was there."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy

from bot.model import Parent
from bot.store import backup, deliveries, inbox, parents, subscriptions, tables
from bot.store.database import Store, StoreError

NOW = datetime(2027, 3, 31, 7, 30, tzinfo=UTC)
QUESTION = "onze Sterrelinde wil niet eten"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "town.sqlite3"


@pytest.fixture
def url(file):
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def store(url):
    store = await Store.open(url)
    yield store
    await store.close()


async def live(store: Store, *chats: int) -> None:
    async with store.writing() as connection:
        for chat in chats:
            await parents.save(connection, Parent(chat, language="nl"), NOW)


def chats(path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT chat_id FROM parents ORDER BY chat_id")]


async def known(store: Store) -> list[int]:
    async with store.reading() as connection:
        rows = await connection.execute(tables.parents.select().order_by(tables.parents.c.chat_id))
        return [row.chat_id for row in rows]


async def test_a_copy_is_whole_and_only_for_its_owner(store, url, tmp_path):
    await live(store, 1, 2)

    backup.back_up(url, tmp_path / "copy.db", NOW)

    assert chats(tmp_path / "copy.db") == [1, 2]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.db"]


async def test_a_copy_is_made_while_parents_talk_and_keeps_nobody_from_it(store, url, tmp_path):
    talking = True
    written: list[int] = []

    async def talk() -> None:
        while talking:
            written.append(len(written) + 1)
            await live(store, written[-1])

    conversation = asyncio.create_task(talk())
    while len(written) < 5:  # noqa: ASYNC110 - the conversation goes on meanwhile
        await asyncio.sleep(0.001)
    before = len(written) - 1
    for number in range(5):
        await asyncio.to_thread(backup.back_up, url, tmp_path / f"copy-{number}.db", NOW)
    talking = False
    await conversation

    copies = [chats(tmp_path / f"copy-{number}.db") for number in range(5)]
    assert copies[0][:before] == written[:before]
    for copied in copies:
        assert copied == written[: len(copied)]
    assert await known(store) == written


async def test_a_message_that_is_being_answered_is_not_in_the_copy(store, url, tmp_path):
    async with store.writing() as connection:
        await inbox.accept(connection, 1, 7_654_321, f'{{"text": "{QUESTION}"}}', NOW)

    backup.back_up(url, tmp_path / "copy.db", NOW)

    content = (tmp_path / "copy.db").read_bytes()
    assert b"Sterrelinde" not in content
    async with store.reading() as connection:
        assert len(await inbox.unfinished(connection)) == 1


async def test_what_was_being_sent_goes_out_after_a_restore(store, url, tmp_path):
    await live(store, 1)
    async with store.writing() as connection:
        await subscriptions.follow(connection, 1, "meetup", "koffie", NOW)
        chosen = sqlalchemy.select(tables.parents.c.chat_id).where(tables.parents.c.chat_id == 1)
        await deliveries.add(connection, chosen, "evening", "koffie", NOW, NOW.replace(hour=9))
        assert len(await deliveries.claim(connection, NOW, 5)) == 1

    backup.back_up(url, tmp_path / "copy.db", NOW)

    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT state FROM deliveries").fetchall() == [("due",)]


async def test_a_copy_never_takes_the_place_of_another(store, url, tmp_path):
    (tmp_path / "copy.db").write_text("the only one")

    with pytest.raises(StoreError, match=r"copy\.db is there already"):
        backup.back_up(url, tmp_path / "copy.db", NOW)

    assert (tmp_path / "copy.db").read_text() == "the only one"


async def test_a_restore_brings_back_what_was_and_keeps_what_is(url, file, tmp_path):
    store = await Store.open(url)
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await live(store, 2)
    await store.close()

    kept = backup.restore(url, tmp_path / "copy.db", NOW)

    assert chats(file) == [1]
    assert chats(kept) == [1, 2]
    assert kept.name == "town.sqlite3.before-restore-20270331T073000"
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(file.stat().st_mode) == 0o600
    again = await Store.open(url)
    assert await known(again) == [1]
    await again.close()


async def test_a_bot_that_runs_is_not_taken_its_database(store, url, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await live(store, 2)

    with pytest.raises(StoreError, match=r"in use; stop the bot first, or .*--while-running"):
        backup.restore(url, tmp_path / "copy.db", NOW)

    assert await known(store) == [1, 2]
    assert not list(tmp_path.glob("*before-restore*"))


async def test_a_bot_that_runs_goes_on_with_what_is_put_back_when_told_so(store, url, file, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await live(store, 2)

    kept = backup.restore(url, tmp_path / "copy.db", NOW, while_running=True)

    assert await known(store) == [1]
    await live(store, 3)
    assert await known(store) == [1, 3]
    assert chats(kept) == [1, 2]
    await store.close()
    assert chats(file) == [1, 3]


async def test_a_town_that_lost_its_disk_is_put_back(store, url, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)

    assert backup.restore(f"sqlite:///{tmp_path}/new/town.db", tmp_path / "copy.db", NOW) is None

    assert chats(tmp_path / "new" / "town.db") == [1]
    assert stat.S_IMODE((tmp_path / "new" / "town.db").stat().st_mode) == 0o600


async def test_a_damaged_database_is_set_aside_as_it_is(url, file, tmp_path):
    store = await Store.open(url)
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await store.close()
    file.write_bytes(b"holiday photos" * 500)

    kept = backup.restore(url, tmp_path / "copy.db", NOW)

    assert chats(file) == [1]
    assert kept.read_bytes() == b"holiday photos" * 500


@pytest.mark.parametrize(("content", "told"), [
    pytest.param(None, "There is no copy", id="not there"),
    pytest.param(b"", "no database of Minidorp", id="empty"),
    pytest.param(b"holiday photos" * 500, "damaged or no database", id="something else"),
])  # fmt: skip
async def test_what_is_no_copy_changes_nothing(store, url, file, tmp_path, content, told):
    await live(store, 1)
    await store.close()
    if content is not None:
        (tmp_path / "copy.db").write_bytes(content)

    with pytest.raises(StoreError, match=told):
        backup.restore(url, tmp_path / "copy.db", NOW)

    assert chats(file) == [1]
    assert not list(tmp_path.glob("*before-restore*"))


async def test_a_copy_that_lost_a_page_is_refused(store, url, file, tmp_path):
    await live(store, *range(2000))
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await store.close()
    with (tmp_path / "copy.db").open("r+b") as copy:
        copy.seek(-3 * 4096, 2)
        copy.write(b"\xff" * 2 * 4096)

    with pytest.raises(StoreError, match=r"copy\.db is damaged"):
        backup.restore(url, tmp_path / "copy.db", NOW)

    assert len(chats(file)) == 2000


async def test_a_copy_of_a_newer_program_is_refused(store, url, tmp_path):
    await store.close()
    backup.back_up(url, tmp_path / "copy.db", NOW)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match=r"newer Minidorp .step 9999"):
        backup.restore(url, tmp_path / "copy.db", NOW)


async def test_the_database_itself_is_no_copy_of_it(store, url, file):
    with pytest.raises(StoreError, match="is the database itself"):
        backup.restore(url, file, NOW, while_running=True)


def test_postgresql_is_told_which_command_does_it_without_the_password(tmp_path):
    url = "postgresql+asyncpg://minidorp:Geh3im@db.example.org/town"

    with pytest.raises(StoreError) as copying:
        backup.back_up(url, tmp_path / "copy.dump", NOW)
    with pytest.raises(StoreError) as restoring:
        backup.restore(url, tmp_path / "copy.dump", NOW)

    place = "postgresql://minidorp@db.example.org/town"
    assert f"pg_dump --format=custom --file={tmp_path}/copy.dump {place}" in str(copying.value)
    assert f"pg_restore --clean --if-exists {tmp_path}/copy.dump --dbname={place}" in str(restoring.value)
    assert "Geh3im" not in f"{copying.value}{restoring.value}"
