"""A real database for every test: a file of SQLite, and a database on a server of PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.store.database import Store
from tests import sqlite


@pytest.fixture
def now() -> datetime:
    return datetime(2027, 3, 31, 7, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request) -> str:
    return request.param


@pytest.fixture
async def url(backend, tmp_path, request):
    """The address of a database that has its tables already, which saves a moment a test."""
    if backend == "sqlite":
        yield sqlite.address(tmp_path / "town.db")
        return
    async with request.getfixturevalue("postgres").database() as address:
        yield address


@pytest.fixture
async def empty_url(backend, tmp_path, request):
    """The address of a database without any table."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/empty.db"
        return
    async with request.getfixturevalue("postgres").database(is_empty=True) as address:
        yield address


@pytest.fixture
async def store(url):
    store = await Store.open(url)
    yield store
    await store.close()
