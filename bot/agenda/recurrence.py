"""From a rule to days, by dateutil. Days are dates of the calendar; the clock is added where a meeting is made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from bot.agenda.phrases import Dates, Rule, Weekly


def days(rule: Rule, dates: Iterable[date], start: date, first: date, last: date) -> list[date]:
    """Return the days of ``rule`` from ``first`` to ``last``, both included, none before ``start``.

    Every other week is counted from the week of ``start``, weeks beginning on Monday. A fifth Tuesday that a month does
    not have is left out. ``dates`` counts only for a rule of dates.
    """
    first = max(first, start)
    if first > last:
        return []
    if isinstance(rule, Dates):
        return sorted({day for day in dates if first <= day <= last})
    from_start = datetime.combine(start, time())
    if isinstance(rule, Weekly):
        found = rrule(WEEKLY, dtstart=from_start, interval=rule.interval, byweekday=rule.weekdays, wkst=0)
    else:
        found = rrule(MONTHLY, dtstart=from_start, byweekday=[weekday(day, nth) for nth, day in rule.days])
    window = found.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True)
    return [moment.date() for moment in window]
