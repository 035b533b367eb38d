"""The database is held, full, read-only or damaged while the bot runs: nothing is lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot import doctor
from bot.settings import Settings
from bot.store import backup
from tests.end_to_end.conftest import free_port
from tests.fake_telegram import FakeTelegram
from tests.faults.conftest import ALL, BACK_S, Town
from tests.faults.disk import Disk, allow_to_write, can_mount

LONG = "wakker " * 500
"""Fits into no room that is left in the file."""
DANGER = "hij ademt niet meer"


@pytest.fixture(scope="module")
def telegram():
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def shared(telegram, tmp_path_factory, small_cache, port):
    """One program for all faults that it survives."""
    folder = tmp_path_factory.mktemp("database")
    disk = Disk(folder / "disk") if can_mount() else None
    town = Town(folder, telegram, small_cache, disk)
    town.switch_on("haste")
    try:
        town.start(WEB_PORT=port).wait_until_it_receives()
        yield town
    finally:
        town.programs[0].end()
        if disk:
            disk.remove()


def health(port: int) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False)


def examined(town: Town) -> str:
    """Return what ``minidorp doctor`` finds wrong."""
    settings = Settings(
        _env_file=None,
        token=town.telegram.token,
        database_url=f"sqlite:///{town.database}",
        knowledge=town.folder / "knowledge",
        schedules=town.folder / "schedules",
    )
    found = town.there(lambda: asyncio.run(doctor.examine(settings, is_offline=True)))
    return " ".join(f"{item.thing} {item.remedy}" for item in found if not item.is_well)


def test_another_program_holds_the_database_for_some_seconds(shared, telegram):
    told = shared.announce()
    with shared.held():
        asked = shared.ask(count=3)
        telegram.wait_until(lambda: {one["update_id"] for one in telegram.delivery.waiting} <= telegram.delivery.given)
        if ALL:
            shared.programs[0].wait_for_output("is locked by another program")
        assert shared.heard(asked) == [0] * 3
    shared.is_back("database held by another program", [*asked, *told])

    shared.wait_until_noted()
    assert shared.heard([*asked, *told]) == [1] * 5


@contextmanager
def full(town: Town) -> Iterator[None]:
    """Fill the disk, or where no disk may be mounted: let SQLite itself set the limit."""
    if town.disk:
        town.disk.fill(town.database)
        yield
        town.disk.make_room()
        return
    with closing(sqlite3.connect(town.database)) as other:
        other.execute("VACUUM")
    town.switch_on("full")
    yield
    town.switch_off("full")


@contextmanager
def read_only(town: Town) -> Iterator[None]:
    """Let the system refuse every byte, as of a disk that turned read-only under an open file."""
    allow_to_write(town.programs[0].process.pid, False)
    yield
    allow_to_write(town.programs[0].process.pid, True)


@pytest.mark.parametrize(("fault", "sentence"), [
    pytest.param(full, "the disk is full; make room", id="disk full"),
    pytest.param(read_only, "the disk gives an error; see to the disk", id="disk read-only"),
])  # fmt: skip
def test_nothing_can_be_written_for_a_while(shared, telegram, port, fault, sentence, request):
    program = shared.programs[0]
    # SQLite's own limit lets through what needs no new page.
    is_system = fault is read_only or shared.disk is not None
    telegram.hold()
    waiting = shared.ask(count=2)
    danger = shared.ask(DANGER)
    being_told = shared.announce()
    telegram.wait_until(lambda: telegram.held == 5, "replies and an announcement to be under way")
    told = shared.announce(ahead_s=1)
    said = program.said(sentence)
    with fault(shared):
        telegram.let_go()
        asked = shared.ask(LONG, count=3)
        telegram.wait_until(lambda: program.said(sentence) > said, sentence)
        shared.wait_for([*waiting, *danger, *being_told])
        seen = health(port)
        assert (seen.status_code, seen.json()["database"]) == (503, False)
        assert sentence in seen.json()["problem"]
        if shared.disk and fault is full:
            assert sentence in examined(shared)
        time.sleep(10 if ALL else 1.5)
        assert shared.heard(asked) == [0] * 3
        if is_system:
            assert shared.heard(told) == [0] * 2
    shared.is_back(request.node.callspec.id, [*asked, *told])

    shared.wait_until_noted()
    assert shared.heard([*waiting, *danger, *being_told, *asked, *told]) == [1] * 10
    telegram.wait_until(lambda: health(port).status_code == 200, "to be ready again", BACK_S)
    assert program.said(sentence) == said + 1 or not is_system


def damage(database: Path) -> None:
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x5a" * (database.stat().st_size - 4096))


def test_a_file_that_is_damaged_while_it_runs_is_put_back_while_it_runs(shared, telegram, port, tmp_path):
    shared.wait_for(shared.ask())
    shared.wait_until_noted()
    copy, url = tmp_path / "copy.db", f"sqlite:///{shared.database}"
    shared.there(backup.back_up, url, copy, datetime.now(UTC))
    shared.there(damage, shared.database)
    asked = shared.ask(count=3)
    shared.programs[0].wait_for_output("is damaged")
    assert shared.heard(asked) == [0] * 3

    shared.there(lambda: backup.restore(url, copy, datetime.now(UTC), while_running=True))
    shared.is_back("database damaged, and a copy put back", asked)

    assert shared.heard(asked) == [1] * 3
    telegram.wait_until(lambda: health(port).status_code == 200, "to be ready again", BACK_S)
