"""``when`` in plain words, Dutch or English, to a rule that a program can follow.

Pure: text in, value out. Weekdays count from Monday (0) as in Python and dateutil. Forgiving about capitals, spaces,
points and abbreviations; never guessing: a phrase that can be read in two ways is refused with both readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.mistakes import N_


class PhraseError(ValueError):
    """Words that nobody can follow; ``sentence`` names them and shows how to write them, with ``values`` to fill in."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values))


@dataclass(frozen=True, slots=True)
class Weekly:
    """On these weekdays, every ``interval`` weeks, counted from the week of the series' start."""

    weekdays: tuple[int, ...]
    interval: int = 1


@dataclass(frozen=True, slots=True)
class Monthly:
    """On these (position, weekday) of each month: (1, 1) is the first Tuesday, (-1, 4) the last Friday."""

    days: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """On the dates that are named beside the phrase."""


Rule = Weekly | Monthly | Dates

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "maandag maandagen maandags ma mnd monday mondays mon",
            "dinsdag dinsdagen dinsdags di din tuesday tuesdays tue tues",
            "woensdag woensdagen woensdags wo woe wednesday wednesdays wed",
            "donderdag donderdagen donderdags do don thursday thursdays thu thur thurs",
            "vrijdag vrijdagen vrijdags vr vrij vrijd friday fridays fri",
            "zaterdag zaterdagen zaterdags za zat saturday saturdays sat",
            "zondag zondagen zondags zo zon sunday sundays sun",
        )
    )
    for name in names.split()
}
"""Weekdays as people write them."""

_PART_OF_DAY = re.compile(r"(?<=dag)s?(ochtend|morgen|middag|avond)(en|s)?$")

_POSITIONS = {
    name: number
    for number, names in (
        (1, "eerste 1e 1ste first 1st"),
        (2, "tweede 2e 2de second 2nd"),
        (3, "derde 3e 3de third 3rd"),
        (4, "vierde 4e 4de fourth 4th"),
        (5, "vijfde 5e 5de fifth 5th"),
        (-1, "laatste last"),
    )
    for name in names.split()
}

_EVERY = {"elke", "elk", "iedere", "ieder", "every", "each", "alle", "all"}
_WEEKLY = {"wekelijks", "wekelijkse", "weekly", "week", "weken", "weeks"}
_MONTHLY = {"maand", "month", "maandelijks", "monthly", "months"}
_DATES = {"dates", "datums", "data", "dagen", "dates:", "datum"}
_EVERY_DAY = {"dag": range(7), "day": range(7), "dagelijks": range(7), "daily": range(7)}
_WORKING_DAYS = {"werkdag", "werkdagen", "doordeweeks", "weekday", "weekdays"}
_SAYS_NOTHING = frozenset(
    ("op", "de", "het", "een", "van", "in", "per", "en", "and", "on", "the", "of", "a", "s", "losse", "ochtend",
     "ochtends", "morgen", "middag", "middags", "avond", "morning", "mornings", "afternoon", "evening")
)  # fmt: skip

_NUMBERS = {"twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4}
_COUNT = r"(?P<count>[2-8]|twee|two|drie|three|vier|four)"
_INTERVALS = (
    (re.compile(r"\b(om de (andere )?week|om de (?=\w*dag\b)|om en om|every other( week)?|fortnightly)\b"), 2),
    (re.compile(r"\b(tweewekelijkse?|2-?wekelijkse?|twee-wekelijkse?|biweekly|bi-weekly|every fortnight)\b"), 2),
    (
        re.compile(
            r"\b((een|1)( keer|x)|1x|eens|once) (per|in|in de|every|elke|om de) " + _COUNT + r" (weken|weeks)\b"
        ),
        0,
    ),
    (re.compile(r"\b(elke|iedere|every|om de|per|each) " + _COUNT + r" (weken|weeks)\b"), 0),
)


MAX_PHRASE = 120
"""Characters of a phrase; a longer one is no rule but a story."""


def read(phrase: str) -> Rule:
    """Return the rule that ``phrase`` stands for, such as ``iedere 2e en 4e donderdag`` or ``every other Tuesday``.

    Raises ``PhraseError`` with one sentence for words nobody knows and for what can be read in two ways.
    """
    if len(phrase) > MAX_PHRASE:
        raise PhraseError(N_("'{phrase} …' is too long for a rule; write it in fewer words"), phrase=phrase[:40])
    text, interval = _interval(_normal(phrase))
    weekdays: list[int] = []
    days: list[tuple[int, int]] = []
    positions: list[int] = []
    is_fresh = False
    words = text.split()
    for word in words:
        if word in _POSITIONS:
            if is_fresh:
                positions = []
            positions.append(_POSITIONS[word])
            is_fresh = False
        elif (weekday := _weekday(word)) is not None:
            days += [(position, weekday) for position in positions]
            weekdays.append(weekday)
            is_fresh = True
        elif word in _EVERY_DAY or word in _WORKING_DAYS:
            weekdays += _EVERY_DAY.get(word, range(5))
        elif word not in _EVERY | _WEEKLY | _MONTHLY | _DATES | _SAYS_NOTHING:
            raise PhraseError(
                N_(
                    "'{phrase}' is not understood at '{word}'; write it as 'elke woensdag' "
                    "or 'first and third Tuesday of the month'"
                ),
                phrase=phrase,
                word=word,
            )
    if not weekdays and not positions and interval == 1 and any(word in _DATES for word in words):
        return Dates()
    is_monthly = any(word in _MONTHLY for word in words)
    if not weekdays or (positions and not is_fresh) or (positions and interval > 1) or (is_monthly and not days):
        raise PhraseError(
            N_(
                "'{phrase}' does not say which days; write it as 'elke woensdag' "
                "or 'first and third Tuesday of the month'"
            ),
            phrase=phrase,
        )
    if not days:
        return Weekly(tuple(sorted(set(weekdays))), interval)
    if positions == [2] and len(days) == 1 and not is_monthly and any(word in _EVERY for word in words):
        raise PhraseError(
            N_(
                "'{phrase}' can be read in two ways; write 'om de week' (every other week) "
                "or 'tweede … van de maand' (second … of the month)"
            ),
            phrase=phrase,
        )
    if len(days) < len(weekdays):
        raise PhraseError(
            N_("'{phrase}' mixes every week with days of the month; make two series of it"), phrase=phrase
        )
    return Monthly(tuple(sorted(set(days), key=lambda day: (day[0] < 0, day))))


def _normal(phrase: str) -> str:
    text = phrase.lower().replace("v/d", " van de ").replace("v.d.", " van de ").replace("'s", " ")
    text = re.sub(r"[&+,;/]", " en ", text)
    text = re.sub(r"(?<=\d)\s+(?=(e|ste|de)\b)", "", text)
    return " ".join(re.sub(r"[.:()’'\"]", " ", text).split())


def _interval(text: str) -> tuple[str, int]:
    for pattern, weeks in _INTERVALS:
        found = pattern.search(text)
        if found:
            count = found.groupdict().get("count")
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return rest, weeks or _NUMBERS.get(str(count)) or int(str(count))
    return text, 1


def _weekday(word: str) -> int | None:
    return WEEKDAYS.get(_PART_OF_DAY.sub("", word))
