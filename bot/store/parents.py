"""What is kept of a parent: the chat, a language, a neighbourhood, a month of birth. Nothing that was typed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Parent
from bot.store import tables
from bot.store.upsert import insert, upsert

_KEYS_IN_A_CHAT = {
    tables.parents: (),
    tables.subscriptions: ("kind", "subject"),
    tables.attendances: ("occurrence",),
    tables.deliveries: ("kind", "subject"),
}
"""What is sent of its own accord depends on these; each row is unique in its chat by the columns named."""

_OF_A_CHAT = select(
    tables.parents.c.language,
    tables.parents.c.neighbourhood,
    tables.parents.c.child_born,
    tables.parents.c.weeks_early,
    tables.parents.c.seen_at,
).where(tables.parents.c.chat_id == bindparam("chat_id"))
"""Asked for every message: made once."""


async def find(connection: AsyncConnection, chat_id: int) -> Parent:
    """Return what is known of the parent; one with only the chat when nothing is."""
    row = (await connection.execute(_OF_A_CHAT, {"chat_id": chat_id})).one_or_none()
    if row is None:
        return Parent(chat_id)
    return Parent(
        chat_id,
        language=row.language,
        neighbourhood=row.neighbourhood,
        born=row.child_born,
        weeks_early=row.weeks_early,
        seen_at=row.seen_at,
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


async def ensure(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Make sure that the parent has a row: whoever follows something is reached through it."""
    values = {"chat_id": chat_id, "created_at": now, "seen_at": now}
    await connection.execute(insert(connection, tables.parents).values(values).on_conflict_do_nothing())


async def cannot_be_reached(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Note that the parent blocked the bot or is gone; what they follow rests, and what waits for them is dropped."""
    of, waiting = tables.parents.c, tables.deliveries.c
    await connection.execute(
        update(tables.parents).where(of.chat_id == chat_id, of.unreachable_at.is_(None)).values(unreachable_at=now)
    )
    await connection.execute(delete(tables.deliveries).where(waiting.chat_id == chat_id, waiting.state == "due"))


async def can_be_reached(connection: AsyncConnection, chat_id: int) -> None:
    """Note that the parent is back; what they follow holds again."""
    await connection.execute(
        update(tables.parents).where(tables.parents.c.chat_id == chat_id).values(unreachable_at=None)
    )


async def wants_silence(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Note that the parent said stop; of somebody of whom nothing is known, nothing is kept for it."""
    await connection.execute(update(tables.parents).where(tables.parents.c.chat_id == chat_id).values(stopped_at=now))


async def end_unreachable(connection: AsyncConnection, before: datetime) -> None:
    """End for good what parents follow who could not be reached since before this moment."""
    gone = select(tables.parents.c.chat_id).where(tables.parents.c.unreachable_at < before)
    for table in (tables.subscriptions, tables.attendances):
        await connection.execute(delete(table).where(table.c.chat_id.in_(gone)))


async def move(connection: AsyncConnection, chat_id: int, new_chat_id: int) -> None:
    """Let everything of a chat follow to its new id; what the new one has already stays as it is there."""
    for table, key in _KEYS_IN_A_CHAT.items():
        of, there = table.c, table.alias()
        same = select(there.c.chat_id).where(
            there.c.chat_id == new_chat_id, *(there.c[name] == of[name] for name in key)
        )
        await connection.execute(delete(table).where(of.chat_id == chat_id, same.exists()))
        await connection.execute(update(table).where(of.chat_id == chat_id).values(chat_id=new_chat_id))


async def seen(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Note that the parent wrote; nothing is kept for it of somebody of whom nothing is known."""
    await connection.execute(update(tables.parents).where(tables.parents.c.chat_id == chat_id).values(seen_at=now))
