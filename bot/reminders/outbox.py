"""From an occasion to rows in the outbox: one statement for everybody it is for."""

from __future__ import annotations

from bot.reminders.plan import Followers, Occasion, Recipients
from bot.store import audiences, deliveries
from bot.store.database import StoreConnection


async def add(connection: StoreConnection, occasion: Occasion, *, only: int | None = None) -> int:
    """Plan the message for everybody it is for, or of them for ``only`` one chat; return how many are new."""
    who = chosen(occasion)
    return await deliveries.add(
        connection,
        who if only is None else audiences.only(who, only),
        occasion.kind,
        occasion.subject,
        occasion.due_at,
        occasion.expires_at,
    )


def chosen(occasion: Occasion) -> audiences.Chosen:
    """Return the statement for everybody whom an occasion is for."""
    who = occasion.who
    if isinstance(who, Followers):
        return audiences.followers(
            who.meetup,
            who.neighbourhood,
            who.uid,
            who.before,
            evening_hour=who.evening_hour,
            wants_two_hours=who.wants_two_hours,
            heard=who.heard,
        )
    if isinstance(who, Recipients):
        return audiences.recipients(who.neighbourhoods, who.meetups, who.born)
    return audiences.with_child(who.born, who.weeks_early, who.before)
