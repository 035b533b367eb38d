"""Which meetings changed since they were last seen, and who hears of it. Pure: ``now`` is an argument.

However a change was made, in a file or by phone, it shows as a meeting whose time, place or status is another than
before. It is told once: what was seen and what is to be told are kept in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agenda.model import Occurrence
from bot.reminders.plan import Followers, Kind, Occasion, subject_of, subjects_until
from bot.reminders.wall import quiet_hours
from bot.store.calendar_entries import Entry, Seen

ON_THE_WAY = timedelta(hours=1)
"""How long before a meeting parents should know at the latest; for a change of one so early the night is disturbed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A meeting that is another than before. ``outdated`` is the subject of messages about it that no longer hold;
    ``occasion`` is what is told, when there still is something to tell.
    """

    uid: str
    outdated: str
    occasion: Occasion | None


def seen(occurrence: Occurrence) -> Seen:
    """Return a meeting as the store keeps it. One that is cancelled stays the same whatever else changes."""
    when = (occurrence.starts_at.isoformat(), occurrence.ends_at.isoformat(), occurrence.place)
    told = "|".join((occurrence.status, *(() if occurrence.status == "cancelled" else when)))
    theme = _hash(json.dumps(dict(occurrence.theme), sort_keys=True)) if occurrence.theme else ""
    return Seen(occurrence.uid, _hash(told), occurrence.status, occurrence.starts_at, theme)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changed(
    occurrences: Sequence[Occurrence],
    before: Mapping[str, Entry],
    after: Mapping[str, Entry],
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[Changed]:
    """Yield the meetings that changed between ``before`` and ``after``, with what is told of each.

    When a whole series gets another time, only its next meeting is told of: the reminders tell of the others.
    """
    told_series: set[str] = set()
    for occurrence in occurrences:
        old, new = before.get(occurrence.uid), after[occurrence.uid]
        if old is None or new.sequence == old.sequence:
            continue
        kind = _kind(old, new)
        if (old.status, new.status) == ("planned", "planned"):
            if occurrence.series.id in told_series or occurrence.starts_at <= now:
                kind = None
            else:
                told_series.add(occurrence.series.id)
        occasion = _told(kind, occurrence, old, new, now, zone) if kind else None
        yield Changed(occurrence.uid, subject_of(old.uid, old.sequence), occasion)


def _kind(old: Entry, new: Entry) -> Kind | None:
    if new.status == "cancelled":
        return None if old.status == "cancelled" else "cancelled"
    if new.status == "planned" and old.status != "planned":
        return "restored"
    return "moved"


def _told(kind: Kind, occurrence: Occurrence, old: Entry, new: Entry, now: datetime, zone: ZoneInfo) -> Occasion | None:
    expires_at = max(old.starts_at, new.starts_at) if kind == "moved" else new.starts_at
    due_at, quiet = now, quiet_hours(now, zone)
    if quiet and min(old.starts_at, new.starts_at) >= quiet[1] + ON_THE_WAY:
        due_at = quiet[1]
    if expires_at <= due_at:
        return None
    heard = subjects_until(old.uid, old.sequence) if kind == "restored" else ()
    series = occurrence.series
    who = Followers(series.id, series.neighbourhood, occurrence.uid, now, heard=heard)
    return Occasion(kind, subject_of(new.uid, new.sequence), due_at, expires_at, who)
