"""The clock on the wall of the town: hours of parents, quiet hours, months of birth. What is returned is in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(21)
QUIET_UNTIL = time(8)
"""From nine in the evening until eight in the morning children and parents sleep."""


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment at which the clock on the wall shows this; of two that do, in October, the first."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def quiet_hours(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return beginning and end of the quiet hours in which ``moment`` lies; None by day."""
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    evening = local.date() if local.time() >= QUIET_FROM else local.date() - timedelta(days=1)
    return at(evening, QUIET_FROM, zone), at(evening + timedelta(days=1), QUIET_UNTIL, zone)


def after_quiet(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return ``moment``, or the end of the quiet hours in which it lies."""
    quiet = quiet_hours(moment, zone)
    return quiet[1] if quiet else moment.astimezone(UTC)


def month(day: date, months_earlier: int = 0) -> tuple[date, date]:
    """Return the first and last day of the month of ``day``, or of one so many months earlier."""
    number = day.year * 12 + day.month - 1 - months_earlier
    first = date(number // 12, number % 12 + 1, 1)
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first, following - timedelta(days=1)


def born_between(ages: tuple[int, int], today: date) -> tuple[date, date]:
    """Return the first and last day of birth of children of these ages in months, both included; a month is kept whole,
    because only the month of birth is known.
    """
    youngest, oldest = ages
    return month(today, oldest)[0], month(today, youngest)[1]
