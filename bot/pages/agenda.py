"""The agenda to read on a phone, or to print and hang at the school door: a page per neighbourhood, and one of all.

Pure: meetings in, a page out. Each page is whole without a script, and names the address of its calendar. Times are
those on the wall of the meeting place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from bot.agenda.model import Occurrence, Place, Series, is_confirmed
from bot.knowledge.model import MAIN_LANGUAGE, Neighbourhood
from bot.locales import languages, moments, parent_words
from bot.pages.render import page

WEEKS = 8
"""How far ahead a page looks: what fits on a sheet or two, and what hosts have planned."""

EVERYWHERE = "alles"
"""The name, in an address, of the page with the meetings of all neighbourhoods."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages stand: the town, the public address without a slash at its end, and the link to the bot."""

    town: str
    address: str
    bot: str | None = None

    def page(self, name: str, language: str) -> str:
        """Return the address of a page: ``""`` for the one on which a neighbourhood is chosen."""
        path = f"/agenda/{name}" if name else "/agenda"
        return f"{self.address}{path}{_query(language)}"

    def feed(self, name: str, language: str) -> str:
        """Return the address of a calendar."""
        return f"{self.address}/agenda/{name}.ics{_query(language)}"

    def privacy(self, language: str) -> str:
        """Return the address of the page that tells what the bot keeps."""
        return f"{self.address}/privacy{_query(language)}"


def _query(language: str) -> str:
    return "" if language == MAIN_LANGUAGE else f"?taal={language}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting on a page. ``was`` tells the moment before a move, ``goes_to`` the one after it, on the old day."""

    uid: str
    starts_at: datetime
    hours: str
    title: str
    series: str
    place: str
    address: str
    audience: str
    cost: str
    theme: str
    reason: str
    is_cancelled: bool
    is_confirmed: bool
    was: str = ""
    goes_to: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What somebody who comes for the first time wants to know of a series, each by the key of its heading."""

    id: str
    title: str
    host: str
    description: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A neighbourhood to choose. ``next_one`` tells its next meeting; empty when there is none."""

    name: str
    url: str
    next_one: str


def last_day(today: date) -> date:
    """Return the last day that a page shows."""
    return today + timedelta(weeks=WEEKS)


def belongs(occurrence: Occurrence, neighbourhood: str, places: Mapping[str, Place]) -> bool:
    """Tell whether a meeting is one of a neighbourhood: by its series, and not by where it is moved for once."""
    series = occurrence.series
    return neighbourhood in (series.neighbourhood, places[series.place].neighbourhood)


def agenda(
    occurrences: Iterable[Occurrence],
    places: Mapping[str, Place],
    neighbourhood: Neighbourhood | None,
    site: Site,
    language: str,
    now: datetime,
) -> str:
    """Return the page of a neighbourhood, or of all when there is none, from the day of ``now`` on.

    ``now`` is aware, in the zone of the town; days are counted by it.
    """
    first, last = now.date(), last_day(now.date())
    shown = [
        occurrence
        for occurrence in occurrences
        if neighbourhood is None or belongs(occurrence, neighbourhood.id, places)
    ]
    meetings = sorted(_meetings(shown, places, language), key=lambda meeting: (meeting.starts_at, meeting.uid))
    meetings = [meeting for meeting in meetings if first <= meeting.starts_at.date() <= last]
    name = neighbourhood.id if neighbourhood else EVERYWHERE
    feed = site.feed(name, language)
    return page(
        "agenda.html",
        language,
        where=neighbourhood.name if neighbourhood else site.town,
        months=[
            (title, list(of_month))
            for title, of_month in groupby(
                meetings, lambda meeting: moments.month_and_year(meeting.starts_at, language)
            )
        ],
        about=_about(shown, places, language),
        is_all_confirmed=all(meeting.is_confirmed for meeting in meetings),
        first=moments.day(first, language),
        last=moments.day(last, language),
        feed=feed,
        # Calendars subscribe to webcal and fetch it by https; an address without it (a try-out) stays what it is.
        webcal=f"webcal:{feed.partition(':')[2]}",
        everywhere=site.page(EVERYWHERE, language) if neighbourhood else None,
        own_address=_bare(site.page(name, language)),
        **frame(site, name, language, now),
    )


def choose(
    neighbourhoods: Sequence[Neighbourhood],
    occurrences: Sequence[Occurrence],
    places: Mapping[str, Place],
    site: Site,
    language: str,
    now: datetime,
    *,
    unknown: str | None = None,
) -> str:
    """Return the page on which somebody chooses a neighbourhood; ``unknown`` is what was asked for and is not there.

    Each says when its next meeting is. ``now`` is aware, in the zone of the town.
    """
    words = parent_words(language)

    def next_one(neighbourhood: str) -> str:
        for occurrence in occurrences:
            if occurrence.status == "cancelled" or occurrence.ends_at <= now:
                continue
            if belongs(occurrence, neighbourhood, places):
                day, time = moments.day(occurrence.starts_at, language), moments.clock(occurrence.starts_at, language)
                return words("page.next_one", day=day, time=time, summary=_text(occurrence.series.summary, language))
        return ""

    choices = [Choice(found.name, site.page(found.id, language), next_one(found.id)) for found in neighbourhoods]
    return page(
        "agenda-choose.html",
        language,
        choices=[choice for choice in choices if choice.next_one],
        quiet=[choice for choice in choices if not choice.next_one],
        everywhere=site.page(EVERYWHERE, language),
        unknown=unknown,
        **frame(site, "", language, now),
    )


def frame(site: Site, name: str, language: str, now: datetime) -> dict[str, object]:
    """Return what every page shows around what it is about."""
    return {
        "town": site.town,
        "home": site.page("", language),
        "privacy": site.privacy(language),
        "bot": site.bot,
        "bot_name": f"@{urlsplit(site.bot).path.strip('/')}" if site.bot else None,
        "others": [
            (other, parent_words(other)("language.name"), site.page(name, other))
            for other in languages()
            if other != language
        ],
        "made_on": f"{moments.day(now, language)} {now.year}",
        "made_at": moments.clock(now, language),
        "made": now.replace(microsecond=0).isoformat(),
    }


def _meetings(occurrences: Iterable[Occurrence], places: Mapping[str, Place], language: str) -> Iterable[Meeting]:
    """Yield each meeting on its day; one that went to another day also on the day it was planned, to say so."""
    words = parent_words(language)
    for occurrence in occurrences:
        place = places[occurrence.place]
        was = occurrence.was_at
        planned = _moment(was, language) if was else ""

        def meeting(
            starts_at: datetime,
            hours: str,
            *,
            was: str = "",
            goes_to: str = "",
            occurrence: Occurrence = occurrence,
            place: Place = place,
        ) -> Meeting:
            series = occurrence.series
            return Meeting(
                uid=occurrence.uid,
                starts_at=starts_at,
                hours=hours,
                title=_text(series.summary, language),
                series=series.id,
                place=place.name,
                address=_address(place),
                audience=_text(series.audience, language),
                cost=_text(series.cost, language),
                theme=_text(occurrence.theme, language),
                reason=_text(occurrence.reason, language),
                is_cancelled=occurrence.status == "cancelled",
                is_confirmed=is_confirmed(occurrence, place),
                was=was,
                goes_to=goes_to,
            )

        start, end = moments.clock(occurrence.starts_at, language), moments.clock(occurrence.ends_at, language)
        hours = words("page.hours", start=start, end=end)
        yield meeting(occurrence.starts_at, hours, was=planned if occurrence.status == "moved" else "")
        if occurrence.status == "moved" and was and was.date() != occurrence.starts_at.date():
            yield meeting(was, moments.clock(was, language), goes_to=_moment(occurrence.starts_at, language))


def _about(occurrences: Iterable[Occurrence], places: Mapping[str, Place], language: str) -> list[About]:
    """Return what to know of each series, in the order in which they meet."""
    series: dict[str, Series] = {occurrence.series.id: occurrence.series for occurrence in occurrences}
    return [
        About(
            id=found.id,
            title=_text(found.summary, language),
            host=found.host or "",
            description=_text(found.description, language),
            facts=tuple(
                (key, _text(text, language))
                for key, text in (
                    ("page.first_time", found.first_time),
                    ("page.professional", found.professional),
                    ("page.how_to_enter", places[found.place].how_to_enter),
                    ("page.accessibility", places[found.place].accessibility),
                )
                if text
            ),
        )
        for found in series.values()
    ]


def _moment(value: datetime, language: str) -> str:
    words = parent_words(language)
    return words("page.moment", day=moments.day(value, language), time=moments.clock(value, language))


def _address(place: Place) -> str:
    if place.address is None:
        return ""
    town = " ".join(part for part in (place.address.postcode, place.address.town) if part)
    return f"{place.address.street}, {town}"


def _text(texts: Mapping[str, str] | None, language: str) -> str:
    return (texts.get(language) or texts[MAIN_LANGUAGE]) if texts else ""


def _bare(url: str) -> str:
    """Return an address as people type it from paper."""
    return url.partition("://")[2]
