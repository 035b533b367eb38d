"""The agenda of some days as coordinators see it: rows for another program, and lines for a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.agenda.model import Agenda, Change, Occurrence, Status
from bot.agenda.occurrences import find, occurrences
from bot.knowledge.model import MAIN_LANGUAGE


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, and whether somebody changed it by phone since the file was written."""

    occurrence: Occurrence
    is_by_phone: bool


def between(
    agenda: Agenda, first: date, last: date, changes: Sequence[Change], neighbourhood: str | None = None
) -> list[Meeting]:
    """Return the meetings of these days, of one neighbourhood or all, in the order in which they begin."""
    return [
        Meeting(occurrence, is_by_phone=find(agenda, occurrence.uid) != occurrence)
        for occurrence in occurrences(agenda, first, last, changes)
        if neighbourhood in (None, occurrence.series.neighbourhood, _place_neighbourhood(agenda, occurrence))
    ]


def as_row(meeting: Meeting, agenda: Agenda) -> dict[str, Any]:
    """Return a meeting as plain JSON: ids, moments with their zone, words in Dutch."""
    occurrence = meeting.occurrence
    return {
        "meetup": occurrence.series.id,
        "uid": occurrence.uid,
        "starts_at": occurrence.starts_at.isoformat(),
        "ends_at": occurrence.ends_at.isoformat(),
        "status": occurrence.status,
        "theme": (occurrence.theme or {}).get(MAIN_LANGUAGE),
        "place": occurrence.place,
        "neighbourhood": _place_neighbourhood(agenda, occurrence),
        "summary": occurrence.series.summary[MAIN_LANGUAGE],
        "reason": (occurrence.reason or {}).get(MAIN_LANGUAGE),
        "confirmed": agenda.is_confirmed(occurrence),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting as a line of a table."""

    day: str
    hours: str
    summary: str
    place: str
    status: Status
    remarks: tuple[str, ...]


def as_line(meeting: Meeting, agenda: Agenda) -> Line:
    """Return a meeting as people read it in a table."""
    occurrence = meeting.occurrence
    remarks = []
    if occurrence.theme:
        remarks.append(occurrence.theme[MAIN_LANGUAGE])
    if occurrence.status == "moved" and occurrence.was_at and occurrence.was_at != occurrence.starts_at:
        remarks.append(f"was {occurrence.was_at:%a %d %b %H:%M}")
    if occurrence.reason:
        remarks.append(occurrence.reason.get(MAIN_LANGUAGE, ""))
    if meeting.is_by_phone:
        remarks.append("changed by phone")
    if not agenda.is_confirmed(occurrence):
        remarks.append("not confirmed")
    place = agenda.places.get(occurrence.place)
    return Line(
        day=f"{occurrence.starts_at:%a %d %b}",
        hours=f"{occurrence.starts_at:%H:%M}-{occurrence.ends_at:%H:%M}",
        summary=occurrence.series.summary[MAIN_LANGUAGE],
        place=place.name if place else occurrence.place,
        status=occurrence.status,
        remarks=tuple(remark for remark in remarks if remark),
    )


def _place_neighbourhood(agenda: Agenda, occurrence: Occurrence) -> str:
    place = agenda.places.get(occurrence.place)
    return place.neighbourhood if place else occurrence.series.neighbourhood
