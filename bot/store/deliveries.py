"""The outbox: every message the bot sends of its own accord is a row, unique by chat, kind and subject.

States: ``due`` → ``sending`` → ``sent``, ``failed`` or ``skipped``. What is planned twice is still one row, and what
was being sent when the program died is found here again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, and_, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.tables import UtcDateTime
from bot.store.upsert import insert

State = Literal["sent", "failed", "skipped"]
CHANGES = ("cancelled", "moved", "restored")
"""The kinds that tell of a change."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one chat. ``attempts`` counts the present one; ``language`` is what the parent chose."""

    id: int
    chat_id: int
    kind: str
    subject: str
    due_at: datetime
    expires_at: datetime
    attempts: int
    problem: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which only what cannot wait is sent: from ``start`` to ``end``.

    It is a change that fell due in them, or one whose meeting begins before ``urgent_until``.
    """

    start: datetime
    end: datetime
    urgent_until: datetime


async def add(
    connection: AsyncConnection,
    chosen: Select[tuple[int]],
    kind: str,
    subject: str,
    due_at: datetime,
    expires_at: datetime,
) -> int:
    """Plan a message for every chat that ``chosen`` chooses, as one statement; return how many are new."""
    of = tables.deliveries.c
    rows = chosen.add_columns(
        literal(kind),
        literal(subject),
        literal(due_at, UtcDateTime()),
        literal(expires_at, UtcDateTime()),
        literal("due"),
    )
    added = await connection.execute(
        insert(connection, tables.deliveries)
        .from_select([of.chat_id, of.kind, of.subject, of.due_at, of.expires_at, of.state], rows)
        .on_conflict_do_nothing()
    )
    return added.rowcount


async def skip(connection: AsyncConnection, kinds: Sequence[str], subject: str, now: datetime) -> int:
    """Take back what waits with this subject; return how many."""
    of = tables.deliveries.c
    skipped = await connection.execute(
        update(tables.deliveries)
        .where(of.kind.in_(kinds), of.subject == subject, of.state == "due")
        .values(state="skipped", finished_at=now, problem="changed")
    )
    return skipped.rowcount


async def claim(connection: AsyncConnection, now: datetime, most: int, quiet: Quiet | None = None) -> list[Delivery]:
    """Take at most ``most`` messages that are due, those first that can wait least; from now on they are being sent.

    What can no longer be told in time is dropped on the way. In ``quiet`` hours nearly everything stays where it is.
    """
    of = tables.deliveries.c
    await connection.execute(
        update(tables.deliveries)
        .where(of.state == "due", of.expires_at <= now)
        .values(state="skipped", finished_at=now, problem="too late")
    )
    waiting = select(of.id).where(of.state == "due", of.due_at <= now)
    if quiet:
        cannot_wait = and_(of.kind.in_(CHANGES), or_(of.due_at >= quiet.start, of.expires_at <= quiet.urgent_until))
        waiting = waiting.where(cannot_wait)
    # As an expression of its own, PostgreSQL chooses once; inside the update it might choose anew for each row.
    first = waiting.order_by(of.expires_at, of.due_at).limit(most).with_for_update(skip_locked=True).cte("first")
    claimed = await connection.execute(
        update(tables.deliveries)
        .where(of.id.in_(select(first.c.id)))
        .values(state="sending", claimed_at=now, attempts=of.attempts + 1)
        .returning(of.id, of.chat_id, of.kind, of.subject, of.due_at, of.expires_at, of.attempts, of.problem)
    )
    rows = sorted(claimed.all(), key=lambda row: (row.expires_at, row.due_at))
    if not rows:
        return []
    parent = tables.parents.c
    languages = await connection.execute(
        select(parent.chat_id, parent.language).where(parent.chat_id.in_({row.chat_id for row in rows}))
    )
    spoken = {row.chat_id: row.language for row in languages}
    return [replace(Delivery(*row), language=spoken.get(row.chat_id)) for row in rows]


async def is_being_sent(connection: AsyncConnection, delivery_id: int) -> bool:
    """Tell whether a message that was taken is still to be sent; its row is gone when its parent stopped since."""
    of = tables.deliveries.c
    found = await connection.execute(select(of.id).where(of.id == delivery_id, of.state == "sending"))
    return found.one_or_none() is not None


async def waiting(connection: AsyncConnection, now: datetime) -> int:
    """Return how many messages are due and not out yet."""
    of = tables.deliveries.c
    counted = await connection.execute(
        select(func.count()).where(of.state.in_(("due", "sending")), of.expires_at > now, of.due_at <= now)
    )
    return counted.scalar_one()


async def reminded_of(connection: AsyncConnection, now: datetime) -> list[str]:
    """Return the subjects of the reminders that still wait."""
    of = tables.deliveries.c
    waiting = select(of.subject).where(of.state == "due", of.expires_at > now, of.kind.in_(("evening", "hours")))
    return list((await connection.execute(waiting.distinct())).scalars())


async def told_since(connection: AsyncConnection, chat_id: int, since: datetime) -> list[str]:
    """Return the subjects of what this chat was told of meetings from ``since`` on: reminders, and changes."""
    of = tables.deliveries.c
    told = select(of.subject).where(
        of.chat_id == chat_id,
        of.kind.in_(("evening", "hours", *CHANGES)),
        of.state == "sent",
        of.finished_at >= since,
    )
    return list((await connection.execute(told.order_by(of.finished_at.desc()))).scalars())


async def finish(
    connection: AsyncConnection, ids: Sequence[int], state: State, now: datetime, problem: str | None = None
) -> None:
    """Note how messages ended; a row that is gone meanwhile, because its parent stopped, stays gone."""
    of = tables.deliveries.c
    await connection.execute(
        update(tables.deliveries)
        .where(of.id.in_(ids))
        .values(state=state, finished_at=now, claimed_at=None, problem=problem)
    )


async def put_back(connection: AsyncConnection, delivery_id: int, due_at: datetime, problem: str) -> None:
    """Let a message wait until ``due_at``; what went wrong is noted."""
    of = tables.deliveries.c
    await connection.execute(
        update(tables.deliveries)
        .where(of.id == delivery_id, of.state == "sending")
        .values(state="due", due_at=due_at, claimed_at=None, problem=problem)
    )


async def hasten(connection: AsyncConnection, now: datetime, before: datetime) -> None:
    """Let what is to be tried again before a moment be due now."""
    of = tables.deliveries.c
    await connection.execute(
        update(tables.deliveries)
        .where(of.state == "due", of.problem.is_not(None), of.due_at > now, of.due_at < before)
        .values(due_at=now)
    )


async def take_back(connection: AsyncConnection, except_ids: Iterable[int] = ()) -> int:
    """Let go out again what somebody who is gone was sending; return how many.

    Only for whoever is the one that sends; ``except_ids`` is what they are sending themselves.
    """
    of = tables.deliveries.c
    again = await connection.execute(
        update(tables.deliveries)
        .where(of.state == "sending", of.id.not_in(list(except_ids)))
        .values(state="due", claimed_at=None, problem="interrupted")
    )
    return again.rowcount


async def failures(connection: AsyncConnection, since: datetime) -> Counter[str]:
    """Return how many messages failed for good from ``since`` on, by what was wrong."""
    of = tables.deliveries.c
    rows = await connection.execute(
        select(of.problem, func.count().label("times"))
        .where(of.state == "failed", of.finished_at >= since)
        .group_by(of.problem)
    )
    return Counter({row.problem or "": row.times for row in rows})


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Forget messages that ended before this moment, and could be of no use since.

    That somebody heard of a cancellation is known as long as the meeting can go on after all.
    """
    of = tables.deliveries.c
    await connection.execute(delete(tables.deliveries).where(of.finished_at < before, of.expires_at < before))
