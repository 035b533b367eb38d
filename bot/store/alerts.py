"""What the team was told that needs a person, so that neither a restart nor a second program tells it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import insert, upsert


@dataclass(frozen=True, slots=True)
class Told:
    """What was told under ``key``. Another ``mark`` is another alert; ``over`` is the sentence for when it is over, and
    ``gone_at`` since when it is not there any more.
    """

    key: str
    mark: str
    over: str
    told_at: datetime
    gone_at: datetime | None = None


async def told(connection: AsyncConnection, source: str) -> dict[str, Told]:
    """Return what was told of this source and is not over, by key: ``source`` itself and ``source:…``."""
    of = tables.alerts.c
    rows = await connection.execute(
        select(of.key, of.mark, of.over, of.told_at, of.gone_at).where(
            or_(of.key == source, of.key.startswith(f"{source}:", autoescape=True))
        )
    )
    return {row.key: Told(*row) for row in rows}


async def claim(connection: AsyncConnection, new: Told, before: Told | None) -> bool:
    """Note what is about to be told in the place of ``before``; return False when another program was first."""
    values = {"key": new.key, "mark": new.mark, "over": new.over, "told_at": new.told_at, "gone_at": None}
    of = tables.alerts.c
    if before is None:
        made = await connection.execute(insert(connection, tables.alerts).values(values).on_conflict_do_nothing())
    else:
        made = await connection.execute(
            update(tables.alerts)
            .where(of.key == before.key, of.mark == before.mark, of.told_at == before.told_at)
            .values(values)
        )
    return made.rowcount == 1


async def end(connection: AsyncConnection, over: Told) -> bool:
    """Forget what is over; return False when another program was first."""
    of = tables.alerts.c
    ended = await connection.execute(
        delete(tables.alerts).where(of.key == over.key, of.mark == over.mark, of.told_at == over.told_at)
    )
    return ended.rowcount == 1


async def mark_gone(connection: AsyncConnection, keys: Sequence[str], gone_at: datetime | None) -> None:
    """Note since when these are not there any more; None when they are there again."""
    await connection.execute(update(tables.alerts).where(tables.alerts.c.key.in_(keys)).values(gone_at=gone_at))


async def put(connection: AsyncConnection, row: Told) -> None:
    """Keep a row as it is given."""
    values = {"key": row.key, "mark": row.mark, "over": row.over, "told_at": row.told_at, "gone_at": row.gone_at}
    await upsert(connection, tables.alerts, values, changes=("mark", "over", "told_at", "gone_at"))
