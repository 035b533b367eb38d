"""Which messages about a meeting are still to come, and to how many: what a coordinator sees before they go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda.model import Occurrence
from bot.reminders import changes, outbox, plan
from bot.reminders.plan import Kind, Occasion
from bot.store import audiences, calendar_entries
from bot.store.calendar_entries import Entry
from bot.store.database import StoreConnection


@dataclass(frozen=True, slots=True)
class Forecast:
    """One message to come: of which kind, when it falls due, and to how many people as things are now."""

    kind: Kind
    due_at: datetime
    people: int


async def forecast(
    connection: StoreConnection | None, occurrences: Sequence[Occurrence], now: datetime, zone: ZoneInfo
) -> dict[str, list[Forecast]]:
    """Return the messages to come about each meeting, by its uid, what falls due first first.

    Told are reminders, and changes that nobody has noticed yet. Without a ``connection`` nobody follows anything.
    """
    known = await calendar_entries.known(connection, [one.uid for one in occurrences]) if connection else {}
    entries = {one.uid: _as_noticed(one, known.get(one.uid), now) for one in occurrences}
    found: dict[str, Counter[tuple[datetime, Kind]]] = {one.uid: Counter() for one in occurrences}

    async def count(uid: str, occasion: Occasion) -> None:
        if occasion.expires_at > now:
            people = await audiences.count(connection, outbox.chosen(occasion)) if connection else 0
            found[uid][max(occasion.due_at, now), occasion.kind] += people

    for change in changes.changed(occurrences, known, entries, now, zone):
        if change.occasion:
            await count(change.uid, change.occasion)
    for one in occurrences:
        for occasion in plan.reminders(one, entries, zone):
            if occasion.due_at > now:
                await count(one.uid, occasion)
    return {
        uid: [Forecast(kind, due_at.astimezone(zone), people) for (due_at, kind), people in sorted(counted.items())]
        for uid, counted in found.items()
    }


def _as_noticed(occurrence: Occurrence, known: Entry | None, now: datetime) -> Entry:
    """Return the meeting as the store will keep it once it is seen as it is now."""
    seen = changes.seen(occurrence)
    if known is None:
        return Entry(seen.uid, seen.fingerprint, seen.status, 0, seen.starts_at, now)
    return known.as_noted(seen, now)
