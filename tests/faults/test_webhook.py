"""Behind a webhook: what cannot be written down is not confirmed, so Telegram delivers it again, and it is answered once."""

from __future__ import annotations

import httpx
import pytest

from bot.telegram.client import ANSWER_S
from tests.end_to_end.conftest import SECRET, free_port
from tests.fake_telegram import Failure
from tests.faults.conftest import ALL, Town


@pytest.fixture
def port():
    return free_port()


def start(town: Town, port: int):
    hook = f"http://127.0.0.1:{port}/telegram/hook"
    return town.start(WEB_PORT=port, WEBHOOK_URL=hook, WEBHOOK_SECRET=SECRET)


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_while_another_program_holds_the_database_deliveries_are_refused_and_those_that_come_again_are_answered_once(
    town, telegram, port
):
    start(town, port)
    telegram.wait_until(lambda: is_ready(port), "to be ready", 90)
    statuses = telegram.delivery.statuses
    with town.held():
        asked = town.ask(count=3)
        telegram.wait_until(lambda: statuses.count(503) >= 3, "deliveries to be refused")
        assert town.heard(asked) == [0] * 3
        assert not is_ready(port)
    town.is_back("database held, behind a webhook", asked)

    town.wait_until_noted()
    assert set(statuses) == {200, 503}
    assert town.heard(asked) == [1] * 3


@pytest.mark.skipif(not ALL, reason="'make faults' does so: Telegram is waited for until the bot gives up")
def test_when_the_call_that_asks_for_deliveries_is_never_answered_it_is_made_again_and_until_then_the_bot_is_not_ready(
    town, telegram, port
):
    telegram.fail("setWebhook", Failure("slow", delay_s=ANSWER_S + 1))
    program = start(town, port)
    telegram.wait_until(lambda: "setWebhook" in telegram.calls, "the call", 90)
    asked = town.ask(count=2)
    program.wait_for_output("Telegram does not answer")
    assert not is_ready(port)

    town.is_back("setWebhook not answered", asked)

    assert is_ready(port)
    assert telegram.calls.count("setWebhook") == 2
    assert town.heard(asked) == [1] * 2
