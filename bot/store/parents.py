"""What is kept of a parent: the chat, a language, a neighbourhood, a month of birth. Nothing that was typed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Parent
from bot.store import tables
from bot.store.upsert import upsert


async def find(connection: AsyncConnection, chat_id: int) -> Parent:
    """Return what is known of the parent; one with only the chat when nothing is."""
    row = (
        await connection.execute(
            select(
                tables.parents.c.language,
                tables.parents.c.neighbourhood,
                tables.parents.c.child_born,
                tables.parents.c.weeks_early,
            ).where(tables.parents.c.chat_id == chat_id)
        )
    ).one_or_none()
    if row is None:
        return Parent(chat_id)
    return Parent(
        chat_id,
        language=row.language,
        neighbourhood=row.neighbourhood,
        born=row.child_born,
        weeks_early=row.weeks_early,
    )


async def save(connection: AsyncConnection, parent: Parent, now: datetime) -> None:
    """Remember what the parent chose and told of their child; the first time counts as when they came."""
    values = {
        "chat_id": parent.chat_id,
        "language": parent.language,
        "neighbourhood": parent.neighbourhood,
        "child_born": parent.born,
        "weeks_early": parent.weeks_early,
        "created_at": now,
        "seen_at": now,
    }
    changes = ("language", "neighbourhood", "child_born", "weeks_early", "seen_at")
    await upsert(connection, tables.parents, values, changes=changes)


async def forget(connection: AsyncConnection, chat_id: int) -> None:
    """Erase every row of this chat, and every message of it that still waits.

    The ids of its updates stay, without the chat, so that one delivered again is not answered again.
    """
    for table in (
        tables.parents,
        tables.subscriptions,
        tables.attendances,
        tables.deliveries,
        tables.dialogues,
        tables.groups,
    ):
        await connection.execute(delete(table).where(table.c.chat_id == chat_id))
    await connection.execute(
        update(tables.inbox).where(tables.inbox.c.chat_id == chat_id).values(chat_id=None, payload=None)
    )
    connection.info["erased"] = True
