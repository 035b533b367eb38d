"""The database is held, full, read-only or damaged while the bot runs: nothing is lost, and it goes on by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from bot.store import backup
from tests.end_to_end.conftest import free_port
from tests.fake_telegram import FakeTelegram
from tests.faults.conftest import ALL, Town

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
    town = Town(tmp_path_factory.mktemp("database"), telegram, small_cache)
    town.switch_on("haste")
    town.start(WEB_PORT=port).wait_until_it_receives()
    yield town
    town.programs[0].end()


def status(port: int) -> int:
    return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code


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


@pytest.mark.parametrize(("switch", "sentence"), [
    pytest.param("full", "the disk is full; make room", id="disk full"),
    pytest.param("read only", "may only be read", id="disk read-only"),
])  # fmt: skip
def test_nothing_can_be_written_for_a_while(shared, telegram, port, switch, sentence, request):
    program = shared.programs[0]
    telegram.hold()
    waiting = shared.ask(count=2)
    danger = shared.ask(DANGER)
    telegram.wait_until(lambda: telegram.held == 3, "replies to be under way")
    told = shared.announce()
    said = program.said(sentence)
    with closing(sqlite3.connect(shared.database)) as other:
        other.execute("VACUUM")
    shared.switch_on(switch)
    telegram.let_go()
    asked = shared.ask(LONG, count=3)
    telegram.wait_until(lambda: program.said(sentence) > said, sentence)
    assert shared.heard(asked) == [0] * 3

    shared.switch_off(switch)
    shared.is_back(request.node.callspec.id, [*asked, *told])

    shared.wait_until_noted()
    assert shared.heard([*waiting, *danger, *asked, *told]) == [1] * 8
    assert status(port) == 200


def test_a_file_that_is_damaged_while_it_runs_is_put_back_while_it_runs(shared, telegram, port, tmp_path):
    shared.wait_for(shared.ask())
    shared.wait_until_noted()
    copy, url = tmp_path / "copy.db", f"sqlite:///{shared.database}"
    backup.back_up(url, copy, datetime.now(UTC))
    with closing(sqlite3.connect(shared.database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with shared.database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x5a" * (shared.database.stat().st_size - 4096))
    asked = shared.ask(count=3)
    shared.programs[0].wait_for_output("is damaged")
    assert shared.heard(asked) == [0] * 3

    backup.restore(url, copy, datetime.now(UTC), while_running=True)
    shared.is_back("database damaged, and a copy put back", asked)

    assert shared.heard(asked) == [1] * 3
    assert status(port) == 200
