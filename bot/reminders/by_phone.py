"""What coordinators changed by phone, as the agenda wants it; in the one place where rows become changes."""

from __future__ import annotations

from datetime import date, timedelta

from bot.agenda.changes import from_data
from bot.agenda.model import Change
from bot.store import changes
from bot.store.database import StoreConnection

LONG_AGO = timedelta(days=366)
"""How far back a meeting may have been planned that was moved to a day still to come."""


async def changed(connection: StoreConnection, today: date) -> list[Change]:
    """Return what was changed by phone and stands in no file yet, oldest first."""
    rows = await changes.since(connection, today - LONG_AGO)
    return [from_data(row.meetup, row.on, row.kind, row.data, row.made_at) for row in rows]
