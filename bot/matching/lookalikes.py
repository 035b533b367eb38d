"""Messages that are nearly the same: across answers they confuse the classifier, between training and evaluation they
make every figure a lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.matching.counted import Counted, key
from bot.matching.near_exact import LEAST_CHARACTERS

TOO_ALIKE = 92.0
"""Token-sorted similarity (0-100) from which two messages count as nearly the same."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two positions in what was compared, and how alike they are (0-100)."""

    one: int
    other: int
    similarity: float


def within(texts: Sequence[str]) -> list[Alike]:
    """Return the pairs in ``texts`` that are nearly the same, each once."""
    counted = _counted(texts)
    pairs = (
        (counted.order[place], counted.order[other], similarity)
        for place, key in enumerate(counted.keys)
        for other, similarity in _near(key, counted.counts[:, place : place + 1], counted, place + 1)
    )
    return [Alike(min(one, other), max(one, other), similarity) for one, other, similarity in pairs]


def between(texts: Sequence[str], others: Sequence[str]) -> list[Alike]:
    """Return the pairs of one of ``texts`` with one of ``others`` that are nearly the same."""
    one, other = _counted(texts), _counted(others)
    return [
        Alike(one.order[place], other.order[near], similarity)
        for place, key in enumerate(one.keys)
        for near, similarity in _near(key, one.counts[:, place : place + 1], other)
    ]


def _near(key: str, counts: NDArray[np.int8], others: Counted, start: int = 0) -> Iterator[tuple[int, float]]:
    """Yield the places of the keys that are too like ``key``, from ``start`` on, and how alike they are."""
    places = others.alike(key, TOO_ALIKE, start, counts).tolist()
    if not places:
        return
    compared = [others.keys[place] for place in places]
    for _, similarity, number in process.extract(key, compared, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE, limit=None):
        yield places[number], similarity


def _counted(texts: Sequence[str]) -> Counted:
    return Counted.of([key(text) for text in texts], least=LEAST_CHARACTERS)
