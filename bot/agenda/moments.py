"""Days and times of day as people in the Netherlands write them: ``woe 8 juni``, ``8-6-2027``, ``9.30 - 11.30 uur``.

Pure: text and today in, dates and times out; the clock is the one on the wall of the meeting place.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dateutil import parser
from dateutil.relativedelta import relativedelta

TIME = re.compile(r"(?<!\d)(?P<hours>[01]?\d|2[0-4])(?:\s*[.:u]\s*(?P<minutes>[0-5]\d))?(?!\d)")
"""A time of day with a point, a colon or a ``u`` between, or whole hours."""

BETWEEN = re.compile(r"\s*(?:-|–|—|\btot\b|\btill?\b|\bto\b|\bt/m\b)\s*")
"""What stands between the beginning and the end."""


_CLOCK = r"(?:[01]?\d|2[0-3])(?:\s*[.:u]\s*[0-5]\d|\s*(?:uur|u|h)\b)"
_TIMES_AT_THE_END = re.compile(
    rf"(?<![\d.:/-])(?:{_CLOCK}|\d{{1,2}}(?=\s*(?:-|–|tot|till?|to)\s*{_CLOCK}))"
    rf"(?:\s*(?:-|–|—|tot|till?|to)\s*(?:{_CLOCK}|\d{{1,2}}))?\s*(?:uur|u|h)?\s*$"
)
"""A time, or from when until when, after which nothing comes; a bare number is a day rather than an hour."""


_HOURS_ONLY = re.compile(r"\d{1,2}\s+(?:-|–|—|tot|to)\s+\d{1,2}")
"""``9 - 11`` with room between is from nine to eleven; ``9-11`` is a day in November."""


class MomentError(ValueError):
    """A day or time that nobody can follow; the message names it and shows how to write it."""


def is_skipped(moment: datetime) -> bool:
    """Tell whether the clock on the wall never shows this aware moment, because it is put forward over it."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None)


_WEEKDAYS: Any = [
    ("mon", "monday", "ma", "mnd", "maandag"),
    ("tue", "tues", "tuesday", "di", "din", "dinsdag"),
    ("wed", "wednesday", "wo", "woe", "woensdag"),
    ("thu", "thurs", "thursday", "do", "don", "donderdag"),
    ("fri", "friday", "vr", "vrij", "vrijdag"),
    ("sat", "saturday", "za", "zat", "zaterdag"),
    ("sun", "sunday", "zo", "zon", "zondag"),
]
_MONTHS: Any = [
    ("jan", "january", "januari"),
    ("feb", "february", "februari"),
    ("mar", "march", "mrt", "maart"),
    ("apr", "april"),
    ("may", "mei"),
    ("jun", "june", "juni"),
    ("jul", "july", "juli"),
    ("aug", "august", "augustus"),
    ("sep", "sept", "september"),
    ("oct", "october", "okt", "oktober"),
    ("nov", "november"),
    ("dec", "december"),
]


class _Words(parser.parserinfo):
    """Dutch beside English; days come before months."""

    WEEKDAYS = _WEEKDAYS
    MONTHS = _MONTHS

    def __init__(self) -> None:
        super().__init__(dayfirst=True)


_INFO = _Words()
_RELATIVE = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}
_HAS_YEAR = re.compile(r"\b(\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2})\b")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def read_day(text: str, today: date) -> date:
    """Return the day that ``text`` names. Without a year it is the first such day from ``today`` on.

    Raises ``MomentError`` for what is no day, does not exist, or has another weekday than it says.
    """
    words = " ".join(text.lower().replace("'", "").split()).strip(" .,")
    if words in _RELATIVE:
        return today + timedelta(days=_RELATIVE[words])
    wanted = _weekday(words)
    if wanted is not None and not re.search(r"\d", words):
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    try:
        if _ISO.fullmatch(words):
            found = datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        else:
            default = datetime(today.year, today.month, 1)  # noqa: DTZ001
            found = parser.parse(_without_weekday(words), _INFO, default=default).date()
    except (ValueError, OverflowError):
        raise MomentError(f"'{text}' is no day; write it as 8 juni, wo 8 juni or 8-6-{today.year}") from None
    if not re.search(r"\d", words) or re.fullmatch(r"\d{1,2}", words):
        raise MomentError(f"'{text}' does not say which month; write it as 8 juni or 8-6-{today.year}")
    if not _HAS_YEAR.search(words) and found < today:
        found += relativedelta(years=1)
    if wanted is not None and found.weekday() != wanted:
        raise MomentError(f"'{text}' is not on that day of the week; look at the date and the weekday again")
    return found


def read_times(text: str) -> tuple[time, time | None]:
    """Return the beginning and the end that ``text`` names; the end is None when it names only one time.

    Raises ``MomentError`` for what is no time, and for an end that is not after the beginning.
    """
    bare = re.sub(r"\b(uur|hrs?|h|van|vanaf|from|om|at)\b|(?<=\d)\s*u\b(?!\s*\d)", " ", text.lower()).strip(" .")
    parts = [part.strip(" .") for part in BETWEEN.split(bare)]
    found = [_time(part, text) for part in parts if part]
    if not 1 <= len(found) <= 2:
        raise MomentError(f"'{text}' is no time; write it as 9.30 - 11.30")
    start, end = found[0], found[1] if len(found) == 2 else None
    if end is not None and end <= start:
        raise MomentError(f"'{text}' ends before it begins; write the beginning first, as 9.30 - 11.30")
    return start, end


def read_when(text: str, today: date) -> tuple[date | None, time | None, time | None]:
    """Return the day, the beginning and the end that ``text`` names; what it does not name is None.

    ``do 3 december``, ``10.00 - 12.00`` and ``do 3 december 10.00 - 12.00`` are all understood. Raises ``MomentError``
    when it names neither.
    """
    if _HOURS_ONLY.fullmatch(text.strip()):
        return None, *read_times(text)
    found = _TIMES_AT_THE_END.search(text.lower())
    if found is None:
        return read_day(text, today), None, None
    before = re.sub(r"[\s,]*\b(om|van|vanaf|at|from)?\s*$", "", text[: found.start()].lower())
    start, end = read_times(found[0])
    return (read_day(before, today) if before.strip() else None), start, end


def _time(part: str, text: str) -> time:
    found = TIME.fullmatch(part)
    if found is None or found["hours"] == "24":
        raise MomentError(f"'{text}' is no time; write it as 9.30 - 11.30")
    return time(int(found["hours"]), int(found["minutes"] or 0))


def _weekday(words: str) -> int | None:
    """Return the day of the week that stands first, from Monday (0)."""
    first = re.match(r"[a-z]+", words)
    return _INFO.weekday(first[0]) if first else None


def _without_weekday(words: str) -> str:
    return re.sub(r"^[a-z]+\.?,?\s+", "", words) if _weekday(words) is not None else words
