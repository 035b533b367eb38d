"""Announcements that coordinators wrote by phone, from the first draft to the moment they are planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import deliveries, tables

TO_CONFIRM = "confirm"
"""The kind of the message that asks a second coordinator to look; its subject is the announcement."""
UNHEARD = "unheard"
"""The kind of the message that tells the writer who of them could not be reached."""


@dataclass(frozen=True, slots=True)
class Row:
    """One announcement. ``text`` is by language, ``audience`` the fields of an audience as plain JSON.

    It goes out from ``send_at`` when it is confirmed and not withdrawn; ``planned_at`` is when it became deliveries.
    """

    id: str
    text: dict[str, str]
    audience: dict[str, Any]
    send_at: datetime
    made_by: int
    made_at: datetime
    confirmed_by: int | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    planned_at: datetime | None = None


_COLUMNS = tuple(tables.announcements.c[name] for name in Row.__slots__)


async def add(connection: AsyncConnection, row: Row) -> None:
    """Keep an announcement."""
    await connection.execute(insert(tables.announcements).values({name: getattr(row, name) for name in Row.__slots__}))


async def find(connection: AsyncConnection, announcement_id: str) -> Row | None:
    """Return the announcement with this id."""
    of = tables.announcements.c
    row = (await connection.execute(select(*_COLUMNS).where(of.id == announcement_id))).one_or_none()
    return Row(*row) if row else None


async def reached_alone(connection: AsyncConnection, who: int, since: datetime) -> int:
    """Return how many parents somebody wrote to since then whom nobody else confirmed; what was withdrawn before any
    of it went out is left out.

    A parent who gets two announcements counts twice.
    """
    of, log = tables.announcements.c, tables.audit.c
    rows = await connection.execute(
        select(log.detail)
        .join(tables.announcements, log.subject == of.id)
        .where(
            log.action == "announcement",
            of.made_by == who,
            of.confirmed_by == who,
            of.made_at > since,
            or_(of.withdrawn_at.is_(None), of.planned_at.is_not(None)),
        )
    )
    return sum(int(detail["people"]) for (detail,) in rows)


async def confirm(connection: AsyncConnection, announcement_id: str, confirmed_by: int, now: datetime) -> bool:
    """Confirm an announcement; return False when it was confirmed or withdrawn before."""
    of = tables.announcements.c
    changed = await connection.execute(
        update(tables.announcements)
        .where(of.id == announcement_id, of.confirmed_at.is_(None), of.withdrawn_at.is_(None))
        .values(confirmed_by=confirmed_by, confirmed_at=now)
    )
    return changed.rowcount == 1


async def withdraw(connection: AsyncConnection, announcement_id: str, now: datetime) -> bool:
    """Withdraw an announcement that is not planned yet; return False when it is too late."""
    of = tables.announcements.c
    changed = await connection.execute(
        update(tables.announcements)
        .where(of.id == announcement_id, of.planned_at.is_(None), of.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    return changed.rowcount == 1


async def stop(connection: AsyncConnection, announcement_id: str, now: datetime) -> bool:
    """Take back what of a planned announcement is not out yet; return False when all of it is, or it was withdrawn."""
    of = tables.announcements.c
    if not await deliveries.skip(connection, ("announcement",), announcement_id, now):
        return False
    changed = await connection.execute(
        update(tables.announcements).where(of.id == announcement_id, of.withdrawn_at.is_(None)).values(withdrawn_at=now)
    )
    return changed.rowcount == 1


async def to_plan(connection: AsyncConnection, until: datetime) -> list[Row]:
    """Return the confirmed announcements to be sent up to this moment that are no deliveries yet, oldest first."""
    of = tables.announcements.c
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(
            of.confirmed_at.is_not(None),
            of.withdrawn_at.is_(None),
            of.planned_at.is_(None),
            of.send_at <= until,
        )
        .order_by(of.send_at, of.id)
    )
    return [Row(*row) for row in rows]


async def mark_planned(connection: AsyncConnection, announcement_id: str, now: datetime) -> None:
    """Note that the announcement became deliveries."""
    of = tables.announcements.c
    await connection.execute(update(tables.announcements).where(of.id == announcement_id).values(planned_at=now))


async def unheard(connection: AsyncConnection) -> list[Row]:
    """Return the announcements that wait for a second coordinator, of whom one or more could not be reached, and whose
    writer has not been told so.
    """
    of, asked = tables.announcements.c, tables.deliveries.alias("asked").c
    told = tables.deliveries.alias("told").c
    failed = exists().where(asked.kind == TO_CONFIRM, asked.subject == of.id, asked.state == "failed")
    is_told = exists().where(told.chat_id == of.made_by, told.kind == UNHEARD, told.subject == of.id)
    rows = await connection.execute(
        select(*_COLUMNS).where(of.confirmed_at.is_(None), of.withdrawn_at.is_(None), failed, ~is_told)
    )
    return [Row(*row) for row in rows]


async def asked_and_missed(connection: AsyncConnection, announcement_id: str) -> tuple[int, int]:
    """Return how many coordinators are asked to confirm an announcement, and how many of them could not be reached."""
    of = tables.deliveries.c
    asked = select(func.count(), func.count().filter(of.state == "failed"))
    row = (await connection.execute(asked.where(of.kind == TO_CONFIRM, of.subject == announcement_id))).one()
    return row[0], row[1]


async def ask_again(connection: AsyncConnection, announcement_id: str, now: datetime, until: datetime) -> int:
    """Ask those who could not be reached once more, and tell the writer anew when that fails; return how many."""
    of = tables.deliveries.c
    again = await connection.execute(
        update(tables.deliveries)
        .where(of.kind == TO_CONFIRM, of.subject == announcement_id, of.state == "failed")
        .values(state="due", due_at=now, expires_at=until, finished_at=None, problem=None)
    )
    await connection.execute(delete(tables.deliveries).where(of.kind == UNHEARD, of.subject == announcement_id))
    return again.rowcount
