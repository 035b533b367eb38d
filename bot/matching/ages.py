"""The age of a child as parents write it: ``8 mnd``, ``anderhalf``, ``2,5 jaar``, ``6 weken``, ``pasgeboren``.

Ages are months, rounded down. Durations ("al drie weken verkouden") are not ages: the word for old, a comma after
the child, or the bare form "3 jaar" must make it likely that the child is meant.
"""

from __future__ import annotations

import re

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
    "week": r"we?ken|weekjes|week|wkn?|weeks?|wks?|haftal?[iı]?k?|hafta|tyg(?:odni)?|wochen?",
    "month": r"maand(?:en|jes)?|mnde?n?|mndn|md|mths?|months?|mos?|ay(?:l[iı]k)?|miesi\w+|monat\w*|m",
    "year": r"jaar|jaren|jaartje|jr|j|years?|yrs?|y\.?o\.?|yo|yas\w*|lat(?:ka)?|rok\w*|jahr\w*|год\w*|рок\w*",
}
_AGE = re.compile(
    rf"(?<![\d.,:]){_NUMBER}{_HALF}[\s-]?(?:(?P<day>{_UNITS['day']})|(?P<week>{_UNITS['week']})"
    rf"|(?P<month>{_UNITS['month']})|(?P<year>{_UNITS['year']}))(?![\w°])"
)
_DURATION_BEFORE = re.compile(
    r"(?:\b(?:al|sinds|nu al|al zeker|elke|iedere|om de|over|binnen|na|pas|for|since|every|within|after|last|in de"
    r"|de laatste|afgelopen|ongeveer|already|tot|til|until|nog)\s*(?:de\s+)?)$"
)
_OLD_AFTER = re.compile(r"^\s*(?:oud|old|jong|young|alt)\b")
_CHILD = (
    r"(?:zoon(?:tje)?|dochter(?:tje)?|kind(?:je)?|jongen|jongetje|meisje|peuter|kleuter|dreumes|kleinkind|kleinzoon"
    r"|kleindochter|hij|ze|zij|son|daughter|he|she)"
)
_YEARS_UNSAID = re.compile(
    rf"\b{_CHILD}\s*(?:\((?P<bracket>\d{{1,2}})\)|(?:van|is|is nu|is net|wordt|is al)\s+(?P<bare>\d{{1,2}}))"
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


def age_months(text: str) -> int | None:
    """Return the child's age named in ``text``, in whole months, or None. The first likely one wins."""
    lower = plain_letters(text)
    for match in _AGE.finditer(lower):
        is_old = bool(_OLD_AFTER.match(lower[match.end() :]))
        if not is_old and _DURATION_BEFORE.search(lower[: match.start()]):
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


def _months(match: re.Match[str]) -> float:
    written = match["number"]
    number = float(_WORDS[written]) if written in _WORDS else float(written.replace(",", "."))
    if match["half"]:
        number += 0.5
    if match["day"]:
        return number / DAYS_PER_MONTH
    if match["week"]:
        return number / WEEKS_PER_MONTH
    return number if match["month"] else number * 12
