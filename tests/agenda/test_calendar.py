"""Feeds and appointments, read back by another library than the one that wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from bot.agenda.calendar import appointment, calendar_uid, feed
from bot.agenda.model import Occurrence
from tests.agenda.meetings import BOERDERIJ, KANTINE, KINDERCAFE, KOFFIE, PLACES, Remembered, on, series

NOW = datetime(2027, 3, 30, 8, 0, tzinfo=UTC)
URL = "https://bot.example.org/agenda/stadshagen"
CANCELLED = on("2027-04-07", status="cancelled", reason={"nl": "De kantine is dicht.", "en": "The canteen is shut."})
MOVED = on(
    "2027-04-14",
    status="moved",
    starts_at=datetime(2027, 4, 15, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam")),
    ends_at=datetime(2027, 4, 15, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam")),
    was_at=datetime(2027, 4, 14, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam")),
    place="boerderij",
    reason={"nl": "Er is sportdag.", "en": "It is sports day."},
)


def made(*occurrences: Occurrence, language: str = "nl", remembered: Remembered | None = None) -> bytes:
    entries = {occurrence.uid: remembered or Remembered() for occurrence in occurrences}
    return feed(occurrences, PLACES, language, entries, "Minidorp Stadshagen", URL, town="Zwolle")


def read(content: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(content.decode())


def lines(content: bytes) -> list[str]:
    """Return the lines as they are meant, without folds."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_calendar_shows_a_meeting_as_it_is():
    event = read(made(on("2027-03-31", theme={"nl": "Taalplezier, van 0 tot 4; samen", "en": "Language"}))).events[0]

    assert event.uid == "koffie-en-koters@2027-03-31@minidorp.zwolle"
    assert event.summary == "Koffie & Koters"
    assert event.start == datetime(2027, 3, 31, 7, 30, tzinfo=UTC)
    assert event.end == datetime(2027, 3, 31, 9, 30, tzinfo=UTC)
    assert event.location == "Kantine De Voorbeeldclub, Voorbeeldlaan 1, 8044 ZZ Zwolle"
    assert event.description is not None
    assert "Thema: Taalplezier, van 0 tot 4; samen" in event.description.split("\n")
    assert "Voor wie: ouders met kinderen van 0 tot 4 jaar" in event.description.split("\n")
    assert "Kosten: gratis" in event.description.split("\n")
    assert "Eerste keer? Loop zo binnen; er staat koffie klaar." in event.description.split("\n")
    assert event.status == "CONFIRMED"
    assert event.transparency == "TRANSPARENT"
    assert event.sequence == 0
    assert event.dtstamp == event.last_modified == datetime(2027, 3, 1, 12, 0, 5, tzinfo=UTC)
    assert event.categories == ["Ouders en kinderen", "koffie", "zingen"]
    assert event.url == URL


def test_who_reads_english_reads_english():
    event = read(made(on("2027-03-31"), language="en")).events[0]

    assert event.summary == "Coffee & Kids"
    assert event.description is not None
    assert event.description.startswith("Parents have coffee, children play.\nFor whom: parents with children")


@pytest.mark.parametrize(("day", "starts"), [
    pytest.param("2027-03-24", "08:30", id="the last morning of winter time"),
    pytest.param("2027-03-31", "07:30", id="the first morning of summer time"),
    pytest.param("2027-10-27", "07:30", id="the last morning of summer time"),
    pytest.param("2027-11-03", "08:30", id="winter time again"),
])  # fmt: skip
def test_half_past_nine_stays_half_past_nine(day, starts):
    content = made(on(day))
    start = read(content).events[0].dtstart

    assert f"DTSTART;TZID=Europe/Amsterdam:{day.replace('-', '')}T093000" in lines(content)
    assert isinstance(start, datetime)
    assert start.astimezone(UTC).strftime("%H:%M") == starts


def test_the_rule_for_amsterdam_is_that_of_the_tz_database():
    in_the_file = tzical(StringIO(made(on("2027-03-31")).decode())).get("Europe/Amsterdam")
    known = ZoneInfo("Europe/Amsterdam")
    hours = [
        datetime(year, month, day, hour, tzinfo=UTC)
        for year in (2026, 2027, 2028, 2039)
        for month in (1, 3, 6, 10, 12)
        for day in range(24, 32 if month != 6 else 31)
        for hour in range(24)
    ]

    wrong = [hour for hour in hours if hour.astimezone(in_the_file).utcoffset() != hour.astimezone(known).utcoffset()]

    assert wrong == []


def test_a_cancelled_meeting_stays_and_says_so():
    event = read(made(CANCELLED, remembered=Remembered(revision=3))).events[0]

    assert event.uid == "koffie-en-koters@2027-04-07@minidorp.zwolle"
    assert event.status == "CANCELLED"
    assert event.sequence == 3
    assert event.summary == "Vervalt: Koffie & Koters"
    assert event.description is not None
    assert event.description.startswith("Deze keer gaat het niet door.\nDe kantine is dicht.\n")


def test_a_moved_meeting_keeps_its_name_and_tells_when_it_was():
    event = read(made(MOVED, remembered=Remembered(revision=1))).events[0]

    assert event.uid == "koffie-en-koters@2027-04-14@minidorp.zwolle"
    assert event.start == datetime(2027, 4, 15, 8, 0, tzinfo=UTC)
    assert event.location == "Wijkboerderij De Proef, Proefpark 2, Zwolle"
    assert event.description is not None
    assert event.description.startswith(
        "Let op: verplaatst. Het zou op woensdag 14 april om 9.30 zijn.\nEr is sportdag.\n"
    )


def test_a_meeting_at_another_place_at_the_same_time_does_not_name_that_time_as_if_it_were_over():
    elsewhere = replace(MOVED, was_at=MOVED.starts_at)

    event = read(made(elsewhere, remembered=Remembered(revision=1))).events[0]

    assert event.description.startswith("Let op: op een andere plek.\nEr is sportdag.\n")


def test_a_pin_is_given_only_where_it_is_exact():
    exact, about = read(made(on("2027-03-31"), on("2027-03-30", KINDERCAFE))).events

    assert exact.geo is not None
    assert (exact.geo.lat, exact.geo.lng) == (52.5424, 6.0347)
    assert about.geo is None


@pytest.mark.parametrize(("meeting", "place"), [
    pytest.param(on("2027-03-31", series(confirmed_on=None)), KANTINE, id="the series"),
    pytest.param(on("2027-03-31"), KANTINE.model_copy(update={"confirmed_on": None}), id="the place"),
])  # fmt: skip
def test_what_nobody_confirmed_is_tentative_and_says_so(meeting, place):
    content = feed([meeting], {"kantine": place}, "nl", {meeting.uid: Remembered()}, "Minidorp", URL, town="Zwolle")
    event = read(content).events[0]

    assert event.status == "TENTATIVE"
    assert event.description is not None
    assert "Dit is een voorbeeld en nog niet bevestigd." in event.description


def test_the_feed_names_itself_and_asks_to_be_read_again_in_an_hour():
    found = lines(made(on("2027-03-31")))

    for line in (
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Minidorp Stadshagen",
        "NAME:Minidorp Stadshagen",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        f"URL:{URL}",
    ):
        assert found.count(line) >= 1, line
    assert found.count("BEGIN:VTIMEZONE") == 1


def test_a_feed_without_meetings_is_still_a_calendar():
    calendar = read(made())

    assert calendar.events == []
    assert calendar.method == "PUBLISH"


def test_the_same_meetings_are_the_same_bytes():
    assert made(on("2027-03-31"), CANCELLED, MOVED) == made(on("2027-03-31"), CANCELLED, MOVED)


def test_lines_are_folded_within_75_bytes_and_end_as_the_standard_says():
    long = series(summary={"nl": "Koffie ☕ én gezelligheid 👶🏽 " * 12, "en": "Coffee"})
    content = made(on("2027-03-31", long))

    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert read(content).events[0].summary == ("Koffie ☕ én gezelligheid 👶🏽 " * 12).strip()


def test_words_cannot_break_out_of_their_line():
    evil = 'Koffie\r\nEND:VEVENT\nBEGIN:VALARM\rX:\x00\x0b; , \\ "x"\u2028'
    content = made(on("2027-03-31", series(summary={"nl": evil, "en": "x"}, description={"nl": evil, "en": "x"})))
    event = read(content).events[0]

    assert len(read(content).events) == 1
    assert lines(content).count("END:VEVENT") == 1
    assert "BEGIN:VALARM" not in lines(content)
    assert event.summary == 'Koffie END:VEVENT BEGIN:VALARM X: ; , \\ "x"'
    assert event.description is not None
    assert event.description.startswith('Koffie\nEND:VEVENT\nBEGIN:VALARM X:  ; , \\ "x"')


def test_an_appointment_reminds_two_hours_before_and_is_the_feeds_meeting():
    content = appointment(on("2027-03-31"), KANTINE, "nl", 2, town="Zwolle", now=NOW)
    event = read(content).events[0]

    assert event.uid == calendar_uid(on("2027-03-31"), "Zwolle")
    assert event.sequence == 2
    assert event.dtstamp == NOW
    assert event.transparency == "OPAQUE"
    assert [(alarm.action, alarm.trigger) for alarm in event.alarm] == [("DISPLAY", timedelta(hours=-2))]
    assert event.alarm[0].description == "Koffie & Koters"


def test_an_appointment_reminds_when_it_is_asked_to():
    content = appointment(on("2027-03-31"), KANTINE, "nl", 0, timedelta(days=1), town="Zwolle", now=NOW)

    assert read(content).events[0].alarm[0].trigger == timedelta(days=-1)


def test_an_appointment_that_is_cancelled_does_not_ring():
    event = read(appointment(CANCELLED, KANTINE, "nl", 1, town="Zwolle", now=NOW)).events[0]

    assert event.status == "CANCELLED"
    assert event.alarm == []


def test_another_zone_is_described_too():
    lisbon = ZoneInfo("Europe/Lisbon")
    meeting = on(
        "2027-03-31",
        starts_at=datetime(2027, 3, 31, 9, 30, tzinfo=lisbon),
        ends_at=datetime(2027, 3, 31, 11, 30, tzinfo=lisbon),
    )

    calendar = read(made(meeting))

    assert [zone.tz_id for zone in calendar.timezones] == ["Europe/Lisbon"]
    assert calendar.events[0].start == datetime(2027, 3, 31, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(("town", "end"), [("Zwolle", "zwolle"), ("'s-Hertogenbosch", "s-hertogenbosch")])
def test_the_town_is_in_the_name_for_ever(town, end):
    assert calendar_uid(on("2027-03-31", KOFFIE), town) == f"koffie-en-koters@2027-03-31@minidorp.{end}"


def test_a_place_without_an_address_is_its_name():
    nowhere = BOERDERIJ.model_copy(update={"address": None})
    event = read(appointment(on("2027-03-30", KINDERCAFE), nowhere, "nl", 0, town="Zwolle", now=NOW)).events[0]

    assert event.location == "Wijkboerderij De Proef"
