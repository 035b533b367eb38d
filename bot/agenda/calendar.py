"""Meetings as iCalendar (RFC 5545 and 7986): a feed that calendars subscribe to, and one appointment to keep.

A meeting has the same UID for ever, in every feed, in every language, and wherever it is moved. What is cancelled stays
in the feed, so that calendars take it away or strike it through; each change raises SEQUENCE. The same meetings give
the same bytes: no moment of asking is in a feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone
from icalendar.prop import vDuration

from bot.agenda.model import Occurrence, Place, is_confirmed
from bot.knowledge.model import MAIN_LANGUAGE
from bot.locales import moments, parent_words

PRODUCT = "-//Minidorp//Minidorp 1//NL"
"""Who made the file; constant, as calendars may remember it."""

REFRESH = timedelta(hours=1)
"""How often a calendar is asked to look again; it may decide for itself, as Google's does."""

ALARM = timedelta(hours=2)
"""How long before the meeting an appointment reminds, unless said otherwise."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
"""What may not stand in a value: RFC 5545 allows no control characters but the tab, and a new line is escaped."""

CENTRAL_EUROPE = b"""BEGIN:VTIMEZONE\r
TZID:Europe/Amsterdam\r
BEGIN:DAYLIGHT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
TZNAME:CEST\r
DTSTART:19970330T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
TZNAME:CET\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""
"""Summer time in the Netherlands since 1996 (Directive 2000/84/EC), as a rule.

icalendar itself would list the days, with summer time an hour late."""


class Noted(Protocol):
    """What is remembered of a meeting: how often it changed, and when last (aware)."""

    @property
    def revision(self) -> int:
        """How often it changed since it was first seen, its theme too."""

    @property
    def revised_at(self) -> datetime:
        """When it changed last, or was first seen."""


def feed(
    occurrences: Iterable[Occurrence],
    places: Mapping[str, Place],
    language: str,
    entries: Mapping[str, Noted],
    name: str,
    url: str,
    *,
    town: str,
) -> bytes:
    """Return the calendar of these meetings, in the order given.

    ``entries`` holds what is remembered of each, by uid; ``name`` is what calendars show; ``url`` is the page that
    shows the same meetings, and with ``.ics`` behind its path the feed itself. Raises ``KeyError`` for a meeting
    that is not in ``entries``.
    """
    words = parent_words(language)
    meetings = list(occurrences)
    calendar = _calendar()
    calendar.add("name", _line(name))
    calendar.add("x-wr-calname", _line(name))
    calendar.add("x-wr-caldesc", words("calendar.about", town=town))
    calendar.add("url", url)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    _add_timezones(calendar, meetings)
    for occurrence in meetings:
        entry = entries[occurrence.uid]
        event = _event(occurrence, places[occurrence.place], language, entry.revision, entry.revised_at, town)
        # Who subscribes to a neighbourhood is not busy on all of its mornings.
        event.add("transp", "TRANSPARENT")
        event.add("url", url)
        calendar.add_component(event)
    return _written(calendar)


def appointment(
    occurrence: Occurrence,
    place: Place,
    language: str,
    sequence: int,
    alarm: timedelta = ALARM,
    *,
    town: str,
    now: datetime,
) -> bytes:
    """Return a calendar file with this one meeting, for somebody who is coming; ``alarm`` is how long before.

    ``sequence`` is the one remembered of the meeting, so that a later file or feed replaces this one.
    """
    calendar = _calendar()
    _add_timezones(calendar, [occurrence])
    event = _event(occurrence, place, language, sequence, now, town)
    is_cancelled = occurrence.status == "cancelled"
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    if not is_cancelled:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("trigger", -alarm)
        reminder.add("description", event["summary"])
        event.add_component(reminder)
    calendar.add_component(event)
    return _written(calendar)


def calendar_uid(occurrence: Occurrence, town: str) -> str:
    """Return the name by which calendars know this meeting: the same for ever."""
    return f"{occurrence.uid}@minidorp.{re.sub(r'[^a-z0-9]+', '-', town.lower()).strip('-')}"


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    return calendar


def _written(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content


def _add_timezones(calendar: Calendar, occurrences: Iterable[Occurrence]) -> None:
    """Describe each zone once: Amsterdam by its rule, another by the days on which its clock changes."""
    days: dict[str, list[date]] = {}
    for occurrence in occurrences:
        zone = occurrence.starts_at.tzinfo
        if isinstance(zone, ZoneInfo):
            days.setdefault(zone.key, []).append(occurrence.starts_at.date())
    for key, used in sorted(days.items()):
        if key == "Europe/Amsterdam":
            calendar.add_component(Timezone.from_ical(CENTRAL_EUROPE))
        else:
            year = timedelta(days=366)
            described = Timezone.from_tzid(key, first_date=min(used) - year, last_date=max(used) + year)
            calendar.add_component(described)


def _event(
    occurrence: Occurrence, place: Place, language: str, sequence: int, changed_at: datetime, town: str
) -> Event:
    words = parent_words(language)
    series = occurrence.series
    is_cancelled = occurrence.status == "cancelled"
    summary = _text(series.summary, language)
    changed = changed_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", calendar_uid(occurrence, town))
    event.add("sequence", sequence)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", occurrence.starts_at)
    event.add("dtend", occurrence.ends_at)
    event.add("summary", _line(words("calendar.cancelled", summary=summary) if is_cancelled else summary))
    event.add("description", _clean(description(occurrence, place, language)))
    event.add("location", _line(_where(place)))
    if place.coordinates is not None and place.coordinates.exact:
        event.add("geo", (place.coordinates.latitude, place.coordinates.longitude))
    event.add("categories", [words("calendar.category"), *(_line(topic) for topic in series.topics)])
    event.add(
        "status", "CANCELLED" if is_cancelled else "CONFIRMED" if is_confirmed(occurrence, place) else "TENTATIVE"
    )
    return event


def description(occurrence: Occurrence, place: Place, language: str) -> str:
    """Return what there is to know about a meeting, a line each; what changed comes first."""
    words = parent_words(language)
    series = occurrence.series
    lines = []
    if occurrence.status == "cancelled":
        lines.append(words("calendar.is_cancelled"))
    elif occurrence.status == "moved" and occurrence.was_at == occurrence.starts_at:
        lines.append(words("calendar.is_elsewhere"))
    elif occurrence.status == "moved" and occurrence.was_at is not None:
        was = occurrence.was_at
        before = {"day": moments.day(was, language), "time": moments.clock(was, language)}
        lines.append(words("calendar.is_moved", **before))
    if occurrence.reason:
        lines.append(_text(occurrence.reason, language))
    if not is_confirmed(occurrence, place):
        lines.append(words("calendar.unconfirmed"))
    if series.description:
        lines.append(_text(series.description, language))
    for key, text in (
        ("calendar.theme", occurrence.theme),
        ("calendar.audience", series.audience),
        ("calendar.cost", series.cost),
        ("calendar.professional", series.professional),
        ("calendar.first_time", series.first_time),
        ("calendar.how_to_enter", place.how_to_enter),
        ("calendar.accessibility", place.accessibility),
    ):
        if text:
            lines.append(words(key, text=_text(text, language)))
    return "\n".join(lines)


def _where(place: Place) -> str:
    """Return name and address on one line, as a navigation app takes it."""
    if place.address is None:
        return place.name
    town = " ".join(part for part in (place.address.postcode, place.address.town) if part)
    return ", ".join((place.name, place.address.street, town))


def _text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts[MAIN_LANGUAGE]


def _clean(text: str) -> str:
    return CONTROL.sub(" ", text.replace("\r\n", "\n"))


def _line(text: str) -> str:
    return " ".join(_clean(text).split())
