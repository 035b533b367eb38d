"""The same town on SQLite and on PostgreSQL: how long an answer takes, how long planning takes, and two programs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from benchmarks.report import Report
from benchmarks.test_broadcast import LONG_AGO, MANY_PARENTS, QUESTION, TOLD, fill, planning
from bot.store.database import Store
from tests import postgres
from tests.end_to_end.balancer import Balancer
from tests.end_to_end.conftest import SECRET, Program, free_port
from tests.fake_telegram import FakeTelegram

ASKING = 40
"""Parents who ask one after another, each for the first time."""
PAUSE_S = 0.05
"""Between two parents, so that the limit of 30 messages a second is never reached."""


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Postgres]:
    with postgres.running({}) as server:
        yield server


@contextmanager
def programs(folder: Path, count: int, **settings: object) -> Iterator[FakeTelegram]:
    """Run so many programs, behind a load balancer when there are several."""
    telegram = FakeTelegram().start()
    ports = [free_port() for _ in range(count)]
    balancer = Balancer(ports).start()
    shared = {"WEBHOOK_URL": f"{balancer.url}/telegram/hook", "WEBHOOK_SECRET": SECRET, "LOG_LEVEL": "INFO"}
    started = [Program(folder, telegram, **shared, **settings, WEB_PORT=port) for port in ports]
    try:
        for program in started:
            program.wait_for_output("where Telegram delivers them")
        yield telegram
    finally:
        for program in started:
            program.end()
        balancer.stop()
        telegram.stop()


def answered(telegram: FakeTelegram, text: str, first: int) -> str:
    """Return how long half and 95 % of the parents wait for a reply."""
    waits = []
    for chat in range(first, first + ASKING):
        asked = time.perf_counter()
        telegram.says(chat, text)
        telegram.wait_for_texts(1, chat)
        waits.append(1000 * (time.perf_counter() - asked))
        time.sleep(PAUSE_S)
    p50, p95 = np.percentile(waits, (50, 95))
    return f"{p50:.0f} ms, 95 % in {p95:.0f}"


@pytest.mark.usefixtures("matcher")
async def test_answers(report: Report, tmp_path: Path, server: postgres.Postgres) -> None:
    found = [_answers(tmp_path, 1, f"sqlite+aiosqlite:///{tmp_path}/town.sqlite3")]
    for count in (1, 2):
        async with server.database() as url:
            found.append(_answers(tmp_path, count, url))

    commands, questions = zip(*found, strict=True)
    report.databases += [("a command to its reply", *commands), ("a question to its reply", *questions)]


def _answers(folder: Path, count: int, url: str) -> tuple[str, str]:
    with programs(folder, count, DATABASE_URL=url) as telegram:
        answered(telegram, "/help", 1)
        return answered(telegram, "/help", 1000), answered(telegram, QUESTION, 2000)


def test_planning(report: Report, tmp_path: Path, server: postgres.Postgres) -> None:
    for parents in (TOLD, MANY_PARENTS):
        path = tmp_path / f"{parents}.sqlite3"
        sqlite = asyncio.run(_on_sqlite(path, parents))
        shared = asyncio.run(_on_postgres(server, parents))
        report.databases += [
            (f"planning {name} to {TOLD:,} among {parents:,} parents", f"{sqlite[name]:.2f} s", f"{took:.2f} s", "")
            for name, took in shared.items()
        ]


async def _on_sqlite(path: Path, parents: int) -> dict[str, float]:
    url = f"sqlite+aiosqlite:///{path}"
    await (await Store.open(url)).close()
    fill(path, range(1, parents + 1, parents // TOLD), parents)
    return await planning(url)


async def _on_postgres(server: postgres.Postgres, parents: int) -> dict[str, float]:
    async with server.database() as url:
        store = await Store.open(url)
        async with store.writing() as connection:
            await connection.exec_driver_sql(
                "INSERT INTO parents (chat_id, neighbourhood, created_at, seen_at) "
                f"SELECT n, 'wijk-' || n % 16, '{LONG_AGO}Z', '{LONG_AGO}Z' FROM generate_series(1, {parents}) n"
            )
            await connection.exec_driver_sql(
                "INSERT INTO subscriptions SELECT n, 'meetup', 'koffie', "
                f"'{LONG_AGO}Z' FROM generate_series(1, {parents}, {parents // TOLD}) n"
            )
            await connection.exec_driver_sql("ANALYZE")
        await store.close()
        return await planning(url)
