"""Telegram delivers here as long as the bot runs, whoever else takes its deliveries away, or it is the end."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest
from telegram import WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from bot.telegram.errors import TelegramFailure
from bot.telegram.pace import Pace
from bot.telegram.webhook import ANEW_EVERY_S, FAILING_S, Webhook
from tests.fake_telegram import Failure, Refusal
from tests.telegram.conftest import eventually
from tests.telegram.test_polling import End, Time

OURS, THEIRS = "https://bot.example.org/telegram", "https://elsewhere.example.org/"
PACE = Pace()


def info(url: str = OURS, failed_at: int | None = None) -> WebhookInfo:
    at = None if failed_at is None else datetime.fromtimestamp(failed_at, UTC)
    return WebhookInfo(url, False, 0, at, "Connection refused" if failed_at else None)


class ScriptedBot:
    """Tells where it delivers as it is scripted, or fails, and then comes the end; counts how often it is told where."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.given: list[str] = []
        self.refusals: list[Exception] = []

    async def get_webhook_info(self) -> WebhookInfo:
        if not self.answers:
            raise End
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def set_webhook(self, url, *, allowed_updates, drop_pending_updates, secret_token):
        assert (secret_token, drop_pending_updates) == ("s", False)
        assert "message" in allowed_updates
        if self.refusals:
            raise self.refusals.pop()
        self.given.append(url)


async def kept(bot: ScriptedBot, time: Time | None = None) -> Webhook:
    time = time or Time()
    webhook = Webhook(bot, OURS, "s", pace=PACE, clock=lambda: time.now, pause=time.pause)
    await webhook.give()
    with pytest.raises(End):
        await webhook.keep()
    return webhook


async def test_as_long_as_telegram_delivers_here_it_is_only_looked():
    bot, time = ScriptedBot(info(), info(), info()), Time()

    webhook = await kept(bot, time)

    assert bot.given == [OURS]
    assert time.pauses == [PACE.look_s] * 3
    assert webhook.is_receiving()


@pytest.mark.parametrize("url", [pytest.param("", id="it is polled"), pytest.param(THEIRS, id="another address")])
async def test_what_another_program_took_away_is_taken_back_at_once_and_said(url, caplog):
    bot = ScriptedBot(info(), info(url), info(), info())

    webhook = await kept(bot)

    assert bot.given == [OURS, OURS]
    assert webhook.is_receiving()
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        "Another program receives messages for the same bot, so both miss some",
        "Messages are received again.",
    ]


async def test_it_counts_as_receiving_again_only_when_telegram_says_so():
    webhook = await kept(ScriptedBot(info(THEIRS)))

    assert not webhook.is_receiving()


async def test_another_program_that_goes_on_for_a_minute_is_the_end():
    bot, time = ScriptedBot(*[info(""), info()] * 60), Time()
    webhook = Webhook(bot, OURS, "s", pace=PACE, clock=lambda: time.now, pause=time.pause)

    with pytest.raises(TelegramFailure, match="Another program receives"):
        await webhook.keep()

    assert PACE.conflict_s < time.now - 1000 < PACE.conflict_s + 3 * PACE.look_s


async def test_two_short_visits_of_another_program_are_not_one_long_one():
    often = [info()] * (int(PACE.again_s / PACE.look_s) + 1)

    await kept(ScriptedBot(*[info(""), *often] * 10))


@pytest.mark.parametrize("error", [
    pytest.param(NetworkError("httpx.ConnectError: 123:TOKEN"), id="the network is away"),
    pytest.param(BadRequest("bad webhook: failed to resolve host"), id="it refuses, for now"),
])  # fmt: skip
async def test_that_telegram_is_away_is_said_once_and_shows_after_a_while(error, caplog):
    time = Time()
    webhook = await kept(ScriptedBot(info(), *[error] * 3), time)
    assert webhook.is_receiving()

    webhook = await kept(ScriptedBot(info(), *[error] * 9), time)
    assert not webhook.is_receiving()
    assert webhook.heard_age_s() > PACE.stale_s

    caplog.clear()
    webhook = await kept(ScriptedBot(info(), *[error] * 9, info()), time)
    assert webhook.is_receiving()
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "TOKEN" not in caplog.text


async def test_what_cannot_be_taken_back_is_tried_again():
    bot = ScriptedBot(info(), info(""), info(""), info())

    async def refused_once(seconds: float) -> None:
        bot.refusals = [NetworkError("away")] if len(bot.answers) == 3 else []

    webhook = Webhook(bot, OURS, "s", pace=PACE, clock=lambda: 1.0, pause=refused_once)
    with pytest.raises(End):
        await webhook.keep()

    assert bot.given == [OURS]
    assert webhook.is_receiving()


async def test_telegram_may_ask_to_wait():
    time = Time()

    await kept(ScriptedBot(RetryAfter(70)), time)

    assert time.pauses == [70]


async def test_a_refused_token_is_the_end_with_a_sentence_without_the_token():
    webhook = Webhook(ScriptedBot(InvalidToken("The token `123:SECRET` was rejected")), OURS, "s", pace=PACE)

    with pytest.raises(TelegramFailure, match="MINIDORP_TOKEN") as caught:
        await webhook.keep()

    assert "SECRET" not in str(caught.value)


async def test_deliveries_that_fail_are_told_and_the_address_is_given_again_but_not_often():
    time = Time()
    # A new failure at every look, for an hour.
    looks = int(3600 / PACE.look_s)
    bot = ScriptedBot(*[info(failed_at=1_800_000_000 + number) for number in range(looks)])

    webhook = await kept(bot, time)

    # Anything else would take all programs behind a load balancer away when one of them fails.
    assert webhook.is_receiving()
    assert webhook.trouble().startswith("Telegram could not deliver what parents wrote (Connection refused); look at")
    assert 2 <= len(bot.given) - 1 <= 3600 / ANEW_EVERY_S
    time.now += FAILING_S + 1
    assert webhook.trouble() is None


async def test_what_failed_before_the_start_is_not_told():
    bot = ScriptedBot(*[info(failed_at=1_800_000_000)] * 60)

    webhook = await kept(bot)

    assert webhook.trouble() is None
    assert bot.given == [OURS]


async def test_a_second_program_that_polls_takes_nothing_away_for_long(running, telegram):
    async with running(
        webhook_url="http://127.0.0.1:9/hook", webhook_secret="s", pace=Pace(look_s=0.05, conflict_s=5)
    ) as service:
        await eventually(service.is_receiving)

        telegram.delivery.delete_webhook({})

        await eventually(lambda: telegram.delivery.webhook_url == "http://127.0.0.1:9/hook")
        await eventually(service.is_receiving)


async def test_a_second_program_that_stays_ends_the_service(make, telegram):
    service = make(webhook_url="http://127.0.0.1:9/hook", webhook_secret="s", pace=Pace(look_s=0.01, conflict_s=0.05))
    set_webhook, telegram.delivery.set_webhook = telegram.delivery.set_webhook, lambda _arguments: True

    with pytest.raises(TelegramFailure, match="Another program receives"):
        await service.run(asyncio.Event())

    telegram.delivery.set_webhook = set_webhook


async def test_a_webhook_at_a_telegram_that_is_away_shows(running, telegram):
    pace = Pace(look_s=0.05, stale_s=0.2)
    async with running(webhook_url="http://127.0.0.1:9/hook", webhook_secret="s", pace=pace) as service:
        await eventually(service.is_receiving)
        telegram.fail("getWebhookInfo", *[Failure("refuse", Refusal(500, "Internal"))] * 20)

        await eventually(lambda: not service.is_receiving())
        await eventually(service.is_receiving)
