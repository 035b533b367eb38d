"""Meetings made by hand, for tests that do not need files. Places and addresses are made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.agenda.model import Address, Coordinates, Meetup, Occurrence, Place

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

KANTINE = Place(
    id="kantine",
    name="Kantine De Voorbeeldclub",
    neighbourhood="stadshagen",
    address=Address(street="Voorbeeldlaan 1", postcode="8044 ZZ", town="Zwolle"),
    coordinates=Coordinates(latitude=52.5424, longitude=6.0347, exact=True),
    accessibility={"nl": "Geen drempels, lift naar boven.", "en": "No steps, lift upstairs."},
    how_to_enter={"nl": "Links van de poort, bel bij 'kantine'.", "en": "Left of the gate; ring 'kantine'."},
    confirmed_on=date(2026, 9, 1),
)
BOERDERIJ = Place(
    id="boerderij",
    name="Wijkboerderij De Proef",
    neighbourhood="zwolle-zuid",
    address=Address(street="Proefpark 2", town="Zwolle"),
    coordinates=Coordinates(latitude=52.4929, longitude=6.0966),
    confirmed_on=date(2026, 9, 1),
)
PLACES = {place.id: place for place in (KANTINE, BOERDERIJ)}


def series(**changes: Any) -> Meetup:
    fields: dict[str, Any] = {
        "id": "koffie-en-koters",
        "summary": {"nl": "Koffie & Koters", "en": "Coffee & Kids"},
        "description": {"nl": "Ouders drinken koffie, kinderen spelen.", "en": "Parents have coffee, children play."},
        "neighbourhood": "stadshagen",
        "place": "kantine",
        "host": "Welzijn Voorbeeld",
        "professional": {"nl": "een jeugdverpleegkundige", "en": "a youth nurse"},
        "audience": {"nl": "ouders met kinderen van 0 tot 4 jaar", "en": "parents with children aged 0 to 4"},
        "ages": (0, 48),
        "cost": {"nl": "gratis", "en": "free"},
        "topics": ("koffie", "zingen"),
        "first_time": {"nl": "Loop zo binnen; er staat koffie klaar.", "en": "Walk right in; there is coffee."},
        "confirmed_on": date(2026, 9, 1),
        "when": "every Wednesday",
        "from_time": time(9, 30),
        "until_time": time(11, 30),
        "start": date(2026, 9, 2),
    }
    return Meetup(**{**fields, **changes})


KOFFIE = series()
KINDERCAFE = series(
    id="kindercafe",
    summary={"nl": "Kindercafé", "en": "Children's café"},
    neighbourhood="zwolle-zuid",
    place="boerderij",
    professional=None,
    first_time=None,
    topics=(),
)


def on(day: str, meetup: Meetup = KOFFIE, **changes: Any) -> Occurrence:
    """Return the meeting of ``meetup`` on a day, 9.30 to 11.30 on the wall."""
    of = date.fromisoformat(day)
    return replace(
        Occurrence(
            series=meetup,
            on=of,
            starts_at=datetime.combine(of, time(9, 30), AMSTERDAM),
            ends_at=datetime.combine(of, time(11, 30), AMSTERDAM),
            place=meetup.place,
        ),
        **changes,
    )


@dataclass(frozen=True)
class Remembered:
    revision: int = 0
    revised_at: datetime = datetime(2027, 3, 1, 12, 0, 5, 999, tzinfo=UTC)
