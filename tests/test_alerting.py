"""The team chat is told through the running bot, and Telegram is asked how its deliveries go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import app
from bot.settings import Settings
from tests.fake_telegram import FakeTelegram

TOKEN = "654321:nobody-may-ever-read-this-token"
HOOK = "https://bot.example.org/hook"


@pytest.fixture
def telegram():
    server = FakeTelegram(token=TOKEN).start()
    server.delivery.webhook_url = HOOK
    yield server
    server.stop()


def asking(telegram, **settings: object):
    values = {"token": TOKEN, "api_url": telegram.url, "webhook_url": HOOK, "webhook_secret": "only-telegram-knows"}
    return app._asking(Settings.model_validate(values | settings))


async def found(telegram, **settings: object) -> list[str] | None:
    alerts = await asking(telegram, **settings)(datetime.now(UTC))
    return None if alerts is None else [f"{alert.key} {alert.mark}".strip() for alert in alerts]


async def test_deliveries_that_go_well_are_nothing(no_settings, telegram):
    assert await found(telegram) == []


async def test_deliveries_that_fail_are_found(no_settings, telegram):
    telegram.delivery.last_error = "Wrong response from the webhook: 502 Bad Gateway"

    assert await found(telegram) == ["webhook failing"]


async def test_a_webhook_that_another_program_took_is_found(no_settings, telegram):
    telegram.delivery.webhook_url = "https://other.example.org/hook"

    assert await found(telegram) == ["webhook elsewhere"]


async def test_a_token_that_is_refused_is_found(no_settings, telegram):
    telegram.token = "1:another"

    assert await found(telegram) == ["token"]


async def test_a_telegram_that_is_away_says_nothing(no_settings, telegram):
    telegram.stop()

    assert await found(telegram) is None
