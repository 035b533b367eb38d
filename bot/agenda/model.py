"""The typed values of the folder ``schedules``: what a coordinator writes, and the dated meetings that follow from it.

Times in files are the clock on the wall of the meeting place; an :class:`Occurrence` is aware. Ages are in months,
both ends included. Like the curated answers, the models are strict, and editors get JSON Schemas made from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.knowledge.model import Ages, Identifier, Language, Localised, Model, Words

ClockText = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


def _clock(value: object) -> object:
    """Turn ``"09:30"`` into a time; YAML 1.1 reads it without quotes as a number of minutes, which is refused."""
    if isinstance(value, time):
        return value
    if isinstance(value, str):
        hours, _, minutes = value.partition(":")
        if hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and int(hours) < 24 and int(minutes) < 60:
            return time(int(hours), int(minutes))
    raise PydanticCustomError("clock", 'write the time in quotes, as "09:30"')


Clock = Annotated[time, BeforeValidator(_clock, json_schema_input_type=ClockText)]
"""A time of day on the wall of the meeting place, in quotes in the file."""


class Address(Model):
    """Where a place stands, as a letter would name it."""

    street: Words
    postcode: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3} ?[A-Z]{2}$")] | None = None
    town: Words


class Coordinates(Model):
    """Degrees north and east. ``exact`` is false for the middle of a neighbourhood that stands in for the door."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    exact: bool = False


class Place(Model):
    """Somewhere parents meet. ``confirmed_on`` is when somebody who is there confirmed all of it."""

    id: Identifier
    name: Words
    neighbourhood: Identifier
    address: Address | None = None
    coordinates: Coordinates | None = None
    accessibility: Localised | None = Field(default=None, description="Prams, wheelchairs, toilets, stairs")
    how_to_enter: Localised | None = Field(default=None, description="Which door, where to ring, where to park")
    confirmed_on: date | None = None
    review_note: Words | None = Field(default=None, description="Dutch: what to ask before confirming")


class Places(Model):
    """The file of places."""

    places: tuple[Place, ...] = Field(strict=False)


SkipReason = Literal["school holidays", "public holidays"]


class Themed(Model):
    """The theme of one morning. (The field is no ``on``: YAML reads that word as yes.)"""

    day: date
    theme: Localised


class Cancelled(Model):
    """A date on which there is no meeting, and why, in words for parents."""

    day: date
    reason: Localised


class Moved(Model):
    """A date whose meeting is at another moment or place; what is left out stays as it was."""

    day: date
    to: date | None = None
    from_time: Clock | None = None
    until_time: Clock | None = None
    place: Identifier | None = None
    reason: Localised


MeetupId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=36)]
"""Short enough that a button can carry it with a date."""


class Series(Model):
    """What every date of a series has in common, whichever kind of file its dates come from.

    ``confirmed_on`` is when the host confirmed that the series is as written.
    """

    id: MeetupId
    summary: Localised
    description: Localised | None = None
    neighbourhood: Identifier
    place: Identifier
    host: Words | None = Field(default=None, description="The organisation that receives people")
    professional: Localised | None = Field(default=None, description="Which professional is there")
    audience: Localised
    ages: Ages = Field(description="Children in months")
    cost: Localised
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1)] = ("nl",)
    topics: tuple[Words, ...] = Field(default=(), strict=False, description="Words by which parents look for it")
    first_time: Localised | None = Field(default=None, description="What somebody who comes for the first time knows")
    confirmed_on: date | None = None
    review_note: Words | None = None


class Meetup(Series):
    """A series whose dates follow from plain words, such as Koffie en Koters on Wednesday mornings.

    ``when`` is Dutch or English: ``every Wednesday``, ``om de week op dinsdag``, ``first and third Tuesday of the
    month``, or ``dates`` with the days in ``dates``; ``start`` is the day from which every other week is counted.
    """

    when: Words
    dates: tuple[date, ...] = Field(default=(), strict=False)
    from_time: Clock
    until_time: Clock
    start: date
    until: date | None = None
    skip: tuple[SkipReason, ...] = Field(default=(), strict=False)
    themes: tuple[Themed, ...] = Field(default=(), strict=False)
    cancelled: tuple[Cancelled, ...] = Field(default=(), strict=False)
    moved: tuple[Moved, ...] = Field(default=(), strict=False)


class CalendarFile(Series):
    """A series whose dates stand in a calendar beside the file, exported from Google or Outlook."""

    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+\.ics$")]


class Meetups(Model):
    """The file of meetings: series in plain words, and calendars beside the file."""

    meetups: tuple[Meetup, ...] = Field(default=(), strict=False)
    calendars: tuple[CalendarFile, ...] = Field(default=(), strict=False)


class Audience(Model):
    """Whom an announcement is for: everybody whom all of the named conditions fit."""

    neighbourhoods: tuple[Identifier, ...] = Field(default=(), strict=False, description="Empty: every one")
    meetups: tuple[Identifier, ...] = Field(default=(), strict=False, description="Who follows one of these")
    ages: Ages | None = Field(default=None, description="Parents who told their child's month of birth")


class Announcement(Model):
    """A message that a coordinator wrote, for whom, and from when it goes out (the clock on the wall)."""

    id: Identifier
    text: Localised
    audience: Audience
    send_at: Annotated[datetime, Field(strict=False)] = Field(description="2027-03-31 18:00, without a zone")


class Announcements(Model):
    """The file of announcements."""

    announcements: tuple[Announcement, ...] = Field(default=(), strict=False)


Role = Literal["coordinator", "professional"]


class Member(Model):
    """Somebody who may do more than a parent, by the number Telegram knows them by; never a name."""

    telegram_id: Annotated[int, Field(gt=0)]
    role: Role
    neighbourhoods: tuple[Identifier, ...] = Field(default=(), strict=False, description="Empty: every one")
    language: Language = "nl"


class Team(Model):
    """Who is coordinator or professional, where; and the chat in which they are told what needs a person."""

    team_chat: int | None = None
    members: tuple[Member, ...] = Field(default=(), strict=False)


class Tip(Model):
    """One short message at an age, for parents who asked for it; it points to an answer that must be signed."""

    id: Identifier
    age_months: Annotated[int, Field(ge=0, le=216)]
    text: Localised
    answer: Identifier


class Tips(Model):
    """The file of tips."""

    tips: tuple[Tip, ...] = Field(default=(), strict=False)


Status = Literal["planned", "cancelled", "moved"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated meeting of a series; ``starts_at`` and ``ends_at`` are aware, in the zone of the meeting place.

    ``on`` is the day on which the series had it, and never changes: with the series' id it names this meeting for ever
    (``uid``), also when it is moved to another day. ``place`` is the id of where it is now. ``reason`` says why it is
    cancelled or moved.
    """

    series: Series
    on: date
    starts_at: datetime
    ends_at: datetime
    place: str
    status: Status = "planned"
    theme: Mapping[str, str] | None = None
    reason: Mapping[str, str] | None = None
    was_at: datetime | None = None

    @property
    def uid(self) -> str:
        """Return the name of this meeting, at most 48 characters: ``koffie-en-koters@2027-03-31``."""
        return f"{self.series.id}@{self.on.isoformat()}"


def is_confirmed(occurrence: Occurrence, place: Place | None) -> bool:
    """Tell whether somebody confirmed both the series and the place."""
    return occurrence.series.confirmed_on is not None and place is not None and place.confirmed_on is not None


ChangeKind = Literal["cancelled", "moved", "theme", "restored"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a coordinator changed by phone; laid over the files, the newest of each meeting and kind counts.

    ``restored`` takes a cancellation or a move back. ``starts_at`` and ``ends_at`` are aware.
    """

    meetup: str
    on: date
    kind: ChangeKind
    made_at: datetime
    reason: Mapping[str, str] = field(default_factory=dict)
    theme: Mapping[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str | None = None


@dataclass(frozen=True)
class Agenda:
    """Everything the folder ``schedules`` says, loaded without a mistake."""

    places: Mapping[str, Place] = field(default_factory=dict)
    meetups: tuple[Meetup, ...] = ()
    calendars: tuple[tuple[CalendarFile, bytes], ...] = ()
    announcements: tuple[Announcement, ...] = ()
    tips: tuple[Tip, ...] = ()
    team: Team = field(default_factory=Team)
    timezone: str = "Europe/Amsterdam"
    school_region: str = "Noord"

    def member(self, telegram_id: int) -> Member | None:
        """Return who this is in the team; None for a parent."""
        return next((member for member in self.team.members if member.telegram_id == telegram_id), None)

    def is_confirmed(self, occurrence: Occurrence) -> bool:
        """Tell whether somebody confirmed both the series and where this meeting is; live mode shows nothing else."""
        return is_confirmed(occurrence, self.places.get(occurrence.place))

    def series(self) -> Iterator[Series]:
        """Yield every series, whichever kind of file its dates come from."""
        yield from self.meetups
        yield from (calendar for calendar, _ in self.calendars)
