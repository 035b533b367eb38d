"""Everything that is kept of one chat, wherever it stands: to show it, to erase it, and to end it after long silence.

The tables themselves are walked, so that one that is added later cannot be forgotten here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, Table, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables

CHAT = "chat_id"
"""The column that says whose a row is; in every table that holds something of a chat it has this name."""
OF_THE_TEAM = ("telegram_id", "made_by", "confirmed_by")
"""Columns with who of the team did something. They stay when that person asks to be forgotten: the public who was
written to can ask who wrote. A parent's number never stands in them.
"""
ASKED = "keep"
"""The kind of the message that asks a silent parent whether they still want to be written to."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, in the table of this name. ``values`` is by column, as it stands in the store; moments are in UTC."""

    table: str
    values: dict[str, Any]


async def everything(connection: AsyncConnection, chat_id: int) -> list[Row]:
    """Return every row in which this chat stands, in the order of ``about_people``; others of the team are left out."""
    found = []
    for name in about_people():
        table = tables.metadata.tables[name]
        rows = await connection.execute(
            select(table)
            .where(or_(*(column == chat_id for column in _whose(table))))
            .order_by(*table.primary_key.columns)
        )
        for row in rows.mappings():
            values = {
                column: value for column, value in row.items() if column not in OF_THE_TEAM or value in (chat_id, None)
            }
            found.append(Row(name, values))
    return found


def about_people() -> list[str]:
    """Return the names of the tables in which a chat can stand, in the order of the schema."""
    return [table.name for table in tables.metadata.sorted_tables if _whose(table)]


def _whose(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in (CHAT, *OF_THE_TEAM) if name in table.c]


async def forget(connection: AsyncConnection, chat_id: int) -> None:
    """Erase every row of this chat, but the messages of it that still wait for a reply.

    Those lose the chat with their reply, as always, and then the disk is cleaned of what they leave. Whoever asked is
    told so even by the next program, when this one is killed just now; and what they typed after it is answered.
    """
    for table in _of_chats():
        await connection.execute(delete(table).where(table.c[CHAT] == chat_id))
    waiting = await connection.execute(
        update(tables.inbox).where(tables.inbox.c.chat_id == chat_id).values(is_of_forgotten=True)
    )
    connection.info["erased" if waiting.rowcount else "forgotten"] = True


def to_be_asked(silent_since: datetime) -> Select[tuple[int]]:
    """Return the statement for the chats that wrote nothing since, and were not asked about it.

    Not asked is who cannot be reached, and who said stop.
    """
    parent, sent = tables.parents.c, tables.deliveries.c
    return select(parent.chat_id).where(
        parent.seen_at < silent_since,
        parent.unreachable_at.is_(None),
        parent.stopped_at.is_(None),
        ~exists().where(sent.chat_id == parent.chat_id, sent.kind == ASKED, sent.due_at >= parent.seen_at),
    )


async def forget_silent(connection: AsyncConnection, silent_since: datetime, asked_before: datetime) -> int:
    """Erase all of every parent who wrote nothing since and did not answer, or is not to be asked; return how many.

    Not answered is: the question was sent, or could not be, before ``asked_before``, and nothing was written after it.
    Whoever is not to be asked is erased when they follow nothing any more.
    """
    parent, following, sent = tables.parents.c, tables.subscriptions.c, tables.deliveries.c
    unanswered = (
        select(parent.chat_id)
        .join(tables.deliveries, sent.chat_id == parent.chat_id)
        .where(
            parent.seen_at < silent_since,
            sent.kind == ASKED,
            sent.state.in_(("sent", "failed")),
            sent.finished_at < asked_before,
            sent.finished_at > parent.seen_at,
        )
    )
    # No answer counts as a stop: that it was asked is not known any more while the rows below go one by one.
    await connection.execute(delete(tables.subscriptions).where(following.chat_id.in_(unanswered)))
    await connection.execute(
        update(tables.parents).where(parent.chat_id.in_(unanswered)).values(stopped_at=parent.seen_at)
    )
    gone = select(parent.chat_id).where(
        parent.seen_at < silent_since,
        or_(parent.stopped_at.is_not(None), parent.unreachable_at.is_not(None)),
        ~exists().where(following.chat_id == parent.chat_id),
    )
    # The parents themselves go last: they tell whose the other rows are.
    for table in (*_of_chats(except_for=tables.parents), tables.inbox):
        await connection.execute(delete(table).where(table.c[CHAT].in_(gone)))
    ended = await connection.execute(delete(tables.parents).where(parent.chat_id.in_(gone)))
    if ended.rowcount:
        connection.info["forgotten"] = True
    return ended.rowcount


def _of_chats(except_for: Table | None = None) -> list[Table]:
    """Return the tables whose rows go with their chat; the inbox keeps its ids."""
    return [
        table for table in tables.metadata.sorted_tables if CHAT in table.c and table not in (tables.inbox, except_for)
    ]
