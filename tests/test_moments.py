"""Days and times as people say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.locales import moments

MORNING = datetime(2027, 3, 31, 9, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("language", "day", "short", "hours"),
    [
        pytest.param("nl", "woensdag 31 maart", "wo 31 mrt", "9.05 - 11.30 uur", id="Dutch"),
        pytest.param("en", "Wednesday 31 March", "Wed 31 Mar", "9:05 - 11:30", id="English"),
    ],
)
def test_a_moment_is_told_as_people_say_it(language, day, short, hours):
    assert moments.day(MORNING, language) == day
    assert moments.short_day(MORNING, language) == short
    assert moments.hours(MORNING, MORNING.replace(hour=11, minute=30), language) == hours


def test_a_page_shows_the_parts_of_a_day_apart():
    assert (moments.weekday(MORNING, "nl"), moments.month(MORNING, "nl")) == ("wo", "mrt")
    assert (moments.weekday(MORNING, "en"), moments.month(MORNING, "en")) == ("Wed", "Mar")
    assert moments.month_and_year(MORNING, "nl") == "maart 2027"
