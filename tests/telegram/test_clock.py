"""What time it is at Telegram stands in its answers; by a clock that is far from it nobody is erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.telegram.client import Bot, TelegramClock
from tests.fake_telegram import FakeTelegram

THERE = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
DATE = {"Date": "Tue, 24 Nov 2026 11:00:00 GMT"}


class Elapsed:
    """Seconds that passed."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("ahead", "agrees"), [
    pytest.param(timedelta(seconds=40), True, id="a clock that nobody sets"),
    pytest.param(timedelta(hours=-14), True, id="the time of another part of the world, taken for UTC"),
    pytest.param(timedelta(days=2), False, id="two days ahead"),
    pytest.param(timedelta(days=-700), False, id="two years behind"),
])  # fmt: skip
async def test_a_clock_is_held_against_that_of_telegram(ahead, agrees):
    clock = TelegramClock(Elapsed())
    await clock.note(httpx.Response(200, headers=DATE))

    assert clock.agrees(THERE + ahead) is agrees


async def test_a_clock_that_jumps_after_the_last_answer_is_noticed_by_the_time_that_passed():
    elapsed = Elapsed()
    clock = TelegramClock(elapsed)
    await clock.note(httpx.Response(200, headers=DATE))
    elapsed.seconds = timedelta(days=3).total_seconds()

    assert clock.agrees(THERE + timedelta(days=3))
    assert not clock.agrees(THERE + timedelta(days=370))


@pytest.mark.parametrize("headers", [{}, {"Date": "tomorrow"}])
async def test_before_an_answer_no_clock_agrees_and_a_server_without_a_clock_is_believed(headers):
    clock = TelegramClock(Elapsed())

    assert not clock.agrees(THERE)
    await clock.note(httpx.Response(200, headers=headers))
    assert clock.agrees(THERE)


async def test_every_call_tells_the_time():
    server = FakeTelegram().start()
    bot = Bot(server.token, server.url)
    try:
        assert not bot.clock_agrees(datetime.now(UTC))
        await bot.initialize()
        assert bot.clock_agrees(datetime.now(UTC))
        assert not bot.clock_agrees(datetime.now(UTC) + timedelta(days=400))
    finally:
        await bot.shutdown()
        server.stop()
