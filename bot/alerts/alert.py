"""One thing that needs a person, in words that are translated when they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.knowledge.mistakes import N_
from bot.locales import curator_words, moments
from bot.store.asked import FEWEST, may_be_shown

MOST_NAMES = 5
"""Names in one alert; the first ones are those to begin with."""


@dataclass(frozen=True, slots=True)
class Alert:
    """``key`` is the thing and stays the same; when ``mark`` changes, it is told again.

    ``problem``, ``remedy`` and ``over`` are English sentences with ``{placeholders}``. Among ``values``, moments are
    told in their own zone, texts by language are chosen from, and of a tuple the first few names are told. What
    ``can_wait`` is told by day, and repeated once a week; other alerts come at once, and once a day.
    """

    key: str
    problem: str
    remedy: str
    over: str
    values: Mapping[str, object] = field(default_factory=dict)
    mark: str = ""
    can_wait: bool = False

    def told(self, language: str) -> str:
        """Return what the team reads."""
        problem = self.said(self.problem, language)
        between = "\n" if "\n" in problem else " "
        return f"⚠️ {problem}{between}{self.said(self.remedy, language)}"

    def told_over(self, language: str) -> str:
        """Return what the team reads when it is over."""
        return f"✅ {self.said(self.over, language)}"

    def said(self, sentence: str, language: str) -> str:
        """Return one of the sentences in ``language``, with its values."""
        return _said(sentence, self.values, language)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A few words among the values of an alert, that are translated with it."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


def heads(people: int) -> int | Phrase:
    """Return how many people there are, to be told; of one to four only that they are so few."""
    return people if may_be_shown(people) else Phrase(N_("fewer than {fewest}"), {"fewest": FEWEST})


def _said(sentence: str, values: Mapping[str, object], language: str) -> str:
    return curator_words(language)(sentence).format(**{name: _told(value, language) for name, value in values.items()})


def _told(value: object, language: str) -> object:
    if isinstance(value, datetime):
        return f"{moments.day(value, language)} {moments.clock(value, language)}"
    if isinstance(value, date):
        return moments.day(value, language)
    if isinstance(value, Mapping):
        return value.get(language) or next(iter(value.values()))
    if isinstance(value, Phrase):
        return _said(value.sentence, value.values, language)
    if isinstance(value, tuple):
        names = [str(_told(one, language)) for one in value[:MOST_NAMES]]
        more = curator_words(language)(N_("and {count} more")).format(count=len(value) - MOST_NAMES)
        return ", ".join(names) + (f" {more}" if len(value) > MOST_NAMES else "")
    return value
