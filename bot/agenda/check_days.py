"""The rules of the agenda about days and times: what cannot be, what falls outside a series, what has passed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from bot.agenda import incoming_calendar, phrases
from bot.agenda.holidays import doubtful, school_holidays_are_known
from bot.agenda.load import ScheduleFiles, series_in
from bot.agenda.model import Agenda, CalendarFile, Meetup, Occurrence
from bot.agenda.moments import is_skipped
from bot.agenda.occurrences import meeting_days, occurrences
from bot.knowledge.mistakes import N_, Mistake, Weekday, Word
from bot.knowledge.tree import Location, Tree

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""A day outside these years is a typing error."""

LOOK_AHEAD = timedelta(days=366)
"""How far ahead meetings are held against each other and against the clock change."""

ASK_AHEAD = timedelta(days=60)
"""How long before a doubtful holiday the coordinator is asked."""


def mistakes(files: ScheduleFiles, today: date, timezone: str, school_region: str) -> Iterator[Mistake]:
    """Yield what is wrong with the days and times of every series."""
    fit: list[Meetup] = []
    calendars: list[CalendarFile] = []
    for series, tree, at in series_in(files):
        if isinstance(series, Meetup):
            found = list(_of_form(series, tree, at))
            yield from found
            if not any(mistake.level == "error" for mistake in found):
                yield from _of_days(series, tree, at, today, timezone, school_region)
                fit.append(series)
        elif isinstance(series, CalendarFile) and series.file in files.calendars:
            yield from _of_calendar(series, files, tree, at, today, timezone)
            calendars.append(series)
    agenda = Agenda(
        meetups=tuple(fit),
        calendars=tuple((calendar, files.calendars[calendar.file]) for calendar in calendars),
        timezone=timezone,
        school_region=school_region,
    )
    yield from _overlaps(files, occurrences(agenda, today, today + LOOK_AHEAD))


def _of_form(meetup: Meetup, tree: Tree, at: Location) -> Iterator[Mistake]:
    """Yield what keeps the days of a series from being counted at all."""
    try:
        rule = phrases.read(meetup.when)
    except phrases.PhraseError as error:
        yield Mistake(tree.path, tree.line((*at, "when")), error.sentence, error.values)
        rule = None
    if isinstance(rule, phrases.Dates) and not meetup.dates:
        yield Mistake(tree.path, tree.line((*at, "when")), N_("when: is 'dates' while dates names none; add them"))
    if meetup.dates and rule is not None and not isinstance(rule, phrases.Dates):
        yield Mistake(
            tree.path,
            tree.line((*at, "dates")),
            N_("dates: count only with 'when: dates'; write that, or remove them"),
        )
    if meetup.until and meetup.until < meetup.start:
        yield Mistake(tree.path, tree.line((*at, "until")), N_("until: lies before start; turn them around"))
    if meetup.until_time <= meetup.from_time:
        yield _ends_before_it_begins(tree, (*at, "until_time"))
    for position, moved in enumerate(meetup.moved):
        place = (*at, "moved", position)
        if (moved.until_time or meetup.until_time) <= (moved.from_time or meetup.from_time):
            yield _ends_before_it_begins(tree, (*place, "until_time" if moved.until_time else "from_time"))
        if not (moved.to or moved.from_time or moved.until_time or moved.place):
            yield Mistake(
                tree.path,
                tree.line(place),
                N_("moved: does not say where to; add to, from_time, until_time or place"),
            )
    for name, day, place in _named_days(meetup, at):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Mistake(tree.path, tree.line(place), N_("{name}: the year {year} is none of ours; correct it"),
                          {"name": name, "year": day.year})  # fmt: skip


def _ends_before_it_begins(tree: Tree, at: Location) -> Mistake:
    return Mistake(tree.path, tree.line(at), N_("until_time: is not after from_time; turn them around"))


def _named_days(meetup: Meetup, at: Location) -> Iterator[tuple[str, date, Location]]:
    yield "start", meetup.start, (*at, "start")
    if meetup.until:
        yield "until", meetup.until, (*at, "until")
    for position, day in enumerate(meetup.dates):
        yield "dates", day, (*at, "dates", position)
    for position, moved in enumerate(meetup.moved):
        if moved.to:
            yield "to", moved.to, (*at, "moved", position, "to")


def _of_days(
    meetup: Meetup, tree: Tree, at: Location, today: date, timezone: str, school_region: str
) -> Iterator[Mistake]:
    """Yield what single days of a series get wrong."""
    end = meetup.until or max(meetup.start, today) + LOOK_AHEAD
    if not meeting_days(meetup, meetup.start, min(end, meetup.start + 2 * LOOK_AHEAD), school_region):
        yield Mistake(
            tree.path,
            tree.line((*at, "when")),
            N_("when: no meeting ever takes place; look at when, start, until and skip"),
        )
    if meetup.until and meetup.until < today:
        yield Mistake(
            tree.path,
            tree.line((*at, "until")),
            N_("until: the series '{id}' has ended; give it a new end or remove it"),
            {"id": meetup.id},
            "warning",
        )
    yield from _of_named_dates(meetup, tree, at, today, school_region)
    yield from _of_clocks(meetup, tree, at, today, timezone, school_region)
    yield from _of_holidays(meetup, tree, at, today, school_region)


def _of_named_dates(meetup: Meetup, tree: Tree, at: Location, today: date, school_region: str) -> Iterator[Mistake]:
    seen: Counter[tuple[str, date]] = Counter()
    cancelled = {entry.day for entry in meetup.cancelled}
    named = [("dates", day, (*at, "dates", position)) for position, day in enumerate(meetup.dates)]
    for name in ("themes", "cancelled", "moved"):
        named += [
            (name, entry.day, (*at, name, position, "day")) for position, entry in enumerate(getattr(meetup, name))
        ]
    for name, day, place in named:
        line = tree.line(place)
        values = {"name": name, "day": day, "weekday": Weekday(day)}
        seen[name, day] += 1
        if seen[name, day] > 1:
            yield Mistake(tree.path, line, N_("{name}: {day} stands here a second time; remove one"), values)
        elif day < meetup.start or (meetup.until and day > meetup.until):
            yield Mistake(
                tree.path, line, N_("{name}: {day} lies outside the series; correct it, or start or until"), values
            )
        elif not meeting_days(meetup, day, day, school_region):
            yield Mistake(
                tree.path,
                line,
                N_("{name}: on {day} ({weekday}) this series has no meeting; correct the day, or when or skip"),
                values,
            )
        elif day < today:
            yield Mistake(tree.path, line, N_("{name}: {day} has passed; it may be removed"), values, "warning")
        if name == "themes" and day in cancelled:
            yield Mistake(
                tree.path,
                line,
                N_("themes: {day} has a theme and is cancelled; keep the theme for another day"),
                values,
                "warning",
            )
        if name == "moved" and day in cancelled:
            yield Mistake(tree.path, line, N_("moved: {day} is cancelled as well; choose one of the two"), values)
    for position, moved in enumerate(meetup.moved):
        if moved.to and moved.to < today <= moved.day:
            yield Mistake(
                tree.path,
                tree.line((*at, "moved", position, "to")),
                N_("{name}: {day} has passed; it may be removed"),
                {"name": "to", "day": moved.to},
                "warning",
            )


def _of_clocks(
    meetup: Meetup, tree: Tree, at: Location, today: date, timezone: str, school_region: str
) -> Iterator[Mistake]:
    """Yield times that the clock skips, or shows twice, when summer time begins or ends."""
    moved = {entry.day: (position, entry) for position, entry in enumerate(meetup.moved)}
    first = max(meetup.start, today)
    reported = set()
    for day in meeting_days(meetup, first, first + LOOK_AHEAD, school_region):
        position, entry = moved.get(day, (0, None))
        for name, clock in (("from_time", meetup.from_time), ("until_time", meetup.until_time)):
            other = getattr(entry, name, None)
            place = (*at, "moved", position, name) if other else (*at, name)
            on = (entry.to if entry else None) or day
            sentence = _clock_change(datetime.combine(on, other or clock), timezone)
            if sentence and place not in reported:
                reported.add(place)
                yield Mistake(
                    tree.path, tree.line(place), sentence, {"name": name, "day": on, "time": f"{other or clock:%H:%M}"}
                )


def _of_holidays(meetup: Meetup, tree: Tree, at: Location, today: date, school_region: str) -> Iterator[Mistake]:
    first = max(meetup.start, today)
    spoken_for = {
        *(cancelled.day for cancelled in meetup.cancelled),
        *(moved.day for moved in meetup.moved),
        *(themed.day for themed in meetup.themes),
    }
    if "public holidays" in meetup.skip:
        for day in meeting_days(meetup, first, first + ASK_AHEAD, school_region):
            holiday = doubtful(day)
            if holiday and day not in spoken_for:
                yield Mistake(
                    tree.path,
                    tree.line((*at, "skip")),
                    N_("skip: {day} is {holiday}, free for some; ask the host, and cancel it or give it a theme"),
                    {"day": day, "holiday": Word(holiday)},
                    "warning",
                )
    last = min(meetup.until or date.max, first + LOOK_AHEAD)
    if "school holidays" in meetup.skip and not school_holidays_are_known(last.year, school_region):
        yield Mistake(
            tree.path,
            tree.line((*at, "skip")),
            N_(
                "skip: the school holidays of {year} are not all known yet; end the series before, or update 'holidays'"
            ),
            {"year": last.year},
            "warning",
        )


def _of_calendar(
    calendar: CalendarFile, files: ScheduleFiles, tree: Tree, at: Location, today: date, timezone: str
) -> Iterator[Mistake]:
    incoming = incoming_calendar.read(files.calendars[calendar.file], timezone)
    appointments = incoming.between(today, today + LOOK_AHEAD)
    path = files.folder / calendar.file
    if not appointments:
        yield Mistake(
            tree.path,
            tree.line((*at, "file")),
            N_("file: {file} holds no meeting in the coming year; export it again or remove it"),
            {"file": calendar.file},
            "warning",
        )
    for day, times in Counter(appointment.on for appointment in appointments).items():
        if times > 1:
            yield Mistake(
                path,
                1,
                N_("holds {times} appointments on {day}; one calendar is one series, with one meeting a day"),
                {"times": times, "day": day},
            )


def _overlaps(files: ScheduleFiles, dated: list[Occurrence]) -> Iterator[Mistake]:
    """Yield two meetings that are in one place at the same time, once for each pair of series."""
    places = {series.id: (tree, at) for series, tree, at in series_in(files)}
    by_day: defaultdict[tuple[str, date], list[Occurrence]] = defaultdict(list)
    for occurrence in dated:
        if occurrence.status != "cancelled":
            by_day[occurrence.place, occurrence.starts_at.date()].append(occurrence)
    reported: set[tuple[str, str]] = set()
    for (place, day), meetings in sorted(by_day.items(), key=lambda item: item[0][1]):
        for one, other in combinations(meetings, 2):
            first, second = sorted((one.series.id, other.series.id))
            overlap = one.starts_at < other.ends_at and other.starts_at < one.ends_at
            if overlap and (first, second) not in reported:
                reported.add((first, second))
                tree, at = places[second]
                yield Mistake(
                    tree.path,
                    tree.line((*at, "id")),
                    N_("'{id}' and '{other}' are both at '{place}' on {day}, at the same time; change one of them"),
                    {"id": second, "other": first, "place": place, "day": day},
                    "warning",
                )


def moment_mistakes(moment: datetime, tree: Tree, at: Location, today: date, timezone: str) -> Iterator[Mistake]:
    """Yield what is wrong with a day and time at which something is to happen once."""
    name = next(step for step in reversed(at) if isinstance(step, str))
    values = {"name": name, "day": moment.date(), "time": f"{moment:%H:%M}"}
    if moment.tzinfo:
        yield Mistake(
            tree.path,
            tree.line(at),
            N_("{name}: names a zone; write the time on the wall, as 2027-03-31 18:00"),
            values,
        )
        return
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        yield Mistake(
            tree.path,
            tree.line(at),
            N_("{name}: the year {year} is none of ours; correct it"),
            {**values, "year": moment.year},
        )
        return
    sentence = _clock_change(moment, timezone)
    if sentence:
        yield Mistake(tree.path, tree.line(at), sentence, values)
    if moment.date() < today:
        yield Mistake(tree.path, tree.line(at), N_("{name}: {day} has passed; it may be removed"), values, "warning")


def _clock_change(moment: datetime, timezone: str) -> str | None:
    """Return the sentence for a time that is skipped or comes twice in the night of a clock change."""
    local = moment.replace(tzinfo=ZoneInfo(timezone))
    if is_skipped(local):
        return N_("{name}: {time} does not exist on {day}, when the clock goes forward; choose another time")
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        return N_("{name}: {time} comes twice on {day}, when the clock goes back; choose another time")
    return None
