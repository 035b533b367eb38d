"""Each meeting as it was last seen, so that a change is noticed once, whichever way it was made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import upsert

AT_ONCE = 500
"""Ids in one statement: SQLite takes 32 766 values, and a plan for so many is slow to make."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A meeting now: ``fingerprint`` changes with its time, place or status, ``theme`` with its theme, if any."""

    uid: str
    fingerprint: str
    status: str
    starts_at: datetime
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as it is kept. ``sequence`` counts its changes; ``changed_at`` is when the last one was seen.

    A theme is another matter: nobody is told of it, but calendars take it over. ``themes`` counts its changes.
    """

    uid: str
    fingerprint: str
    status: str
    sequence: int
    starts_at: datetime
    changed_at: datetime
    theme: str = ""
    themes: int = 0
    themed_at: datetime | None = None

    @property
    def revision(self) -> int:
        """How often anything of it changed, as calendars count."""
        return self.sequence + self.themes

    @property
    def revised_at(self) -> datetime:
        """When anything of it changed last, or it was first seen."""
        return max(self.changed_at, self.themed_at or self.changed_at)

    def as_noted(self, meeting: Seen, now: datetime) -> Entry:
        """Return what is kept once the meeting is seen as it is ``now``."""
        entry = self
        if entry.fingerprint != meeting.fingerprint:
            entry = replace(
                entry,
                fingerprint=meeting.fingerprint,
                status=meeting.status,
                sequence=entry.sequence + 1,
                starts_at=meeting.starts_at,
                changed_at=now,
            )
        if entry.theme != meeting.theme:
            entry = replace(entry, theme=meeting.theme, themes=entry.themes + 1, themed_at=now)
        return entry


async def known(connection: AsyncConnection, uids: Sequence[str]) -> dict[str, Entry]:
    """Return what is kept of these meetings."""
    of = tables.calendar_entries.c
    found = {}
    columns = [of[name] for name in Entry.__slots__]
    for first in range(0, len(uids), AT_ONCE):
        rows = await connection.execute(select(*columns).where(of.uid.in_(uids[first : first + AT_ONCE])))
        found.update({row.uid: Entry(*row) for row in rows})
    return found


async def note(connection: AsyncConnection, seen: Iterable[Seen], now: datetime) -> dict[str, Entry]:
    """Keep meetings as they are now, and return all of them; where one changed, its sequence rises by one."""
    meetings = list(seen)
    entries = await known(connection, [meeting.uid for meeting in meetings])
    for meeting in meetings:
        before = entries.get(meeting.uid)
        entry = (
            before.as_noted(meeting, now)
            if before
            else Entry(meeting.uid, meeting.fingerprint, meeting.status, 0, meeting.starts_at, now, meeting.theme)
        )
        if entry == before:
            continue
        values = {name: getattr(entry, name) for name in Entry.__slots__}
        await upsert(connection, tables.calendar_entries, values, changes=Entry.__slots__[1:])
        entries[entry.uid] = entry
    return entries


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Forget meetings that began before this moment."""
    of = tables.calendar_entries.c
    await connection.execute(delete(tables.calendar_entries).where(of.starts_at < before))
