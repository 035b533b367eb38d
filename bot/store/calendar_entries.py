"""Each meeting as it was last seen, so that a change is noticed once, whichever way it was made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import upsert

AT_ONCE = 500
"""Ids in one statement: SQLite takes 32 766 values, and a plan for so many is slow to make."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A meeting now: ``fingerprint`` changes with its time, place or status."""

    uid: str
    fingerprint: str
    status: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as it is kept. ``sequence`` counts its changes; ``changed_at`` is when the last one was seen."""

    uid: str
    fingerprint: str
    status: str
    sequence: int
    starts_at: datetime
    changed_at: datetime


async def known(connection: AsyncConnection, uids: Sequence[str]) -> dict[str, Entry]:
    """Return what is kept of these meetings."""
    of = tables.calendar_entries.c
    found = {}
    for first in range(0, len(uids), AT_ONCE):
        rows = await connection.execute(
            select(of.uid, of.fingerprint, of.status, of.sequence, of.starts_at, of.changed_at).where(
                of.uid.in_(uids[first : first + AT_ONCE])
            )
        )
        found.update({row.uid: Entry(*row) for row in rows})
    return found


async def note(connection: AsyncConnection, seen: Iterable[Seen], now: datetime) -> dict[str, Entry]:
    """Keep meetings as they are now, and return all of them; where one changed, its sequence rises by one."""
    meetings = list(seen)
    entries = await known(connection, [meeting.uid for meeting in meetings])
    for meeting in meetings:
        before = entries.get(meeting.uid)
        if before is not None and before.fingerprint == meeting.fingerprint:
            continue
        sequence = before.sequence + 1 if before else 0
        entry = Entry(meeting.uid, meeting.fingerprint, meeting.status, sequence, meeting.starts_at, now)
        values = {
            "uid": entry.uid,
            "fingerprint": entry.fingerprint,
            "status": entry.status,
            "sequence": entry.sequence,
            "starts_at": entry.starts_at,
            "changed_at": entry.changed_at,
        }
        await upsert(
            connection,
            tables.calendar_entries,
            values,
            changes=("fingerprint", "status", "sequence", "starts_at", "changed_at"),
        )
        entries[entry.uid] = entry
    return entries


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Forget meetings that began before this moment."""
    of = tables.calendar_entries.c
    await connection.execute(delete(tables.calendar_entries).where(of.starts_at < before))
