"""What coordinators changed by phone. Rows are added and never changed: the newest of each meeting and kind counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables


@dataclass(frozen=True, slots=True)
class Row:
    """One change as it is kept; ``data`` is plain JSON. ``written_at`` says when it was written into the file."""

    id: int
    meetup: str
    on: date
    kind: str
    data: dict[str, Any]
    made_at: datetime
    written_at: datetime | None = None


async def add(
    connection: AsyncConnection, meetup: str, on: date, kind: str, data: dict[str, Any], made_at: datetime
) -> None:
    """Keep one change."""
    await connection.execute(
        insert(tables.changes).values(meetup=meetup, on_date=on, kind=kind, data=data, made_at=made_at)
    )


async def since(connection: AsyncConnection, first: date) -> list[Row]:
    """Return the changes of meetings from this day on that are not in a file yet, oldest first."""
    of = tables.changes.c
    return await _rows(connection, of.on_date >= first, of.written_at.is_(None))


async def unwritten(connection: AsyncConnection) -> list[Row]:
    """Return every change that is not in a file yet, oldest first."""
    return await _rows(connection, tables.changes.c.written_at.is_(None))


async def mark_written(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Note that these changes stand in a file now."""
    await connection.execute(update(tables.changes).where(tables.changes.c.id.in_(ids)).values(written_at=now))


async def _rows(connection: AsyncConnection, *conditions: Any) -> list[Row]:
    of = tables.changes.c
    rows = await connection.execute(
        select(of.id, of.meetup, of.on_date, of.kind, of.data, of.made_at, of.written_at)
        .where(*conditions)
        .order_by(of.id)
    )
    return [Row(row.id, row.meetup, row.on_date, row.kind, row.data, row.made_at, row.written_at) for row in rows]
