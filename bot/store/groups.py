"""Which groups were told, once, that the bot works in private."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import insert


async def greet_once(connection: AsyncConnection, chat_id: int, now: datetime) -> bool:
    """Note that this group is greeted; return False when it already was."""
    result = await connection.execute(
        insert(connection, tables.groups)
        .values(chat_id=chat_id, greeted_at=now)
        .on_conflict_do_nothing(index_elements=[tables.groups.c.chat_id])
        .returning(tables.groups.c.chat_id)
    )
    return result.scalar_one_or_none() is not None


async def forget(connection: AsyncConnection, chat_id: int) -> None:
    """Forget a group that the bot was taken out of; added again, it is greeted again."""
    await connection.execute(delete(tables.groups).where(tables.groups.c.chat_id == chat_id))
