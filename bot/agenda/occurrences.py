"""The dated meetings of the agenda: series expanded within a window of days, with every change laid over them.

Pure. Days are those on the wall of the meeting place; times are aware. What a file says of a date (cancelled, moved,
theme) and what a coordinator changed by phone are laid on in the same way, the file first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.agenda import incoming_calendar, phrases, recurrence
from bot.agenda.holidays import is_skipped
from bot.agenda.model import Agenda, CalendarFile, Change, Meetup, Occurrence

Changes = Mapping[date, list[Change]]
"""The changes of one series by the day they are about, the oldest first."""


def occurrences(agenda: Agenda, first: date, last: date, changes: Sequence[Change] = ()) -> list[Occurrence]:
    """Return the meetings that begin from ``first`` to ``last``, both included, by their beginning.

    Cancelled and moved ones are among them, with status and reason; a moved one stands on its new day. ``changes``
    stand in the order in which they were made, whatever a clock that was set back says of it; those about a day on
    which the series has no meeting (any more) are passed over.
    """
    by_series = _by_series(changes)
    found: list[Occurrence] = []
    for meetup in agenda.meetups:
        found += _of_meetup(meetup, agenda, first, last, by_series[meetup.id])
    for calendar, data in agenda.calendars:
        found += _of_calendar(calendar, data, agenda, first, last, by_series[calendar.id])
    return sorted(found, key=lambda occurrence: (occurrence.starts_at, occurrence.series.id, occurrence.on))


def find(agenda: Agenda, uid: str, changes: Sequence[Change] = ()) -> Occurrence | None:
    """Return the meeting with this ``uid`` as it is now; None when there is none (any more)."""
    series_id, _, day = uid.rpartition("@")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    told = _by_series(changes)[series_id].get(on, [])
    for meetup in agenda.meetups:
        if meetup.id == series_id and meets_on(meetup, on, agenda.school_region):
            return _on(meetup, on, agenda, _in_file(meetup, ZoneInfo(agenda.timezone)).get(on, []) + told)
    for calendar, data in agenda.calendars:
        appointment = incoming_calendar.read(data, agenda.timezone).on(on) if calendar.id == series_id else None
        if appointment:
            return laid(_from_appointment(calendar, appointment), told)
    return None


def meeting_days(meetup: Meetup, first: date, last: date, school_region: str) -> list[date]:
    """Return the days from ``first`` to ``last`` on which the series has its meeting, before any change of a date."""
    last = min(last, meetup.until) if meetup.until else last
    days = recurrence.days(phrases.read(meetup.when), meetup.dates, meetup.start, first, last)
    return [day for day in days if not is_skipped(day, meetup.skip, school_region)]


def meets_on(meetup: Meetup, day: date, school_region: str) -> bool:
    """Tell whether the series has its meeting on ``day``, before any change of that date."""
    return bool(meeting_days(meetup, day, day, school_region))


def laid(occurrence: Occurrence, changes: Sequence[Change]) -> Occurrence:
    """Return the meeting with ``changes`` laid over it, the oldest first.

    A move also takes an older cancellation away: the meeting is on again, elsewhere. ``restored`` takes back the
    cancellation; of a meeting that is moved only, the move.
    """
    as_planned, cancelled = replace(occurrence, status="planned", reason=None), occurrence.status == "cancelled"
    reason = occurrence.reason if cancelled else None
    now = replace(occurrence, status="moved" if occurrence.was_at else "planned") if cancelled else occurrence
    if occurrence.was_at:
        length = occurrence.ends_at - occurrence.starts_at
        as_planned = replace(as_planned, starts_at=occurrence.was_at, ends_at=occurrence.was_at + length, was_at=None)
    theme = occurrence.theme
    for change in changes:
        if change.kind == "cancelled":
            cancelled, reason = True, change.reason or None
        elif change.kind == "moved":
            now, cancelled, reason = _moved(as_planned, change), False, None
        elif change.kind == "theme":
            theme = change.theme or None
        elif cancelled:
            cancelled, reason = False, None
        else:
            now = as_planned
    if cancelled:
        now = replace(now, status="cancelled", reason=reason)
    return replace(now, theme=theme)


def _moved(planned: Occurrence, change: Change) -> Occurrence:
    """Return the meeting where it was moved to; one that is moved back to where it was planned is as planned."""
    zone = planned.starts_at.tzinfo
    starts_at = change.starts_at.astimezone(zone) if change.starts_at else planned.starts_at
    length = planned.ends_at - planned.starts_at
    ends_at = change.ends_at.astimezone(zone) if change.ends_at else starts_at + length
    place = change.place or planned.place
    if (starts_at, ends_at, place) == (planned.starts_at, planned.ends_at, planned.place):
        return planned
    return replace(
        planned,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        status="moved",
        reason=change.reason or None,
        was_at=planned.starts_at,
    )


def _by_series(changes: Sequence[Change]) -> Mapping[str, Changes]:
    by_series: defaultdict[str, defaultdict[date, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        by_series[change.meetup][change.on].append(change)
    return by_series


def _of_meetup(meetup: Meetup, agenda: Agenda, first: date, last: date, told: Changes) -> Iterator[Occurrence]:
    zone = ZoneInfo(agenda.timezone)
    in_file = _in_file(meetup, zone)
    days = meeting_days(meetup, first, last, agenda.school_region)
    elsewhere = _moved_into(in_file, first, last, zone) | _moved_into(told, first, last, zone)
    days += [day for day in sorted(elsewhere - set(days)) if meets_on(meetup, day, agenda.school_region)]
    for day in days:
        occurrence = _on(meetup, day, agenda, in_file.get(day, []) + told.get(day, []))
        if first <= occurrence.starts_at.date() <= last:
            yield occurrence


def _of_calendar(
    calendar: CalendarFile, data: bytes, agenda: Agenda, first: date, last: date, told: Changes
) -> Iterator[Occurrence]:
    incoming = incoming_calendar.read(data, agenda.timezone)
    appointments = {appointment.on: appointment for appointment in incoming.between(first, last)}
    for day in sorted(_moved_into(told, first, last, ZoneInfo(agenda.timezone)) - set(appointments)):
        appointment = incoming.on(day)
        if appointment:
            appointments[day] = appointment
    for day, appointment in appointments.items():
        occurrence = laid(_from_appointment(calendar, appointment), told.get(day, []))
        if first <= occurrence.starts_at.date() <= last:
            yield occurrence


def _moved_into(changes: Changes, first: date, last: date, zone: ZoneInfo) -> set[date]:
    """Return the days of meetings that a change may have brought between ``first`` and ``last``."""
    return {
        day
        for day, told in changes.items()
        for change in told
        if change.starts_at and first <= change.starts_at.astimezone(zone).date() <= last
    }


def _on(meetup: Meetup, on: date, agenda: Agenda, changes: Sequence[Change]) -> Occurrence:
    zone = ZoneInfo(agenda.timezone)
    planned = Occurrence(
        series=meetup,
        on=on,
        starts_at=datetime.combine(on, meetup.from_time, zone),
        ends_at=datetime.combine(on, meetup.until_time, zone),
        place=meetup.place,
    )
    return laid(planned, changes)


def _in_file(meetup: Meetup, zone: ZoneInfo) -> dict[date, list[Change]]:
    """Return what the file itself says of single dates, as changes that are older than every other."""
    changes: defaultdict[date, list[Change]] = defaultdict(list)
    before = datetime.combine(meetup.start, time(), zone)
    for themed in meetup.themes:
        changes[themed.day].append(Change(meetup.id, themed.day, "theme", before, theme=themed.theme))
    for cancelled in meetup.cancelled:
        changes[cancelled.day].append(Change(meetup.id, cancelled.day, "cancelled", before, reason=cancelled.reason))
    for moved in meetup.moved:
        day = moved.to or moved.day
        changes[moved.day].append(
            Change(
                meetup.id,
                moved.day,
                "moved",
                before,
                reason=moved.reason,
                starts_at=datetime.combine(day, moved.from_time or meetup.from_time, zone),
                ends_at=datetime.combine(day, moved.until_time or meetup.until_time, zone),
                place=moved.place,
            )
        )
    return changes


def _from_appointment(calendar: CalendarFile, appointment: incoming_calendar.Appointment) -> Occurrence:
    is_moved = appointment.starts_at != appointment.was_at
    planned = Occurrence(
        series=calendar,
        on=appointment.on,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        place=calendar.place,
        status="moved" if is_moved else "planned",
        theme=dict.fromkeys(("nl", "en"), appointment.theme) if appointment.theme else None,
        was_at=appointment.was_at if is_moved else None,
    )
    return replace(planned, status="cancelled") if appointment.is_cancelled else planned
