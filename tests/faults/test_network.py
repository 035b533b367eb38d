"""Telegram or the network is in trouble for a while: who asked is answered, who was to be told is told, soon after."""

from __future__ import annotations

import httpx
import pytest

from tests.fake_telegram import Failure, FakeTelegram, Refusal
from tests.faults.conftest import ALL, Town

BUSY = Refusal(429, "Too Many Requests: retry after 1", retry_after=1)

FAILED_POLLS = 4 if ALL else 1
"""How long the trouble lasts."""


@pytest.fixture(scope="module")
def telegram():
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


@pytest.fixture(scope="module")
def town(telegram, tmp_path_factory, small_cache):
    """One program for all: the end of a fault is the beginning of the next."""
    town = Town(tmp_path_factory.mktemp("network"), telegram, small_cache)
    town.switch_on("haste")
    town.start(API_URL=f"http://localhost:{telegram.port}").wait_until_it_receives()
    yield town
    town.programs[0].end()


@pytest.mark.parametrize("trouble", [
    pytest.param(Failure("refuse", BUSY), id="429 to everything"),
    pytest.param(Failure("refuse", Refusal(500, "Internal Server Error")), id="500 to everything"),
    pytest.param(Failure("status", status=502), id="502 with a page of a proxy"),
    pytest.param(Failure("reset", before=True), id="every connection is reset"),
    pytest.param(Failure("hang"), id="no call is ever answered"),
])  # fmt: skip
def test_trouble_at_telegram_or_on_the_way(town, telegram, trouble, request):
    telegram.hold()
    waiting = town.ask(count=3)
    telegram.wait_until(lambda: telegram.held == 3, "replies to be under way")
    telegram.troubled.clear()
    telegram.trouble = trouble
    telegram.let_go(carry_out=False)
    during = town.ask(count=3)
    told = town.announce()
    telegram.wait_until(lambda: telegram.troubled.count("getUpdates") >= FAILED_POLLS, "polls to fail", 60)

    telegram.trouble = None
    town.is_back(request.node.callspec.id, [*waiting, *during, *told])

    town.wait_until_noted()
    assert town.heard([*waiting, *during, *told]) == [1] * 8


def test_names_of_hosts_are_not_found_for_a_while(town, telegram, request):
    program = town.programs[0]
    telegram.hold()
    waiting = town.ask(count=3)
    telegram.wait_until(lambda: telegram.held == 3, "replies to be under way")
    town.switch_on("no names")
    telegram.trouble = Failure("reset", before=True)
    telegram.let_go(carry_out=False)
    before = program.said("Telegram does not answer")
    during, told = town.ask(count=3), town.announce()
    telegram.wait_until(lambda: program.said("Telegram does not answer") > before, "the log to tell")
    telegram.trouble = None
    assert town.heard([*waiting, *during, *told]) == [0] * 8

    town.switch_off("no names")
    town.is_back("names of hosts not found", [*waiting, *during, *told])

    town.wait_until_noted()
    assert town.heard([*waiting, *during, *told]) == [1] * 8


def test_another_program_receives_for_a_while(town, telegram):
    program = town.programs[0]
    before = program.said("Another program receives messages")
    httpx.get(f"{telegram.url}/bot{telegram.token}/getUpdates", trust_env=False)
    telegram.wait_until(lambda: program.said("Another program receives messages") > before, "the log to tell")

    town.is_back("another program receives", town.ask(count=3))

    assert program.said("Another program receives messages") == before + 1


def test_a_name_that_leads_nowhere_is_waited_for_and_said_once(tmp_path, telegram, small_cache):
    town = Town(tmp_path, telegram, small_cache)
    town.switch_on("no names")
    program = town.start(API_URL=f"http://localhost:{telegram.port}")
    program.wait_for_output("waiting until it does")
    asked = town.ask(count=3)

    town.switch_off("no names")
    town.is_back("names of hosts not found at the start", asked)

    assert program.said("waiting until it does") == 1
    program.end()
