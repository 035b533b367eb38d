"""Imported once, in the process that all others are forked from, and used once: what is imported late is there too."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import anyio._backends._asyncio
import sklearn.svm
import uvicorn.protocols.http.h11_impl

from bot import cli
from bot.agenda.schedules import Schedules
from bot.knowledge.check import load
from bot.matching.matcher import Matcher
from bot.store.database import Store
from bot.telegram.client import Bot
from tests.agenda.files import UNDATED, write_schedules
from tests.faults import inside
from tests.knowledge.conftest import write_files

__all__ = ["anyio", "cli", "inside", "sklearn", "uvicorn"]


async def warm_up(folder: Path) -> None:
    """Do once what each start does; no thread may be left, as a fork would not take it along."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'town.sqlite3'}")
    await store.close()
    Bot("1:a", "http://127.0.0.1:9")
    knowledge = load(write_files(folder / "knowledge"))
    schedules = write_schedules(folder / "schedules", UNDATED)
    Schedules(schedules, knowledge, datetime.now(UTC), timezone="Europe/Amsterdam", school_region="Noord")
    for _ in range(2):
        Matcher.build(knowledge, cache_folder=folder).decide("hij wordt steeds wakker")


with tempfile.TemporaryDirectory() as folder:
    asyncio.run(warm_up(Path(folder)))
