"""Whether an answer helped, per answer and the very text that was read. Never who said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one text of one answer helped, did not, and what was then missing: a count for each reason given."""

    answer: str
    language: str
    text_hash: str
    helpful: int
    unhelpful: int
    reasons: Mapping[Reason, int]


async def tallies(connection: AsyncConnection) -> list[Tally]:
    """Return the opinions about each text that somebody had one about, by answer, language and text."""
    of = tables.feedback.c
    text = (of.answer, of.language, of.text_hash)
    opinions = [func.count().filter(of.is_helpful), func.count().filter(~of.is_helpful)]
    missing = [func.count().filter(of.reason == reason) for reason in get_args(Reason)]
    rows = await connection.execute(select(*text, *opinions, *missing).group_by(*text).order_by(*text))
    return [
        Tally(answer, language, text_hash, helpful, unhelpful, dict(zip(get_args(Reason), reasons, strict=True)))
        for answer, language, text_hash, helpful, unhelpful, *reasons in rows
    ]
