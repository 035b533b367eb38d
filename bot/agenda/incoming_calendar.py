"""Calendars that somebody exported from Google or Outlook: bytes in, dated meetings out.

icalendar reads them and recurring-ical-events expands them, exceptions and time zones included. A file from outside is
bounded before it is read (bytes, appointments) and before it is expanded (how often it may repeat), so that none of
them keeps the program busy. Times without a zone are on the wall of the meeting place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty
from icalendar.prop import vRecur

from bot.knowledge.mistakes import N_

MAX_BYTES = 10_000_000
"""A larger file is no calendar of meetings: a weekly morning with a remark each time is 30 kB in ten years."""

MAX_EVENTS = 3_000
"""Appointments in one file; reading that many takes about a second. A weekly morning needs one."""

MAX_REPEATING = 20
"""Appointments in one file that repeat: one series, cut in pieces each time somebody changed "this and following"."""

MAX_LINES = 36_000
"""Lines that count in one file: twelve for each appointment. Every line takes some 30 µs, whatever it says."""

MAX_LINE = 200_000
"""Bytes of one line that counts; the longest there may be names five thousand dates."""

MAX_DATES = 5_000
"""Extra and left-out dates (RDATE, EXDATE) in one file."""

EARLIEST_YEAR = 2000
"""A series that began earlier is a mistake, and costs the time to count from there."""

LATEST_YEAR = 2099
"""A later beginning is a typing error."""

MAX_LENGTH = timedelta(hours=24)
"""No meeting is longer."""

_RULE_PARTS: dict[str, tuple[set[str], ...]] = {
    "DAILY": (set(), {"BYDAY"}),
    "WEEKLY": (set(), {"BYDAY"}),
    "MONTHLY": (set(), {"BYDAY"}, {"BYMONTHDAY"}, {"BYDAY", "BYSETPOS"}),
    "YEARLY": (set(), {"BYDAY", "BYMONTH"}, {"BYMONTHDAY", "BYMONTH"}, {"BYDAY", "BYMONTH", "BYSETPOS"}),
}
"""What may stand together in a rule of repetition, which is what Google and Outlook write for a meeting. Others are
refused: by the hour, one repeats without end within a day; one that never fits is looked for until the year 9999."""

_ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}


class CalendarFileError(ValueError):
    """A calendar that cannot be used; ``sentence`` is for the curator, with ``values`` for its placeholders."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values))


@dataclass(frozen=True, slots=True)
class Appointment:
    """One dated appointment of a calendar. ``on`` is the day on which the series had it, wherever it is now."""

    on: date
    starts_at: datetime
    ends_at: datetime
    was_at: datetime
    is_cancelled: bool
    theme: str | None


class IncomingCalendar:
    """A calendar that was read and found fit; asked for its appointments day by day."""

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        self._query = recurring_ical_events.of(calendar)
        self._zone = zone
        self._exceptions = [
            (self._moment(event, "RECURRENCE-ID").date(), self._moment(event, "DTSTART").date())
            for event in calendar.walk("VEVENT")
            if "RECURRENCE-ID" in event
        ]

    def between(self, first: date, last: date) -> list[Appointment]:
        """Return the appointments that begin from ``first`` to ``last``, both included, where they are now."""
        # A day more on both sides: the library counts in each appointment's own zone.
        found = self._query.between(first - timedelta(days=1), last + timedelta(days=2))
        appointments = [self._appointment(event) for event in found]
        return [each for each in appointments if first <= each.starts_at.date() <= last]

    def on(self, day: date) -> Appointment | None:
        """Return the appointment that the series had on ``day``, also when it is at another day now."""
        for where in {day, *(now for was, now in self._exceptions if was == day)}:
            for appointment in self.between(where, where):
                if appointment.on == day:
                    return appointment
        return None

    def _appointment(self, event: Component) -> Appointment:
        starts_at = self._moment(event, "DTSTART")
        was_at = self._moment(event, "RECURRENCE-ID") if "RECURRENCE-ID" in event else starts_at
        _, colon, theme = str(event.get("SUMMARY", "")).partition(":")
        return Appointment(
            on=was_at.date(),
            starts_at=starts_at,
            ends_at=self._moment(event, "DTEND"),
            was_at=was_at,
            is_cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
            theme=" ".join(theme.split()) or None if colon else None,
        )

    def _moment(self, event: Component, name: str) -> datetime:
        moment = _moment(event, name)
        if not isinstance(moment, datetime):
            raise ValueError(f"{name} is no moment")  # noqa: TRY004 - the file is wrong, not the program
        return moment.replace(tzinfo=self._zone) if moment.tzinfo is None else moment.astimezone(self._zone)


@lru_cache(maxsize=32)
def read(data: bytes, timezone: str) -> IncomingCalendar:
    """Read a calendar file; the same bytes are read once.

    Raises ``CalendarFileError`` for what is no calendar, is too large, repeats as no meeting does, or lasts all day.
    """
    if len(data) > MAX_BYTES:
        raise CalendarFileError(
            N_("is larger than {limit} MB; export only the calendar of this series"), limit=MAX_BYTES // 1_000_000
        )
    events = len(re.findall(rb"^BEGIN:VEVENT", data, re.MULTILINE | re.IGNORECASE))
    dates = sum(line.count(b",") + 1 for line in re.findall(rb"^(?:RDATE|EXDATE)[^\n]*", _unfolded(data), re.M))
    if events > MAX_EVENTS or dates > MAX_DATES:
        raise CalendarFileError(
            N_("holds more than {limit} appointments; export only the calendar of this series"), limit=MAX_EVENTS
        )
    try:
        calendar = Calendar.from_ical(_that_count(data))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarFileError(
            N_("is no calendar that can be read ({reason}); export it again as .ics"), reason=_short(error)
        ) from error
    appointments = list(calendar.walk("VEVENT"))
    if not appointments:
        raise CalendarFileError(N_("holds no appointments; export the calendar of this series again"))
    for event in appointments:
        _fit(event)
    if sum("RRULE" in event for event in appointments) > MAX_REPEATING:
        raise CalendarFileError(
            N_("holds more than {limit} repeating appointments; export only the calendar of this series"),
            limit=MAX_REPEATING,
        )
    try:
        incoming = IncomingCalendar(calendar, ZoneInfo(timezone))
        incoming.between(*_A_WEEK)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise CalendarFileError(
            N_("cannot be followed ({reason}); correct it in the calendar and export it again"), reason=_short(error)
        ) from error
    return incoming


_A_WEEK = (date(2026, 11, 2), date(2026, 11, 8))
"""Any week: what the library cannot expand shows itself there, and not first before a parent."""


_COUNTS = re.compile(
    rb"^(?:BEGIN|END|VERSION|PRODID|CALSCALE|METHOD|X-WR-TIMEZONE|UID|SEQUENCE|SUMMARY|STATUS|DTSTART|DTEND|DURATION|"
    rb"RRULE|RDATE|EXDATE|EXRULE|RECURRENCE-ID|TZID|TZOFFSETFROM|TZOFFSETTO|TZNAME)[;:].*$",
    re.MULTILINE | re.IGNORECASE,
)
"""What says when something is. Guests, remarks, pictures and alarms cost the time and the memory of ten thousand
appointments when there are many of them, so they are never read.
"""

_SET_ASIDE = re.compile(rb"BEGIN:(VALARM|VTODO|VJOURNAL|VFREEBUSY)\s*", re.IGNORECASE)
_CALENDAR = re.compile(rb"\s*BEGIN:VCALENDAR", re.IGNORECASE)


def _that_count(data: bytes) -> bytes:
    """Return the lines that say when something is, of something that begins as a calendar; else its beginning.

    Raises ``CalendarFileError`` when even those are more than a calendar of meetings holds.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not _CALENDAR.match(data):
        return data[:1000]
    kept: list[bytes] = []
    end_of_aside = None
    for found in _COUNTS.finditer(_unfolded(data)):
        line = found[0].rstrip(b"\r")
        aside = _SET_ASIDE.fullmatch(line) if end_of_aside is None else None
        if aside:
            end_of_aside = b"END:" + aside[1].upper()
        elif end_of_aside is None:
            kept.append(line)
        elif line.strip().upper() == end_of_aside:
            end_of_aside = None
        if len(kept) > MAX_LINES or len(line) > MAX_LINE:
            raise CalendarFileError(
                N_("holds more than {limit} lines; export only the calendar of this series"), limit=MAX_LINES
            )
    return b"\r\n".join(kept) + b"\r\n"


def _unfolded(data: bytes) -> bytes:
    return re.sub(rb"\r?\n[ \t]", b"", data)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _moment(event: Component, name: str) -> date | datetime | None:
    """Return a day or moment of an appointment; None when it is missing, stands twice or cannot be read."""
    value = _value(event, name)
    return value if isinstance(value, date) else None


def _value(event: Component, name: str) -> object:
    try:
        return getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None


def _fit(event: Component) -> None:
    """Raise ``CalendarFileError`` when this appointment cannot be a meeting."""
    title = " ".join(str(event.get("SUMMARY", "")).split())[:80]
    start = _moment(event, "DTSTART")
    if start is None or ("RECURRENCE-ID" in event and _moment(event, "RECURRENCE-ID") is None):
        raise CalendarFileError(N_("'{title}' has no day and time that can be read; correct it"), title=title)
    if not isinstance(start, datetime):
        raise CalendarFileError(
            N_("'{title}' on {day} lasts all day; give it a time from and until"), title=title, day=start
        )
    if not EARLIEST_YEAR <= start.year <= LATEST_YEAR:
        raise CalendarFileError(N_("'{title}' begins in {year}; correct its first day"), title=title, year=start.year)
    length = _length(event, start)
    if length is None or not timedelta(0) < length <= MAX_LENGTH:
        raise CalendarFileError(
            N_("'{title}' on {day} has no end on the same day; give it a time from and until"),
            title=title,
            day=start.date(),
        )
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, vRecur) or not _repeats_as_a_meeting(rule):
            raise CalendarFileError(
                N_("'{title}' repeats as no meeting does ({rule}); let it repeat by day, week, month or year"),
                title=title,
                rule=rule.to_ical().decode("utf-8", "replace")[:80],
            )


def _repeats_as_a_meeting(rule: vRecur) -> bool:
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    # An interval of zero would be counted for ever.
    counts = [*rule.get("INTERVAL", []), *rule.get("COUNT", [])]
    positions = [*rule.get("BYSETPOS", []), *(getattr(day, "relative", None) or 1 for day in rule.get("BYDAY", []))]
    return (
        set(rule) - _ALWAYS in _RULE_PARTS.get(frequency, ())
        and all(isinstance(count, int) and 1 <= count <= MAX_DATES for count in counts)
        and all(isinstance(position, int) and 1 <= abs(position) <= 5 for position in positions)
    )


def _length(event: Component, start: datetime) -> timedelta | None:
    if "DTEND" not in event:
        duration = _value(event, "DURATION")
        return duration if isinstance(duration, timedelta) else None
    end = _moment(event, "DTEND")
    if not isinstance(end, datetime) or (end.tzinfo is None) != (start.tzinfo is None):
        return None
    return end.astimezone(UTC) - start.astimezone(UTC) if end.tzinfo else end - start
