"""The lists beside this module, in the plain letters in which words are compared: names, and the words around them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.matching.clean import plain_letters

FOLDER = Path(__file__).parent


@cache
def names() -> frozenset[str]:
    """Return the first names, which stay in no question unless they are among the commonest words of a language."""
    return _words(_lines("first_names.txt"))


@cache
def names_that_are_words() -> frozenset[str]:
    """Return names that are ordinary words too, which go where a name is expected."""
    return _words(_lines("names_that_are_words.txt"))


@cache
def listed(heading: str) -> frozenset[str]:
    """Return the words below a heading of ``lists.txt``. Raises ``ValueError`` when there is none of that name."""
    lines = _lines("lists.txt")
    below = lines[lines.index(f"[{heading}]") + 1 :]
    end = next((at for at, line in enumerate(below) if line.startswith("[")), len(below))
    return _words(below[:end])


def _lines(file: str) -> list[str]:
    return (FOLDER / file).read_text(encoding="utf-8").splitlines()


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines if not line.startswith("#") for word in plain_letters(line).split())
