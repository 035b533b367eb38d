"""Parents who write no more: they are asked once whether what is known of them may stay, and then it is all erased.

Whoever said stop or cannot be reached is not asked. Any message, and any button, is a sign of life.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.store import deliveries, kept
from bot.store.database import StoreConnection

ANSWER_WITHIN = timedelta(days=30)
"""How long a parent has to answer: longer than a summer holiday, shorter than the outbox remembers having asked."""
ASKED_FOR = timedelta(days=7)
"""How late the question may still go out, after a failure of a machine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Who wrote last before ``silent_since`` is silent; who was asked before ``asked_before`` had time to answer."""

    silent_since: datetime
    asked_before: datetime


def limits(now: datetime, months: int) -> Limits:
    """Return from which moments on a parent counts as silent, and a question as unanswered.

    Months are those of the calendar: a year before 29 February is 28 February. Moments are in UTC.
    """
    moment = now.astimezone(UTC)
    number = moment.year * 12 + moment.month - 1 - months
    year, month = number // 12, number % 12 + 1
    day = min(moment.day, monthrange(year, month)[1])
    return Limits(moment.replace(year=year, month=month, day=day), moment - ANSWER_WITHIN)


async def end(connection: StoreConnection, now: datetime, months: int) -> int:
    """Erase all of who did not answer or is not to be asked, and plan to ask the others; return how many were erased.

    The question waits for the end of the quiet hours, as every message that is no change of a meeting.
    """
    of = limits(now, months)
    erased = await kept.forget_silent(connection, of.silent_since, of.asked_before)
    day = now.astimezone(UTC).date().isoformat()
    await deliveries.add(connection, kept.to_be_asked(of.silent_since), kept.ASKED, day, now, now + ASKED_FOR)
    return erased
