"""Every mistake a coordinator can make is told by file and line, with what to do about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.agenda.check import check, load
from bot.agenda.load import SCHEDULE_FILES
from bot.knowledge import schema
from bot.knowledge.mistakes import MistakesError
from bot.knowledge.model import Knowledge
from tests.agenda.files import TODAY
from tests.conftest import ROOT
from tests.knowledge.conftest import change

SHIPPED = ROOT / "schedules"


def told(folder: Path, knowledge: Knowledge | None, today: date = TODAY, language: str = "en") -> list[str]:
    return [mistake.told(language).rpartition("/")[2] for mistake in check(folder, knowledge, today)[1]]


def test_a_folder_without_mistakes_is_silent(folder: Path, knowledge: Knowledge) -> None:
    assert told(folder, knowledge) == []


def test_the_shipped_agenda_has_no_mistakes_and_no_warnings(knowledge: Knowledge) -> None:
    assert told(SHIPPED, knowledge) == []


def test_the_shipped_series_are_examples_that_nobody_confirmed(knowledge: Knowledge) -> None:
    agenda = load(SHIPPED, knowledge, TODAY)

    assert {series.id for series in agenda.series()} == {
        "koffie-en-koters", "ontmoed-springplank", "ontmoed-vlasakkers", "kindercafe-schellerhoeve",
    }  # fmt: skip
    for item in (*agenda.series(), *agenda.places.values()):
        assert item.confirmed_on is None
        assert item.review_note


def test_the_schemas_are_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in (SHIPPED / "schema").glob("*.json")}

    assert written == schema.schemas(SCHEDULE_FILES), "run 'minidorp schema'"


SECOND = """\
  - id: thee
    summary: {nl: Thee, en: Tea}
    neighbourhood: stadshagen
    place: kantine
    audience: {nl: Ouders., en: Parents.}
    ages: [0, 48]
    cost: {nl: Gratis., en: Free.}
    when: elke woensdag
    from_time: "11:00"
    until_time: "12:00"
    start: 2026-12-02
"""
NIGHT = """when: laatste zondag van de maand
    from_time: "02:30"
    until_time: "04:00"
    start: 2027-03-01
"""
DAY_TIMES = """when: elke woensdag
    from_time: "09:30"
    until_time: "11:30"
    start: 2026-09-02
    until: 2027-06-30
    skip: [school holidays, public holidays]
"""
DATED = """\
    themes:
      - {day: 2026-12-02, theme: {nl: Zingen, en: Singing}}
    cancelled:
      - {day: 2026-12-09, reason: {nl: De kantine is dicht., en: The canteen is closed.}}
    moved:
      - day: 2026-12-16
        to: 2026-12-17
        from_time: "10:00"
        place: school
        reason: {nl: Een feest., en: A party.}
"""
LONG = "Dit is een zin. " * 300


@pytest.mark.parametrize(
    ("name", "before", "after", "line", "sentence"),
    [
        pytest.param("meetups.yaml", "    ages: [0, 48]\n", "", 3, "ages: is missing", id="a missing field"),
        pytest.param("meetups.yaml", "summary:", "sumary:", 4, "nobody knows this field", id="a misspelt field"),
        pytest.param("meetups.yaml", "id: koffie", "id: Koffie!", 3, "is not written as the others are", id="an id with a capital"),
        pytest.param("meetups.yaml", "id: koffie", f"id: {'k' * 37}", 3, "longer than 36 characters", id="an id over length"),
        pytest.param("meetups.yaml", "en: Coffee}", "fr: Café}", 4, "the language 'en' is missing", id="a language missing"),
        pytest.param("meetups.yaml", "nl: Koffie,", f"nl: {'koffie ' * 10},", 4, "do not fit one screen", id="a name that fits no button"),
        pytest.param("meetups.yaml", "nl: Ouders.", f"nl: {LONG}", 7, "do not fit one screen", id="endless words"),
        pytest.param("meetups.yaml", "nl: Ouders.", "nl: <b>Ouders</b>.", 7, "is markup", id="markup"),
        pytest.param("meetups.yaml", '"09:30"', "10:30", 11, "put it in quotes", id="a time without quotes"),
        pytest.param("meetups.yaml", '"09:30"', '"half tien"', 11, "is not a time", id="text in a time field"),
        pytest.param("meetups.yaml", '"09:30"', '"25:00"', 11, "is not a time", id="a time that does not exist"),
        pytest.param("meetups.yaml", "start: 2026-09-02", "start: 2026-02-30", 1, "is not YAML", id="a date that does not exist"),
        pytest.param("meetups.yaml", "start: 2026-09-02", "start: september", 13, "is not a date", id="text in a date field"),
        pytest.param("meetups.yaml", "start: 2026-09-02", "start: 0226-09-02", 13, "the year 226 is none of ours", id="a year that cannot be"),
        pytest.param("meetups.yaml", "elke woensdag", "als het uitkomt", 10, "is not understood at 'als'", id="an unknown phrase"),
        pytest.param("meetups.yaml", "elke woensdag", "dates", 10, "dates names none", id="dates without dates"),
        pytest.param("meetups.yaml", "    until:", "    dates: [2026-12-02]\n    until:", 14, "count only with 'when: dates'", id="dates beside a rule"),
        pytest.param("meetups.yaml", "until: 2027-06-30", "until: 2026-09-01", 14, "until: lies before start", id="until before start"),
        pytest.param("meetups.yaml", '"11:30"', '"09:00"', 12, "is not after from_time", id="an end before the beginning"),
        pytest.param("meetups.yaml", '"10:00"', '"12:00"', 23, "is not after from_time", id="moved to after its end"),
        pytest.param("meetups.yaml", "place: school\n        reason", "place: schol\n        reason", 24, "'schol' is known nowhere", id="moved to an unknown place"),
        pytest.param("meetups.yaml", "place: kantine", "place: kantien", 6, "'kantien' is known nowhere", id="an unknown place"),
        pytest.param("meetups.yaml", "neighbourhood: stadshagen", "neighbourhood: stadshaagen", 5, "'stadshaagen' is known nowhere", id="an unknown wijk"),
        pytest.param("meetups.yaml", "day: 2026-12-02", "day: 2026-12-03", 17, "on 2026-12-03 (Thursday) this series has no meeting", id="a theme on no meeting day"),
        pytest.param("meetups.yaml", "day: 2026-12-02", "day: 2026-12-23", 17, "has no meeting", id="a theme in the holidays"),
        pytest.param("meetups.yaml", "day: 2026-12-09", "day: 2027-07-07", 19, "lies outside the series", id="a date outside the series"),
        pytest.param("meetups.yaml", "day: 2026-12-16", "day: 2026-08-26", 21, "lies outside the series", id="moved before the start"),
        pytest.param("meetups.yaml", "day: 2026-12-16", "day: 2026-12-09", 21, "is cancelled as well", id="cancelled and moved"),
        pytest.param("meetups.yaml", "to: 2026-12-17", "to: 3026-12-17", 22, "the year 3026", id="moved to another millennium"),
        pytest.param("meetups.yaml", DAY_TIMES + DATED, NIGHT, 11, "02:30 does not exist on 2027-03-28", id="a time in the summer-time gap"),
        pytest.param("meetups.yaml", DAY_TIMES + DATED, NIGHT.replace("03-01", "10-01"), 11, "02:30 comes twice on 2027-10-31", id="a time that comes twice"),
        pytest.param("meetups.yaml", "start: 2026-09-02\n    until: 2027-06-30", "start: 2026-10-12\n    until: 2026-10-16", 10, "no meeting ever", id="a series that never meets"),
        pytest.param("meetups.yaml", "meetups:\n", f"meetups:\n{SECOND.replace('thee', 'koffie').replace('2026-12-02', '2027-12-01')}", 14, "also stands in meetups.yaml, line 3", id="an id twice"),
        pytest.param("meetups.yaml", "meetups:\n", "calendars: [{file: weg.ics, id: weg, summary: {nl: W, en: W}, neighbourhood: stadshagen, place: kantine, audience: {nl: O, en: P}, ages: [0, 4], cost: {nl: G, en: F}}]\nmeetups:\n", 2, "weg.ics cannot be read (No such file", id="a missing calendar"),
        pytest.param("places.yaml", "id: school", "id: kantine", 7, "also stands in places.yaml, line 3", id="a place twice"),
        pytest.param("places.yaml", "neighbourhood: stadshagen", "neighbourhood: mars", 5, "'mars' is known nowhere", id="a place in an unknown wijk"),
        pytest.param("places.yaml", "latitude: 52.5424, longitude: 6.0347", "latitude: 6.0347, longitude: 52.5424", 6, "lies far from Stadshagen", id="coordinates turned around"),
        pytest.param("places.yaml", "    name: De kantine", "    name: De kantine\n    confirmed_on: 2027-01-01", 5, "lies in the future", id="confirmed tomorrow"),
        pytest.param("announcements.yaml", "[stadshagen]", "[mars]", 5, "'mars' is known nowhere", id="an unknown audience"),
        pytest.param("announcements.yaml", "[koffie]", "[thee]", 5, "'thee' is known nowhere", id="an unknown meetup"),
        pytest.param("announcements.yaml", "zingen?,", "**zingen**?,", 4, "is markup", id="broken markup"),
        pytest.param("announcements.yaml", "Kom je ook zingen?", LONG, 4, "more than one message holds", id="a message that is too long"),
        pytest.param("announcements.yaml", "2026-12-01 18:00", "dinsdagavond", 6, "is not a day and a time", id="text in a moment"),
        pytest.param("announcements.yaml", "2026-12-01 18:00", "2026-12-01T18:00:00Z", 6, "names a zone", id="a moment with a zone"),
        pytest.param("announcements.yaml", "2026-12-01 18:00", "2027-03-28 02:30", 6, "does not exist", id="a moment in the summer-time gap"),
        pytest.param("team.yaml", "telegram_id: 2", "telegram_id: 1", 5, "also stands in team.yaml, line 4", id="somebody twice"),
        pytest.param("team.yaml", "[stadshagen]", "[mars]", 4, "'mars' is known nowhere", id="a coordinator of an unknown wijk"),
        pytest.param("team.yaml", "role: professional", "role: baas", 5, "choose", id="an unknown role"),
        pytest.param("tips.yaml", "huilen-baby", "huilen-oma", 3, "'huilen-oma' is known nowhere", id="a tip from no answer"),
        pytest.param("tips.yaml", "age_months: 2", "age_months: 40", 3, "meant for 0 to 12 months", id="a tip at the wrong age"),
    ],
)  # fmt: skip
def test_an_error_is_told_with_its_file_and_line(
    folder: Path, knowledge: Knowledge, name: str, before: str, after: str, line: int, sentence: str
) -> None:
    change(folder, name, before, after)

    found = told(folder, knowledge)

    assert any(
        each.startswith(f"{name}:{line}: ") and sentence in each for each in found if ": warning:" not in each
    ), found
    with pytest.raises(MistakesError):
        load(folder, knowledge, TODAY)


@pytest.mark.parametrize(
    ("name", "before", "after", "line", "sentence"),
    [
        pytest.param("places.yaml", "    coordinates: {latitude: 52.5424, longitude: 6.0347}\n", "", 3, "'kantine' has no coordinates", id="a place without coordinates"),
        pytest.param("places.yaml", "neighbourhood: stadshagen", "neighbourhood: holtenbroek", 5, "'koffie' is in stadshagen, its place in holtenbroek", id="a place in another wijk"),
        pytest.param("meetups.yaml", "meetups:\n", f"meetups:\n{SECOND}", 3, "'thee' and 'koffie' are both at 'kantine' on 2026-12-02", id="overlapping series in one place"),
        pytest.param("meetups.yaml", "day: 2026-12-02", "day: 2026-12-09", 17, "has a theme and is cancelled", id="a theme on a cancelled date"),
        pytest.param("meetups.yaml", "day: 2026-12-02", "day: 2026-11-18", 17, "themes: 2026-11-18 has passed", id="a theme in the past"),
        pytest.param("meetups.yaml", "day: 2026-12-09", "day: 2026-11-18", 19, "cancelled: 2026-11-18 has passed", id="a cancellation in the past"),
        pytest.param("meetups.yaml", "to: 2026-12-17", "to: 2026-11-17", 22, "to: 2026-11-17 has passed", id="moved into the past"),
        pytest.param("meetups.yaml", f"until: 2027-06-30\n    skip: [school holidays, public holidays]\n{DATED}", "until: 2026-11-18\n", 14, "the series 'koffie' has ended", id="a series that has ended"),
        pytest.param("announcements.yaml", "2026-12-01", "2026-11-01", 6, "send_at: 2026-11-01 has passed", id="an announcement in the past"),
        pytest.param("announcements.yaml", "Kom je ook zingen?", "Kom je ook zingen? " * 60, 4, "long for a phone", id="a long announcement"),
        pytest.param("meetups.yaml", "nl: Gratis.", "nl: Je moet betalen.", 9, "orders a parent about", id="an unkind word"),
        pytest.param("team.yaml", "-100123", "100123", 2, "a group's number begins with a minus", id="a team chat that is a person"),
        pytest.param("tips.yaml", "# yaml-language-server: $schema=schema/tips.schema.json", "# tips", 1, "does not begin with", id="no line for the editor"),
    ],
)  # fmt: skip
def test_a_warning_is_told_and_the_files_are_used(
    folder: Path, knowledge: Knowledge, name: str, before: str, after: str, line: int, sentence: str
) -> None:
    change(folder, name, before, after)

    found = told(folder, knowledge)

    wanted = f"meetups.yaml:{line}: warning: " if "its place" in sentence else f"{name}:{line}: warning: "
    assert any(each.startswith(wanted) and sentence in each for each in found), found
    load(folder, knowledge, TODAY)


def test_all_mistakes_are_told_at_once(folder: Path, knowledge: Knowledge) -> None:
    change(folder, "meetups.yaml", "place: kantine", "place: kantien")
    change(folder, "team.yaml", "telegram_id: 2", "telegram_id: 1")
    change(folder, "tips.yaml", "huilen-baby", "huilen-oma")

    assert [each.split(": ")[0] for each in told(folder, knowledge)] == ["meetups.yaml:6", "team.yaml:5", "tips.yaml:3"]


def test_a_missing_file_and_a_file_that_is_none_are_told(folder: Path, knowledge: Knowledge) -> None:
    (folder / "tips.yaml").rename(folder / "tipps.yaml")

    found = told(folder, knowledge)

    assert any(each.startswith("tipps.yaml:1: is no file of the agenda") for each in found)
    assert any(each.startswith("tips.yaml:1: is missing") for each in found)


def test_a_doubtful_holiday_is_the_coordinators_and_asked_in_time(folder: Path, knowledge: Knowledge) -> None:
    (asked,) = (each for each in told(folder, knowledge, date(2027, 4, 1)) if "Liberation Day" in each)

    assert asked.startswith("meetups.yaml:15: warning: skip: 2027-05-05 is Liberation Day")
    assert not any("Liberation" in each for each in told(folder, knowledge, date(2027, 2, 1)))


def test_in_dutch_the_names_of_days_and_holidays_are_dutch(folder: Path, knowledge: Knowledge) -> None:
    change(folder, "meetups.yaml", "when: elke woensdag", "when: elke vrijdag")

    mistakes = told(folder, knowledge, date(2027, 3, 20), "nl")

    assert any("2026-12-02 (woensdag) heeft deze reeks geen bijeenkomst" in each for each in mistakes)
    assert any("2027-03-26 is Goede Vrijdag, voor een deel" in each for each in mistakes)
    assert not any("Good Friday" in each or "Wednesday" in each for each in mistakes)


def test_school_holidays_that_nobody_knows_yet_are_told(folder: Path, knowledge: Knowledge) -> None:
    change(folder, "meetups.yaml", "until: 2027-06-30", "until: 2095-06-30")

    assert any(
        "school holidays of 2041 are not all known" in each for each in told(folder, knowledge, date(2040, 6, 1))
    )


def test_time_that_passes_never_makes_an_error(folder: Path, knowledge: Knowledge) -> None:
    for year in (2027, 2028, 2040):
        load(folder, knowledge, date(year, 8, 1))


def test_without_the_answers_the_agenda_is_checked_as_far_as_it_goes(folder: Path) -> None:
    change(folder, "meetups.yaml", "elke woensdag", "ooit")

    (only,) = told(folder, None)

    assert "is not understood" in only


def test_coordinators_read_it_in_dutch(folder: Path, knowledge: Knowledge) -> None:
    change(folder, "meetups.yaml", "elke woensdag", "ooit")

    (only,) = told(folder, knowledge, language="nl")

    assert only.startswith("meetups.yaml:10: 'ooit' is niet te begrijpen bij 'ooit'; schrijf het als 'elke woensdag'")
