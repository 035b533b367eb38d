"""What the team did by phone, and when, for whoever must be able to ask later. No parent is named in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: ``telegram_id`` is who of the team, ``subject`` the id of a meeting or announcement."""

    at: datetime
    telegram_id: int
    action: str
    subject: str
    detail: dict[str, Any]


async def note(connection: AsyncConnection, line: Line) -> None:
    """Write one line."""
    await connection.execute(
        insert(tables.audit).values(
            at=line.at, telegram_id=line.telegram_id, action=line.action, subject=line.subject, detail=line.detail
        )
    )


async def latest(connection: AsyncConnection, most: int = 50) -> list[Line]:
    """Return the newest lines, newest first."""
    of = tables.audit.c
    rows = await connection.execute(
        select(of.at, of.telegram_id, of.action, of.subject, of.detail).order_by(of.id.desc()).limit(most)
    )
    return [Line(*row) for row in rows]
