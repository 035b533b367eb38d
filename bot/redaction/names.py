"""The names of people that a kept question may not hold, in the plain letters in which words are compared.

Two files stand beside this module: the first names of ten languages, and names that are ordinary words as well. A line that begins
with ``#`` is a remark.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.matching.clean import plain_letters

FOLDER = Path(__file__).parent


@cache
def names() -> frozenset[str]:
    """Return the first names, which stay in no question unless they are among the commonest words of a language."""
    return _read(FOLDER / "first_names.txt")


@cache
def names_that_are_words() -> frozenset[str]:
    """Return names that are ordinary words too, which go where a name is expected."""
    return _read(FOLDER / "names_that_are_words.txt")


def _read(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in plain_letters(line).split())
