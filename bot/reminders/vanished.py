"""Meetings that are gone from the files without being cancelled, while parents count on them.

A line that is deleted may be a slip, and gives no reason that parents could be told. So nobody is told but the team,
who put it back or cancel it; reminders of it find nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agenda.model import Change, Series
from bot.agenda.schedules import Schedules
from bot.alerts.alert import Alert, Phrase, heads
from bot.knowledge.mistakes import N_
from bot.reminders.plan import uid_of
from bot.store import attendances, calendar_entries, deliveries
from bot.store.calendar_entries import Entry
from bot.store.database import StoreConnection

ALMOST = timedelta(days=2)
"""A meeting that is nearer is told at night too: whoever deleted the line is still at it, and tomorrow may be late."""


@dataclass(frozen=True, slots=True)
class Vanished:
    """A meeting as it was last seen, and how many said to come; with none, some wait for a reminder of it."""

    entry: Entry
    people: int


async def vanished(
    connection: StoreConnection, schedules: Schedules, changes: Sequence[Change], now: datetime
) -> list[Vanished]:
    """Return the meetings to come that the agenda does not hold, and that somebody counts on, the soonest first."""
    coming = await attendances.ahead(connection, now)
    waiting = {uid_of(subject) for subject in await deliveries.reminded_of(connection, now)}
    gone = [uid for uid in {*coming, *waiting} if schedules.find(uid, changes) is None]
    entries = await calendar_entries.known(connection, gone) if gone else {}
    found = [
        Vanished(entry, coming.get(entry.uid, 0))
        for entry in entries.values()
        if entry.status != "cancelled" and entry.starts_at > now
    ]
    return sorted(found, key=lambda one: (one.entry.starts_at, one.entry.uid))


def told(found: Sequence[Vanished], series: Sequence[Series], now: datetime, zone: ZoneInfo) -> list[Alert]:
    """Return the one alert about all of them; nothing when there is none."""
    if not found:
        return []
    names = {one.id: one.summary for one in series}
    lines = []
    for one in found:
        series_id = one.entry.uid.rpartition("@")[0]
        values = {
            "meeting": names.get(series_id, series_id),
            "when": one.entry.starts_at.astimezone(zone),
            "people": heads(one.people),
        }
        said = N_("'{meeting}' of {when} (people who said to come: {people})")
        lines.append(Phrase(said if one.people else N_("'{meeting}' of {when} (some wait for a reminder)"), values))
    return [
        Alert(
            "meetings",
            N_("In the agenda there is no longer: {meetings}."),
            N_("Put it back in meetups.yaml; if it is off, cancel it then with /annuleer, and parents are told."),
            N_("No meeting that parents count on is missing in the agenda any more."),
            {"meetings": tuple(lines)},
            mark=" ".join(one.entry.uid for one in found),
            can_wait=found[0].entry.starts_at - now > ALMOST,
        )
    ]
