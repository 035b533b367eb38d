"""A real database for every test: SQLite in a folder of its own, PostgreSQL too where one is pointed at."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import tables
from bot.store.database import Store

POSTGRES = os.environ.get("MINIDORP_TEST_POSTGRES_URL")
"""An empty PostgreSQL database that may be emptied again, as ``postgresql+asyncpg://…``."""


@pytest.fixture
def now() -> datetime:
    return datetime(2027, 3, 31, 7, 30, tzinfo=UTC)


async def _emptied(url: str) -> str:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(tables.metadata.drop_all)
        await connection.execute(sqlalchemy.text("DROP TABLE IF EXISTS alembic_version"))
    await engine.dispose()
    return url


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
async def url(request, tmp_path):
    return await _emptied(POSTGRES) if request.param == "postgresql" else f"sqlite+aiosqlite:///{tmp_path}/town.db"


@pytest.fixture
async def store(url):
    store = await Store.open(url)
    yield store
    await store.close()
