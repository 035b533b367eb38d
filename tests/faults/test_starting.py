"""The start meets what a fault left behind: a migration cut short is done anew, a damaged database is left as it is."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from contextlib import closing

import pytest
from alembic import command
from sqlalchemy import create_engine

from bot.store import migrate
from bot.store.migrate import known_steps
from tests.faults.conftest import ALL, Town
from tests.faults.disk import Disk, can_mount


def test_a_migration_that_is_cut_short_changes_nothing_and_is_done_by_the_next_start(town, telegram):
    before = old_database(town.database)
    cuts = 0
    for statement in range(1, 100, 1 if ALL else 12):
        town.switch_on("kill in migration", statement)
        program = town.start()
        telegram.wait_until(lambda program=program: program.process.exitcode is not None or telegram.calls, "an end")
        if telegram.calls:
            break
        assert program.wait() == -signal.SIGKILL
        assert town.rows("SELECT version_num FROM alembic_version") == ["0001"]
        assert town.rows("SELECT sql FROM sqlite_master") == before
        cuts += 1

    assert cuts >= (20 if ALL else 2)
    town.wait_for(town.ask())
    assert town.rows("SELECT version_num FROM alembic_version") == [max(known_steps())]
    assert town.rows("SELECT language FROM parents WHERE chat_id = 7") == ["en"]


def old_database(path) -> list[str]:
    """Make a database as the first version left it, with a parent in it; return its tables."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO parents (chat_id, language, created_at, seen_at) VALUES (7, 'en', '2026-01-01', '2026-01-01')"
        )
    engine.dispose()
    with closing(sqlite3.connect(path)) as database:
        return [row[0] for row in database.execute("SELECT sql FROM sqlite_master")]


def test_a_database_that_is_damaged_is_refused_and_left_as_it_is_to_the_byte(town, telegram):
    program = town.start().wait_until_it_receives()
    town.wait_for(town.ask(count=3))
    program.end()
    content = bytearray(town.database.read_bytes())
    content[-8192:] = b"\x5a" * 8192
    town.database.write_bytes(content)

    refused = town.start()
    assert refused.wait() == 1

    assert refused.said("is damaged, or is not a database; nothing was changed in it. Put a copy back") == 1
    assert town.database.read_bytes() == bytes(content)


def test_on_a_disk_that_is_read_only_nothing_is_begun_and_nothing_is_left_behind(town, telegram):
    town.switch_on("read only")

    refused = town.start()
    assert refused.wait() == 1

    assert refused.said("may only be read; give this user the right to write the file and its folder") == 1
    assert list(town.folder.glob("town.sqlite3*")) == []
    assert telegram.calls == []


@pytest.fixture
def disk(tmp_path):
    if not can_mount():
        pytest.skip("only root may mount a disk; the limits that SQLite sets itself are met by the tests beside this")
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.remove()


@pytest.fixture
def town_on_a_disk(tmp_path, telegram, small_cache, disk):
    town = Town(tmp_path, telegram, small_cache, disk)
    yield town
    for program in town.programs:
        program.end()


@pytest.mark.parametrize(("hinder", "help", "sentence"), [
    pytest.param(lambda town: town.disk.fill(town.database), lambda town: town.disk.make_room(),
                 "cannot grow: the disk is full; make room", id="full"),
    pytest.param(lambda town: town.disk.allow("ro"), lambda town: town.disk.allow("rw"),
                 "cannot be opened (Read-only file system)", id="mounted read-only"),
])  # fmt: skip
def test_a_start_on_a_disk_that_takes_nothing_is_refused_and_the_next_one_answers_who_asked_meanwhile(
    town_on_a_disk, telegram, hinder, help, sentence
):
    town = town_on_a_disk
    town.start().wait_until_it_receives()
    town.wait_for(town.ask())
    town.programs[0].end()
    told = town.announce()
    hinder(town)
    asked = town.ask(count=2)

    refused = town.start()
    assert refused.wait() == 1
    assert refused.said(sentence) == 1
    help(town)
    town.start()
    town.is_back(f"a start on a disk that was {sentence.partition(':')[0]}", [*asked, *told])

    town.wait_until_noted()
    assert town.heard([*asked, *told]) == [1] * 4


@pytest.mark.skipif(
    not ALL or shutil.which("mkfs.ext4") is None, reason="'make faults' does so, where ext4 can be made"
)
def test_a_disk_that_the_kernel_gives_up_under_open_files_is_told_and_once_mended_who_asked_is_answered(
    town_on_a_disk, telegram, tmp_path
):
    town, image = town_on_a_disk, tmp_path / "image"
    town.disk.put_ext4(image)
    program = town.start().wait_until_it_receives()
    town.wait_for(town.ask())
    town.wait_until_noted()

    town.disk.break_ext4()
    asked = town.ask(count=2)
    program.wait_for_output("the disk gives an error; see to the disk")
    assert town.heard(asked) == [0, 0]
    program.end()
    town.disk.mend_ext4(image)
    town.start()
    town.is_back("a disk that the kernel gave up", asked)

    town.wait_until_noted()
    assert town.heard(asked) == [1, 1]
