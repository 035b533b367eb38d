"""Questions that found no answer, blanked, that a parent agreed to have kept. Whose they are stands nowhere."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import insert

LARGEST_ID = 2**31 - 1
"""What fits into an integer of both databases."""


@dataclass(frozen=True, slots=True)
class Question:
    """A kept question. ``week`` is the Monday of the week in which it was asked, ``text`` holds no names or numbers."""

    id: int
    week: date
    language: str
    text: str


async def keep(connection: AsyncConnection, text: str, language: str, today: date) -> None:
    """Keep a blanked question, by the week of this day."""
    values = {
        # Drawn, not counted, so that the order in which questions came cannot be read off. Two in a million questions
        # draw the same number: the second is then not kept.
        "id": secrets.randbelow(LARGEST_ID) + 1,
        "week": today - timedelta(days=today.weekday()),
        "language": language,
        "text": text,
    }
    await connection.execute(insert(connection, tables.questions).values(values).on_conflict_do_nothing())


async def every(connection: AsyncConnection) -> list[Question]:
    """Return all kept questions, the oldest week first."""
    of = tables.questions.c
    rows = await connection.execute(select(tables.questions).order_by(of.week, of.language, of.text, of.id))
    return [Question(row.id, row.week, row.language, row.text) for row in rows]


async def remove(connection: AsyncConnection, ids: Collection[int]) -> int:
    """Remove questions by their numbers; return how many were there."""
    removed = await connection.execute(delete(tables.questions).where(tables.questions.c.id.in_(ids)))
    return removed.rowcount


async def prune(connection: AsyncConnection, today: date, days: int) -> None:
    """Remove what may have been asked more than ``days`` days ago: its week counts from its Monday."""
    await connection.execute(delete(tables.questions).where(tables.questions.c.week < today - timedelta(days=days)))
