"""A copy is whole, closed to others and without a word of a parent; a restore never loses what was there."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy
from typer.testing import CliRunner

from bot.cli import commands
from bot.model import Parent
from bot.store import backup, deliveries, inbox, kept, parents, subscriptions, tables
from bot.store.database import Store, StoreError
from bot.store.gone import Gone
from tests import sqlite
from tests.store.test_looking import set_back

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

    kept = backup.restore(url, tmp_path / "copy.db", NOW).kept

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

    kept = backup.restore(url, tmp_path / "copy.db", NOW, while_running=True).kept

    assert await known(store) == [1]
    await live(store, 3)
    assert await known(store) == [1, 3]
    assert chats(kept) == [1, 2]
    await store.close()
    assert chats(file) == [1, 3]


async def test_what_a_restore_keeps_holds_no_message_and_is_found_again(store, url, file, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    async with store.writing() as connection:
        await inbox.accept(connection, 1, 7_654_321, f'{{"text": "{QUESTION}"}}', NOW)

    kept = backup.restore(url, tmp_path / "copy.db", NOW, while_running=True).kept

    assert b"Sterrelinde" not in kept.read_bytes()
    assert backup.kept_by_restores(file) == [kept]
    assert list(tmp_path.glob(".*")) == []


async def test_who_was_forgotten_after_the_copy_stays_forgotten_and_what_ended_stays_ended(store, url, file, tmp_path):
    await live(store, 1, 2, 3)
    async with store.writing() as connection:
        for chat in (1, 2, 3):
            await subscriptions.follow(connection, chat, "meetup", "koffie", NOW)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    later = NOW + timedelta(days=1)
    async with store.writing() as connection:
        await kept.forget(connection, 2)
        await subscriptions.unfollow(connection, 3, "meetup", "koffie")
        await kept.forget(connection, 1)
        await parents.save(connection, Parent(1, language="tr"), later)

    done = backup.restore(url, tmp_path / "copy.db", later, while_running=True)

    assert done.gone == Gone(people=2, subscriptions=1)
    assert done.as_of == NOW
    assert await known(store) == [3]
    async with store.reading() as connection:
        assert (await connection.execute(tables.subscriptions.select())).all() == []


async def test_a_new_town_that_was_begun_after_a_loss_forgets_nobody_of_the_copy(store, url, tmp_path):
    await live(store, 1, 2)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    begun = f"sqlite:///{tmp_path}/begun.db"
    new = await Store.open(begun)
    async with new.writing() as connection:
        await parents.save(connection, Parent(1, language="nl"), NOW + timedelta(days=1))
    await new.close()

    assert backup.restore(begun, tmp_path / "copy.db", NOW).gone is None

    assert chats(tmp_path / "begun.db") == [1, 2]


async def test_a_restore_that_is_taken_back_loses_nobody_who_came_in_between(store, url, file, tmp_path):
    await live(store, 1, 2)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    async with store.writing() as connection:
        await parents.save(connection, Parent(3, language="nl"), NOW + timedelta(hours=1))
        await subscriptions.follow(connection, 1, "meetup", "koffie", NOW + timedelta(hours=1))
    wrong = backup.restore(url, tmp_path / "copy.db", NOW + timedelta(hours=2), while_running=True).kept
    async with store.writing() as connection:
        await kept.forget(connection, 2)

    done = backup.restore(url, wrong, NOW + timedelta(hours=3), while_running=True)

    assert done.gone == Gone(people=1, subscriptions=0)
    assert await known(store) == [1, 3]
    async with store.reading() as connection:
        assert len((await connection.execute(tables.subscriptions.select())).all()) == 1


async def test_after_a_loss_the_newer_of_two_copies_can_still_be_put_back_over_the_older(store, url, file, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "older.db", NOW)
    async with store.writing() as connection:
        await parents.save(connection, Parent(2, language="nl"), NOW + timedelta(hours=1))
    backup.back_up(url, tmp_path / "newer.db", NOW + timedelta(hours=2))
    await store.close()
    file.unlink()
    backup.restore(url, tmp_path / "older.db", NOW)

    assert backup.restore(url, tmp_path / "newer.db", NOW).gone == Gone(people=0, subscriptions=0)

    assert chats(file) == [1, 2]


async def test_a_copy_of_after_a_restore_forgets_as_any_other(store, url, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "first.db", NOW)
    backup.restore(url, tmp_path / "first.db", NOW, while_running=True)
    async with store.writing() as connection:
        await parents.save(connection, Parent(2, language="nl"), NOW + timedelta(hours=1))
    backup.back_up(url, tmp_path / "second.db", NOW + timedelta(hours=2))
    async with store.writing() as connection:
        await kept.forget(connection, 2)

    done = backup.restore(url, tmp_path / "second.db", NOW + timedelta(hours=3), while_running=True)

    assert done.gone == Gone(people=1, subscriptions=0)
    assert await known(store) == [1]


async def test_an_older_program_can_put_its_copy_back_over_what_a_newer_one_left(url, file, tmp_path):
    store = await Store.open(url)
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await store.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    backup.restore(url, tmp_path / "copy.db", NOW)

    await (await Store.open_as_it_is(url)).close()


async def test_a_town_of_the_first_step_is_copied_too(store, url, tmp_path):
    await live(store, 1)
    await store.close()
    await set_back(url, "0001")

    backup.back_up(url, tmp_path / "copy.db", NOW)

    assert chats(tmp_path / "copy.db") == [1]
    assert backup.restore(url, tmp_path / "copy.db", NOW).gone == Gone(people=0, subscriptions=0)


async def test_the_database_of_another_program_is_not_replaced(store, url, tmp_path):
    backup.back_up(url, tmp_path / "copy.db", NOW)
    with closing(sqlite3.connect(tmp_path / "photos.db")) as connection, connection:
        connection.execute("CREATE TABLE photos (name)")
    before = (tmp_path / "photos.db").read_bytes()

    with pytest.raises(StoreError, match="that of another program"):
        backup.restore(f"sqlite:///{tmp_path}/photos.db", tmp_path / "copy.db", NOW)

    assert (tmp_path / "photos.db").read_bytes() == before


async def test_a_copy_takes_the_place_of_an_empty_file(store, url, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    (tmp_path / "empty.db").touch()

    backup.restore(f"sqlite:///{tmp_path}/empty.db", tmp_path / "copy.db", NOW)

    assert chats(tmp_path / "empty.db") == [1]


@pytest.mark.parametrize(("is_lost", "told"), [
    pytest.param(False, "Left out: people forgotten after that (1), subscriptions ended (0)", id="the database was there"),
    pytest.param(True, "nothing here tells who. Tell", id="the database was lost"),
])  # fmt: skip
def test_the_command_says_of_when_the_copy_is_and_who_comes_back_with_it(no_settings, monkeypatch, is_lost, told):
    url = sqlite.address(no_settings / "town.db")
    monkeypatch.setenv("MINIDORP_DATABASE_URL", url)

    async def talk(*chats: int, forgotten: int | None = None) -> None:
        store = await Store.open(url)
        await live(store, *chats)
        if forgotten:
            async with store.writing() as connection:
                await kept.forget(connection, forgotten)
        await store.close()

    asyncio.run(talk(1, 2))
    backup.back_up(url, no_settings / "copy.db", NOW)
    asyncio.run(talk(forgotten=2))
    if is_lost:
        (no_settings / "town.db").unlink()

    result = CliRunner().invoke(commands, ["restore", "copy.db"])

    assert result.exit_code == 0, result.output
    assert "copy.db is put back, as it was on 2027-03-31 at 07:30 (UTC)." in result.stdout
    assert told in result.stdout
    assert ("is kept as" in result.stdout) is not is_lost


async def test_a_town_that_lost_its_disk_is_put_back(store, url, tmp_path):
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)

    assert backup.restore(f"sqlite:///{tmp_path}/new/town.db", tmp_path / "copy.db", NOW) == backup.Restored(as_of=NOW)

    assert chats(tmp_path / "new" / "town.db") == [1]
    assert stat.S_IMODE((tmp_path / "new" / "town.db").stat().st_mode) == 0o600


async def test_a_damaged_database_is_set_aside_as_it_is(url, file, tmp_path):
    store = await Store.open(url)
    await live(store, 1)
    backup.back_up(url, tmp_path / "copy.db", NOW)
    await store.close()
    file.write_bytes(b"holiday photos" * 500)

    kept = backup.restore(url, tmp_path / "copy.db", NOW).kept

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
