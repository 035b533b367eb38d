"""One announcement to many: how long it takes to plan and to send, and what a parent who asks meanwhile notices.

``MINIDORP_BENCH_SUBSCRIBERS`` is how many are told, 1 500 when it is not set; 10 000 take six minutes.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.report import Report
from bot.reminders import outbox
from bot.reminders.plan import Followers, Occasion, Recipients
from bot.store import announcements
from bot.store.database import Store
from tests.end_to_end.conftest import Program, zone_where_it_is_noon
from tests.fake_telegram import FakeTelegram

SUBSCRIBERS = int(os.environ.get("MINIDORP_BENCH_SUBSCRIBERS", "1500"))
TOLD = 10_000
"""Who is told in the measurements of planning, which send nothing."""
MANY_PARENTS = 1_000_000
ALLOWED_PER_S = 30
ROUNDS = 15
FIRST_PARENT_WHO_ASKS = 10_000_000
QUESTION = "mijn baby slaapt niet door"
NOW = datetime(2027, 3, 30, 12, tzinfo=UTC)
LONG_AGO = "2026-01-01 00:00:00.000000"


def test_planning(report: Report, tmp_path: Path) -> None:
    few = asyncio.run(_planning(tmp_path / "few.sqlite3", TOLD))
    many = asyncio.run(_planning(tmp_path / "many.sqlite3", MANY_PARENTS))

    for name, took in few.items():
        ratio = many[name] / took
        report.sending.append((
            f"planning {name} to {TOLD:,}, the rest of the store empty", f"{took:.2f} s", "under 5 s",
        ))  # fmt: skip
        report.sending.append((
            f"the same among {MANY_PARENTS:,} parents", f"{many[name]:.2f} s ({ratio:.2f} times)", "at most 1.2 times",
        ))  # fmt: skip


async def _planning(path: Path, parents: int) -> dict[str, float]:
    url = f"sqlite+aiosqlite:///{path}"
    await (await Store.open(url)).close()
    fill(path, range(1, parents + 1, parents // TOLD), parents)
    return await planning(url)


async def planning(url: str) -> dict[str, float]:
    """Return the shortest of some rounds by what is planned, in seconds; others on this machine only add to it."""
    store = await Store.open(url)
    whom = {
        "an announcement": Recipients(meetups=("koffie",)),
        "a reminder": Followers("koffie", "nowhere", "koffie@2027-03-31", NOW, evening_hour=19, wants_two_hours=True),
    }
    took = {}
    for name, who in whom.items():
        rounds = []
        for number in range(ROUNDS):
            occasion = Occasion("announcement", f"{name}{number}", NOW, NOW + timedelta(days=1), who)
            begun = time.perf_counter()
            async with store.writing() as connection:
                assert await outbox.add(connection, occasion) == TOLD
            rounds.append(time.perf_counter() - begun)
        took[name] = min(rounds)
    await store.close()
    return took


def fill(path: Path, followers: range, parents: int) -> None:
    """Write parents 1 to ``parents`` and what some of them follow straight into the file."""
    with closing(sqlite3.connect(path)) as database:
        database.executemany(
            "INSERT INTO parents (chat_id, neighbourhood, created_at, seen_at) VALUES (?, ?, ?, ?)",
            ((chat, f"wijk-{chat % 16}", LONG_AGO, LONG_AGO) for chat in range(1, parents + 1)),
        )
        database.executemany(
            "INSERT INTO subscriptions VALUES (?, 'meetup', 'koffie', ?)", ((chat, LONG_AGO) for chat in followers)
        )
        database.commit()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    server = FakeTelegram().start()
    server.world.per_second = ALLOWED_PER_S
    server.latency_s = 0.05
    server.world.chats.update(dict.fromkeys(range(1, SUBSCRIBERS + 1), "private"))
    yield server
    server.stop()
    server.check()


@pytest.mark.usefixtures("matcher")
def test_sending(report: Report, telegram: FakeTelegram, tmp_path: Path) -> None:
    asyncio.run(_announce(tmp_path))
    program = Program(tmp_path, telegram, TIMEZONE=zone_where_it_is_noon(), LOG_LEVEL="WARNING")
    try:
        telegram.wait_until(lambda: len(_told(telegram)) >= 50, "the broadcast to begin", 120)
        resident = [program.resident_mb()]
        waits = []
        for chat in itertools.count(FIRST_PARENT_WHO_ASKS):
            if len(_told(telegram)) >= SUBSCRIBERS:
                break
            asked = time.perf_counter()
            telegram.says(chat, QUESTION)
            telegram.wait_for_texts(1, chat, 30)
            waits.append(time.perf_counter() - asked)
            time.sleep(0.3)
            resident.append(program.resident_mb())
    finally:
        program.end()

    # Questions take their share of what is allowed; what was sent in all is held against the limit.
    sent_at = [at for at, _ in telegram.world.sent_at]
    rate = (len(sent_at) - 1) / (sent_at[-1] - sent_at[0])
    p50, p95 = np.percentile(np.array(waits), (50, 95))
    half = len(resident) // 2
    report.sending += [
        (f"one announcement to {SUBSCRIBERS:,}", f"{sent_at[-1] - sent_at[0]:.0f} s", ""),
        (
            "messages a second",
            f"{rate:.1f} ({100 * rate / ALLOWED_PER_S:.0f} % of {ALLOWED_PER_S})",
            "at least 90 % of what is allowed",
        ),
        ("refused with 429", str(telegram.world.refused), "none"),
        ("told twice", str(len(_told(telegram)) - len(set(_told(telegram)))), "none"),
        ("not told", str(SUBSCRIBERS - len(set(_told(telegram)))), "none"),
        (f"a question meanwhile, half of {len(waits)} answered within", f"{1000 * p50:.0f} ms", ""),
        ("a question meanwhile, 95 % answered within", f"{1000 * p95:.0f} ms", "under 1000 ms"),
        (
            "resident memory, mean of the first and of the second half",
            f"{np.mean(resident[:half]):.0f} and {np.mean(resident[half:]):.0f} MB",
            "the same",
        ),
    ]


async def _announce(folder: Path) -> None:
    """Make a store with subscribers and an announcement that is due."""
    path = folder / "town.sqlite3"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    fill(path, range(1, SUBSCRIBERS + 1), SUBSCRIBERS)
    now = datetime.now(UTC)
    async with store.writing() as connection:
        row = announcements.Row("a1", {"nl": "Kom je ook?"}, {"meetups": ["koffie"]}, now, 7, now)
        await announcements.add(connection, row)
        await announcements.confirm(connection, "a1", 7, now)
    await store.close()


def _told(telegram: FakeTelegram) -> list[int]:
    return [message["chat"]["id"] for message in telegram.sent() if message["chat"]["id"] <= SUBSCRIBERS]
