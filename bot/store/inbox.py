"""Updates, written down before they are handled.

A row is unfinished until its reply is out; a program that was killed finds it here when it starts again.
What was written down is erased as soon as it is finished; only the update's id stays, so that one that is
delivered again is known. Telegram keeps what it could not deliver for 24 hours, so the ids may go after
that.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import insert


async def accept(connection: AsyncConnection, update_id: int, chat_id: int | None, payload: str, now: datetime) -> bool:
    """Write an update down; return False when its id is already known, finished or not."""
    values = {"update_id": update_id, "chat_id": chat_id, "payload": payload, "received_at": now}
    result = await connection.execute(
        insert(connection, tables.inbox)
        .values(values)
        .on_conflict_do_nothing(index_elements=[tables.inbox.c.update_id])
        .returning(tables.inbox.c.update_id)
    )
    return result.scalar_one_or_none() is not None


async def unfinished(connection: AsyncConnection) -> list[tuple[int, str]]:
    """Return id and payload of every update without a reply, in order of arrival."""
    rows = await connection.execute(
        select(tables.inbox.c.update_id, tables.inbox.c.payload)
        .where(tables.inbox.c.finished_at.is_(None), tables.inbox.c.payload.is_not(None))
        .order_by(tables.inbox.c.received_at, tables.inbox.c.update_id)
    )
    return [(row.update_id, row.payload) for row in rows]


async def finish(connection: AsyncConnection, update_id: int, now: datetime) -> None:
    """Note that the reply is out, and erase what was written down of the update."""
    await connection.execute(
        update(tables.inbox)
        .where(tables.inbox.c.update_id == update_id)
        .values(chat_id=None, payload=None, finished_at=now)
    )


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Drop the ids of updates that were finished, or forgotten with their chat, before this moment."""
    await connection.execute(delete(tables.inbox).where(tables.inbox.c.finished_at < before))
    await connection.execute(
        delete(tables.inbox).where(
            tables.inbox.c.finished_at.is_(None),
            tables.inbox.c.payload.is_(None),
            tables.inbox.c.received_at < before,
        )
    )
