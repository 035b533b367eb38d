"""``when`` in plain Dutch and English becomes a rule, or one sentence that says how to write it."""

from __future__ import annotations

import pytest

from bot.agenda.phrases import Dates, Monthly, PhraseError, Rule, Weekly, read

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        ("every Wednesday", Weekly((WEDNESDAY,))),
        ("Iedere  WOENSDAG", Weekly((WEDNESDAY,))),
        ("elke woensdagochtend", Weekly((WEDNESDAY,))),
        ("'s maandags", Weekly((MONDAY,))),
        ("wekelijks op ma", Weekly((MONDAY,))),
        ("every week on Wednesday", Weekly((WEDNESDAY,))),
        ("each Tuesday and Thursday", Weekly((TUESDAY, THURSDAY))),
        ("elke dinsdag en donderdag", Weekly((TUESDAY, THURSDAY))),
        ("ma, wo & vr", Weekly((MONDAY, WEDNESDAY, FRIDAY))),
        ("elke dag", Weekly(tuple(range(7)))),
        ("op werkdagen", Weekly(tuple(range(5)))),
        ("om de week op dinsdag", Weekly((TUESDAY,), 2)),
        ("dinsdag, om de week", Weekly((TUESDAY,), 2)),
        ("om de dinsdag", Weekly((TUESDAY,), 2)),
        ("every other Tuesday", Weekly((TUESDAY,), 2)),
        ("every other week on Monday and Friday", Weekly((MONDAY, FRIDAY), 2)),
        ("1x per 2 weken op woensdag", Weekly((WEDNESDAY,), 2)),
        ("tweewekelijks donderdag", Weekly((THURSDAY,), 2)),
        ("elke drie weken op vrijdag", Weekly((FRIDAY,), 3)),
        ("1e en 3e dinsdag", Monthly(((1, TUESDAY), (3, TUESDAY)))),
        ("iedere 2e en 4e donderdag", Monthly(((2, THURSDAY), (4, THURSDAY)))),
        ("2e en 4e donderdag", Monthly(((2, THURSDAY), (4, THURSDAY)))),
        ("eerste maandag v/d maand", Monthly(((1, MONDAY),))),
        ("Laatste vrijdag van de maand", Monthly(((-1, FRIDAY),))),
        ("first and third Tuesday of the month", Monthly(((1, TUESDAY), (3, TUESDAY)))),
        ("every second Tuesday of the month", Monthly(((2, TUESDAY),))),
        ("de tweede dinsdag", Monthly(((2, TUESDAY),))),
        ("1e maandag en 3e woensdag", Monthly(((1, MONDAY), (3, WEDNESDAY)))),
        ("eerste dinsdag en donderdag van de maand", Monthly(((1, TUESDAY), (1, THURSDAY)))),
        ("3 e dinsdag", Monthly(((3, TUESDAY),))),
        ("dates", Dates()),
        ("losse datums", Dates()),
    ],
)
def test_a_phrase_becomes_a_rule(phrase: str, rule: Rule) -> None:
    assert read(phrase) == rule


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        pytest.param("als het uitkomt", "'als het uitkomt' is not understood at 'als'", id="no rule at all"),
        pytest.param("even weken op dinsdag", "is not understood at 'even'", id="even weeks change with the year"),
        pytest.param("elke woensdag behalve in mei", "is not understood at 'behalve'", id="an exception"),
        pytest.param("", "does not say which days", id="nothing"),
        pytest.param("elke maand", "does not say which days", id="no weekday"),
        pytest.param("eerste van de maand", "does not say which days", id="a position without a weekday"),
        pytest.param("om de week", "does not say which days", id="every other week, but when"),
        pytest.param("every second Tuesday", "can be read in two ways", id="every second Tuesday"),
        pytest.param("elke tweede dinsdag", "can be read in two ways", id="the same in Dutch"),
        pytest.param("dinsdag en eerste maandag", "mixes every week with days of the month", id="two rules in one"),
        pytest.param("elke " * 40, "is too long for a rule", id="endless words"),
    ],
)
def test_what_nobody_can_follow_is_one_sentence(phrase: str, told: str) -> None:
    with pytest.raises(PhraseError) as refused:
        read(phrase)

    assert told in str(refused.value)
    assert "; " in str(refused.value)


def test_an_unknown_phrase_shows_two_examples() -> None:
    with pytest.raises(PhraseError, match="'elke woensdag' or 'first and third Tuesday of the month'"):
        read("ooit")
