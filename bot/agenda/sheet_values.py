"""What stands in one cell of a coordinator's sheet, to a value: days, times, rhythms, ages, languages, yes or no.

Pure. Everything that cannot be read raises ``ValueError`` with one sentence: the words, the problem, how to write it.
What can be read in two ways is refused rather than guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.agenda import phrases
from bot.agenda.columns import plain
from bot.agenda.moments import MomentError, read_day, read_times
from bot.agenda.spreadsheet import Cell

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

_ONCE = {"", "eenmalig", "eenmaal", "1x", "een keer", "geen", "nee", "niet", "nvt", "n.v.t.", "-", "los", "losse datum"}
"""Words in the column of repetition for a meeting that does not repeat."""

_LOOK_BACK = timedelta(days=180)
"""How far back the weekday of a day without a year may still make it fit: the sheet of a season that has begun."""

_EXCEL_DAYS = (36526, 73050)
"""Days since 1899-12-30 that Excel shows when a date has lost its form: 2000 to 2099."""

_LANGUAGES = {
    "nl": "nederlands dutch", "en": "engels english", "tr": "turks turkish", "ar": "arabisch arabic",
    "pl": "pools polish", "uk": "oekraiens ukrainian", "so": "somalisch somali", "ti": "tigrinya",
    "fa": "farsi perzisch dari", "pap": "papiaments papiamentu", "de": "duits german", "fr": "frans french",
    "es": "spaans spanish", "ru": "russisch russian", "bg": "bulgaars bulgarian", "ro": "roemeens romanian",
}  # fmt: skip

_LANGUAGE_CODES = {word: code for code, words in _LANGUAGES.items() for word in (code, *words.split())}


@dataclass(frozen=True, slots=True)
class When:
    """When a row says that something is: a rhythm in words, or days, with the times that stood beside them.

    ``first`` is the day from which a rhythm counts when the row began with a day. ``has_guessed_year`` tells that a day
    stood there without its year.
    """

    rhythm: str | None = None
    days: tuple[date, ...] = ()
    first: date | None = None
    from_time: time | None = None
    until_time: time | None = None
    has_guessed_year: bool = False


def words(cell: Cell) -> str:
    """Return a cell as text on one line. Raises ``ValueError`` for what a spreadsheet would work out or Excel broke."""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else " ".join(str(cell).split())
    if text.startswith("="):
        raise ValueError(f"'{text[:40]}' is a formula; write the words themselves")
    if re.fullmatch(r"#[A-Z/0!?]+", text):
        raise ValueError(f"'{text}' is an error of the spreadsheet; mend the cell and save it again")
    return "" if text in ("-", "–") else text


def yes(cell: Cell) -> bool:
    """Return whether a cell says yes."""
    text = plain(words(cell))
    if text in ("ja", "j", "x", "yes", "y", "1", "true", "waar", "wel"):
        return True
    if text in ("nee", "n", "no", "0", "false", "onwaar", "niet", ""):
        return False
    raise ValueError(f"'{words(cell)}' is no yes or no; write ja or nee")


def times(cell: Cell) -> tuple[time, time | None]:
    """Return the beginning and the end that a cell names."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0), None
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60, minutes % 60), None
    if isinstance(cell, float) and not cell.is_integer():
        raise ValueError(f"'{cell}' is a number, and can be read in two ways; write the time as 9:30")
    if isinstance(cell, date):
        raise ValueError(f"Excel made a date of this ({cell}); write the time as 9:30 - 11:30")  # noqa: TRY004
    return read_times(words(cell))


def is_time(cell: Cell) -> bool:
    """Tell whether a cell holds a time of day rather than a day."""
    if isinstance(cell, time) or (isinstance(cell, float) and 0 < cell < 1):
        return True
    return isinstance(cell, str) and bool(re.fullmatch(r"(\d{1,2}[.:u]\d{2}|\d{1,2} ?uur).*", cell.strip().lower()))


def day(cell: Cell, today: date) -> tuple[date, bool]:
    """Return the day that a cell names, and whether its year had to be guessed."""
    if isinstance(cell, datetime):
        return cell.date(), False
    if isinstance(cell, date):
        return cell, False
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and _EXCEL_DAYS[0] <= cell <= _EXCEL_DAYS[1]:
        return date(1899, 12, 30) + timedelta(days=int(cell)), False
    text = words(cell)
    has_year = bool(re.search(r"\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", text))
    try:
        return read_day(text, today), not has_year
    except MomentError:
        # "wo 2 september" in November is the one that was: next year's is no Wednesday.
        if has_year or not re.match(r"[A-Za-z]", text):
            raise
        try:
            return read_day(text, today - _LOOK_BACK), True
        except MomentError:
            pass
        raise


def when(cell: Cell, repeat: Cell, today: date) -> When:
    """Return when a row is, from its column of days and its column of repetition; either may be empty."""
    again = words(repeat)
    again = "" if again.lower() in _ONCE else again
    if cell is None:
        return _rhythm(again, again) if again else When()
    if isinstance(cell, datetime) and cell.time() != time():
        return _on_days((cell.date(),), again, cell.time(), None, guessed=False)
    if not isinstance(cell, str):
        found, guessed = day(cell, today)
        return _on_days((found,), again, None, None, guessed=guessed)
    text, from_time, until_time = _without_times(words(cell))
    if _is_rhythm(text):
        found_rhythm = _rhythm(text, again)
        return When(found_rhythm.rhythm, from_time=from_time, until_time=until_time)
    if re.search(r"\d", text) is None:
        # Nothing but words: say what is wrong with them as a rhythm.
        phrases.read(text)
    days, guessed = _days(text, today)
    return _on_days(days, again, from_time, until_time, guessed=guessed)


def _is_rhythm(text: str) -> bool:
    try:
        phrases.read(text)
    except phrases.PhraseError as error:
        return "two ways" in str(error)
    return True


def _rhythm(text: str, again: str) -> When:
    """Return the rhythm of a weekday and how often, such as ``woensdag`` and ``om de week``, in one phrase."""
    if not again or again == text:
        phrases.read(text)
        return When(text)
    both = f"{again} op {text}" if text.lower() in phrases.WEEKDAYS else f"{again} {text}"
    try:
        alone = phrases.read(again)
    except phrases.PhraseError:
        phrases.read(both)
        return When(both)
    wanted = phrases.read(text)
    if _weekdays(alone) != _weekdays(wanted):
        raise ValueError(f"'{text}' and '{again}' are not on the same day of the week; correct one of the two")
    return When(again)


def _weekdays(rule: phrases.Rule) -> set[int]:
    if isinstance(rule, phrases.Weekly):
        return set(rule.weekdays)
    return {weekday for _, weekday in rule.days} if isinstance(rule, phrases.Monthly) else set()


def _on_days(
    days: tuple[date, ...], again: str, from_time: time | None, until_time: time | None, *, guessed: bool
) -> When:
    if not again:
        return When(None, days, None, from_time, until_time, guessed)
    if len(days) > 1:
        raise ValueError(f"several days and '{again}' do not go together; keep one of the two")
    rhythm = _rhythm(WEEKDAYS[days[0].weekday()], again).rhythm
    return When(rhythm, (), days[0], from_time, until_time, guessed)


def _without_times(text: str) -> tuple[str, time | None, time | None]:
    """Return the day and the times apart: ``woe 8 juni 9.30 - 11.30 uur``."""
    parts = text.split()
    for position in range(1, len(parts)):
        tail = " ".join(parts[position:])
        if not re.search(r"\d[.:u]\d\d|\d ?uur|^\d{1,2}(\s+[-–]\s+|\s*tot\s*)\d{1,2}$", tail.lower()):
            continue
        try:
            from_time, until_time = read_times(tail)
        except MomentError:
            continue
        head = re.sub(r"[\s,]*\b(om|van|vanaf)?$", "", " ".join(parts[:position]))
        return head, from_time, until_time
    return text, None, None


def _days(text: str, today: date) -> tuple[tuple[date, ...], bool]:
    """Return the days of one cell: ``8, 15 en 22 juni`` or ``8-6-2027; 22-6-2027``."""
    parts = [part.strip() for part in re.split(r"[;,&+]|\ben\b|\band\b", text) if part.strip()]
    days, guessed = [], False
    behind = ""
    for part in reversed(parts):
        month = re.search(r"\d{1,2}([ -](?=[a-z]).*)$", part.lower())
        if re.fullmatch(r"([a-z]+\.? )?\d{1,2}", part.lower()):
            part += behind
        elif month:
            behind = month[1]
        found, is_guess = day(part, today)
        days.append(found)
        guessed = guessed or is_guess
    if not days:
        day(text, today)
    return tuple(sorted(set(days))), guessed


_UNIT = r"(jaar|jr|jaren|maanden|maand|mnd|mnden|m|weken|wk|years?|months?)?"
_SPAN = re.compile(rf"(?P<low>\d+(?:[.,]5)?) ?{_UNIT.replace('(', '(?P<first>', 1)} ?(?P<to>-|–|tot en met|t/m|tot|to|en) ?(?P<high>\d+(?:[.,]5)?) ?{_UNIT.replace('(', '(?P<second>', 1)}(?![a-z0-9])")  # fmt: skip  # noqa: E501
_ONE_SIDE = re.compile(rf"(?P<way>vanaf|tot en met|t/m|tot|from|up to) ?(?P<age>\d+(?:[.,]5)?) ?{_UNIT.replace('(', '(?P<unit>', 1)}(?![a-z0-9])")  # fmt: skip  # noqa: E501

OLDEST = 48
"""Months up to which "vanaf 1 jaar" reaches: these meetings are for children who are not at school yet."""


def ages(cell: Cell) -> tuple[int, int]:
    """Return the ages in months, both included, that a cell names: ``0-4 jaar`` is 0 to 48."""
    if isinstance(cell, (date, time)):
        raise ValueError("Excel made a date of this; write it as '0 tot 4 jaar'")  # noqa: TRY004
    text = words(cell)
    found = find_ages(text)
    if found is None:
        raise ValueError(f"'{text}' is no age; write it as 0-4 jaar or 0-18 maanden")
    return found


def find_ages(text: str, *, needs_unit: bool = False) -> tuple[int, int] | None:
    """Return the ages that a text names anywhere; None when it names none."""
    lower = text.lower()
    span = _SPAN.search(lower)
    if span:
        second = span["second"] or span["first"]
        if needs_unit and not second:
            return None
        first = span["first"] or second
        low, high = _months(span["low"], first, text), _months(span["high"], second, text)
        if span["to"] in ("tot en met", "t/m") and _is_years(second):
            high += 11
    else:
        side = _ONE_SIDE.search(lower)
        if not side or (needs_unit and not side["unit"]):
            return None
        age = _months(side["age"], side["unit"], text)
        low, high = (age, max(age, OLDEST)) if side["way"] in ("vanaf", "from") else (0, age)
        if side["way"] in ("tot en met", "t/m") and _is_years(side["unit"]):
            high += 11
    if low > high or high > 216:
        raise ValueError(f"'{text}' is no age of a child; write the youngest first, as 0-4 jaar")
    return low, high


def _is_years(unit: str | None) -> bool:
    return unit is None or unit[0] in "jy"


def _months(number: str, unit: str | None, text: str) -> int:
    value = float(number.replace(",", "."))
    if unit is None and value > 12:
        raise ValueError(f"'{text}' does not say whether these are months or years; write it as 0-18 maanden")
    if unit and unit[0] == "w":
        return round(value * 7 / 30.4)
    return round(value * 12) if _is_years(unit) else round(value)


def languages(cell: Cell) -> list[str]:
    """Return the codes of the languages that a cell names: ``Nederlands en Turks`` is nl, tr."""
    text = words(cell)
    found = []
    for word in re.split(r"[,;/&+]|\sen\s|\sand\s|\s", text):
        if plain(word):
            code = _LANGUAGE_CODES.get(plain(word))
            if code is None:
                raise ValueError(
                    f"'{word}' is no language we know; write Nederlands, or a code of two letters such as tr"
                )
            found.append(code)
    return list(dict.fromkeys(found))


def postcode(cell: Cell) -> str:
    """Return a Dutch postcode as it is written: ``8017nz`` is ``8017 NZ``."""
    text = words(cell).upper().replace(" ", "")
    if not re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", text):
        raise ValueError(f"'{words(cell)}' is no whole postcode; write it as 8017 NZ")
    return f"{text[:4]} {text[4:]}"
