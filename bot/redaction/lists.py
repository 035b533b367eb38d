"""The lists beside this module, in the plain letters in which words are compared: names, and the words around them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.matching.clean import plain_letters

FOLDER = Path(__file__).parent
SHORTEST = 2
"""Letters of a word that is in no pattern, as it would be found within others."""


@cache
def names() -> frozenset[str]:
    """Return the first names, which stay in no question unless they are among the commonest words of a language."""
    return _words(_lines("first_names.txt"))


@cache
def names_that_are_words() -> frozenset[str]:
    """Return names that are ordinary words too, which go where a name is expected."""
    return _words(_lines("names_that_are_words.txt"))


@cache
def family_names_that_are_words() -> frozenset[str]:
    """Return family names that are ordinary words too, which go behind a title, a profession or a name."""
    return _words(_lines("family_names_that_are_words.txt"))


@cache
def listed(heading: str) -> frozenset[str]:
    """Return the words below a heading of ``lists.txt``. Raises ``ValueError`` when there is none of that name."""
    return _words(_below(heading))


def either_way(heading: str) -> str:
    """Return a pattern for the words below a heading, with their accents and without, the longest first."""
    words = {word for line in _below(heading) if not line.startswith("#") for word in line.split()}
    every = sorted(words | listed(heading), key=len, reverse=True)
    return "|".join(re.escape(word) for word in every if len(word) > SHORTEST)


def _below(heading: str) -> list[str]:
    lines = _lines("lists.txt")
    below = lines[lines.index(f"[{heading}]") + 1 :]
    return below[: next((at for at, line in enumerate(below) if line.startswith("[")), len(below))]


def _lines(file: str) -> list[str]:
    return (FOLDER / file).read_text(encoding="utf-8").splitlines()


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines if not line.startswith("#") for word in plain_letters(line).split())
