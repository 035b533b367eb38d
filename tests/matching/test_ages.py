from __future__ import annotations

from datetime import date

import pytest

from bot.matching.ages import age_in_months, age_months, birth_month, both_ages, corrected_months, weeks_early
from bot.matching.clean import clean


@pytest.mark.parametrize(
    ("text", "months"),
    [
        pytest.param("mn zoontje van 8 mnd wil niet slapen", 8, id="months, abbreviated"),
        pytest.param("dochter anderhalf jaar", 18, id="anderhalf"),
        pytest.param("hij is anderhalf en slaat", 18, id="anderhalf alone"),
        pytest.param("ze is 2,5 jaar", 30, id="a comma"),
        pytest.param("ze is 2.5jr", 30, id="a point, no space"),
        pytest.param("ze is 2½ jaar", 30, id="a fraction character"),
        pytest.param("baby van 6 weken huilt", 1, id="weeks, rounded down"),
        pytest.param("onze pasgeboren baby", 0, id="newborn"),
        pytest.param("drie jaar en nog een luier", 36, id="a word for a number"),
        pytest.param("twee en een half jaar", 30, id="two and a half in words"),
        pytest.param("hij is een half jaar oud", 6, id="half a year old"),
        pytest.param("my 3 year old bites", 36, id="English, year old"),
        pytest.param("our 10-month-old", 10, id="English with dashes"),
        pytest.param("2yo won't nap", 24, id="English shorthand"),
        pytest.param("8 aylık bebek", 8, id="Turkish"),
        pytest.param("al drie weken verkouden", None, id="how long it lasts is no age"),
        pytest.param("sinds 2 maanden wil hij niet", None, id="since when is no age"),
        pytest.param("hij is al 3 jaar oud", 36, id="already three years old is an age"),
        pytest.param("koorts 39,5", None, id="a temperature"),
        pytest.param("om 5 uur wakker", None, id="a time of day"),
        pytest.param("mijn opa van 88 jaar", None, id="a grandfather"),
        pytest.param("koorts bij mn zoontje van 2, hij drinkt wel", 24, id="years unsaid"),
        pytest.param("onze dochter (4) liegt", 48, id="years in brackets"),
        pytest.param("ze is 3 keer wakker", None, id="three times is no age"),
        pytest.param("hij is 12 kilo", None, id="a weight"),
        pytest.param("geboren met 32 weken, nu 5 maanden", 5, id="the week of birth is no age"),
        pytest.param("ze is 2 maanden te vroeg geboren", None, id="too early is no age"),
        pytest.param("she just turned 3", 36, id="years unsaid in English"),
        pytest.param("عمرها ٨ أشهر", 8, id="Arabic"),
        pytest.param("йому 8 місяців", 8, id="Ukrainian"),
        pytest.param("slaapt niet", None, id="nothing"),
    ],
)  # fmt: skip
def test_the_age_of_the_child_is_read_as_parents_write_it(text: str, months: int | None) -> None:
    assert age_months(clean(text)) == months


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        pytest.param("8 weken te vroeg", 8, id="weeks"),
        pytest.param("ze kwam zes weken te vroeg", 6, id="a number in words"),
        pytest.param("ze is 2 maanden te vroeg geboren", 9, id="months"),
        pytest.param("geboren met 32 weken, nu 5 maanden", 8, id="the week of birth"),
        pytest.param("bij 34 weken geboren", 6, id="the week of birth before the word"),
        pytest.param("born 6 weeks early", 6, id="English"),
        pytest.param("premature at 30 weeks", 10, id="English week"),
        pytest.param("8 hafta erken doğdu", 8, id="Turkish"),
        pytest.param("sie kam 6 Wochen zu früh", 6, id="German"),
        pytest.param("geboren met 40 weken", None, id="at term"),
        pytest.param("hij wordt te vroeg wakker, 6 weken al", None, id="awake too early"),
        pytest.param("30 weken te vroeg", None, id="more than can be"),
    ],
)
def test_how_much_too_early_is_read_in_weeks(text: str, weeks: int | None) -> None:
    assert weeks_early(clean(text)) == weeks


@pytest.mark.parametrize(
    ("age", "weeks", "corrected"),
    [
        pytest.param(5, 8, 3, id="two months younger"),
        pytest.param(5, None, 5, id="at term"),
        pytest.param(None, 8, None, id="age unknown"),
        pytest.param(1, 12, 0, id="not below birth"),
        pytest.param(23, 12, 20, id="just under two"),
        pytest.param(24, 12, 24, id="from two years on no more"),
    ],
)
def test_the_age_is_corrected_until_two_years(age: int | None, weeks: int | None, corrected: int | None) -> None:
    assert corrected_months(age, weeks) == corrected


def test_for_danger_both_ages_count() -> None:
    assert both_ages(4, 8) == (4, 2)
    assert both_ages(4, None) == (4,)
    assert both_ages(None, 8) == ()


def test_the_age_follows_from_the_month_of_birth() -> None:
    assert age_in_months(date(2025, 3, 1), date(2027, 3, 31)) == 24
    assert age_in_months(date(2027, 3, 1), date(2027, 3, 1)) == 0
    assert age_in_months(date(2027, 5, 1), date(2027, 3, 31)) == 0


@pytest.mark.parametrize(
    ("text", "born"),
    [
        pytest.param("maart 2025", date(2025, 3, 1), id="a month in Dutch"),
        pytest.param("12 mrt 2025", date(2025, 3, 1), id="a whole date, abbreviated"),
        pytest.param("March 2025", date(2025, 3, 1), id="a month in English"),
        pytest.param("in oktober 2026", date(2026, 10, 1), id="behind a word"),
        pytest.param("3-2025", date(2025, 3, 1), id="numbers"),
        pytest.param("12-03-2025", date(2025, 3, 1), id="a whole date in numbers"),
        pytest.param("2025-03", date(2025, 3, 1), id="the year first"),
        pytest.param("8 maanden", date(2026, 7, 1), id="an age"),
        pytest.param("2 jaar", date(2025, 3, 1), id="years"),
        pytest.param("13-2025", None, id="no such month"),
        pytest.param("mei 2027", None, id="still to come"),
        pytest.param("maart 2005", None, id="grown up"),
        pytest.param("weet ik niet", None, id="nothing"),
    ],
)
def test_the_month_of_birth_is_read_as_typed(text: str, born: date | None) -> None:
    assert birth_month(text, date(2027, 3, 31)) == born
