"""What a parent asked to be told of: a series of meetings, everything in a wijk, or tips by age."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import parents, tables
from bot.store.upsert import insert

Kind = Literal["meetup", "neighbourhood", "tips"]

EVERY = "*"
"""The subject of a kind that has no subjects of its own, such as tips."""


async def follow(connection: AsyncConnection, chat_id: int, kind: Kind, subject: str, now: datetime) -> None:
    """Note that the parent wants to be told, also after a stop; a second time changes nothing."""
    await parents.ensure(connection, chat_id, now)
    of = tables.parents.c
    await connection.execute(
        update(tables.parents).where(of.chat_id == chat_id, of.stopped_at.is_not(None)).values(stopped_at=None)
    )
    values = {"chat_id": chat_id, "kind": kind, "subject": subject, "created_at": now}
    await connection.execute(insert(connection, tables.subscriptions).values(values).on_conflict_do_nothing())


async def unfollow(connection: AsyncConnection, chat_id: int, kind: Kind, subject: str) -> None:
    """Note that the parent no longer wants to be told of this."""
    of = tables.subscriptions.c
    await connection.execute(
        delete(tables.subscriptions).where(of.chat_id == chat_id, of.kind == kind, of.subject == subject)
    )


async def followed(connection: AsyncConnection, chat_id: int) -> list[tuple[Kind, str]]:
    """Return kind and subject of all that the parent follows, in the order of their names."""
    of = tables.subscriptions.c
    rows = await connection.execute(
        select(of.kind, of.subject).where(of.chat_id == chat_id).order_by(of.kind, of.subject)
    )
    return [(row.kind, row.subject) for row in rows]


async def end_tips(connection: AsyncConnection, chat_id: int) -> None:
    """End the tips by age, forget when the child was born, and drop a tip that waits: the child may have died."""
    waiting, of = tables.deliveries.c, tables.parents.c
    await unfollow(connection, chat_id, "tips", EVERY)
    await connection.execute(
        delete(tables.deliveries).where(
            waiting.chat_id == chat_id, waiting.kind == "tip", waiting.state.in_(("due", "sending"))
        )
    )
    await connection.execute(
        update(tables.parents).where(of.chat_id == chat_id).values(child_born=None, weeks_early=None)
    )
    connection.info["erased"] = True


async def stop_all(connection: AsyncConnection, chat_id: int) -> bool:
    """End all that the parent follows, forget where they said to come, and drop what waits to be sent to them.

    Return whether there was anything to end.
    """
    ended = 0
    for table in (tables.subscriptions, tables.attendances):
        ended += (await connection.execute(delete(table).where(table.c.chat_id == chat_id))).rowcount
    waiting = tables.deliveries.c
    await connection.execute(
        delete(tables.deliveries).where(waiting.chat_id == chat_id, waiting.state.in_(("due", "sending")))
    )
    return ended > 0
