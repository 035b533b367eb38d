"""What a typed message asks of a meeting: a day, a topic, a postcode. Pure; the wijk is read by the matcher's room.

The words that are understood stand in the catalogues, in every language the bot speaks; the names of the days are
understood in more. Of a postcode only the digits are read, so its letters go no further.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.locales import languages, moments, parent_words

TOPICS = ("singing", "grandparents", "fathers", "outside", "reading", "crafts", "moving", "baby")
"""What can be asked for; the words of each stand in the catalogues."""

SHORT_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
"""Days as Dutch people abbreviate them; read after ``op`` only, for most of them are other words too."""

_POSTCODE = re.compile(r"(?<![\d.,])([1-9]\d{3})(?:\s?([a-z]{2}))?(?![\w])")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood. ``is_whole`` is true when the message says nothing else.

    ``postcode`` holds the four digits; ``has_letters`` tells that two letters followed, so that it cannot be a year.
    ``wants_near`` is true for "dichtbij" and the like.
    """

    weekdays: frozenset[int] = frozenset()
    days: tuple[date, date] | None = None
    topics: tuple[tuple[str, ...], ...] = ()
    postcode: int | None = None
    has_letters: bool = False
    wants_near: bool = False
    is_whole: bool = False


def read(text: str, today: date) -> Asked:
    """Return what ``text`` asks of a meeting; ``today`` is the day in the town."""
    typed = text.lower()
    found = _POSTCODE.search(typed)
    postcode = has_letters = None
    if found:
        postcode, letters = int(found[1]), found[2]
        # "8044 in de buurt": two letters that are a word are none of the postcode.
        has_letters = letters is not None and letters not in _words("wish.filler")
        typed = typed.replace(found[0] if has_letters else found[1], " ", 1)
    left = f" {bare(typed)} "
    asked_days: list[tuple[date, date]] = []
    for key, days in _spans(today):
        left, is_said = _without(left, key)
        asked_days += [days] if is_said else []
    named = set()
    for word in re.findall(r"\w+", left):
        number = _days().get(word, _days().get(word.removesuffix("s"), _part_of_day(word)))
        if number is not None:
            named.add(number)
            left = left.replace(f" {word} ", " ", 1)
    for found_short in re.finditer(rf"\bop ({'|'.join(SHORT_DAYS)})\b", left):
        named.add(SHORT_DAYS.index(found_short[1]))
    left = re.sub(rf"\bop ({'|'.join(SHORT_DAYS)})\b", " ", left)
    topics = []
    for topic in TOPICS:
        left, is_said = _without(left, f"wish.topic.{topic}")
        if is_said:
            topics.append(_words(f"wish.topic.{topic}"))
    left, wants_near = _without(left, "wish.near")
    left, _ = _without(left, "wish.filler")
    has_asked = bool(named or asked_days or topics or postcode or wants_near)
    return Asked(
        frozenset(named),
        asked_days[0] if asked_days else None,
        tuple(topics),
        postcode,
        bool(has_letters),
        wants_near,
        is_whole=has_asked and not left.strip(),
    )


def is_filler(text: str) -> bool:
    """Tell whether words say nothing of their own: ``is er iets in``."""
    left, _ = _without(f" {bare(text)} ", "wish.filler")
    return not left.strip()


def _spans(today: date) -> tuple[tuple[str, tuple[date, date]], ...]:
    monday = today - timedelta(days=today.weekday())
    saturday = monday + timedelta(days=5)
    tomorrow = today + timedelta(days=1)
    after = today + timedelta(days=2)
    return (
        ("wish.next_week", (monday + timedelta(days=7), monday + timedelta(days=13))),
        ("wish.this_week", (today, monday + timedelta(days=6))),
        ("wish.weekend", (max(today, saturday), saturday + timedelta(days=1))),
        ("wish.day_after_tomorrow", (after, after)),
        ("wish.tomorrow", (tomorrow, tomorrow)),
        ("wish.today", (today, today)),
    )


def _part_of_day(word: str) -> int | None:
    """Return the day of ``dinsdagochtend``."""
    for part in ("ochtend", "middag", "avond", "morgen"):
        if word.endswith(part):
            return _days().get(word.removesuffix(part))
    return None


@cache
def _days() -> dict[str, int]:
    return {bare(name): number for name, number in moments.weekdays().items()}


@cache
def _words(key: str) -> tuple[str, ...]:
    """Return the words of a key in every language, longest first, so that the widest is taken out."""
    found = {bare(word) for language in languages() for word in parent_words(language)(key).split("|")}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def _without(left: str, key: str) -> tuple[str, bool]:
    """Return the text without the words of a key, and whether any was there."""
    is_said = False
    for word in _words(key):
        while f" {word} " in left:
            left, is_said = left.replace(f" {word} ", " ", 1), True
    return left, is_said


def bare(text: str) -> str:
    """Return words in lower case, without accents, apostrophes and punctuation: ``opa's`` is ``opas``."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("'", "").replace("’", ""))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"\w+", plain))
