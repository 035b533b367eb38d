"""Which meetings changed since they were last seen."""

from __future__ import annotations

import hashlib

from bot.agenda.model import Occurrence
from bot.store.calendar_entries import Seen


def seen(occurrence: Occurrence) -> Seen:
    """Return a meeting as the store keeps it. One that is cancelled stays the same whatever else changes."""
    when = (occurrence.starts_at.isoformat(), occurrence.ends_at.isoformat(), occurrence.place)
    told = "|".join((occurrence.status, *(() if occurrence.status == "cancelled" else when)))
    fingerprint = hashlib.sha256(told.encode()).hexdigest()[:16]
    return Seen(occurrence.uid, fingerprint, occurrence.status, occurrence.starts_at)
