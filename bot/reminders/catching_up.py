"""The reminder of the evening for a parent who just chose an hour that has passed: it comes at once, and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda.model import Occurrence
from bot.reminders import outbox
from bot.reminders.plan import Followers, reminders
from bot.store import calendar_entries
from bot.store.database import StoreConnection


async def add_missed(
    connection: StoreConnection, chat_id: int, occurrences: Sequence[Occurrence], now: datetime, zone: ZoneInfo
) -> int:
    """Plan what this parent would have got by the hour they now have, had they had it before; return how many.

    Everybody else's was planned when that hour came, and is not planned again. Who got it at the hour they had before
    gets no second one.
    """
    entries = await calendar_entries.known(connection, [one.uid for one in occurrences])
    count = 0
    for meeting in occurrences:
        for occasion in reminders(meeting, entries, zone):
            if occasion.kind == "evening" and occasion.due_at <= now < occasion.expires_at:
                assert isinstance(occasion.who, Followers)  # noqa: S101 - reminders are for those who follow
                late = replace(occasion, due_at=now, who=replace(occasion.who, before=now))
                count += await outbox.add(connection, late, only=chat_id)
    return count
