"""How often a theme was asked about in a wijk, by week. It says nothing about anybody."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import insert_into

FEWEST = 5
"""A group smaller than this is never shown: somebody could be recognised in it."""


def may_be_shown(people: int) -> bool:
    """Tell whether a number of people may be shown; that there is nobody may."""
    return people == 0 or people >= FEWEST


async def count(connection: AsyncConnection, theme: str, neighbourhood: str, today: date) -> None:
    """Count one question about a theme in the week of this day."""
    values = {
        "week": today - timedelta(days=today.weekday()),
        "neighbourhood": neighbourhood,
        "theme": theme,
        "times": 1,
    }
    await connection.execute(_counting(connection.dialect.name), values)


@cache
def _counting(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Return the statement, made once."""
    return insert_into(dialect, tables.asked).on_conflict_do_update(
        index_elements=list(tables.asked.primary_key.columns), set_={"times": tables.asked.c.times + 1}
    )


async def most(connection: AsyncConnection, neighbourhood: str, since: date) -> list[tuple[str, int]]:
    """Return the themes asked about most since this day with how often, most first; never fewer than five times."""
    of = tables.asked.c
    times = func.sum(of.times)
    rows = await connection.execute(
        select(of.theme, times.label("times"))
        .where(of.neighbourhood == neighbourhood, of.week >= since)
        .group_by(of.theme)
        .having(times >= FEWEST)
        .order_by(times.desc(), of.theme)
    )
    return [(row.theme, int(row.times)) for row in rows]
