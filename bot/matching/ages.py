"""The age of a child as parents write it: ``8 mnd``, ``anderhalf``, ``2,5 jaar``, ``6 weken``, ``pasgeboren``.

Ages are months, rounded down. Durations ("al drie weken verkouden") are not ages: the word for old, a comma after
the child, or the bare form "3 jaar" must make it likely that the child is meant. How much too early a child was
born is no age either; it is read by itself, in weeks.
"""

from __future__ import annotations

import re
from datetime import date

from bot.matching.clean import plain_letters

WEEKS_PER_MONTH = 4.345
DAYS_PER_MONTH = 30.4
OLDEST_MONTHS = 216
"""Beyond eighteen years it is not the age of a child."""

_WORDS = {
    "een": 1, "one": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4, "vijf": 5, "five": 5,
    "zes": 6, "six": 6, "zeven": 7, "seven": 7, "acht": 8, "eight": 8, "negen": 9, "nine": 9, "tien": 10, "ten": 10,
    "elf": 11, "eleven": 11, "twaalf": 12, "twelve": 12,
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,3}}(?:[.,]\d)?|{'|'.join(_WORDS)})"
_HALF = r"(?P<half>\s+en\s+een\s+halfe?|\s+and\s+a\s+half)?"
_UNITS = {
    "day": r"dag(?:en|jes)?|days?|d",
    "week": r"we?ken|weekjes|week|wkn?|weeks?|wks?|haftal?[iı]?k?|hafta|tyg(?:odni\w*)?|wochen?|тижн\w*|اسبوع|اسابيع",
    "month": r"maand(?:en|jes)?|mnde?n?|mndn|md|mths?|months?|mos?|ay(?:l[iı]k)?|miesi\w+|monat\w*|місяц\w*|اشهر|شهور"
    r"|شهرا?|m",
    "year": r"jaar|jaren|jaartje|jr|j|years?|yrs?|y\.?o\.?|yo|yas\w*|lat(?:ka)?|rok\w*|jahr\w*|год\w*|рок\w*|سنوات"
    r"|سنين|سنة|سنه",
}
_AGE = re.compile(
    rf"(?<![\d.,:]){_NUMBER}{_HALF}[\s-]?(?:(?P<day>{_UNITS['day']})|(?P<week>{_UNITS['week']})"
    rf"|(?P<month>{_UNITS['month']})|(?P<year>{_UNITS['year']}))(?![\w°])"
)
_DURATION_BEFORE = re.compile(
    r"(?:\b(?:al|sinds|nu al|al zeker|elke|iedere|om de|over|binnen|na|pas|for|since|every|within|after|last|in de"
    r"|de laatste|afgelopen|ongeveer|already|tot|til|until|nog)\s*(?:de\s+)?)$"
)
LONGEST_BEFORE = 40
"""Characters before a number in which a word like "al" or "de laatste" is looked for."""
_OLD_AFTER = re.compile(r"\s*(?:oud|old|jong|young|alt)\b")
_CHILD = (
    r"(?:zoon(?:tje)?|dochter(?:tje)?|kind(?:je)?|jongen|jongetje|meisje|peuter|kleuter|dreumes|kleinkind|kleinzoon"
    r"|kleindochter|hij|ze|zij|son|daughter|he|she)"
)
_YEARS_UNSAID = re.compile(
    rf"\b{_CHILD}(?:\s*\((?P<bracket>\d{{1,2}})\)|(?:'s|\s*(?:van|is|is nu|is net|is pas|wordt|is al|turned|just turned"
    r"|is now))\s+(?P<bare>\d{1,2}))"
    r"(?![\w:°]|[.,]\d|\s*(?:keer|x|uur|u|min|minuten|dag|dagen|we?ken|weekjes|maand|maanden|mnd|kilo|kg|graden|gram|cm"
    r"|ml|liter|times|hours|days|weeks|months|kilos|en een half)\b)"
)
"""A child "van 2" or "(4)" is that many years old; in chat the unit is often left out."""
_HALF_WORDS = (
    (re.compile(r"\b(?:anderhalf|one and a half|eineinhalb)(?:\s*(?:jaar|jr|years?|jahre?))?\b"), 18),
    (re.compile(r"\b(?:een half ?jaar|half ?jaar(?:tje)?|half a year|halbes jahr)\s*(?:oud|old)\b"), 6),
    (re.compile(r"\b(?:pasgeboren\w*|newborn|net geboren|just born|yenidogan|noworodek|neugeboren\w*)\b"), 0),
    (re.compile(r"\b(?:kraamweek)\b"), 0),
)
_EARLY = (
    re.compile(
        rf"(?:{_NUMBER})\s*(?:(?P<week>{_UNITS['week']})|(?P<month>{_UNITS['month']}))\s+(?:te vroeg|too early|early"
        r"|premat\w+|eerder geboren|zu fruh|erken|za wczesnie)(?:\s+(?:geboren|born|dogdu|gekomen))?"
    ),
    re.compile(
        rf"\b(?:(?:geboren|born|geb|prematuur|premature)(?:\s+(?:met|bij|na|op|at|with|in))?\s+(?P<at>2[3-9]|3\d|4[0-2])\s*"
        rf"(?:{_UNITS['week']})|(?:met|bij|na|op|at|with)\s+(?P<on>2[3-9]|3\d|4[0-2])\s*(?:{_UNITS['week']})\s+"
        r"(?:geboren|ter wereld|gehaald|born))\b"
    ),
)
"""How much too early ("8 weken te vroeg", "born at 32 weeks"); the second names the week of pregnancy."""

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH_FORMS = {"mrt": "maa", "mar": "maa", "may": "mei", "oct": "okt"}
_BIRTH = re.compile(
    rf"\b(?:(?P<name>(?:{'|'.join((*_MONTHS, *_MONTH_FORMS))})[a-z]*)\.?|(?P<month>\d{{1,2}}))"
    r"\s*[-/ ]\s*(?P<year>20\d\d)\b"
    r"|\b(?P<year_before>20\d\d)\s*[-/ ]\s*(?P<month_after>\d{1,2})\b"
)

FULL_TERM_WEEKS = 40
"""Weeks from which a child that came too early is counted: the day it was expected."""

MOST_WEEKS_EARLY = 17
"""Children born earlier do not live; a greater number was meant otherwise."""

CORRECTED_UNTIL_MONTHS = 24
"""Until the second birthday a child born too early is looked at by the age from the day it was expected; after that
the difference is small. This is what Dutch youth health care does; the professional who reviews confirms it."""


def age_months(text: str) -> int | None:
    """Return the child's age named in ``text``, in whole months, or None. The first likely one wins."""
    lower = _without_early(plain_letters(text))
    for match in _AGE.finditer(lower):
        is_old = bool(_OLD_AFTER.match(lower, match.end()))
        before = lower[max(0, match.start() - LONGEST_BEFORE) : match.start()]
        if not is_old and _DURATION_BEFORE.search(before):
            continue
        months = _months(match)
        if 0 <= months <= OLDEST_MONTHS:
            return int(months)
    for pattern, months in _HALF_WORDS:
        if pattern.search(lower):
            return months
    unsaid = _YEARS_UNSAID.search(lower)
    if unsaid:
        return int(unsaid["bracket"] or unsaid["bare"]) * 12
    return None


def weeks_early(text: str) -> int | None:
    """Return how many weeks too early the child was born as ``text`` tells, or None; at term is None as well."""
    lower = plain_letters(text)
    for pattern in _EARLY:
        match = pattern.search(lower)
        if not match:
            continue
        found = match.groupdict()
        born_at = found.get("at") or found.get("on")
        weeks = FULL_TERM_WEEKS - int(born_at) if born_at else round(_months(match) * WEEKS_PER_MONTH)
        if 0 < weeks <= MOST_WEEKS_EARLY:
            return weeks
    return None


def corrected_months(age: int | None, early_weeks: int | None) -> int | None:
    """Return the age by which a passage is chosen: from the day a child that came too early was expected.

    Holds under two years (``CORRECTED_UNTIL_MONTHS``). Never use it alone for danger: there both ages count.
    """
    if age is None or not early_weeks or age >= CORRECTED_UNTIL_MONTHS:
        return age
    # An age rounded down is half a month too young on average.
    return max(0, int(age + 0.5 - early_weeks / WEEKS_PER_MONTH))


def both_ages(age: int | None, early_weeks: int | None) -> tuple[int, ...]:
    """Return the ages that count for danger: by the calendar and from the day it was expected; none when unknown."""
    corrected = corrected_months(age, early_weeks)
    return tuple(dict.fromkeys(months for months in (age, corrected) if months is not None))


def age_in_months(born: date, today: date) -> int:
    """Return the whole months since the month of birth, of which only the first day is known; never below zero."""
    return max(0, (today.year - born.year) * 12 + today.month - born.month)


def birth_month(text: str, today: date) -> date | None:
    """Return the first day of the month of birth: "maart 2025", "3-2025", "2025-03" or an age; None when none is told.

    An age counts back from ``today``. None as well for a month to come, or one more than eighteen years ago.
    """
    lower = plain_letters(text)
    found = _BIRTH.search(lower)
    if found:
        named, number = found["name"], found["month"] or found["month_after"]
        month = _MONTHS.index(_MONTH_FORMS.get(named[:3], named[:3])) + 1 if named else int(number)
        year = int(found["year"] or found["year_before"])
        if not 1 <= month <= 12:
            return None
        back = (today.year - year) * 12 + today.month - month
    else:
        age = age_months(lower)
        if age is None:
            return None
        back = age
    if not 0 <= back <= OLDEST_MONTHS:
        return None
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def without_ages(text: str) -> str:
    """Return ``text`` in plain letters without what tells an age or a birth too early: what else was said."""
    lower = _without_early(plain_letters(text))
    for pattern in (_AGE, _YEARS_UNSAID, *(pattern for pattern, _ in _HALF_WORDS)):
        lower = pattern.sub(" ", lower)
    return lower


def _without_early(lower: str) -> str:
    for pattern in _EARLY:
        lower = pattern.sub(" ", lower)
    return lower


def _months(match: re.Match[str]) -> float:
    written = match["number"]
    number = float(_WORDS[written]) if written in _WORDS else float(written.replace(",", "."))
    unit = match.groupdict()
    if unit.get("half"):
        number += 0.5
    if unit.get("day"):
        return number / DAYS_PER_MONTH
    if unit["week"]:
        return number / WEEKS_PER_MONTH
    return number if unit["month"] else number * 12
