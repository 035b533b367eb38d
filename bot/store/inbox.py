"""Updates, written down before they are handled.

A row is unfinished until its reply is out; a program that was killed finds it here when it starts again.
What was written down is erased as soon as it is finished; only the update's id stays, so that one that is
delivered again is known. Telegram keeps what it could not deliver for 24 hours, so the ids may go after
that. ``attempts`` counts how often the program may have ended on a row: see ``bot.telegram.receiving``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.store import tables
from bot.store.upsert import insert_into

_FINISHING = (
    update(tables.inbox)
    .where(tables.inbox.c.update_id.in_(bindparam("update_ids", expanding=True)))
    .values(chat_id=None, payload=None, finished_at=bindparam("now"))
    .returning(tables.inbox.c.is_of_forgotten)
)
"""Run for every message: made once."""


class Waiting(NamedTuple):
    """An update without a reply, and how often the program may have ended on it."""

    update_id: int
    payload: str
    attempts: int


async def accept(connection: AsyncConnection, update_id: int, chat_id: int | None, payload: str, now: datetime) -> bool:
    """Write an update down; return False when its id is already known, finished or not."""
    values = {"update_id": update_id, "chat_id": chat_id, "payload": payload, "received_at": now}
    result = await connection.execute(_accepting(connection.dialect.name), values)
    return result.scalar_one_or_none() is not None


@cache
def _accepting(dialect: str) -> ReturningInsert[tuple[int]]:
    """Return the statement, made once."""
    return (
        insert_into(dialect, tables.inbox)
        .on_conflict_do_nothing(index_elements=[tables.inbox.c.update_id])
        .returning(tables.inbox.c.update_id)
    )


async def unfinished(
    connection: AsyncConnection, before: datetime | None = None, most: int | None = None
) -> list[tuple[int, str]]:
    """Return id and payload of updates without a reply, in order of arrival: those received ``before``, or all."""
    rows = await connection.execute(_unfinished(*([tables.inbox.c.received_at < before] if before else [])).limit(most))
    return [(row.update_id, row.payload) for row in rows]


async def next_of_chat(
    connection: AsyncConnection, chat_id: int | None, except_ids: Collection[int] = ()
) -> Waiting | None:
    """Return the first update of a chat without a reply.

    The ids tell the order within a chat; the clocks of two machines that wrote the updates down do not.
    """
    of = tables.inbox.c
    first = _unfinished(of.chat_id == chat_id, of.update_id.not_in(except_ids)).order_by(None).order_by(of.update_id)
    row = (await connection.execute(first.add_columns(of.attempts).limit(1))).one_or_none()
    return None if row is None else Waiting(*row)


async def suspects(connection: AsyncConnection) -> list[Waiting]:
    """Return the updates without a reply on which the program may have ended."""
    of = tables.inbox.c
    rows = await connection.execute(_unfinished(of.attempts > 0).add_columns(of.attempts))
    return [Waiting(*row) for row in rows]


async def begin(connection: AsyncConnection, update_ids: Collection[int]) -> None:
    """Count that the program may end on these, or just did."""
    await _in_order(connection, update_ids)
    of = tables.inbox.c
    await connection.execute(update(tables.inbox).where(of.update_id.in_(update_ids)).values(attempts=of.attempts + 1))


async def acquit(connection: AsyncConnection, update_ids: Collection[int]) -> None:
    """Take the last count of these back: what ended the program then was not one of them."""
    await _in_order(connection, update_ids)
    of = tables.inbox.c
    await connection.execute(
        update(tables.inbox).where(of.update_id.in_(update_ids), of.attempts > 0).values(attempts=of.attempts - 1)
    )


def _unfinished(*conditions: ColumnElement[bool]) -> Select[tuple[int, str]]:
    of = tables.inbox.c
    return (
        select(of.update_id, of.payload)
        .where(of.finished_at.is_(None), of.payload.is_not(None), *conditions)
        .order_by(of.received_at, of.update_id)
    )


async def finish(connection: AsyncConnection, update_ids: Collection[int], now: datetime) -> None:
    """Note that these replies are out, and erase what was written down of the updates."""
    await _in_order(connection, update_ids)
    finished = await connection.execute(_FINISHING, {"update_ids": list(update_ids), "now": now})
    if any(finished.scalars()):
        connection.info["forgotten"] = True


async def _in_order(connection: AsyncConnection, update_ids: Collection[int]) -> None:
    """Lock rows in one order everywhere, or two transactions could wait for each other."""
    if connection.dialect.name == "postgresql":
        of = tables.inbox.c
        in_order = select(of.update_id).where(of.update_id.in_(update_ids)).order_by(of.update_id)
        await connection.execute(in_order.with_for_update())


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Drop the ids of updates that were finished before this moment."""
    await connection.execute(delete(tables.inbox).where(tables.inbox.c.finished_at < before))
