"""What is to be sent in the coming time, as occasions and never as persons. Pure: ``now`` is an argument.

An occasion says what falls due when, and whom it is for in the terms of the store: who follows a series or its wijk,
who said to come, which hour of the evening they chose. The outbox makes one statement of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.agenda.model import Announcement, Audience, Occurrence, Tip
from bot.reminders.wall import after_quiet, at, born_between, month
from bot.store.calendar_entries import Entry

Kind = Literal["evening", "hours", "cancelled", "moved", "restored", "announcement", "tip"]

EVENING_HOURS = range(17, 21)
"""Hours of the evening among which parents choose; at nine it is quiet."""
SHORTLY_BEFORE = timedelta(hours=2)
"""Enough to dress a child and to cross the town."""
ANNOUNCED_FOR = timedelta(days=1)
"""How late an announcement may still come, after a failure of a machine; later it may be about what is over."""
TIP_DAY, TIP_HOUR = 15, time(10)
"""When in the month a tip is sent. Only the month of birth is known, so in its middle at most two weeks are wrong."""
TIP_FOR = timedelta(days=14)
"""How late a tip may still come: within the same month."""
CORRECTED_UNTIL_MONTHS = 24
"""Until this age a child that came too early is as old as if it had come in time."""
OF_FILE = "file:"
"""Stands before the id of an announcement of the file, so that one by phone never has the same."""
WEEKS_EARLY = ((0, 2), (3, 6), (7, 10), (11, 20))
"""Weeks too early that make 0, 1, 2 and 3 months, to the nearest month of 30.4 days."""


@dataclass(frozen=True, slots=True)
class Followers:
    """Who follows the series or its wijk, or said to come, ``before`` a moment; see ``audiences.followers``."""

    meetup: str
    neighbourhood: str
    uid: str
    before: datetime
    evening_hour: int | None = None
    wants_two_hours: bool | None = None
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an announcement is for; see ``audiences.recipients``."""

    neighbourhoods: tuple[str, ...] = ()
    meetups: tuple[str, ...] = ()
    born: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class WithChild:
    """Who asked for tips ``before`` a moment, and when their child was born; see ``audiences.with_child``."""

    born: tuple[date, date]
    weeks_early: tuple[int, int] | None
    before: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message for everybody of ``who``: sent from ``due_at``, in UTC, and of no use from ``expires_at`` on."""

    kind: Kind
    subject: str
    due_at: datetime
    expires_at: datetime
    who: Followers | Recipients | WithChild


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement of the file or by phone. ``subject`` is its id, with ``OF_FILE`` in front for one of the file."""

    subject: str
    audience: Audience
    send_at: datetime


def announced(announcement: Announcement, zone: ZoneInfo) -> Announced:
    """Return an announcement of the file, whose time is that on the wall, as one that can be planned."""
    send_at = announcement.send_at.replace(tzinfo=zone).astimezone(UTC)
    return Announced(f"{OF_FILE}{announcement.id}", announcement.audience, send_at)


def subject_of(uid: str, sequence: int) -> str:
    """Return the subject of messages about a meeting; each time it changes they are about something else."""
    return f"{uid}#{sequence}" if sequence else uid


def subjects_until(uid: str, sequence: int) -> tuple[str, ...]:
    """Return the subjects under which parents heard of a meeting, up to this change of it."""
    return tuple(subject_of(uid, number) for number in range(sequence + 1))


def uid_of(subject: str) -> str:
    """Return the meeting a message is about."""
    return subject.partition("#")[0]


def plan(
    occurrences: Sequence[Occurrence],
    entries: Mapping[str, Entry],
    announcements: Sequence[Announced],
    tips: Sequence[Tip],
    *,
    now: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> list[Occasion]:
    """Return what falls due up to ``until`` and is still of use ``now``, what is due first first.

    ``entries`` is what is kept of the meetings, by uid; ``tips`` are those whose answer is signed. That a meeting is
    cancelled or moved is not told here but when it is noticed.
    """
    found = [
        *(occasion for occurrence in occurrences for occasion in reminders(occurrence, entries, zone)),
        *(announce(announcement, zone) for announcement in announcements),
        *(occasion for tip in tips for occasion in tip_occasions(tip, now, until, zone)),
    ]
    return sorted(
        (occasion for occasion in found if occasion.due_at <= until and occasion.expires_at > now),
        key=lambda occasion: (occasion.due_at, occasion.kind, occasion.subject),
    )


def reminders(occurrence: Occurrence, entries: Mapping[str, Entry], zone: ZoneInfo) -> Iterator[Occasion]:
    """Yield the reminders of one meeting: the evening before, by the hour that was chosen, and two hours before.

    Nothing for a meeting that is cancelled, and nothing that fell due before its last change, which was told itself.
    The evening's reminder makes way for the one of two hours before, where that is wanted.
    """
    if occurrence.status == "cancelled":
        return
    entry = entries.get(occurrence.uid)
    starts_at = occurrence.starts_at.astimezone(UTC)
    subject = subject_of(occurrence.uid, entry.sequence if entry else 0)
    changed_at = entry.changed_at if entry and entry.sequence else None

    def occasion(kind: Kind, due_at: datetime, expires_at: datetime, hour: int | None, hours: bool) -> Occasion:
        series = occurrence.series
        who = Followers(series.id, series.neighbourhood, occurrence.uid, due_at, hour, hours)
        return Occasion(kind, subject, due_at, expires_at, who)

    found = []
    shortly = after_quiet(starts_at - SHORTLY_BEFORE, zone)
    if shortly < starts_at:
        found.append(occasion("hours", shortly, starts_at, None, True))
    day_before = occurrence.starts_at.astimezone(zone).date() - timedelta(days=1)
    for hour in EVENING_HOURS:
        due_at = at(day_before, time(hour), zone)
        for wants_two_hours in (True, False):
            expires_at = min(shortly, starts_at) if wants_two_hours else starts_at
            found.append(occasion("evening", due_at, expires_at, hour, wants_two_hours))
    yield from (one for one in found if changed_at is None or one.due_at >= changed_at)


def announce(announcement: Announced, zone: ZoneInfo) -> Occasion:
    """Return an announcement as an occasion; one that comes in quiet hours waits until they are over."""
    audience = announcement.audience
    due_at = after_quiet(announcement.send_at, zone)
    born = born_between(audience.ages, due_at.astimezone(zone).date()) if audience.ages else None
    who = Recipients(audience.neighbourhoods, audience.meetups, born)
    return Occasion("announcement", announcement.subject, due_at, due_at + ANNOUNCED_FOR, who)


def tip_occasions(tip: Tip, now: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occasion]:
    """Yield a tip for the children who reach its age in the months from ``now`` to ``until``."""
    first, last = now.astimezone(zone).date(), until.astimezone(zone).date()
    for months_ahead in range((last.year - first.year) * 12 + last.month - first.month + 1):
        this_month, _ = month(first, -months_ahead)
        due_at = at(this_month.replace(day=TIP_DAY), TIP_HOUR, zone)
        is_corrected = tip.age_months <= CORRECTED_UNTIL_MONTHS
        for later_by, weeks in enumerate(WEEKS_EARLY if is_corrected else (None,)):
            born = month(this_month, tip.age_months + later_by)
            yield Occasion("tip", tip.id, due_at, due_at + TIP_FOR, WithChild(born, weeks, due_at))
