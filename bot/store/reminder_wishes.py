"""How a parent wants to be reminded: the hour on the evening before, two hours before, and since when they agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import upsert

EVENING_HOUR = 19
"""The hour on the wall at which a parent who chose nothing is reminded, as the table has it."""


@dataclass(frozen=True, slots=True)
class ReminderWishes:
    """``evening_hour`` is an hour on the wall, None for no reminder then. ``child_born`` is the first of a month."""

    evening_hour: int | None = EVENING_HOUR
    wants_two_hours: bool = True
    consented_at: datetime | None = None
    child_born: date | None = None


async def find(connection: AsyncConnection, chat_id: int) -> ReminderWishes:
    """Return what the parent chose; what everybody gets when they chose nothing."""
    of = tables.parents.c
    row = (
        await connection.execute(
            select(of.evening_hour, of.wants_two_hours, of.consented_at, of.child_born).where(of.chat_id == chat_id)
        )
    ).one_or_none()
    return ReminderWishes(*row) if row else ReminderWishes()


async def set_evening_hour(connection: AsyncConnection, chat_id: int, hour: int | None, now: datetime) -> None:
    """Remember at which hour the parent is reminded on the evening before; None for not at all."""
    await _set(connection, chat_id, now, evening_hour=hour)


async def set_two_hours(connection: AsyncConnection, chat_id: int, is_wanted: bool, now: datetime) -> None:
    """Remember whether the parent is reminded two hours before."""
    await _set(connection, chat_id, now, wants_two_hours=is_wanted)


async def consent(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Remember that the parent agreed to be written to, and to what is kept for it."""
    await _set(connection, chat_id, now, consented_at=now)


async def _set(connection: AsyncConnection, chat_id: int, now: datetime, **chosen: Any) -> None:
    values = {"chat_id": chat_id, "created_at": now, "seen_at": now, **chosen}
    await upsert(connection, tables.parents, values, changes=tuple(chosen))
