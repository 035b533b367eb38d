"""Work that one process at a time may do: whoever holds the lease does it, until it runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import insert


async def take(connection: AsyncConnection, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take the lease, or hold it longer; return False when somebody else holds it."""
    values = {"name": name, "holder": holder, "until": now + lasts}
    statement = insert(connection, tables.leases).values(values)
    taken = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[tables.leases.c.name],
            set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
            # One that holds longer than any may was taken before the clock was set back.
            where=(tables.leases.c.until <= now)
            | (tables.leases.c.until > now + lasts)
            | (tables.leases.c.holder == holder),
        ).returning(tables.leases.c.name)
    )
    return taken.scalar_one_or_none() is not None


async def release(connection: AsyncConnection, name: str, holder: str) -> None:
    """Give the lease back, so that another need not wait until it runs out."""
    of = tables.leases.c
    await connection.execute(delete(tables.leases).where(of.name == name, of.holder == holder))
