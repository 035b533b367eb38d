"""Two programs behind a load balancer, on one PostgreSQL: one is killed, and no parent notices."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.reminders.deliver import IN_FLIGHT
from bot.store import announcements, subscriptions
from bot.store.database import Store
from bot.store.locks import PLANNING
from bot.telegram.lanes import PLACES
from tests.end_to_end.balancer import Balancer
from tests.end_to_end.conftest import COORDINATOR, SECRET, free_port, health, new_chat, zone_where_it_is_noon
from tests.fake_telegram import FakeTelegram

FIRST_CHAT, COUNT, ASKING = 50_000, 200, 40
PLANNERS = (
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
    f"WHERE locktype = 'advisory' AND granted AND classid = {PLANNING >> 32} AND objid = {PLANNING & 0xFFFFFFFF}"
)


@pytest.fixture
def telegram():
    server = FakeTelegram().start()
    server.latency_s = 0.3
    server.world.chats.update(dict.fromkeys(range(FIRST_CHAT, FIRST_CHAT + COUNT), "private"))
    yield server
    server.stop()
    server.check()


@pytest.fixture
async def database(postgres):
    """A town with an announcement to everybody, confirmed and due."""
    async with postgres.database() as url:
        now = datetime.now(UTC)
        store = await Store.open(url)
        async with store.writing() as connection:
            for chat in range(FIRST_CHAT, FIRST_CHAT + COUNT):
                await subscriptions.follow(connection, chat, "neighbourhood", "stadshagen", now)
            await announcements.add(
                connection, announcements.Row("a1", {"nl": "Kom je ook?"}, {}, now, COORDINATOR, now)
            )
            await announcements.confirm(connection, "a1", COORDINATOR, now)
        await store.close()
        yield url


@pytest.fixture
def ports():
    return [free_port(), free_port()]


@pytest.fixture
def balancer(ports):
    balancer = Balancer(ports).start()
    yield balancer
    balancer.stop()


def column(url: str, statement: str) -> list:
    """Return one column of what the database says."""
    address = make_url(url)

    async def ask() -> list:
        connection = await asyncpg.connect(host=address.query["host"], user=address.username, database=address.database)
        found = [row[0] for row in await connection.fetch(statement)]
        await connection.close()
        return found

    return asyncio.run(ask())


def told(telegram) -> Counter[int]:
    sent = Counter(message["chat"]["id"] for message in telegram.sent() if "Kom je ook?" in message["text"])
    return Counter({chat: times for chat, times in sent.items() if chat >= FIRST_CHAT})


def test_one_of_two_is_killed_and_everybody_is_answered_and_told_once(telegram, start, database, ports, balancer):
    shared = {
        "DATABASE_URL": database, "WEBHOOK_URL": f"{balancer.url}/telegram/hook", "WEBHOOK_SECRET": SECRET,
        "TIMEZONE": zone_where_it_is_noon(),
    }  # fmt: skip
    programs = [start(telegram, WEB_PORT=port, **shared) for port in ports]
    for program in programs:
        program.wait_for_output("where Telegram delivers them")
    telegram.wait_until(lambda: told(telegram).total() >= COUNT // 4, "the broadcast to begin", 60)
    planners = column(database, PLANNERS)
    [planner] = [program for program in programs if planners == [f"minidorp {program.pid}"]]
    [other] = [program for program in programs if program is not planner]

    chats = [new_chat() for _ in range(ASKING)]
    for chat in chats:
        telegram.says(chat, "/help")
    telegram.wait_until(lambda: sum(bool(telegram.sent(chat)) for chat in chats) >= 3, "the first to be answered", 30)
    planner.kill()
    assert not all(telegram.sent(chat) for chat in chats)
    assert told(telegram).total() < COUNT

    telegram.wait_until(lambda: all(telegram.sent(chat) for chat in chats), "everybody to be answered", 30)
    telegram.wait_until(lambda: len(told(telegram)) == COUNT, "everybody to be told", 60)
    telegram.wait_until(
        lambda: not column(database, "SELECT id FROM deliveries WHERE state != 'sent'"), "the outbox to be empty", 30
    )
    telegram.wait_until(
        lambda: not column(database, "SELECT update_id FROM inbox WHERE finished_at IS NULL"), "all to be noted", 30
    )
    assert column(database, PLANNERS) == [f"minidorp {other.pid}"]
    assert health(ports[programs.index(other)]).status_code == 200
    times, answers = told(telegram), Counter({chat: len(telegram.sent(chat)) for chat in chats})
    assert set(answers.values()) <= {1, 2}
    assert sum(count == 2 for count in answers.values()) <= PLACES
    assert set(times.values()) <= {1, 2}
    assert sum(count == 2 for count in times.values()) <= IN_FLIGHT
