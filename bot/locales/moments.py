"""Days and times of day as people say them, in the language of the moment; moments are told in their own zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from babel.dates import format_date, get_day_names, get_month_names

_DAY = {"nl": "EEEE d MMMM", "en": "EEEE d MMMM"}
_SHORT_DAY = {"nl": "EEE d MMM", "en": "EEE d MMM"}
_CLOCK = {"nl": "{0}.{1:02}", "en": "{0}:{1:02}"}
_HOURS = {"nl": "{0} - {1} uur", "en": "{0} - {1}"}

READ = ("nl", "en", "de", "fr", "es", "tr", "pl", "uk", "ru", "ar")
"""The languages in which the name of a day is understood; the bot itself speaks fewer."""


def day(of: date, language: str) -> str:
    """Return ``woensdag 31 maart``."""
    return format_date(of, _DAY.get(language, _DAY["nl"]), locale=language)


def short_day(of: date, language: str) -> str:
    """Return ``wo 31 mrt``."""
    return format_date(of, _SHORT_DAY.get(language, _SHORT_DAY["nl"]), locale=language).replace(".", "")


def clock(at: datetime, language: str) -> str:
    """Return ``9.30``."""
    return _CLOCK.get(language, _CLOCK["nl"]).format(at.hour, at.minute)


def hours(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """Return ``9.30 - 11.30 uur``."""
    told = _HOURS.get(language, _HOURS["nl"])
    return told.format(clock(starts_at, language), clock(ends_at, language))


def weekday(of: date, language: str) -> str:
    """Return ``wo``, to stand above the number of the day."""
    return format_date(of, "EEE", locale=language).replace(".", "")


def weekday_name(of: date, language: str) -> str:
    """Return ``woensdag``."""
    return format_date(of, "EEEE", locale=language)


def month(of: date, language: str) -> str:
    """Return ``mrt``, to stand below the number of the day."""
    return format_date(of, "MMM", locale=language).replace(".", "")


def month_and_year(of: date, language: str) -> str:
    """Return ``maart 2027``, as a heading above days."""
    return format_date(of, "LLLL y", locale=language)


@cache
def months() -> frozenset[str]:
    """Return the names of the months in lower case, whole and shortened, in the languages the bot speaks."""
    return frozenset(
        name.lower().rstrip(".")
        for language in _DAY
        for width in ("wide", "abbreviated")
        for name in get_month_names(width, "format", locale=language).values()
    )


_weekdays: dict[str, int] = {}


def weekdays() -> Mapping[str, int]:
    """Return the names of the days in lower case, in every language that is understood, Monday being 0."""
    if not _weekdays:
        know_weekdays(read_weekdays())
    return _weekdays


def know_weekdays(names: Mapping[str, int]) -> None:
    """Take what :func:`read_weekdays` returned elsewhere."""
    _weekdays.update(names)


def read_weekdays() -> dict[str, int]:
    """Return what :func:`weekdays` does. All that is known of ten languages, 10 MB, stays in memory after it."""
    return {
        name.lower(): number
        for language in READ
        for number, name in get_day_names("wide", "format", locale=language).items()
    }
