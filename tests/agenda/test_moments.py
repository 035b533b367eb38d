"""Days and times as people in the Netherlands write them."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.agenda.moments import MomentError, read_day, read_times, read_when

TODAY = date(2027, 5, 30)
"""A Sunday."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("di 8 juni", date(2027, 6, 8), id="a short weekday before it"),
        pytest.param("Dinsdag 8 Juni", date(2027, 6, 8), id="with capitals"),
        pytest.param("8-6-2027", date(2027, 6, 8), id="day before month"),
        pytest.param("8/6/27", date(2027, 6, 8), id="a short year"),
        pytest.param("8.6.2027", date(2027, 6, 8), id="with points"),
        pytest.param("2027-06-08", date(2027, 6, 8), id="as a computer writes it"),
        pytest.param("1 mrt", date(2028, 3, 1), id="gone this year, so the next"),
        pytest.param("woensdag", date(2027, 6, 2), id="the first one to come"),
        pytest.param("zondag", date(2027, 5, 30), id="today is one"),
        pytest.param("morgen", date(2027, 5, 31), id="tomorrow"),
        pytest.param("Thu 3 June", date(2027, 6, 3), id="in English"),
    ],
)
def test_a_day_is_read_as_it_is_written(text, day):
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["31 februari", "12", "juni", "gauw", "wo 8 juni", "", "32-1-2027", "1" * 5000])
def test_what_is_no_day_is_refused_with_how_to_write_it(text):
    with pytest.raises(MomentError, match=r"8 juni|weekday"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("9.30 - 11.30 uur", time(9, 30), time(11, 30), id="as on a poster"),
        pytest.param("9:30-11:30", time(9, 30), time(11, 30), id="with colons"),
        pytest.param("van 9u30 tot 11u", time(9, 30), time(11), id="as in Flanders"),
        pytest.param("13.00–15.00", time(13), time(15), id="with a long dash"),
        pytest.param("10 uur", time(10), None, id="one time"),
    ],
)
def test_times_are_read_as_they_are_written(text, start, end):
    assert read_times(text) == (start, end)


@pytest.mark.parametrize("text", ["half tien", "25:00", "11.30-9.30", "9.30-9.30", "9-10-11", "", "- -"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(MomentError):
        read_times(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("do 3 juni 10.00 - 12.00", (date(2027, 6, 3), time(10), time(12)), id="day and times"),
        pytest.param("morgen om 10.30 uur", (date(2027, 5, 31), time(10, 30), None), id="day and beginning"),
        pytest.param("3 juni 10-12 uur", (date(2027, 6, 3), time(10), time(12)), id="whole hours"),
        pytest.param("10.00-12.00", (None, time(10), time(12)), id="times only"),
        pytest.param("9 - 11", (None, time(9), time(11)), id="bare hours with room between"),
        pytest.param("9-11", (date(2027, 11, 9), None, None), id="a day in November"),
        pytest.param("do 3 juni", (date(2027, 6, 3), None, None), id="day only"),
    ],
)
def test_day_and_times_are_told_apart(text, expected):
    assert read_when(text, TODAY) == expected
