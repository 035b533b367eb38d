"""A coordinator's sheet against the agenda: what it adds, what it changes, and everything wrong with it at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.agenda.check import load
from bot.agenda.columns import TEMPLATE_ROWS, template
from bot.agenda.importing import Plan, plan
from bot.agenda.load import read_files
from bot.agenda.spreadsheet import read
from bot.agenda.writing import from_sheet, mistakes_in, told_by_row
from bot.knowledge.model import Knowledge
from tests.agenda.files import TODAY

HEADER = "titel;plek;wijk;dag_of_datum;tijd;herhaling;start;tot;niet_in_vakantie;voor_wie;leeftijd;kosten;thema\n"


@pytest.fixture
def planned(folder: Path, knowledge: Knowledge):
    def of(rows: str, header: str = HEADER) -> Plan:
        return plan((header + rows).encode(), "agenda.csv", load(folder, knowledge, TODAY), knowledge, TODAY)

    return of


def errors(made: Plan) -> list[str]:
    return [remark.told("agenda.csv") for remark in made.remarks if remark.level == "error"]


def test_rows_with_one_title_and_place_are_one_series_with_its_dates_and_themes(planned) -> None:
    made = planned(
        "Zingen;De kantine;;8-6-2027;10.00-11.00 uur;;;;;Ouders;0-24 mnd;gratis;Liedjes\n"
        ";;;;;;;;;;;;\n"
        "Zingen;De kantine;;22-6-2027;10.00-11.00 uur;;;;;;;;Dansen\n"
    )

    assert errors(made) == []
    (meetup,) = made.new_meetups
    assert meetup["when"] == "dates"
    assert meetup["dates"] == [date(2027, 6, 8), date(2027, 6, 22)]
    assert [entry["theme"]["nl"] for entry in meetup["themes"]] == ["Liedjes", "Dansen"]
    assert (meetup["place"], meetup["neighbourhood"], meetup["start"]) == ("kantine", "stadshagen", date(2027, 6, 8))
    assert (meetup["ages"], meetup["cost"], meetup["confirmed_on"]) == ((0, 24), {"nl": "Gratis.", "en": "Free."}, None)
    assert made.lines[0].rows == (2, 4)


def test_a_new_place_is_not_confirmed_has_no_invented_coordinates_and_stands_once(planned) -> None:
    made = planned(
        "Zingen;'t Huis;Diezerpoort;8-6-2027;10-11 uur;;;;;Ouders;0-4 jaar;;\n"
        "Dansen;'t Huis;;9-6-2027;10-11 uur;;;;;Ouders;0-4 jaar;;\n"
    )

    assert errors(made) == []
    (place,) = made.new_places
    assert (place["id"], place["neighbourhood"]) == ("t-huis", "dieze")
    assert place["coordinates"] is place["confirmed_on"] is place["address"] is None
    assert [meetup["neighbourhood"] for meetup in made.new_meetups] == ["dieze", "dieze"]


@pytest.mark.parametrize(
    ("cost", "told"),
    [("gratis", "Gratis."), ("€ 2,50", "€ 2,50."), ("2.5", "€ 2,50."), ("3 euro", "€ 3,00."), ("€ 1,-", "€ 1,00.")],
)
def test_what_it_costs_is_told_in_one_way(planned, cost: str, told: str) -> None:
    made = planned(f"Thee;De kantine;;8-6-2027;10-11 uur;;;;;O;0-4 jaar;{cost};\n")

    assert made.new_meetups[0]["cost"]["nl"] == told


def test_the_wijk_follows_from_the_postcode_or_is_asked(planned) -> None:
    header = "titel;plek;postcode;datum;tijd;voor wie;leeftijd\n"

    found = planned("Zingen;'t Huis;8022ab;8-6-2027;10-11 uur;Ouders;0-4 jaar\n", header)
    asked = planned("Zingen;'t Huis;;8-6-2027;10-11 uur;Ouders;0-4 jaar\n", header)

    assert found.new_places[0]["neighbourhood"] == "dieze"
    assert "row 2, wijk: in which wijk is ''t Huis'? it is a new place; write one of Binnenstad" in errors(asked)[0]


def test_a_series_that_is_there_changes_only_where_the_sheet_says_something(planned) -> None:
    made = planned("koffie;De kantine;;di;;;;;;;;;\nKoffie;De kantine;;2-12-2026;;;;;;;;€ 2,50;Slapen\n")

    assert errors(made) == []
    assert made.meetup_changes == {
        "koffie": {
            "when": "di",
            "cost": {"nl": "€ 2,50.", "en": "€2.50."},
            "themes": {date(2026, 12, 2): {"day": date(2026, 12, 2), "theme": {"nl": "Slapen", "en": "Slapen"}}},
        }
    }
    assert not made.new_meetups
    assert not made.new_places


def test_two_ways_to_name_one_series_are_told_and_none_is_lost(planned) -> None:
    made = planned("koffie;kantine;;di;;;;;;;;;\nKoffie;De kantine;;2-12-2026;;;;;;;;;Slapen\n")

    assert errors(made) == ["agenda.csv: row 3: is 'koffie', as row 2 is; write titel and plek the same in both"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param("Thee;De kantine;Zwol;8-6-2027;10-11 uur;;;;;O;0-4 jaar;;", "row 2, wijk: 'Zwol' is no wijk we know", id="wijk"),
        pytest.param("Thee;De kantine;;31-2-2027;10-11 uur;;;;;O;0-4 jaar;;", "row 2, dag_of_datum: '31-2-2027' is no day", id="a day that does not exist"),
        pytest.param("Thee;De kantine;;8-6-2027;half tien;;;;;O;0-4 jaar;;", "row 2, tijd: 'half tien' is no time", id="text in a time field"),
        pytest.param("Thee;De kantine;;8-6-2027;11-10 uur;;;;;O;0-4 jaar;;", "row 2, tijd: '11-10 uur' ends before it begins", id="the wrong way around"),
        pytest.param("Thee;De kantine;;8-6-2027;10 uur;;;;;O;0-4 jaar;;", "row 2, tijd: is empty; write when it ends", id="no end"),
        pytest.param("Thee;De kantine;;;10-11 uur;;;;;O;0-4 jaar;;", "row 2, dag_of_datum: is empty", id="no day"),
        pytest.param("Thee;De kantine;;wo;10-11 uur;om de week;;;;O;0-4 jaar;;", "row 2, start: is empty", id="every other week from when"),
        pytest.param("Thee;De kantine;;wo;10-11 uur;;;;misschien;O;0-4 jaar;;", "row 2, niet_in_vakantie: 'misschien' is no yes or no", id="perhaps"),
        pytest.param("Thee;De kantine;;8-6-2027;10-11 uur;;;;;<b>O</b>;0-4 jaar;;", "row 2, voor_wie: '<b>' is markup or a link", id="markup"),
        pytest.param("=1+1;De kantine;;8-6-2027;10-11 uur;;;;;O;0-4 jaar;;", "row 2, titel: '=1+1' is a formula", id="a formula"),
        pytest.param(f"{'T' * 61};De kantine;;8-6-2027;10-11 uur;;;;;O;0-4 jaar;;", "row 2, titel: 61 characters do not fit", id="a long title"),
        pytest.param("Thee;De kantine;;wo;10-11 uur;;;;;O;0-4 jaar;;Zingen", "row 2, thema: belongs to a date", id="a theme without a day"),
        pytest.param(";De kantine;;8-6-2027;10-11 uur;;;;;O;0-4 jaar;;", "row 2, titel: is empty", id="no title"),
        pytest.param("", "holds no meetings below", id="nothing"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_row_column_and_remedy(planned, row: str, told: str) -> None:
    assert [each for each in errors(planned(row + "\n")) if told in each], errors(planned(row + "\n"))


def test_rows_that_contradict_each_other_name_both(planned) -> None:
    row = "Thee;De kantine;;{day}-6-2027;10-{until} uur;;;;;O;0-4 jaar;;\n"

    assert errors(planned(row.format(day=8, until=11) + row.format(day=9, until=12))) == [
        "agenda.csv: row 3, tijd: '12:00' is not what row 2 says ('11:00'); make them the same, "
        "or give one of the two another titel"
    ]


def test_everything_wrong_is_told_at_once(planned) -> None:
    assert len(errors(planned("Thee;Nieuw;Zwol;31-2-2027;half tien;;;;;;kleuters;;\nTaart;;;;;;;;;;;;\n"))) >= 9


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("wat;waar;datum;van;tot;doelgroep;leeftijd kind\n", id="van and tot are times"),
        pytest.param("Agenda van de wijk;;;;;;\n\nTITEL;Locatie;Dag/datum;Begintijd;Eind tijd;Voor wie?;Leeftijd\n", id="a title above, capitals and signs"),
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(planned, header: str) -> None:
    made = planned("Thee;De kantine;8-6-2027;9.30;11.00;Ouders;0-4 jaar\n", header)

    assert errors(made) == []
    assert made.lines[0].hours == "09:30 - 11:00"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        pytest.param("Jan;Piet\n", "has no row with the names of the columns", id="no names"),
        pytest.param("titel;plek;locatie\n", "row 1: two columns are the plek ('locatie')", id="a column twice"),
    ],
)
def test_a_sheet_without_clear_columns_is_one_sentence(planned, header: str, told: str) -> None:
    (error,) = errors(planned("a;b;c\n", header))

    assert told in error


def test_what_breaks_a_rule_of_the_agenda_is_told_by_its_row(planned, folder: Path, knowledge: Knowledge) -> None:
    made = planned("Koffie;De kantine;;2-12-2026;;;;;;;;;Slapen\nKoffie;De kantine;;3-12-2026;;;;;;;;;Zingen\n")

    read, mistakes = mistakes_in(
        from_sheet(folder, made), knowledge, TODAY, timezone="Europe/Amsterdam", school_region="Noord"
    )

    told = [remark.told("agenda.csv") for remark in told_by_row(made, read, mistakes) if remark.level == "error"]
    assert told == [
        "agenda.csv: row 3: themes: on 2026-12-03 (Thursday) this series has no meeting; "
        "correct the day, or when or skip"
    ]


def test_the_template_opens_in_excel_and_is_a_sheet_without_a_mistake(folder: Path, knowledge: Knowledge) -> None:
    data = template(2026)

    assert data.startswith("\ufefftitel;".encode())
    assert data.count(b"\r\n") == 1 + len(TEMPLATE_ROWS)
    assert not [cell for row in read(data) for cell in row.cells if str(cell).startswith(("=", "+", "-", "@", "\t"))]
    made = plan(data, "agenda.csv", load(folder, knowledge, TODAY), knowledge, TODAY)
    _, mistakes = mistakes_in(
        from_sheet(folder, made), knowledge, TODAY, timezone="Europe/Amsterdam", school_region="Noord"
    )
    assert errors(made) == []
    assert not [each.told("en") for each in mistakes if each.level == "error"]
    assert read_files(folder, "Europe/Amsterdam").is_whole()
