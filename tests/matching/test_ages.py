from __future__ import annotations

import pytest

from bot.matching.ages import age_months
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
        pytest.param("slaapt niet", None, id="nothing"),
    ],
)  # fmt: skip
def test_the_age_of_the_child_is_read_as_parents_write_it(text: str, months: int | None) -> None:
    assert age_months(clean(text)) == months
