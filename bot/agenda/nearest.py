"""Which meetings fit what a parent wishes, best first. Pure: ``now`` and everything else is an argument.

Distances are as the crow flies, in kilometres. A distance is rough when one of its ends is the middle of a
neighbourhood or a postcode, and then nothing finer than a kilometre may be said of it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.agenda.model import Agenda, Occurrence, Series
from bot.agenda.wish import bare, is_filler

Position = tuple[float, float]
"""Degrees north and east."""

SOON = timedelta(days=14)
"""A meeting later than this is too far away to look forward to; nearer ones come first."""

WORTH_LEAVING_FOR = timedelta(minutes=30)
"""How long a meeting still lasts when it is shown while it is on."""

MOST = 5
"""Meetings in a list: more is a page to read on a phone, and there is an agenda for that."""

FEWEST = 3
"""With fewer series than this, later dates of the same series fill the list."""

NEAR_KM = 3.0
"""As far as somebody walks with a pram or cycles with a toddler; the middles of neighbouring wijken lie nearer."""

BAND_KM = 0.5
"""Distances that differ less than this are the same to somebody who decides; then the sooner one comes first."""

SAME_WIJK_KM = 2.5
"""A shared position farther than this from every known middle lies in no wijk."""

FAR_KM = 8.0
"""A shared position farther than this from every wijk is in another town."""

LEAST_LETTERS = 6
"""Shorter words in a name are ordinary words."""

EARTH_KM = 6371.0
"""The mean radius of the earth."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a parent looks for; what is empty may be anything.

    ``position`` counts for the distance, and is exact when ``is_exact``; ``weekdays`` are 0 for Monday to 6 for
    Sunday; ``days`` the first and the last day asked for; each of ``topics`` is a group of words of which one is
    enough, and ``series`` the ids of series that were named. ``languages`` are those the parent speaks.
    """

    neighbourhood: str | None = None
    position: Position | None = None
    is_exact: bool = False
    age_months: int | None = None
    languages: tuple[str, ...] = ()
    weekdays: frozenset[int] = frozenset()
    days: tuple[date, date] | None = None
    topics: tuple[tuple[str, ...], ...] = ()
    series: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Near:
    """A meeting and how far it is; ``distance_km`` is None when nothing is known of where the parent is."""

    occurrence: Occurrence
    is_own: bool
    fits_age: bool
    distance_km: float | None
    is_rough: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The meetings to show, best first. ``is_as_asked`` is false when none fits the day or topic that was asked."""

    meetings: tuple[Near, ...]
    is_as_asked: bool = True

    @property
    def first(self) -> Near | None:
        """Return the best meeting that goes on; a cancelled one is never it."""
        return next((near for near in self.meetings if near.occurrence.status != "cancelled"), None)


def nearest(
    wish: Wish, occurrences: Iterable[Occurrence], agenda: Agenda, centres: Mapping[str, Position], now: datetime
) -> Found:
    """Return at most five meetings for ``wish``, and between them what the very next ones would be but are cancelled.

    The own wijk comes first, then what is within 14 days, in a language of the parent, near, and soon; a meeting that
    is not for the child's age comes last. Each series stands there once, and later dates fill a short list.
    ``centres`` holds the middle of each wijk, for parents and places of which nothing finer is known.
    """
    coming = [occurrence for occurrence in occurrences if occurrence.ends_at - now >= WORTH_LEAVING_FOR]
    asked = [occurrence for occurrence in coming if is_as_asked(wish, occurrence)]
    has_asked = any(occurrence.status != "cancelled" for occurrence in asked)
    looked_at = asked if has_asked else coming

    def measured(found: Sequence[Occurrence]) -> list[Near]:
        return sorted((_near(wish, each, agenda, centres) for each in found), key=lambda near: _rank(wish, near, now))

    planned = sorted((each for each in looked_at if each.status != "cancelled"), key=lambda each: each.starts_at)
    first_of_series = {each.series.id: each for each in reversed(planned)}
    chosen = measured(list(first_of_series.values()))[:MOST]
    if len(chosen) < FEWEST:
        taken = {near.occurrence.uid for near in chosen}
        chosen += measured([each for each in planned if each.uid not in taken])[: FEWEST - len(chosen)]
    cancelled = measured([each for each in looked_at if each.status == "cancelled" and _is_next(each, looked_at)])
    shown: list[Near] = []
    for near in chosen:
        shown.append(near)
        shown += [gone for gone in cancelled if gone.occurrence.series.id == near.occurrence.series.id]
        cancelled = [gone for gone in cancelled if gone not in shown]
    return Found((*shown, *(cancelled if not chosen else ())), is_as_asked=has_asked or not asks(wish))


def is_near(near: Near) -> bool:
    """Tell whether the meeting is in the parent's own wijk, or as near as the next one."""
    return near.is_own or (near.distance_km is not None and near.distance_km <= NEAR_KM)


def asks(wish: Wish) -> bool:
    """Tell whether more is wished than to be near: a day, a topic, a series."""
    return bool(wish.weekdays or wish.days or wish.topics or wish.series)


def is_as_asked(wish: Wish, occurrence: Occurrence) -> bool:
    """Tell whether a meeting is on a day that was asked for and about what was asked."""
    if wish.series and occurrence.series.id not in wish.series:
        return False
    day = occurrence.starts_at.date()
    if wish.weekdays and day.weekday() not in wish.weekdays:
        return False
    if wish.days and not wish.days[0] <= day <= wish.days[1]:
        return False
    told = about(occurrence)
    return all(any(_is_told(word, told) for word in words) for words in wish.topics)


def about(occurrence: Occurrence) -> str:
    """Return all that is told of a meeting, in every language, as bare words: what a topic is looked for in."""
    series = occurrence.series
    texts = [*series.topics]
    for text in (series.summary, series.description, series.audience, occurrence.theme):
        texts += (text or {}).values()
    return bare(" ".join(texts))


def named_series(text: str, agenda: Agenda) -> frozenset[str]:
    """Return the series whose own name, or whose place's name, stands in ``text``: "waar is het kindercafé"."""
    said = set(bare(text).split())
    return frozenset(series.id for series in agenda.series() if said & _names(series, agenda))


def _names(series: Series, agenda: Agenda) -> frozenset[str]:
    """Return the words by which somebody means this series: long ones in its name and its place's."""
    place = agenda.places.get(series.place)
    told = " ".join([*series.summary.values(), place.name if place else ""])
    return _long_words(told, " ".join(topic for each in agenda.series() for topic in each.topics))


@lru_cache(maxsize=1024)
def _long_words(told: str, topics: str) -> frozenset[str]:
    """Return the long words of a name that are no words of a topic. Looked for in every message, so kept."""
    ordinary = set(bare(topics).split())
    words = (word for word in bare(told).split() if len(word) >= LEAST_LETTERS and not is_filler(word))
    return frozenset(words) - ordinary


def distance_km(one: Position, other: Position) -> float:
    """Return how far two positions are apart as the crow flies (haversine)."""
    north, east = math.radians(other[0] - one[0]), math.radians(other[1] - one[1])
    slope = math.cos(math.radians(one[0])) * math.cos(math.radians(other[0]))
    half = math.sin(north / 2) ** 2 + slope * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def wijk_at(position: Position, middles: Iterable[tuple[str, Position]]) -> tuple[str | None, bool]:
    """Return the wijk whose middle is nearest to a position, or None when none is near; and whether it is in the town.

    ``middles`` are pairs of a wijk and a position in it; a wijk may have several.
    """
    found = min(((distance_km(position, middle), wijk) for wijk, middle in middles), default=(math.inf, ""))
    return (found[1] if found[0] <= SAME_WIJK_KM else None), found[0] <= FAR_KM


def _near(wish: Wish, occurrence: Occurrence, agenda: Agenda, centres: Mapping[str, Position]) -> Near:
    place = agenda.places.get(occurrence.place)
    wijken = {occurrence.series.neighbourhood, place.neighbourhood if place else ""}
    here = wish.position or centres.get(wish.neighbourhood or "")
    there = centres.get(place.neighbourhood if place else occurrence.series.neighbourhood)
    is_exact = wish.position is not None and wish.is_exact
    if place and place.coordinates:
        there = (place.coordinates.latitude, place.coordinates.longitude)
        is_exact = is_exact and place.coordinates.exact
    else:
        is_exact = False
    youngest, oldest = occurrence.series.ages
    return Near(
        occurrence,
        is_own=wish.neighbourhood in wijken,
        fits_age=wish.age_months is None or youngest <= wish.age_months <= oldest,
        distance_km=distance_km(here, there) if here and there else None,
        is_rough=not is_exact,
    )


def _rank(wish: Wish, near: Near, now: datetime) -> tuple[object, ...]:
    occurrence = near.occurrence
    is_understood = not wish.languages or _shares(wish.languages, occurrence.series.languages)
    return (
        not near.fits_age,
        not near.is_own,
        occurrence.starts_at - now > SOON,
        not is_understood,
        round((near.distance_km or 0.0) / BAND_KM),
        occurrence.starts_at,
        occurrence.uid,
    )


def _shares(one: Collection[str], other: Collection[str]) -> bool:
    return not set(one).isdisjoint(other)


def _is_next(cancelled: Occurrence, among: Iterable[Occurrence]) -> bool:
    """Tell whether nothing of the same series comes before it."""
    return not any(each.series.id == cancelled.series.id and each.starts_at < cancelled.starts_at for each in among)


def _is_told(word: str, told: str) -> bool:
    """Tell whether a word, or one that begins with it, stands in a text: ``zing`` is told by "zingen"."""
    start = told.find(word)
    while start >= 0:
        if start == 0 or not told[start - 1].isalnum():
            return True
        start = told.find(word, start + 1)
    return False
