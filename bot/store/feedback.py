"""Whether an answer helped, per answer and the very text that was read. Never who said so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables

LARGEST_ID = 2**31 - 1
"""Ids are kept in 32 bits."""

Reason = Literal["wrong", "unclear", "incomplete"]
"""What was missing: another answer was needed, it was not clear, or not complete."""


async def add(
    connection: AsyncConnection,
    *,
    answer: str,
    text_hash: str,
    language: str,
    is_helpful: bool,
    now: datetime,
) -> int:
    """Count one opinion about a text; return its id, to which a reason can be added. Only the day is kept."""
    result = await connection.execute(
        insert(tables.feedback)
        .values(
            answer=answer,
            text_hash=text_hash,
            language=language,
            is_helpful=is_helpful,
            given_on=now.astimezone(UTC).date(),
        )
        .returning(tables.feedback.c.id)
    )
    return int(result.scalar_one())


async def add_reason(connection: AsyncConnection, feedback_id: int, reason: Reason) -> None:
    """Say what was missing, once; an id that is not there, or of somebody who was helped, changes nothing.

    Raises:
        ValueError: If the reason is not one of the three.
    """
    if reason not in get_args(Reason):
        raise ValueError(f"'{reason}' is no reason; use one of {', '.join(get_args(Reason))}.")
    of = tables.feedback.c
    await connection.execute(
        update(tables.feedback)
        .where(of.id == feedback_id, of.is_helpful.is_(False), of.reason.is_(None))
        .values(reason=reason)
    )


async def counts(connection: AsyncConnection, answer: str, text_hash: str) -> tuple[int, int]:
    """Return how many found this text of this answer helpful, and how many did not."""
    rows = await connection.execute(
        select(tables.feedback.c.is_helpful, func.count())
        .where(tables.feedback.c.answer == answer, tables.feedback.c.text_hash == text_hash)
        .group_by(tables.feedback.c.is_helpful)
    )
    found = {bool(is_helpful): count for is_helpful, count in rows}
    return found.get(True, 0), found.get(False, 0)
