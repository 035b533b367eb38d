"""From what a parent typed or shared to what they wish of a meeting; what is not said comes from the profile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.agenda import wish as wishes
from bot.agenda.nearest import Position, Wish, named_series, wijk_at
from bot.conversation.scene import Scene
from bot.matching import neighbourhoods
from bot.matching.clean import bounded

LONGEST = 600
"""Characters in which a wijk, a day and a topic are looked for; in four thousand that took as long as all matching of a
short message."""


NOTHING = Wish()
"""The wish of somebody of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A wish, and what was understood of the message.

    ``is_whole`` says that the message asks nothing else; ``names_place`` that it names a wijk or a postcode of the
    town; ``is_elsewhere`` that it names a postcode of another town; ``wants_near`` that it asks for what is near.
    """

    wish: Wish
    is_whole: bool = False
    names_place: bool = False
    is_elsewhere: bool = False
    wants_near: bool = False


def of_profile(scene: Scene, age_months: int | None = None) -> Wish:
    """Return the wish of somebody who said nothing: their wijk, their child's age, the language of the moment."""
    age = scene.age_months if age_months is None else age_months
    return Wish(scene.parent.neighbourhood, age_months=age, languages=(scene.language,))


def understood(scene: Scene, text: str, before: Wish | None = None) -> Understood:
    """Return what ``text`` asks; what it leaves open stays as in ``before``, the wish of the moment before.

    Of a text that is longer than ``LONGEST`` only the begin and the end are read, and it always asks more than a place.
    """
    wish = before or of_profile(scene)
    is_long = len(text) > LONGEST
    text = bounded(text, LONGEST)
    named = neighbourhoods.find(text, scene.knowledge.neighbourhoods)
    asked = wishes.read(named.rest if named else text, scene.today)
    series = named_series(text, scene.agenda)
    if asked.weekdays or asked.days:
        wish = replace(wish, weekdays=asked.weekdays, days=asked.days)
    if asked.topics:
        wish = replace(wish, topics=asked.topics, series=frozenset())
    if series:
        wish = replace(wish, series=series, topics=())
    is_elsewhere = False
    names_postcode = False
    if named:
        wish = replace(wish, neighbourhood=named.neighbourhood.id, position=None)
    elif asked.postcode is not None:
        found = at_postcode(scene, wish, asked.postcode)
        names_postcode = found is not None
        wish = found or wish
        # Without letters it may as well be a year or a number of a house.
        is_elsewhere = found is None and (asked.has_letters or asked.is_whole)
    return Understood(
        wish,
        is_whole=not is_long and ((named is not None and wishes.is_filler(named.rest)) or asked.is_whole),
        names_place=named is not None or names_postcode,
        is_elsewhere=is_elsewhere,
        wants_near=asked.wants_near,
    )


def at_postcode(scene: Scene, wish: Wish, postcode: int) -> Wish | None:
    """Return the wish of somebody with this postcode (four digits); None when it is not of the town."""
    wijk = next((each.id for each in scene.knowledge.neighbourhoods if postcode in each.postcodes), None)
    position = scene.knowledge.postcode_centres.get(postcode)
    if wijk is None and position is None:
        return None
    return replace(wish, neighbourhood=wijk, position=position, is_exact=False)


def at_position(scene: Scene, position: Position) -> Wish | None:
    """Return the wish of somebody who shared where they are; None when that is in another town."""
    middles = [(wijk.id, wijk.centre) for wijk in scene.knowledge.neighbourhoods]
    for wijk in scene.knowledge.neighbourhoods:
        centres = scene.knowledge.postcode_centres
        middles += [(wijk.id, centres[postcode]) for postcode in wijk.postcodes if postcode in centres]
    found, is_in_town = wijk_at(position, middles)
    if not is_in_town:
        return None
    return replace(of_profile(scene), neighbourhood=found, position=position, is_exact=True)


def to_data(wish: Wish) -> dict[str, Any]:
    """Return what is remembered of a wish for some minutes, as plain JSON: never where somebody is."""
    return {
        "neighbourhood": wish.neighbourhood,
        "weekdays": sorted(wish.weekdays),
        "days": [day.isoformat() for day in wish.days] if wish.days else None,
        "topics": [list(words) for words in wish.topics],
        "series": sorted(wish.series),
        "age_months": wish.age_months,
    }


def from_data(scene: Scene, data: dict[str, Any]) -> Wish:
    """Return the wish that was remembered."""
    days = data.get("days")
    return replace(
        of_profile(scene, data.get("age_months")),
        neighbourhood=data.get("neighbourhood"),
        weekdays=frozenset(data.get("weekdays", ())),
        days=(date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None,
        topics=tuple(tuple(words) for words in data.get("topics", ())),
        series=frozenset(data.get("series", ())),
    )
