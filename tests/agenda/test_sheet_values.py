"""What people write in a cell, read as they mean it; what can mean two things is asked."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.agenda.sheet_values import When, ages, languages, postcode, times, when, yes

TODAY = date(2026, 11, 22)
NINE, ELEVEN = time(9, 30), time(11, 30)
JUNE = date(2027, 6, 8)
NINE_ON_A_DAY = datetime(2027, 6, 8, 9, 30)  # noqa: DTZ001 - a cell of Excel has no zone


@pytest.mark.parametrize(
    ("cell", "repeat", "expected"),
    [
        pytest.param("8-6-2027", None, When(days=(JUNE,)), id="a date in text"),
        pytest.param(JUNE, None, When(days=(JUNE,)), id="a date of Excel"),
        pytest.param(46546, None, When(days=(JUNE,)), id="a date that lost its form"),
        pytest.param(NINE_ON_A_DAY, None, When(days=(JUNE,), from_time=NINE), id="with the time in it"),
        pytest.param("di 8 juni", None, When(days=(JUNE,), has_guessed_year=True), id="without a year"),
        pytest.param("wo 2 september", None, When(days=(date(2026, 9, 2),), has_guessed_year=True), id="the weekday tells the year"),
        pytest.param("dinsdag 8 juni 2027, 9.30 - 11.30 uur", None, When(None, (JUNE,), None, NINE, ELEVEN), id="as on a flyer"),
        pytest.param("8, 15 en 22 juni 2027", None, When(days=(JUNE, date(2027, 6, 15), date(2027, 6, 22))), id="several days of one month"),
        pytest.param("8-6-2027; 6-7-2027", None, When(days=(JUNE, date(2027, 7, 6))), id="several dates"),
        pytest.param("iedere 2e en 4e donderdag", None, When("iedere 2e en 4e donderdag"), id="a rhythm"),
        pytest.param("elke dinsdag 9.30-11.30", None, When("elke dinsdag", (), None, NINE, ELEVEN), id="a rhythm with times"),
        pytest.param("wo 02-09", None, When(days=(date(2026, 9, 2),), has_guessed_year=True), id="a date, no times"),
        pytest.param("woensdag", "om de week", When("om de week op woensdag"), id="weekday and how often"),
        pytest.param("donderdag", "iedere 2e en 4e donderdag", When("iedere 2e en 4e donderdag"), id="the weekday twice"),
        pytest.param(JUNE, "wekelijks", When("wekelijks op dinsdag", first=JUNE), id="from a date on"),
        pytest.param(JUNE, "eenmalig", When(days=(JUNE,)), id="once"),
        pytest.param(None, "elke maandag", When("elke maandag"), id="only how often"),
        pytest.param(None, None, When(), id="nothing"),
    ],
)  # fmt: skip
def test_days_and_rhythms_are_read(cell: object, repeat: str | None, expected: When) -> None:
    assert when(cell, repeat, TODAY) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "repeat", "told"),
    [
        pytest.param("31 februari", None, "is no day", id="a day that does not exist"),
        pytest.param("30-2-2027", None, "is no day", id="in figures"),
        pytest.param("ooit", None, "is not understood", id="words"),
        pytest.param("iedere tweede dinsdag", None, "read in two ways", id="two meanings"),
        pytest.param("vrijdag", "elke donderdag", "not on the same day of the week", id="two weekdays"),
        pytest.param(JUNE, "maandelijks", "does not say which days", id="which Tuesday of the month"),
        pytest.param("8-6-2027; 9-6-2027", "wekelijks", "do not go together", id="days and a rhythm"),
        pytest.param("=VANDAAG()", None, "is a formula", id="a formula"),
        pytest.param("#REF!", None, "is an error of the spreadsheet", id="an error of Excel"),
        pytest.param("wo 8-6-2027", None, "not on that day of the week", id="a Tuesday that says Wednesday"),
    ],
)  # fmt: skip
def test_what_is_no_day_says_how_to_write_it(cell: object, repeat: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        when(cell, repeat, TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("9.30 - 11.30 uur", (NINE, ELEVEN), id="as on a poster"),
        pytest.param(time(9, 30), (NINE, None), id="a time of Excel"),
        pytest.param(0.3958333333, (NINE, None), id="a part of a day"),
        pytest.param(9, (time(9), None), id="a whole hour"),
    ],
)
def test_times_are_read(cell: object, expected: object) -> None:
    assert times(cell) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "told"), [("half tien", "is no time"), (9.3, "two ways"), (JUNE, "Excel made a date")]
)
def test_what_is_no_time_says_how_to_write_it(cell: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        times(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("0-4 jaar", (0, 48)),
        ("0 tot 4", (0, 48)),
        ("0-18 mnd", (0, 18)),
        ("6 maanden tot 2 jaar", (6, 24)),
        ("t/m 3 jaar", (0, 47)),
        ("vanaf 1 jaar", (12, 48)),
        ("1,5 - 4 jr", (18, 48)),
    ],
)
def test_ages_are_read_in_months(text: str, months: tuple[int, int]) -> None:
    assert ages(text) == months


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("kleuters", "is no age"),
        ("0-18", "months or years"),
        ("4-0 jaar", "youngest first"),
        (JUNE, "Excel made a date"),
    ],
)
def test_ages_that_say_too_little_are_asked(cell: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ages(cell)  # type: ignore[arg-type]


def test_the_rest_of_the_cells() -> None:
    assert languages("Nederlands en Turks") == ["nl", "tr"]
    assert languages("nl/en") == ["nl", "en"]
    assert postcode("8017nz") == "8017 NZ"
    assert [yes(cell) for cell in ("ja", "X", True, "nee", "-", 0)] == [True, True, True, False, False, False]
    for read, cell in ((languages, "Klingon"), (postcode, "8017"), (yes, "misschien")):
        with pytest.raises(ValueError, match="write"):
            read(cell)  # type: ignore[operator]
