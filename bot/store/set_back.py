"""After a clock was set back: what was written down in what is the future now counts as of now.

A parent who followed a series "at eight" is reminded at seven all the same, and so is everybody of a meeting that
changed "at eight".
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables


async def set_back(connection: AsyncConnection, now: datetime) -> int:
    """Let no parent have followed, and no meeting have changed, later than ``now``; return how many rows that was."""
    count = 0
    for column in (tables.subscriptions.c.created_at, tables.attendances.c.created_at,
                   tables.calendar_entries.c.changed_at):  # fmt: skip
        changed = await connection.execute(update(column.table).where(column > now).values({column.name: now}))
        count += changed.rowcount
    return count
