"""Calendars from Google and Outlook become meetings; broken, huge and endless ones one sentence, at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from time import thread_time

import pytest

from bot.agenda.check import check, load
from bot.agenda.incoming_calendar import CalendarFileError, read
from bot.agenda.model import Change
from bot.agenda.occurrences import find, occurrences
from bot.knowledge.model import Knowledge
from tests.agenda.files import TODAY, write_schedules

AMSTERDAM = "Europe/Amsterdam"

GOOGLE = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Koffie
X-WR-TIMEZONE:Europe/Amsterdam
BEGIN:VEVENT
DTSTART;TZID=Europe/Amsterdam:20260902T093000
DTEND;TZID=Europe/Amsterdam:20260902T113000
RRULE:FREQ=WEEKLY;BYDAY=WE
EXDATE;TZID=Europe/Amsterdam:20261014T093000
DTSTAMP:20261101T120000Z
UID:koffie@google.com
SEQUENCE:1
SUMMARY:Koffie & Koters
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Amsterdam:20261126T100000
DTEND;TZID=Europe/Amsterdam:20261126T113000
DTSTAMP:20261101T120000Z
UID:koffie@google.com
RECURRENCE-ID;TZID=Europe/Amsterdam:20261125T093000
SEQUENCE:2
SUMMARY:Koffie & Koters: samen zingen
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Amsterdam:20261202T093000
DTEND;TZID=Europe/Amsterdam:20261202T113000
DTSTAMP:20261101T120000Z
UID:koffie@google.com
RECURRENCE-ID;TZID=Europe/Amsterdam:20261202T093000
SEQUENCE:2
STATUS:CANCELLED
SUMMARY:Koffie & Koters
END:VEVENT
BEGIN:VEVENT
DTSTART:20261219T130000Z
DTEND:20261219T150000Z
DTSTAMP:20261101T120000Z
UID:kerst@google.com
SUMMARY:Koffie & Koters: kerst
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """\
BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-MS-OLK-FORCEINSPECTOROPEN:TRUE
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CLASS:PUBLIC
CREATED:20260801T090000Z
DTEND;TZID="W. Europe Standard Time":20260901T113000
DTSTAMP:20260801T090000Z
DTSTART;TZID="W. Europe Standard Time":20260901T093000
LAST-MODIFIED:20260801T090000Z
PRIORITY:5
RRULE:FREQ=MONTHLY;BYDAY=1TU
SEQUENCE:0
SUMMARY;LANGUAGE=nl:OntMOED
TRANSP:OPAQUE
UID:040000008200E00074C5B7101A82E008
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR
"""


def one(*lines: str, start: str = "DTSTART:20261202T093000", end: str = "DTEND:20261202T113000") -> str:
    """Return a calendar with one appointment."""
    return "\r\n".join(
        ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "SUMMARY:Koffie", start, end, *lines,
         "END:VEVENT", "END:VCALENDAR", "")
    )  # fmt: skip


def times(text: str, first: date, last: date) -> list[str]:
    return [f"{each.starts_at:%d-%m %H:%M}" for each in read(text.encode(), AMSTERDAM).between(first, last)]


ENTRY = """
calendars:
  - id: agenda
    file: agenda.ics
    summary: {nl: Koffie, en: Coffee}
    neighbourhood: stadshagen
    place: school
    audience: {nl: Ouders., en: Parents.}
    ages: [0, 48]
    cost: {nl: Gratis., en: Free.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_schedules(tmp_path / "schedules")
    comment = "# yaml-language-server: $schema=schema/meetups.schema.json"
    (folder / "meetups.yaml").write_text(comment + ENTRY, encoding="utf-8")
    (folder / "announcements.yaml").write_text(
        "# yaml-language-server: $schema=schema/announcements.schema.json\nannouncements: []\n", encoding="utf-8"
    )
    (folder / "agenda.ics").write_text(GOOGLE, encoding="utf-8", newline="\r\n")
    return folder


def test_a_calendar_of_google_becomes_meetings(folder: Path, knowledge: Knowledge) -> None:
    agenda = load(folder, knowledge, TODAY)

    moved, cancelled, planned = occurrences(agenda, date(2026, 11, 23), date(2026, 12, 9))

    assert (moved.uid, moved.status, moved.place) == ("agenda@2026-11-25", "moved", "school")
    assert f"{moved.starts_at:%d %H:%M} was {moved.was_at:%d %H:%M}" == "26 10:00 was 25 09:30"
    assert moved.theme == {"nl": "samen zingen", "en": "samen zingen"}
    assert (cancelled.uid, cancelled.status) == ("agenda@2026-12-02", "cancelled")
    assert (planned.uid, planned.status, planned.theme) == ("agenda@2026-12-09", "planned", None)
    for occurrence in (moved, cancelled, planned):
        assert find(agenda, occurrence.uid) == occurrence


def test_a_single_appointment_in_utc_is_told_on_the_wall(folder: Path, knowledge: Knowledge) -> None:
    (found,) = occurrences(load(folder, knowledge, TODAY), date(2026, 12, 19), date(2026, 12, 19))

    assert (f"{found.starts_at:%H:%M}", found.theme) == ("14:00", {"nl": "kerst", "en": "kerst"})


def test_changes_by_phone_are_laid_over_a_calendar_too(folder: Path, knowledge: Knowledge) -> None:
    agenda, made_at = load(folder, knowledge, TODAY), datetime(2026, 11, 22, tzinfo=UTC)
    changes = [
        Change("agenda", date(2026, 12, 2), "restored", made_at),
        Change("agenda", date(2026, 11, 25), "restored", made_at),
        Change("agenda", date(2027, 1, 6), "moved", made_at, starts_at=datetime(2026, 12, 5, 9, tzinfo=UTC)),
    ]

    found = occurrences(agenda, date(2026, 11, 23), date(2026, 12, 6), changes)

    assert [(each.on.day, each.status, f"{each.starts_at:%d %H:%M}") for each in found] == [
        (25, "planned", "25 09:30"),
        (2, "planned", "02 09:30"),
        (6, "moved", "05 10:00"),
    ]


def test_a_calendar_of_outlook_with_its_own_time_zone_keeps_half_past_nine() -> None:
    assert times(OUTLOOK, date(2026, 10, 1), date(2026, 12, 31)) == ["06-10 09:30", "03-11 09:30", "01-12 09:30"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(one(), "02-12 09:30", id="floating: the wall of the meeting place"),
        pytest.param(one(start="DTSTART:20261202T083000Z", end="DURATION:PT2H"), "02-12 09:30", id="utc, with a duration"),
        pytest.param(one(start="DTSTART;TZID=Europe/London:20261202T083000", end="DURATION:PT2H"), "02-12 09:30", id="another zone"),
    ],
)  # fmt: skip
def test_times_of_every_kind_are_told_on_the_wall(text: str, expected: str) -> None:
    assert times(text, date(2026, 12, 1), date(2026, 12, 3)) == [expected]


@pytest.mark.parametrize(
    "line", [pytest.param("X-A:1", id="fields nobody knows"), pytest.param("ATTENDEE;CN=x:mailto:a@b.c", id="guests")]
)
def test_hundreds_of_thousands_of_lines_that_say_nothing_of_when_cost_no_time(line: str) -> None:
    started = thread_time()

    assert times(one(f"{line}\r\n" * 300_000), date(2026, 12, 1), date(2026, 12, 3)) == ["02-12 09:30"]
    assert thread_time() - started < 2


def test_an_alarm_has_times_of_its_own_which_are_not_those_of_the_meeting() -> None:
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDURATION:PT5M\r\nREPEAT:2\r\nEND:VALARM"

    assert times(one(alarm), date(2026, 12, 1), date(2026, 12, 3)) == ["02-12 09:30"]


def test_an_endless_series_is_expanded_within_the_asked_days_only() -> None:
    started = thread_time()

    assert len(times(one("RRULE:FREQ=DAILY"), date(2026, 12, 1), date(2026, 12, 31))) == 30
    assert thread_time() - started < 1


AGAIN = "END:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20261202T093000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n"
ALL_DAY = one(start="DTSTART;VALUE=DATE:20261202", end="DTEND;VALUE=DATE:20261203")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "is no calendar that can be read", id="empty"),
        pytest.param(b"%PDF-1.7 flyer", "is no calendar that can be read", id="something else"),
        pytest.param(GOOGLE[:700].encode(), "is no calendar that can be read", id="cut off"),
        pytest.param(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "holds no appointments", id="no appointments"),
        pytest.param(b"\xff\xfe\x00B" * 50, "is no calendar that can be read", id="bytes that are no text"),
        pytest.param(ALL_DAY.encode(), "'Koffie' on 2026-12-02 lasts all day", id="all day"),
        pytest.param(one(end="DTEND:20261204T093000").encode(), "has no end on the same day", id="two days long"),
        pytest.param(one(end="DTEND:20261202T083000").encode(), "has no end on the same day", id="ends before it begins"),
        pytest.param(one(end="TRANSP:OPAQUE").encode(), "has no end on the same day", id="no end"),
        pytest.param(one(start="DTSTART:morgen").encode(), "has no day and time that can be read", id="text as a time"),
        pytest.param(one(start="DTSTART:20260230T093000").encode(), "has no day and time that can be read", id="30 February"),
        pytest.param(one(start="DTSTART:10260902T093000", end="DURATION:PT2H").encode(), "begins in 1026", id="a thousand years ago"),
        pytest.param(one("RRULE:FREQ=SECONDLY").encode(), "repeats as no meeting does", id="every second"),
        pytest.param(one("RRULE:FREQ=HOURLY;COUNT=99999999").encode(), "repeats as no meeting does", id="every hour"),
        pytest.param(one("RRULE:FREQ=DAILY;BYMINUTE=1,2,3,4").encode(), "repeats as no meeting does", id="many times a day"),
        pytest.param(one("RRULE:FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2").encode(), "repeats as no meeting does", id="never"),
        pytest.param(one("RRULE:FREQ=DAILY;INTERVAL=0").encode(), "repeats as no meeting does", id="every zero days, for ever"),
        pytest.param(one("RRULE:FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2").encode(), "repeats as no meeting does", id="never, by the month"),
        pytest.param(one("RRULE:FREQ=MONTHLY;BYDAY=6MO").encode(), "repeats as no meeting does", id="a sixth Monday"),
        pytest.param(one("RRULE:FREQ=DAILY").replace("END:VEVENT\r\n", AGAIN * 20 + "END:VEVENT\r\n").encode(), "more than 20 repeating", id="many endless series"),
        pytest.param(one("RRULE:elke week").encode(), "repeats as no meeting does", id="a rule in words"),
        pytest.param(one("EXDATE:onzin").encode(), "cannot be followed", id="an exception in words"),
        pytest.param(one("EXDATE:" + ",".join(["20261209T093000"] * 6000)).encode(), "more than 3000 appointments", id="thousands of exceptions"),
        pytest.param(b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 100_001, "more than 3000 appointments", id="100 001 appointments"),
        pytest.param(one("STATUS:CONFIRMED\r\n" * 40_000).encode(), "more than 36000 lines", id="40 000 lines"),
        pytest.param(one("SUMMARY:" + "x" * 300_000).encode(), "more than 36000 lines", id="a line of 300 kB"),
        pytest.param(one("BEGIN:VALARM\r\n" * 600_000).encode(), "is no calendar that can be read", id="600 000 alarms that never end"),
        pytest.param(one("DESCRIPTION:" + "x" * 10_000_001).encode(), "is larger than 10 MB", id="more than 10 MB"),
    ],
)  # fmt: skip
def test_a_calendar_that_cannot_be_used_is_one_sentence_at_once(data: bytes, told: str) -> None:
    started = thread_time()

    with pytest.raises(CalendarFileError) as refused:
        read(data, AMSTERDAM)

    assert told in str(refused.value)
    assert thread_time() - started < 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(ALL_DAY, "agenda.ics:1: 'Koffie' on 2026-12-02 lasts all day", id="all day"),
        pytest.param(
            GOOGLE.replace("20261219T1", "20261209T1"),
            "agenda.ics:1: holds 2 appointments on 2026-12-09",
            id="two on one day",
        ),
        pytest.param(
            one(start="DTSTART:20250902T093000", end="DURATION:PT2H"),
            "meetups.yaml:4: warning: file: agenda.ics holds no meeting in the coming year",
            id="over",
        ),
    ],
)
def test_the_check_names_the_calendar(folder: Path, knowledge: Knowledge, text: str, told: str) -> None:
    (folder / "agenda.ics").write_text(text, encoding="utf-8")

    found = [mistake.told("en") for mistake in check(folder, knowledge, TODAY)[1]]

    assert any(told in each for each in found), found
