"""When something that should happen again and again happened last, so that another program can see that it stopped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import upsert

PLANNED = "planned"
"""It was planned what falls due."""
COPIED = "copied"
"""``minidorp backup`` made a copy."""
RESTORED = "restored"
"""The last moment that the copy knew of which was put back as this database."""


async def beat(connection: AsyncConnection, name: str, now: datetime) -> None:
    """Note that it happened now."""
    await upsert(connection, tables.heartbeats, {"name": name, "at": now}, changes=("at",))


async def last(connection: AsyncConnection, name: str) -> datetime | None:
    """Return when it happened last; None when it never did."""
    of = tables.heartbeats.c
    return (await connection.execute(select(of.at).where(of.name == name))).scalar_one_or_none()
