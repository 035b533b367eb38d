"""How a meeting is told: when, where, how far, and what is not certain about it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.agenda.model import Agenda, Occurrence, Place
from bot.agenda.nearest import Near
from bot.conversation.scene import Scene
from bot.knowledge.model import MAIN_LANGUAGE
from bot.locales import moments

ROUND_FROM_KM = 1.0
"""Nearer than this, an exact distance is told in hundreds of metres; a rough one is never told finer than this."""


def text(scene: Scene, texts: Mapping[str, str]) -> str:
    """Return a coordinator's text in the parent's language, or in Dutch, on one line."""
    return " ".join((texts.get(scene.language) or texts[MAIN_LANGUAGE]).split())


def when(scene: Scene, meeting: Occurrence) -> str:
    """Return day and hours; today and tomorrow are called so."""
    hours = moments.hours(meeting.starts_at, meeting.ends_at, scene.language)
    ahead = (meeting.starts_at.date() - scene.today).days
    day = moments.day(meeting.starts_at, scene.language)
    if ahead in (0, 1):
        day = scene.words("meeting.today" if ahead == 0 else "meeting.tomorrow", day=day)
    return f"{day}, {hours}"


def soon(scene: Scene, meeting: Occurrence) -> str:
    """Return day and begin as it begins a sentence: ``Morgen om 9.30 uur``."""
    ahead = (meeting.starts_at.date() - scene.today).days
    key = {0: "invitation.today", 1: "invitation.tomorrow"}.get(ahead, "invitation.day")
    day = moments.day(meeting.starts_at, scene.language)
    said = scene.words(key, day=day, time=moments.clock(meeting.starts_at, scene.language))
    return said[0].upper() + said[1:]


def short_when(scene: Scene, meeting: Occurrence) -> str:
    """Return day and begin, as it fits in a sentence or on a button."""
    return f"{moments.short_day(meeting.starts_at, scene.language)} {moments.clock(meeting.starts_at, scene.language)}"


def place_name(scene: Scene, agenda: Agenda, meeting: Occurrence) -> str:
    """Return what people call the place."""
    place = agenda.places.get(meeting.place)
    return place.name if place else wijk_name(scene, meeting.series.neighbourhood)


def address(place: Place) -> str | None:
    """Return street, postcode and town on one line; None when nobody has found them out."""
    if place.address is None:
        return None
    town = " ".join(part for part in (place.address.postcode, place.address.town) if part)
    return f"{place.address.street}, {town}"


def wijk_name(scene: Scene, wijk: str) -> str:
    """Return the name of a wijk."""
    return next((each.name for each in scene.knowledge.neighbourhoods if each.id == wijk), wijk)


def how_far(scene: Scene, agenda: Agenda, near: Near) -> str | None:
    """Return how far it is as the crow flies; never metres for what is only roughly known; None when nothing is."""
    place = agenda.places.get(near.occurrence.place)
    wijk_id = place.neighbourhood if place else near.occurrence.series.neighbourhood
    if near.is_own and near.is_rough and wijk_id == scene.parent.neighbourhood:
        return scene.words("meeting.own_wijk")
    wijk = wijk_name(scene, wijk_id)
    if near.distance_km is None or (near.is_own and near.is_rough):
        return scene.words("meeting.in_wijk", wijk=wijk)
    if near.is_rough:
        return scene.words("meeting.kilometres", wijk=wijk, km=max(1, round(near.distance_km)))
    if near.distance_km < ROUND_FROM_KM:
        return scene.words("meeting.metres", metres=max(100, round(near.distance_km * 10) * 100))
    return scene.words("meeting.kilometres", wijk=wijk, km=round(near.distance_km))


def state(scene: Scene, meeting: Occurrence) -> str | None:
    """Return that a meeting is cancelled or moved, and why; None when it goes on as planned."""
    why = f" {text(scene, meeting.reason)}" if meeting.reason else ""
    if meeting.status == "cancelled":
        return scene.words("meeting.cancelled") + why
    if meeting.status == "moved":
        return scene.words("meeting.moved") + why
    return None
