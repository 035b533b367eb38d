"""Who said "ik kom" to which meeting: enough to count heads and ages, and to tell them when it is cancelled."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import parents, tables
from bot.store.upsert import upsert


async def come(
    connection: AsyncConnection, chat_id: int, uid: str, starts_at: datetime, age_months: int | None, now: datetime
) -> None:
    """Note that a parent comes to the meeting ``uid``, with a child of this age if they told it."""
    await parents.ensure(connection, chat_id, now)
    values = {
        "chat_id": chat_id,
        "occurrence": uid,
        "starts_at": starts_at,
        "age_months": age_months,
        "created_at": now,
    }
    await upsert(connection, tables.attendances, values, changes=("starts_at", "age_months"))


async def stay_away(connection: AsyncConnection, chat_id: int, uid: str) -> None:
    """Note that a parent does not come after all."""
    of = tables.attendances.c
    await connection.execute(delete(tables.attendances).where(of.chat_id == chat_id, of.occurrence == uid))


async def is_coming(connection: AsyncConnection, chat_id: int, uid: str) -> bool:
    """Tell whether this parent said to come."""
    of = tables.attendances.c
    found = await connection.execute(select(of.chat_id).where(of.chat_id == chat_id, of.occurrence == uid))
    return found.one_or_none() is not None


async def of_chat(connection: AsyncConnection, chat_id: int, now: datetime) -> list[str]:
    """Return the uids of the coming meetings to which this parent said to come, the soonest first."""
    of = tables.attendances.c
    found = await connection.execute(
        select(of.occurrence).where(of.chat_id == chat_id, of.starts_at > now).order_by(of.starts_at, of.occurrence)
    )
    return list(found.scalars())


async def ahead(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """Return how many said to come to each meeting that is still to begin, by its uid."""
    of = tables.attendances.c
    rows = await connection.execute(
        select(of.occurrence, func.count().label("people")).where(of.starts_at > now).group_by(of.occurrence)
    )
    return {row.occurrence: row.people for row in rows}


async def expected(connection: AsyncConnection, uid: str) -> tuple[int, Counter[int]]:
    """Return how many parents said to come, and how many children of each age in whole years; unknown ages are not
    counted.
    """
    of = tables.attendances.c
    rows = await connection.execute(
        select(of.age_months, func.count().label("times")).where(of.occurrence == uid).group_by(of.age_months)
    )
    people, ages = 0, Counter[int]()
    for row in rows:
        people += row.times
        if row.age_months is not None:
            ages[row.age_months // 12] += row.times
    return people, ages


async def move(connection: AsyncConnection, uid: str, starts_at: datetime) -> None:
    """Note that the meeting begins at another moment; whoever said to come is expected then."""
    of = tables.attendances.c
    await connection.execute(update(tables.attendances).where(of.occurrence == uid).values(starts_at=starts_at))


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Forget who came to meetings that began before this moment."""
    of = tables.attendances.c
    await connection.execute(delete(tables.attendances).where(of.starts_at < before))
