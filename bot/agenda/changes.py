"""What a coordinator changed by phone, to and from the plain JSON in which it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from bot.agenda.model import Change, ChangeKind


def to_data(change: Change) -> dict[str, Any]:
    """Return what is kept of a change beside its meeting, day, kind and moment; what it does not change is left out."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in (
            ("reason", dict(change.reason)),
            ("theme", dict(change.theme)),
            ("starts_at", change.starts_at),
            ("ends_at", change.ends_at),
            ("place", change.place),
        )
        if value
    }


def from_data(meetup: str, on: date, kind: str, data: dict[str, Any], made_at: datetime) -> Change:
    """Return the change that was kept."""
    starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
    return Change(
        meetup=meetup,
        on=on,
        kind=cast(ChangeKind, kind),
        made_at=made_at,
        reason=data.get("reason", {}),
        theme=data.get("theme", {}),
        starts_at=datetime.fromisoformat(starts_at) if starts_at else None,
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        place=data.get("place"),
    )
