"""The wijk that somebody names, with typing errors: ``stadshaagen``, ``aalanden``, ``zwolle zuid``.

It stands with the matcher because it compares strings as strings: rapidfuzz takes a third of a millisecond for a
message, and counts two swapped letters as one error; difflib takes five times as long, and does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.knowledge.model import Neighbourhood
from bot.matching.clean import clean, plain_letters

LONGEST_NAME = 4
"""Words in the longest name that people type: "wijthmen windesheim en buitengebied"."""

LEAST_FUZZY = 5
"""Letters from which one typing error is forgiven, if the length stays: ``deze`` is not ``dieze``."""

LEAST_LOOSE = 7
"""Letters from which a letter too many or too few is forgiven, and a space too: ``die ze`` is not ``dieze``."""

LEAST_TWO = 10
"""Letters from which two errors are forgiven: ``meldingen`` is not ``millingen``."""


@dataclass(frozen=True, slots=True)
class Named:
    """A wijk that was named, and the message without its name."""

    neighbourhood: Neighbourhood
    rest: str


def find(text: str, neighbourhoods: Sequence[Neighbourhood]) -> Named | None:
    """Return the wijk that ``text`` names, the longest name when there are more; None when it names none."""
    words = re.findall(r"[\w']+", plain_letters(clean(text)).replace("-", " "))
    names = _names(tuple(neighbourhoods))
    best: tuple[tuple[bool, int, int], Neighbourhood, int, int] | None = None
    for start, end in _runs(len(words)):
        typed = "".join(words[start:end])
        for name in names.get(typed[0], ()):
            errors = _errors(typed, name.letters, is_split=end - start > max(1, name.words))
            if errors is None:
                continue
            found = (errors == 0, len(name.letters), -errors)
            if best is None or found > best[0]:
                best = (found, name.neighbourhood, start, end)
    if best is None:
        return None
    _, neighbourhood, start, end = best
    return Named(neighbourhood, " ".join([*words[:start], *words[end:]]))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as letters without spaces, so that ``aa landen`` is ``Aa-landen``; ``words`` is how many it has."""

    letters: str
    words: int
    neighbourhood: Neighbourhood


@lru_cache(maxsize=4)
def _names(neighbourhoods: tuple[Neighbourhood, ...]) -> dict[str, tuple[_Name, ...]]:
    """Return all names by their first letter, in which typing errors are rare."""
    found: dict[str, tuple[_Name, ...]] = {}
    for neighbourhood in neighbourhoods:
        for name in (neighbourhood.name, neighbourhood.id, *neighbourhood.synonyms):
            words = re.findall(r"\w+", plain_letters(name))
            letters = "".join(words)
            found[letters[0]] = (*found.get(letters[0], ()), _Name(letters, len(words), neighbourhood))
    return found


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for end in range(start + 1, min(start + LONGEST_NAME, count) + 1):
            yield start, end


def _errors(typed: str, name: str, *, is_split: bool) -> int | None:
    """Return how many typing errors lie between two words, or None when they are different words.

    ``is_split`` says that what was typed has more words than the name.
    """
    if is_split and len(name) < LEAST_LOOSE:
        return None
    if typed == name:
        return 0
    allowed = 2 if len(name) >= LEAST_TWO else 1
    slack = allowed if len(name) >= LEAST_LOOSE else 0
    if len(name) < LEAST_FUZZY or abs(len(typed) - len(name)) > slack:
        return None
    errors = OSA.distance(typed, name, score_cutoff=allowed)
    return errors if errors <= allowed else None
