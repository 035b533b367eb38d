"""Which meeting comes first for whom: own wijk, soon, near, fitting; and what is never said of a distance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.agenda.model import Agenda, Coordinates, Meetup, Occurrence, Place
from bot.agenda.nearest import Wish, distance_km, is_near, named_series, nearest, wijk_at

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=AMSTERDAM)
"""A Monday, at noon."""

CENTRES = {
    "stadshagen": (52.5371, 6.0511),
    "holtenbroek": (52.5263, 6.0828),
    "dieze": (52.5181, 6.1023),
    "berkum": (52.5243, 6.1369),
}


def place(wijk: str, *, exact: bool = False) -> Place:
    latitude, longitude = CENTRES[wijk]
    return Place(
        id=wijk, name=f"Huis {wijk}", neighbourhood=wijk,
        coordinates=Coordinates(latitude=latitude, longitude=longitude, exact=exact),
    )  # fmt: skip


def series(wijk: str, name: str = "", **more: Any) -> Meetup:
    text = {"nl": f"Koffie {name or wijk}", "en": "Coffee"}
    values: dict[str, Any] = {
        "id": name or wijk, "summary": text, "neighbourhood": wijk, "place": wijk, "audience": text, "ages": (0, 48),
        "cost": text, "when": "elke woensdag", "from_time": time(9, 30), "until_time": time(11, 30),
        "start": date(2027, 1, 1),
    }  # fmt: skip
    return Meetup(**{**values, **more})


def on(day: int, of: Meetup, **more: Any) -> Occurrence:
    """Return the meeting ``day`` days from now, at half past nine."""
    starts_at = datetime.combine(NOW.date() + timedelta(days=day), time(9, 30), AMSTERDAM)
    made = Occurrence(of, starts_at.date(), starts_at, starts_at + timedelta(hours=2), of.place)
    return replace(made, **more)


STADSHAGEN, HOLTENBROEK, DIEZE, BERKUM = (series(wijk) for wijk in CENTRES)
AGENDA = Agenda(places={wijk: place(wijk) for wijk in CENTRES}, meetups=(STADSHAGEN, HOLTENBROEK, DIEZE, BERKUM))


def listed(wish: Wish, *meetings: Occurrence) -> list[str]:
    found = nearest(wish, meetings, AGENDA, CENTRES, NOW)
    return [f"{near.occurrence.series.id}+{(near.occurrence.on - NOW.date()).days}" for near in found.meetings]


@pytest.mark.parametrize(
    ("wish", "meetings", "expected"),
    [
        pytest.param(
            Wish("stadshagen"), [on(1, DIEZE), on(9, STADSHAGEN), on(2, HOLTENBROEK)],
            ["stadshagen+9", "holtenbroek+2", "dieze+1"], id="the own wijk first, then the nearest",
        ),
        pytest.param(
            Wish("stadshagen"), [on(16, HOLTENBROEK), on(13, DIEZE)],
            ["dieze+13", "holtenbroek+16"], id="what is within 14 days before what is near",
        ),
        pytest.param(
            Wish("stadshagen"), [on(5, series("dieze", "later")), on(3, DIEZE)],
            ["dieze+3", "later+5"], id="at the same distance the sooner one",
        ),
        pytest.param(
            Wish(), [on(6, BERKUM), on(2, DIEZE), on(4, STADSHAGEN)],
            ["dieze+2", "stadshagen+4", "berkum+6"], id="without a wijk by day",
        ),
        pytest.param(
            Wish("stadshagen", age_months=60), [on(1, STADSHAGEN), on(3, series("dieze", "kleuters", ages=(48, 72)))],
            ["kleuters+3", "stadshagen+1"], id="what is not for the child's age last, also in the own wijk",
        ),
        pytest.param(
            Wish("berkum", languages=("en",)), [on(1, DIEZE), on(2, series("stadshagen", "english", languages=("en",)))],
            ["english+2", "dieze+1"], id="the parent's language before distance",
        ),
        pytest.param(
            Wish("berkum", position=CENTRES["stadshagen"]), [on(1, DIEZE), on(1, HOLTENBROEK), on(3, BERKUM)],
            ["berkum+3", "holtenbroek+1", "dieze+1"], id="a postcode gives the distance, the wijk what is own",
        ),
        pytest.param(
            Wish("dieze", weekdays=frozenset({2})), [on(1, DIEZE), on(2, BERKUM)],
            ["berkum+2"], id="only the day that was asked for",
        ),
        pytest.param(
            Wish("dieze", weekdays=frozenset({6})), [on(1, DIEZE), on(2, BERKUM)],
            ["dieze+1", "berkum+2"], id="all of them when nothing is on the day that was asked for",
        ),
        pytest.param(
            Wish("dieze", topics=(("zingen", "liedjes"),)),
            [on(1, DIEZE), on(2, BERKUM, theme={"nl": "Samen zingen", "en": "Singing"})],
            ["berkum+2"], id="a topic may be the theme of one morning",
        ),
        pytest.param(
            Wish("dieze", topics=(("zing",),)), [on(1, DIEZE), on(2, series("berkum", "koor", topics=("zingen",)))],
            ["koor+2"], id="a topic may be that of the series, and a word may go on",
        ),
        pytest.param(
            Wish("dieze", days=(NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=3))),
            [on(1, DIEZE), on(3, BERKUM)], ["berkum+3"], id="a span of days",
        ),
        pytest.param(
            Wish("dieze"), [on(2, DIEZE, status="cancelled"), on(9, DIEZE), on(3, BERKUM)],
            ["dieze+9", "dieze+2", "berkum+3"], id="what is cancelled is told after what goes on",
        ),
        pytest.param(
            Wish("dieze"), [on(2, DIEZE), on(9, DIEZE, status="cancelled"), on(3, BERKUM), on(4, HOLTENBROEK)],
            ["dieze+2", "holtenbroek+4", "berkum+3"], id="a cancelled one that is not the very next is not told",
        ),
        pytest.param(
            Wish("dieze"), [on(2, DIEZE, status="cancelled")],
            ["dieze+2"], id="when there is nothing else, that it is cancelled",
        ),
        pytest.param(
            Wish("dieze"), [on(2, DIEZE), on(9, DIEZE), on(16, DIEZE), on(23, DIEZE)],
            ["dieze+2", "dieze+9", "dieze+16"], id="one series is filled up to three dates",
        ),
        pytest.param(
            Wish("dieze"), [on(1, DIEZE), on(8, DIEZE), *(on(day, series("berkum", f"b{day}")) for day in range(2, 8))],
            ["dieze+1", "b2+2", "b3+3", "b4+4", "b5+5"], id="never more than five, each series once",
        ),
        pytest.param(
            Wish("dieze"), [on(-1, DIEZE), on(6, DIEZE)], ["dieze+6"], id="what is over is not shown",
        ),
    ],
)  # fmt: skip
def test_the_meeting_that_fits_best_comes_first(wish: Wish, meetings: list[Occurrence], expected: list[str]) -> None:
    assert listed(wish, *meetings) == expected


@pytest.mark.parametrize(("minutes_left", "is_shown"), [(31, True), (29, False)])
def test_a_meeting_that_is_on_is_shown_while_it_is_worth_leaving_for(minutes_left: int, is_shown: bool) -> None:
    ends_at = NOW + timedelta(minutes=minutes_left)
    meeting = on(0, DIEZE, starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)

    assert bool(listed(Wish(), meeting)) is is_shown


def test_it_is_told_whether_the_list_is_what_was_asked() -> None:
    asked = Wish("dieze", weekdays=frozenset({1}))

    assert nearest(asked, [on(1, DIEZE)], AGENDA, CENTRES, NOW).is_as_asked
    assert not nearest(asked, [on(2, DIEZE)], AGENDA, CENTRES, NOW).is_as_asked
    assert nearest(Wish("dieze"), [on(2, DIEZE)], AGENDA, CENTRES, NOW).is_as_asked


def test_a_cancelled_meeting_is_never_the_first() -> None:
    found = nearest(Wish("dieze"), [on(2, DIEZE, status="cancelled"), on(3, BERKUM)], AGENDA, CENTRES, NOW)

    assert found.first is not None
    assert found.first.occurrence.series is BERKUM
    assert nearest(Wish(), [on(2, DIEZE, status="cancelled")], AGENDA, CENTRES, NOW).first is None


@pytest.mark.parametrize(
    ("wish", "is_exact_place", "is_rough"),
    [
        pytest.param(Wish(position=(52.52, 6.1), is_exact=True), True, False, id="both ends known"),
        pytest.param(Wish(position=(52.52, 6.1), is_exact=True), False, True, id="the place is the middle of a wijk"),
        pytest.param(Wish(position=(52.52, 6.1)), True, True, id="the parent is the middle of a postcode"),
        pytest.param(Wish("dieze"), True, True, id="the parent is the middle of a wijk"),
    ],
)
def test_a_distance_is_rough_when_one_of_its_ends_is(wish: Wish, is_exact_place: bool, is_rough: bool) -> None:
    agenda = Agenda(places={"dieze": place("dieze", exact=is_exact_place)}, meetups=(DIEZE,))

    (near,) = nearest(wish, [on(1, DIEZE)], agenda, CENTRES, NOW).meetings

    assert near.is_rough is is_rough


def test_a_place_without_coordinates_lies_in_the_middle_of_its_wijk() -> None:
    nowhere = Place(id="dieze", name="Ergens", neighbourhood="dieze")
    agenda = Agenda(places={"dieze": nowhere}, meetups=(DIEZE,))

    (near,) = nearest(Wish("berkum"), [on(1, DIEZE)], agenda, CENTRES, NOW).meetings

    assert near.distance_km == pytest.approx(distance_km(CENTRES["berkum"], CENTRES["dieze"]))
    assert near.is_rough
    assert is_near(near)


def test_a_meeting_moved_to_another_wijk_is_as_far_as_that_wijk() -> None:
    (near,) = nearest(Wish("berkum"), [on(1, BERKUM, place="stadshagen")], AGENDA, CENTRES, NOW).meetings

    assert near.distance_km == pytest.approx(distance_km(CENTRES["berkum"], CENTRES["stadshagen"]))


def test_a_distance_is_that_of_the_map() -> None:
    # One degree of latitude is 111.2 km; of longitude, at this latitude, 67.7 km.
    assert distance_km((52.0, 6.0), (53.0, 6.0)) == pytest.approx(111.2, abs=0.1)
    assert distance_km((52.5, 6.0), (52.5, 7.0)) == pytest.approx(67.7, abs=0.1)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        pytest.param((52.5370, 6.0500), ("stadshagen", True), id="in a wijk"),
        pytest.param((52.5700, 6.1000), (None, True), id="outside every wijk, in the town"),
        pytest.param((52.3700, 4.9000), (None, False), id="in Amsterdam"),
        pytest.param((-52.5, 6.1), (None, False), id="on another half of the world"),
    ],
)
def test_a_shared_position_is_a_wijk_or_none(position: tuple[float, float], expected: tuple[str | None, bool]) -> None:
    assert wijk_at(position, CENTRES.items()) == expected


def test_a_series_is_named_by_a_word_of_its_own() -> None:
    kinder = series("dieze", "kindercafe", summary={"nl": "Kindercafé", "en": "Children's café"})
    agenda = Agenda(places=AGENDA.places, meetups=(STADSHAGEN, kinder))

    assert named_series("waar is dat kindercafe", agenda) == {"kindercafe"}
    assert named_series("waar is er koffie", agenda) == frozenset()
