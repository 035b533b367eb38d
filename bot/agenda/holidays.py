"""School and public holidays of the Netherlands, from the library ``holidays``; no table of our own.

School holidays are those of the region (Zwolle: Noord), as the ministry fixes or advises them; schools may add days of
their own, which a coordinator writes down as cancelled dates.

Two days are nobody's to decide here: on Good Friday many people work though it is a public holiday, and Liberation Day
(5 May) is free once in five years only, and for some. A series that skips public holidays does meet on them, and the
check asks the coordinator to cancel or keep such a morning.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from holidays import country_holidays

from bot.agenda.model import SkipReason
from bot.knowledge.mistakes import N_

COUNTRY = "NL"


@lru_cache(maxsize=64)
def _school(region: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays(COUNTRY, subdiv=region, categories=("school",), years=year))


@lru_cache(maxsize=64)
def _public(year: int) -> dict[date, str]:
    return dict(country_holidays(COUNTRY, categories=("public", "optional"), years=year, language="en_US"))


_FOR_THE_COORDINATOR = (N_("Good Friday"), N_("Liberation Day"))


def is_skipped(day: date, skip: tuple[SkipReason, ...], school_region: str) -> bool:
    """Tell whether a series that skips these holidays has no meeting on ``day``."""
    if "school holidays" in skip and day in _school(school_region, day.year):
        return True
    return "public holidays" in skip and day in _public(day.year) and doubtful(day) is None


def doubtful(day: date) -> str | None:
    """Return the name of the holiday about which only the coordinator can tell, or None."""
    name = _public(day.year).get(day, "")
    return next((holiday for holiday in _FOR_THE_COORDINATOR if holiday in name), None)


def school_holidays_are_known(year: int, school_region: str) -> bool:
    """Tell whether the ministry's dates of ``year`` are in the library: it publishes some years ahead.

    A year counts when its last holiday, that of Christmas, is known.
    """
    return any(day.month == 12 for day in _school(school_region, year))
