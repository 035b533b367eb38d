"""Starting, stopping, being killed: nothing is lost, nobody is answered twice, what is wrong is one sentence."""

from __future__ import annotations

import json
import signal
import socket
import time

import pytest

from tests.end_to_end.conftest import ROOT, free_port, health, new_chat
from tests.fake_telegram import FakeTelegram


@pytest.fixture
def telegram():
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


def ask(telegram, count: int) -> list[int]:
    chats = [new_chat() for _ in range(count)]
    for chat in chats:
        telegram.says(chat, "/help")
    return chats


def answered(telegram, chats) -> list[int]:
    """Wait until everybody has a reply, and a moment of a later question's; return how many each has."""
    telegram.wait_until(lambda: all(telegram.sent(chat) for chat in chats), "everybody to be answered", 30)
    [later] = ask(telegram, 1)
    telegram.wait_for_texts(1, later)
    return [len(telegram.sent(chat)) for chat in chats]


def test_killed_in_the_middle_it_loses_nothing_and_answers_everybody_once(telegram, start):
    program = start(telegram).wait_until_it_receives()
    before = ask(telegram, 3)
    answered(telegram, before)
    telegram.hold()
    chats = ask(telegram, 40)
    telegram.wait_until(lambda: telegram.held >= 20, "replies to be under way")
    telegram.wait_until(lambda: not telegram.delivery.waiting, "all messages to be confirmed")

    program.kill()
    telegram.let_go(carry_out=False)
    assert not any(telegram.sent(chat) for chat in chats)
    start(telegram).wait_until_it_receives()

    assert answered(telegram, chats) == [1] * 40
    assert answered(telegram, before) == [1] * 3


def test_asked_to_stop_it_finishes_what_is_begun_and_is_gone_within_ten_seconds(telegram, start):
    program = start(telegram).wait_until_it_receives()
    telegram.hold()
    chats = ask(telegram, 10)
    telegram.wait_until(lambda: telegram.held == 10, "replies to be under way")

    begun = time.monotonic()
    program.terminate()
    program.wait_for_output("what is begun is finished first")
    telegram.let_go()

    assert program.wait(10) == 0
    assert time.monotonic() - begun < 10
    assert [len(telegram.sent(chat)) for chat in chats] == [1] * 10


def test_started_while_telegram_is_away_it_waits_says_so_once_and_then_answers(start):
    port, away = free_port(), FakeTelegram()
    program = start(away, WEB_PORT=port)
    program.wait_for_output("waiting until it does")
    told = health(port).json()
    assert (told["status"], told["database"], told["receiving"]) == ("trouble", True, False)

    away.start()
    chats = ask(away, 1)

    assert answered(away, chats) == [1]
    assert program.output.count("waiting until it does") == 1
    program.terminate()
    assert program.wait(10) == 0
    away.stop()
    away.check()


def test_asked_to_stop_while_the_matcher_is_built_it_is_gone_at_once(telegram, start, tmp_path):
    program = start(
        telegram, KNOWLEDGE=ROOT / "knowledge", SCHEDULES=ROOT / "schedules", CACHE=tmp_path / "nothing here yet"
    )
    telegram.wait_until((tmp_path / "town.sqlite3").exists, "the start to begin", 30)

    program.terminate()

    assert program.wait(10) == -signal.SIGTERM
    assert telegram.calls == []


def one_sentence(program, setting: str) -> None:
    assert program.wait() in (1, 2)
    said = [line for line in program.output.splitlines() if line.startswith("minidorp: ") or '"CRITICAL"' in line]
    assert len(said) == 1, program.output
    assert setting in said[0]


def test_a_token_that_telegram_does_not_know_is_one_sentence(telegram, start):
    program = start(telegram, TOKEN="654321:another-token-than-theirs")

    one_sentence(program, "MINIDORP_TOKEN")
    assert "another-token-than-theirs" not in program.output
    # For a machine that reads the log this is a line of it as any other.
    *_, last = [json.loads(line) for line in program.output.splitlines()]
    assert (last["level"], last["logger"]) == ("CRITICAL", "minidorp")


def test_a_port_in_use_is_one_sentence(telegram, start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        one_sentence(start(telegram, WEB_PORT=other.getsockname()[1]), "MINIDORP_WEB_PORT")
    assert telegram.calls == []


@pytest.mark.parametrize(("settings", "named"), [
    pytest.param({"TOKEN": ""}, "MINIDORP_TOKEN", id="no token"),
    pytest.param({"WEBHOOK_URL": "https://example.org/x"}, "MINIDORP_WEBHOOK_SECRET", id="a webhook without a secret"),
    pytest.param({"DATABASE_URL": "town.db"}, "MINIDORP_DATABASE_URL", id="a database that is no address"),
])  # fmt: skip
def test_a_setting_that_is_wrong_is_one_sentence(telegram, start, settings, named):
    one_sentence(start(telegram, **settings), named)


def test_a_database_that_is_something_else_is_one_sentence_and_stays_as_it_was(telegram, start, tmp_path):
    (tmp_path / "town.sqlite3").write_bytes(b"holiday photos" * 500)

    one_sentence(start(telegram), "MINIDORP_DATABASE_URL")
    assert (tmp_path / "town.sqlite3").read_bytes() == b"holiday photos" * 500
