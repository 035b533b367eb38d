"""A broadcast of the program itself: killed in the middle nobody is missed, and parents' questions go first."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.reminders.deliver import IN_FLIGHT
from bot.store import announcements, subscriptions
from bot.store.database import Store
from tests.end_to_end.conftest import COORDINATOR, free_port, health, zone_where_it_is_noon
from tests.fake_telegram import FakeTelegram

FIRST_CHAT, COUNT = 50_000, 150


@pytest.fixture
def telegram():
    server = FakeTelegram().start()
    server.world.per_second = 30
    server.world.chats.update(dict.fromkeys(range(FIRST_CHAT, FIRST_CHAT + COUNT), "private"))
    yield server
    server.stop()
    server.check()


@pytest.fixture
async def announced(tmp_path):
    """An announcement to everybody, confirmed and due."""
    now = datetime.now(UTC)
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'town.sqlite3'}")
    async with store.writing() as connection:
        for chat in range(FIRST_CHAT, FIRST_CHAT + COUNT):
            await subscriptions.follow(connection, chat, "neighbourhood", "stadshagen", now)
        await announcements.add(connection, announcements.Row("a1", {"nl": "Kom je ook?"}, {}, now, COORDINATOR, now))
        await announcements.confirm(connection, "a1", COORDINATOR, now)
    await store.close()


def received(telegram) -> Counter[int]:
    sent = Counter(message["chat"]["id"] for message in telegram.sent() if "Kom je ook?" in message["text"])
    return Counter({chat: times for chat, times in sent.items() if chat >= FIRST_CHAT})


def unsent(folder) -> int:
    with closing(sqlite3.connect(folder / "town.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM deliveries WHERE state != 'sent'").fetchone()[0]


@pytest.mark.usefixtures("announced")
def test_killed_in_the_middle_of_a_broadcast_it_misses_nobody_and_repeats_only_what_was_in_flight(
    telegram, start, tmp_path
):
    telegram.latency_s = 0.4
    program = start(telegram, TIMEZONE=zone_where_it_is_noon())
    telegram.wait_until(lambda: received(telegram).total() >= COUNT // 3, "a third to be sent", 90)

    program.kill()
    before = received(telegram).total()
    assert before < COUNT
    start(telegram, TIMEZONE=zone_where_it_is_noon())
    telegram.wait_until(lambda: len(received(telegram)) == COUNT, "everybody to be told", 90)

    telegram.wait_until(lambda: unsent(tmp_path) == 0, "the outbox to be empty", 30)
    times = received(telegram)
    assert max(times.values()) <= 2
    assert sum(1 for count in times.values() if count == 2) <= IN_FLIGHT
    assert telegram.world.refused == 0


@pytest.mark.usefixtures("announced")
def test_a_question_is_answered_at_once_during_a_broadcast(telegram, start):
    port = free_port()
    start(telegram, TIMEZONE=zone_where_it_is_noon(), WEB_PORT=port)
    telegram.wait_until(lambda: received(telegram).total() >= 10, "the broadcast to begin", 90)

    for chat in (1, 2, 3):
        asked = time.monotonic()
        telegram.says(chat, "/help")
        telegram.wait_for_texts(1, chat, 5)
        assert time.monotonic() - asked < 1
    assert received(telegram).total() < COUNT
    assert health(port).json()["tick_age_s"] < 30
    telegram.wait_until(lambda: len(received(telegram)) == COUNT, "everybody to be told", 30)
    assert max(received(telegram).values()) == 1
